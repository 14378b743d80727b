"""Any header → table and field, or a refusal that names file, column and what to do."""

import gzip
from pathlib import Path

import pytest
import yaml
from deliveries import read
from hypothesis import given
from hypothesis import strategies as st

from mcrlib import schema
from mcrlib.errors import Refused, UsageError
from mcrlib.read.candidates import candidate_of
from mcrlib.read.dialects import resolve
from mcrlib.read.exports import read_sheets
from mcrlib.read.headers import aliases, field_of, fields, squash
from mcrlib.read.layout import find_header
from mcrlib.read.sheets import Sheet, gather
from mcrlib.read.tablenames import CANONICAL, NOTHING, PART, WHOLE, table_of_name
from mcrlib.read.text import read_text
from mcrlib.settings import Settings

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ACCOUNTS = "account_id,account_name\nA1,Acme\nA2,Beta\n"
ORDERS = "order_id,account_id,order_date,amount\nO1,A1,2024-01-01,5\nO2,A2,2024-01-02,6\n"


def sheets(**texts: str) -> list[Sheet]:
    return [read_text(text.encode(), name.replace("__", " ") + ".csv") for name, text in texts.items()]


def settings(**keys) -> Settings:
    return Settings.model_validate(keys)


def parts(accounts: str = ACCOUNTS, orders: str = ORDERS, *, keys=None, **more: str):
    found, complaints = resolve(sheets(accounts=accounts, orders=orders, **more), settings(**(keys or {})))
    return {part.table: part for part in found}, complaints


def codes(complaints) -> list[str]:
    return [complaint.code for complaint in complaints]


# --- headers


@pytest.mark.parametrize(
    ("header", "table", "field", "unit"),
    [
        ("account_id", "accounts", "account_id", ""),
        ("Account ID", "accounts", "account_id", ""),
        ("AccountId", "contacts", "account_id", ""),
        ("\ufeff客户编号*", "accounts", "account_id", ""),
        ("客户名称（必填）", "accounts", "account_name", ""),
        ("(Do Not Modify) Opportunity", "opportunities", "opportunity_id", ""),
        ("(Do Not Modify) Row Checksum", "opportunities", "ignored", ""),
        ("Deal - Value", "opportunities", "amount", ""),
        ("Organisation - Name", "accounts", "account_name", ""),
        ("property_dealname", "opportunities", "opportunity_name", ""),
        ("deal_pipeline_stage_id", "opportunities", "stage", ""),
        ("Probability (%)", "opportunities", "probability", "%"),
        ("金额(万元)", "orders", "amount", "万元"),
        ("金额（万）", "orders", "amount", "万"),
        ("订单金额万", "orders", "amount", "万"),
        ("Amount (USD)", "orders", "amount", "USD"),
        ("amount_eur", "orders", "amount", "eur"),
        ("業務員", "opportunities", "owner_name", ""),
        ("業務機會所有人", "opportunities", "owner_name", ""),
        ("预计下单日期-转化", "opportunities", "expected_close_date", ""),
        ("Account Name.id", "opportunities", "account_id", ""),
        ("Region__c", "accounts", "region", ""),
        ("Sale (Dollars)", "orders", "amount", "Dollars"),
    ],
)
def test_header_means(header, table, field, unit):
    match = field_of(header, table)
    assert (match.field, match.unit) == (field, unit)


@pytest.mark.parametrize("header", ["", "   ", "FIELD32", "O00001", "2024-01-01", "☃"])
def test_header_means_nothing(header):
    assert field_of(header, "orders") is None


def test_every_canonical_name_is_its_own_alias():
    for name, table in schema.tables().items():
        assert {column: field_of(column, name).field for column in table.columns} == {c: c for c in table.columns}


def test_no_alias_means_two_fields_of_a_table():
    lists = yaml.safe_load((Path(__file__).parents[1] / "mcrlib/read/header_aliases.yaml").read_text(encoding="utf-8"))
    for table, names in lists.items():
        for field, words in names.items():
            for word in words:
                assert aliases()[table][squash(word)][0] == field, (table, field, word)


