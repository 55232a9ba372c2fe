"""Every problem of a notebook is named, with its cell and its mend."""

import json
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE

from pfp_course.chapters import chapter, chapters, opener, say
from pfp_course.chapters.checks import check_notebook, cited_keys
from pfp_course.cli.check import run_notebooks
from pfp_course.errors import CourseError

FIRST = chapters(COURSE)[0]


@pytest.fixture
def notebook() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FIRST.notebook.read_text(encoding="utf-8"))
    return read


def problems(notebook: dict[str, Any], folder: Path) -> list[str]:
    path = folder / FIRST.notebook.name
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return check_notebook(path, COURSE.bank(FIRST.number), COURSE)


def cell(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(cell for cell in notebook["cells"] if cell["id"] == name)
    return found


def test_the_chapters_are_in_order(notebook: dict[str, Any], tmp_path: Path) -> None:
    assert problems(notebook, tmp_path) == []


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        ("two-camps", "A fact [@no_such_key].", "there is no source 'no_such_key'"),
        ("two-camps", "```{note}\nx\n```", "Sphinx markup"),
        ("opening", "# 7. Another title\n\n*A promise.*", "its title is not that of the bank"),
        ("opening", "No title", "Begin the first cell"),
        ("opening", "# 1. No promise", "the first cell has no promise"),
        ("ask-row", 'quiz("01.rowx")', "names no inline question"),
        ("ask-row", "1", "question 01.row is inline but is never asked"),
        ("ask-all", "1", "the closing quiz is never asked"),
        ("exercise-1", "1", "exercise 01.e1 is never checked"),
        ("exercise-1", 'check("01.e9", 1)', "names no exercise"),
        ("references", 'cite("no_such_key")', "names no source 'no_such_key'"),
        ("count-rows", "len(timeline)\n" * 11, "too many for a beginner"),
    ],
)
def test_a_broken_notebook_says_where_and_how_to_mend(
    notebook: dict[str, Any], tmp_path: Path, place: str, text: str, words: str
) -> None:
    cell(notebook, place)["source"] = text.splitlines(keepends=True)
    found = problems(notebook, tmp_path)
    assert [problem for problem in found if words in problem], found
    assert all(problem.startswith(str(tmp_path)) for problem in found)


def test_outputs_double_ids_and_a_missing_kernel_are_found(
    notebook: dict[str, Any], tmp_path: Path
) -> None:
    cell(notebook, "count-rows")["execution_count"] = 3
    cell(notebook, "first-rows")["id"] = "load-timeline"
    notebook["metadata"] = {}
    found = "\n".join(problems(notebook, tmp_path))
    for words in ("Clear all outputs", "'load-timeline': the id is used twice", "kernelspec"):
        assert words in found


def test_a_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "01-x.ipynb"
    path.write_text("{")
    [problem] = check_notebook(path, COURSE.bank("01"), COURSE)
    assert "is not a notebook" in problem


def failing(code: str, folder: Path) -> str:
    """What is told of a notebook with one cell, which fails."""
    path = folder / "01-x.ipynb"
    cell: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": []}
    cells = [{**cell, "execution_count": None, "source": code}]
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    [problem] = run_notebooks(COURSE, [path])
    return problem


def test_a_cell_that_fails_is_told_with_its_error(tmp_path: Path) -> None:
    problem = failing("from pfp_course import load\nload('signatorys')", tmp_path)
    assert "Did you mean 'signatories'?" in problem


def test_citations_are_found_in_their_order() -> None:
    assert cited_keys("One [@a_b]. Two [@c; @d-e]. No [x](@y) or a@b.org") == ["a_b", "c", "d-e"]


def test_an_opener_tells_time_needs_data_and_objectives() -> None:
    text = str(opener("02"))
    for words in ("Time: about", "You need: chapter 1", "signatories", "O2.1", "O2.5"):
        assert words in text
    assert "<li>" in opener("02")._repr_html_()
    assert str(say("**3** states")) == "**3** states"


def test_an_unknown_chapter_lists_the_chapters() -> None:
    with pytest.raises(CourseError, match="The chapters are: 01, 02, 03"):
        chapter("77", COURSE)


def test_in_a_notebook_an_error_of_ours_is_one_clear_message(tmp_path: Path) -> None:
    problem = failing("from pfp_course import quiz\nquiz('99')", tmp_path)
    assert "There are no questions '99'" in problem
    assert "Traceback" not in problem
    assert "api.py" not in problem
    assert problem.count("\n") == 0
