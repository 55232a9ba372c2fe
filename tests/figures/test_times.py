"""Events, lanes, waits and spans stand where they are dated; open ends are told as open."""

import ast
import json
from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

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


TOOLS = pd.DataFrame(
    {
        "name": ["open", "closed", "no beginning", "too late"],
        "began": pd.array([2000, 1994, None, 2030], dtype="Int64"),
        "ended": pd.array([None, 2012, 2012, None], dtype="Int64"),
        "kind": ["a", "b", "a", "a"],
    }
)


def draw(frame: pd.DataFrame, **more: Any) -> Axes:
    columns = {"label": "name", "start": "began", "end": "ended", "lane": "kind", **more}
    _, axes = figures.spans(frame, title="When?", until=2024, **columns)
    return axes


def bars(axes: Axes) -> list[tuple[float, float]]:
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in found]


def test_a_bar_goes_from_its_beginning_to_its_end() -> None:
    axes = draw(TOOLS)
    assert (1994, 2012) in bars(axes)
    # What has no end fades to the last year; in full colour it ends earlier.
    full, *fading = [(begin, end) for begin, end in bars(axes) if begin >= 2000]
    assert full[0] == 2000
    assert full[1] == fading[0][0] < 2024
    assert max(end for _, end in fading) == pytest.approx(2024)
    assert words(axes) == ["2000", "1994", "2012", "open", "closed"]


def test_what_goes_on_has_an_arrow_and_does_not_fade() -> None:
    axes = draw(TOOLS, goes_on=True)
    assert bars(axes) == [(2000, 2024), (1994, 2012)]
    assert [line.get_marker() for line in axes.lines] == [">"]


def test_bars_of_one_name_share_a_row_and_a_name_without_a_bar_keeps_one() -> None:
    frame = pd.DataFrame(
        {
            "state": ["A", "A", "A", "B"],
            "body": ["x", "x", "y", "x"],
            "from": pd.array([1992, 2006, None, 2001], dtype="Int64"),
            "to": pd.array([1999, 2012, None, None], dtype="Int64"),
        }
    )
    axes = draw(frame, label="body", start="from", end="to", lane=None, group="state")
    said = [word for word in words(axes) if not word.isdigit()]
    assert sorted(said) == ["A", "B", "x", "x", "y"]
    heights = {patch.get_y() for patch in axes.patches if isinstance(patch, Rectangle)}
    assert len(heights) == 2


def test_days_stand_inside_their_year() -> None:
    days = pd.DataFrame(
        {
            "name": ["Virtual Silk Highway"],
            "began": pd.to_datetime(["2002-08-20"]),
            "ended": pd.to_datetime(["2010-06-30"]),
            "kind": ["education"],
        }
    )
    ((begin, stop),) = bars(draw(days))
    assert 2002.6 < begin < 2002.7
    assert 2010.4 < stop < 2010.6


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(CourseError, match="Look at your filter"):
        draw(TOOLS.iloc[2:])
    with pytest.raises(CourseError, match="closed ends before it begins"):
        draw(TOOLS.assign(ended=1990).iloc[1:2])
