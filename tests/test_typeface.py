"""The font holds every letter that the course writes, and changes nobody's settings."""

import csv
import json
import re
import tomllib
from collections.abc import Iterator

import matplotlib as mpl
import pytest
from environment import ROOT
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from pfp_course import typeface
from pfp_course.export.archives import _font_items

FONTS = ROOT / "src" / "pfp_course" / "fonts"
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
# Another font draws these, in code that shows what a program is given.
OTHERS = set("\n\t")


def texts() -> Iterator[tuple[str, str]]:
    """Return what a reader reads: pages, cells, tables, questions."""
    for path in [ROOT / "index.md", *(ROOT / "book").glob("*.md")]:
        yield path.name, path.read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield f"{path.name}: {cell['id']}", "".join(cell["source"])
    for path in (ROOT / "data").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            yield path.name, "".join("".join(row) for row in csv.reader(file))
    for path in (ROOT / "data" / "questions").glob("*.yml"):
        yield path.name, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["course-sans-regular.ttf", "course-sans-bold.ttf"])
def test_the_font_holds_every_letter_that_the_course_writes(name: str) -> None:
    held = {chr(code) for code in FT2Font(str(FONTS / name)).get_charmap()}
    assert set(KAZAKH) <= held
    missing = {(place, sign) for place, text in texts() for sign in set(text) - held - OTHERS}
    assert missing == set()


def test_matplotlib_draws_with_it_and_keeps_the_settings_of_the_user() -> None:
    before = dict(mpl.rcParams)
    typeface.register()
    assert dict(mpl.rcParams) == before
    for weight, name in (("normal", "regular"), ("semibold", "bold")):
        wanted = font_manager.FontProperties(family=[typeface.FAMILY], weight=weight)
        found = font_manager.findfont(wanted, fallback_to_default=False)
        assert str(found).endswith(f"course-sans-{name}.ttf")


def test_a_page_is_given_every_file_and_nothing_from_elsewhere() -> None:
    rules = typeface.face_rules()
    named = re.findall(r'url\("([^"]+)"\)', rules)
    files = {file.name for file in typeface.files()}
    assert set(named) < files
    assert all(file.is_file() for file in typeface.files())
    assert rules.count("font-display: optional") == len(named)
    assert "data:font/woff2;base64," in typeface.inline_rules()
    assert all(f'href="fonts/{name}"' in _font_items() for name in files)
    assert set(typeface.FIRST_FILES) < set(named)
    # What a first visit may weigh leaves room for no more.
    assert sum((FONTS / name).stat().st_size for name in typeface.FIRST_FILES) < 27_000


def test_each_letter_is_in_one_slice_of_each_style() -> None:
    kept = set(FT2Font(str(FONTS / "course-sans-regular.ttf")).get_charmap())
    faces = json.loads((FONTS / "faces.json").read_text(encoding="utf-8"))
    for style in ("normal", "italic"):
        held = [code for _, kind, _, said in faces if kind == style for code in codes_of(said)]
        assert len(held) == len(set(held))
        assert set(held) >= kept


def codes_of(unicode_range: str) -> Iterator[int]:
    for run in unicode_range.split(","):
        first, _, last = run.removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def test_the_program_that_makes_the_font_pins_what_it_takes() -> None:
    head = (ROOT / "tools" / "font.py").read_text(encoding="utf-8").split("# ///")[1]
    script = tomllib.loads("\n".join(line[2:] for line in head.splitlines()[1:]))
    assert script["dependencies"]
    assert all("==" in need for need in script["dependencies"])
    assert "Reserved Font Name" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "Source" not in typeface.FAMILY
