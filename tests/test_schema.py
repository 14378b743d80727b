from pathlib import Path

from mcrlib import schema

KINDS = {"id", "text", "money", "number", "int", "ratio", "date", "bool", "enum"}


def test_every_column_has_a_known_kind_and_enums_their_values():
    columns = [column for table in schema.tables().values() for column in table.columns.values()]
    assert {column.kind for column in columns} <= KINDS
    assert [column.name for column in columns if (column.kind == "enum") != bool(column.values)] == []


def test_the_key_is_a_required_id_and_the_event_date_a_column():
    for table in schema.tables().values():
        assert table.columns[table.key].kind == "id"
        assert table.key in table.required
        assert table.event_date is None or table.columns[table.event_date].kind == "date"


def test_required_columns_of_orders():
    assert schema.tables()["orders"].required == ("order_id", "account_id", "order_date", "amount")


def test_the_dictionary_on_disk_is_the_generated_one():
    page = Path(__file__).parent.parent / "data" / "README.md"
    assert page.read_text(encoding="utf-8") == schema.as_markdown()
