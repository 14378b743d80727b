import pytest
from deliveries import codes, orders, read

from mcrlib.errors import Refused, UsageError
from mcrlib.settings import FileSpec, Settings


def test_an_open_column_is_refused_with_file_column_example_and_key(tmp_path):
    text = "order_id,account_id,order_date,amount\nO1,A1,01/07/2024,5.5\nO2,A1,02/08/2024,6.5\n"
    with pytest.raises(Refused, match=r"orders\.csv, column order_date: .*'01/07/2024'.*date_order: dmy or mdy"):
        read(tmp_path, orders=text)
    spec = FileSpec(file="orders.csv", date_order="dmy")
    found = read(tmp_path, orders=text, settings=Settings(files={"orders": [spec]})).tables["orders"]
    assert found["order_date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-07-01", "2024-08-02"]


def test_all_open_questions_are_asked_at_once(tmp_path):
    text = 'order_id,account_id,order_date,amount\nO1,A1,01/07/2024,"1,234"\n'
    with pytest.raises(Refused, match="order_date.*; .*amount"):
        read(tmp_path, orders=text)


def test_a_required_value_that_cannot_be_read_sets_its_row_aside(tmp_path):
    found = read(tmp_path, orders=orders("O98,A1,3月5日,7.5", "O99,A1,2024-05-05,see notes"))
    assert codes(found) == ["orders 11 order_date date_without_year", "orders 12 amount not_a_number"]
    assert found.quarantine["raw"].tolist() == ["3月5日", "see notes"]


def test_an_optional_value_that_cannot_be_read_is_missing_counted_and_said(tmp_path):
    found = read(tmp_path, accounts="account_id,employees,created_date\nA1,many,1900-01-01\nA2,7,2020-01-01\nA3,8,\n")
    assert found.tables["accounts"]["employees"].isna().tolist() == [True, False, False]
    assert found.tables["accounts"]["created_date"].isna().tolist() == [True, False, True]
    assert found.log[["column", "code", "rows"]].to_numpy().tolist() == [
        ["employees", "not_a_number", 1],
        ["created_date", "placeholder_date", 1],
    ]
    assert [w.column for w in found.warnings] == ["employees"]


def test_an_unknown_word_is_missing_with_one_warning_and_client_yaml_settles_it(tmp_path):
    text = orders("O98,A1,2024-05-05,1.5,Parked", header="order_id,account_id,order_date,amount,status")
    found = read(tmp_path, orders=text)
    assert [w.code for w in found.warnings] == ["unknown_value"] and "'Parked'" in found.warnings[0].message
    found = read(tmp_path, orders=text, settings=Settings(values={"status": {"parked": "draft"}}))
    assert codes(found) == ["orders 11 status draft"] and not found.warnings


def test_own_words_for_one_table_do_not_give_another_a_value_that_it_does_not_have(tmp_path):
    contracts = "contract_id,account_id,status\nK1,A1,有效\nK2,A1,Parked\nK3,A1,Frosty\n"
    own = Settings(values={"status": {"有效": "valid", "Parked": "ended", "Frosty": "frozen"}})
    found = read(tmp_path, contracts=contracts, settings=own)
    assert found.tables["contracts"]["status"].fillna("").tolist() == ["active", "ended", ""]
    assert [(w.code, "'Frosty'" in w.message) for w in found.warnings] == [("unknown_value", True)]


def test_own_words_must_mean_something(tmp_path):
    with pytest.raises(UsageError, match=r"values\.status: 'vaild' is none of .*did you mean 'valid'"):
        read(tmp_path, settings=Settings(values={"status": {"ok": "vaild"}}))
    with pytest.raises(UsageError, match="unknown field 'statsu'.*did you mean 'status'"):
        read(tmp_path, settings=Settings(values={"statsu": {"ok": "valid"}}))


def test_words_like_na_are_names_and_ids_but_missing_in_a_reference(tmp_path):
    found = read(
        tmp_path,
        accounts="account_id,account_name,owner_id,region\nNA,None,NULL,NA\nA1,NULL,U1,NULL\nA2,x,U1,\nA3,y,U1,\n",
        orders=orders("O98,NA,2024-05-05,7.5"),
    ).tables["accounts"]
    assert found.set_index("account_id").loc["NA", ["account_name", "region"]].tolist() == ["None", "NA"]
    assert found["owner_id"].isna().tolist() == [False, False, False, True]
    assert found["region"].tolist()[3] == "NA" and found["region"].isna().sum() == 3


