"""Whatever a notebook's functions are given, a student gets one sentence and no traceback."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from questions.test_any_value import Wild

import pfp_course
from pfp_course import figures
from pfp_course.data import DataError, load
from pfp_course.errors import CourseError


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


TABLE: Any = load("signatories")
# What a student writes, no type checker has seen.
COURSE: Any = pfp_course
DRAWN: Any = figures
WRONG: dict[str, Any] = {
    "nothing": None,
    "three dots": ...,
    "a list": ["02"],
    "an empty list": [],
    "a dictionary": {"a": 1},
    "a table": TABLE,
    "a column": TABLE["country"],
    "a column of truth values": TABLE["region"] == "Central Asia",
    "an array": np.zeros((2, 2)),
    "a number": 2.5,
    "a large number": 10**30,
    "not a number": float("nan"),
    "a missing value": pd.NA,
    "true": True,
    "a function": len,
    "a type": str,
    "bytes": b"02",
    "an empty text": "",
    "spaces": "  ",
    "a half character": "\ud800",
    "a long text": "x" * 100_000,
    "a path": Path("nowhere"),
    "an escape": "../../etc/passwd",
    "a thing that refuses": Wild(),
    "an iterator": iter([1]),
}
NAMED: dict[str, Callable[..., Any]] = {
    **{name: getattr(pfp_course, name) for name in ("about", "check", "cite", "load", "opener")},
    **{name: getattr(pfp_course, name) for name in ("document", "quiz", "say")},
    "progress": lambda value: pfp_course.progress(load=value),
    "check of an answer": lambda value: pfp_course.check(value, 3),
    "quiz with a seed": lambda value: pfp_course.quiz("02", seed=value),
    "review": pfp_course.review,
    "submit": pfp_course.submit,
    "tables": pfp_course.tables,
}
FIGURES = sorted(
    name for name in figures.__all__ if callable(getattr(figures, name)) and name[0].islower()
)


def one_sentence(function: Callable[..., Any], *args: Any, **options: Any) -> None:
    line = "."
    try:
        function(*args, **options)
    except CourseError as error:
        (line,) = error._render_traceback_()
    assert len(line) < 1500, line[:300]
    assert "\n" not in line.strip()
    assert line.strip()[-1] in ".)'\"", line[-80:]


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("name", NAMED)
def test_a_wrong_argument_is_answered_in_a_sentence(name: str, what: str) -> None:
    one_sentence(NAMED[name], WRONG[what])


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_anything_is_a_figure_or_a_sentence(name: str) -> None:
    import matplotlib.pyplot as plt

    function = getattr(figures, name)
    for what, value in WRONG.items():
        if what != "a long text":
            one_sentence(function, value)
            one_sentence(function, value, title="A question?")
            one_sentence(function, value, title="A question?", unit="states")
            one_sentence(function, value, nonsense=value)
        plt.close("all")


def test_the_commonest_mistakes_are_told_with_their_mend() -> None:
    for call, words in [
        (
            lambda: COURSE.load(None),
            r"name of a table is needed, in quotes.*given nothing \(None\)",
        ),
        (lambda: COURSE.load(["signatories"]), "given a list"),
        (lambda: COURSE.load(TABLE), "given a table"),
        (lambda: COURSE.load("signatory"), "Did you mean 'signatories'"),
        (lambda: COURSE.cite(None), r"given nothing \(None\)"),
        (lambda: COURSE.cite(TABLE), "given a table"),
        (lambda: COURSE.cite(TABLE["country"]), "There is no source"),
        (lambda: COURSE.quiz(None), r'such as quiz\("02"\).*nothing \(None\)'),
        (lambda: COURSE.quiz(99), "There are no questions '99'"),
        (lambda: COURSE.check(5, "02.e1"), r'check\("02.e1", answer\)'),
        (lambda: COURSE.opener(None), r"There is no chapter nothing \(None\)"),
        (lambda: COURSE.progress(load=5), r"progress\(load="),
        (lambda: COURSE.say(TABLE), "write its name alone on the last line"),
        (lambda: DRAWN.bars("text", title="x", unit="y"), r"figures.bars\(\) cannot work"),
        (lambda: DRAWN.bars(), r"figures.bars\(\) cannot work.*missing"),
    ]:
        with pytest.raises(CourseError, match=words):
            call()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "written", ["02", "2", " 2 ", 2, 2.0, np.int64(2), "chapter 2", "Chapter 02"]
)
def test_a_chapter_may_be_written_in_any_usual_way(written: Any) -> None:
    assert str(pfp_course.opener(written)) == str(pfp_course.opener("02"))
    assert pfp_course.quiz(written).spec["id"] == "02"


def test_a_question_and_an_exercise_may_be_written_without_the_zero() -> None:
    assert pfp_course.quiz("2.last").spec["id"] == "02.last"
    assert pfp_course.check("2.e1").heading == "Exercise 02.e1"


def test_sources_may_be_given_as_a_column_or_a_list() -> None:
    rows = TABLE["source"].head(3)
    keys = dict.fromkeys(key for text in rows for key in text.split(";"))
    assert [one.key for one in pfp_course.cite(rows).sources] == list(keys)
    assert pfp_course.cite(list(keys)).sources == pfp_course.cite(*keys).sources
    with pytest.raises(DataError):
        pfp_course.cite(pd.Series([None, pd.NA]))


def test_a_notebook_shows_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    shell = InteractiveShell.instance()
    shell.run_cell(  # type: ignore[no-untyped-call]
        "import pfp_course\npfp_course.load(['signatories'])"
    )
    out = capsys.readouterr().out
    assert len(out.strip().splitlines()) == 1, out
    assert "The name of a table is needed" in out
