import datetime as dt
import inspect
import re
import warnings
from functools import cache, partial
from io import BytesIO
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image, ImageColor
from portfolio import accounts, gained, pictures, run, tier_ways, verdict

from mcrlib.judge.regret import regret_verdicts
from mcrlib.show import figures
from mcrlib.show.figures.colours import EARTH, INK, PAPER
from mcrlib.show.figures.fonts import drawable, families, shorten
from mcrlib.show.figures.scales import place
from mcrlib.show.figures.shown import _settled
from mcrlib.show.figures.style import told

NAMES = [name for name in figures.__all__ if name not in ("Picture", "show")]


@cache
def drawn(name, n, language="en"):
    """A picture, drawn once for all tests that look at it."""
    before = dict(mpl.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = pictures(n, language)[name]()
    assert dict(mpl.rcParams) == before
    return ax


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("n", "language"), [(1, "zh-TW"), (5, "zh-CN"), (5000, "en")])
def test_every_picture_draws_and_gives_the_style_back(name, n, language):
    before, ax = dict(mpl.rcParams), drawn(name, n, language)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.show(ax)
    assert dict(mpl.rcParams) == before
    said = told(ax)
    assert said.title and said.alt and said.basis
    assert (said.answer and said.caption) or not said.drawn
    assert "{" not in said.title + said.answer + said.alt + said.caption + said.basis
    assert said.alt == ax.get_label()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [1, 5, 40, 5000])
def test_no_text_lies_on_another_or_outside(name, n):
    figure = drawn(name, n).figure
    figure.draw_without_rendering()
    boxes = {text: Text.get_window_extent(text).padded(-1) for text in texts(figure)}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert not a.overlaps(b), f"{one.get_text()!r} lies on {other.get_text()!r}"
    for text, box in boxes.items():
        assert box.x0 >= 0 and box.y0 >= 0, f"{text.get_text()!r} is cut off"
        assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, f"{text.get_text()!r} is cut off"


def texts(figure):
    """All texts that are seen: a tick outside the axis' range is not."""
    found = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    ticks = {tick.label1: tick for ax in figure.axes for tick in (*ax.xaxis.majorTicks, *ax.yaxis.majorTicks)}
    seen = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            shown = axis.get_visible() and ax.axison
            seen |= {tick.label1 for tick in axis._update_ticks()} if shown else set()
    return [text for text in found if text not in ticks or text in seen]


@pytest.mark.parametrize("name", NAMES)
def test_letters_can_be_read_on_a_phone(name):
    figure = drawn(name, 40).figure
    scale = 390 / figure.get_size_inches()[0] / 72
    assert min(text.get_fontsize() for text in texts(figure)) * scale >= 8.9


def test_the_same_frame_gives_the_same_bytes():
    first, second = (figures.show(pictures(40)["soil_harvest_map"]()) for _ in range(2))
    assert first.html == second.html


@pytest.mark.parametrize(("name", "fills"), [("tier_pyramid", (PAPER, *EARTH)), ("completeness", (PAPER, INK))])
def test_a_picture_has_few_colours_and_its_areas_keep_theirs(name, fills):
    shown = Image.open(BytesIO(figures.show(pictures(40)[name]()).data)).convert("RGB")
    colours = {colour for _, colour in shown.getcolors(32)}
    assert {ImageColor.getrgb(fill) for fill in fills} <= colours


@pytest.mark.parametrize("most", [2, 24])
def test_shades_settle_where_k_means_over_every_dot_puts_them(most):
    dots = np.random.default_rng(1).integers(0, most, (80, 60, 3), dtype=np.uint8) ** 2 // 3 + most % 3
    image = Image.fromarray(dots)
    first, settled = (image.quantize(9, Image.Quantize.MAXCOVERAGE, kmeans=k, dither=0).getpalette() for k in (0, 1))
    colours, counts = np.unique(dots.reshape(-1, 3).astype(int), axis=0, return_counts=True)
    assert _settled(np.reshape(first, (-1, 3))[:9], colours, counts).ravel().tolist() == settled[:27]


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_without_rows_gives_a_sentence_and_one_of_one_row_a_picture_or_the_same(name):
    frame = pictures(40)[name].frame
    nothing = figures.show(pictures(40)[name](frame.iloc[:0]), "caption")
    assert nothing.html == '<p class="note empty">There is nothing to draw here.</p>'
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert told(pictures(40)[name](frame.iloc[:1])).alt


