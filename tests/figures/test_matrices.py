"""A matrix has a mark for each cell that says something, and a dot for each that does not."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from pfp_course import figures
from pfp_course.errors import CourseError
from pfp_course.explorers import kappa

YES = pd.DataFrame(
    {"MAP": [True, False], "EOP": [False, True]},
    index=["Albania", "Ukraine"],
)


def points(axes: Axes, line: int) -> list[tuple[float, float]]:
    drawn = axes.lines[line]
    pairs = zip(np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata()), strict=True)
    return [(float(x), float(y)) for x, y in pairs]


def test_a_mark_stands_where_the_cell_is_true() -> None:
    figure, axes = figures.grid(YES, title="Who?")
    assert points(axes, 0) == [(0, 0), (1, 1)]
    assert points(axes, 1) == [(1, 0), (0, 1)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Albania", "Ukraine"]
    assert [text.get_text() for text in figure.legends[0].texts] == [
        "in the table",
        "not in the table",
    ]


def test_groups_have_headings_and_values_have_marks_of_their_own() -> None:
    table = pd.DataFrame(
        {"PARP": ["seen", "uncertain", pd.NA]},
        index=pd.MultiIndex.from_tuples([("Baltic", "Estonia"), ("Baltic", "Latvia"), ("x", "y")]),
    )
    legend = {"seen": "seen", "uncertain": "not sure", False: "no row"}
    _, axes = figures.grid(table, title="Who?", legend=legend)
    assert [points(axes, line) for line in range(3)] == [[(0, 1)], [(0, 2)], [(0, 4)]]
    assert len({line.get_marker() for line in axes.lines[:3]}) == 3
    assert [text.get_text() for text in axes.texts] == ["Baltic", "x"]


def test_a_known_no_is_a_line_and_neither_a_mark_nor_a_dot() -> None:
    table = pd.DataFrame({"MAP": ["yes", "no", pd.NA]}, index=["a", "b", "c"])
    legend = {"no": "no", "yes": "yes", False: "not known"}
    _, axes = figures.grid(table, title="Who?", legend=legend, negative="no")
    assert [points(axes, line) for line in range(3)] == [[(0, 1)], [(0, 0)], [(0, 2)]]
    assert [line.get_marker() for line in axes.lines[:3]] == ["_", "s", "."]


def test_a_value_without_words_and_an_empty_table_are_refused() -> None:
    with pytest.raises(CourseError, match="no words"):
        figures.grid(YES.astype("string"), title="Who?")
    with pytest.raises(CourseError, match="Look at your filter"):
        figures.grid(YES.iloc[:0], title="Who?")


WORDS = ["yes", "no"]


def test_a_square_for_each_pair_that_occurs() -> None:
    table = pd.DataFrame([[3, 1], [0, 2]], index=WORDS, columns=WORDS)
    _, axes = figures.matrix(table, title="?", rows="one", columns="other")
    assert [text.get_text() for text in axes.texts] == ["3", "1", "2"]


def test_rows_and_columns_must_hold_the_same_words() -> None:
    table = pd.DataFrame([[3, 1], [0, 2]], index=WORDS, columns=WORDS[::-1])
    with pytest.raises(CourseError, match="Put both into one order"):
        figures.matrix(table, title="?", rows="one", columns="other")
    with pytest.raises(CourseError, match="no cases"):
        figures.matrix(table[WORDS] * 0, title="?", rows="one", columns="other")


def test_kappa_by_hand() -> None:
    # Both say yes in half of the cases: luck gives one half.
    yes, no = "yes", "no"
    assert kappa([yes, yes, no, no], [yes, no, no, no]) == (0.75 - 0.5) / (1 - 0.5)
    assert kappa([yes, yes, no, no], [yes, yes, no, no]) == 1
    assert kappa([yes, yes, no, no], [no, no, yes, yes]) == -1
    assert kappa([yes, yes, no, no], [yes, no, yes, no]) == 0
    with pytest.raises(CourseError, match="one word only"):
        kappa([yes, yes], [yes, yes])
    with pytest.raises(CourseError, match="same number"):
        kappa([yes], [])
