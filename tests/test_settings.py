from pathlib import Path

import pytest
import yaml

from mcrlib.errors import UsageError
from mcrlib.settings import Settings, example, read_settings


def settings_from(tmp_path, text):
    path = tmp_path / "client.yaml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def test_no_file_gives_the_defaults(tmp_path):
    assert read_settings(tmp_path / "client.yaml") == Settings()
    assert read_settings(None) == Settings()


def test_an_empty_file_gives_the_defaults(tmp_path):
    assert settings_from(tmp_path, "# nothing yet\n") == Settings()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("currncy: EUR", r"unknown key 'currncy' \(did you mean 'currency'\?\)"),
        ("tiers: {decid: rule}", r"line 1, unknown key 'decid' under tiers \(did you mean 'decide'\?\)"),
        ("tiers: {xyz: rule}", "unknown key 'xyz' under tiers, known are decide, quotas"),
        ("files: {order: []}", r"unknown table 'order' under files \(did you mean 'orders'\?\)"),
        (
            "files: {orders: [{file: a.csv, decimale: ','}]}",
            r"unknown key 'decimale' under files: orders, entry 1 \(did",
        ),
        ("\nfiles:\n  orders:\n  - sheet: x\n", "line 4, files: orders, entry 1: file: is missing"),
        (
            "files: {orders: [{file: a.csv, columns: {amount: [b]}}]}",
            r"entry 1: columns: amount: must be a header or the number of a column, not \['b'\]$",
        ),
        ("tiers:\n  decide: cluster", r"line 2, tiers: decide: .*'clusters' or 'rule', not 'cluster' \(did you mean"),
        (
            "overrides: [{account: A, tier: A, reason: r, by: b, until: soon}]",
            "until: must be a date such as 2025-12-31",
        ),
        (
            "overrides:\n- {account: A, tier: A, reason: r, by: b, until: 2024-13-01}",
            "line 2, overrides, entry 1: until: must be a date such as 2025-12-31, not '2024-13-01'",
        ),
        ("thresholds: {top_accounts_share: 20}", "must be less than or equal to 1, not 20"),
        ("thresholds: {silent_days: -1}", "must be greater than or equal to 0, not -1"),
        ("thresholds: {lost: .nan}", "must be a finite number"),
        ("margin: 0.3\nseed: 2\nmargin: 0.4\n", "'margin' stands twice, in lines 1 and 3: keep one"),
        ("tiers:\n  decide: rule\n  decide: rule\n", "'decide' stands twice, in lines 2 and 3"),
        ("margin: 2", "margin: must be less than or equal to 1, not 2"),
        ("tiers: {quotas: {S: 0.5, A: 0.6}}", "positive and below 1 in all"),
        ("tiers: {quotas: {S: -0.1, A: 0.6}}", "tiers: quotas are shares, positive"),
        ("tiers: {quotas: {S: 5, A: 15}}", r"tiers: quotas are shares, .* such as \{S: 0.05, A: 0.15, B: 0.3\}"),
        ("tiers: {quotas: {S: 0.1, C: 0.5}}", "S, A, B and C must sum to 1, not 0.6: leave C out, the rest"),
        ("- a\n- b", "must be lines of 'key: value'"),
        ("a: [", "is not readable YAML"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tmp_path, text, sentence):
    with pytest.raises(UsageError, match=sentence):
        settings_from(tmp_path, text)


def test_all_that_does_not_fit_is_said_at_once(tmp_path):
    with pytest.raises(UsageError, match="'currncy'.*'tirs'"):
        settings_from(tmp_path, "currncy: EUR\ntirs: {}\n")


def test_every_threshold_names_its_source():
    from mcrlib.thresholds import METHOD, PROPOSED, Thresholds

    sources = {field.json_schema_extra["source"] for field in Thresholds.model_fields.values()}
    assert sources == {METHOD, PROPOSED}


def test_the_commented_example_on_disk_is_the_generated_one_and_holds_the_defaults():
    page = (Path(__file__).parents[1] / "docs" / "client.yaml").read_text(encoding="utf-8")
    assert page == example()
    assert Settings.model_validate(yaml.safe_load(page)) == Settings()
    assert all(name in page for name in Settings.model_fields)
