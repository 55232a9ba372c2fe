"""Pairs from lists, networks, and values with their ranges."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfp_course import figures
from pfp_course.errors import CourseError

LISTS = pd.Series(["KAZ;RUS;USA", "KAZ;USA", "RUS", None, "USA; KAZ;KAZ"])
NAMES = {"KAZ": "Kazakhstan", "RUS": "Russia", "USA": "United States"}


def test_each_two_names_of_a_list_are_counted_once() -> None:
    ties = figures.ties(LISTS)
    assert ties.to_numpy().tolist() == [["KAZ", "USA", 3], ["KAZ", "RUS", 1], ["RUS", "USA", 1]]
    assert figures.ties(pd.Series(["KAZ"])).empty


@given(st.lists(st.sets(st.sampled_from("ABCDEFG")), max_size=6))
def test_a_list_of_n_names_has_n_times_n_minus_one_half_pairs(lists: list[set[str]]) -> None:
    ties = figures.ties(pd.Series([";".join(names) for names in lists], dtype=str))
    assert ties["together"].sum() == sum(len(n) * (len(n) - 1) // 2 for n in lists)


def test_a_network_has_a_line_for_each_strong_pair_and_a_word_for_each_name() -> None:
    groups = {"KAZ": "Central Asia", "RUS": "power", "USA": "power"}
    _, axes = figures.network(figures.ties(LISTS), title="?", names=NAMES, groups=groups, least=2)
    drawn: list[Any] = list(axes.lines)
    ties = [line for line in drawn if line.get_marker() in ("None", "", " ", None)]
    assert len(ties) == 1
    assert [text.get_text() for text in axes.texts] == list(NAMES.values())
    with pytest.raises(CourseError, match="smaller 'least'"):
        figures.network(figures.ties(LISTS), title="?", names=NAMES, least=9)


def test_an_interval_holds_its_value_and_shows_the_points_behind_it() -> None:
    frame = pd.DataFrame({"value": [0.1], "low": [-0.1], "high": [0.3]}, index=["Allies"])
    points = pd.Series([0.0, 0.2, None], index=["Allies"] * 3)
    _, axes = figures.intervals(frame, title="?", unit="change", points=points)
    assert [text.get_text() for text in axes.texts] == ["+0.10"]
    rings: list[Any] = [line for line in axes.lines if line.get_markerfacecolor() == "none"]
    assert [list(line.get_xdata()) for line in rings] == [[0.0, 0.2]]
    with pytest.raises(CourseError, match="'Allies' lies outside"):
        figures.intervals(frame.assign(low=0.2), title="?", unit="change")
    with pytest.raises(CourseError, match="no intervals"):
        figures.intervals(frame.iloc[:0], title="?", unit="change")


def test_what_is_rounded_to_zero_has_no_sign() -> None:
    frame = pd.DataFrame({"value": [-0.004, -0.3]}, index=["a", "b"])
    frame = frame.assign(low=-1.0, high=1.0)
    _, axes = figures.intervals(frame, title="?", unit="change")
    assert [text.get_text() for text in axes.texts] == ["0.00", "\u22120.30"]


def test_a_count_with_a_range_has_no_digits_after_the_point() -> None:
    frame = pd.DataFrame({"value": [3, 44], "low": [2, 39], "high": [6, 51]}, index=["a", "b"])
    _, axes = figures.intervals(frame, title="?", unit="claims", zero=False)
    assert [text.get_text() for text in axes.texts] == ["3", "44"]


def test_a_square_of_encounters_has_one_half_for_each_set_of_pairs() -> None:
    ties = figures.ties(LISTS)
    _, axes = figures.encounters(
        {"with the USA": ties, "with Russia": ties}, title="?", names=NAMES, unit="times", least=2
    )
    (above, below) = list[Any](axes.patches)
    centre = [
        (one.get_x() + one.get_width() / 2, one.get_y() + one.get_height() / 2)
        for one in (above, below)
    ]
    assert centre == [pytest.approx((2, 0)), pytest.approx((0, 2))]
    with pytest.raises(CourseError, match="smaller 'least'"):
        figures.encounters({"a": ties, "b": ties}, title="?", names=NAMES, unit="n", least=9)
    with pytest.raises(CourseError, match="two sets"):
        figures.encounters({"a": ties}, title="?", names=NAMES, unit="n")
