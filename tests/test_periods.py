"""A column per month becomes an order per filled cell; what could be counted twice or has no year is asked about."""

import datetime as dt
import time

import hypothesis
import pytest
from deliveries import ACCOUNTS, codes, read
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.errors import Refused
from mcrlib.read.periods import find_periods, period_of
from mcrlib.read.proposal import propose
from mcrlib.settings import FileSpec, Settings, read_settings

WIDE = "account_id,account_name,2024-01,2024-02,2024-03\nA1,Acme,10,,30.5\nA2,Borealis,0,-5,\nA3,Cobalt,,,\n"


def dated(delivery):
    frame = delivery.tables["orders"].sort_values(["account_id", "order_date"])
    dates = frame["order_date"].dt.strftime("%Y-%m-%d")
    return list(zip(frame["account_id"], dates, frame["amount"].astype(float), frame["src_row"], strict=True))


@pytest.mark.parametrize(
    ("header", "end", "months"),
    [
        *(
            (h, "2024-01-31", 1)
            for h in ("2024-01", "2024/1", "202401", "2024年1月", "Jan-24", "Jan 2024", "2024-01-01")
        ),
        *(
            (h, "2024-02-29", 1)
            for h in ("February 2024", "2024.02", "2024-02-29 00:00:00", "2024 年 2 月份", "Feb'24")
        ),
        *((h, "2024-03-31", 3) for h in ("Q1 2024", "2024Q1", "2024-Q1", "Q1-24", "2024年第一季度", "2024年1季度")),
        *((h, "2024-12-31", 6) for h in ("2024H2", "H2 2024", "2024下半年")),
        *(
            (h, "2024-12-31", 12)
            for h in ("2024", "2024年", "2024年度", "Sales 2024", "2024 revenue", "2024-净销售额万")
        ),
    ],
)
def test_a_header_names_a_period(header, end, months):
    assert period_of(header)[:2] == (dt.date.fromisoformat(end), months)


@pytest.mark.parametrize("header", ["1月", "Jan", "Q1", "第一季度", "12月销售额"])
def test_a_period_may_lack_its_year(header):
    assert period_of(header).end is None


@pytest.mark.parametrize(
    "header",
    [
        "2024-01-15",
        "2024 employees",
        "2024-01 qty",
        "2024 (台)",
        "2024 growth %",
        "created 2024",
        "Month",
        "Mark",
        "D1",
        "",
    ],
)
def test_other_headers_name_none(header):
    assert period_of(header) is None


@pytest.mark.parametrize(
    "names",
    [
        ("account_id", "2024-01", "2024-02"),
        ("2024-01", "2024-02", "2024-03"),
        ("account_id", "order_date", "2022", "2023", "2024"),
    ],
)
def test_a_sheet_is_wide_only_with_three_periods_an_account_and_no_dates(names):
    assert find_periods(names) == {}


def test_a_wide_sheet_becomes_orders_on_the_last_day_of_each_period(tmp_path):
    found = read(tmp_path, orders=WIDE)
    assert dated(found) == [
        ("A1", "2024-01-31", 10.0, 2),
        ("A1", "2024-03-31", 30.5, 2),
        ("A2", "2024-02-29", -5.0, 3),
    ]
    assert found.counts["orders"] == {"rows_in": 3, "rows_kept": 3, "rows_quarantined": 0}
    said = [warning.message for warning in found.warnings if warning.code == "wide"]
    assert len(said) == 2
    assert said[0].startswith("the columns of 3 periods (2024-01 to 2024-03) were read as 3 orders")
    assert said[1].startswith("1 rows hold no amount in any period, such as row 4")


def test_a_row_of_numbers_like_years_is_no_header(tmp_path):
    numbers = ",".join(str(number) for number in range(1990, 2010))
    header = f"order_id,account_id,order_date,amount,{','.join(f'c{n}' for n in range(20))},c20"
    found = read(tmp_path, orders=f"{header}\nO1,A1,2024-05-05,5.5,{numbers},7\nO2,A2,2024-05-06,6.5,{numbers},8\n")
    assert dated(found) == [("A1", "2024-05-05", 5.5, 2), ("A2", "2024-05-06", 6.5, 3)]


def test_as_many_columns_as_periods_take_no_time_of_their_square(tmp_path):
    periods = [f"{year}-{month:02}" for year in range(1980, 2020) for month in range(1, 13)]
    others = [f"c{n}" for n in range(len(periods))]
    rows = [[f"A{n}", *["x"] * len(others), *["1"] * len(periods)] for n in (1, 2, 3)]
    wide = "\n".join(",".join(row) for row in [["account_id", *others, *periods], *rows])
    started = time.process_time()
    assert len(read(tmp_path, orders=wide).tables["orders"]) == 3 * len(periods)
    assert time.process_time() - started < 6


