"""The words for forecasts and for how they are judged: models, measures, targets, results."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark

#: How a forecast came in.
RESULTS = {
    "above": mark("more than expected"),
    "hit": mark("hit"),
    "below": mark("less than expected"),
    "open": mark("still open"),
}

MODELS = {
    "kit": mark("our forecast"),
    "cnbd_lognormal": mark("part of ours: rhythm of orders, typical order values"),
    "cnbd_credibility": mark("part of ours: rhythm of orders, mean order values"),
    "pareto_gamma": mark("part of ours: orders at random, Gamma-Gamma order values"),
    "formula": mark("part of ours: earlier windows, by a formula"),
    "trees": mark("part of ours: earlier windows, by trees"),
    "everyone": mark("part of ours: the mean of all accounts"),
    "same_rate": mark("same rate as before"),
    "last_year": mark("last year again"),
    "last_quarter": mark("last quarter again"),
    "recency_only": mark("recency alone"),
    "average": mark("the average account"),
    "run_rate": mark("last year, as far as each account repeats"),
    "harvest_again": mark("last year's harvest again"),
    "first_year": mark("the first year of the soil forecast"),
    "renewal_model": mark("each contract by itself"),
    "same_rate_renewed": mark("one rate for all"),
}

METRICS = {
    "mae": mark("mean error per account"),
    "rmse": mark("error in which large misses count more"),
    "bias": mark("too much or too little in all"),
    "spearman": mark("agreement of ranks"),
    "gini": mark("order of accounts against the perfect order"),
    "top_10": mark("share of revenue in the tenth predicted highest"),
    "top_20": mark("share of revenue in the fifth predicted highest"),
    "gems_found": mark("hidden gems found"),
    "coverage": mark("share inside the 80% interval"),
    "predicted": mark("forecast total"),
    "actual": mark("actual total"),
    "low": mark("total, at least"),
    "high": mark("total, at most"),
    "covered": mark("total inside its interval"),
}

TARGETS = {
    "orders": mark("orders"),
    "revenue": mark("revenue"),
    "total": mark("portfolio total"),
}

WAYS = {
    "kit": mark("our tiers"),
    "rule": mark("the four-axis rule"),
    "clusters": mark("the groups"),
    "last_year": mark("last year's revenue"),
    "crm": mark("the CRM's own tier"),
    "random": mark("by lot"),
    "hindsight": mark("the best in hindsight"),
}

#: What the tiers are beside another way to choose.
OUTCOMES = {
    "better": mark("ours is better"),
    "worse": mark("ours is worse"),
    "mixed": mark("better on one, worse on the other"),
    "alike": mark("no difference beyond chance"),
    "too_few": mark("too few accounts to say"),
}
