"""Invented names of companies and people, in English and in simplified and traditional Chinese."""

from __future__ import annotations

import numpy as np
import pandas as pd

ENGLISH, SIMPLIFIED, TRADITIONAL = 0, 1, 2

#: Names that a report must escape, fold or draw; they always come first.
AWKWARD = (
    ('Anvil & Sons "Precision" Ltd', ENGLISH),
    ("Löwenberg & Töchter GmbH", ENGLISH),
    ("O'Hallam <Marine> Inc.", ENGLISH),
    ("Copper Kettle ☕ Roasters", ENGLISH),
    ("上海喆堃精密机械有限公司", SIMPLIFIED),
    ("臺北堃喆電子股份有限公司", TRADITIONAL),
)

_FIRST = (
    "Alder Amber Anchor Apex Arbour Argent Aspen Aster Atlas Aurora Beacon Birch Blue Boreal Bramble Bright Cedar "
    "Cinder Clear Cobalt Copper Coral Crown Delta Ember Falcon Fern Flint Garnet Granite Harbour Hazel Heron Hollow "
    "Indigo Iron Ivory Jade Juniper Keystone Lantern Larch Laurel Linden Lumen Maple Marble Meridian Mistral Moss "
    "North Oak Onyx Opal Orchard Osprey Pearl Pine Prairie Quartz Quill Raven Ridge River Rowan Saffron Sable Silver "
    "Slate Solar Sparrow Spruce Sterling Stone Summit Tamarack Teal Thistle Timber Umber Valley Vesper Violet Walnut "
    "Willow Winter Zephyr"
).split()
_SECOND = (
    "field gate ford wood bridge haven crest brook hill mark port stead well wick worth dale moor shore cliff mere"
).split()
_TRADE = (
    "Logistics Foods Textiles Robotics Optics Medical Packaging Chemicals Motors Energy Paper Systems Polymers "
    "Instruments Ceramics Shipping Pharma Tools Networks Bearings"
).split()
_FORM = ("Ltd", "Inc.", "Group", "GmbH", "LLC", "Co.", "PLC", "S.A.")

_CITY_S = "北京 上海 广州 深圳 成都 重庆 武汉 西安 南京 苏州 杭州 宁波 青岛 大连 沈阳 长沙 郑州 合肥 厦门 天津".split()
_BRAND_S = "恒 瑞 晟 鼎 泰 宏 嘉 博 凯 盛 华 信 德 锦 远 启 康 诚 海 云 星 岳 澜 禾 森 峰 骏 捷 铭 源 昊 辰 川 沐 朗 翔 跃 腾 卓 越".split()
_TRADE_S = "机械 电子 物流 食品 纺织 医疗 化工 能源 软件 光电 建材 汽配 包装 仪器 通信 制药".split()
_FORM_S = ("有限公司", "股份有限公司", "集团有限公司", "科技有限公司")
_CITY_T = "臺北 新竹 臺中 高雄 臺南 桃園 香港 澳門".split()
_BRAND_T = "恆 瑞 晟 鼎 泰 宏 嘉 博 凱 盛 華 信 德 錦 遠 啟 康 誠 海 雲 星 嶽 瀾 禾 森 峰 駿 捷 銘 源".split()
_TRADE_T = "機械 電子 物流 食品 紡織 醫療 化工 能源 軟體 光電 建材 包裝 儀器 通訊 製藥".split()
_FORM_T = ("有限公司", "股份有限公司", "企業股份有限公司")

_GIVEN = (
    "Ada Alan Amira Anders Bella Boris Carla Cedric Dana Dmitri Elena Erik Farah Felix Greta Hugo Ines Ivan Jana Jonas "
    "Karin Leo Lina Marco Mila Nadia Noah Olga Oscar Petra Quentin Rosa Ruben Sara Simon Tara Theo Uma Viktor Wanda Yara"
).split()
_FAMILY = (
    "Abelson Barnaby Calder Dunmore Easley Farrow Galloway Hartwell Iverson Jessop Kessler Lindqvist Marlowe Norwood "
    "Ottaway Penhallow Quayle Rushton Sandoval Thackery Underhay Vasquez Whitlock Yardley Zeller"
).split()
_FAMILY_S = "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧".split()
_FAMILY_T = "王 李 張 劉 陳 楊 趙 黃 周 吳 徐 孫 胡 朱 高 林 何 郭 馬 羅 梁 宋 鄭 謝 韓".split()
_GIVEN_S = "明 丽 强 敏 静 伟 芳 磊 洋 艳 勇 娟 涛 超 霞 平 刚 桂 英 华 玉 建 文 国 志 海 晓 春 雨 思 佳 子 梓 喆 堃 宇 浩 然".split()
_GIVEN_T = "明 麗 強 敏 靜 偉 芳 磊 洋 豔 勇 娟 濤 超 霞 平 剛 英 華 玉 建 文 國 志 海 曉 春 雨 思 佳 子 宇 浩 然 喆 堃".split()

_COMPANY_PARTS = {
    ENGLISH: (_FIRST, _SECOND, [f" {trade} " for trade in _TRADE], _FORM),
    SIMPLIFIED: (_CITY_S, _BRAND_S, _BRAND_S, _TRADE_S, _FORM_S),
    TRADITIONAL: (_CITY_T, _BRAND_T, _BRAND_T, _TRADE_T, _FORM_T),
}
_PERSON_PARTS = {
    ENGLISH: (_GIVEN, [f" {family}" for family in _FAMILY]),
    SIMPLIFIED: (_FAMILY_S, _GIVEN_S, ["", *_GIVEN_S]),
    TRADITIONAL: (_FAMILY_T, _GIVEN_T, ["", *_GIVEN_T]),
}


def name_companies(count: int, rng: np.random.Generator) -> tuple[pd.Series, np.ndarray]:
    """Company names, all different, and the language of each (English, simplified, traditional)."""
    language = rng.choice(3, size=count, p=[0.35, 0.50, 0.15])
    awkward = AWKWARD[:count]
    language[: len(awkward)] = [code for _, code in awkward]
    names = np.empty(count, dtype=object)
    for code, parts in _COMPANY_PARTS.items():
        here = np.flatnonzero(language == code)
        combinations = int(np.prod([len(part) for part in parts]))
        names[here] = _compose(parts, rng.choice(combinations, size=len(here), replace=False))
    names[: len(awkward)] = [name for name, _ in awkward]
    return pd.Series(names, dtype="str"), language


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
