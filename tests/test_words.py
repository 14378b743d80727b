import ast
import datetime as dt
import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from portfolio import accounts, run

from mcrlib.errors import Complaint
from mcrlib.judge.change import changes
from mcrlib.judge.summary import harvest_at_risk
from mcrlib.notebooks import kit_folder
from mcrlib.show import figures, words
from mcrlib.show.figures.style import told
from mcrlib.show.words import Words
from mcrlib.show.words.catalogue import LOCALES, messages
from mcrlib.show.words.summary import part_of
from mcrlib.show.words.terms import term

SHOW = Path(words.__file__).parents[1]
#: What a first run knows of the last one.
BEFORE = pd.DataFrame({"account_id": [], "tier": [], "soil_value": []}).astype({"account_id": "str"})
FOREIGN = [language for language in LOCALES if language != "en"]
#: Which argument of a call is the message: of ``say.count`` the one for many.
CALLS = {"say": 0, "mark": 0, "t": 0, "count": 1}


@cache
def said_by_the_package():
    found = set()
    for path in SHOW.rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        for call in calls:
            place = CALLS.get(getattr(call.func, "id", None) or getattr(call.func, "attr", ""), 99)
            if len(call.args) > place and isinstance(call.args[place], ast.Constant):
                found.add(call.args[place].value)
    for template in SHOW.rglob("*.j2"):
        found.update(
            re.findall(
                r"""(?:\bt\(|[\[ ]\()["']([A-Za-z][A-Za-z {}.]*)["'][,)]""", template.read_text(encoding="utf-8")
            )
        )
    return found


