import pytest

from mcrlib.errors import Busy, Complaint, Refused, UsageError, nearest, one_line


def test_a_complaint_says_where_before_what():
    complaint = Complaint("orphan", "3 rows", file="orders.csv", column="account_id", row=7)
    assert str(complaint) == "orders.csv, column account_id, row 7: 3 rows"
    assert str(Complaint("few", "too few accounts")) == "too few accounts"


def test_a_refusal_says_all_complaints_at_once_on_one_line():
    with pytest.raises(Refused, match=r"^a.csv: is empty; b.csv, column amount: two\nlines$".replace(r"\n", " ")):
        raise Refused(
            [Complaint("empty", "is empty", file="a.csv"), Complaint("x", "two\nlines", file="b.csv", column="amount")]
        )


def test_control_characters_never_reach_the_terminal():
    assert one_line("a\x1b[31m\x00b\r\nc") == "a [31m b c"


@pytest.mark.parametrize(("word", "hint"), [("tier", " (did you mean 'tiers'?)"), ("zzz", "")])
def test_the_nearest_known_word_is_offered(word, hint):
    assert nearest(word, ["tiers", "margin"]) == hint


def test_each_failure_has_its_exit_code():
    assert [UsageError("").exit_code, Refused("").exit_code, Busy("").exit_code] == [2, 3, 6]
