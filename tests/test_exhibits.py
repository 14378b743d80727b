import re

import pandas as pd
import pytest
from portfolio import accounts, run

from mcrlib.notebooks import kit_folder
from mcrlib.show import exhibits, words

HOSTILE = "<script>alert(1)</script>\"&'**x**"


def html(frame, on=None, **knobs):
    made = exhibits.table(frame, on or run(), "top", title="Who?", **knobs).as_raw_html()
    return made[made.index("<table") :]


def test_everything_a_client_wrote_is_escaped():
    frame = pd.DataFrame({"account_name": [HOSTILE], "tier": [HOSTILE], "harvest": [1.0], "quadrant": [HOSTILE]})
    said = html(
        frame.rename(columns={"quadrant": "own <b>"}), columns={"account_name": "<i>", "tier": "t", "own <b>": "o"}
    )
    assert "<script" not in said and "<i>" not in said and "<b>" not in said
    assert said.count("&lt;script&gt;") == 3


def test_hostile_titles_and_notes_are_escaped():
    made = exhibits.table(accounts(1), run(), "top", title=HOSTILE, note=HOSTILE).as_raw_html()
    assert "<script" not in made


def test_ids_and_bytes_are_stable():
    first, second = (exhibits.table(accounts(3), run(), "top_accounts", title="Who?") for _ in range(2))
    assert first.as_raw_html() == second.as_raw_html()
    assert 'id="mcr-top-accounts-harvest"' in first.as_raw_html()


def test_numbers_are_written_by_what_they_mean():
    frame = pd.DataFrame(
        {
            "account_name": ["a", None],
            "tier": ["S", "C"],
            "harvest": [1_234_567.0, None],
            "p_alive": [0.5, None],
            "n_orders": [1200, 0],
            "last_order_date": pd.to_datetime(["2025-03-01", None]),
            "quadrant": ["mined", "granary"],
        }
    )
    rows = [
        re.findall(r"<td[^>]*>(?:<[^>]+>)*([^<]*)", row) for row in html(frame).split("<tbody")[1].split("<tr>")[1:]
    ]
    assert rows[0] == ["a", "S", "1.2m", "50%", "1,200", "1 Mar 2025", "mined"]
    assert rows[1][:7] == ["–", "C", "–", "–", "0", "–", "granary"]
    assert "Harvest, 12 months, EUR" in html(frame)


def test_a_difference_of_shares_is_in_points():
    frame = pd.DataFrame({"won_gap": [0.224, -0.05]})
    shown = exhibits.table(frame, run(), "gap", title="Gap").as_raw_html()
    assert ">22<" in shown and ">−5<" in shown and "percentage points" in shown


def test_a_table_says_its_basis_and_where_the_whole_is():
    said = html(accounts(20), top=5, note="Harvest is gross profit.")
    assert "The first 5 of 20 rows. As of 30 Aug 2025." in said and "Harvest is gross profit." in said
    assert '<a href="tables/top.csv">Download the whole table (CSV)</a>' in said


def test_rows_below_the_first_are_there_to_be_found_and_hidden():
    rows = html(accounts(150), top=5).split("<tbody")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert len(rows) == 60
    assert ['<span class="more"></span>' in row for row in rows] == [False] * 5 + [True] * 55
    assert "tr:has(.more){display:none}" in exhibits.CSS


def test_tiers_are_chips_and_bars_are_widths():
    frame = pd.DataFrame({"tier": ["S", "C"], "harvest": [100.0, 49.0]})
    said = html(frame, columns=["tier", "harvest+bar"])
    assert '<span class="tier tier-S">S</span>' in said
    assert 'class="bar w-100"' in said and 'class="bar w-50"' in said
    assert "style=" not in said


def test_a_table_without_rows_is_shown_with_its_heading():
    said = html(accounts(2).iloc[:0], columns=["account_name", "harvest+bar", "tier"])
    assert "Nothing to list." in said and "<th" not in said.split("<tbody")[0].replace("<thead", "")
    assert "Who?" in said and "Download" not in said


def test_the_table_speaks_the_readers_language():
    said = html(accounts(2), run("zh-TW", "TWD"), columns=["account_name", "soil_value", "quadrant"])
    assert "客戶名稱" in said and "土壤價值（元）" in said and "共 2 列。截至" in said


