"""Slides: one file, no request, a slide for each figure."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pfp_course.book.slides import SLIDE, deck
from pfp_course.chapters import chapter, chapters
from pfp_course.cli import app
from pfp_course.errors import CourseError


@pytest.mark.parametrize("number", [one.number for one in chapters()])
def test_the_opening_each_figure_and_the_summary_have_the_tag(number: str) -> None:
    cells = json.loads(chapter(number).notebook.read_text(encoding="utf-8"))["cells"]
    tagged = {cell["id"] for cell in cells if SLIDE in cell["metadata"].get("tags", [])}
    wanted = {
        cell["id"]
        for cell in cells
        for text in ["".join(cell["source"])]
        if cell is cells[0]
        or "opener(" in text
        or "figures.show(" in text
        or text.startswith("## Summary")
    }
    assert tagged == wanted


def test_an_unknown_chapter_has_no_deck(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["slides", "99", "--to", str(tmp_path)])
    assert isinstance(result.exception, CourseError | SystemExit)
    assert list(tmp_path.iterdir()) == []


def test_the_sentences_of_the_summary_are_the_key_points() -> None:
    page = deck(chapter("01"))
    assert "Key points" in page
    assert page.count("<section") >= 6
