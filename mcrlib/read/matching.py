"""Accounts that are probably one: candidates by blocking, judged by similarity, merged only where it is certain."""

from __future__ import annotations

import re
from collections.abc import Hashable
from itertools import combinations

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from mcrlib.read.companies import company_name, credit_code, fold, forms_agree, web_domain, without_place
from mcrlib.read.words import map_unique

#: Columns of a list of pairs.
PAIRS = ("account_id", "other_id", "account_name", "other_name", "city", "other_city", "score", "reason", "certain")
_FEWEST = 2
#: Pairs below this score are not worth a look.
_WORTH_A_LOOK = 0.9
#: What else two accounts have in common, or not, moves the similarity of their names; each doubling of the accounts of
#: one name takes a little, for a common name says less.
_NO_CITY, _OTHER_CITY, _SAME_DOMAIN, _COMMON_NAME = -0.02, -0.06, 0.10, -0.02
#: A block that holds more accounts says nothing; the rarest blocks come first until this many pairs an account.
_LARGEST_BLOCK, _PAIRS_AN_ACCOUNT = 60, 30
_FEWEST_PAIRS, _MOST_PAIRS = 200_000, 3_000_000
#: Columns by which two accounts can be seen to be one; ids alone tell nothing.
_TELLING = {"account_name", "credit_code", "domain"}
#: A register code that more accounts share is a placeholder; a domain, that of a mail provider or of one who resells.
_MOST_OF_ONE_CODE, _MOST_OF_ONE_DOMAIN = 5, 5


def find_pairs(accounts: pd.DataFrame) -> pd.DataFrame:
    """List pairs of accounts that may be one customer, the likeliest first.

    Parameters
    ----------
    accounts : DataFrame
        account_id and account_name; where delivered also city, province, credit_code, domain, parent_account_id.

    Returns
    -------
    DataFrame
        The columns ``PAIRS``: ``score`` 0-1; ``reason`` same_code, same_name_and_city, same_name, similar_name or
        same_domain; ``certain`` where nothing speaks against merging: one valid register code, or one name in one city
        with no other code and no other legal form. An account and one above it in its group are never a pair.
    """
    nothing = pd.DataFrame({name: pd.Series(dtype="object") for name in PAIRS})
    if len(accounts) < _FEWEST or not _TELLING & set(accounts):
        return nothing
    known = _describe(accounts)
    left, right = _candidates(known)
    if not len(left):
        return nothing
    pairs = _judge(known, left, right)
    pairs = pairs[~_related(accounts, pairs)]
    return pairs.sort_values(
        ["certain", "score", "account_id", "other_id"], ascending=[False, False, True, True], ignore_index=True
    )


def _describe(accounts: pd.DataFrame) -> pd.DataFrame:
    """What the accounts are compared by, a row per account; an empty text where nothing is known."""
    texts = accounts.reindex(columns=["account_id", "account_name", "city", "province", "credit_code", "domain"])
    texts = texts.astype("str").fillna("").reset_index(drop=True)
    known = texts[["account_id", "account_name", "city"]].copy()
    for name in ("city", "province"):
        known[f"{name}_key"] = map_unique(texts[name], lambda text: re.sub(r"[省市]$", "", fold(text)))
    places = "|".join(sorted(re.escape(place) for place in known["city_key"].unique() if place))
    names = map_unique(texts["account_name"], lambda text: company_name(text, places))
    known["core"] = [name.core for name in names]
    known["forms"] = [name.forms for name in names]
    owned = zip(names, known["province_key"], known["city_key"], strict=True)
    known["whole"] = [
        without_place(without_place(name.whole, re.escape(province)), re.escape(city)) for name, province, city in owned
    ]
    known["digits"] = known["core"].str.replace(r"\D+", " ", regex=True).str.strip()
    known["namesakes"] = known["core"].map(known["core"].value_counts())
    known["one_form"] = _one_form(known)
    known["code"] = map_unique(texts["credit_code"], credit_code)
    domain = map_unique(texts["domain"], web_domain)
    known["domain"] = domain.mask(domain.map(domain.value_counts()) > _MOST_OF_ONE_DOMAIN, "")
    return known


def _one_form(known: pd.DataFrame) -> pd.Series:
    """Whether all accounts of one name in one city can be of one legal form; a group is not one of its members."""
    places = list(zip(known["whole"], known["city_key"], strict=True))
    forms_at: dict[tuple[str, str], set[frozenset[str]]] = {}
    for place, forms in zip(places, known["forms"], strict=True):
        forms_at.setdefault(place, set()).add(forms)
    agree = {
        place: all(forms_agree(one, other) for one, other in combinations(found, 2))
        for place, found in forms_at.items()
    }
    return pd.Series([agree[place] for place in places], dtype=bool)


