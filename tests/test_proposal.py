"""The proposed client.yaml is readable, says why, and loads as settings that resolve the same exports."""

import re
from pathlib import Path

import pytest

from mcrlib import schema
from mcrlib.read.dialects import resolve
from mcrlib.read.exports import read_sheets
from mcrlib.read.proposal import propose
from mcrlib.settings import Settings, read_settings
from mcrlib.show.words.screens import CHAPTERS, SCREENS

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases" / "inputs"
FILES = {
    "accounts.csv": "客户编号,客户名称,年营业额(万元),FIELD32\nC1,佳旺,5,x\nC2,旺佳,,y\n",
    "orders.csv": "order no,customer id,date,qty,unit price\nO1,C1,2024-01-01,2,3\n",
    "campaign: 1.csv": "a,b\n1,2\n",
}


def proposal(folder: Path, files: dict[str, str]) -> tuple[str, Settings]:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    text = propose(folder)
    path = folder.parent / "client.yaml"
    path.write_text(text, encoding="utf-8")
    return text, read_settings(path)


def test_columns_come_with_evidence(tmp_path):
    text, settings = proposal(tmp_path / "raw", FILES)
    assert "account_name: 客户名称  # sure; 佳旺, 旺佳" in text
    assert 'annual_revenue: "年营业额(万元)"' in text or "annual_revenue: 年营业额(万元)" in text
    assert re.search(r"annual_revenue: .*50% filled; unit 万元", text)
    assert "# not used: FIELD32  (x, y)" in text
    assert settings.files["accounts"][0].columns["account_id"] == "客户编号"


def test_an_amount_is_proposed_from_quantity_and_price(tmp_path):
    text, settings = proposal(tmp_path / "raw", FILES)
    assert settings.files["orders"][0].columns["amount"] == "qty * unit price"
    assert "a guess: no amount is delivered" in text


def test_a_log_of_lines_is_known_by_its_headers_though_it_has_prices_only(tmp_path):
    header = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID"
    log = f"{header}\n1,P1,2,2024-01-01,5,7\nC2,P1,-1,2024-01-02,5,7\n"
    _, settings = proposal(tmp_path / "raw", {"OnlineRetail.csv": log})
    assert settings.files["orders"][0].columns["amount"] == "Quantity * UnitPrice"
    assert (settings.accounts, settings.sum_lines) == ("from_orders", True)


def test_a_price_without_a_quantity_is_proposed_as_the_amount(tmp_path):
    text, settings = proposal(tmp_path / "raw", {"log.csv": "cust,date,price\n1,2024-01-01,5\n2,2024-01-02,6\n"})
    assert settings.files["orders"][0].columns["amount"] == "price"
    assert "a guess: no amount is delivered, and no quantity" in text


def test_what_is_missing_and_unused_is_said(tmp_path):
    text, _ = proposal(tmp_path / "raw", FILES)
    assert re.search(r"#   campaign: 1.csv: a, b", text)
    assert re.search(r"#   L0 .*: not found: owners\n", text)
    assert re.search(r"#   L1 .*not found: order_lines, contacts", text)


def test_what_is_missing_names_the_chapters_and_the_screen(tmp_path):
    raw = tmp_path / "raw"
    proposal(raw, FILES)
    text = propose(raw, screens={"contacts": "CRM: list of contacts"}, chapters={"contacts": ("06", "07")})
    assert "#      contacts (for chapter 06, 07): CRM: list of contacts\n" in text
    assert set(CHAPTERS) <= set(schema.tables()) and set(SCREENS) <= set(schema.tables())


def test_accounts_are_proposed_from_orders_and_lines_to_be_summed(tmp_path):
    orders = "order id,customer,date,amount,product id\nO1,Acme,2024-01-01,5,P1\nO1,Acme,2024-01-01,6,P2\n"
    _, settings = proposal(tmp_path / "raw", {"sales.csv": orders})
    assert (settings.accounts, settings.sum_lines) == ("from_orders", True)


def test_without_a_customer_no_accounts_are_proposed(tmp_path):
    text, settings = proposal(tmp_path / "raw", {"orders.csv": "order id,date,amount\nO1,2024-01-01,5\n"})
    assert settings.accounts == "from_file"
    assert "no column of the orders says who the customer is" in text


def test_orders_without_an_amount_have_that_of_their_lines(tmp_path):
    lines = "order id,product id,quantity,unit price\nO1,P1,2,3\n"
    orders = "order id,customer id,order date\nO1,C1,2024-01-01\n"
    text, _ = proposal(tmp_path / "raw", {"orders.csv": orders, "order details.csv": lines})
    assert "# amount: the sum of order_lines by order_id" in text


def test_why_a_file_is_not_used_is_said(tmp_path):
    files = {"shop trans.csv": "Id,Date,Price\n1,2024-01-01,5\n", "log.csv": "00004,19970101,2\n00005,19970102,3\n"}
    text, _ = proposal(tmp_path / "raw", files)
    assert "perhaps orders, by its name; no column was found for account_id, amount" in text
    assert "there seems to be no header: name the columns by number" in text


def test_rival_files_are_marked(tmp_path):
    orders = "order id,customer,date,amount\nO1,Acme,2024-01-01,5\n"
    files = {
        "orders 1.csv": orders,
        "orders 2.csv": orders.replace("amount", "total"),
        "accounts.csv": "account name\nAcme\n",
    }
    text, settings = proposal(tmp_path / "raw", files)
    assert text.count("SEVERAL FILES OR SHEETS CLAIM THIS TABLE") >= 1
    assert len(settings.files["orders"]) == 2


@pytest.mark.parametrize(("first", "several"), [("O1", 2), ("O2", 0)])
def test_files_with_equal_headers_are_rivals_where_they_hold_the_same_orders(tmp_path, first, several):
    orders = "order id,customer,date,amount\n{},Acme,2024-01-01,5\n"
    files = {
        "orders 1.csv": orders.format(first),
        "orders 2.csv": orders.format("O1"),
        "accounts.csv": "account name\nAcme\n",
    }
    text, _ = proposal(tmp_path / "raw", files)
    assert text.count("SEVERAL FILES OR SHEETS CLAIM THIS TABLE") == several


def test_hostile_names_and_values_stay_text(tmp_path):
    evil = 'account name,"q: [b] # c","x\ny"\n"Acme\n  currency: EUR",1,2\n'
    text, settings = proposal(tmp_path / "raw", {"accounts.csv": evil})
    assert settings.currency is None
    assert settings.files["accounts"][0].columns == {"account_name": "account name"}


@pytest.mark.parametrize(
    "case", ["b00_base", "e04_gb18030", "s24_preamble", "x03_title_merged_above", "s29_200_unknown_columns"]
)
def test_a_proposal_resolves_what_it_was_made_from(case, tmp_path):
    folder = CASES / case / "input"
    if not folder.exists():
        pytest.skip("the cases are not here")
    (tmp_path / "client.yaml").write_text(propose(folder), encoding="utf-8")
    sheets, _ = read_sheets(folder)
    found, _ = resolve(sheets, read_settings(tmp_path / "client.yaml"))
    plain, _ = resolve(sheets, Settings())
    assert {part.table: part.headers for part in found} == {part.table: part.headers for part in plain}
