"""A colour means one thing: all figures take it from one registry, with a form beside it."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from environment import ROOT

from pfp_course.errors import CourseError
from pfp_course.figures.canvas import look_of, looks_of
from pfp_course.palette import DARK, LIGHT, LOOKS, meaning_rules
from pfp_course.pfp import MEANINGS

NAMES = [name for what, (_, more) in MEANINGS.items() for name in (what, *more)]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\bSERIES\b|LIGHT\[\"s\d")
# What makes figures, and may name a colour only by what it means or by its part in every figure.
DRAWING = sorted(
    path
    for folder in ("figures", "pfp")
    for path in (ROOT / "src" / "pfp_course" / folder).glob("*.py")
)


def test_every_name_has_one_meaning_and_every_meaning_a_look() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert {slot for slot, _ in MEANINGS.values()} <= set(LOOKS)


def test_a_look_is_told_by_its_forms_without_its_colour() -> None:
    for one, other in combinations(LOOKS.values(), 2):
        assert one.marker != other.marker
        assert one.colour != other.colour
        assert DARK[one.slot] != DARK[other.slot]
        assert one.hatch != other.hatch or one.dashes != other.dashes or not one.hatch
    hatched = [look.hatch for look in LOOKS.values() if look.hatch]
    assert len(hatched) == len(set(hatched))


def test_kazakhstan_shares_its_colour_with_nothing() -> None:
    slot, _ = MEANINGS["Kazakhstan"]
    assert [what for what, (other, _) in MEANINGS.items() if other == slot] == ["Kazakhstan"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_looks_the_same_beside_whatever_it_stands(name: str) -> None:
    alone = looks_of([name])[name]
    assert looks_of(["something", name, "else"])[name] == alone
    assert look_of(f"{name}, 27 May") == alone or name not in MEANINGS
    others = looks_of(["one", "two", name, "three"])
    assert len({look.slot for look in others.values()}) == 4


def test_names_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(CourseError, match="cannot be told apart"):
        looks_of(["Russia", "with Russia"])
    with pytest.raises(CourseError, match="11 groups are too many"):
        looks_of(range(11))


@pytest.mark.parametrize("path", DRAWING, ids=lambda path: path.name)
def test_no_figure_chooses_a_colour_by_itself(path: Path) -> None:
    assert COLOUR.findall(path.read_text(encoding="utf-8")) == []


def test_no_notebook_chooses_a_colour_by_itself() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                assert COLOUR.findall("".join(cell["source"])) == [], (path.name, cell["id"])


def test_the_cover_has_the_colours_of_the_figures() -> None:
    cover = (ROOT / "book" / "assets" / "cover.svg").read_text(encoding="utf-8")
    drawn = re.findall(r'<g stroke="var\(--pfp-(s\d+), (#[0-9a-f]{6})\)"', cover)
    ends = [MEANINGS[name][0] for name in ("member of NATO", "partner", "suspended")]
    assert list(dict.fromkeys(drawn)) == [(slot, LIGHT[slot]) for slot in ends]


def test_a_page_knows_the_colour_of_each_meaning() -> None:
    rules = meaning_rules(MEANINGS)
    assert "--pfp-is-kazakhstan: var(--pfp-s3);" in rules
    assert rules.count("--pfp-is-") == len(MEANINGS)
    assert meaning_rules({}) == ""
