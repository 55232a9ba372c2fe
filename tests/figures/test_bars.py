"""Counts, parts and wholes: what is drawn as the tables hold it, and what is refused."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from courses import COURSE
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from pfp_course import figures
from pfp_course.errors import CourseError
from pfp_course.figures.distributions import _binned
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


@given(st.lists(st.integers(1900, 2100), min_size=1), st.integers(1, 12), st.integers(0, 11))
def test_each_year_lies_in_one_bin(years: list[int], width: int, offset: int) -> None:
    bins = _binned(years, width, offset)
    assert sum(bins.values()) == len(years)
    for first, count in bins.items():
        assert (first - offset) % width == 0
        assert count == sum(first <= year < first + width for year in years)


def test_two_ways_to_set_bins_stand_on_one_axis() -> None:
    years = pd.Series([1990, 1994, 1995, None])
    _, axes = figures.histograms(
        years, title="?", unit="tools", width=5, starts={"usual": 1990, "earlier": 1988}
    )
    heights = Counter(float(bar.get_height()) for bar in list[Any](axes.patches))
    assert heights == {2.0: 1, 1.0: 1, -1.0: 1, -2.0: 1}
    with pytest.raises(CourseError, match="two ways"):
        figures.histograms(years, title="?", unit="tools", width=5, starts={"usual": 1990})


def test_small_multiples_have_one_scale_and_say_their_sums() -> None:
    table = pd.DataFrame({"few": [1, 0], "many": [2, 4]}, index=[1990, 1995])
    figure, axes = figures.small_multiples(table, title="?", unit="events")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["many: 6", "few: 1"]
    bars = sorted(float(bar.get_height()) for bar in list[Any](axes.patches))
    assert [height / bars[0] for height in bars] == pytest.approx([1, 2, 4])
    assert figure.line == "events, 1990 to 1999"  # type: ignore[attr-defined]


def test_points_are_full_pips_and_nothing_else_is_a_point() -> None:
    table = pd.DataFrame({"A": [0, 3], "B": [2, 1]}, index=["x", "y"])

    def pips(most: int | list[int]) -> tuple[int, int]:
        _, axes = figures.ratings(table, title="?", unit="points", most=most)
        drawn: list[Any] = [line for line in axes.lines if line.get_marker() == "o"]
        return len(drawn), len([pip for pip in drawn if pip.get_markerfacecolor() != "none"])

    assert pips(3) == (12, 6)
    assert pips([2, 3]) == (10, 6), "a row of fewer points has no pip that cannot be filled"
    for wrong in (table - 1, table + 0.5, table * 2):
        with pytest.raises(CourseError, match=r"whole numbers, in '.' from 0 to 3"):
            figures.ratings(wrong, title="?", unit="points", most=3)
    for most in (0, 6, [3], [0, 3]):
        with pytest.raises(CourseError, match="nothing to rate"):
            figures.ratings(table, title="?", unit="points", most=most)
