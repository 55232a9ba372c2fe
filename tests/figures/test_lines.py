"""Lines with bands, dots in rows: what they draw, and what they refuse."""

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from pfp_course import figures
from pfp_course.errors import CourseError
from pfp_course.figures.lines import _spread_out

YEARS = pd.Series([0.1, 0.4, None, 0.2], index=[2000, 2001, 2002, 2003])


def words(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_each_line_is_named_at_its_end_and_a_band_is_drawn() -> None:
    band = pd.DataFrame({"value": YEARS, "low": YEARS - 0.1, "high": YEARS + 0.1})
    _, axes = figures.lines(
        {"one": YEARS, "two": band}, title="How?", unit="share", marks={2001: "a year"}
    )
    assert words(axes) == ["one", "two", "a year"]
    assert len(axes.collections) == 1
    drawn: Any = axes.lines[0]
    assert list(drawn.get_xdata()) == [2000, 2001, 2003]  # a gap has no point of its own


@pytest.mark.parametrize(
    ("curves", "message"),
    [
        ({}, "no lines"),
        ({"none": YEARS[YEARS > 1]}, "'none' has no values"),
        ({str(n): YEARS for n in range(11)}, "Take 10 at most"),
    ],
)
def test_lines_that_cannot_be_drawn_are_refused(curves: dict[str, pd.Series], message: str) -> None:
    with pytest.raises(CourseError, match=message):
        figures.lines(curves, title="How?", unit="share")


def test_names_are_moved_apart_and_keep_their_order() -> None:
    moved = _spread_out([0.5, 0.51, 0.1, 0.5], 0.06)
    assert sorted(range(4), key=lambda n: moved[n])[0] == 2
    places = sorted(moved)
    assert all(b - a >= 0.06 - 1e-6 for a, b in pairwise(places))
    assert moved[2] == 0.1


def test_a_row_of_dots_has_a_dot_for_each_number() -> None:
    table = pd.DataFrame({"a": [1, 2], "b": [3, None]}, index=["x", "y"])
    _, axes = figures.dots(table, title="How many?", unit="states")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["x", "y"]
    drawn: list[Any] = list(axes.lines)
    assert [int(pd.Series(one.get_xdata()).notna().sum()) for one in drawn] == [2, 1]
    with pytest.raises(CourseError, match="nothing to draw"):
        figures.dots(table.iloc[:0], title="How many?", unit="states")
