"""Invented names of companies and people, in English and in simplified and traditional Chinese."""

from __future__ import annotations

import numpy as np
import pandas as pd

ENGLISH, SIMPLIFIED, TRADITIONAL = 0, 1, 2


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    """
    Alder Amber Anchor Apex Arbour Argent Aspen Aster Atlas Aurora Beacon Birch Blue Boreal Bramble Bright
    Cedar Cinder Clear Cobalt Copper Coral Crown Delta Ember Falcon Fern Flint Garnet Granite Harbour Hazel
    Heron Hollow Indigo Iron Ivory Jade Juniper Keystone Lantern Larch Laurel Linden Lumen Maple Marble
    Meridian Mistral Moss North Oak Onyx Opal Orchard Osprey Pearl Pine Prairie Quartz Quill Raven Ridge River
    Rowan Saffron Sable Silver Slate Solar Sparrow Spruce Sterling Stone Summit Tamarack Teal Thistle Timber
    Umber Valley Vesper Violet Walnut Willow Winter Zephyr
    """
)
_SECOND = _words(
    """
    field gate ford wood bridge haven crest brook hill mark port stead well wick worth dale moor shore cliff
    mere
    """
)
_FORM = ("Ltd", "Inc.", "Group", "GmbH", "LLC", "Co.", "PLC", "S.A.")
_BRAND_S = tuple("恒瑞晟鼎泰宏嘉博凯盛华信德锦远启康诚海云星岳澜禾森峰骏捷铭源昊辰川沐朗翔")
_FORM_S = ("有限公司", "股份有限公司", "集团有限公司", "科技有限公司")
_BRAND_T = tuple("恆瑞晟鼎泰宏嘉博凱盛華信德錦遠啟康誠海雲星嶽瀾禾森峰駿捷銘源")
_FORM_T = ("有限公司", "股份有限公司", "企業股份有限公司")

#: industry, segment, and its word in company names: English, simplified, traditional.
TRADES = (
    ("Machinery", "Machine tools", "Tools", "机床", "機床"),
    ("Machinery", "Pumps", "Pumps", "泵业", "泵業"),
    ("Electronics", "Components", "Components", "电子", "電子"),
    ("Electronics", "Optics", "Optics", "光电", "光電"),
    ("Logistics", "Warehousing", "Warehousing", "仓储", "倉儲"),
    ("Logistics", "Freight", "Freight", "货运", "貨運"),
    ("Food", "Beverages", "Beverages", "饮品", "飲品"),
    ("Food", "Packaged food", "Foods", "食品", "食品"),
    ("Healthcare", "Devices", "Medical", "医疗", "醫療"),
    ("Healthcare", "Pharma", "Pharma", "制药", "製藥"),
    ("Energy", "Grid", "Power", "电力", "電力"),
    ("Energy", "Storage", "Storage", "储能", "儲能"),
    ("Telecom", "Carriers", "Networks", "通信", "通訊"),
    ("Telecom", "Data centres", "Data", "数据", "數據"),
    ("Materials", "Chemicals", "Chemicals", "化工", "化工"),
    ("Materials", "Packaging", "Packaging", "包装", "包裝"),
)

#: city, country, sales region; English names have the first four, traditional ones the next, simplified ones the rest.
CITIES = (
    ("Rotterdam", "Netherlands", "Overseas"),
    ("Hamburg", "Germany", "Overseas"),
    ("Leeds", "United Kingdom", "Overseas"),
    ("Toronto", "Canada", "Overseas"),
    ("臺北", "Taiwan, China", "South"),
    ("高雄", "Taiwan, China", "South"),
    ("新竹", "Taiwan, China", "South"),
    ("香港", "Hong Kong, China", "South"),
    ("北京", "China", "North"),
    ("天津", "China", "North"),
    ("沈阳", "China", "North"),
    ("青岛", "China", "North"),
    ("上海", "China", "East"),
    ("南京", "China", "East"),
    ("苏州", "China", "East"),
    ("杭州", "China", "East"),
    ("广州", "China", "South"),
    ("深圳", "China", "South"),
    ("成都", "China", "West"),
    ("重庆", "China", "West"),
    ("西安", "China", "West"),
    ("武汉", "China", "West"),
)
_PLACES = {ENGLISH: (0, 4), TRADITIONAL: (4, 8), SIMPLIFIED: (8, 22)}

