import pytest
from deliveries import codes, read

from mcrlib.settings import Settings

DEALS = "opportunity_id,account_id,amount,created_date,close_date,stage{}\n"


def deals(folder, header, *rows, **knobs):
    lines = [f"D{n},A1,5.5,2024-01-05,2024-06-05,{row}" for n, row in enumerate(rows)]
    text = DEALS.format("," + header if header else "") + "\n".join(lines) + "\n"
    return read(folder, opportunities=text, **knobs)


@pytest.mark.parametrize(
    ("stage", "status", "standard"),
    [
        ("Closed Won", "won", "won"), ("closedlost", "lost", "lost"),
        ("赢单", "won", "won"), ("已取消", "void", "void"),
        ("Geschlossen/Verloren", "lost", "lost"), ("已結束且未成交", "lost", "lost"), ("已結束且成交", "won", "won"),
        ("Negotiation/Review", "open", "negotiate"), ("3-Propose", "open", "propose"), ("方案验证", "open", "develop"),
    ],
)  # fmt: skip
def test_stages_of_any_system_stand_on_one_ladder(tmp_path, stage, status, standard):
    row = deals(tmp_path, "", stage).tables["opportunities"].iloc[0]
    assert (row["status"], row["stage_std"], row["stage"]) == (status, standard, stage)


def test_an_unknown_stage_is_closed_by_flags_and_else_open_with_a_warning(tmp_path):
    found = deals(tmp_path, "is_won,is_closed", "Phase X,true,true", "Phase X,false,true", "Phase X,false,false")
    assert found.tables["opportunities"]["status"].tolist() == ["won", "lost", "open"]
    assert [w.code for w in found.warnings] == ["unknown_stage"]


def test_client_yaml_says_what_a_stage_means(tmp_path):
    found = deals(tmp_path, "", "Phase X", settings=Settings(values={"stage": {"phase x": "won"}}))
    assert found.tables["opportunities"]["status"].tolist() == ["won"] and not found.warnings


def test_one_close_date_is_expected_while_open_and_real_once_closed(tmp_path):
    found = deals(tmp_path, "", "Won", "Proposal").tables["opportunities"]
    assert found["closed_date"].notna().tolist() == [True, False]
    assert found["expected_close_date"].notna().tolist() == [False, True]


def test_a_won_deal_needs_amount_and_closing_date(tmp_path):
    text = (
        DEALS.format("") + "D1,A1,,2024-01-05,2024-06-05,Won\nD2,A1,5.5,2024-01-05,,Won\nD3,A1,,2024-01-05,,Proposal\n"
    )
    assert codes(read(tmp_path, opportunities=text)) == [
        "opportunities 2 amount missing",
        "opportunities 3 closed_date missing",
    ]


def test_a_won_deal_without_an_estimate_counts_with_what_it_brought(tmp_path):
    text = "opportunity_id,account_id,amount,actual revenue,created_date,closed_date,stage\n"
    text += "D1,A1,,9.5,2024-01-05,2024-06-05,won\nD2,A2,7,,2024-01-05,2024-06-05,won\n"
    found = read(tmp_path, opportunities=text)
    assert found.tables["opportunities"]["opportunity_id"].tolist() == ["D1", "D2"]


def test_a_deleted_deal_does_not_count(tmp_path):
    assert codes(deals(tmp_path, "is_deleted", "Won,1", "Won,0")) == ["opportunities 2 is_deleted deleted"]


def test_titles_give_level_and_function(tmp_path):
    titles = ["总经理", "副总经理", "Procurement Manager", "Buyer", "Director"]
    text = "contact_id,account_id,title\n" + "".join(f"C{n},A1,{title}\n" for n, title in enumerate(titles))
    found = read(tmp_path, contacts=text).tables["contacts"]
    assert found["level"].tolist() == ["exec", "senior", "middle", "base", "senior"]
    assert found["function"].fillna("").tolist() == ["general_mgmt", "general_mgmt", "procurement", "procurement", ""]


def test_a_promoter_score_lies_between_0_and_10(tmp_path):
    text = "survey_id,account_id,survey_date,nps\nS1,A1,2024-05-05,11\nS2,A1,2024-05-05,10\nS3,A1,2024-05-05,-3\n"
    found = read(tmp_path, surveys=text)
    assert codes(found) == ["surveys 2 nps out_of_range", "surveys 4 nps out_of_range"]
    assert found.tables["surveys"][["kind", "scale_max"]].to_numpy().tolist() == [["nps", 10.0]]


def test_tiers_with_brackets_keep_what_was_delivered(tmp_path):
    found = read(tmp_path, accounts="account_id,tier\nA1,A（重点客户）\nA2,战略客户\nA3,Hot\n").tables["accounts"]
    assert found["tier_crm"].fillna("").tolist() == ["A", "S", ""] and found["tier_raw"].tolist()[0] == "A（重点客户）"


def test_of_a_log_of_all_fields_only_the_stages_are_stage_history(tmp_path):
    text = "id,opportunity_id,created_date,field,old_value,new_value\n"
    text += "H1,D0,2024-02-01,StageName,New,Proposal\nH2,D0,2024-02-02,Amount,5,9\nH3,D0,2024-02-03,Owner,Ann,Bob\n"
    found = deals(tmp_path, "", "Proposal", opportunity_field_history=text)
    assert found.tables["stage_history"]["new"].tolist() == ["Proposal"]
    assert codes(found) == ["stage_history 3 field other_field", "stage_history 4 field other_field"]