@cache
def said_by_the_notebooks():
    """Paragraphs of text, and the sentences that code cells hand to pictures and tables."""
    found = set()
    for path in kit_folder("notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                found.update(words.paragraphs(source))
            else:
                found.update(sentences(source))
    return found


def sentences(source):
    strings = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {text for text in strings if isinstance(text, str) and re.match(r"[A-Z].* ", text)}


@pytest.mark.parametrize("language", FOREIGN)
def test_every_message_of_the_package_is_translated(language):
    assert sorted(said_by_the_package() - set(messages(language))) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_every_paragraph_of_the_notebooks_is_translated(language):
    assert sorted(said_by_the_notebooks() - set(messages(language))) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_no_translation_is_left_over(language):
    assert sorted(set(messages(language)) - said_by_the_package() - said_by_the_notebooks()) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_an_empty_line_parts_the_entries_of_a_catalogue(language):
    text = (SHOW / "words" / f"{LOCALES[language]}.po").read_text(encoding="utf-8")
    assert re.findall(r"[^\n]\n(?=#|msgid \")(?<!format\n)", text) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_placeholders_are_the_same(language):
    for english, foreign in messages(language).items():
        if english in said_by_the_package():
            assert set(re.findall(r"{\w*}", english)) == set(re.findall(r"{\w*}", foreign)), english


def test_traditional_pages_use_traditional_letters():
    assert not set("".join(messages("zh-TW").values())) & set("这们来个粮盐庄稼仓单发时从对") - set("稼")


#: One English term is one Chinese term: what stands here has another word in the catalogue.
OTHERWISE = {
    "zh-CN": {
        "导出数据": "导出文件", "销售额": "收入", "A 类": "A 级", "服务请求": "服务工单", "采购份额": "钱包份额",
        "警告": "提醒", "剔除": "搁置", "在跟": "在手", "在谈": "在手", "柱形图": "柱状图", "最近十二个月": "近12个月",
        "十之八九": "十次里九次", "利润": "毛利", "用人决定": "人事决定", "方法要求": "方法论要求",
    },
    "zh-TW": {
        "支援": "支持", "合同": "合約", "計劃": "計畫", "匯出資料": "匯出檔案", "增長": "成長", "行業": "產業",
        "占比": "佔比", "利潤": "毛利", "複核": "覆核", "輪崗": "輪調",
        "條形圖": "長條圖", "柱狀圖": "長條圖", "收入": "營收",
        "銷售額": "營收", "復購": "回購", "回款": "收款",
        "丟單": "失單", "視窗": "時段", "數據": "資料", "信息": "資訊", "質量": "品質", "通過": "透過", "默認": "預設",
        "銷售人員": "業務人員", "精英": "菁英",
        "項目": "專案", "警告": "提醒", "A 類": "A 級", "“": "「", "服務請求": "服務工單",
        "在跟": "在手", "方法要求": "方法論要求",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", FOREIGN)
def test_a_term_has_one_word(language):
    found = [(one, text) for text in messages(language).values() for one in OTHERWISE[language] if one in text]
    assert [f"{one}: say {OTHERWISE[language][one]} in {text}" for one, text in found] == []


@pytest.mark.parametrize("language", FOREIGN)
def test_chinese_has_its_own_punctuation(language):
    halves = re.compile(r"[\u4e00-\u9fff] ?[,;:?!]|[,;:?()] ?[\u4e00-\u9fff]")
    assert [text for text in messages(language).values() if halves.search(text)] == []


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("en", "EUR", ["€0", "€950", "€12k", "€1.2m", "−€123k", "€3.4bn"]),
        ("en", "CHF", ["CHF 0", "CHF 950", "CHF 12k", "CHF 1.2m", "−CHF 123k", "CHF 3.4bn"]),
        ("en", None, ["0", "950", "12k", "1.2m", "−123k", "3.4bn"]),
        ("zh-CN", "CNY", ["0元", "950元", "1.2万元", "123万元", "−12万元", "34亿元"]),
        ("zh-TW", "TWD", ["0元", "950元", "1.2萬元", "123萬元", "−12萬元", "34億元"]),
        ("zh-TW", "USD", ["0美元", "950美元", "1.2萬美元", "123萬美元", "−12萬美元", "34億美元"]),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language, currency, expected):
    say = Words(language, currency)
    assert [say.money(value) for value in (0, 950, 12_345, 1_234_567, -123_456, 3.4e9)] == expected


@pytest.mark.parametrize(("spelt", "said"), [("yuan", "CN¥1.2k"), ("eur", "€1.2k"), ("RMB", "CN¥1.2k"), (None, "1.2k")])
def test_money_has_the_currency_however_client_yaml_spells_it(spelt, said):
    assert words.of(run(currency=spelt)).money(1200) == said


def test_money_below_a_thousand_is_written_whole_and_below_ten_with_two_digits_as_some_export_in_millions():
    said = [Words("en", "EUR").money(value) for value in (1.9e-37, -0.0, 0.004, 69.2, 0.37, 3.0, -3.37, 9.97)]
    assert said == ["€0", "€0", "€0", "€69", "€0.37", "€3", "−€3.4", "€10"]


def test_money_near_a_step_takes_the_next_unit():
    assert Words("en").money(999_999) == "1m" and Words("zh-CN").money(99_999_999) == "1亿"


def test_what_is_unknown_is_not_a_zero():
    say = Words("en", "EUR")
    assert {say.money(None), say.number(float("nan")), say.percent(None), say.date(pd.NaT), say.number(pd.NA)} == {"–"}


def test_half_a_year_of_a_horizon_is_said():
    assert [Words().years(one) for one in (5.0, 2.5)] == ["5", "2.5"]
    on = run()
    on.settings = on.settings.model_copy(update={"horizon_years": 2.5})
    assert "over 2.5 years" in told(figures.soil_intervals(accounts(5), on)).caption


def test_numbers_and_dates_follow_the_language():
    english, chinese = Words("en"), Words("zh-TW")
    assert english.number(12345) == chinese.number(12345) == "12,345"
    assert english.number(0.256, 2) == "0.26" and english.number(-0.2) == "0"
    assert [english.percent(share) for share in (0, 0.0002, 0.004, 0.504, 0.9995, 1)] == [
        "0%",
        "<0.1%",
        "0.4%",
        "50%",
        "99.9%",
        "100%",
    ]
    assert english.date(dt.date(2025, 12, 31)) == "31 Dec 2025"
    assert chinese.date(dt.date(2025, 12, 31)) == "2025年12月31日"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("120万元", "自今年以来少了 120万元的毛利"),
        ("一成", "自今年以来少了一成的毛利"),
        ("8%", "自今年以来少了 8% 的毛利"),
    ],
)
def test_a_blank_parts_chinese_from_figures_and_not_from_chinese(value, said):
    assert Words("zh-CN")("自今年以来少了 {value} 的毛利", value=value) == said
    assert Words("en")("少了 {value} 的毛利", value=value) == f"少了 {value} 的毛利"


