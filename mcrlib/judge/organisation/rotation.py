"""The rotation test: what happens to the orders of an account when the person who holds it changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

Array = np.ndarray
#: Months before and after a change that are compared, and accounts of the same kind set beside each. Proposed.
SPAN, PEERS = 12, 10
_FEWEST_PEERS = 3
_PRETENDED = 400
_KEY = ["account_id", "changed_date", "old_owner", "new_owner"]


@dataclass(frozen=True)
class Rotation:
    """Changes of hands, each beside like accounts that kept theirs.

    Attributes
    ----------
    events : DataFrame
        The changes that can be judged: ``account_id, changed_date, old_owner, new_owner``, by date.
    account, month : Array
        Place of the account and of the month of each change.
    peers : Array
        Places of its peers, changes × peers; -1 where there are fewer.
    sums : dict
        By measure: accounts × (months + 1), all that came before each month.
    skipped : dict
        How many changes cannot be judged, by reason: ``too_early, too_late, changed_again, no_orders, no_peers``.
    span : int
        Months compared on each side.
    """

    events: pd.DataFrame
    account: Array
    month: Array
    peers: Array
    sums: dict[str, Array]
    skipped: dict[str, int]
    span: int

    def window(self, measure: str, start: int, stop: int) -> tuple[Array, Array]:
        """A measure from ``start`` to ``stop`` months from each change: of its account, and of its peers (NaN: none).

        Months outside the history are NaN.
        """
        sums = self.sums[measure]
        low, high = self.month + start, self.month + stop
        inside = (low >= 0) & (high < sums.shape[1])
        low, high = np.where(inside, low, 0), np.where(inside, high, 0)
        own = sums[self.account, high] - sums[self.account, low]
        beside = sums[self.peers, high[:, None]] - sums[self.peers, low[:, None]]
        return np.where(inside, own, np.nan), np.where(inside[:, None] & (self.peers >= 0), beside, np.nan)

    def only(self, chosen: Array) -> Rotation:
        """The chosen changes alone."""
        at = np.flatnonzero(chosen)
        events = self.events.iloc[at].reset_index(drop=True)
        return replace(self, events=events, account=self.account[at], month=self.month[at], peers=self.peers[at])


def hand_overs(spells: pd.DataFrame) -> pd.DataFrame:
    """List when accounts passed from one person to another.

    Parameters
    ----------
    spells : DataFrame
        ``account_id, owner_id`` (empty: nobody), ``valid_from, valid_to``, one holder at a time. None that orders
        tell: who sold changes visibly only where the account goes on ordering.

    Returns
    -------
    DataFrame
        ``account_id, changed_date, old_owner, new_owner`` by date; a spell in the pool is no hand-over of a person.
    """
    held = spells[spells["owner_id"].notna()].sort_values(["account_id", "valid_from"], na_position="first")
    before = held.groupby("account_id")["owner_id"].shift()
    passed = held[before.notna() & (before != held["owner_id"]) & held["valid_from"].notna()]
    found = passed.assign(old_owner=before, new_owner=passed["owner_id"], changed_date=passed["valid_from"])
    return found[_KEY].sort_values(["changed_date", "account_id"], ignore_index=True)


def with_new_business(months: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Add to each month on how many days an account bought something new to it, and on how many what it knew.

    Parameters
    ----------
    months : DataFrame
        ``account_id, period`` and measures.
    new : DataFrame
        From ``new_business``; where it is empty, nothing is added.
    """
    if new.empty:
        return months
    found = months.merge(new, on=["account_id", "period"], how="left", validate="one_to_one")
    return found.fillna({"orders_new": 0, "orders_repeat": 0})


def pretend(months: pd.DataFrame, *, as_of: dt.date, seed: int = 1) -> pd.DataFrame:
    """Make up changes of hands that never happened, to see whether the test finds an effect where there is none.

    Returns
    -------
    DataFrame
        ``account_id, changed_date``: one date drawn for each of up to 400 accounts. Those near a real change fall out
        of the test by themselves.
    """
    rng = np.random.default_rng(seed)
    ids = np.sort(months["account_id"].unique())
    chosen = rng.choice(ids, size=min(_PRETENDED, len(ids)), replace=False)
    days = pd.Timestamp(as_of) - pd.to_datetime(months["period"]).min() if len(ids) else pd.Timedelta(days=1)
    ago = pd.to_timedelta(rng.integers(0, max(1, days.days), len(chosen)), unit="D")
    return pd.DataFrame({"account_id": chosen, "changed_date": pd.Timestamp(as_of) - ago})