def test_headings_begin_with_a_capital_and_cells_and_units_do_not_break():
    frame = pd.DataFrame({"soil_low": [1.0], "last_order_date": pd.to_datetime(["2025-12-09"])})
    assert "At least" in html(frame)
    chinese = html(frame, run("zh-TW", "CNY"))
    assert "2025-12-09" in chinese and "人\u2060民\u2060幣" in chinese


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="no column harvets"):
        exhibits.table(accounts(1), run(), "top", title="t", columns=["harvets"])
    with pytest.raises(ValueError, match="small letters, digits and _"):
        exhibits.table(accounts(1), run(), "../top", title="t")


def test_what_is_missing_is_said_with_the_screen_to_ask_for(tmp_path):
    pd.DataFrame({"title": [None, "CEO"], "function": [None, None]}).to_parquet(tmp_path / "contacts.parquet")
    pd.DataFrame({"case_id": []}).to_parquet(tmp_path / "cases.parquet")
    needs = {"contacts": ["title", "function"], "activities": ["activity_date"], "cases": ["case_id"]}
    block = exhibits.missing(run(clean=tmp_path), needs)
    assert block.metadata == {"mcr": {"missing": ["contacts.function", "activities", "cases"]}}
    assert (
        "<td>contacts</td><td>Function (function)</td><td>CRM: list of contacts with title and department</td>"
        in block.html
    )
    assert "Service desk" in block.text
    chinese = exhibits.missing(run("zh-CN", clean=tmp_path), {"activities": ["duration_min"]})
    assert "用时分钟数（duration_min）" in chinese.text


def test_nothing_missing_says_so(tmp_path):
    pd.DataFrame({"title": ["CEO"]}).to_parquet(tmp_path / "contacts.parquet")
    block = exhibits.missing(run(clean=tmp_path), {"contacts": ["title"]})
    assert block.text == "Nothing is missing: the export has all that this page asks for."
    assert block.metadata == {"mcr": {"missing": []}}
    assert not exhibits.missing(run(clean=tmp_path), {"contacts": ["title"]}, quiet=True)


def test_so_what_lists_its_sentences():
    block = exhibits.so_what("One <b>.", "Two.")
    assert block.html == '<ul class="so-what"><li>One &lt;b&gt;.</li><li>Two.</li></ul>'
    assert block._repr_mimebundle_()[1] == {"mcr": {"so_what": ["One <b>.", "Two."]}}


@pytest.mark.parametrize(
    ("holds", "said"), [(True, "✓ A = B: yes (1 = 1)"), (False, "✗ A = B: no, look into it (1 = 1)")]
)
def test_a_check_is_visible(holds, said):
    block = exhibits.check(run(), "A = B", holds, "1 = 1")
    assert block.text == said and block.metadata == {"mcr": {"check": holds}}


def test_a_note_of_the_kit_is_translated():
    assert exhibits.note(run("zh-CN"), "No account is mined.").html == '<p class="note">没有透支的客户。</p>'


def test_an_answer_is_a_question_a_number_a_sentence_and_a_way_to_the_proof():
    said = [words.Answer("What <b>?", "38%", "of it & more.", "06_weigh", "Who feeds us, and who is fed?")]
    made = exhibits.answers(run(), said)
    assert made.html == (
        '<ol class="answers"><li><p class="question">What &lt;b&gt;?</p><p class="number">38%</p>'
        '<p>of it &amp; more.</p><p class="proof">'
        '<a href="06_weigh.html#who-feeds-us-and-who-is-fed">Who feeds us, and who is fed?</a></p></li></ol>'
    )
    assert made.metadata["mcr"]["so_what"] == ["What <b>? 38% of it & more."]


def test_every_answer_leads_to_a_section_of_a_chapter():
    nothing = pd.DataFrame({"account_name": [], "tier": [], "quadrant": [], "harvest": [], "soil_value": []})
    changed = pd.DataFrame({"soil_before": [], "soil_value": [], "tier": [], "tier_before": [], "step": []})
    for one in words.five_answers(nothing, pd.DataFrame({"account_name": [], "at_risk": []}), changed, None, run()):
        text = (kit_folder("notebooks") / f"{one.chapter}.ipynb").read_text(encoding="utf-8")
        assert f'"## {one.section}' in text, one


def test_a_table_of_no_rows_to_read_is_refused():
    with pytest.raises(ValueError, match="top is how many rows to read, 1 or more, not 0"):
        exhibits.table(pd.DataFrame({"account_name": ["a"]}), run(), "x", title="t", top=0)
