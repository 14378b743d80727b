"""One table on its way from as delivered to clean, with what was set aside and what was changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint

#: Columns of quarantine.csv.
QUARANTINE = ("table", "file", "row", "column", "code", "raw")
#: Columns of cleaning_log.csv.
LOG = ("table", "file", "column", "code", "rows", "example")


@dataclass(frozen=True)
class Draft:
    """The rows of one canonical table while they are cleaned; every step gives a new draft.

    Parameters
    ----------
    table : str
        Name of the canonical table.
    rows : DataFrame
        Typed columns that were delivered, reading-only fields, ``src_file``, ``src_sheet``, ``src_row``; index 0..n-1.
    rows_in : int
        Rows of the files; kept and set aside rows always add up to it.
    headers : dict
        Field to header as delivered, for messages.
    files : tuple of str
        Files that the rows came from.
    aside : DataFrame
        Rows set aside, in the columns of the quarantine.
    gone : DataFrame
        ``key`` and ``code`` of rows set aside whose key is known, so that their children can be told why.
    aliases : DataFrame
        ``name`` and ``id``: other names of rows, such as those of accounts merged into them.
    """

    table: str
    rows: pd.DataFrame
    rows_in: int
    headers: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(QUARANTINE)))
    gone: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"key": [], "code": []}, dtype="str"))
    aliases: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"name": [], "id": []}, dtype="str"))
    warnings: tuple[Complaint, ...] = ()
    log: tuple[dict[str, object], ...] = ()

    @property
    def spec(self) -> schema.Table:
        """The table in the data dictionary."""
        return schema.tables()[self.table]

    @property
    def key(self) -> str:
        """Name of the key column."""
        return self.spec.key

    @property
    def file(self) -> str:
        """The files in a message."""
        return ", ".join(self.files) or f"{self.table}.csv"

    @property
    def rows_aside(self) -> int:
        """How many rows were set aside."""
        return len(self.aside)

    def has(self, *columns: str) -> bool:
        """Whether all of these columns were delivered."""
        return all(column in self.rows for column in columns)

    def header(self, column: str) -> str:
        """The header of a column as delivered."""
        return self.headers.get(column, column)

    def with_rows(self, rows: pd.DataFrame) -> Draft:
        """The draft with other rows."""
        return replace(self, rows=rows)

    def put(self, **columns: Any) -> Draft:
        """The draft with columns added or replaced."""
        return replace(self, rows=self.rows.assign(**columns))

    def set_aside(self, which: pd.Series, code: str, column: str = "", raw: pd.Series | None = None) -> Draft:
        """The draft without the rows where ``which`` is true; they go to the quarantine under ``code``."""
        which = which.astype("boolean").fillna(False).astype(bool)
        if not which.any():
            return self
        out = self.rows[which]
        text = raw.loc[out.index] if raw is not None else out.get(column, "")
        aside = pd.DataFrame(
            {
                "table": self.table,
                "file": out["src_file"],
                "row": out["src_row"],
                "column": self.header(column),
                "code": code,
                "raw": pd.Series(text, index=out.index).astype("str").fillna(""),
            }
        )
        gone = (
            pd.DataFrame({"key": out[self.key].astype("str"), "code": code}) if self.key in out else self.gone.iloc[:0]
        )
        return replace(
            self,
            rows=self.rows[~which],
            aside=_stack(self.aside, aside),
            gone=_stack(self.gone, gone.dropna()),
        )

    def warn(self, code: str, message: str, column: str = "", row: int | None = None) -> Draft:
        """The draft with one more warning."""
        complaint = Complaint(code, message, self.file, self.header(column) if column else "", row)
        return replace(self, warnings=(*self.warnings, complaint))

    def note(self, column: str, code: str, rows: int, example: object = "") -> Draft:
        """The draft with one more line in the cleaning log; nothing where no row is concerned."""
        if not rows:
            return self
        entry = dict(zip(LOG, (self.table, self.file, self.header(column), code, int(rows), str(example)), strict=True))
        return replace(self, log=(*self.log, entry))


def merge_drafts(drafts: list[Draft]) -> Draft:
    """One draft of several files of one table."""
    first = drafts[0]
    if len(drafts) == 1:
        return first
    return replace(
        first,
        rows=pd.concat([draft.rows for draft in drafts], ignore_index=True),
        rows_in=sum(draft.rows_in for draft in drafts),
        headers={field: header for draft in reversed(drafts) for field, header in draft.headers.items()},
        files=tuple(dict.fromkeys(file for draft in drafts for file in draft.files)),
        aside=_stack(*(draft.aside for draft in drafts)),
        gone=_stack(*(draft.gone for draft in drafts)),
        warnings=tuple(warning for draft in drafts for warning in draft.warnings),
        log=tuple(entry for draft in drafts for entry in draft.log),
    )


def _stack(*frames: pd.DataFrame) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
