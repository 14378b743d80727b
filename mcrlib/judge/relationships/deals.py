"""What we know of the decision behind each open deal."""

from __future__ import annotations

import numpy as np
import pandas as pd

ROLES = ("decision_maker", "approver", "evaluator", "deal_user", "procurement", "finance")
#: Stages from which an offer is out.
QUOTED = ("propose", "negotiate")


def judge_chains(chains: pd.DataFrame, *, filled: float = 0.60) -> pd.DataFrame:
    """Tell of every open deal how much of the decision chain we are in touch with, and which large ones should wait.

    Parameters
    ----------
    chains : DataFrame
        From ``decision_chains``.
    filled : float
        Share of the six parts below which a large deal should not be quoted.

    Returns
    -------
    DataFrame
        ``chains`` with ``parts_in_touch`` (share of the six parts in touch; empty where nobody is on the deal),
        ``known_parts``, ``unknown_power`` (people whose part is not known), ``is_large`` (top quarter of the open
        amounts), ``is_blocked`` (large, an offer is out, and less than ``filled``); large ones first, by amount (method
        card R15). No row where no deal names anybody: then the export does not tell, and nothing is blocked.
    """
    chains = chains if chains["n_people"].any() else chains.head(0)
    has_people = chains["n_people"] > 0
    state = chains[list(ROLES)]
    border = chains["amount"].quantile(0.75)
    judged = chains.assign(
        parts_in_touch=(state == 2).mean(axis=1).where(has_people),
        known_parts=(state >= 1).mean(axis=1).where(has_people),
        unknown_power=(chains["n_unknown"] / chains["n_people"].where(has_people)),
        is_large=chains["amount"] >= (border if border == border else np.inf),
    )
    low = judged["parts_in_touch"].fillna(0.0) < filled
    judged["is_blocked"] = judged["is_large"] & judged["stage_std"].isin(QUOTED) & low
    return judged.sort_values(["is_large", "amount", "opportunity_id"], ascending=[False, False, True])