@given(st.sampled_from(sorted(fields("orders"))), st.sampled_from(["_", " ", "-", ""]), st.booleans())
def test_spelling_of_a_header_does_not_matter(name, joint, upper):
    text = name.replace("_", joint)
    assert field_of(f" {text.upper() if upper else text} ", "orders").field == name


# --- names of files


@pytest.mark.parametrize(
    ("name", "table", "strength"),
    [
        ("orders.csv", "orders", CANONICAL),
        ("ORDERS.CSV.GZ", "orders", CANONICAL),
        ("2024/Account.csv", "accounts", WHOLE),
        ("Opportunities_export_2024-05-01.xlsx", "opportunities", WHOLE),
        ("sales_pipeline.csv", "opportunities", WHOLE),
        ("order details.csv", "order_lines", WHOLE),
        ("OpportunityHistory.csv", "stage_history", WHOLE),
        ("FactResellerSales.csv", "orders", PART),
        ("ravenstack_support_tickets.csv", "cases", WHOLE),
        ("客户列表.xlsx", "accounts", WHOLE),
        ("2024年订单.csv", "orders", WHOLE),
        ("华东销售订单.csv", "orders", PART),
        ("聯絡人.csv", "contacts", WHOLE),
        ("Lead.csv", "", WHOLE),
        ("2024", "", NOTHING),
        ("Sheet1", "", NOTHING),
        ("notes.txt", "", NOTHING),
    ],
)
def test_table_of_name(name, table, strength):
    found = table_of_name(name)
    assert found.table == table
    assert found.strength == strength or (strength == WHOLE and found.strength == PART)


# --- the parts


def test_part_holds_fields_rows_and_headers():
    found, complaints = parts(orders="Order No,客户编号,日期,金额(万元),FIELD32\nO1,A1,2024-01-01,5,x\n")
    part = found["orders"]
    assert part.raw.to_dict("index") == {
        2: {"order_id": "O1", "account_id": "A1", "order_date": "2024-01-01", "amount": "5"}
    }
    assert part.headers == {
        "order_id": "Order No",
        "account_id": "客户编号",
        "order_date": "日期",
        "amount": "金额(万元)",
    }
    assert part.units == {"amount": "万元"}
    assert "column FIELD32 is not used, nothing is known of it" in str(part.complaints[0])
    assert complaints == []


def test_preamble_is_no_row_and_is_said():
    part = parts(orders="Orders report\nMade today\n\n" + ORDERS)[0]["orders"]
    assert (list(part.raw.index), codes(part.complaints)) == ([5, 6], ["preamble"])
    assert "2 lines of title above the header in row 4 were skipped, such as 'Orders report'" in str(part.complaints[0])


def test_header_over_two_lines_is_joined():
    records = [["Order", "", "Customer", ""], ["No", "Date", "ID", "Amount"], ["O1", "2024-01-01", "A1", "5"]]
    cells, widths, _ = gather(records)
    header = find_header(Sheet("orders.xlsx", "S", cells, widths), ["orders"])
    assert (header.row, header.above, header.records) == (2, 0, 2)
    assert [field_of(name, "orders").field for name in header.names] == [
        "order_id",
        "order_date",
        "account_id",
        "amount",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Grand Total,,,11", "total"),
        ("合计,,,11", "total"),
        ("Confidential - do not share,,,", "footer"),
        ("Orders report", "footer"),
        ("order_id,account_id,order_date,amount", "repeated_header"),
        ("O3,A1", "too_few_fields"),
        ("O3,A1,2024-01-01,5,x", "too_many_fields"),
    ],
)
def test_lines_that_are_no_rows_are_set_aside_and_said(line, code):
    part = parts(orders=ORDERS + line + "\n")[0]["orders"]
    assert part.bad.to_dict("records") == [{"row": 4, "column": "", "code": code, "raw": line}]
    assert (list(part.raw.index), codes(part.complaints)) == ([2, 3], [code])


def test_blank_and_delimiter_only_lines_are_no_rows():
    part = parts(orders=ORDERS + ",,,\n\n  \nO3,A1,2024-01-03,7\n")[0]["orders"]
    assert (list(part.raw.index), part.bad.empty) == ([2, 3, 7], True)