def test_one_and_many():
    assert Words("en").count("{n} account", "{n} accounts", 1) == "1 account"
    assert Words("zh-CN").count("{n} account", "{n} accounts", 1) == "1 个客户"


def test_markdown_is_translated_by_paragraph():
    text = "## Why\n\nNo account\nis mined.\n\n- Tier\n- my own words\n\n```\nTier\n```\n"
    assert words.translate_markdown(text, "zh-CN") == (
        "## 为什么\n\n没有透支的客户。\n\n- 级别\n- my own words\n\n```\nTier\n```\n"
    )
    assert words.translate_markdown(text, "en") == text
    assert words.paragraphs(text) == ["Why", "No account is mined.", "Tier", "my own words"]


def test_reasons_of_tiers_are_said_from_their_codes():
    tiers = pd.DataFrame(
        {
            "tier_reason": [
                "harvest:high;n_contacts:low;rule:A;borderline",
                "never_ordered",
                "override",
                "own_code",
                None,
            ],
            "override_by": [None, None, "Li", None, None],
            "override_until": [None, None, dt.date(2026, 1, 31), None, None],
            "override_reason": [None, None, "future {star}", None, None],
        }
    )
    assert list(words.tier_reasons(tiers, run())) == [
        "high: harvest, 12 months; low: contacts; the rule says A; not sure",
        "never ordered",
        "decided by Li until 31 Jan 2026: future {star}",
        "own_code",
        "",
    ]
    short = words.tier_reasons(tiers, run(), without=("rule", "borderline"))
    assert list(short[:2]) == ["high: harvest, 12 months; low: contacts", "never ordered"]
    assert words.tier_reasons(tiers, run("zh-CN"))[0] == "高：近12个月打粮食；低：联系人数；规则定为 A；拿不准"


def test_reasons_of_verdicts_carry_the_accounts_numbers():
    frame = pd.DataFrame(
        {
            "reason": ["falling;quiet"],
            "harvest": [50.0],
            "harvest_previous": [100.0],
            "days_since_last": [400],
            "p_alive": [0.3],
        }
    )
    said = "harvest fell by 50% in a year; no order for 400 days; chance of still buying 30%"
    assert list(words.reasons(frame, run())) == [said]


def test_reasons_without_a_fertility_name_the_soil_value():
    known = {"harvest": [50.0] * 2, "soil_value": [900.0] * 2}
    frame = pd.DataFrame(
        {"reason": ["harvest_without_soil", "soil_without_harvest"], **known, "fertility": float("nan")}
    )
    assert list(words.reasons(frame, run())) == [
        "large harvest, but low soil value",
        "high soil value, small harvest",
    ]
    assert list(words.reasons(frame.assign(fertility=[12.0, 80.0]), run())) == [
        "large harvest on poor soil (fertility 12 of 100)",
        "better soil than most (fertility 80 of 100), small harvest",
    ]


def test_reasons_tell_a_loss_and_a_leap_by_their_ends():
    frame = pd.DataFrame({"harvest": [-18e3, 152e3, -5e3], "harvest_previous": [0.0, 2.9e3, 7e3], "soil_value": 7.4e3})
    frame["reason"] = ["soil_without_harvest", "rising", "falling"]
    assert list(words.reasons(frame, run())) == [
        "high soil value, but a loss in the year",
        "harvest rose from €2.9k to €152k in a year",
        "harvest fell from €7k to −€5k in a year",
    ]


