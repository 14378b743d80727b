"""Orders whose head stands once, above their lines."""

from deliveries import codes, read


def test_lines_below_a_head_get_its_number_customer_and_date(tmp_path):
    text = "order_id,account_id,order_date,amount,product\nO1,A1,2024-03-14,1,P\n,,,2,Q\nO2,A2,2024-03-15,4,P\n"
    found = read(tmp_path, orders=text).tables["orders"]
    assert found["order_id"].tolist() == ["O1", "O2"]
    assert found["amount"].astype(float).tolist() == [3, 4]


def test_the_total_of_an_order_above_its_lines_does_not_count_beside_them(tmp_path):
    first, second = "O1,A1,2024-03-14,3,\n,,,1,P\n,,,2,Q\n", "O2,A2,2024-03-15,4,\n,,,4,P\n"
    text = "order_id,account_id,order_date,amount,product\n" + first + second
    found = read(tmp_path, orders=text)
    assert found.tables["orders"]["amount"].astype(float).tolist() == [3, 4]
    assert codes(found) == ["orders 2  total", "orders 5  total"]


def test_lines_without_an_amount_of_their_own_are_no_orders(tmp_path):
    text = "order_id,account_id,order_date,amount,product\nO1,A1,2024-03-14,3,P\n,,,,Q\nO2,A2,2024-03-15,4,P\n,,,,Q\n"
    found = read(tmp_path, orders=text)
    assert found.tables["orders"]["amount"].astype(float).tolist() == [3, 4]
    assert codes(found) == ["orders 3  order_line", "orders 5  order_line"]
    assert [one.message for one in found.warnings] == [
        "2 lines go on with the order above them, where its amount stands; they are no orders"
    ]


def test_a_sum_below_an_order_is_no_line_of_it(tmp_path):
    text = "order_id,account_id,order_date,amount,product\n" + "".join(
        f"O{n},A1,2024-03-{n},10,P\n" for n in range(14, 20)
    )
    found = read(tmp_path, orders=text + ",,,60,\n")
    assert float(found.tables["orders"]["amount"].sum()) == 60
    assert codes(found) == ["orders 8 order_id missing"]
