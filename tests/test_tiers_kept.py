import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.model.tiers import ValueTiers, measure_drift, read_model, settle_tiers
from mcrlib.settings import Settings
from mcrlib.show import words

JUNE, JULY = dt.date(2026, 6, 30), dt.date(2026, 7, 31)


def values(n=200, seed=1, times=1.0):
    draw = np.random.default_rng(seed)
    money = draw.lognormal(9, 1.5, (n, 2)).round(2) * times
    frame = pd.DataFrame(money, columns=["harvest", "soil_value"], index=pd.Index([f"a{i}" for i in range(n)]))
    return frame.rename_axis("account_id")


def settle(frame, earlier=None, as_of=JUNE, **settings):
    ordered = pd.Series(True, index=frame.index)
    return settle_tiers(frame, ordered, Settings.model_validate(settings), as_of, earlier)


def written(basis):
    """As the history keeps it."""
    return json.loads(json.dumps(basis.as_dict(), allow_nan=False))


def test_the_model_read_from_json_scores_as_it_did_to_the_last_bit():
    frame = values()
    basis = settle(frame)
    again = read_model(written(basis))
    pd.testing.assert_series_equal(
        pd.Series(again.score_accounts(frame)), pd.Series(basis.model.score_accounts(frame)), check_exact=True
    )
    np.testing.assert_array_equal(again.predict_proba(frame), basis.model.predict_proba(frame))
    np.testing.assert_array_equal(again.predict(frame), basis.model.predict(frame))
    assert json.dumps(settle(values(), written(basis), JULY).as_dict()) == json.dumps(basis.as_dict())


def test_the_json_names_scaler_mixture_and_columns():
    kept = written(settle(values()))
    assert kept["columns"] == ["harvest", "soil_value"]
    assert len(kept["unit_"]) == len(kept["centre_"]) == len(kept["spread_"]) == 2
    assert kept["means_"] == sorted(kept["means_"]) and len(kept["means_"]) == 4
    assert sum(kept["shares_"]) == pytest.approx(1)
    assert kept["variance_"] > 0


def test_a_border_that_is_nowhere_survives_the_writing():
    frame = pd.DataFrame({"harvest": [1.0, 1.0, 2.0], "soil_value": [1.0, 1.0, 2.0]}, index=list("abc"))
    basis = settle(frame)
    np.testing.assert_array_equal(read_model(written(basis)).cuts_, basis.model.cuts_)


def test_the_first_run_learns_and_the_next_keeps_the_groups():
    first = settle(values())
    assert (first.why, first.fitted) == ("first", JUNE)
    second = settle(values(times=1.02), written(first), JULY)
    assert (second.why, second.fitted) == ("kept", JUNE)
    assert second.drift < 0.1 <= second.limit


def test_customers_that_are_worth_far_more_are_parted_anew():
    first = settle(values())
    second = settle(values(times=8.0), written(first), JULY)
    assert (second.why, second.fitted, second.before) == ("drift", JULY, JUNE)
    assert second.drift > second.limit == 0.25


def tiers_of(basis, frame):
    return basis.model.predict(frame.reindex(columns=basis.model.feature_names_in_))


def test_customers_that_all_are_worth_far_more_keep_their_tiers():
    frame, first = values(), settle(values())
    second = settle(frame * 8.0, written(first), JULY)
    assert second.why == "drift" and (tiers_of(second, frame * 8.0) == tiers_of(first, frame)).all()
    third = settle(frame * 64.0, written(second), JULY)
    assert third.why == "drift" and (tiers_of(third, frame * 64.0) == tiers_of(first, frame)).all()


def test_a_new_column_keeps_the_sizes_that_the_tiers_have_today():
    frame = values()
    first = settle(frame.drop(columns="soil_value"))
    risen = frame.assign(harvest=frame["harvest"] * 1.5)
    second, fresh = settle(risen, written(first), JULY), settle(risen)
    today = [(tiers_of(first, risen) == tier).sum() for tier in "SABC"]
    assert second.why == "columns"
    assert [(tiers_of(second, risen) == tier).sum() for tier in "SABC"] == pytest.approx(today, abs=2)
    assert [(tiers_of(fresh, risen) == tier).sum() for tier in "SABC"] != pytest.approx(today, abs=2)


