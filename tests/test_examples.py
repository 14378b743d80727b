"""Settings for public data sets: each loads whole, with what its own description counts."""

from pathlib import Path

import pandas as pd
import pytest

from mcrlib.read.tables import read_exports
from mcrlib.settings import read_settings

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
#: Data set: rows kept of each table, and the sum of the money that the file itself holds.
LOADED = {
    "classicmodels_b2b": ({"accounts": 122, "owners": 23, "order_lines": 2859, "payments": 273}, None),
    "maven_crm_sales": ({"accounts": 85, "owners": 35, "products": 7}, None),
    "dynamics365_contoso_coffee": ({"accounts": 33, "opportunities": 5229, "owners": 13}, None),
    "salesforce_devorg_2026": (
        {"accounts": 18, "contacts": 25, "opportunities": 36, "stage_history": 48},
        None,
    ),
    "chinese_superstore": (
        {"accounts": 790, "orders": 10000},
        ("derived_订单.gb18030.csv.gz", {"encoding": "gb18030"}, "销售额"),
    ),
    "sales_data_sample_b2b": ({"accounts": 92, "orders": 2705}, None),
    "iowa_liquor_wholesale": (
        {"accounts": 1244, "orders": 10000},
        ("Iowa_Liquor_Sales_10k.csv.gz", {"sep": ";"}, "Sale (Dollars)"),
    ),
}


@pytest.mark.parametrize("name", LOADED)
def test_a_public_data_set_loads_with_its_settings(name):
    if not (DATA / name).is_dir():
        pytest.skip("the public data sets are not here")
    counts, money = LOADED[name]
    found = read_exports(DATA / name, read_settings(ROOT / "data" / "examples" / f"{name}.yaml"))
    assert {table: found.counts[table]["rows_kept"] for table in counts} == counts
    if money:
        file, how, column = money
        raw = pd.read_csv(DATA / name / file, dtype=str, **how)[column].str.replace("$", "")
        assert float(found.tables["orders"]["amount"].sum()) == pytest.approx(
            float(raw.astype("float64").sum()), rel=1e-7
        )


def test_the_deals_of_the_coffee_vendor_are_won_lost_and_open_as_described():
    if not (DATA / "dynamics365_contoso_coffee").is_dir():
        pytest.skip("the public data sets are not here")
    settings = read_settings(ROOT / "data" / "examples" / "dynamics365_contoso_coffee.yaml")
    deals = read_exports(DATA / "dynamics365_contoso_coffee", settings).tables["opportunities"]
    assert deals["status"].value_counts().to_dict() == {"lost": 2794, "won": 1914, "open": 521}


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_understood(path):
    assert read_settings(path).files