def test_a_year_without_harvest_is_not_said_to_yield_only_nothing():
    frame = pd.DataFrame({"harvest": [0.0], "harvest_previous": 39e3, "soil_value": 112e3, "fertility": 35.0})
    frame["reason"] = "soil_without_harvest;falling"
    fell = "; harvest fell from €39k to €0 in a year"
    said = "better soil than most (fertility 35 of 100), but no harvest for a year"
    assert list(words.reasons(frame, run())) == [said + fell]
    unknown = frame.assign(fertility=float("nan"))
    assert list(words.reasons(unknown, run())) == [f"high soil value, but no harvest for a year{fell}"]


def test_what_the_export_lacks_for_every_account_is_no_reason_of_one():
    frame = pd.DataFrame({"reason": ["low_both;no_relationship_data", "no_relationship_data"], "fertility": 1.0})
    lacking = "no contacts or activities in the export"
    assert list(words.reasons(frame, run())) == ["harvest and fertility both low", lacking]
    unknown = frame.assign(reason=["high_both;quiet;falling", "low_both;no_relationship_data"], fertility=float("nan"))
    assert lacking not in words.reasons(unknown, run())[1]
    frame.loc[1, "reason"] = "low_both"
    assert words.reasons(frame, run())[0] == f"harvest and fertility both low; {lacking}"


def test_who_has_gone_quiet_is_not_said_to_bring_a_large_harvest():
    frame = pd.DataFrame({"account_name": ["a"], "quadrant": ["mined"], "verdict": ["restore"], "harvest": 0.0})
    frame["soil_value"] = 5.0
    assert words.about_balance(frame, run())[-1].startswith("Restore first: a. Their harvest is large")
    quiet = words.about_balance(frame.assign(quadrant="barren"), run())[-1]
    assert quiet == "Restore first: a. They went quiet, or yield on poor soil."


def test_the_ten_largest_are_told_of_only_where_many_more_bring_something():
    frame = pd.DataFrame({"n_orders": [3] * 40, "days_since_last": 10.0, "harvest_previous": 5.0})
    few, many = (frame.assign(harvest=[5.0] * n + [0.0] * (40 - n)) for n in (10, 40))
    assert not any("ten largest" in one for one in words.about_accounts(few, run()))
    assert "The ten largest accounts bring 25% of the harvest." in words.about_accounts(many, run())
    losing = pd.concat([many, few.head(1).assign(harvest=-120.0)])
    assert any(
        one.endswith("25% of what the customers with profit brought.") for one in words.about_accounts(losing, run())
    )


def test_beside_a_field_of_losses_what_is_mined_is_money_and_no_share():
    frame = pd.DataFrame({"account_name": [*"abc"], "quadrant": ["mined", "granary", "barren"], "soil_value": 1.0})
    frame = frame.assign(harvest=[30.0, 80.0, -20.0], verdict="serve")
    assert words.about_balance(frame, run())[0] == "1 account is mined: €30 of the harvest grows on poor soil."
    assert told(figures.soil_harvest_map(frame, run(), soil="soil_value")).answer.endswith("€30 of the harvest")
    whole = frame.assign(harvest=[30.0, 50.0, 20.0])
    assert words.about_balance(whole, run())[0] == "1 account is mined: 30% of the harvest grows on poor soil."
    assert told(figures.soil_harvest_map(whole, run(), soil="soil_value")).answer.endswith("30% of the harvest")


def test_beside_losses_the_largest_of_soil_and_crops_are_held_against_those_with_profit():
    frame = pd.DataFrame({"account_name": [f"n{i}" for i in range(31)], "p_alive": 0.9, "soil_basis": "orders"})
    frame = frame.assign(soil_value=[*[5.1] * 3, *[5.0] * 27, -120.0], soil_status="ok", judged_days=364)
    crops = frame.assign(crop_value=frame["soil_value"], run_rate=frame["soil_value"], pipeline_value=0.0)
    assert words.about_soil(frame, run())[1].endswith("10% of what the accounts with profit are worth.")
    carried = "The ten largest accounts carry 33% of what those with profit should bring."
    assert words.about_crops(crops, run())[-1] == carried
    assert words.about_soil(frame.head(30), run())[1].endswith("10% of the whole.")
    assert words.about_crops(crops.head(30), run())[-1] == "The ten largest accounts carry 33% of it."


