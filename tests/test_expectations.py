"""Every public data set loads with the counts of its description, or is refused with the question to settle.

The counts are those that ``shared/data/README.md`` states; the money is what the csv module finds in the files.
"""

import csv
import datetime as dt
import gzip
import io
import math
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mcrlib.errors import Refused
from mcrlib.read.tables import read_exports
from mcrlib.settings import Settings, read_settings

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
COUNTED = ("Shipped", "Resolved", "In Process")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not here")


class Expected(NamedTuple):
    """Rows of the files and rows kept by table; the file, column and dialect of the money; first and last order."""

    rows: dict[str, tuple[int, int]]
    money: tuple[Any, ...] = ()
    days: tuple[str, str] | None = None
    as_of: str | None = None


def records(file: str, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """The records of a file by the csv module, in blank-separated files by splitting."""
    data = (DATA / file).read_bytes()
    text = (gzip.decompress(data) if file.endswith(".gz") else data).decode(encoding)
    if delimiter == " ":
        lines = [line.split() for line in text.splitlines() if line.strip()]
        return [{str(place): cell for place, cell in enumerate(line)} for line in lines]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def paid(rows: list[dict[str, str]]) -> float:
    """Quantity times price less the discount."""
    return sum(float(row["quantity"]) * float(row["unitPrice"]) * (1 - float(row["discount"])) for row in rows)


def money(*columns: str, **where: str | tuple[str, ...]):
    """The sum of a column, or of the product of several, over the rows whose values are these."""

    def summed(rows):
        kept = [
            row
            for row in rows
            if all(row[key] in (value if isinstance(value, tuple) else (value,)) for key, value in where.items())
        ]
        return sum(math.prod(float(row[column].replace("$", "")) for column in columns) for row in kept)

    return summed


LOADED = {
    "cdnow": Expected(
        {"accounts": (2357, 2357), "orders": (6919, 6919)},
        (money("4"), "cdnow/CDNOW_sample.txt", " "),
        ("1997-01-01", "1998-06-30"),
    ),
    "clvtools_apparel": Expected(
        {"accounts": (600, 600), "orders": (3187, 3187)},
        (money("Price"), "clvtools_apparel/apparelTrans.csv"),
        ("2005-01-02", "2010-12-20"),
    ),
    "adventureworks_resellers": Expected(
        {"accounts": (701, 701), "orders": (57851, 57851)},
        (money("SalesAmount"), "adventureworks_resellers/FactResellerSales.csv.gz"),
        ("2017-07-01", "2020-05-31"),
    ),
    "classicmodels_b2b": Expected(
        {
            "accounts": (122, 122),
            "owners": (23, 23),
            "orders": (326, 313),
            "order_lines": (2996, 2859),
            "payments": (273, 273),
        },
        (),
        ("2003-01-06", "2005-05-31"),
    ),
    "sales_data_sample_b2b": Expected(
        {"accounts": (92, 92), "orders": (2823, 2705)},
        (money("SALES", STATUS=COUNTED), "sales_data_sample_b2b/sales_data_sample.csv", ",", "cp850"),
        ("2003-01-06", "2005-05-31"),
    ),
    "iowa_liquor_wholesale": Expected(
        {"accounts": (1244, 1244), "orders": (10000, 10000)},
        (money("Sale (Dollars)"), "iowa_liquor_wholesale/Iowa_Liquor_Sales_10k.csv.gz", ";"),
        ("2012-01-03", "2015-11-30"),
    ),
    "northwind": Expected(
        {
            "accounts": (91, 91),
            "owners": (9, 9),
            "orders": (830, 830),
            "order_lines": (2155, 2155),
            "products": (77, 77),
        },
        (paid, "northwind/order-details.csv"),
        ("1996-07-04", "1998-05-06"),
    ),
    "chinese_superstore": Expected(
        {"accounts": (790, 790), "orders": (10000, 10000)},
        (money("销售额"), "chinese_superstore/derived_订单.gb18030.csv.gz", ",", "gb18030"),
        ("2014-01-01", "2017-12-30"),
    ),
    "ravenstack_saas": Expected(
        {"accounts": (500, 500), "orders": (5000, 5000), "cases": (2000, 2000)},
        (money("arr_amount"), "ravenstack_saas/ravenstack_subscriptions.csv"),
        ("2023-01-09", "2024-12-31"),
    ),
    "maven_crm_sales": Expected(
        {"accounts": (85, 85), "owners": (35, 35), "products": (7, 7), "opportunities": (8800, 7375)}
    ),
    "dynamics365_contoso_coffee": Expected({"accounts": (33, 33), "owners": (13, 13), "opportunities": (5229, 5229)}),
    "salesforce_bulk_2019": Expected(
        {"accounts": (12, 12), "contacts": (22, 20), "opportunities": (31, 31)}, as_of="2019-08-31"
    ),
    "salesforce_devorg_2026": Expected(
        {"accounts": (18, 18), "contacts": (25, 25), "opportunities": (36, 36), "stage_history": (48, 48)}
    ),
}
#: Data set, with settings that name what can be named, and the question or the reason.
REFUSED = {
    "telco_churn": (
        {"accounts": [("Telco-Customer-Churn.csv.gz", "customerID")]},
        "orders.csv: missing in the input folder",
    ),
    "chinese_bank_churn": ({"accounts": [("银行客户留存.csv", "客户编号")]}, "orders.csv: missing in the input folder"),
    "uci_wholesale_customers": (
        {},
        r"if they are in Wholesale customers data.csv, name file and columns .* orders: \[\{file: Wholesale",
    ),
    "chinese_sales_small": (
        {},
        "account_id: the required column of orders is missing, so that nobody can say which customer",
    ),
    "dbt_salesforce_seeds": (
        {},
        "sf_order_data.csv, column account_id: 10 of 10 rows cannot be used .* because their account is not",
    ),
    "dbt_hubspot_seeds": ({}, "deal_data.csv, column account_id: the required column of opportunities is missing"),
    "kosovo_procurement": ({}, "Vitia/2015.csv, row 43: a quote opens and is not closed"),
    "salesforce_bulk_2019": (
        {},
        r"none of the 31 rows of opportunities counts; .*'2019-07-13' in row 2; give a later --as-of",
    ),
    "clvtools_apparel": ({}, r"apparelTrans.csv.*such as orders: \[\{file: "),
}


def day(date: str | None) -> dt.date | None:
    return dt.date.fromisoformat(date) if date else None


def check(found, expected: Expected) -> None:
    counts = found.counts
    assert {table: (counts[table]["rows_in"], counts[table]["rows_kept"]) for table in expected.rows} == expected.rows
    if expected.money:
        summed, *file = expected.money
        assert float(found.tables["orders"]["amount"].sum()) == pytest.approx(summed(records(*file)), abs=0.01)
    if expected.days:
        dates = found.tables["orders"]["order_date"]
        assert (f"{dates.min():%Y-%m-%d}", f"{dates.max():%Y-%m-%d}") == expected.days


@pytest.mark.parametrize("name", LOADED)
def test_a_data_set_loads_with_what_its_description_states(name):
    settings = read_settings(ROOT / "data" / "examples" / f"{name}.yaml")
    check(read_exports(DATA / name, settings, day(LOADED[name].as_of)), LOADED[name])


def test_the_whole_of_cdnow_is_proposed_and_read():
    settings = Settings.model_validate({"accounts": "from_orders", "files": {"orders": [{"file": "CDNOW_master.txt"}]}})
    found = read_exports(DATA / "cdnow", settings)
    master = records("cdnow/CDNOW_master.txt", " ")[1:]
    check(found, Expected({"accounts": (23570, 23570), "orders": (69659, 69659)}, (), ("1997-01-01", "1998-06-30")))
    assert float(found.tables["orders"]["amount"].sum()) == pytest.approx(
        sum(float(row["3"]) for row in master), abs=0.01
    )


def test_won_deals_are_as_many_and_as_large_as_in_the_files():
    maven = read_exports(DATA / "maven_crm_sales", read_settings(ROOT / "data" / "examples" / "maven_crm_sales.yaml"))
    won = [
        row for row in records("maven_crm_sales/sales_pipeline.csv") if row["deal_stage"] == "Won" and row["account"]
    ]
    deals = maven.tables["opportunities"].query("status == 'won'")
    assert len(deals) == len(won)
    assert float(deals["amount"].sum()) == sum(float(row["close_value"]) for row in won)


def test_contracts_without_a_header_load_and_what_cannot_be_read_is_counted(tmp_path):
    shutil.copytree(DATA / "kosovo_procurement", tmp_path / "raw")
    (tmp_path / "raw" / "Vitia" / "2015.csv").unlink()
    lines = [
        line
        for path in (tmp_path / "raw").rglob("*.csv")
        for line in csv.reader(path.open(encoding="utf-8-sig", newline=""))
    ]
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    settings = read_settings(ROOT / "data" / "examples" / "kosovo_procurement.yaml")
    with pytest.raises(Refused, match="row 73: the last date 2019-11-09 is more than 90 days after all others"):
        read_exports(tmp_path / "raw", settings)
    found = read_exports(tmp_path / "raw", settings, dt.date(2016, 12, 31))
    aside = found.quarantine.groupby(["column", "code"]).size()
    assert found.counts["orders"]["rows_in"] == len(lines) == 3117
    assert aside["8", "missing"] == sum(not line[7].strip() for line in lines) == 86
    assert found.counts["orders"]["rows_quarantined"] <= 0.06 * len(lines)


def test_the_deals_of_the_coffee_vendor_are_won_lost_and_open_as_described():
    settings = read_settings(ROOT / "data" / "examples" / "dynamics365_contoso_coffee.yaml")
    deals = read_exports(DATA / "dynamics365_contoso_coffee", settings).tables["opportunities"]
    assert deals["status"].value_counts().to_dict() == {"lost": 2794, "won": 1914, "open": 521}


@pytest.mark.parametrize("name", REFUSED)
def test_a_data_set_is_refused_with_the_question_to_settle(name):
    files, match = REFUSED[name]
    named = {
        table: [{"file": file, "columns": {"account_id": header}} for file, header in specs]
        for table, specs in files.items()
    }
    settings = Settings.model_validate({"files": named})
    with pytest.raises(Refused, match=match):
        read_exports(DATA / name, settings)


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_understood(path):
    assert read_settings(path).files
