"""Counts in parts and a level in time: what they draw, and what they refuse."""

from typing import Any

import pandas as pd
import pytest

from pfp_course import figures
from pfp_course.errors import CourseError


def words(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_parts_that_have_room_and_all_sums_are_written() -> None:
    table = pd.DataFrame({"a": [40, 1], "b": [2, 0]}, index=["x", "y"])
    _, axes = figures.counts(table, title="How many?", unit="events")
    assert words(axes) == ["40", "2", "42", "1"]
    widths = [patch.get_width() for patch in list[Any](axes.patches)]
    assert widths == [40, 1, 2, 0]


def test_a_level_goes_up_and_down_and_ends_with_its_number() -> None:
    days = pd.to_datetime(["2000-01-01", "2000-01-01", "2001-01-01"])
    changes = pd.Series([1, 1, -1], index=days)
    _, axes = figures.level(
        {"partners": changes}, title="?", unit="states", until="2002-01-01", marks={"2001": "one"}
    )
    assert words(axes) == ["1 partners", "one"]
    line: Any = axes.lines[0]
    assert list(line.get_ydata()) == [2, 1, 1]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.counts(pd.DataFrame(), title="?", unit="x"), "nothing to count"),
        (lambda: figures.counts(pd.DataFrame({"a": [0]}), title="?", unit="x"), "nothing to count"),
        (lambda: figures.level({}, title="?", unit="x", until="2002"), "no changes"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: Any, message: str) -> None:
    with pytest.raises(CourseError, match=message):
        draw()