def test_a_whole_that_differs_from_its_parts_in_the_last_bit_alone_is_a_share():
    assert part_of(0.3 + 1e-16, 0.3 - 1e-16, words.Words("en", None)) == "100%"
    assert part_of(0.0, -0.3, words.Words("en", None)) == "0"


def test_nobody_stands_out_where_others_are_worth_as_much():
    frame = pd.DataFrame({"account_name": [*"abcdef"], "soil_value": [9.0, 8.0, 7.0, 7.0, 7.0, float("nan")]})
    frame = frame.assign(p_alive=0.9, soil_basis="orders", soil_status="ok", judged_days=364)
    assert "Worth most" not in " ".join(words.about_soil(frame, run()))
    assert "No account is expected to bring anything more." in words.about_soil(frame.assign(soil_value=0.0), run())[0]
    assert "anything more" not in words.about_soil(frame, run())[0]


def test_small_and_empty_worlds_are_said_in_full():
    soil = pd.DataFrame({"account_name": ["a"], "soil_value": 9.0, "p_alive": 0.9})
    soil = soil.assign(soil_basis="orders", soil_status="ok", judged_days=364)
    assert words.about_soil(soil, run())[-1].startswith("No account that bought before is probably lost")
    assert not re.search("probably lost", " ".join(words.about_soil(soil.assign(p_alive=float("nan")), run())))
    crops = pd.DataFrame({"crop_value": [9.0], "run_rate": 9.0, "pipeline_value": 0.0})
    assert "on record for 20 days only" in words.about_crops(crops, run(), history=20.0)[0]
    assert words.about_crops(crops, run())[1:] == ["All of it is running business: no open deal adds to it."]
    share = words.about_crops(crops.assign(run_rate=6.0, pipeline_value=6.0), run())[1]
    assert share == "67% of it comes from running business, the rest must still be won."
    tables = pd.DataFrame({"table": ["contacts", "accounts"], "rows_in": 9, "rows_kept": [2, 9]})
    tables["rows_quarantined"] = tables["rows_in"] - tables["rows_kept"]
    assert "7 rows are set aside, all of them in contacts;" in words.about_clean(tables, run())[-1]


def test_an_unknown_code_stays_readable():
    assert term(Words("zh-CN"), "quadrant", "something_new") == "something new"


def first_answers(accounts, on):
    return words.five_answers(accounts, harvest_at_risk(accounts, accounts), changes(accounts, BEFORE), None, on)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("n", [1, 40])
def test_so_whats_are_full_sentences(language, n):
    on, frame = run(language), accounts(n)
    tables = pd.DataFrame({"table": ["orders"], "rows_in": [9], "rows_kept": [8], "rows_quarantined": [1]})
    told = [
        *(one.sentence for one in first_answers(frame, on)),
        *words.about_clean(tables, on),
        *words.about_accounts(frame, on),
        *words.about_tiers(frame, on),
        *words.about_soil(frame, on),
        *words.about_crops(frame, on),
        *words.about_balance(frame, on),
    ]
    assert all(sentence[-1] in ".。" and "{" not in sentence for sentence in told)
    assert len(told) >= 14


def test_so_whats_say_the_numbers():
    frame = pd.DataFrame(
        {
            "account_name": ["a", "b", "c"],
            "quadrant": ["mined", "sown", "barren"],
            "verdict": ["restore", "open", "leave"],
            "harvest": [60.0, 20, 20],
            "soil_value": [10.0, 200, 5],
        }
    )
    assert words.about_balance(frame, run()) == [
        "1 account is mined: 60% of the harvest grows on poor soil.",
        "1 account is sown: good soil worth €200 that yields little so far.",
        "Restore first: a. Their harvest is large, their soil poor.",
    ]


