from decimal import Decimal

import pandas as pd
import pytest
from deliveries import read
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.read.formulas import NoFormulaError, read_formula
from mcrlib.settings import Settings

NAMES = ("qty", "Unit-Price (net)", "off", "a b")


def value(source: str, *cells: int | str) -> Decimal:
    formula = read_formula(source, NAMES, lambda text: None)
    given_ = dict(zip(NAMES, cells, strict=False))
    columns = [pd.Series([Decimal(str(given_[NAMES[place]]))], dtype=object) for place in formula.places]
    return formula.of(columns)[0]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("qty * Unit-Price (net)", "15"),
        ("qty*unit-price (NET) * (1 - off)", "13.5"),
        ("qty - off - off", "2.8"),
        ("qty - (off - off)", "3"),
        ("qty + off * 10", "4"),
        ("(qty + off) * 10", "31"),
        ("1.5 * (qty)", "4.5"),
        ("a b * 2", "14"),
    ],
)
def test_signs_bind_as_in_school_and_headers_may_hold_them(source, found):
    assert value(source, 3, 5, "0.1", 7) == Decimal(found)


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("qty / off", "qty / off"),
        ("qty * rebate", "rebate"),
        ("__import__('os')", "__import__"),
        ("qty.real * 2", "qty.real"),
        ("qty ** 2", ""),
        ("qty * (off", ""),
        ("qty) * off", ""),
        ("qty off", "qty off"),
        ("- qty", ""),
        ("2 * 3", ""),
        ("()", ""),
        ("", ""),
    ],
)
def test_anything_else_is_refused_by_name(source, lost):
    with pytest.raises(NoFormulaError) as error:
        read_formula(source, NAMES, lambda text: None)
    assert str(error.value) == lost


def joined(part):
    return st.builds(lambda one, sign, other: f"({one} {sign} {other})", part, st.sampled_from("+-*"), part)


@given(st.recursive(st.integers(1, 9).map(str) | st.just("qty"), joined, max_leaves=12))
def test_a_formula_is_worth_what_arithmetic_says(source):
    if "qty" in source:
        assert value(source, 3) == eval(source, {"__builtins__": {}}, {"qty": 3})


@pytest.mark.parametrize("discount", ["0.1", "10%"])
def test_an_amount_less_its_discount_and_missing_is_never_zero(tmp_path, discount):
    rows = "".join(f"O{n},A1,2024-0{n}-15,{n},10.50,{discount}\n" for n in range(1, 7)) + "O7,A1,2024-07-15,7,10.50,\n"
    spec = {"file": "orders.csv", "columns": {"amount": "qty * price * (1 - discount)"}}
    asked = Settings.model_validate({"files": {"orders": [spec]}})
    found = read(tmp_path, settings=asked, orders="order_id,account_id,order_date,qty,price,discount\n" + rows)
    assert found.tables["orders"]["amount"].tolist() == [Decimal("9.45") * n for n in range(1, 7)]
    assert found.quarantine[["row", "code"]].to_numpy().tolist() == [[8, "missing"]]
