"""Which notebooks a run walks through: the kit's and the client's own, with what each needs and makes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mcrlib.errors import UsageError, nearest

PACKAGE = Path(__file__).parent


def kit_folder(name: str) -> Path:
    """A folder that comes with the kit: beside the package in a checkout, inside it in a wheel."""
    inside = PACKAGE / "kit" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class Notebook:
    """One notebook file; ``needs``, ``uses`` and ``makes`` are names of frames in the work folder."""

    path: Path

    @property
    def name(self) -> str:
        """File name without ending, such as ``03_rank_value_tiers``."""
        return self.path.stem

    @cached_property
    def content(self) -> dict[str, Any]:
        """The notebook as JSON."""
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            content["cells"]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{self.path} is not a notebook") from error
        return content

    @property
    def needs(self) -> tuple[str, ...]:
        """Frames that must be in the work folder before it starts."""
        return tuple(self.content["metadata"].get("mcr", {}).get("needs", ()))

    @property
    def uses(self) -> tuple[str, ...]:
        """Frames that it waits for where the run makes them, and can do without."""
        return tuple(self.content["metadata"].get("mcr", {}).get("uses", ()))

    @property
    def makes(self) -> tuple[str, ...]:
        """Frames that it leaves in the work folder."""
        return tuple(self.content["metadata"].get("mcr", {}).get("makes", ()))


def find_notebooks(own: Path | None = None) -> dict[str, Notebook]:
    """The kit's notebooks, with the client's own ones in their place or added, by name and in order."""
    folders = [kit_folder("notebooks"), *([own] if own else [])]
    found = {path.stem: Notebook(path) for folder in folders for path in folder.glob("[!.]*.ipynb")}
    return dict(sorted(found.items()))


def pick_notebook(notebooks: dict[str, Notebook], wanted: str) -> str:
    """The full name of the notebook that ``wanted`` means: a name or its number."""
    for name in notebooks:
        if wanted in (name, name.split("_")[0], f"{name}.ipynb"):
            return name
    raise UsageError(f"there is no notebook '{wanted}'{nearest(wanted, notebooks)}; there are {', '.join(notebooks)}")


def with_what_they_need(notebooks: dict[str, Notebook], chosen: list[str]) -> dict[str, Notebook]:
    """The chosen notebooks and all that make what those need, in order."""
    maker = {frame: name for name, notebook in notebooks.items() for frame in notebook.makes}
    wanted, open_names = set[str](), list(chosen)
    while open_names:
        name = open_names.pop()
        if name not in wanted:
            wanted.add(name)
            open_names += [maker[frame] for frame in notebooks[name].needs if frame in maker]
    return {name: notebook for name, notebook in notebooks.items() if name in wanted}
