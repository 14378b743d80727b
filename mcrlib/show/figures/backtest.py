"""Picture that judges forecasts, against simple guesses."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, INK, STONE
from mcrlib.show.figures.style import canvas, hide, one_of, picture, rows_of, tell
from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.forecasts import METRICS, TARGETS
from mcrlib.show.words.terms import term

#: Measures where less is better.
LESS_IS_BETTER = frozenset({"mae", "rmse"})
#: The forecast a run would use; all others are guesses that anyone could make.
KIT = "kit"


@picture
def backtest_bars(
    backtest: pd.DataFrame,
    run: Any,
    *,
    verdict: Any = None,
    target: str = "revenue",
    metric: str = "mae",
    ax: Axes | None = None,
) -> Axes:
    """How the forecast did on a frozen past, beside the guesses that anyone could make.

    Parameters
    ----------
    backtest : DataFrame
        model, target, metric, value, n.
    run
        Language, currency and as-of date.
    verdict : mcrlib.judge.backtest.Verdict, optional
        The paired comparison with the best guess; its interval is drawn and its outcome said.
    target, metric : str
        Which measure to draw.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One bar per model, best first; guesses are grey and hatched.
    """
    say = of(run)
    one_of("backtest_bars", target, {*TARGETS, *backtest["target"]})
    one_of("backtest_bars", metric, {*METRICS, *backtest["metric"]})
    chosen = backtest[(backtest["target"] == target) & (backtest["metric"] == metric)].dropna(subset=["value"])
    chosen = chosen.sort_values(["value", "model"], ascending=[metric in LESS_IS_BETTER, True], kind="stable")
    ax = canvas(ax, 0.25 + 0.46 * max(len(chosen), 2))
    is_paired = verdict is not None and (verdict.metric, verdict.target) == (metric, target)
    for row, one in enumerate(rows_of(chosen)):
        ours = one.model == KIT
        ax.barh(row, one.value, height=0.42, color=EARTH[1] if ours else STONE[2],
                hatch=None if ours else "////", edgecolor="white", linewidth=0)  # fmt: skip
        text = f"{term(say, 'model', one.model)}: {_value(one.value, metric, say)}"
        ax.text(0, row - 0.26, text, ha="left", va="bottom", size=10)
        if ours and is_paired:
            span = [verdict.baseline_error + verdict.low, verdict.baseline_error + verdict.high]
            ax.plot(span, [row, row], color=INK, linewidth=1.6, marker="|", ms=9)
    ax.set(ylim=(max(len(chosen), 2) - 0.6, -0.75), yticks=[])
    hide(ax.xaxis)
    answer = _judged(verdict, say) if verdict is not None else _ranked(chosen, say)
    what = term(say, "metric", metric)
    alt = say("Bars for the forecast and simple guesses, measure: {what}. {answer}.", what=what, answer=answer)
    caption = say(
        "Judged at earlier dates: the forecast saw nothing that came after them. Measure: {what} ({direction}). "
        "Hatched bars are guesses that need no model.",
        what=what,
        direction=say("less is better") if metric in LESS_IS_BETTER else say("more is better"),
    )
    if is_paired:
        caption = say.together(
            caption, say("The line on our bar holds our error against the best guess in 8 of 10 draws.")
        )
    n = say.count("{n} forecast judged", "{n} forecasts judged", int(chosen["n"].max())) if len(chosen) else ""
    return tell(ax, run, title=say("Did it work in the past?"), answer=answer, alt=alt, caption=caption, n=n)


def _value(value: float, metric: str, say: Words) -> str:
    if metric in LESS_IS_BETTER:
        return say.money(value)
    return say.percent(value) if metric.startswith(("top", "gems", "coverage", "bias")) else say.number(value, 2)


def _judged(verdict: Any, say: Words) -> str:
    names = {"guess": term(say, "model", verdict.baseline), "saved": say.percent(abs(verdict.better_by))}
    if verdict.outcome == "wins":
        return say("Yes: {saved} less error than the best simple guess ({guess})", **names)
    if verdict.outcome == "loses":
        return say("No: the simple guess ({guess}) does better", **names)
    if verdict.outcome == "too_few":
        return say.count("Only {n} account: too few to say which is better",
                         "Only {n} accounts: too few to say which is better", verdict.n)  # fmt: skip
    return say("Undecided: as good as the best simple guess ({guess})", **names)


def _ranked(chosen: pd.DataFrame, say: Words) -> str:
    if KIT not in set(chosen["model"]) or len(chosen) < 2:
        return say("There is nothing to compare with")
    rank = 1 + list(chosen["model"]).index(KIT)
    return say("Our forecast is number {rank} of {n}", rank=say.number(rank), n=say.number(len(chosen)))