def _candidates(known: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Places of the pairs to compare: accounts that share a register code, a domain or a rare part of their name."""
    keys = [("code", known["code"]), ("domain", known["domain"]), ("name", known["core"])]
    blocks = [pd.DataFrame({"row": column.index, "key": kind + "\x1f" + column})[column != ""] for kind, column in keys]
    parts = known["core"].map(_parts).explode().dropna()
    blocks.append(pd.DataFrame({"row": parts.index, "key": parts}))
    every = pd.concat(blocks, ignore_index=True).drop_duplicates()
    size = every["key"].map(every["key"].value_counts())
    every = every.assign(size=size)[size.between(2, _LARGEST_BLOCK)].sort_values(["size", "key", "row"], kind="stable")
    budget = min(max(_FEWEST_PAIRS, _PAIRS_AN_ACCOUNT * len(known)), _MOST_PAIRS)
    every = every[((every["size"] - 1) / 2).cumsum() <= budget]
    pairs = every.merge(every, on="key", suffixes=("", "_other"), validate="many_to_many")
    pairs = pairs.loc[pairs["row"] < pairs["row_other"], ["row", "row_other"]].drop_duplicates()
    return pairs["row"].to_numpy(), pairs["row_other"].to_numpy()


def _parts(core: str) -> list[str]:
    """The parts of a name by which it finds similar ones: beginnings of words; every two Chinese characters."""
    if not core:
        return []
    if not core.isascii():
        return list({core[start : start + 2] for start in range(len(core) - 1)})
    squashed = core.replace(" ", "")
    return list({f"{word[:4]}" for word in core.split() if len(word) > 2} | {f"^{squashed[:6]}", f"{squashed[-6:]}$"})


def _alike(known: pd.DataFrame, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    """The pairs that are worth judging, and how alike their names are (0-1); another number is another company."""
    cores = known["core"].to_numpy(dtype=object)
    scorers = (fuzz.ratio, fuzz.token_sort_ratio)
    least = 100 * _WORTH_A_LOOK
    likeness = [cpdist(cores[left], cores[right], scorer=scorer, score_cutoff=least) for scorer in scorers]
    name = np.maximum(*likeness).astype("float64") / 100
    digits = known["digits"].to_numpy(dtype=object)
    close = (name > 0) & (cores[left] != "") & (digits[left] == digits[right])
    for column in ("code", "domain"):
        values = known[column].to_numpy(dtype=object)
        close |= (values[left] == values[right]) & (values[left] != "")
    return left[close], right[close], pd.Series(name[close])


def _judge(known: pd.DataFrame, left: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    left, right, name = _alike(known, left, right)
    one, other = known.iloc[left].reset_index(drop=True), known.iloc[right].reset_index(drop=True)
    same = {column: (one[column] == other[column]) & (one[column] != "") for column in ("city_key", "domain", "code")}
    differ = {column: (one[column] != other[column]) & (one[column] != "") & (other[column] != "") for column in same}
    equal = (one["core"] == other["core"]) & (one["core"] != "")
    score = name + np.where(same["city_key"], 0, np.where(differ["city_key"], _OTHER_CITY, _NO_CITY))
    score += _COMMON_NAME * np.log2(np.maximum(np.maximum(one["namesakes"], other["namesakes"]), 2) - 1)
    score = score.mask(same["domain"], np.maximum(score + _SAME_DOMAIN, _WORTH_A_LOOK)).mask(same["code"], 1.0)
    shared = known.loc[known["code"] != "", "code"].value_counts()
    certain = equal & (one["whole"] == other["whole"]) & same["city_key"] & ~differ["code"]
    certain &= one["one_form"] & other["one_form"]
    certain |= same["code"] & (one["code"].map(shared) <= _MOST_OF_ONE_CODE)
    reason = np.select(
        [same["code"], equal & same["city_key"], equal, same["domain"]],
        ["same_code", "same_name_and_city", "same_name", "same_domain"],
        "similar_name",
    )
    pairs = pd.DataFrame(
        {
            "account_id": one["account_id"], "other_id": other["account_id"],
            "account_name": one["account_name"], "other_name": other["account_name"],
            "city": one["city"], "other_city": other["city"],
            "score": score.clip(0, 1).round(3), "reason": reason, "certain": certain,
        }
    )  # fmt: skip
    return pairs[((score >= _WORTH_A_LOOK) & ~differ["code"]) | certain]


def _related(accounts: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Whether one account of a pair stands above the other: the CRM itself tells them apart."""
    if "parent_account_id" not in accounts:
        return pd.Series(False, index=pairs.index)
    above: dict[Hashable, Hashable] = dict(
        accounts[["account_id", "parent_account_id"]].dropna().itertuples(index=False, name=None)
    )

    def chain(account: Hashable) -> set[Hashable]:
        found = set[Hashable]()
        while (account := above.get(account)) is not None and account not in found:
            found.add(account)
        return found

    both = zip(pairs["account_id"], pairs["other_id"], strict=True)
    return pd.Series([one in chain(other) or other in chain(one) for one, other in both], index=pairs.index, dtype=bool)
