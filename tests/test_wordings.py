"""The words of lists: what each is taken for stands in the proposed client.yaml, and the unknown ones are asked."""

import pandas as pd
import yaml
from deliveries import ACCOUNTS, orders, read

from mcrlib.read.proposal import propose
from mcrlib.read.wordings import Wording, find_words, scalar, values_lines
from mcrlib.settings import Settings

LADDER = ("lead", "qualify", "develop", "propose", "negotiate", "won", "lost", "void")


def test_words_are_counted_and_told_apart():
    stages = pd.Series(["Closed Won", "Sniffing", "Closed Won", None, "-", "报价"])
    assert find_words("opportunities", {"stage": stages, "opportunity_name": stages}) == [
        Wording("opportunities", "stage", LADDER, {"Closed Won": (2, "won"), "报价": (1, "propose")}, {"Sniffing": 1})
    ]


def test_lists_that_speak_for_themselves_are_not_repeated():
    assert find_words("accounts", {"tier_crm": pd.Series(["A", "B"]), "in_public_pool": pd.Series(["是", "no"])}) == []


def test_reasons_of_loss_are_listed_as_delivered():
    (found,) = find_words("opportunities", {"lost_reason": pd.Series(["Price", "Price", "Late"])})
    assert (found.known, found.unknown) == ({"Price": (2, ""), "Late": (1, "")}, {})


def test_unknown_words_are_lines_to_finish():
    lines = values_lines(
        [Wording("orders", "status", ("valid", "void"), {"ok": (3, "valid")}, {"on: hold": 2, "Yes": 1})]
    )
    assert "#   orders, status: ok = valid (3)" in lines
    assert yaml.safe_load("\n".join(lines)) == {"values": {"status": {"on: hold": None, "Yes": None}}}


def test_many_words_are_counted():
    many = {f"w{n}": 1 for n in range(20)}
    assert "    # and 5 more words" in values_lines([Wording("orders", "status", ("valid",), {}, many)])


def test_a_scalar_is_read_back_as_it_was():
    for text in ("Yes", "1", "a: b", " x", "# y", "客户"):
        assert yaml.safe_load(f"{scalar(text)}: 1") == {text: 1}


def test_the_proposal_asks_and_what_is_answered_counts(tmp_path):
    deliveries = orders("P1,A1,2024-05-05,7,paused", header="order_id,account_id,order_date,amount,status")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(deliveries, encoding="utf-8")
    text = propose(tmp_path, screens={"contacts": "CRM: list of contacts"})
    assert "    paused:  # 1 rows" in text and "#      contacts: CRM: list of contacts" in text
    asked = Settings.model_validate(yaml.safe_load(text))
    assert read(tmp_path, settings=asked, accounts="", orders="").tables["orders"]["status"].notna().sum() == 0
    answered = Settings.model_validate(yaml.safe_load(text.replace("paused:", "paused: void")))
    assert len(read(tmp_path, settings=answered, accounts="", orders="").tables["orders"]) == 9


def test_what_tells_who_somebody_is_is_no_evidence(tmp_path):
    (tmp_path / "contacts.csv").write_text("contact_id,account_id,name,email\nK1,A1,Wang Wei,wei@acme.example\n")
    (tmp_path / "accounts.csv").write_text("account_id,account_name,Phone of Bo\nA1,Acme,138\n")
    text = propose(tmp_path)
    assert "contact_name: name  # sure; not shown" in text
    assert "Wang" not in text and "acme.example" not in text and "(138)" not in text
