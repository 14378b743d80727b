"""Orders: repeat orders that come as regularly as the customer is, orders out of won deals, returns and voids."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.people import Team
from mcrlib.simulate.periods import Quarters, make_ids, running_number, to_dates
from mcrlib.simulate.products import LINES

Array = np.ndarray


def repeat_times(traits: pd.DataFrame, rate: Array, dropout: Array, seed: int) -> tuple[Array, Array]:
    """Account and time of every repeat order, by account and time.

    Gaps are Erlang with the account's regularity as shape (1 is Poisson, 12 is nearly clockwork) in operational time,
    in which the rate is one; operational time is then stretched to calendar time by the account's changing rate.
    A customer from before the window is met at a random point of its rhythm; a new one starts with its first order.
    """
    rng = stream(seed, "order times")
    last = rate.shape[1]
    low = np.maximum(np.arange(last), traits["start"].to_numpy()[:, None])
    high = np.minimum(np.arange(1, last + 1), dropout[:, None])
    load = rate / 4 * np.maximum(0.0, high - low)
    shape = traits["regularity"].to_numpy()
    total = load.sum(axis=1)
    # Eight standard deviations more gaps than expected: none is ever missing.
    number = np.ceil(total + 8 * np.sqrt(total / shape) + 8).astype(int) * (total > 0)
    account = np.repeat(np.arange(len(traits)), number)
    steps = shape[account].astype(float)
    first = (running_number(number) == 0) & (traits["start"].to_numpy()[account] < 0)
    steps[first] = np.ceil(steps[first] * rng.random(int(first.sum())))
    walked = np.cumsum(rng.gamma(np.maximum(steps, 1)) / shape[account])
    before = np.concatenate([[0.0], walked])[np.cumsum(number) - number]
    place = walked - np.repeat(before, number)
    happens = place < total[account]
    account, place = account[happens], place[happens]
    road = np.concatenate([[0.0], np.cumsum(load)])
    mark = road[account * last] + place
    cell = np.minimum(np.searchsorted(road, mark, side="right") - 1, load.size - 1)
    part = (mark - road[cell]) / np.maximum(load.ravel()[cell], 1e-12)
    return account, low.ravel()[cell] + np.clip(part, 0, 1 - 1e-9) * (high.ravel()[cell] - low.ravel()[cell])


def draw_orders(
    traits: pd.DataFrame,
    times: tuple[Array, Array],
    deals: pd.DataFrame,
    team: Team,
    quarters: Quarters,
    p: Parameters,
    seed: int,
) -> pd.DataFrame:
    """All valid orders, one row per order: account, time, deal (place or -1), owner, line, amounts, cost."""
    rng = stream(seed, "orders")
    start = traits["start"].to_numpy()
    entered = np.setdiff1d(
        np.flatnonzero((start >= 0) & (start < quarters.count)), deals.loc[deals["entry"], "account"]
    )
    account = np.concatenate([times[0], entered])
    orders = pd.DataFrame({"account": account, "time": np.concatenate([times[1], start[entered]]), "deal": -1})
    quarter = np.minimum(orders["time"].to_numpy().astype(int), quarters.count - 1)
    orders["owner"] = team.holder[account, quarter]
    habit = rng.integers(len(LINES), size=len(traits))[account]
    orders["line"] = np.where(rng.random(len(orders)) < 0.65, habit, rng.integers(len(LINES), size=len(orders)))
    own = traits.loc[account].reset_index(drop=True)
    amount = np.round(np.exp(own["log_spend"] + own["sigma"] * rng.standard_normal(len(own))), 2)
    discount = np.clip(own["discount"] + 0.02 * rng.standard_normal(len(own)), 0.0, 0.5).round(4)
    margin = own["margin"] + 0.03 * rng.standard_normal(len(own))
    orders = orders.assign(
        amount=amount,
        discount=discount,
        list_amount=(amount / (1 - discount)).round(2),
        cost=(amount * (1 - margin)).round(2),
    )
    orders = pd.concat([orders, _from_deals(deals, quarters, rng)], ignore_index=True)
    return orders.sort_values(["time", "account"], ignore_index=True)


def _from_deals(deals: pd.DataFrame, quarters: Quarters, rng: np.random.Generator) -> pd.DataFrame:
    won = deals[deals["won"]]
    delay = np.where(won["entry"], 0.0, rng.uniform(0.0, 0.25, len(won)))
    orders = won[["account", "owner", "amount", "discount", "list_amount", "cost"]].assign(
        time=won["close"] + delay, deal=won.index, line=won["product_line"]
    )
    return orders[orders["time"] < quarters.count]


def order_table(
    orders: pd.DataFrame,
    account_ids: pd.Series,
    deal_ids: pd.Series,
    team: Team,
    quarters: Quarters,
    p: Parameters,
    seed: int,
) -> pd.DataFrame:
    """The order table: valid orders, and beside them the returns and the voided ones."""
    rng = stream(seed, "order table")
    orders = orders.assign(day=quarters.workday(orders["time"].to_numpy()), status="valid")
    back = orders[rng.random(len(orders)) < p.return_rate]
    share = -rng.beta(2.0, 2.0 / p.return_share - 2.0, len(back))
    back = back.assign(
        day=back["day"] + rng.integers(5, 60, len(back)).astype("timedelta64[D]"),
        status="return",
        **{name: (back[name] * share).round(2) for name in ("amount", "list_amount", "cost")},
    )
    void = orders[rng.random(len(orders)) < p.void_rate].assign(status="void")
    rows = pd.concat([orders, back[back["day"] <= quarters.last_day], void], ignore_index=True)
    rows = rows.sort_values(["day", "account", "status"], kind="stable", ignore_index=True)
    deal = rows["deal"].to_numpy()
    return pd.DataFrame(
        {
            "order_id": make_ids("O", len(rows), width=5),
            "account_id": account_ids.take(rows["account"]).to_numpy(),
            "opportunity_id": deal_ids.take(np.maximum(deal, 0)).reset_index(drop=True).where(deal >= 0)
            if len(deal_ids)
            else pd.Series(pd.NA, index=rows.index, dtype="str"),
            "order_date": to_dates(rows["day"].to_numpy()),
            "amount": rows["amount"],
            "list_amount": rows["list_amount"],
            "discount_rate": rows["discount"],
            "cost": rows["cost"],
            "status": rows["status"],
            "owner_id": team.owners["owner_id"].take(rows["owner"]).to_numpy(),
            "product_line": np.array(LINES, dtype=object)[rows["line"]],
            "currency": "CNY",
        }
    )


def order_line_table(orders: pd.DataFrame, products: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Positions of the orders; their amounts and costs add up to those of the order to the cent."""
    rng = stream(seed, "order lines")
    number = np.where(orders["status"] == "return", 1, 1 + np.minimum(3, rng.poisson(0.6, len(orders))))
    row = np.repeat(np.arange(len(orders)), number)
    line_no = running_number(number)
    weight = rng.exponential(size=len(row)) + 0.15
    share = weight / np.add.reduceat(weight, np.cumsum(number) - number)[row] if len(row) else weight
    own = orders.take(row).reset_index(drop=True)
    code = own["product_line"].map({name: place for place, name in enumerate(LINES)}).to_numpy()
    product = products.take(code * (len(products) // len(LINES)) + rng.integers(6, size=len(row))).reset_index(
        drop=True
    )
    amount, cost = (_split(orders[name].to_numpy(), share, number) for name in ("amount", "cost"))
    list_price = product["list_price"].to_numpy()
    price = list_price * (1 - own["discount_rate"].to_numpy())
    qty = np.sign(amount) * np.maximum(1, np.round(np.abs(amount) / price))
    order_id = own["order_id"]
    return pd.DataFrame(
        {
            "line_id": order_id + "-" + pd.Series(line_no + 1).astype("str"),
            "order_id": order_id,
            "line_no": pd.Series(line_no + 1).astype("str"),
            "product_id": product["product_id"],
            "product_line": own["product_line"],
            "qty": qty,
            "unit_price": np.round(amount / np.where(qty == 0, 1, qty), 4),
            "list_price": list_price,
            "amount": amount,
            "cost": cost,
        }
    )


def _split(total: Array, share: Array, number: Array) -> Array:
    """Parts of each total, in cents; the last part takes what rounding leaves."""
    cents = np.round(total * 100).astype("int64")
    parts = np.floor(np.repeat(cents, number) * share).astype("int64")
    if len(parts):
        starts = np.cumsum(number) - number
        parts[starts + number - 1] += cents - np.add.reduceat(parts, starts)
    return parts / 100
