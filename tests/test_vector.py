"""A drawing in few bytes is still the same drawing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.vector import compact, cut, path, places

numbers = st.floats(-500, 500).map(lambda number: round(number, 3))
points = st.tuples(numbers, numbers)


@given(st.lists(st.lists(points, min_size=3, max_size=12), min_size=1, max_size=4))
def test_relative_steps_lead_to_the_same_places(rings: list[list[tuple[float, float]]]) -> None:
    data = " ".join("M " + " L ".join(f"{x} {y}" for x, y in ring) + " z" for ring in rings)
    wanted = []
    for ring in rings:
        ends = [(round(x * 10) / 10, round(y * 10) / 10) for x, y in ring]
        # A line that leads nowhere is left out.
        wanted += [end for n, end in enumerate(ends) if n == 0 or end != ends[n - 1]]
    found = places(compact(data))
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert math.dist(one, other) < 0.15


def test_curves_keep_their_ends_and_a_repeated_shape_is_the_same_text() -> None:
    dot = "M {0} 3 C {0} 4 {1} 4 {1} 3 L {0} 3 z"
    data = compact(" ".join(dot.format(x, x + 1.5) for x in (3, 6, 9)))
    assert data == "m3 3c0 1 1.5 1 1.5 0l-1.5 0z" + "m3 0c0 1 1.5 1 1.5 0l-1.5 0z" * 2
    assert places(data)[:3] == [(3, 3), (4.5, 3), (3, 3)]


def test_a_closed_shape_leads_the_pen_back_to_its_beginning() -> None:
    assert places("m1 2 3 0 0-1.5zm-.5.5 2 0") == [(1, 2), (4, 2), (4, 0.5), (0.5, 2.5), (2.5, 2.5)]


def test_a_path_with_a_command_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' cannot be made compact"):
        compact("M 0 0 a 1 1 0 0 0 2 2")


def test_a_ring_is_cut_at_its_window() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    assert {*cut(square, (2, 20, -5, 5))} == {(2, 0), (10, 0), (10, 5), (2, 5)}
    assert cut(square, (20, 30, 0, 5)) == []
    assert path([(1.4, 2.6), (3.2, 2.6), (3.2, 0)]) == "m1 3 2 0 0-3z"