KNOBS = {name: inspect.signature(getattr(figures, name)).parameters for name in NAMES}


@pytest.mark.parametrize("name", [name for name in NAMES if "top" in KNOBS[name]])
def test_nobody_is_too_few_to_show(name):
    with pytest.raises(ValueError, match=f"{name}: top is how many to show or to name, 1 or more, not 0"):
        pictures(40)[name](top=0)


@pytest.mark.parametrize(
    ("name", "knob", "said"),
    [
        ("backtest_bars", {"metric": "maee"}, "'maee' is none of .*did you mean 'mae'"),
        ("backtest_bars", {"target": "revenu"}, "'revenu' is none of .*did you mean 'revenue'"),
        ("gp_by_period", {"by": "month"}, "'month' is none of quarter, year"),
        ("concentration", {"column": "harvst"}, "no column 'harvst' .did you mean 'harvest'"),
    ],
)
def test_a_word_that_no_picture_knows_is_named_with_the_nearest(name, knob, said):
    with pytest.raises((KeyError, ValueError), match=said):
        pictures(40)[name](**knob)


def test_a_measure_that_was_not_judged_here_is_nothing_to_compare():
    assert "nothing to compare" in told(pictures(40)["backtest_bars"](metric="gems_found", verdict=None)).answer


def test_a_caller_may_bring_the_axes():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert pictures(5)["tier_pyramid"](ax=left) is left
    assert pictures(5)["gp_bridge"](ax=right).get_title(loc="left").startswith("Where did growth come from")


def test_everything_a_client_wrote_is_escaped():
    frame = accounts(1).assign(account_name='<img src=x onerror="alert(1)">')
    html = figures.show(figures.soil_intervals(frame, run()), 'caption <b> & "quotes"').html
    assert html.count("<img") == 1 and "<b>" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;" in html
    assert re.match(
        r'<figure><img src="data:image/webp;base64,[\w+/=]+" alt="[^"<>]+"><figcaption>[^<>]+</figcaption>', html
    )


def test_axes_of_ones_own_need_an_alt_text():
    ax = Figure().subplots()
    with pytest.raises(ValueError, match="no picture of mcrlib.show.figures: give alt and caption"):
        figures.show(ax, "caption")
    with pytest.raises(ValueError, match="needs an alt text"):
        figures.show(ax, "caption", alt=" ")
    assert 'alt="A line."' in figures.show(ax, "caption", alt="A line.").html


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        ("wins", "Yes: 10% less error than the best simple guess (last year again)"),
        ("loses", "No: the simple guess (last year again) does better"),
        ("undecided", "Undecided: as good as the best simple guess (last year again)"),
    ],
)
def test_the_backtest_says_what_the_comparison_found(outcome, answer):
    frame = pd.DataFrame([("kit", "revenue", "mae", 8.0, 9)], columns=["model", "target", "metric", "value", "n"])
    shown = told(figures.backtest_bars(frame, run(), verdict=verdict(outcome)))
    assert shown.answer == answer and "The line on our bar" in shown.caption
    other = frame.assign(metric="top_20", value=0.5)
    ax = figures.backtest_bars(other, run(), verdict=verdict(outcome), metric="top_20")
    assert "The line on our bar" not in told(ax).caption


def test_the_bridge_adds_up():
    frame = pd.DataFrame({"harvest": [0.0, 50, 120, 30], "harvest_previous": [100.0, 80, 70, 0]})
    bars = figures.gp_bridge(frame, run()).patches
    assert [bar.get_height() for bar in bars] == [250, -100, -30, 50, 30, 200]


def test_the_pyramid_says_its_shares():
    frame = pd.DataFrame({"tier": list("SABC"), "harvest": [60.0, 20, 15, 5]})
    assert told(figures.tier_pyramid(frame, run())).answer == "S and A: 50% of the accounts, 80% of the harvest"
    lost = frame.assign(harvest=frame["harvest"] - frame["harvest"].sum())
    assert "%" not in told(figures.tier_pyramid(lost, run())).answer.partition(",")[2]


