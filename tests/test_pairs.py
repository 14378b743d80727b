import pytest
from deliveries import codes, read

from mcrlib.errors import Refused

DEALS = "deal_id,property_dealname,deal stage\n" + "".join(f"D{n},Deal {n},Proposal\n" for n in range(1, 8))
PAIRS = "company_id,deal_id,type_id,category\n" + "".join(f"A{n % 3 + 1},D{n},5,HUBSPOT\n" for n in range(1, 7))


def test_a_table_of_pairs_names_the_customers_of_deals(tmp_path):
    found = read(tmp_path, opportunities=DEALS, deal_company_data=PAIRS + "A1,D6,5,HUBSPOT\nA3,D6,6,HUBSPOT\n")
    deals = found.tables["opportunities"]
    assert dict(zip(deals["opportunity_id"], deals["account_id"], strict=True)) == {
        "D1": "A2", "D2": "A3", "D3": "A1", "D4": "A2", "D5": "A3",
    }  # fmt: skip
    assert codes(found) == ["opportunities 7 account_id missing", "opportunities 8 account_id missing"]
    assert [str(w) for w in found.warnings if w.code in ("pairs", "unused_file")] == [
        "deal_company_data.csv: it names the accounts of 5 of 7 rows of opportunities.csv; "
        "1 rows stand with several accounts there and have none"
    ]


def test_a_refusal_names_the_pairs_that_fit_nothing(tmp_path):
    with pytest.raises(Refused, match=r"opportunities is missing(?s:.*)names the accounts of 0 of 7"):
        read(tmp_path, orders="", opportunities=DEALS, deal_company_data=PAIRS.replace(",D", ",X"))


def test_deals_that_name_their_customer_need_no_pairs(tmp_path):
    deals = "deal_id,account_id,deal stage\nD1,A1,Proposal\n"
    found = read(tmp_path, opportunities=deals, deal_company_data=PAIRS)
    assert found.tables["opportunities"]["account_id"].tolist() == ["A1"]
    assert [w.code for w in found.warnings] == ["unused_file"]
