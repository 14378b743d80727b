import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.show import figures, words
from mcrlib.show.figures.style import told

QUARTERS = pd.date_range("2023-01-01", periods=12, freq="QS").as_unit("us")


@pytest.fixture
def curves():
    depths = {"A": -10.0, "B": -5.0, "C": 8.0}
    made = [
        pd.DataFrame({"account_id": name, "quarter": QUARTERS, "cumulative": np.linspace(0, depth, 12)})
        for name, depth in depths.items()
    ]
    return pd.concat(made, ignore_index=True)


@pytest.fixture
def patience():
    return pd.DataFrame(
        {
            "account_id": ["A", "B", "C", "D"],
            "account_name": ["Acme", "Borealis", "Cato", "Delta"],
            "depth": [-10.0, -5.0, 0.0, -1.0],
            "p_payback": [0.1, 0.7, 1.0, np.nan],
            "gate": ["stop", "reinforce", "paid_back", "not_available"],
            "status": ["ok", "weak", "ok", "not_available"],
            "own_share": [0.9, 0.2, 0.6, 0.1],
        }
    )


def fan(*accounts):
    row = {"quarter": QUARTERS[-1:].append(QUARTERS[-1:] + pd.DateOffset(months=3)), "low": -12.0, "middle": -9.0,
           "gate_low": -8.0, "gate_high": 1.0}  # fmt: skip
    return pd.concat([pd.DataFrame(row | {"high": 3.0, "account_id": account}) for account in accounts])


def test_one_entry_at_each_gate_gets_a_fan_and_the_others_a_line(curves, patience):
    ax = figures.patience_curves(curves, run(), fan=fan("A", "B", "C"), patience=patience)
    assert len(ax.collections) == 2
    assert "1 of 3" in told(ax).answer
    assert ax.get_ylim()[0] < -12


def test_a_curve_that_begins_above_the_picture_leaves_no_splinter(curves, patience):
    high = pd.DataFrame({"account_id": "Z", "quarter": curves["quarter"].min(), "cumulative": [1e6]})
    drawn = [len(figures.patience_curves(one, run(), fan=fan("A", "B", "C"), patience=patience).lines)
             for one in (curves, pd.concat([curves, high]))]  # fmt: skip
    assert drawn[0] == drawn[1]


def test_a_gate_is_said_with_its_reason():
    rows = [
        (0.7, 0.1, True, "reinforce"), (0.1, 0.1, False, "stop"), (0.4, 0.1, False, "review"),
        (0.1, 0.1, None, "review"), (0.1, 0.1, True, "review"), (0.1, np.nan, False, "review"),
        (0.1, 0.5, False, "review"), (1.0, 1.0, True, "paid_back"),
    ]  # fmt: skip
    entries = pd.DataFrame(rows, columns=["p_payback", "p_before", "is_rising", "gate"])
    entries["is_rising"] = entries["is_rising"].astype("boolean")
    assert words.gate_reasons(entries, run()).tolist() == [
        "reinforce: 60% or more",
        "stop: below 30% twice running, relationships flat",
        "review: between 30% and 60%",
        "review: below 30%, whether relationships grow is not known",
        "review: below 30%, but relationships grow",
        "review: below 30%, a year ago not known",
        "review: below 30% for the first time",
        "paid back",
    ]


def test_entries_without_a_gate_to_decide_at_have_no_bar(patience):
    ax = figures.patience_gates(patience, run())
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Borealis", "Acme"]
    assert "1 of 2" in told(ax).answer


def test_where_nothing_is_open_the_picture_says_so(patience):
    ax = figures.patience_gates(patience[patience["gate"] == "paid_back"], run())
    assert "0 of 0" in told(ax).answer


def test_what_is_said_counts_gates_and_does_not_judge_a_few(patience):
    said = words.about_patience(patience, {"n": 3.0, "inside": np.nan}, run())
    assert (
        "Strategic entries: 4; paid back 1, reinforce 1, review 0, at the stop gate 1, with too short a history 1."
        in said
    )
    assert "1 of them began before the costs on record" in said
    assert "What is foretold of 2 of them rests for more than half on what other entries tell" in said
    assert "cannot be judged" in said
    assert "hold 80% of 20" in words.about_patience(patience, {"n": 20.0, "inside": 0.8}, run())
    assert "cannot be said" in words.about_patience(patience.iloc[:0], {"n": 0.0, "inside": np.nan}, run())


def test_when_an_entry_pays_is_said_with_its_doubt():
    first, middle, last = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-07-01"), pd.Timestamp("2028-01-01")
    spans = [(first, middle, last), (first, middle, pd.NaT), (first, pd.NaT, pd.NaT), (pd.NaT,) * 3, (first,) * 3]
    rows = [{f"{what}_{when}": day for what in ("current", "payback") for when, day in zip(
        ("early", "middle", "late"), span, strict=True)} for span in spans]  # fmt: skip
    still = {"current_break_even": pd.NaT, "cumulative_break_even": pd.NaT}
    entries = pd.DataFrame(rows).assign(gate=["review"] * 5, **still)
    said = words.break_even_spans(entries, run())
    assert (
        said["current_when"].tolist()
        == said["payback_when"].tolist()
        == [
            "Q3 2026 (Q1 2026 to Q1 2028)",
            "Q3 2026 (Q1 2026 or much later)",
            "Q1 2026 at best",
            "hardly within 5 years",
            "Q1 2026",
        ]
    )
    unknown = words.break_even_spans(entries.assign(gate="not_available"), run())
    assert set(unknown["payback_when"]) == {words.of(run()).number(None)}


def test_what_has_come_is_told_as_it_came():
    day, never = pd.Timestamp("2024-04-01"), dict.fromkeys(("current_early", "current_middle", "current_late",
        "payback_early", "payback_middle", "payback_late"), pd.NaT)  # fmt: skip
    rows = [{"current_break_even": day, "cumulative_break_even": day}, {"current_break_even": day,
        "cumulative_break_even": pd.NaT}]  # fmt: skip
    said = words.break_even_spans(pd.DataFrame([row | never for row in rows]).assign(gate="paid_back"), run())
    assert said.to_numpy().tolist() == [["Q2 2024", "Q2 2024"], ["Q2 2024", "has never dug"]]
    again = words.break_even_spans(pd.DataFrame([row | never for row in rows]).assign(gate="review"), run())
    assert again["payback_when"].tolist() == ["hardly within 5 years"] * 2  # it was filled, and was dug again


def test_the_budget_is_told_with_what_was_used_of_it():
    told = {"gross_profit": 1e6, "others": 5e5, "budget": 1e5, "budget_used": 4e4, "budget_left": 6e4, "next_loss": 2e4}
    said = words.about_budget(told, run())
    assert "10% of the gross profit" in said and "is left" in said and "expected to ask for" in said
    capped = words.about_budget(told | {"budget": 3e4, "budget_left": -1e4, "next_loss": np.nan}, run())
    assert "no more than what all other customers left over" in capped and "too much" in capped
    assert "expected to ask" not in capped
    assert "not available" in words.about_budget(dict.fromkeys(told, np.nan), run())
