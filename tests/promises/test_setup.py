"""environment.yml, the locks and pyproject.toml say the same."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def pinned(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, flags=re.M))


def assert_satisfied(requirements, lock):
    versions = pinned(lock)
    for requirement in map(Requirement, requirements):
        assert requirement.name in versions, f"{requirement.name} is not in {lock}: run make lock"
        assert requirement.specifier.contains(versions[requirement.name]), (
            f"{requirement} against {lock}: run make lock"
        )


def test_the_locks_satisfy_the_project():
    assert_satisfied(PROJECT["dependencies"], "requirements.lock")
    assert_satisfied(PROJECT["dependencies"] + EXTRAS["lab"] + EXTRAS["dev"], "requirements-dev.lock")


def test_both_locks_agree():
    run, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def test_locks_pin_with_hashes_and_hold_no_address():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert len(pinned(lock)) <= text.count("--hash=sha256:")


def test_the_run_environment_holds_no_jupyterlab():
    assert "jupyterlab" not in pinned("requirements.lock")


def test_conda_users_get_the_same_versions():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    python, pip, packages = environment["dependencies"]
    assert Requirement(python.replace("=", "==")).specifier.contains("3.11")
    assert (pip, packages) == ("pip", {"pip": ["-r requirements-dev.lock"]})