def test_ids_damaged_by_a_spreadsheet_are_refused_where_tables_are_joined(tmp_path):
    with pytest.raises(Refused, match=r"accounts\.csv, column account_id: 2 ids were damaged.*1.23457E\+11"):
        read(tmp_path, accounts="account_id\n1.23457E+11\n1.23457E+11\n")
    with pytest.raises(Refused, match="all digits after the fifteenth are 0"):
        read(tmp_path, accounts="account_id\n123456789012345000\n123456789012346000\n")
    found = read(tmp_path, accounts="account_id,credit_code\nA1,9.13E+17\nA2,x\nA3,y\n")
    assert found.tables["accounts"]["credit_code"].isna().sum() == 1 and found.warnings[0].code == "damaged_id"


def test_long_and_short_ids_stay_text(tmp_path):
    ids = ["00012", "1E5", "12345678901234567890", "12345678901234567891"]
    found = read(tmp_path, accounts="account_id\n" + "\n".join([*ids, "A1", "A2", "A3"]) + "\n")
    assert sorted(ids) == found.tables["accounts"]["account_id"].tolist()[:4]


def test_an_open_date_that_is_not_needed_follows_the_others_of_its_file_or_is_left_out(tmp_path):
    head = "account_id,account_name,created_date,updated_date\n"
    found = read(tmp_path, accounts=f"{head}A1,Acme,03/04/2024,12/25/2024\nA2,Beta,,\nA3,Cobalt,,\n")
    assert str(found.tables["accounts"]["created_date"].iloc[0])[:10] == "2024-03-04"
    found = read(tmp_path, accounts=f"{head}A1,Acme,03/04/2024,\nA2,Beta,,\nA3,Cobalt,,\n")
    assert found.tables["accounts"]["created_date"].isna().all()
    assert [one.code for one in found.warnings] == ["date_left_out"]


def test_a_date_by_which_rows_count_is_asked_about_whatever_the_others_say(tmp_path):
    with pytest.raises(Refused, match="column order_date: the order of day and month is ambiguous"):
        read(
            tmp_path,
            orders="order_id,account_id,order_date,amount,updated_date\nO1,A1,03/04/2024,5,12/25/2024\n",
        )


def test_orders_in_states_that_nobody_knows_are_asked_about_when_they_are_many(tmp_path):
    rows = [f",{state}" for state in ["valid"] * 3 + ["zz top"] * 4]
    text = "order_id,account_id,order_date,amount,status\n"
    text += "\n".join(f"O{n},A1,2024-03-14,{n}{row}" for n, row in enumerate(rows))
    with pytest.raises(Refused, match=r"4 of 7 orders are in a state that the kit does not know: 'zz top' \(4\)"):
        read(tmp_path, orders=text)
    settled = Settings(values={"status": {"zz top": "void"}})
    assert len(read(tmp_path, orders=text, settings=settled).tables["orders"]) == 3


def test_own_words_may_be_those_of_one_table(tmp_path):
    text = "order_id,account_id,order_date,amount,status\nO1,A1,2024-03-14,5,zz\nO2,A1,2024-03-15,6,valid\n"
    found = read(tmp_path, orders=text, settings=Settings(values={"orders.status": {"zz": "void"}}))
    assert found.tables["orders"]["order_id"].tolist() == ["O2"]
    with pytest.raises(UsageError, match=r"values.orders.status: 'voidd' is none of .* \(did you mean 'void'\?\)"):
        read(tmp_path, settings=Settings(values={"orders.status": {"zz": "voidd"}}))
    with pytest.raises(UsageError, match="values.document: 'payd' is none of invoice, order"):
        read(tmp_path, settings=Settings(values={"document": {"zz": "payd"}}))


def test_control_characters_are_no_part_of_a_name(tmp_path):
    accounts = "account_id,account_name,industry\nA1,Ac\x08me,\x1b[31mTools\nA2,B,\x07\nA3,C,y\n"
    accounts += "".join(f"B{n},Name {n},y\n" for n in range(60))
    found = read(tmp_path, accounts=accounts).tables["accounts"].set_index("account_id")
    assert found.loc["A1", ["account_name", "industry"]].tolist() == ["Acme", "[31mTools"]
    assert found.index[found["industry"].isna()].tolist() == ["A2"]