def test_bad_cells_are_set_aside_and_totals_are_not_counted_again(tmp_path):
    lines = "".join(f"A1,{n},{n},{n},{3 * n}\n" for n in range(1, 9))
    wide = f"account_id,2024-01,2024-02,2024-03,Total\n{lines}A2,x,2,3,5\nTotal,36,36,36,108\n"
    found = read(tmp_path, orders=wide)
    assert codes(found) == ["orders 10 amount not_a_number", "orders 11  total"]
    assert found.tables["orders"]["amount"].astype(float).sum() == 3 * 36 + 5
    assert any(": Total" in warning.message for warning in found.warnings if warning.code == "wide")


def test_the_year_beside_its_months_is_left_out(tmp_path):
    months = [f"2024-{month:02}" for month in range(1, 13)]
    wide = f"account_id,{','.join(months)},2024 total,2023 total\nA1,{','.join(['1'] * 12)},12,7\n"
    found = read(tmp_path, orders=wide.replace("2023 total", "2023").replace("2024 total", "2024"))
    assert found.tables["orders"]["amount"].astype(float).sum() == 12 + 7


@pytest.mark.parametrize(
    ("header", "match"),
    [
        ("account_id,1月,2月,3月", "the columns 1月, 2月, 3月 … name no year"),
        ("account_id,2024,2024-01,2024-02", "'2024' overlaps with columns of parts of it"),
        ("account_id,2023 sales,2024 sales,2024 revenue", "several amounts: sales, revenue; say which"),
        ("account_id,2024-01,Jan-24,2024-02", "two columns stand for one period"),
    ],
)
def test_what_could_be_counted_twice_or_not_be_dated_is_asked(header, match, tmp_path):
    with pytest.raises(Refused, match=match):
        read(tmp_path, orders=f"{header}\nA1,1,2,3\n")


def test_client_yaml_says_which_of_two_amounts(tmp_path):
    keys = {"files": {"orders": [{"file": "orders.csv", "columns": {"amount": "sales"}}]}}
    wide = "account_id,2023 sales,2024 sales,2024 revenue\nA1,1,2,3\n"
    found = read(tmp_path, settings=Settings.model_validate(keys), orders=wide)
    assert dated(found) == [("A1", "2023-12-31", 1.0, 2), ("A1", "2024-12-31", 2.0, 2)]


def test_the_id_and_name_of_the_row_are_the_accounts(tmp_path):
    found = read(tmp_path, orders=WIDE.replace("account_id,account_name", "ID,Name"))
    assert {account for account, *_ in dated(found)} == {"A1", "A2"}


def test_units_in_the_header_count(tmp_path):
    wide = "客户编号,2024年1月销售额(万元),2024年2月销售额(万元),2024年3月销售额(万元)\nA1,1,2,0.5\n"
    assert [amount for *_, amount, _ in dated(read(tmp_path, orders=wide))] == [10000.0, 20000.0, 5000.0]


def test_a_wide_sheet_of_any_name_is_proposed_as_orders(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "umsatz.csv").write_text("Customer,Region,Jan-24,Feb-24,Mar-24\nAcme,North,1,2,3\nBeta,South,,5,6\n")
    (tmp_path / "client.yaml").write_text(text := propose(raw), encoding="utf-8")
    settings = read_settings(tmp_path / "client.yaml")
    assert settings.accounts == "from_orders"
    assert settings.files["orders"][0].columns == {"account_name": "Customer", "region": "Region"}
    assert "3 columns of amounts by period" in text


@hypothesis.settings(max_examples=25)
@given(st.lists(st.lists(st.integers(-99, 99), min_size=4, max_size=4), min_size=1, max_size=15))
def test_money_is_conserved(tmp_path_factory, table):
    lines = [f"A{n % 3 + 1},P{n},{','.join(map(str, amounts))}" for n, amounts in enumerate(table)]
    wide = "\n".join(["account_id,product_line,Q1 2023,Q2 2023,Q3 2023,Q4 2023", *lines, "A1,P,1,1,1,1"])
    found = read(tmp_path_factory.mktemp("wide"), orders=wide + "\n", accounts=ACCOUNTS)
    assert found.tables["orders"]["amount"].astype(float).sum() == sum(map(sum, table)) + 4
    assert found.counts["orders"]["rows_in"] == sum(cell != 0 for row in table for cell in row) + 4


def test_the_year_of_bare_months_stands_in_client_yaml(tmp_path):
    spec = FileSpec(file="orders.csv", year=2023)
    text = "account_id,Jan,Feb,Mar\nA1,1,2,\n"
    found = read(tmp_path, orders=text, settings=Settings(files={"orders": [spec]})).tables["orders"]
    assert sorted(found["order_date"].astype(str)) == ["2023-01-31", "2023-02-28"]
