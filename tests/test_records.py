"""Records of programs: JSON, a JSON object a line, Parquet."""

import json

import pandas as pd
import pytest
from deliveries import ACCOUNTS, read

from mcrlib.errors import Refused
from mcrlib.read.exports import read_sheets

RECORDS = [
    {"Id": "O1", "AccountId": "A1", "EffectiveDate": "2024-03-14", "TotalAmount": 10.10, "attributes": {"t": "O"}},
    {"Id": "O2", "AccountId": "A2", "EffectiveDate": "2024-03-15", "TotalAmount": 2, "Owner": {"Name": "Ann"}},
]  # fmt: skip
AS_TEXT = {
    "list": json.dumps(RECORDS),
    "wrapped": json.dumps({"totalSize": 2, "done": True, "records": RECORDS}),
    "lines": "\n".join(map(json.dumps, RECORDS)),
}


@pytest.mark.parametrize("form", AS_TEXT)
def test_json_of_any_form_gives_its_records(tmp_path, form):
    (tmp_path / "Order.json").write_text(AS_TEXT[form], encoding="utf-8")
    found = read(tmp_path, orders="").tables["orders"]
    assert found["amount"].astype(str).tolist() == ["10.1000", "2.0000"]
    assert found["owner_name"].fillna("").tolist() == ["", "Ann"]


def test_a_list_of_objects_in_a_record_is_kept_as_it_is(tmp_path):
    (tmp_path / "orders.json").write_text('[{"id": 1, "tags": ["a", "b"], "items": [{"p": "é"}]}]', encoding="utf-8")
    sheets, _ = read_sheets(tmp_path)
    assert sheets[0].cells.iloc[1].tolist() == ["1", "a;b", '[{"p": "é"}]']


def test_parquet_gives_its_records(tmp_path):
    frame = pd.DataFrame({"order_id": [1, 2], "account_id": ["A1", "A2"], "amount": [10.10, 2.0]})
    frame.assign(order_date=pd.to_datetime(["2024-03-14", "2024-03-15"])).to_parquet(tmp_path / "orders.parquet")
    found = read(tmp_path, orders="").tables["orders"]
    assert found[["order_id", "amount"]].astype(str).to_numpy().tolist() == [["1", "10.1000"], ["2", "2.0000"]]
    assert found["order_date"].astype(str).tolist() == ["2024-03-14", "2024-03-15"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[{"id": 1}, {"id": 2', "the JSON is damaged or cut off"),
        ('{"id": 1}\n{"id": 2}\n{"id": ', "row 3: the JSON is damaged or cut off"),
        ('{"nextRecordsUrl": "/2", "records": [{"id": 1}]}', "the JSON is one page of several .'nextRecordsUrl'"),
        ("[1, 2, 3]", "the JSON is no list of objects with named fields"),
    ],
)
def test_json_that_is_no_list_of_records_is_refused(tmp_path, text, why):
    (tmp_path / "orders.json").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=f"orders.json.*{why}"):
        read_sheets(tmp_path)


def test_json_under_the_name_of_a_table_of_text_is_a_failed_download(tmp_path):
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(AS_TEXT["list"], encoding="utf-8")
    with pytest.raises(Refused, match=r"orders.csv: the content is JSON, not a table"):
        read_sheets(tmp_path)
