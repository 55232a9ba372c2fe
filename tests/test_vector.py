"""A drawing in few bytes is still the same drawing."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.vector import compact, cut, path

_LENGTHS = {"m": 1, "l": 1, "q": 2, "c": 3}
numbers = st.floats(-500, 500).map(lambda number: round(number, 3))
points = st.tuples(numbers, numbers)


def places(data: str) -> list[tuple[float, float]]:
    """Return the ends of the steps of a path in relative steps, as a browser reads them."""
    here = start = (0.0, 0.0)
    found: list[tuple[float, float]] = []
    for name, rest in re.findall(r"([mlqcz])([^mlqcz]*)", data):
        if name == "z":
            here = start
            continue
        values = [float(value) for value in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest)]
        size = 2 * _LENGTHS[name]
        assert values
        assert len(values) % size == 0
        for first in range(0, len(values), size):
            x, y = values[first + size - 2 : first + size]
            here = (here[0] + x, here[1] + y)
            found.append(here)
            if name == "m" and first == 0:
                start = here
    return found


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


def test_a_path_with_a_command_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' cannot be made compact"):
        compact("M 0 0 a 1 1 0 0 0 2 2")


def test_a_ring_is_cut_at_its_window() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    assert {*cut(square, (2, 20, -5, 5))} == {(2, 0), (10, 0), (10, 5), (2, 5)}
    assert cut(square, (20, 30, 0, 5)) == []
    assert path([(1.4, 2.6), (3.2, 2.6), (3.2, 0)]) == "m1 3 2 0 0-3z"
