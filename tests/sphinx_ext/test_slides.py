"""Slides: one file, no request, a slide for each figure."""

import json
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from typer.testing import CliRunner

from pfp_course.chapters import chapter, chapters
from pfp_course.cli import app
from pfp_course.errors import CourseError
from pfp_course.sphinx_ext.execution import SLIDE, deck


def _slides(cells: list[dict[str, Any]]) -> set[str]:
    """Return the cells that belong on slides: a figure, or what says its numbers in its place."""
    found = set()
    for place, cell in enumerate(cells):
        text = "".join(cell["source"])
        if place == 0 or "opener(" in text or text.startswith("## Summary"):
            found.add(cell["id"])
        elif "figures.show(" in text:
            after = cells[place + 1] if place + 1 < len(cells) else cell
            # A figure too tall for a screen at the end of a room is told in words there.
            told = "say(" in "".join(after["source"]) and SLIDE in after["metadata"].get("tags", [])
            found.add(after["id"] if told else cell["id"])
    return found


@pytest.mark.parametrize("number", [one.number for one in chapters(COURSE)])
def test_the_opening_each_figure_and_the_summary_have_the_tag(number: str) -> None:
    cells = json.loads(chapter(number, COURSE).notebook.read_text(encoding="utf-8"))["cells"]
    tagged = {cell["id"] for cell in cells if SLIDE in cell["metadata"].get("tags", [])}
    assert tagged == _slides(cells)


def test_an_unknown_chapter_has_no_deck(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["slides", "99", "--to", str(tmp_path)])
    assert isinstance(result.exception, CourseError | SystemExit)
    assert list(tmp_path.iterdir()) == []


def test_the_sentences_of_the_summary_are_the_key_points() -> None:
    page = deck(chapter("01", COURSE), COURSE)
    assert "Key points" in page
    assert page.count("<section") >= 6
