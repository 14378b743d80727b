import ast
import re
from functools import cache
from pathlib import Path

import pytest

import mcrlib
from mcrlib.errors import Complaint
from mcrlib.show.words.complaints import LEFT_OUT, WARNINGS, WRONG
from mcrlib.show.words.warnings import warning

ROOT = Path(mcrlib.__file__).parent
MESSAGES = [*(one for several in WARNINGS.values() for one in several), *LEFT_OUT]


@cache
def texts_of_the_lower_floors():
    """Every literal piece of text in read/ and judge/, in one string."""
    paths = [*(ROOT / "read").glob("*.py"), *(ROOT / "judge").rglob("*.py")]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return "\n".join(str(node.value) for node in nodes if isinstance(node, ast.Constant))


@pytest.mark.parametrize("message", MESSAGES)
def test_the_lower_floors_still_say_the_sentence_that_is_recognised(message):
    pieces = [piece.strip(" .'():,") for piece in re.split(r"\{\w+\}|[;:,.] (?:it )?| is not used", message)]
    assert [piece for piece in pieces if len(piece) > 5 and piece not in texts_of_the_lower_floors()] == []


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        (
            Complaint("equal_rows", "2 rows are equal to another one; without a key in the export they are kept",
                      "orders.csv", "amount", 7),
            "orders.csv、列 amount、第 7 行：2 行与另一行完全相同；导出文件没有编号，因此保留",
        ),
        (
            Complaint("total", "1 line of totals ('Sum, it''s 9' in row 12) set aside, so that nothing is counted "
                      "twice", "orders.csv"),
            "orders.csv：合计的 1 行（第 12 行“Sum, it''s 9”）已搁置，以免重复计算",
        ),
        (
            Complaint("not_a_number", "values left out: 3 (not a number), such as 'n/k'"),
            "3 个值不计（数字无法识别），例如“n/k”",
        ),
        (
            Complaint("twice", "several headers with different values mean the same; read are amount from 'A', not "
                      "'B', cost from 'C', not 'D'; name the right one under files in client.yaml"),
            "几个列名意思相同而内容不同；采用的是：amount 取自“A”，不取“B”, cost 取自“C”，不取“D”；"
            "请在 client.yaml 的 files 下写明正确的一列",
        ),
        (
            Complaint("wide", "3 rows hold no amount in any period, such as row 7: they are no orders", "m.xlsx"),
            "m.xlsx：有 3 行在所有期间都没有金额（如第 7 行），不算订单",
        ),
        (
            Complaint("assumed_margin", "no profit or cost is delivered for 4% of the revenue: 30% of it counts as "
                      "profit"),
            "4% 的收入没有毛利也没有成本：这部分按 30% 计为毛利",
        ),
        (
            Complaint("empty", "there is a header but no row of contacts: export it again"),
            "只有表头，没有任何“联系人”数据行：请重新导出",
        ),
    ],
)  # fmt: skip
def test_a_warning_is_said_in_the_readers_language(complaint, said):
    assert warning(complaint, "zh-CN") == said


def test_every_code_that_the_lower_floors_warn_with_has_its_sentence():
    paths = [*(ROOT / "read").glob("*.py"), *(ROOT / "judge").rglob("*.py"), *(ROOT / "model").rglob("*.py")]
    calls = [
        call
        for path in paths
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "warn" and call.args
    ]
    codes = {node.value for call in calls for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)}
    values = {"_email"} | {code for code in codes if code in WRONG}
    assert len(codes) > 10 and codes - values - set(WARNINGS) == set()


def test_a_warning_in_english_is_the_readers_own():
    complaint = Complaint("outlier", "anything", "orders.csv", row=3)
    assert warning(complaint, "en") == "orders.csv, row 3: anything"


def test_a_warning_that_nobody_translated_stays_readable():
    assert warning(Complaint("new_code", "something {odd}"), "zh-TW") == "something {odd}"


def test_an_example_with_braces_stays_what_it_is():
    complaint = Complaint("name_without_id", "1 rows have a name that is not there or not unique, such as '{0.x}'")
    assert "「{0.x}」" in warning(complaint, "zh-TW")
