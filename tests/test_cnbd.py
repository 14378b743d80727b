import dataclasses

import numpy as np
import pytest

from mcrlib.model.soil.cnbd import Cnbd
from mcrlib.model.soil.histories import Histories
from mcrlib.model.soil.pareto import Pareto

SEEN = Histories(
    frequency=np.array([0.0, 0, 1, 3, 40]),
    recency=np.array([0.0, 0, 30, 200, 900]),
    T=np.array([0.0, 400, 31, 500, 905]),
    log_gaps=np.array([0.0, 0, 3.4, 12.0, 120.0]),
)
LAWS = [
    Cnbd(0.5, 30.0, 0.8, 2.0, 1),
    Cnbd(0.5, 30.0, 0.8, 2.0, 4),
    Cnbd(0.5, 30.0, 0.8, 2.0, 1, leaves_after_first=False),
    Pareto(0.5, 30.0, 0.8, 200.0),
]


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_the_gradient_is_the_slope_of_the_likelihood(law):
    for name, slope in zip([f.name for f in dataclasses.fields(law)][:4], law.with_slopes(SEEN)[1], strict=True):
        step = 1e-6 * getattr(law, name)
        up, down = (dataclasses.replace(law, **{name: getattr(law, name) + s}) for s in (step, -step))
        assert slope == pytest.approx(
            (up.log_likelihood(SEEN) - down.log_likelihood(SEEN)) / (2 * step), rel=1e-4, abs=1e-6
        )


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_tail_probabilities_fall_and_stay_probabilities(law):
    tails = law.at_least(np.arange(1, 30), SEEN, 365.0)
    assert ((tails >= 0) & (tails <= 1)).all()
    assert (np.diff(tails, axis=1) <= 1e-12).all()


@pytest.mark.parametrize("law", LAWS[:3], ids=str)
def test_the_recursion_gives_the_same_tail_probabilities(law):
    assert law.tails(32, SEEN, 365.0) == pytest.approx(law.at_least(np.arange(1, 33), SEEN, 365.0), abs=1e-12)


def test_the_recursion_holds_where_hardly_ever_so_few_orders_come():
    law, busy = Cnbd(8.0, 80.0, 1e-4, 90.0, 12), Histories(*(np.array([v]) for v in (600.0, 700.0, 701.0, 90.0)))
    assert law.tails(32, busy, 90.0) == pytest.approx(law.at_least(np.arange(1, 33), busy, 90.0), abs=1e-9)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_certainly_here_on_the_day_of_the_only_order_unless_it_leaves_at_once(law):
    leaves_at_once = isinstance(law, Cnbd) and law.leaves_after_first
    assert law.p_alive(SEEN)[0] == pytest.approx(1 - 0.8 / 2.8 if leaves_at_once else 1.0)


def test_one_order_and_rare_orders_have_the_chance_of_no_order():
    law = Cnbd(2.0, 50.0, 1.0, 3.0, 1)
    silent = Histories(np.zeros(1), np.zeros(1), np.array([100.0]), np.zeros(1))
    assert np.exp(law.log_likelihood(silent))[0] == pytest.approx(0.25 + 0.75 * (50 / 150) ** 2)


def test_the_closed_form_agrees_with_accounts_drawn_one_by_one():
    law, days, rng = Cnbd(2.0, 40.0, 1.0, 4.0, 3), 200.0, np.random.default_rng(2)
    fresh = Histories(np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1))
    counts = []
    for rate, leave in zip(rng.gamma(2.0, 1 / 40.0, 20_000), rng.beta(1.0, 4.0, 20_000), strict=True):
        day, orders = 0.0, 0
        while rng.random() >= leave and (day := day + rng.gamma(3, 1 / rate)) <= days:
            orders += 1
        counts.append(orders)
    drawn = [(np.array(counts) >= m).mean() for m in (1, 2, 5)]
    assert law.at_least(np.array([1.0, 2, 5]), fresh, days)[0] == pytest.approx(drawn, abs=0.012)


def test_pareto_expects_what_the_published_formula_says():
    law, x, t, age, h = Pareto(0.55, 74.0, 1.6, 82.0), 4.0, 150.0, 270.0, 270.0
    seen = Histories(np.array([x]), np.array([t]), np.array([age]), np.zeros(1))
    life = law.beta + age
    formula = (law.r + x) * life / ((law.alpha + age) * (law.s - 1)) * (1 - (life / (life + h)) ** (law.s - 1))
    total = law.at_least(np.arange(1, 400), seen, h).sum()
    assert total == pytest.approx(float(formula * law.p_alive(seen)[0]), rel=1e-6)
