"""Which encoding a text file is in, asked in the order that cannot hide damage."""

from __future__ import annotations

import codecs
import re

from mcrlib.errors import Complaint
from mcrlib.read.alphabets import is_central
from mcrlib.read.sheets import UnreadableError

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_STEP = 1 << 24
_SAMPLE = 1 << 18
#: UTF-8 that was once read as a Western code page and saved again (Ã¼ for ü, or control characters that no text has),
#: the replacement character, and its Chinese echo.
_MOJIBAKE = re.compile(
    rb"\xc2[\x80-\x84\x86-\x9f]|\xc3[\x82\x83\xa2](?:\xc2[\x80-\xbf]|\xe2(?:\x80[\x93-\xba]|\x82\xac|\x84\xa2))|\xef\xbf\xbd|\xe9\x94\x9f\xe6\x96\xa4"
)
_SPELLED = {"gb18030": ("gb18030",), "big5": ("big5", "cp950")}
_KANA, _HANGUL = re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7a3]")
_EASTERN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60\uffe0-\uffe6]")
#: Code page, its own letters, the least share of them, and the fewest.
_OWN_LETTERS = (("cp932", _KANA, 0.01, 2), ("euc_jp", _KANA, 0.08, 3), ("cp949", _HANGUL, 0.98, 12))
#: The syllables that every Korean text is full of; what Chinese bytes give by chance are others.
_USUAL = frozenset(
    "이다는을의가에하고기지사도서시로대자나인리은한어수스정아해일주전과장부라만그보상구원국제관성소공여동무유신안산조용화위계연경"
    "중실교내미우적모물생진비회학문방선천식업행재금트차남북세치불오요명강현카네삼음년월객담번호매출거래처"
)
_WESTERN = ("cp1252", "cp850", "mac_roman")
#: A word with a letter beyond ASCII; letters from which such words tell, and the share of plain ones in Western text.
_ACCENTED = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
_TELLING, _SOME = 12, 0.2
_CJK_LEVEL_ONE = range(0xB0, 0xD8)
_BIG5_FREQUENT = range(0xA4, 0xC7)


def find_charset(data: bytes, file: str) -> tuple[str, list[Complaint]]:
    """Name the encoding of a text file.

    Asked in turn: byte-order mark, UTF-16 by the pattern of its zero bytes, UTF-8, Japanese and Korean by letters that
    only they have, then GB18030 against Big5 by how common the characters would be, and Western code pages last,
    because they accept any bytes.

    Raises
    ------
    UnreadableError
        Lines in two encodings, or bytes that the encoding a file is marked with does not know.
    """
    declared = next((name for bom, name in _BOMS.items() if data.startswith(bom)), None) or _utf16(data)
    if declared:
        _refuse_broken(data, declared.removesuffix("-sig"), file)
        return declared, _damage(data, file) if declared == "utf-8-sig" else []
    if data.isascii():
        return "utf-8", []
    broken = _first_broken(data, "utf-8")
    if broken is None:
        return "utf-8", _damage(data, file)
    name = _legacy(data)
    _refuse_mixed(data, broken, name, file)
    _refuse_broken(data, name, file)
    if name in ("gb18030", "big5"):
        return name, []
    _refuse_foreign(data, name, file)
    said = f"the encoding is not declared and was taken for {name}; if names look wrong, export it again as UTF-8"
    return name, [Complaint("encoding", said, file)]