def test_twice_the_accounts_are_parted_anew_half_by_the_old_sizes():
    few, many = values(100), values(200, seed=3) * np.exp(np.linspace(-3, 3, 200))[:, None]
    first = settle(few)
    assert settle(values(199), written(first), JULY).why != "grown"
    second, fresh = settle(many, written(first), JULY), settle(many)
    assert second.why == "grown" and second.model.anchor_weight == 0.5
    between = (first.model.sizes_ + fresh.model.sizes_) / 2
    np.testing.assert_allclose(second.model.sizes_, between, atol=0.02)


def test_what_quotas_drew_is_no_anchor():
    earlier = written(settle(values(), tiers={"quotas": {"S": 0.5, "A": 0.2, "B": 0.1}}))
    again = settle(values(), earlier, JULY)
    assert again.why == "settings" and again.model.anchor is None
    np.testing.assert_array_equal(again.model.cuts_, settle(values()).model.cuts_)


def test_a_drift_that_chance_may_give_to_few_customers_keeps_the_groups():
    frame = values(20)
    second = settle(frame * 2.0, written(settle(frame)), JULY)
    assert 0.25 < second.drift < second.limit and second.why == "kept"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"margin": 0.5}, "settings"),
        ({"horizon_years": 3}, "settings"),
        ({"tiers": {"quotas": {"S": 0.05, "A": 0.15, "B": 0.3}}}, "quotas"),
    ],
)
def test_other_settings_ask_another_question(change, why):
    assert settle(values(), written(settle(values())), JULY, **change).why == why


def test_another_column_asks_another_question():
    frame = values()
    earlier = written(settle(frame.drop(columns="soil_value")))
    assert settle(frame, earlier, JULY).why == "columns"


def test_a_model_that_found_no_variation_is_not_kept():
    alike = values().assign(harvest=1.0, soil_value=1.0)
    assert settle(values(), written(settle(alike)), JULY).why == "first"


def test_drift_of_the_same_customers_is_nothing_and_of_a_fresh_draw_within_chance():
    model = ValueTiers(n_resamples=0).fit(values())
    assert measure_drift(model, values())[0] == pytest.approx(0, abs=1e-12)
    beyond = [index > chance for index, chance in (measure_drift(model, values(seed=s)) for s in range(2, 62))]
    assert np.mean(beyond) < 0.3


def test_few_accounts_need_more_drift_than_many():
    few, many = (measure_drift(ValueTiers(n_resamples=0).fit(values(n)), values(n))[1] for n in (20, 2000))
    assert few > 0.3 > 0.02 > many


@pytest.mark.parametrize(
    "spoilt",
    [
        {"fitted": None}, {"fitted": "June"}, {"cuts_": [0.1, 0.2]}, {"unit_": [1.0]}, {"counts_": []}, {"edges_": "x"},
        {"parameters": {"n_components": 4}}, {"variance_": None},
    ],
)  # fmt: skip
def test_a_model_of_another_version_is_learned_anew_and_it_is_said(spoilt):
    kept = written(settle(values()))
    again = settle(values(), kept | spoilt, JULY)
    assert (again.why, again.fitted, again.before) == ("form", JULY, None)
    for name in ("columns", "settings", "varied_", "drawn_cuts_"):
        assert settle(values(), {key: value for key, value in kept.items() if key != name}, JULY).why == "form"
    assert "kept by another version of the kit" in words.about_tier_basis(again, run())
    assert settle(values(), {}, JULY).why == "form"


def test_the_page_says_whose_sizes_the_tiers_have():
    first = settle(values(100))
    kept, mixed = "each tier keeps its share of the accounts.", "keeps its share of the accounts by 50%; for the rest"
    assert "share of the accounts" not in words.about_tier_basis(first, run())
    drifted = settle(values(100, times=8.0), written(first), JULY)
    assert words.about_tier_basis(drifted, run()).endswith(kept)
    said = words.about_tier_basis(settle(values(200), written(first), JULY), run())
    assert "at least twice as many as on 30 Jun 2026" in said and mixed in said
    later = settle(values(100, times=8.0), written(drifted), JULY)
    assert "share of the accounts" not in words.about_tier_basis(later, run())
