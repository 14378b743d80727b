"""What the kit says when it cannot go on, and what it says when it can but should not be silent."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong or doubtful in what was delivered.

    Parameters
    ----------
    code : str
        Short English word of the kind, stable over versions: ``duplicate``, ``orphan``, ``ambiguous_date`` …
    message : str
        The sentence for a person: what is wrong, how many, one example, what to do.
    file, column : str
        Where; empty where it does not apply.
    row : int, optional
        Spreadsheet row, the header being row 1.
    """

    code: str
    message: str
    file: str = ""
    column: str = ""
    row: int | None = None

    def __str__(self) -> str:
        where = self.file + (f", column {self.column}" if self.column else "")
        where += f", row {self.row}" if self.row is not None else ""
        return f"{where}: {self.message}" if where else self.message

    def as_dict(self) -> dict[str, str | int | None]:
        """The complaint as it stands in ``run.json``."""
        return asdict(self)


class McrError(Exception):
    """A failure with one line for the person at the terminal and an exit code for the scheduler."""

    exit_code = 1

    def __str__(self) -> str:
        return one_line(super().__str__())


class UsageError(McrError):
    """The command, an option, a parameter or client.yaml is not what the kit understands."""

    exit_code = 2


class Refused(McrError):
    """The input cannot be read for certain; all complaints are said at once."""

    exit_code = 3

    def __init__(self, complaints: Complaint | Sequence[Complaint] | str) -> None:
        said = [complaints] if isinstance(complaints, Complaint | str) else complaints
        super().__init__("; ".join(str(one) for one in said))


class NotebookFailed(McrError):
    """A notebook stopped before its end."""

    exit_code = 4


class EnvironmentFailed(McrError):
    """The machine failed the run: disk, rights, memory."""

    exit_code = 5


class Busy(McrError):
    """Another run holds this client."""

    exit_code = 6


def one_line(text: str) -> str:
    """The text on a single line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint `` (did you mean 'x'?)`` for a misspelt word, or nothing where no known word is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
