"""What should make a reader doubt the gross profit."""

from __future__ import annotations

from mcrlib.errors import Complaint


def profit_doubts(assumed: float, margin: float) -> list[Complaint]:
    """List what should make a reader doubt the gross profit.

    Parameters
    ----------
    assumed : float
        Share of the revenue without delivered profit or cost.
    margin : float
        Gross profit per revenue that is taken there.
    """
    if assumed == 0:
        return []
    where = (
        "no profit or cost is delivered"
        if assumed == 1
        else f"no profit or cost is delivered for {_percent(assumed)} of the revenue"
    )
    if margin == 1:
        said = f"{where}, and no margin is set: revenue counts as profit there; set margin in client.yaml"
        return [Complaint("revenue_as_profit", said, file="client.yaml", column="margin")]
    return [Complaint("assumed_margin", f"{where}: {margin:.0%} of it counts as profit")]


def _percent(share: float) -> str:
    """A share as percent, with digits where it would read as none."""
    return f"{share:.0%}" if share >= 0.01 else f"{100 * share:.1g}%"