def test_spare_delimiter_on_every_row_shifts_nothing():
    part = parts(orders=ORDERS.replace("5\n", "5,\n").replace("6\n", "6,\n"))[0]["orders"]
    assert (part.raw["order_id"].tolist(), part.bad.empty) == (["O1", "O2"], True)


def test_a_customer_called_total_is_a_row():
    part = parts(accounts="account_name,industry\nTotal,Energy\nAcme,Tools\n")[0]["accounts"]
    assert part.raw["account_name"].tolist() == ["Total", "Acme"]


# --- two headers for one field


def test_same_header_twice_is_refused():
    with pytest.raises(
        Refused,
        match=r"orders.csv, column amount: the column occurs twice .*row 2 has '5' and '1'.*columns: \{amount: 5\}",
    ):
        parts(orders="order_id,account_id,order_date,amount,Amount\nO1,A1,2024-01-01,5,1\n")


def test_two_amounts_are_asked_about():
    with pytest.raises(Refused, match="occurs twice with different values, as 'amount' .* and 'Net value'"):
        parts(orders="order_id,account_id,order_date,amount,Net value\nO1,A1,2024-01-01,5,4\n")


def test_equal_columns_are_one_and_the_fuller_is_read():
    part = parts(
        orders="order_id,account_id,order_date,amount,order amount\nO1,A1,2024-01-01,,5\nO2,A1,2024-01-01,6,6\n"
    )[0]
    assert part["orders"].headers["amount"] == "order amount"


def test_less_weighty_rivals_are_said_in_one_sentence():
    part = parts(accounts="Id,AccountNumber,Name,Phone\n1,x,Acme,0\n2,y,Beta,1\n")[0]["accounts"]
    assert part.headers["account_id"] == "Id"
    assert "read are account_id from 'Id', not 'AccountNumber'" in str(part.complaints[0])


# --- which file is which table


def test_unused_file_is_listed():
    found, complaints = parts(campaigns="name,budget\nx,5\n")
    assert (sorted(found), codes(complaints)) == (["accounts", "orders"], ["unused_file"])


def test_orders_are_told_by_their_headers():
    found, _ = resolve(sheets(accounts=ACCOUNTS, k_2024_x="客户编号,下单日期,订单金额\nA1,2024-01-01,5\n"), Settings())
    assert [part.table for part in found] == ["accounts", "orders"]


def test_a_file_of_the_right_name_wins_over_one_of_like_headers():
    found, complaints = parts(history_of_sales=ORDERS)
    assert found["orders"].file == "orders.csv"
    assert "it looks like orders as well, but orders.csv is read" in str(complaints[0])


def test_files_of_equal_headers_go_together_others_are_asked_about():
    found, _ = resolve(sheets(accounts=ACCOUNTS, orders_2023=ORDERS, orders_2024=ORDERS), Settings())
    assert [part.file for part in found if part.table == "orders"] == ["orders_2023.csv", "orders_2024.csv"]
    other = ORDERS.replace("amount", "total")
    with pytest.raises(
        Refused,
        match=r"several files with different headers hold orders: orders_2023.csv, orders_2024.csv; say which.*"
        "; 2 keys, such as 'O1', are in all of them",
    ):
        resolve(sheets(accounts=ACCOUNTS, orders_2023=ORDERS, orders_2024=other), Settings())


def test_several_sheets_of_one_table_are_asked_about():
    cells, widths, _ = gather([line.split(",") for line in ORDERS.splitlines()])
    book = [Sheet("orders.xlsx", name, cells, widths, typed=True) for name in ("2024", "2023")]
    with pytest.raises(
        Refused, match=r"orders.xlsx: several sheets hold orders: '2024' \(3 lines\), '2023' .*sheet: '2024'"
    ):
        resolve([*sheets(accounts=ACCOUNTS), *book], Settings())
    chosen = settings(files={"orders": [{"file": "orders.xlsx", "sheet": "2023"}]})
    assert [part.sheet for part in resolve([*sheets(accounts=ACCOUNTS), *book], chosen)[0]] == ["2023", ""]


# --- client.yaml


