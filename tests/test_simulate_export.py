"""The exports of the simulated company: as dirty as counted, and the sample client is what they are."""

import csv
import gzip
import io
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mcrlib.run import Run
from mcrlib.settings import read_settings
from mcrlib.simulate.company import Company, simulate
from mcrlib.simulate.export import write_export
from mcrlib.simulate.layouts import LAYOUTS, layout

ADDED = ("duplicate", "orphan", "missing", "placeholder_date")
SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(80, seed=3)


@pytest.fixture(scope="module")
def exported(company, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    return folder, write_export(company, folder, seed=3)


def _read(folder: Path, table: str) -> pd.DataFrame:
    """The file as text under canonical headers, the grand total left out."""
    style = layout(table)
    content = (folder / style.file).read_bytes()
    if style.file.endswith(".gz"):
        content = gzip.decompress(content)
    rows = list(csv.reader(io.StringIO(content.decode(style.encoding), newline=""), delimiter=style.separator))
    back = {header: column for column, header in style.headers.items()}
    frame = pd.DataFrame(rows[1:], columns=[back.get(header, header) for header in rows[0]], dtype="str")
    return frame[frame.iloc[:, 0] != "合计"].reset_index(drop=True)


def test_every_table_has_its_file(company, exported):
    folder, _ = exported
    assert {path.name for path in folder.iterdir()} == {layout(table).file for table in company.tables}


def test_the_planted_rows_are_all_that_is_too_much(company, exported):
    folder, planted = exported
    for table, frame in company.tables.items():
        added = sum(n for reason, n in planted.get(table, {}).items() if reason in ADDED)
        assert len(_read(folder, table)) == len(frame) + added, table


def test_planted_rows_are_bad_in_the_way_counted(company, exported):
    folder, planted = exported
    known = set(company.tables["accounts"]["account_id"])
    dates = {"orders": "order_date", "activities": "activity_date", "cases": "opened_date"}
    for table, counts in planted.items():
        rows = _read(folder, table)
        if "account_id" not in rows:
            continue
        account = rows["account_id"].str.strip("\u200b \u00a0")
        assert rows.duplicated().sum() == counts.get("duplicate", 0), table
        assert (~account.isin(known)).sum() == counts.get("orphan", 0), table
        if table in dates:
            assert rows[dates[table]].isin(["", "-", "NULL"]).sum() == counts.get("missing", 0), table
            assert rows[dates[table]].str.startswith("1900").sum() == counts.get("placeholder_date", 0), table
    void = company.tables["orders"].query("status == 'void'")["order_id"]
    below = company.tables["order_lines"]["order_id"].isin(void).sum()
    assert planted["orders"] == {
        "duplicate": 4, "orphan": 3, "missing": 2, "placeholder_date": 2, "void": len(void), "total": 1
    }  # fmt: skip
    assert planted["order_lines"] == {"void": below}


def test_dirt_is_less_than_a_reader_refuses(company, exported):
    for table, counts in exported[1].items():
        assert sum(counts.values()) < 0.2 * len(company.tables[table])


def test_some_ids_carry_invisible_signs(exported):
    raw = _read(exported[0], "orders")["account_id"]
    assert raw.str.contains("\u200b").sum() == 4
    assert (raw != raw.str.strip("\u200b \u00a0")).sum() == 12


def test_amounts_come_back_from_their_signs(company, exported):
    rows = _read(exported[0], "orders").drop_duplicates("order_id").set_index("order_id")
    orders = company.tables["orders"].set_index("order_id")
    amount = rows["amount"].reindex(orders.index)
    assert amount.str.contains("￥").all()
    np.testing.assert_allclose(amount.str.replace("[￥,]", "", regex=True).astype(float), orders["amount"], atol=0.005)


def test_the_grand_total_is_the_last_line(exported):
    last = (exported[0] / "sales_orders.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("合计,,,,") and "￥" in last


@pytest.mark.parametrize(
    ("table", "column", "pattern"),
    [
        ("accounts", "created_date", r"20\d\d/\d{1,2}/\d{1,2}"),
        ("opportunities", "created_date", r"\d{1,2}-[A-Z][a-z]{2}-20\d\d"),
        ("orders", "order_date", r"(19|20)\d\d-\d\d-\d\d 09:30:00"),
        ("surveys", "survey_date", r"20\d\d-\d\d-\d\d"),
    ],
)
def test_dates_are_written_in_one_way_a_file(exported, table, column, pattern):
    written = _read(exported[0], table)[column]
    assert written[~written.isin(["", "-", "NULL"])].str.fullmatch(pattern).all()


def test_dates_mean_the_same_day(company, exported):
    deals = _read(exported[0], "opportunities").drop_duplicates("opportunity_id").set_index("opportunity_id")
    truth = company.tables["opportunities"].set_index("opportunity_id")
    written = pd.to_datetime(deals["created_date"].reindex(truth.index), format="%d-%b-%Y")
    assert (written == truth["created_date"]).all()


def test_revenue_stands_in_ten_thousands(company, exported):
    rows = _read(exported[0], "accounts").set_index("account_id")["annual_revenue"]
    truth = company.tables["accounts"].set_index("account_id")["annual_revenue"]
    assert (rows == "NULL").sum() == truth.isna().sum()
    written = rows[rows != "NULL"].astype(float)
    np.testing.assert_allclose(written * 10_000, truth.reindex(written.index))


def test_names_survive_the_encoding(company, exported):
    rows = _read(exported[0], "accounts").set_index("account_id")["account_name"]
    truth = company.tables["accounts"].set_index("account_id")["account_name"]
    assert (rows.sort_index() == truth).all()


def test_the_same_seed_writes_the_same_bytes(company, exported, tmp_path):
    write_export(company, tmp_path, seed=3)
    for path in exported[0].iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_no_two_columns_share_a_header():
    for table, style in LAYOUTS.items():
        assert len(set(style.headers.values())) == len(style.headers), table


def test_the_sample_is_what_the_simulation_writes(tmp_path):
    write_export(simulate(150, seed=1), tmp_path, seed=1)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (SAMPLE / "raw" / path.name).read_bytes(), path.name
    assert sum(path.stat().st_size for path in (SAMPLE / "raw").iterdir()) < 2_000_000


def test_the_sample_settings_know_every_word_of_the_exports():
    settings = read_settings(SAMPLE / "client.yaml")
    words = settings.model_dump()["values"]
    assert words["stage"] == {word: stage for stage, word in LAYOUTS["opportunities"].words["stage"].items()}
    assert words["status"] == {word: state for state, word in LAYOUTS["orders"].words["status"].items()}
    assert {spec.file for specs in settings.files.values() for spec in specs} == {"sales_orders.csv", "visit_log.txt"}


def test_the_reader_sets_aside_what_was_planted(company, exported, tmp_path):
    """Reader and export agree on every row; the grand total may be counted or not."""
    tables = pytest.importorskip("mcrlib.read.tables")
    (tmp_path / "data" / "made").mkdir(parents=True)
    shutil.copy(SAMPLE / "client.yaml", tmp_path / "data" / "made" / "client.yaml")
    shutil.copytree(exported[0], tmp_path / "data" / "made" / "raw")
    run = tables.deliver(Run.open("made", workspace=tmp_path))
    found = pd.read_csv(run.clean / "quarantine.csv").query("code != 'total'").groupby(["table", "code"]).size()
    planted = {(table, why): n for table, whys in exported[1].items() for why, n in whys.items() if why != "total"}
    assert found.to_dict() == planted
    orders = pd.read_parquet(run.clean / "orders.parquet").set_index("order_id")
    truth = company.tables["orders"].query("status != 'void'").set_index("order_id")
    assert orders.index.equals(truth.index)
    np.testing.assert_allclose(orders["amount"].astype(float), truth["amount"], atol=0.005)
    assert (pd.to_datetime(orders["order_date"]) == truth["order_date"]).all()
    assert (orders["account_id"] == truth["account_id"]).all()
    revenue = pd.read_parquet(run.clean / "accounts.parquet").set_index("account_id")["annual_revenue"]
    known = company.tables["accounts"].set_index("account_id")["annual_revenue"]
    np.testing.assert_allclose(revenue.astype(float), known)
