"""Words and deeds are drawn as they are dated, and coded as the chapter shows."""

import ast
import json

import pandas as pd
import pytest
from matplotlib.axes import Axes

from pfp_course import figures
from pfp_course.course import default_course
from pfp_course.data import load
from pfp_course.errors import CourseError
from pfp_course.pfp import key_statistics


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def waits(**change: object) -> pd.DataFrame:
    row: dict[str, object] = {
        "what": "Vote",
        "start": pd.Timestamp("2003-05-30"),
        "end": pd.Timestamp("2006-05-30"),
        "outcome": "used",
        "rough": False,
    }
    return pd.DataFrame([{**row, **change}])


def test_the_keys_and_the_chapter_code_milestones_alike() -> None:
    path = default_course().notebooks / "10-kazakhstans-partnership.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = {cell["id"]: "".join(cell["source"]) for cell in cells}
    for cell, name, kept in (
        ("rule", "rule", key_statistics.RULE),
        ("corrections", "reading", key_statistics.READING),
    ):
        first = ast.parse(code[cell]).body[0]
        assert isinstance(first, ast.Assign)
        assert ast.unparse(first.targets[0]) == name
        assert ast.literal_eval(first.value) == kept
    assert set(key_statistics.READING) <= set(load("kazakhstan")["event"])


def test_lanes_count_every_event_once() -> None:
    events = load("kazakhstan").dropna(subset=["date_parsed"])
    _, axes = figures.lanes(
        events.assign(kind=["a", "b"] * (len(events) // 2) + ["a"] * (len(events) % 2)),
        title="What?",
        order=["a", "b"],
    )
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert sum(int(label.split(": ")[1]) for label in labels) == len(events)
    with pytest.raises(CourseError, match="has no lane"):
        figures.lanes(events.assign(kind="c"), title="What?", order=["a"])


def test_a_wait_is_said_in_words() -> None:
    outcomes = {"used": "done", "open": "open"}
    for change, wanted in (
        ({}, "Vote: 3.0 years"),
        ({"rough": True}, "Vote: up to 3.0 years"),
        ({"end": pd.Timestamp("2003-08-01")}, "Vote: 2 months"),
        ({"end": pd.NaT, "outcome": "open"}, "Vote: 4.0 years, still open"),
    ):
        _, axes = figures.dumbbells(
            waits(**change), title="How long?", until="2007-05-30", outcomes=outcomes
        )
        assert words(axes) == [wanted]
    with pytest.raises(CourseError, match="before it begins"):
        figures.dumbbells(
            waits(end=pd.Timestamp("2001-01-01")),
            title="How long?",
            until="2007-05-30",
            outcomes=outcomes,
        )


def test_an_edition_that_is_not_sure_has_a_question_mark() -> None:
    table = load("exercises")
    eagle = table[table["name"].str.contains("Steppe Eagle") & (table["year"] <= 2014)]
    _, axes = figures.editions(eagle, title="Who?", home="KAZ")
    assert words(axes).count("?") == (eagle["confidence"] != "seen").sum()
    assert "DEU*" in words(axes)
    names = {tick.get_text() for tick in axes.get_yticklabels()}
    assert {"Kazakhstan", "Lithuania"} <= names
    assert not any("observers" in name for name in names)