def test_settings_name_files_and_columns():
    files = {
        "orders": [{"file": "log.csv", "columns": {"account_id": "wer", "amount": "wieviel", "order_date": "wann"}}]
    }
    found, complaints = resolve(
        sheets(accounts=ACCOUNTS, log="wer,wann,wieviel\nA1,2024-01-01,5\n", orders=ORDERS), settings(files=files)
    )
    assert {part.table: part.file for part in found} == {"orders": "log.csv", "accounts": "accounts.csv"}
    assert found[0].headers == {"account_id": "wer", "amount": "wieviel", "order_date": "wann"}
    assert "holds orders, which client.yaml takes from other files" in str(complaints[0])


def test_settings_name_columns_by_number_where_there_is_no_header():
    spec = {"file": "log.csv", "header": False, "columns": {"account_id": 2, "order_date": 3, "amount": 4}}
    found, _ = resolve(
        sheets(accounts=ACCOUNTS, log="O1,A1,2024-01-01,5\nO2,A1,2024-01-01,6\n"), settings(files={"orders": [spec]})
    )
    assert found[0].raw["amount"].tolist() == ["5", "6"]
    assert list(found[0].raw.index) == [1, 2]


def test_a_product_comes_as_its_two_ingredients():
    spec = {"file": "orders.csv", "columns": {"amount": "qty * price"}}
    found, _ = parts(
        orders="order_id,account_id,order_date,qty,price,amount\nO1,A1,2024-01-01,2,3,9\n",
        keys={"files": {"orders": [spec]}},
    )
    assert found["orders"].raw[["amount*0", "amount*1"]].iloc[0].tolist() == ["2", "3"]
    assert "amount" not in found["orders"].raw


@pytest.mark.parametrize(
    ("spec", "error", "said"),
    [
        (
            {"file": "order.csv"},
            Refused,
            r"order.csv: client.yaml names this file for orders.*did you mean 'orders.csv'",
        ),
        ({"file": "orders.csv", "sheet": "X"}, Refused, "there is no sheet 'X'"),
        (
            {"file": "orders.csv", "columns": {"amount": "amout"}},
            Refused,
            r"from a header 'amout' that is not there \(did you mean 'amount'",
        ),
        (
            {"file": "orders.csv", "columns": {"amount": "amount * (1 - rebate)"}},
            Refused,
            r"from a header 'rebate' that is not there .*; 'amount \* \(1 - rebate\)' may hold headers, numbers and",
        ),
        (
            {"file": "orders.csv", "columns": {"amount": "amount * (order_id"}},
            Refused,
            "which is no sum or product of headers and numbers",
        ),
        ({"file": "orders.csv", "columns": {"amount": 9}}, Refused, "from column 9, but there are 4 columns"),
        (
            {"file": "orders.csv", "columns": {"amout": "amount"}},
            UsageError,
            r"has no field 'amout' \(did you mean 'amount'",
        ),
        (
            {"file": "orders.csv", "columns": {"zzz": "amount"}},
            UsageError,
            "has no field 'zzz': its fields are account_id, .*amount",
        ),
    ],
)
def test_settings_that_do_not_fit_are_named(spec, error, said):
    with pytest.raises(error, match=said):
        parts(keys={"files": {"orders": [spec]}})


# --- what is required


def test_missing_files_name_the_folder():
    with pytest.raises(
        Refused, match=r"accounts.csv: missing in the input folder .*box.*orders.csv: missing in .*opportunities.csv"
    ):
        resolve(sheets(notes="x,y\n1,2\n"), Settings(), folder=Path("box"))


