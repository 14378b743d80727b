"""Translate the text of a notebook, paragraph by paragraph."""

from __future__ import annotations

import re

from mcrlib.show.words.catalogue import messages

#: What stands before the words of a heading, a list item or a quotation.
_LEAD = re.compile(r"^(\s*(?:#{1,6}|[-*+]|\d+\.|>)\s+)(.*)$", re.DOTALL)
_FENCE = re.compile(r"^\s*(```|~~~)")


def translate_markdown(text: str, language: str) -> str:
    """The text with every paragraph that the catalogue knows said in the reader's language.

    Headings, list items and quotations are looked up without their signs; lines of one paragraph are looked up as one
    line. What the catalogue does not know (a consultant's own words, code, tables) passes through as it is.
    """
    known = messages(language)
    if not known:
        return text
    return "".join(_said(block, known) for block in _blocks(text))


def anchor(heading: str) -> str:
    """The place of a section on its page: its heading as the notebook words it, in every language the same.

    ``Who feeds us, and who is fed?`` stands at ``#who-feeds-us-and-who-is-fed``.
    """
    return re.sub(r"[\W_]+", "-", heading.casefold()).strip("-")


def paragraphs(text: str) -> list[str]:
    """The messages of a Markdown text, as the catalogue keeps them."""
    found = [_message(block) for block in _blocks(text)]
    return [message for message in found if re.search(r"\w", message)]


def _said(block: str, known: dict[str, str]) -> str:
    message = _message(block)
    if message not in known:
        return block
    lead = _LEAD.match(block)
    ending = block[len(block.rstrip()) :]
    return (lead.group(1) if lead else "") + known[message] + ending


def _message(block: str) -> str:
    if _FENCE.match(block) or block.lstrip().startswith("|"):
        return ""
    lead = _LEAD.match(block)
    return " ".join((lead.group(2) if lead else block).split())


def _blocks(text: str) -> list[str]:
    """Cut into paragraphs, headings, list items and fenced blocks; joined they are the text again."""
    blocks, fenced = [""], False
    for line in text.splitlines(keepends=True):
        fence, starts = bool(_FENCE.match(line)), bool(_LEAD.match(line))
        blank = not line.strip()
        after_break = not blocks[-1].strip() or blocks[-1].lstrip().startswith("#")
        if not fenced and (fence or starts or blank or after_break or _closed_fence(blocks[-1])):
            blocks.append(line)
        else:
            blocks[-1] += line
        fenced = fenced != fence
    return blocks


def _closed_fence(block: str) -> bool:
    return bool(_FENCE.match(block)) and len(block.splitlines()) > 1
