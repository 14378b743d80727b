"""Company names: what stays of a name when legal form, place and script are taken off, and what a register says."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

import opencc

from mcrlib.read.words import tidy

#: Legal forms as written, and what they are.
_FORMS = {
    "limited": (
        "co ltd", "company limited", "ltd", "limited", "pte ltd", "pty ltd", "sdn bhd", "有限责任公司", "有限公司",
    ),
    "stock": ("plc", "ag", "spa", "ab", "股份有限公司", "股份公司", "股份"),
    "inc": ("inc", "incorporated", "corp", "corporation"),
    "llc": ("llc", "llp", "lp"),
    "gmbh": ("gmbh", "mbh", "gmbh co kg", "gmbh and co kg", "kg"),
    "sa": ("sa", "sas", "sarl", "sa de cv"),
    "srl": ("srl", "sl"),
    "bv": ("bv", "nv"),
    "other": ("oy", "oyj", "as", "aps", "kft", "kk", "co", "company", "公司"),
    "group": ("group", "holding", "holdings", "集团", "控股"),
}  # fmt: skip
_FORM_OF = {word: form for form, words in _FORMS.items() for word in words}
_HAN_FORMS = re.compile(rf"(?<=.)({'|'.join(word for word in _FORM_OF if not word.isascii())})$")
_LATIN_FORMS = re.compile(rf"(?<=.)(?: and)? ({'|'.join(word for word in _FORM_OF if word.isascii())})$")
#: The provinces, and how a place is called.
_PROVINCES = (
    "中国|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|"
    "四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PLACE = "(?:省|市|自治区|特别行政区)?"
#: A Chinese name keeps at least this many characters when its place is taken off.
_SHORTEST = 3
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
#: Mail providers: sharing one says nothing.
_PUBLIC = re.compile(
    r"(?:gmail|outlook|hotmail|icloud|live|qq|163|126|sina|sohu|foxmail|aliyun|139)\.com|"
    r"yahoo\.[a-z.]+|189\.cn|gmx\.\w+|web\.de"
)
#: GB 32100: the alphabet of a unified social credit code; each place has its weight.
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class CompanyName(NamedTuple):
    """A name taken apart: without its legal forms, also without places at its front, and the forms themselves."""

    whole: str
    core: str
    forms: frozenset[str]


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """A text without what does not tell names apart: width, case, accents, punctuation, traditional characters."""
    plain = tidy(text).casefold()
    if _HAN.search(plain):
        plain = _simplifier().convert(plain)
    plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    plain = re.sub(r"[.'’`´]", "", plain.replace("&", " and "))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def company_name(name: str, places: str = "") -> CompanyName:
    """Take a company name apart.

    Parameters
    ----------
    name : str
        As delivered.
    places : str
        Cities, folded and with ``|`` between them, that may stand at the front of a Chinese name after a province.

    Returns
    -------
    CompanyName
        ``whole`` is the name without its legal forms, ``core`` also without places; both are folded.
    """
    text = fold(name)
    if not _HAN.search(text):
        whole, forms = _cut_forms(text.removeprefix("the "), _LATIN_FORMS)
        return CompanyName(whole, whole, forms)
    whole, forms = _cut_forms(text.replace(" ", ""), _HAN_FORMS)
    core = without_place(without_place(whole, _PROVINCES), places)
    return CompanyName(whole, core, forms)


def _cut_forms(text: str, form: re.Pattern[str]) -> tuple[str, frozenset[str]]:
    """The text without the forms at its end; where one form holds another, the longer one is cut."""
    forms = set[str]()
    while found := form.search(text):
        text = text[: found.start()]
        forms.add(_FORM_OF[found[1]])
    return text, frozenset(forms)


def without_place(name: str, places: str) -> str:
    """A Chinese name without a place at its front, where enough is left to name a company.

    ``places`` are the places with ``|`` between them.
    """
    found = _places(places).match(name) if places else None
    return name[found.end() :] if found and len(name) - found.end() >= _SHORTEST else name


@cache
def _places(places: str) -> re.Pattern[str]:
    return re.compile(f"(?:{places}){_PLACE}")


def forms_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two legal forms can be those of one company; a group is not one of its members."""
    if ("group" in one) != ("group" in other):
        return False
    one, other = one - {"group"}, other - {"group"}
    return not one or not other or (one - {"other"} or one) == (other - {"other"} or other)


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100) in its plain form; empty where the check digit does not fit."""
    code = re.sub(r"[\s-]", "", tidy(text)).upper()
    if len(code) != len("91350100M000100Y43") or any(char not in _CODE for char in code):
        return ""
    total = sum(_CODE.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return code if _CODE[-total % 31] == code[17] else ""


def web_domain(text: str) -> str:
    """The domain of a web or mail address, without ``www``; empty for mail providers and what is no domain."""
    found = re.search(r"(?:[\w-]+\.)+[a-z]{2,}", re.sub(r"^.*@|^\w+://", "", tidy(text).casefold()))
    domain = found[0].removeprefix("www.") if found else ""
    return "" if _PUBLIC.fullmatch(domain) else domain
