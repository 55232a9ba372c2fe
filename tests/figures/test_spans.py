"""A Gantt chart says when things began and ended, and which it does not know to have ended."""

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from pfp_course import figures
from pfp_course.errors import CourseError

TOOLS = pd.DataFrame(
    {
        "name": ["open", "closed", "no beginning", "too late"],
        "began": pd.array([2000, 1994, None, 2030], dtype="Int64"),
        "ended": pd.array([None, 2012, 2012, None], dtype="Int64"),
        "kind": ["a", "b", "a", "a"],
    }
)


def draw(frame: pd.DataFrame) -> Axes:
    _, axes = figures.spans(
        frame, title="When?", label="name", start="began", end="ended", until=2024, lane="kind"
    )
    return axes


def bars(axes: Axes) -> list[tuple[float, float]]:
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in found]


def test_a_bar_goes_from_its_beginning_to_its_end() -> None:
    axes = draw(TOOLS)
    assert bars(axes) == [(2000, 2024), (1994, 2012)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["open", "closed"]
    assert [text.get_text() for text in axes.texts] == ["2000", "1994", "2012"]
    assert [line.get_marker() for line in axes.lines] == [">"]


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
