"""The same inputs give the same tables, whatever the zone, the locale, the folder or the threads."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from clients import mcr

ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "de_DE.UTF-8",
    "LANG": "zh_CN.GB18030",
    "OMP_NUM_THREADS": "4",
    "OPENBLAS_NUM_THREADS": "4",
    "PYTHONHASHSEED": "4711",
    "COLUMNS": "40",
}


def test_tables_are_the_same_bytes_in_another_place_zone_and_locale(sample_workspace, sample_report, tmp_path):
    workspace = tmp_path / "an other {folder} 客户"
    home, source = workspace / "data" / "sample", sample_workspace / "data" / "sample"
    (home / "raw").mkdir(parents=True)
    for age, path in enumerate(sorted(source.joinpath("raw").iterdir(), reverse=True)):
        shutil.copy(path, home / "raw")
        os.utime(home / "raw" / path.name, (age * 86400, age * 86400))
    shutil.copy(source / "client.yaml", home)
    result = mcr("run", "sample", "--workspace", workspace, "--jobs", 1, **ELSEWHERE)
    assert (result.returncode, result.stderr) == (0, "")
    report = workspace / "reports" / "sample" / "latest"
    assert report.resolve().name == sample_report.resolve().name
    assert bytes_of(report / "tables") == bytes_of(sample_report / "tables")
    clean = [folder / "data/sample/clean" for folder in (workspace, sample_workspace)]
    assert bytes_of(clean[0]) == bytes_of(clean[1])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