#: Names that a report must escape, fold or draw, with language, city and trade; they always come first.
AWKWARD = (
    ('Anvil & Sons "Precision" Ltd', ENGLISH, 2, 0),
    ("Löwenberg & Töchter GmbH", ENGLISH, 1, 1),
    ("O'Hallam <Marine> Inc.", ENGLISH, 3, 5),
    ("Copper Kettle ☕ Roasters", ENGLISH, 0, 6),
    ("上海喆堃精密机床有限公司", SIMPLIFIED, 12, 0),
    ("臺北堃喆電子股份有限公司", TRADITIONAL, 4, 2),
)

_GIVEN = _words(
    """
    Ada Alan Amira Anders Bella Boris Carla Cedric Dana Dmitri Elena Erik Farah Felix Greta Hugo Ines Ivan
    Jana Jonas Karin Leo Lina Marco Mila Nadia Noah Olga Oscar Petra Quentin Rosa Ruben Sara Simon Tara Theo
    Uma Viktor Wanda Yara
    """
)
_FAMILY = _words(
    """
    Abelson Barnaby Calder Dunmore Easley Farrow Galloway Hartwell Iverson Jessop Kessler Lindqvist Marlowe
    Norwood Ottaway Penhallow Quayle Rushton Sandoval Thackery Underhay Vasquez Whitlock Yardley Zeller
    """
)
_FAMILY_S = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧")
_FAMILY_T = tuple("王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓")
_GIVEN_S = tuple("明丽强敏静伟芳磊洋艳勇娟涛超霞平刚桂英华玉建文国志海晓春雨思佳子梓喆堃宇浩然")
_GIVEN_T = tuple("明麗強敏靜偉芳磊洋豔勇娟濤超霞平剛英華玉建文國志海曉春雨思佳子宇浩然喆堃")

_BRANDS = {
    ENGLISH: (_FIRST, _SECOND, [f" {form}" for form in _FORM]),
    SIMPLIFIED: (_BRAND_S, _BRAND_S, _FORM_S),
    TRADITIONAL: (_BRAND_T, _BRAND_T, _FORM_T),
}
_PERSON_PARTS = {
    ENGLISH: (_GIVEN, [f" {family}" for family in _FAMILY]),
    SIMPLIFIED: (_FAMILY_S, _GIVEN_S, ["", *_GIVEN_S]),
    TRADITIONAL: (_FAMILY_T, _GIVEN_T, ["", *_GIVEN_T]),
}


def name_companies(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Company names, all different, with what they tell: one row each of account_name, language, city and trade.

    ``language`` is one of the codes of this module, ``city`` and ``trade`` are places in ``CITIES`` and ``TRADES``.
    """
    language = rng.choice(3, size=count, p=[0.25, 0.60, 0.15])
    names, city, trade = np.empty(count, dtype=object), np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    for code, (first, last) in _PLACES.items():
        here = np.flatnonzero(language == code)
        size = (last - first, len(TRADES), *(len(part) for part in _BRANDS[code]))
        drawn = rng.choice(int(np.prod(size)), size=len(here), replace=False)
        place, trade[here], *brand = np.unravel_index(drawn, size)
        city[here] = first + place
        names[here] = _company_name(code, city[here], trade[here], brand)
    for row, awkward in enumerate(AWKWARD[:count]):
        names[row], language[row], city[row], trade[row] = awkward
    return pd.DataFrame(
        {"account_name": pd.Series(names, dtype="str"), "language": language, "city": city, "trade": trade}
    )


def _company_name(code: int, city: np.ndarray, trade: np.ndarray, brand: list[np.ndarray]) -> np.ndarray:
    first, second, form = (
        np.array(part, dtype=object)[number] for part, number in zip(_BRANDS[code], brand, strict=True)
    )
    word = np.array([row[2 + code] for row in TRADES], dtype=object)[trade]
    if code == ENGLISH:
        return first + second + " " + word + form
    return np.array([row[0] for row in CITIES], dtype=object)[city] + first + second + word + form


def name_people(language: np.ndarray, rng: np.random.Generator) -> pd.Series:
    """A person's name for each language code; names may repeat, as they do."""
    names = np.empty(len(language), dtype=object)
    for code, parts in _PERSON_PARTS.items():
        here = np.flatnonzero(language == code)
        combinations = int(np.prod([len(part) for part in parts]))
        names[here] = _compose(parts, rng.integers(combinations, size=len(here)))
    return pd.Series(names, dtype="str")


def _compose(parts: tuple, numbers: np.ndarray) -> np.ndarray:
    text = np.full(len(numbers), "", dtype=object)
    rest = numbers
    for part in parts:
        rest, place = np.divmod(rest, len(part))
        text = text + np.array(part, dtype=object)[place]
    return text
