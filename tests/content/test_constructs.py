"""No student meets a piece of Python before it is explained."""

import json
import re
from pathlib import Path

import pytest
from content.constructs import constructs, constructs_of
from courses import COURSE

from pfp_course.chapters import Chapter, chapters
from pfp_course.data import load

LISTED = {str(row.construct): row for row in load("constructs").itertuples()}


def prose(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_each_construct_is_listed_with_the_chapter_in_which_it_stands_first() -> None:
    first: dict[str, str] = {}
    for chapter in chapters(COURSE):
        for name in constructs_of(chapter.notebook):
            first.setdefault(name, chapter.number)
    assert {name: str(row.chapter) for name, row in LISTED.items()} == first


@pytest.mark.parametrize("chapter", chapters(COURSE), ids=lambda chapter: chapter.number)
def test_each_new_construct_is_explained_in_its_chapter(chapter: object) -> None:
    text = prose(chapter.notebook)  # type: ignore[attr-defined]
    new = [row for row in LISTED.values() if str(row.chapter) == chapter.number]  # type: ignore[attr-defined]
    assert [row.construct for row in new if str(row.told) not in text] == []


def needed(chapter: Chapter) -> set[str]:
    """Return the chapter and all that it builds on, directly or through another."""
    by_number = {one.number: one for one in chapters(COURSE)}
    found, ahead = {chapter.number}, list(chapter.needs)
    while ahead:
        number = ahead.pop()
        if number not in found:
            found.add(number)
            ahead += by_number[number].needs
    return found


def shown_in_code(construct: str) -> re.Pattern[str]:
    """Return how prose shows a construct between backticks: ``round`` for ``round()``."""
    forms = {"row.column": r"\w\.\w", "[a:b]": r"\[\w*:\w*\]", "value[0]": r"\[\d+\]"}
    word = re.sub(r"[.()=]", "", construct) if re.search(r"\w", construct) else construct
    inside = forms.get(construct, re.escape(word))
    return re.compile(rf"`[^`\n]*{inside}[^`\n]*`")


@pytest.mark.parametrize("chapter", chapters(COURSE), ids=lambda chapter: chapter.number)
def test_a_chapter_set_alone_says_again_what_the_chapters_it_needs_do_not_hold(
    chapter: Chapter,
) -> None:
    text, known = prose(chapter.notebook), needed(chapter)
    rows = [LISTED[name] for name in constructs_of(chapter.notebook)]
    elsewhere = [row for row in rows if str(row.chapter) not in known]
    assert [
        str(row.construct)
        for row in elsewhere
        if str(row.told) not in text and not shown_in_code(str(row.construct)).search(text)
    ] == []


def test_constructs_are_named_as_a_table_for_beginners_names_them() -> None:
    code = 't = load("x")\nt[~(t["a"] >= 2)].sort_values("b", ascending=False).head(3)\n'
    assert constructs(code) == {
        "name =", "load()", "table[condition]", "~", ">=", 'table["column"]',
        ".sort_values", "ascending=", ".head",
    }  # fmt: skip
    loop = 'for row in t.itertuples():\n    print(row.name, t["d"].dt.year)\n'
    assert {"row.column", ".dt", ".year", "for", ".itertuples", "print()"} <= constructs(loop)
    assert constructs('t.assign(new=1)\nquiz("01")\nfigures.show(f, alt="")') == {
        ".assign",
        "figures.show",
    }
