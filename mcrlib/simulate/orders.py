"""Orders: repeat orders that come as regularly as the customer is, orders out of won deals, returns and voids."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.periods import make_ids, running_number, to_dates
from mcrlib.simulate.products import LINES
from mcrlib.simulate.world import World

Array = np.ndarray
_MONEY = ("amount", "list_amount", "cost")


def repeat_times(w: World) -> tuple[Array, Array]:
    """Account and time of every repeat order, by account and time.

    Gaps are Erlang with the account's regularity as shape (1 is Poisson, 12 is nearly clockwork) in operational time,
    in which the rate is one; operational time is then stretched to calendar time by the account's changing rate.
    A customer from before the window is met at a random point of its rhythm; a new one starts with its first order.
    """
    rng, last = w.stream("order times"), w.quarters.count
    start, shape = w.traits["start"].to_numpy(), w.traits["regularity"].to_numpy()
    low = np.maximum(np.arange(last), start[:, None])
    high = np.minimum(np.arange(1, last + 1), w.loyalty.dropout[:, None])
    load = w.relationship.rate / 4 * np.maximum(0.0, high - low)
    total = load.sum(axis=1)
    # Eight standard deviations more gaps than expected: none is ever missing.
    number = np.ceil(total + 8 * np.sqrt(total / shape) + 8).astype(int) * (total > 0)
    account = np.repeat(np.arange(len(start)), number)
    steps = shape[account].astype(float)
    midway = (running_number(number) == 0) & (start[account] < 0)
    steps[midway] = rng.integers(1, shape[account][midway] + 1)
    walked = np.cumsum(rng.gamma(steps) / shape[account])
    before = np.concatenate([[0.0], walked])[np.cumsum(number) - number]
    place = walked - np.repeat(before, number)
    happens = place < total[account]
    account, place = account[happens], place[happens]
    # All accounts' roads laid end to end, so that one search finds the quarter of every order.
    road = np.concatenate([[0.0], np.cumsum(load)])
    mark = road[account * last] + place
    cell = np.minimum(np.searchsorted(road, mark, side="right") - 1, load.size - 1)
    part = np.clip((mark - road[cell]) / np.maximum(load.ravel()[cell], 1e-12), 0, 1 - 1e-9)
    return account, low.ravel()[cell] + part * (high.ravel()[cell] - low.ravel()[cell])


def draw_orders(w: World) -> pd.DataFrame:
    """All valid orders by time: account, time, deal (place or -1), owner, line (places), money, discount."""
    rng, start = w.stream("orders"), w.traits["start"].to_numpy()
    entered = np.flatnonzero((start >= 0) & (start < w.quarters.count))
    # The first order of a customer whom a deal brought is that deal's order.
    entered = np.setdiff1d(entered, w.deals.loc[w.deals["entry"], "account"])
    account, time = repeat_times(w)
    account, time = np.concatenate([account, entered]), np.concatenate([time, start[entered]])
    own = w.traits.loc[account].reset_index(drop=True)
    habit = rng.integers(len(LINES), size=len(start))[account]
    amount = np.round(np.exp(own["log_spend"] + own["sigma"] * rng.standard_normal(len(own))), 2)
    draw = rng.standard_normal(len(own))
    off = np.where(np.abs(draw) > w.p.usual_price, 0.02 * draw, 0.0)
    discount = np.clip(own["discount"] + off, 0.0, 0.5).round(4)
    margin = own["margin"] + 0.03 * rng.standard_normal(len(own))
    repeats = pd.DataFrame(
        {
            "account": account,
            "time": time,
            "deal": -1,
            "owner": w.team.holder[account, time.astype(int)],
            "line": np.where(rng.random(len(own)) < 0.65, habit, rng.integers(len(LINES), size=len(own))),
            "amount": amount,
            "discount": discount,
            "list_amount": (amount / (1 - discount)).round(2),
            "cost": (amount * (1 - margin)).round(2),
        }
    )
    orders = pd.concat([repeats, _from_deals(w, rng)], ignore_index=True)
    return orders.sort_values(["time", "account"], ignore_index=True)


def _from_deals(w: World, rng: np.random.Generator) -> pd.DataFrame:
    won = w.deals[w.deals["won"]]
    delay = np.where(won["entry"], 0.0, rng.uniform(0.0, 0.25, len(won)))
    orders = won[["account", "owner", *_MONEY, "discount"]].assign(
        time=won["close"] + delay, deal=won.index, line=won["product_line"]
    )
    return orders[orders["time"] < w.quarters.count]


def order_table(w: World) -> pd.DataFrame:
    """The order table: valid orders, and beside them the returns and the voided ones."""
    rng, orders = w.stream("order table"), draw_orders(w)
    orders = orders.assign(day=w.quarters.workday(orders["time"].to_numpy()), status="valid")
    back = orders[rng.random(len(orders)) < w.p.return_rate]
    share = -rng.beta(2.0, 2.0 / w.p.return_share - 2.0, len(back))
    later = rng.integers(5, 60, len(back)).astype("timedelta64[D]")
    back = back.assign(
        day=back["day"] + later, status="return", **{name: (back[name] * share).round(2) for name in _MONEY}
    )
    void = orders[rng.random(len(orders)) < w.p.void_rate].assign(status="void")
    rows = pd.concat([orders, back[back["day"] <= pd.Timestamp(w.quarters.end)], void], ignore_index=True)
    rows = rows.sort_values(["day", "account", "status"], kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            "order_id": make_ids("O", len(rows), width=5),
            "account_id": w.account_id(rows["account"]),
            "opportunity_id": w.deal_id(rows["deal"]),
            "order_date": to_dates(rows["day"].to_numpy()),
            "amount": rows["amount"],
            "list_amount": rows["list_amount"],
            "discount_rate": rows["discount"],
            "cost": rows["cost"],
            "status": rows["status"],
            "owner_id": w.owner_id(rows["owner"]),
            "product_line": LINES[rows["line"]],
            "currency": "CNY",
        }
    )


def order_line_table(w: World, orders: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Positions of the orders; their amounts and costs add up to those of the order to the cent."""
    rng = w.stream("order lines")
    number = np.where(orders["status"] == "return", 1, 1 + np.minimum(3, rng.poisson(0.6, len(orders))))
    row, line_no = np.repeat(np.arange(len(orders)), number), running_number(number) + 1
    weight = rng.exponential(size=len(row)) + 0.15
    share = weight / np.bincount(row, weights=weight)[row]
    own = orders.take(row).reset_index(drop=True)
    models = len(products) // len(LINES)
    line = pd.Index(LINES).get_indexer(own["product_line"])
    product = products.take(line * models + rng.integers(models, size=len(row))).reset_index(drop=True)
    amount, cost = (_split(orders[name].to_numpy(), share, number) for name in ("amount", "cost"))
    price = product["list_price"] * (1 - own["discount_rate"])
    qty = np.where(amount < 0, -1, 1) * np.maximum(1, np.round(np.abs(amount) / price))
    text_no = pd.Series(line_no).astype("str")
    return pd.DataFrame(
        {
            "line_id": own["order_id"] + "-" + text_no,
            "order_id": own["order_id"],
            "line_no": text_no,
            "product_id": product["product_id"],
            "product_line": own["product_line"],
            "qty": qty,
            "unit_price": (amount / qty).round(4),
            "list_price": product["list_price"],
            "amount": amount,
            "cost": cost,
        }
    )


def _split(total: Array, share: Array, number: Array) -> Array:
    """Parts of each total, in cents; the last part takes what rounding leaves."""
    cents = np.round(total * 100).astype("int64")
    parts = np.floor(np.repeat(cents, number) * share).astype("int64")
    group = np.repeat(np.arange(len(total)), number)
    rest = cents - np.bincount(group, weights=parts, minlength=len(total)).astype("int64")
    parts[np.cumsum(number) - 1] += rest
    return parts / 100
