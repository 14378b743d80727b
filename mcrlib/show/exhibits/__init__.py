"""Tables and text blocks of the report: ``frame → table``, every one with its basis, its date and its number."""

from mcrlib.show.exhibits.blocks import Block, answers, check, missing, note, so_what
from mcrlib.show.exhibits.tables import CSS, table

__all__ = ["CSS", "Block", "answers", "check", "missing", "note", "so_what", "table"]
