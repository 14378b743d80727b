"""Accounts that only orders know: one for each name, whatever its spelling."""

from deliveries import codes, read

from mcrlib.settings import Settings

FROM_ORDERS = Settings.model_validate({"accounts": "from_orders"})


def from_orders(folder, *rows: str):
    text = "order_id,account_name,order_date,amount\n" + "".join(f"O{n},{row}\n" for n, row in enumerate(rows))
    return read(folder, settings=FROM_ORDERS, accounts="", orders=text)


def test_spellings_of_one_name_are_one_account_under_the_usual_one(tmp_path):
    found = from_orders(
        tmp_path,
        *(f"{name},2024-01-0{n},5" for n, name in enumerate(["KOS Lab", "Kos Lab", "KOS  Lab", "Kos Lab", "Mali"], 1)),
    )
    assert found.tables["accounts"]["account_id"].tolist() == ["Kos Lab", "Mali"]
    assert found.tables["orders"]["account_id"].tolist() == ["Kos Lab"] * 4 + ["Mali"]
    assert codes(found) == []


def test_a_row_without_its_amount_makes_no_account_and_says_why(tmp_path):
    good = [f"Mali,2024-01-0{n},5" for n in range(1, 7)]
    found = from_orders(tmp_path, *good, "Flori,2024-01-07,")
    assert found.tables["accounts"]["account_id"].tolist() == ["Mali"]
    assert codes(found) == ["orders 8 amount missing"]
