"""A Gantt chart says when things began and ended, and which it does not know to have ended."""

from typing import Any

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


def draw(frame: pd.DataFrame, **more: Any) -> Axes:
    columns = {"label": "name", "start": "began", "end": "ended", "lane": "kind", **more}
    _, axes = figures.spans(frame, title="When?", until=2024, **columns)
    return axes


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


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
