"""How long a chapter takes is computed from what a reader sees of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE

from pfp_course.chapters import chapters, pace, pace_report
from pfp_course.data import documents

CHAPTER = chapters(COURSE)[0]
TASKS = 3


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bank:
        questions = tuple(type("Task", (), {"id": f"01.q{n}"}) for n in range(TASKS - 1))
        exercises = (type("Task", (), {"id": "01.e1"}),)

    monkeypatch.setattr("pfp_course.chapters.checks.read_bank", lambda *_: Bank())


def measured(folder: Path, *cells: tuple[str, str, list[str]]) -> Any:
    path = folder / "01-x.ipynb"
    made = [{"cell_type": k, "source": s, "metadata": {"tags": t}} for k, s, t in cells]
    path.write_text(json.dumps({"cells": made}))
    return pace(replace(CHAPTER, notebook=path), COURSE)


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(
    ("kind", "source", "tags", "words"),
    [
        ("markdown", "# One title\n\nSix words, and *two* lines. [@a; @b]", [], 7),
        ("markdown", "One two", ["remove-cell"], 0),
        ("code", "names = len(table)", [], 3),
        ("code", "names = len(table)", ["hide-input"], 0),
        ("code", 'say(f"There are {n:.1f} of them")', ["hide-input"], 5),
        ("code", 'figures.show(f, alt="not read", caption="is read")', ["hide-input"], 2),
        ("code", "this is no Python", ["hide-input"], 0),
    ],
)
def test_the_words_that_a_reader_sees_are_counted(
    tmp_path: Path, kind: str, source: str, tags: list[str], words: int
) -> None:
    assert measured(tmp_path, (kind, source, tags)).words == words


@pytest.mark.usefixtures("tasks")
def test_a_document_is_read_where_it_stands(tmp_path: Path) -> None:
    name, first = next(iter(documents(COURSE).items()))
    found = measured(tmp_path, ("code", f'document("{name}")', ["remove-input"]))
    assert found.words >= len(first.quotation.split())


@pytest.mark.usefixtures("tasks")
def test_what_is_marked_as_further_does_not_count(tmp_path: Path) -> None:
    found = measured(
        tmp_path,
        ("markdown", "## One", []),
        ("markdown", "### Further: a curve\n\nmany more words", []),
        ("code", 'quiz("01.q0")', []),
        ("markdown", "#### Below it\n\nstill more", []),
        ("markdown", "## Two", []),
        ("markdown", "## Sources\n\nand their list", []),
    )
    assert (found.words, found.questions) == (2, TASKS - 1)
    assert found.minutes == 4  # 2 words and 180 seconds, rounded up


def test_a_chapter_that_takes_too_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    short = replace(CHAPTER, minutes=1)
    monkeypatch.setattr("pfp_course.chapters.checks.chapters", lambda _: (short,))
    _, told = pace_report(COURSE)
    assert told.startswith(CHAPTER.notebook.name)
    assert f"take about {pace(short, COURSE).minutes} minutes, and the bank states 1." in told
