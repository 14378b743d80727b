"""What if this seller leaves: the loss in the year after, its course, and who could take over."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.shock import ALIKE, Sensitivity

Array = np.ndarray
#: Quarters until half of a loss is made good, before a company's own path says otherwise, and how many quarters of a
#: path that is worth. The literature's recovery takes four to eight quarters. Proposed.
USUAL_HALF_LIFE, _SPREAD = 3.0, 0.5
_HALF_LIVES = np.geomspace(0.5, 24.0, 80)
COURSE = range(8)
#: Pairs are made of the people of a region who hold most alone.
_PAIRED = 4


def scenarios(depends: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """List who could leave: every holder of accounts, pairs of those who hold most in a region, and whole teams.

    Parameters
    ----------
    depends : DataFrame
        From ``dependence``: ``account_id, owner_id, gp_held``.
    people : DataFrame
        From ``sellers``: ``owner_id, region, manager_id, department``.

    Returns
    -------
    DataFrame
        ``kind`` (``seller, pair, team``), ``scenario`` (ids of the people, or of the team's superior), ``owner_id``:
        one row per person in it.
    """
    holders = sorted(depends["owner_id"].dropna().unique())
    known = people.set_index("owner_id").reindex(holders)
    rows = [("seller", one, one) for one in holders]
    alone = depends.groupby("owner_id")["gp_held"].sum()
    for _, group in known.groupby("region"):
        if len(group) == 2:
            continue
        most = alone.reindex(group.index).nlargest(_PAIRED).index
        for pair in combinations(sorted(most), 2):
            rows += [("pair", " + ".join(pair), one) for one in pair]
    led = known["manager_id"].fillna(known["department"])
    for team, members in known.groupby(led):
        if len(members) > 1:
            rows += [("team", str(team), one) for one in sorted(members.index)]
    return pd.DataFrame(rows, columns=["kind", "scenario", "owner_id"])


def loss_shock(
    depends: pd.DataFrame, who: pd.DataFrame, sensitivity: Sensitivity, *, flag: float, draws: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """Tell what would be lost in the year after these people left, the dearest first.

    Parameters
    ----------
    depends : DataFrame
        From ``dependence``: ``account_id, owner_id, held, n_contacts, harvest``.
    who : DataFrame
        From ``scenarios``.
    sensitivity : Sensitivity
        What goes with a person, as learnt from past changes of hands.
    flag : float
        Share of the company's profit; a loss that exceeds it in one case of twenty is marked.
    draws, seed : int
        How many courses are drawn.

    Returns
    -------
    DataFrame
        ``kind, scenario, n_people, n_accounts, gp`` (profit of 12 months they hold), ``expected, low, high`` (loss of a
        year's profit, 5 and 95 %), ``share`` (expected, of the company's profit), ``coverage`` (share of ``gp`` with
        known ties; the rest counts for nothing here), ``flagged`` (empty where the loss is unknown), ``status``.

    Notes
    -----
    What is lost of an account ~ part × exposed × profit (``Sensitivity.exposed``). The part is drawn by what is known
    of it, the same for all people (the common shock), then for each person and each account around it (Beta). Method
    card O4.
    """
    depends = depends.assign(exposed=sensitivity.exposed(depends))
    drawn = _losses(depends, sensitivity, draws, seed)
    gp = depends["harvest"].clip(lower=0)
    known = depends.assign(gp=gp, known=gp.where(depends["exposed"].notna(), 0.0))
    facts = known.groupby("owner_id").agg(n_accounts=("account_id", "size"), gp=("gp", "sum"), known=("known", "sum"))
    rows = []
    for (kind, scenario), group in who.groupby(["kind", "scenario"], sort=False):
        ours = facts.reindex(group["owner_id"]).sum()
        loss = sum((drawn[one] for one in group["owner_id"]), np.zeros(draws))
        low, high = np.quantile(loss, [0.05, 0.95]).round(2)
        told = ours["known"] / ours["gp"] if ours["gp"] > 0 else 0.0
        rows.append((kind, scenario, len(group), int(ours["n_accounts"]), ours["gp"], loss.mean(), low, high, told))
    columns = ["kind", "scenario", "n_people", "n_accounts", "gp", "expected", "low", "high", "coverage"]
    found = pd.DataFrame(rows, columns=columns)
    unknown = found["coverage"] <= 0
    found.loc[unknown, ["expected", "low", "high"]] = np.nan
    found["share"] = found["expected"] / gp.sum() if gp.sum() > 0 else np.nan
    found["flagged"] = (found["high"] > flag * gp.sum()).astype("boolean").mask(unknown)
    found["status"] = np.select([unknown, found["coverage"] < 0.6], ["not_available", "weak"], default="ok")
    return found.sort_values(["expected", "scenario"], ascending=[False, True], ignore_index=True)


def _losses(depends: pd.DataFrame, sensitivity: Sensitivity, draws: int, seed: int) -> dict[str, Array]:
    """Draws of the year's loss, by holder."""
    rng = np.random.default_rng(seed)
    part = sensitivity.draw(draws, rng)
    found = {}
    for owner, ours in depends.groupby("owner_id"):
        known = ours[ours["exposed"].notna()].sort_values("account_id")
        held, gp = known["exposed"].to_numpy(float), known["harvest"].clip(lower=0).to_numpy(float)
        own = rng.beta(ALIKE * part, ALIKE * (1 - part))
        mean = np.clip(own[:, None] * held, 1e-6, 1 - 1e-6)
        found[str(owner)] = rng.beta(ALIKE * mean, ALIKE * (1 - mean)) @ gp
    return found


def expected_losses(depends: pd.DataFrame, sensitivity: Sensitivity) -> pd.Series:
    """What each account would lose in the year after its holder left; NaN where nobody knows who holds it."""
    loss = sensitivity.mean * sensitivity.exposed(depends) * depends["harvest"].clip(lower=0)
    return loss.where(depends["owner_id"].notna())


def half_life(path: pd.DataFrame) -> float:
    """Tell after how many quarters half of a loss is made good, from the company's own path and the literature's.

    Parameters
    ----------
    path : DataFrame
        From ``rotation_path``: ``quarter, value, low, high``.

    Notes
    -----
    Least squares of an exponential course from the change on, weighted by how sure each quarter is; log-normal prior
    around ``USUAL_HALF_LIFE``.
    """
    after = path[(path["quarter"] >= 0) & path["value"].notna()]
    shift = np.log(_HALF_LIVES / USUAL_HALF_LIFE) / _SPREAD
    cost = shift**2 / 2
    if len(after) >= 3:
        spread = np.maximum((after["high"] - after["low"]).to_numpy(float) / (2 * 1.645), 1e-3)
        course = 0.5 ** ((after["quarter"].to_numpy(float) + 0.5)[None, :] / _HALF_LIVES[:, None])
        weight, value = 1 / spread**2, np.minimum(after["value"].to_numpy(float), 0.0)
        start = (course * value * weight).sum(axis=1) / (course**2 * weight).sum(axis=1)
        cost = cost + ((value - start[:, None] * course) ** 2 * weight).sum(axis=1) / 2
    chance = np.exp(cost.min() - cost)
    return float(np.exp((chance * np.log(_HALF_LIVES)).sum() / chance.sum()))


def course(losses: pd.DataFrame, half: float) -> pd.DataFrame:
    """Follow the loss quarter by quarter for two years.

    Parameters
    ----------
    losses : DataFrame
        ``expected, low, high`` of one scenario or more, for the first year.
    half : float
        Quarters until half of it is made good.

    Returns
    -------
    DataFrame
        ``scenario, quarter`` (0 to 7 after the change), ``expected, low, high`` (loss in that quarter, money).
    """
    left = 0.5 ** (np.array(COURSE) / half)
    part = left / left[:4].sum()
    steps = pd.DataFrame({"quarter": list(COURSE), "part": part})
    found = losses[["scenario", "expected", "low", "high"]].merge(steps, how="cross")
    return found.assign(**{name: found[name] * found["part"] for name in ("expected", "low", "high")}).drop(
        columns="part"
    )