def is_cut(data: bytes, charset: str) -> bool:
    """True where the text ends in the middle of a character."""
    if charset.startswith("utf-8"):
        return bool(re.search(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z", data[-3:]))
    decoder = codecs.getincrementaldecoder(charset)()
    for start in range(0, len(data), _STEP):
        decoder.decode(data[start : start + _STEP], final=False)
    return bool(decoder.getstate()[0])


def _utf16(data: bytes) -> str | None:
    head = data[:4096]
    pairs = max(len(head) // 2, 1)
    even, odd = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
    if max(even, odd) < 0.3 or min(even, odd) > 0.05:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _first_broken(data: bytes, name: str) -> int | None:
    """Place of the first bytes that this encoding does not know; an end in the middle of a character is none."""
    decoder = codecs.getincrementaldecoder(name)()
    for start in range(0, len(data), _STEP):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _STEP], final=False)
        except UnicodeDecodeError as error:
            return max(start - held + error.start, 0)
    return None


def _refuse_broken(data: bytes, name: str, file: str) -> None:
    broken = _first_broken(data, name)
    if broken is None:
        return
    row = data[:broken].decode(name, errors="ignore").count("\n") + 1
    said = f"the file seems to be {name.upper()} but has bytes that are none, the first in line {row}"
    raise UnreadableError("encoding", f"{said}: it was damaged or glued from two exports; export it again", file, row)


def _legacy(data: bytes) -> str:
    foreign = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    eastern = _japanese_or_korean(data, foreign) or _chinese(data, foreign)
    western = max(_WESTERN, key=lambda name: _letters(foreign, name))
    return eastern or ("cp1250" if western != "mac_roman" and is_central(foreign) else western)


def _japanese_or_korean(data: bytes, foreign: bytes) -> str | None:
    """Japanese by its kana, Korean by its syllables: no Chinese text has so many of them, in whatever code."""
    for name, own, least, fewest in _OWN_LETTERS:
        if _first_broken(data, name) is not None:
            continue
        letters = [char for char in foreign.decode(name, errors="ignore") if char > "\x7f"]
        proper = sum(bool(_EASTERN.match(char)) for char in letters)
        found = sum(bool(own.match(char)) for char in letters)
        if own is _HANGUL and sum(char in _USUAL for char in letters) < 0.25 * len(letters):
            continue
        if proper >= 0.98 * len(letters) and found >= max(least * len(letters), fewest):
            return name
    return None


def _chinese(data: bytes, foreign: bytes) -> str | None:
    shares = {}
    for name, plain, zone in (("gb18030", "gb2312", _CJK_LEVEL_ONE), ("big5", "big5", _BIG5_FREQUENT)):
        fits = next((one for one in _SPELLED[name] if _first_broken(data, one) is None), None)
        if fits:
            shares[fits] = _common(foreign.decode(fits, errors="ignore"), plain, zone)
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best and shares[best] >= 0.5 else None


def _common(text: str, plain: str, zone: range) -> float:
    """Share of the non-ASCII characters that are frequent ones of this code; punctuation is not counted.

    A Chinese character inside a Latin word is none: there two Western letters were taken for one.
    """
    text = re.sub(r"(?<=[a-z])[^\x00-\x7f]", "\x80", text)
    words = [char for char in text if char > "\u3020" and not "\uff00" <= char <= "\uff65"]
    other = sum(1 for char in text if "\x7f" < char < "\u2000")
    frequent = sum(1 for char in words if (code := char.encode(plain, errors="ignore")) and code[0] in zone)
    return frequent / max(len(words) + other, 1)


def _letters(data: bytes, name: str) -> float:
    """How much the text looks like words when read in this code page: no capitals or signs inside words."""
    text = data.decode(name, errors="replace")
    found = [(text[i - 1 : i], char, text[i + 1 : i + 2]) for i, char in enumerate(text) if char > "\x7f"]
    return sum(_fits(*place) for place in found) / max(len(found), 1)


def _fits(before: str, char: str, after: str) -> bool:
    if char.isalpha():
        return not (char.isupper() and before.islower()) and not (char.islower() and after.isupper())
    return char in "\xa0\u2019" or (char in "€–—“”‘…©®™°§«»" and not (before.isalpha() and after.isalpha()))


def _refuse_mixed(data: bytes, broken: int, name: str, file: str) -> None:
    lines = [line for line in data.splitlines() if not line.isascii()]
    proper = [text for line in lines if (text := _as_utf8(line)) is not None]
    telling = [text for text in proper if re.search("[\u0800-\uffff\U00010000-\U0010ffff]", text)]
    western = name in (*_WESTERN, "cp1250")
    if len(telling) < 2 and not (western and proper and len(proper) >= 0.2 * len(lines)):
        return
    row = data.count(b"\n", 0, broken) + 1
    raise UnreadableError(
        "encoding",
        f"the file mixes encodings: {len(proper)} lines are UTF-8 and {len(lines) - len(proper)} are not, the first "
        f"in line {row}; it seems to be glued from two exports: export it again in one piece as UTF-8",
        file,
        row,
    )


def _refuse_foreign(data: bytes, name: str, file: str) -> None:
    """Words of nearly nothing but accents are Cyrillic or Greek, or too few of another script to be told."""
    if name not in _WESTERN:
        return
    lines = [(row, line) for row, line in enumerate(data.splitlines(), start=1) if not line.isascii()]
    words = _ACCENTED.findall(b"\n".join(line for _, line in lines)[:_SAMPLE].decode(name, errors="replace"))
    letters = "".join(words)
    if len(letters) < _TELLING or sum(map(str.isascii, letters)) > _SOME * len(letters):
        return
    said = f"the encoding cannot be told (read as {name}, words look like '{words[0]}'): export it again as UTF-8"
    raise UnreadableError("encoding", said, file, lines[0][0])


def _as_utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _damage(data: bytes, file: str) -> list[Complaint]:
    found = list(_MOJIBAKE.finditer(data))
    if not found:
        return []
    start, end = found[0].span()
    example = data[max(start - 12, data.rfind(b"\n", 0, start) + 1) : end + 8].decode("utf-8", errors="ignore")
    row = data.count(b"\n", 0, start) + 1
    said = (
        f"{len(found)} places were damaged by a wrong encoding before the export (mojibake), as in '{example.strip()}'"
    )
    return [Complaint("mojibake", f"{said}; they are kept as they are, repair them in the CRM", file, row=row)]
