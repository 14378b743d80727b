import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcrlib.read.matching import find_pairs

COLUMNS = ["account_id", "account_name", "city", "credit_code", "domain", "parent_account_id"]
CODE = "91350100M000100Y43"


def pairs(*rows):
    found = find_pairs(pd.DataFrame(list(rows), columns=COLUMNS[: len(rows[0])], dtype="str"))
    return found[["account_id", "other_id", "reason", "certain"]].to_numpy().tolist()


def test_one_name_in_one_city_is_certain_and_elsewhere_is_not():
    found = pairs(
        ("A1", "Acme Tools Ltd", "Leeds"), ("A2", "ACME TOOLS LIMITED", "leeds"), ("A3", "Acme Tools", "Hamburg")
    )
    assert found == [
        ["A1", "A2", "same_name_and_city", True],
        ["A1", "A3", "same_name", False],
        ["A2", "A3", "same_name", False],
    ]


def test_without_a_city_two_accounts_of_one_name_stay_two():
    assert pairs(("A1", "Acme Tools"), ("A2", "Acme Tools")) == [["A1", "A2", "same_name", False]]


@pytest.mark.parametrize("other", ["Acme Tools GmbH", "Acme Tools Group Ltd"])
def test_another_legal_form_is_for_a_person_to_judge(other):
    assert pairs(("A1", "Acme Tools Ltd", "Leeds"), ("A2", other, "Leeds")) == [
        ["A1", "A2", "same_name_and_city", False]
    ]


def test_a_bare_name_does_not_join_two_legal_forms():
    found = pairs(("A1", "Acme Tools Ltd", "Leeds"), ("A2", "Acme Tools PLC", "Leeds"), ("A3", "Acme Tools", "Leeds"))
    assert [certain for *_, certain in found] == [False, False, False]


def test_traditional_simplified_and_the_city_in_the_name_are_one():
    rows = ("A1", "臺北堃喆電子股份有限公司", "臺北"), ("A2", "堃喆电子股份有限公司", "台北市")
    assert pairs(*rows) == [["A1", "A2", "same_name_and_city", True]]


def test_two_banks_of_one_city_are_two():
    assert [certain for *_, certain in pairs(("A1", "中国银行", "北京"), ("A2", "北京银行", "北京"))] in ([], [False])


def test_one_valid_register_code_is_certain_and_two_speak_against():
    rows = ("A1", "Acme", "", CODE), ("A2", "Borealis", "", CODE.lower())
    assert pairs(*rows) == [["A1", "A2", "same_code", True]]
    assert pairs(("A1", "Acme", "Leeds", CODE), ("A2", "Acme", "Leeds", "91110000600037341L")) == []


def test_a_code_that_is_no_register_code_says_nothing():
    assert pairs(("A1", "Acme", "", "1"), ("A2", "Borealis", "", "1")) == []


def test_a_code_that_many_share_is_a_placeholder():
    names = ["Acme", "Borealis", "Cobalt", "Dunmore", "Easley", "Farrow"]
    found = pairs(*((f"A{n}", name, "", CODE) for n, name in enumerate(names)))
    assert len(found) == 15
    assert not any(certain for *_, certain in found)


def test_a_slip_of_the_pen_and_a_shared_domain_are_listed():
    assert pairs(("A1", "Timberford Pharma"), ("A2", "Timebrford Pharma")) == [["A1", "A2", "similar_name", False]]
    rows = ("A1", "Acme", "", "", "acme.com"), ("A2", "Borealis", "", "", "www.acme.com")
    assert pairs(*rows) == [["A1", "A2", "same_domain", False]]


def test_another_number_is_another_company():
    assert pairs(("A1", "Customer 1234"), ("A2", "Customer 1235")) == []


def test_an_account_and_its_parent_are_told_apart_by_the_crm():
    assert pairs(("A1", "Acme", "Leeds", "", "", ""), ("A2", "Acme", "Leeds", "", "", "A1")) == []


def test_accounts_without_names_have_no_pairs():
    assert find_pairs(pd.DataFrame({"account_id": ["A1", "A2", "A3"]})).empty


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["Acme", "Acme Ltd", "ACME LIMITED", "恒瑞电子", "恆瑞電子", ""]), max_size=6))
def test_the_order_of_the_rows_does_not_matter(names):
    frame = pd.DataFrame(
        {"account_id": [f"A{n}" for n in range(len(names))], "account_name": pd.Series(names, dtype="str"), "city": "X"}
    )

    def told(found):
        return {
            (frozenset((one, other)), certain)
            for one, other, certain in found[["account_id", "other_id", "certain"]].to_numpy()
        }

    assert told(find_pairs(frame)) == told(find_pairs(frame[::-1]))


def test_a_domain_that_many_accounts_share_is_nobodys():
    names = ["Acme", "Borealis", "Cobalt", "Dunmore", "Evergreen", "Fjord"]
    accounts = pd.DataFrame({"account_id": list("abcdef"), "account_name": names, "domain": "example.com"})
    assert find_pairs(accounts).empty
    assert set(find_pairs(accounts.head(2))["reason"]) == {"same_domain"}