def test_only_a_file_with_rows_may_hold_the_orders(tmp_path):
    (tmp_path / "guide.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "notes.csv").write_text("x,y\n1,2\n")
    with pytest.raises(Refused, match="if they are in notes.csv, name file and columns"):
        resolve(read_sheets(tmp_path)[0], Settings())
    (tmp_path / "notes.csv").unlink()
    with pytest.raises(Refused, match="put the export there; guide.pdf: the file is not read .PDF is no export."):
        resolve(read_sheets(tmp_path)[0], Settings())


def test_accounts_may_come_from_orders():
    found, _ = resolve(sheets(orders=ORDERS), settings(accounts="from_orders"))
    assert [part.table for part in found] == ["orders"]


def test_missing_columns_list_the_headers_found():
    with pytest.raises(
        Refused,
        match="column amount: the required column of orders is missing; the headers found are: order_id, .*, colour",
    ):
        parts(orders="order_id,account_id,order_date,colour\nO1,A1,2024-01-01,red\n")


def test_amount_may_come_from_order_lines():
    head = "order_id,account_id,order_date\nO1,A1,2024-01-01\n"
    assert "order_lines" in parts(orders=head, order_lines="order_id,amount\nO1,5\n")[0]
    with pytest.raises(
        Refused, match=r"order_lines: \[\{file: order_lines.csv, columns: \{amount: 'qty \* price'\}\}\]"
    ):
        parts(orders=head, order_lines="order_id,qty,price\nO1,5,2\n")


def test_a_name_stands_for_an_id():
    found, _ = parts(accounts="account_name\nAcme\n", orders="customer name,order date,amount\nAcme,2024-01-01,5\n")
    assert list(found["orders"].raw) == ["account_name", "order_date", "amount"]


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ("", "orders.csv: the file is empty"),
        (ORDERS.splitlines()[0] + "\n", "orders.csv: there is a header but no row of orders"),
        (
            "O1,A1,2024-01-01,5\nO2,A2,2024-01-02,6\n",
            "orders.csv: no header row with columns of orders .*first line is 'O1, A1",
        ),
        (ORDERS.replace(",", "^"), r"orders.csv: only one column is seen .* separated by '\^'"),
        (
            ORDERS.replace("5\n", "5,x\n").replace("6\n", "6,x\n"),
            "2 of 2 rows have more fields than the header, such as row 2",
        ),
    ],
)
def test_a_required_file_without_a_table_in_it_is_refused(orders, said):
    raw = sheets(accounts=ACCOUNTS)
    if orders:
        raw += sheets(orders=orders)
    else:
        cells, widths, _ = gather([])
        raw.append(Sheet("orders.csv", "", cells, widths))
    with pytest.raises(Refused, match=said):
        resolve(raw, Settings())


def test_an_optional_file_without_rows_is_only_said():
    found, complaints = parts(activities="activity_id,account_id,activity_date\n")
    assert (len(found["activities"].raw), codes(found["activities"].complaints)) == (0, ["empty"])
    found, complaints = parts(surveys="x^y\n1^2\n")
    assert ("surveys" in found, codes(complaints)) == (False, ["delimiter"])


def test_all_problems_are_said_at_once():
    with pytest.raises(Refused, match=r"column amount.*orders.csv, column order_date|column order_date.*column amount"):
        parts(orders="order_id,account_id,colour\nO1,A1,red\n")


# --- headers of real exports


@pytest.mark.parametrize(
    ("file", "table", "expected"),
    [
        (
            "maven_crm_sales/sales_pipeline.csv",
            "opportunities",
            {"account_name", "stage", "amount", "created_date", "owner_name"},
        ),
        (
            "adventureworks_resellers/FactResellerSales.csv.gz",
            "orders",
            {"order_id", "account_id", "order_date", "amount", "owner_id"},
        ),
        ("cdnow/CDNOW_master.txt", "orders", {"account_id", "order_date", "amount", "qty"}),
        ("classicmodels_b2b/customers.csv", "accounts", {"account_id", "account_name", "owner_id"}),
        ("classicmodels_b2b/order details.csv", "order_lines", {"order_id", "line_no", "qty", "unit_price"}),
        ("northwind/orders.csv", "orders", {"order_id", "account_id", "order_date", "owner_id"}),
        (
            "dynamics365_contoso_coffee/Opportunity.csv.gz",
            "opportunities",
            {"account_name", "stage", "amount", "closed_date"},
        ),
        ("salesforce_bulk_2019/Opportunity.csv", "opportunities", {"opportunity_id", "account_id", "stage", "is_won"}),
        ("salesforce_devorg_2026/OpportunityHistory.csv", "stage_history", {"object_id", "new", "changed_date"}),
        (
            "chinese_superstore/derived_订单.gb18030.csv.gz",
            "orders",
            {"order_id", "account_id", "order_date", "amount", "line_no"},
        ),
        ("sales_data_sample_b2b/sales_data_sample.csv", "orders", {"order_id", "account_name", "order_date", "amount"}),
        ("iowa_liquor_wholesale/Iowa_Liquor_Sales_10k.csv.gz", "orders", {"account_id", "order_date", "amount"}),
        (
            "ravenstack_saas/ravenstack_support_tickets.csv",
            "cases",
            {"case_id", "account_id", "opened_date", "satisfaction"},
        ),
    ],
)
def test_headers_of_real_exports(file, table, expected):
    path = DATA / file
    if not path.exists():
        pytest.skip("the development data is not here")
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    candidate = candidate_of(read_text(data[:50_000].rpartition(b"\n")[0] + b"\n", file), lone=True)
    assert candidate.table == table
    assert expected <= {m.field for name in candidate.header.names if (m := field_of(name, table))}


