"""What the pictures of people say in words and marks; how they look is held by ``test_figures``."""

import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from portfolio import accounts, run
from portfolio_people import by_region, cells, key_persons, lights, losses, on_axes, opinions, path, visits

from mcrlib.settings import Settings
from mcrlib.show import figures
from mcrlib.show.figures.colours import STONE
from mcrlib.show.figures.style import told


def test_a_loss_that_nobody_knows_is_not_called_small():
    shock = losses(accounts(3)).assign(status="not_available", flagged=False)
    assert told(figures.loss_tornado(shock, run())).answer == "What the sellers hold alone is not known"


@pytest.mark.parametrize(
    ("dear", "said"),
    [
        (0, "No departure is likely to cost more than 5% of all profit"),
        (1, "1 departure may cost more than 5% of all profit"),
        (2, "2 departures may each cost more than 5% of all profit"),
    ],
)
def test_the_departures_that_may_cost_much_are_counted(dear, said):
    shock = losses(accounts(3)).assign(status="ok", flagged=[place < dear for place in range(3)])
    assert told(figures.loss_tornado(shock, run())).answer == said


def test_lights_of_which_none_is_lit_are_not_called_green():
    card = lights(5).assign(value=float("nan"), status="not_available")
    assert told(figures.scorecard_lights(card, run())).answer == "No light can be judged"


def test_the_regions_with_the_most_changes_are_drawn_and_all_are_counted():
    regions = by_region(accounts(20)).assign(value=0.0, low=-0.1, high=0.1, n=range(20))
    regions.loc[0, "high"] = -0.05
    ax = figures.rotation_regions(regions, run(), whole=regions.head(1).drop(columns="group"), top=3)
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names == ["Customer 17 (17)", "Customer 18 (18)", "Customer 19 (19)", "all (0)"]
    assert told(ax).answer == "In 1 of 20 regions the effect is certain"
    assert told(ax).basis.startswith("3 of 20 regions")


@pytest.mark.parametrize(
    ("effect", "status", "said"),
    [
        (0.006, "ok", "1% more orders in the year after"),
        (-0.25, "weak", "25% fewer orders in the year after"),
        (-0.004, "ok", "As many orders in the year after as accounts like them"),
        (0.3, "not_available", "No change of hands can be judged"),
    ],
)
def test_the_picture_of_changes_of_hands_says_the_effect_that_the_page_says(effect, status, said):
    whole = pd.DataFrame({"value": [effect], "n": [7], "status": [status]})
    drawn = told(figures.rotation_course(path(40), run(), whole=whole))
    assert drawn.answer == said and drawn.basis.startswith("7 changes of hands")


def test_a_spell_of_unknown_beginning_is_pale_and_no_spell_is_without_a_year_below():
    spells = pd.DataFrame({"account_id": ["A", "B"], "account_name": ["Ann", "Bea"], "valid_to": pd.NaT})
    spells = spells.assign(valid_from=pd.to_datetime([None, "2025-06-01"]), years=[float("nan"), 0.25])
    ax = figures.tenure_lanes(spells, run())
    unknown, known = ax.patches
    assert unknown.get_facecolor() == to_rgba(STONE[3]) and unknown.get_width() == pytest.approx(1.0, abs=0.01)
    assert known.get_facecolor() != unknown.get_facecolor() and known.get_width() == pytest.approx(0.25, abs=0.01)
    assert list(ax.get_xticks()) == [2025]


def test_the_key_is_filled_though_the_first_mark_is_hollow():
    hollow = on_axes(accounts(40)).assign(organisation=float("nan"))
    by_proxy = key_persons(40).assign(support_basis="proxy")
    for ax, keys in ((figures.three_axis_map(hollow, run()), 4), (figures.persons_matrix(by_proxy, run()), 3)):
        assert [to_rgba(mark.get_facecolor()[0])[3] for mark in ax.get_legend().legend_handles] == [1] * keys


def test_what_is_built_and_who_supports_us_is_cut_where_client_yaml_says():
    strict = run()
    strict.settings = Settings(currency="EUR", thresholds={"axis_built": 0.9, "person_high": 0.2})
    axes = on_axes(accounts(9)).assign(key=0.8, general=0.95)
    assert told(figures.three_axis_map(axes, run())).answer == "9 of 9 customers have key persons and breadth"
    assert told(figures.three_axis_map(axes, strict)).answer == "0 of 9 customers have key persons and breadth"
    persons = key_persons(9).assign(support_value=0.4)
    assert told(figures.persons_matrix(persons, run())).answer == "9 of 9 key persons are not with us"
    assert told(figures.persons_matrix(persons, strict)).answer == "0 of 9 key persons are not with us"


def test_the_grid_has_levels_across_and_functions_down():
    ax = figures.coverage_grid(cells(40), run())
    assert [text.get_text() for text in ax.get_xticklabels()] == ["executive", "senior", "middle", "base"]
    assert next(text.get_text() for text in ax.texts if text.get_position() == (0.5, 1.5)) == "0 of 1"


def test_customers_without_a_log_of_visits_are_not_counted_as_none():
    firms = visits(accounts(3)).assign(n_exec_visits=[0.0, 2, None], n_exec_both=[0.0, 1, None])
    said = told(figures.executive_visits(firms, run()))
    assert said.answer == "Customers that had none: 1 of 2; one or two: 1"
    assert "in 1 of 2 visits" in said.caption


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.012, "Others like us less than the key persons do, by 1 point"),
        (-0.25, "Others like us better than the key persons do, by 25 points"),
        (0.0, "Others like us as well as the key persons do"),
        (float("nan"), "Key persons and others cannot be compared: answers of one kind are missing"),
    ],
)
def test_the_gap_between_the_top_and_the_base_is_told_in_points(gap, said):
    assert told(figures.opinion_gaps(opinions().assign(gap=gap), run())).answer == said
