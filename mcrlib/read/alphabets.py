"""Central European text against Western: the same bytes, told apart by which languages have such words."""

from __future__ import annotations

import re

_WESTERN = (
    "àâæçéèêëîïôœùûüÿ", "äöüß", "áéíñóúü", "àçèéíïòóúü", "áâãàçéêíóôõúü", "àèéìíîòóùú", "åäöæøéü", "áéíóúëïöüè",
    "áðéíóúýþæö", "äöõüšžå",
)  # fmt: skip
_CENTRAL = ("ąćęłńóśźż", "áäčďéěíĺľňóôŕřšťúůýž", "áéíóöőúüű", "ăâîşţ", "čćđšž")
#: A word in either code page, and what ends it as a sign only: m³, 1ª.
_WORD = re.compile(rb"[A-Za-z\x8a-\x8f\x9a-\x9f\xa3\xa5\xaa\xaf\xb3\xb9\xba\xbc\xbe-\xff]{3,}")
_SIGNS = b"\xaa\xb3\xb9\xba\xbc\xbe\xbf"
#: Different words that only Central Europe has, and how many of them to each that only the West has.
_FEWEST, _TIMES = 3, 4


def is_central(data: bytes) -> bool:
    """Whether a text that may be cp1252 is cp1250: several words have letters together that no Western language has.

    ``Spó³ka`` and ``Dvoøák`` are none of the West but Polish and Czech in the other code page; a word that is possible
    in both, such as ``Gyõr``, shows nothing.
    """
    words = {word.strip(_SIGNS) for word in _WORD.findall(data)}
    only = [_only(word) for word in words if not word.isascii()]
    return only.count("central") >= max(_FEWEST, _TIMES * only.count("western"))


def _only(word: bytes) -> str:
    west, central = (word.decode(name, errors="replace").lower() for name in ("cp1252", "cp1250"))
    fits = west == central or _fits(west, _WESTERN), west == central or _fits(central, _CENTRAL)
    return {(True, False): "western", (False, True): "central"}.get(fits, "")


def _fits(word: str, alphabets: tuple[str, ...]) -> bool:
    letters = {letter for letter in word if letter > "\x7f"}
    return any(letters <= set(alphabet) for alphabet in alphabets)