def test_old_workbook_of_a_real_export():
    if not DATA.exists():
        pytest.skip("the development data is not here")
    found, _ = read_sheets(DATA / "chinese_superstore", lambda file: file.endswith(".xls"))
    assert [(sheet.sheet, len(sheet.cells)) for sheet in found] == [("订单", 10001), ("退货", 297), ("销售人员", 7)]


# --- what an empty field too many, a second header line and columns without a header do


def told(table: str, found) -> list[str]:
    return [one.code for one in found[table].complaints]


def test_an_empty_field_too_many_may_have_moved_all_that_follows():
    found, _ = parts(orders=ORDERS + "O3,,A1,2024-01-03,\nO4,A1,2024-01-04,7\n")
    assert found["orders"].bad[["row", "code"]].to_numpy().tolist() == [[4, "too_many_fields"]]


def test_records_that_all_end_with_a_delimiter_are_read_and_said():
    found, _ = parts(orders=ORDERS.replace("5\n", "5,\n").replace("6\n", "6,\n"))
    assert (len(found["orders"].raw), told("orders", found)) == (2, ["trailing_delimiters"])


def test_a_second_header_line_is_no_row():
    found, _ = parts(orders=ORDERS.replace("amount\n", "amount\n,text,date,EUR\n"))
    assert found["orders"].bad[["row", "code"]].to_numpy().tolist() == [[2, "second_header"]]


def test_titles_and_headers_of_glued_reports_are_no_rows():
    below = "Second half,,,\n,,,\norder_id,account_id,order_date,Amount \n,,,EUR\nO3,A1,2024-01-03,7\n"
    found, _ = parts(orders=ORDERS + below)
    assert found["orders"].bad["code"].tolist() == ["footer", "repeated_header", "second_header"]
    assert found["orders"].raw["order_id"].tolist() == ["O1", "O2", "O3"]


def test_a_column_without_a_header_that_holds_values_is_said():
    found, _ = parts(orders=ORDERS.replace("amount\n", "amount,,\n").replace("5\n", "5,x,\n").replace("6\n", "6,,\n"))
    [said] = found["orders"].complaints
    assert "column 5 (no header)" in said.message
    assert "column 6" not in said.message


EVENTS = "event id,account id,start date time,subject\nE1,A1,2024-03-14 10:00,Visit\n"
TASKS = "task id,account id,due date,subject,status,type\nT1,A2,2024-03-15,Offer,Completed,Call\n"


def test_events_and_tasks_of_different_headers_are_activities_together(tmp_path):
    found = read(tmp_path, event=EVENTS, task=TASKS).tables["activities"]
    assert found["activity_id"].tolist() == ["E1", "T1"]
    assert found["activity_type"].tolist() == ["meeting", "call"]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (TASKS.replace("T1", "E1"), "1 keys, such as 'E1', are in all of them: take one"),
        (TASKS.replace("task id", "x"), "several files with different headers hold activities"),
    ],
)
def test_activities_that_may_be_the_same_are_asked_about(tmp_path, other, why):
    with pytest.raises(Refused, match=why):
        read(tmp_path, event=EVENTS, task=other)


def test_files_of_one_table_go_together_in_whatever_order_their_columns_stand(tmp_path):
    more = "amount,order_date,account_id,order_id\n7,2024-11-20,A1,O99\n"
    found = read(tmp_path, orders="", orders_2023=ORDERS, orders_2024=more).tables["orders"]
    assert len(found) == 3
    assert float(found.set_index("order_id").loc["O99", "amount"]) == 7