def rotation_events(
    months: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    as_of: dt.date,
    pretended: pd.DataFrame | None = None,
    span: int = SPAN,
    n_peers: int = PEERS,
) -> Rotation:
    """Set every change of hands beside accounts like it that kept theirs.

    A change can be judged with ``span`` months of history on each side, no other change in them, and an order in the
    months before. Its peers kept their holder through the same months and were most like it before: in orders, profit,
    orders of the year before that, age, and months since the last order.

    Parameters
    ----------
    months : DataFrame
        ``account_id, period`` (first day of the month), ``orders, gp`` (money); any further column is a measure too.
    changes : DataFrame
        As from ``hand_overs``.
    as_of : date
        The last day known; a month that it cuts short is left out.
    pretended : DataFrame, optional
        ``account_id, changed_date`` of changes that never happened, judged in place of the real ones.
    span, n_peers : int
        Months on each side; peers to each change.

    Notes
    -----
    Method card O1: stacked difference in differences with clean controls, design after Shi, Sridhar, Grewal and Lilien
    (2017), Journal of Marketing 81(2).
    """
    months, changes = months.dropna(subset=["account_id"]), changes.dropna(subset=["account_id"])
    asked = changes if pretended is None else pretended.reindex(columns=_KEY)
    ids = pd.Index(sorted({*months["account_id"], *changes["account_id"], *asked["account_id"]}))
    first = int(_month(months["period"]).min()) if len(months) else 0
    count = max(0, as_of.year * 12 + as_of.month - 1 + ((as_of + dt.timedelta(days=1)).day == 1) - first)
    measures = months.columns.difference(["account_id", "period"], sort=False)
    shape = (len(ids), count)
    sums = {
        name: _running(shape, *_at(months, "period", ids, first), months[name].to_numpy(float)) for name in measures
    }
    moved = _running(shape, *_at(changes, "changed_date", ids, first))
    if pretended is not None:
        moved = moved + _running(shape, *_at(asked, "changed_date", ids, first))
    account, month = _at(asked, "changed_date", ids, first)
    reasons = _reasons(account, month, sums["orders"], moved, span)
    usable = np.flatnonzero(reasons == "")
    peers = np.full((len(asked), n_peers), -1)
    for at in np.unique(month[usable]):
        here = usable[month[usable] == at]
        peers[here] = _peers(account[here], int(at), sums, moved, span, n_peers)
    lonely = (reasons == "") & ((peers >= 0).sum(axis=1) < _FEWEST_PEERS)
    reasons = np.where(lonely, "no_peers", reasons)
    keep = np.flatnonzero(reasons == "")
    return Rotation(
        events=asked.iloc[keep].reset_index(drop=True), account=account[keep], month=month[keep], peers=peers[keep],
        sums=sums, skipped=dict(Counter(reasons[reasons != ""].tolist())), span=span,
    )  # fmt: skip


def _month(dates: pd.Series) -> pd.Series:
    return dates.dt.year * 12 + dates.dt.month - 1


def _at(frame: pd.DataFrame, date: str, ids: pd.Index, first: int) -> tuple[Array, Array]:
    dates = pd.to_datetime(frame[date])
    return ids.get_indexer(pd.Index(frame["account_id"])), (_month(dates) - first).to_numpy(int)


def _running(shape: tuple[int, int], account: Array, month: Array, value: Array | float = 1.0) -> Array:
    """Accounts × (months + 1): the sum of all months before; what lies outside the months is left out."""
    table = np.zeros((shape[0], shape[1] + 1))
    inside = (month >= 0) & (month < shape[1])
    np.add.at(table, (account[inside], month[inside] + 1), np.broadcast_to(value, account.shape)[inside])
    return table.cumsum(axis=1)


def _reasons(account: Array, month: Array, orders: Array, moved: Array, span: int) -> Array:
    """Why each change cannot be judged; empty where it can."""
    last = orders.shape[1] - 1
    early, late = month - span < 0, month + span > last
    low, high = np.clip(month - span, 0, last), np.clip(month + span, 0, last)
    again = moved[account, high] - moved[account, low] > 1
    silent = orders[account, np.clip(month, 0, last)] - orders[account, low] <= 0
    return np.select(
        [early, late, again, silent], ["too_early", "too_late", "changed_again", "no_orders"], default=""
    ).astype(object)  # fmt: skip


def _peers(account: Array, month: int, sums: dict[str, Array], moved: Array, span: int, n_peers: int) -> Array:
    """The places of the accounts most like each of these before the month, nearest first."""
    orders = sums["orders"]
    likeness = _likeness(orders, sums["gp"], month, span)
    ordered = orders[:, month] > orders[:, month - span]
    spread = likeness[ordered].std(axis=0)
    likeness = likeness / np.where(spread > 0, spread, 1.0)
    quiet = np.flatnonzero(ordered & (moved[:, month + span] == moved[:, month - span]))
    found = np.full((len(account), n_peers), -1)
    if len(quiet):
        _, near = KDTree(likeness[quiet]).query(likeness[account], k=np.arange(1, n_peers + 1))
        found = np.where(near < len(quiet), quiet[np.minimum(near, len(quiet) - 1)], -1)
    return found


def _likeness(orders: Array, profit: Array, month: int, span: int) -> Array:
    """What makes accounts alike before a month: accounts × features."""
    recent = orders[:, month] - orders[:, month - span]
    before = orders[:, month - span] - orders[:, max(0, month - 2 * span)]
    gained = np.maximum(0.0, profit[:, month] - profit[:, month - span])
    seen = np.diff(orders[:, : month + 1], axis=1) > 0
    age = np.where(seen.any(axis=1), month - seen.argmax(axis=1), 0)
    silent = seen[:, ::-1].argmax(axis=1)
    features = [np.log1p(gained), np.log1p(recent), np.log1p(before), np.minimum(age, 2 * span), np.log1p(silent)]
    return np.column_stack(features)
