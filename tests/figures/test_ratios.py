"""The same numbers over different wholes are drawn and computed as the tables hold them."""

import numpy as np
import pandas as pd
import pytest
from courses import COURSE
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from pfp_course import figures
from pfp_course.errors import CourseError
from pfp_course.pfp import key_statistics


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def lengths(axes: Axes) -> list[float]:
    return [bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle)]


def test_a_part_is_equally_long_under_each_whole_and_its_share_is_said() -> None:
    wholes = {"all": {"north": 40, "air": 31, "south": 29}, "land": {"north": 40, "south": 29}}
    _, axes = figures.part_of_wholes(wholes, title="How much?", unit="percent")
    assert lengths(axes) == [40, 31, 29, 40, 29]
    assert "all: 40 of 100 = 40%" in words(axes)
    assert "land: 40 of 69 = 58%" in words(axes)
    hatches = [bar.get_hatch() for bar in axes.patches]
    assert hatches[2] == hatches[4], "a piece looks the same under each whole"


def test_both_panels_hold_the_same_rows() -> None:
    frame = pd.DataFrame({"troops": [900, 4000], "rate": [244.0, 53.0]}, index=["GEO", "DEU"])
    panels = {"troops": "troops", "rate": "per million"}
    figure, left = figures.side_by_side(frame, title="Who?", panels=panels, highlight=["GEO"])
    right = figure.axes[1]
    assert lengths(left) == [900, 4000]
    assert lengths(right) == [244, 53]
    assert words(left) == ["900 \u25c0", "4,000"]


def test_a_missing_year_is_a_cross_and_no_zero() -> None:
    values = pd.Series({2001: 185.0, 2002: None, 2004: 0.0})
    _, axes = figures.year_bars(values, title="How much?", unit="tonnes")
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [2002, 2003]
    assert len(axes.patches) == 2


def test_labels_at_the_ends_of_lines_stand_apart() -> None:
    frame = pd.DataFrame(
        {"year": [2000, 2000], "country": ["A", "B"], "oil": [10.0, 10.1], "gas": [1.0, 9.0]}
    )
    figure, upper = figures.paired_lines(frame, title="?", panels={"oil": "oil", "gas": "gas"})
    heights = [float(label.xy[1]) for label in upper.texts]  # type: ignore[attr-defined]
    assert abs(heights[0] - heights[1]) > 1
    assert len(figure.axes) == 2


def test_an_empty_drawing_is_refused() -> None:
    with pytest.raises(CourseError, match="no values"):
        figures.year_bars(pd.Series({2001: None}, dtype=float), title="?", unit="t")
    with pytest.raises(CourseError, match="no whole"):
        figures.part_of_wholes({}, title="?", unit="t")


def test_a_share_changes_with_its_whole() -> None:
    assert key_statistics.share_of_cargo(COURSE, "NDN") == pytest.approx(40)
    assert key_statistics.share_of_cargo(COURSE, "NDN", without="air") == pytest.approx(
        40 / 69 * 100
    )
    with pytest.raises(CourseError, match="no part"):
        key_statistics.share_of_cargo(COURSE, "air", without="air")


def test_troops_are_compared_with_the_whole_that_is_named() -> None:
    assert key_statistics.troops_share(COURSE, 2011) == pytest.approx(12203 / 99366 * 100)
    assert key_statistics.troops_share(COURSE, 2011, together=True) < key_statistics.troops_share(
        COURSE, 2011
    )
    assert key_statistics.troops_left(COURSE, 2014, 2024)["KAZ"] == pytest.approx(100)
