import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from mcrlib.show.publish.holding import alone
from mcrlib.show.publish.workspace_index import runs_of, write_index


def publish(reports, client, as_of, harvest=100.0, *, name="aaaaaaaaaaaa", **parameters):
    folder = reports / client / f"{as_of}-{name}"
    (folder / "tables").mkdir(parents=True)
    accounts = pd.DataFrame({"harvest": [harvest, 100.0], "soil_value": [3 * harvest, None], "crop_value": harvest})
    accounts.to_csv(folder / "tables" / "accounts.csv", index=False)
    manifest = {"as_of": as_of, "parameters": parameters, "warnings": [{}] * (as_of > "2025-05")}
    (folder / "run.json").write_text(json.dumps(manifest))
    (reports / client / "latest").unlink(missing_ok=True)
    os.symlink(folder.name, reports / client / "latest")


def test_the_page_leads_to_every_client_and_shows_how_the_numbers_moved(tmp_path):
    publish(tmp_path, "acme", "2025-01-31", 100.0, currency="EUR")
    publish(tmp_path, "acme", "2025-06-30", 300.0, currency="EUR")
    publish(tmp_path, "北京", "2025-03-31", only="03")
    page = write_index(tmp_path, "en").read_text(encoding="utf-8")
    assert 'href="acme/2025-06-30-aaaaaaaaaaaa/index.html">acme</a>' in page
    assert "€400 <small>+100%</small>" in page and "€900 <small>+200%</small>" in page
    assert "Crops, next 12 months: from €200 on 31 Jan 2025 to €600</title>" in page and "<td>EUR</td>" in page
    assert "30 Jun 2025" in page and "whole, 1 warning" in page and "31 Jan 2025</a> <small>whole</small>" in page
    assert ">北京</a>" in page and "<td>partial</td>" in page


def test_runs_in_another_currency_are_not_on_the_line(tmp_path):
    publish(tmp_path, "acme", "2025-01-31", 100.0, currency="EUR")
    publish(tmp_path, "acme", "2025-06-30", 300.0, currency="CNY")
    page = write_index(tmp_path, "en").read_text(encoding="utf-8")
    assert "CN¥400</td>" in page and "<svg" not in page


def test_the_line_ends_at_the_newest_value(tmp_path):
    for month, harvest in (("01", 100.0), ("02", 100.0), ("03", 300.0)):
        publish(tmp_path, "acme", f"2025-{month}-28", harvest)
    page = write_index(tmp_path, "en").read_text(encoding="utf-8")
    assert '<polyline points="4.0,20.0 48.0,20.0 92.0,4.0"/><circle cx="92.0" cy="4.0" r="2.6"/>' in page


def test_runs_that_end_together_write_the_page_one_after_the_other(tmp_path):
    publish(tmp_path, "acme", "2025-01-31")
    with alone(tmp_path / ".index.lock"):
        code = f"from sys import argv; from {write_index.__module__} import *; write_index(Path(argv[1]), 'en')"
        other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(timeout=3)
        assert not (tmp_path / "index.html").exists()
    assert other.wait(timeout=60) == 0
    assert (tmp_path / "index.html").exists() and not (tmp_path / ".index.lock").exists()


def test_a_client_that_was_ever_pseudonymised_is_not_named(tmp_path):
    publish(tmp_path, "secret", "2025-01-31", pseudonymise=True)
    publish(tmp_path, "secret", "2025-02-28", pseudonymise=False)
    assert write_index(tmp_path, "en") is None
    publish(tmp_path, "acme", "2025-01-31")
    assert "secret" not in write_index(tmp_path, "en").read_text(encoding="utf-8")


def test_the_page_goes_with_its_last_client(tmp_path):
    (tmp_path / "index.html").write_text("old")
    assert write_index(tmp_path, "en") is None and list(tmp_path.iterdir()) == []


def test_a_damaged_run_is_left_out(tmp_path):
    publish(tmp_path, "acme", "2025-01-31")
    (tmp_path / "acme" / "2025-02-28-x").mkdir()
    (tmp_path / "acme" / "2025-03-31-x").mkdir()
    (tmp_path / "acme" / "2025-03-31-x" / "run.json").write_text("{")
    assert [run.as_of for run in runs_of(tmp_path / "acme")] == ["2025-01-31"]


def test_of_one_date_the_newest_run_counts(tmp_path):
    publish(tmp_path, "acme", "2025-01-31", 100.0)
    publish(tmp_path, "acme", "2025-01-31", 200.0, name="bbbbbbbbbbbb")
    os.utime(tmp_path / "acme" / "2025-01-31-aaaaaaaaaaaa", ns=(0, 0))
    assert [run.numbers["harvest"] for run in runs_of(tmp_path / "acme")] == [300.0]


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_the_page_speaks_the_readers_language(tmp_path, language):
    publish(tmp_path, "acme", "2025-01-31")
    page = write_index(tmp_path, language).read_text(encoding="utf-8")
    assert f'lang="{language}"' in page and "2025年1月31日" in page and "Client" not in page.split("</style>")[1]
