import json

import pytest

from mcrlib.errors import UsageError
from mcrlib.notebooks import find_notebooks, pick_notebook, with_what_they_need


def write(folder, name, needs=(), makes=(), uses=()):
    metadata = {"mcr": {"needs": list(needs), "makes": list(makes), "uses": list(uses)}}
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.ipynb").write_text(
        json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    )


def test_the_clients_own_notebook_takes_the_place_of_the_kits(tmp_path):
    write(tmp_path, "03_rank_value_tiers")
    write(tmp_path, "20_our_own_question")
    found = find_notebooks(tmp_path)
    assert found["03_rank_value_tiers"].path.parent == tmp_path
    assert list(found)[-1] == "20_our_own_question"


def test_what_a_chosen_notebook_needs_is_chosen_too(tmp_path):
    write(tmp_path, "90_a", makes=["x_frame"])
    write(tmp_path, "91_b", needs=["x_frame"], makes=["y_frame"])
    write(tmp_path, "92_c", needs=["y_frame"])
    write(tmp_path, "93_d", needs=["x_frame"])
    assert list(with_what_they_need(find_notebooks(tmp_path), ["92_c"])) == ["90_a", "91_b", "92_c"]


def test_what_a_notebook_can_do_without_is_not_chosen_for_it(tmp_path):
    write(tmp_path, "90_a", makes=["x_frame"])
    write(tmp_path, "91_b", uses=["x_frame"])
    found = find_notebooks(tmp_path)
    assert found["91_b"].uses == ("x_frame",)
    assert list(with_what_they_need(found, ["91_b"])) == ["91_b"]


def test_an_unknown_notebook_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match=r"no notebook '03_rank_value_tier' \(did you mean '03_rank_value_tiers'\?\)"):
        pick_notebook(find_notebooks(), "03_rank_value_tier")


def test_a_broken_notebook_is_refused(tmp_path):
    (tmp_path / "99_x.ipynb").write_text("not json")
    with pytest.raises(UsageError, match="99_x.ipynb is not a notebook"):
        find_notebooks(tmp_path)["99_x"].content  # noqa: B018


def test_every_frame_that_the_kits_notebooks_need_is_made_by_one_of_them():
    notebooks = find_notebooks().values()
    made = [frame for notebook in notebooks for frame in notebook.makes]
    assert {frame for notebook in notebooks for frame in notebook.needs} <= set(made)
    assert len(made) == len(set(made))