def test_an_unfinished_period_is_marked():
    days = pd.to_datetime(["2024-01-01", "2025-01-01"])
    frame = pd.DataFrame({"period": days, "gp": [10.0, 5]})
    ax = figures.gp_by_period(frame, run())
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, True]
    assert told(ax).caption.endswith("The hatched bar runs only to 30 Aug 2025.")


def test_a_first_year_that_was_cut_is_marked_and_not_compared_with():
    days = pd.to_datetime(["2023-01-01", "2024-01-01"])
    frame = pd.DataFrame({"period": days, "gp": [10.0, 30]})
    ax = figures.gp_by_period(frame, run(), since=dt.date(2023, 7, 4))
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [True, False]
    assert told(ax).answer == "Too short a history to speak of growth"
    assert "begins only on 4 Jul 2023" in told(ax).caption
    whole = figures.gp_by_period(frame, run(), since=dt.date(2023, 1, 10))
    assert told(whole).answer == "2024: €30, 200% more than in 2023"


def test_missing_is_never_drawn_at_zero():
    places, ticks = place(pd.Series([None, 0.0, 10.0, 1000.0]))
    assert pd.isna(places[0]) and places[1] < 1 <= places[2] and ticks[min(ticks)] == 0.0


def test_letters_that_no_font_has_are_replaced():
    assert drawable("喆堃 Ünal\n😀 한\u200b") == "喆堃 Ünal 😀 □"
    assert families("zh-TW")[0] == "Noto Sans TC" and families("zh-CN")[0] == "Noto Sans SC"
    assert shorten("北京喆堃科技", 8) == "北京喆堃..."


def test_pictures_of_sums_say_whom_they_leave_out():
    frame = pd.DataFrame({"account_name": [*"abc"], "quadrant": ["mined", "mined", "sown"], "harvest": [5.0, 1.0, 0.0]})
    frame = frame.assign(soil_value=[2.0, None, None], soil_low=1.0, soil_high=3.0)
    bars = told(figures.balance_bars(frame, run()))
    assert "soil without 2 of which too little is known" in bars.basis
    assert bars.answer.startswith("Mined accounts give 100% of the harvest and hold 100% of the soil value")
    for picture in (figures.soil_intervals, partial(figures.concentration, column="soil_value")):
        assert "2 without data not shown" in told(picture(frame, run())).basis


def test_crops_of_a_loss_have_no_share():
    frame = pd.DataFrame({"account_name": ["a"], "crop_value": -5.0, "crop_low": -9.0, "crop_high": 1.0})
    frame = frame.assign(run_rate=-5.0, pipeline_value=0.0)
    assert told(figures.crops_stack(frame, run())).answer == "−€5 expected in 12 months"


def test_a_field_whose_place_is_not_known_is_counted_once():
    frame = pd.DataFrame({"account_name": [*"abcd"], "quadrant": ["mined", "granary", "empty", "empty"]})
    frame = frame.assign(harvest=[9.0, 8.0, 0.0, 0.0], soil_value=[1.0, 5.0, np.nan, np.nan], verdict="serve")
    basis = told(figures.soil_harvest_map(frame, run(), soil="soil_value")).basis
    assert basis.startswith("2 accounts · 2 without data not shown")
    basis = told(figures.soil_harvest_map(frame.fillna(2.0), run(), soil="soil_value")).basis
    assert basis.startswith("4 accounts · pale crosses: not sown yet (2)")
    texts = [text.get_text() for text in figures.balance_bars(frame, run()).texts]
    assert "harvest 0% (€0)" in texts and "soil –" in texts


