"""Who is who stays at home: ids and names become keyed pseudonyms, free text is emptied, every join still works."""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint, UsageError
from mcrlib.read.words import map_unique
from mcrlib.settings import Settings

#: A shorter key can be found by trying.
_SHORTEST_KEY = 32
_TOKEN_LENGTH, _NAME_LENGTH = 12, 8
#: Names, and the word that stands before their pseudonym.
_NAMES = {
    "account_name": "Account",
    "parent_account_name": "Account",
    "referrer_name": "Account",
    "owner_name": "Owner",
    "manager": "Owner",
    "contact_name": "Contact",
    "product_name": "Product",
    "competitor": "Company",
    "supplier": "Company",
}
#: Texts that say what kind of thing a row is, not who; any other text is emptied.
_KEPT = {
    *("industry", "segment", "region", "country", "province", "currency", "department", "product_line", "credit_grade"),
    *("tier_raw", "deal_status", "stage", "forecast_category", "status", "role", "old", "new"),
}
#: Reasons are kept where they are a choice in the CRM; one that few rows give may be somebody's own words.
_REASONS, _FEW = ("lost_reason", "win_reason"), 5
#: Numbers of public registers: ids that anybody could look up and nothing joins by.
_REGISTERS = ("credit_code",)
_SAID_OF_PAIRS = {"score", "reason", "decided_by"}
_ACCOUNT_OR_PERSON = ("account", "user")


def read_key(path: Path) -> bytes:
    """Read the secret that makes the pseudonyms: a file of at least 32 random characters.

    Raises
    ------
    UsageError
        No such file, or a key that is too short.
    """
    if not path.is_file():
        raise UsageError(f"--key-file {path}: there is no such file: write {_SHORTEST_KEY} or more random characters")
    key = path.read_bytes().strip()
    if len(key) < _SHORTEST_KEY:
        said = f"the key has {len(key)} characters and needs {_SHORTEST_KEY} random ones or more"
        raise UsageError(f"--key-file {path}: {said}; the next key makes other pseudonyms")
    return key


def token(key: bytes, text: str) -> str:
    """The short stable stand-in of an id: keyed HMAC-SHA-256, never read as a number, equal for equal texts."""
    return "p" + _code(key, text)[:_TOKEN_LENGTH].lower()


def pseudonym(key: bytes, text: str, word: str) -> str:
    """A name that people can say, such as ``Account 7F3A2C5D``."""
    return f"{word} {_code(key, text)[:_NAME_LENGTH]}"


def hide_table(name: str, frame: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """Tell who is who in a clean table only by pseudonyms.

    Parameters
    ----------
    name : str
        The canonical table.
    frame : DataFrame
        Its clean rows.
    key : bytes
        From `read_key`.

    Returns
    -------
    DataFrame
        The same columns, sorted by the key: ids as tokens, names as pseudonyms, other texts empty unless they say a
        kind of thing; numbers, dates and codes as they were.
    """
    spec = schema.tables()[name]
    hidden = {
        column.name: _hide(column, frame, key)
        for column in spec.columns.values()
        if column.kind == "id" or (column.kind == "text" and column.name not in _KEPT)
    }
    return frame.assign(**hidden).sort_values(spec.key, kind="stable", ignore_index=True)


def hide_pairs(pairs: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """A list of accounts that are, or may be, one customer, by pseudonyms; only scores and reasons stay as they are."""
    hidden: dict[str, pd.Series | str] = dict.fromkeys(set(pairs.columns) - _SAID_OF_PAIRS, "")
    for column in hidden:
        if column.endswith("_id"):
            hidden[column] = _tokens(pairs[column], key)
        elif column.endswith("_name"):
            hidden[column] = map_unique(pairs[column], lambda text: pseudonym(key, text, "Account"))
    return pairs.assign(**hidden)


def hide_complaint(complaint: Complaint) -> Complaint:
    """The complaint without the words of the export that it quotes."""
    return replace(complaint, message=hide_quotes(complaint.message))


def hide_quotes(text: str) -> str:
    """The text without what stands from its first quoted word to the clause after its last: a name may hold quotes."""
    return re.sub(r"'.*'[^;]*", "'…'", text, flags=re.DOTALL)


def hide_settings(settings: Settings, key: bytes) -> Settings:
    """The settings with the accounts of the overrides as tokens; an account is then found by its id only."""
    hidden = [
        one.model_copy(
            update={"account": token(key, one.account), "by": pseudonym(key, one.by, "Owner"), "reason": "…"}
        )
        for one in settings.overrides
    ]
    return settings.model_copy(update={"overrides": hidden})


def _hide(column: schema.Column, frame: pd.DataFrame, key: bytes) -> pd.Series:
    values, empty = frame[column.name], pd.Series(pd.NA, index=frame.index, dtype="str")
    if column.name in _NAMES:
        word = _NAMES[column.name]
        return map_unique(values, lambda text: pseudonym(key, text, word)).astype("str")
    if column.name in _REASONS:
        return values.where(values.map(values.value_counts()) >= _FEW, empty)
    if column.kind == "text" or column.name in _REGISTERS:
        return empty
    if column.name == "scope_id":
        return values.where(~frame["scope_type"].isin(_ACCOUNT_OR_PERSON), _tokens(values, key))
    return _tokens(values, key)


def _tokens(values: pd.Series, key: bytes) -> pd.Series:
    return map_unique(values, lambda text: token(key, text)).astype("str")


def _code(key: bytes, text: str) -> str:
    return base64.b32encode(hmac.digest(key, text.encode(), "sha256")).decode()
