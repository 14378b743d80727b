"""Letters for names of any script: fonts that come with the kit's dependencies, never the machine's."""

from __future__ import annotations

import unicodedata
from functools import cache

import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw
from matplotlib import font_manager

_SC, _TC = "Noto Sans SC", "Noto Sans TC"
_PATHS = {_SC: pylopdf_fonts_zh_cn.sans_path(), _TC: pylopdf_fonts_zh_tw.sans_path()}
#: Comes with matplotlib: Greek, Cyrillic, Hebrew, Arabic, symbols.
_LAST = "DejaVu Sans"
#: What stands for a letter that no font has.
SUBSTITUTE = "□"


def families(language: str) -> list[str]:
    """Font families in the order in which a letter is looked up; Traditional forms come first on zh-TW pages."""
    _register()
    return [_TC, _SC, _LAST] if language == "zh-TW" else [_SC, _TC, _LAST]


def drawable(text: object) -> str:
    """The text on one line with every letter that no font has replaced by ``□`` (names keep theirs in the HTML)."""
    known, kept = _letters(), []
    for letter in unicodedata.normalize("NFC", str(text)):
        if letter.isspace():
            kept.append(" ")
        elif unicodedata.category(letter) not in ("Cf", "Cc", "Cs", "Co", "Cn") and not _variation(letter):
            kept.append(letter if ord(letter) in known else SUBSTITUTE)
    return " ".join("".join(kept).split())


def shorten(text: object, width: int = 22) -> str:
    """A drawable name of at most ``width`` half-width letters; a Chinese letter counts as two."""
    kept, used = "", 0
    whole = drawable(text)
    for letter in whole:
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > width:
            return kept.rstrip() + "..."
        kept += letter
    return whole


def _variation(letter: str) -> bool:
    return 0xFE00 <= ord(letter) <= 0xFE0F or 0x1F3FB <= ord(letter) <= 0x1F3FF


@cache
def _register() -> None:
    for path in _PATHS.values():
        font_manager.fontManager.addfont(path)


@cache
def _letters() -> frozenset[int]:
    paths = [*map(str, _PATHS.values()), font_manager.findfont(_LAST)]
    return frozenset().union(*(font_manager.get_font(path).get_charmap() for path in paths))