@pytest.mark.parametrize(
    ("table", "headers", "meant"),
    [
        ("orders", ["Rechnungsnummer", "Rechnungsdatum", "Kundennummer", "Nettobetrag"], None),
        ("orders", ["N° commande", "Date de commande", "Code client", "Montant HT"], None),
        ("orders", ["Nº factura", "Fecha factura", "Código cliente", "Importe"], None),
        ("orders", ["受注番号", "受注日", "取引先コード", "受注金額（税抜）"], None),
        ("orders", ["單號", "單據日期", "客戶代號", "訂單金額"], None),
        ("orders", ["VBELN", "FKDAT", "KUNAG", "NETWR"], None),
        ("accounts", ["(Nicht ändern) Firma", "Firmenname", "Adresse 1: Ort", "Branche"],
         ["account_id", "account_name", "city", "industry"]),
        ("orders", ["銷貨單號", "銷貨日期", "客戶代號", "含稅金額"], None),
        ("orders", ["Rechnungsnr.", "Rechnungsdatum", "Kundennr.", "Netto"], None),
        ("accounts", ["Datensatz-ID", "Unternehmensname", "Land/Region", "Jahresumsatz"],
         ["account_id", "account_name", "country", "annual_revenue"]),
        ("accounts", ["帳戶 ID", "帳戶擁有人", "上層帳戶", "類型"],
         ["account_id", "owner_name", "parent_account_name", "account_type"]),
        ("opportunities", ["商機 ID", "商機擁有人", "帳戶 ID", "結束日期"],
         ["opportunity_id", "owner_name", "account_id", "expected_close_date"]),
        ("opportunities", ["レコードID", "関連する会社のID", "取引ステージ", "クローズ日"],
         ["opportunity_id", "account_id", "stage", "expected_close_date"]),
        ("opportunities", ["記錄 ID", "關聯的公司 ID", "交易階段", "結案日期"],
         ["opportunity_id", "account_id", "stage", "expected_close_date"]),
        ("opportunities", ["Opportunityname", "Accountname", "Phase", "Schlusstermin"],
         ["opportunity_name", "account_name", "stage", "expected_close_date"]),
    ],
)  # fmt: skip
def test_headers_of_other_languages_are_known(table, headers, meant):
    found = [getattr(field_of(header, table), "field", None) for header in headers]
    assert found == (meant or ["order_id", "order_date", "account_id", "amount"])


def test_deals_without_a_stage_stand_on_their_state(tmp_path):
    text = "topic,potential customer,status,est. close date,created on\nD,Acme,Won,2024-03-14,2024-01-05\n"
    text = text.replace("est.", "actual").replace("created on\nD", "created on,amount\nD").replace("05\n", "05,9\n")
    found = read(tmp_path, orders="", opportunities=text, accounts=ACCOUNTS).tables["opportunities"]
    assert (found["status"].tolist(), found["stage"].tolist()) == (["won"], ["Won"])


def test_lines_that_repeat_the_head_of_their_order_are_the_orders_where_no_others_are(tmp_path):
    text = "订单号,订单日期,客户编码,存货编码,数量,价税合计\nS1,2024-03-14,A1,P,1,5\nS1,2024-03-14,A1,Q,1,6\n"
    found = read(tmp_path, orders="", 销售订单明细=text).tables["orders"]
    assert found[["order_id", "amount"]].astype(str).to_numpy().tolist() == [["S1", "11.0000"]]


def test_a_column_is_unknown_where_no_table_of_its_file_uses_it():
    flow = "order_id,account_id,order_date,amount,start,plan\nO1,A1,2024-01-01,5,2024-01-01,x\n"
    files = {
        "orders": [{"file": "orders.csv"}],
        "contracts": [{"file": "orders.csv", "columns": {"start_date": "start", "account_id": "account_id"}}],
    }
    found, _ = parts(orders=flow, keys={"files": files})
    said = [str(one) for part in found.values() for one in part.complaints if one.code == "unknown_columns"]
    assert [one.split(" is not used")[0] for one in said] == ["orders.csv: column plan"]
