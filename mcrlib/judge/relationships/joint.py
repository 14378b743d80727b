"""What we develop together with customers, and on what and with whom we could begin."""

from __future__ import annotations

import pandas as pd


def joint_projects(joint: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Tell of each customer what we develop together, how early we are asked, and what could be the next topic.

    Parameters
    ----------
    joint : DataFrame
        From ``joint_innovation``.
    accounts : DataFrame
        ``account_id`` and what else is to stand beside it.

    Returns
    -------
    DataFrame
        ``accounts`` with ``n_joint`` (live joint agreements), ``n_shared`` (of them with shared rights),
        ``n_joint_deals, early`` (share of the deals of two years that a touch of ours preceded; empty without deals or
        log), ``joint_share`` (share of the revenue of two years that products developed together brought; empty where
        no product says so), ``n_technical_active``, ``topic``: the product line to nominate, where nothing joint lives,
        the customer buys a line, and we are in touch with somebody technical. In the order of ``accounts``.

    Notes
    -----
    Method card R10; agreements and deals count by their names (innovation, joint, 创新, 联合).
    """
    known = accounts.merge(joint, on="account_id", validate="one_to_one")
    is_live = (known["n_joint"] > 0) | (known["n_joint_deals"] > 0)
    early = known["n_early"].astype(float) / known["n_opened"].where(known["n_opened"] > 0)
    share = known["joint_revenue"].astype(float) / known["line_revenue"].where(known["line_revenue"] > 0)
    can_begin = ~is_live & (known["n_technical_active"] > 0)
    columns = [*accounts.columns, "n_joint", "n_shared", "n_joint_deals", "early", "joint_share"]
    known = known.assign(early=early, joint_share=share, topic=known["product_line"].astype("str").where(can_begin))
    return known[[*columns, "n_technical_active", "topic"]]
