import importlib.util
import re
from pathlib import Path

from mcrlib.show import figures

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = [name for name in figures.__all__ if name not in ("Picture", "show")]


def gallery():
    spec = importlib.util.spec_from_file_location("gallery", DOCS / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_drawn_for_the_gallery():
    assert sorted(gallery().PICTURES) == sorted(PICTURES)


def test_the_page_shows_every_picture_with_its_words():
    shown = re.findall(
        r"^!\[(.{20,})\]\(gallery/(\w+)\.webp\)$", (DOCS / "gallery.md").read_text(encoding="utf-8"), re.M
    )
    assert sorted(name for _, name in shown) == sorted(PICTURES)


def test_the_pictures_are_there_and_small():
    files = sorted((DOCS / "gallery").glob("*.webp"))
    assert [file.stem for file in files] == sorted(PICTURES)
    assert sum(file.stat().st_size for file in files) <= 1_500_000
    assert (DOCS / "report.png").stat().st_size <= 500_000