def test_of_a_loss_the_money_is_said_and_no_share():
    accounts = pd.DataFrame({"account_name": ["A", "B"], "tier": ["S", "C"], "harvest": [10e3, -30e3]})
    accounts = accounts.assign(soil_value=1e3, verdict="serve", n_orders=1, days_since_last=9, harvest_previous=5e3)
    accounts = accounts.assign(account_id=["a", "b"], quadrant="mined", p_alive=0.5)
    told = words.five_answers(
        accounts,
        harvest_at_risk(accounts, accounts),
        changes(accounts, BEFORE),
        None,
        run(),
    )
    assert [one.number for one in told] == ["−€20k", "−€20k", "€0", "€5k", "First run"]
    assert "1 account of 2 is S or A. S and A bring €10k, all others −€30k." in told[0].sentence
    assert not re.search("of it|−€", told[3].sentence) and told[3].sentence.startswith("of gross profit")
    assert "The harvest fell from €10k to −€20k." in words.about_accounts(accounts, run())


def test_beside_a_loss_what_is_at_risk_is_said_of_the_customers_with_profit():
    accounts = pd.DataFrame({"account_id": [*"ab"], "account_name": [*"AB"], "tier": "S", "harvest": [100e3, -40e3]})
    accounts = accounts.assign(soil_value=1e3, quadrant="mined", p_alive=0.9)
    risk = words.five_answers(accounts, harvest_at_risk(accounts, accounts), changes(accounts, BEFORE), None, run())[3]
    assert risk.number == "10%" and risk.sentence.startswith("of what the customers with profit brought, €10k, may not")


def test_beside_a_tier_that_loses_money_no_share_of_the_top_is_said():
    frame = pd.DataFrame({"account_name": [*"abc"], "tier": [*"SBC"], "harvest": [60e3, 30e3, -10e3]})
    frame = frame.assign(tier_probability=0.9, tier_rule=frame["tier"])
    assert words.about_tiers(frame, run())[0].endswith("S and A bring €60k, all others €20k.")
    even = frame.assign(harvest=[60e3, 30e3, 10e3])
    assert words.about_tiers(even, run())[0].endswith("S and A bring 60% of the harvest.")
    assert words.about_tiers(even.assign(tier="C"), run())[0] == "No account is in tier S or A."


def test_what_the_revenue_is_counted_from_is_named():
    tables = pd.DataFrame({"table": ["orders", "opportunities"], "rows_in": 9, "rows_kept": [0, 9]})
    tables["rows_quarantined"] = tables["rows_in"] - tables["rows_kept"]
    deals = "No orders were delivered: revenue is counted from won deals, on the day they closed."
    assert words.about_clean(tables, run())[1] == deals
    tables["rows_kept"] = 9
    assert words.about_clean(tables, run())[1].startswith("Revenue is counted from orders")
    found = [words.revenue_basis(basis, run("zh-CN")) for basis in ("orders", "opportunities", "none")]
    assert found == ["订单", "赢单商机", ""]


def test_one_account_is_said_as_one():
    frame = pd.DataFrame({"n_orders": [1], "harvest": [9.0], "harvest_previous": [0.0], "days_since_last": [3.0]})
    told = {active: words.about_accounts(frame.assign(days_since_last=active), run())[0] for active in (3.0, 400.0)}
    assert told[3.0] == "1 account of 1 has ever ordered; 1 did in the last 12 months."
    assert told[400.0] == "1 account of 1 has ever ordered; none did in the last 12 months."
    two = words.about_accounts(pd.concat([frame, frame]), run())[0]
    assert two == "2 of 2 accounts have ever ordered; 2 did in the last 12 months."
    late = Complaint(
        "not_enough_data", "not enough data for the soil value of 1 account: it first ordered on the last day"
    )
    assert words.warning(late, "zh-CN") == "1 个客户的数据不足以估计土壤价值：它在最后一天才首次下单"