def test_where_nobody_is_in_s_or_a_the_lines_stand_at_the_middle_of_those_that_ordered():
    frame = accounts(5).assign(tier="C", quadrant=["granary", "mined", "sown", "barren", "empty"], fertility=np.nan)
    frame = frame.assign(soil_value=[1e4, 1e3, 1e5, 1e6, 0.0], harvest=[1e3, 1e4, 1e5, 1e6, 0.0])
    by_all, some = (figures.soil_harvest_map(one, run(), soil="soil_value") for one in (frame, frame.assign(tier="A")))
    assert "the medians of those that ordered, as nobody is in S or A." in told(by_all).caption
    assert "the medians of S and A." in told(some).caption
    lines = [[line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"][-1] for ax in (by_all, some)]
    assert lines[0] > lines[1]  # who never ordered does not pull it down


def test_prices_are_told_of_the_quarters_shown_and_named_at_the_same_quarter_of_each_year():
    months = pd.DataFrame({"date": pd.date_range("2020-01-01", "2025-06-01", freq="MS"), "list_amount": 100.0})
    months["amount"] = np.where(months["date"] < "2021-07-01", 10.0, 90.0)  # before the sixteen quarters
    ax = figures.discounts(months, run())
    assert told(ax).answer == "90% of list price is kept; €480 went as discount"
    assert told(ax).basis.startswith("48 months with list prices")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Q2 2022", "Q2 2023", "Q2 2024", "Q2 2025"]


def test_the_mix_to_come_has_room_for_those_that_earlier_dates_did_not_know():
    dates = pd.to_datetime(["2024-12-31", "2024-12-31", "2025-12-31", "2025-12-31"])
    seen = pd.DataFrame({"date": dates, "account_id": [*"abab"], "tier": ["S", "C", "S", "C"]})
    mix = pd.DataFrame({"tier": ["S", "C", "none"], "n_now": [1, 1, 3], "n_expected": [1.0, 1.0, 3.0]})
    ahead = dt.date(2026, 12, 31)
    ax = figures.tier_flows(seen, run(), mix=mix.assign(n_low=1, n_high=3), ahead=ahead)
    assert ax.get_ylim()[0] <= -5
    assert [label.get_text() for label in ax.get_xticklabels()] == ["31 Dec 2024", "31 Dec 2025", "31 Dec 2026"]


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("tier_map", {"soil_value": np.nan}),
        ("tier_borderline", {"tier_probability": np.nan}),
        ("soil_harvest_map", {"quadrant": None}),
        ("balance_bars", {"quadrant": None}),
    ],
)
def test_of_what_is_known_of_nobody_there_is_no_picture(name, unknown):
    ax = getattr(figures, name)(accounts(5).assign(**unknown), run())
    assert figures.show(ax).alt == "There is nothing to draw here."


def test_how_the_best_began_is_no_picture_where_nobody_is_among_them():
    ax = figures.beginnings_bars(pd.DataFrame({"tier": ["C", "B"], "quarter": [1, 4]}), run())
    assert figures.show(ax).alt == "There is nothing to draw here."
    young = pd.DataFrame({"tier": ["S"], "quarter": pd.array([None], dtype="Int64")})
    assert figures.show(figures.beginnings_bars(young, run())).alt == "There is nothing to draw here."


def test_who_has_not_had_its_first_year_is_counted_as_not_yet():
    began = pd.DataFrame({"tier": ["S", "A", "A", "C"], "quarter": pd.array([1, 4, None, 2], dtype="Int64")})
    made = told(figures.beginnings_bars(began, run()))
    assert made.answer == "Of today's S and A, 1 of 2 began in the lower half"
    assert "3 accounts that ordered · 1 not yet a year with us" in str(made)


def test_beside_losses_a_part_larger_than_the_whole_is_no_share():
    ways = tier_ways(9)
    lossy = ways.assign(share=ways["share"].where(ways["way"] != "kit", 5.75))
    ax = figures.tier_regret(gained(), run(), regret=lossy, watches=regret_verdicts(lossy))
    named = [text.get_text() for text in ax.get_legend().get_texts()]
    assert any(one.endswith("–") for one in named) and not any("575" in one for one in named)


def test_the_bridge_counts_losses_that_came_and_losses_that_went():
    frame = pd.DataFrame({"harvest": [-300.0, 0.0, 50.0], "harvest_previous": [0.0, -100.0, 20.0]})
    alt = figures.show(figures.gp_bridge(frame, run())).alt
    assert "€130 gained and €300 given up: −€80 became −€250" in alt
