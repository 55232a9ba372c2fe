"""What the figures draw is what the data say."""

import math
import random

import numpy as np
import pandas as pd
import pytest
from courses import COURSE
from matplotlib.axes import Axes

from pfp_course import figures
from pfp_course.data import load
from pfp_course.errors import CourseError
from pfp_course.figures.canvas import Drawing
from pfp_course.pfp.figures import _albers, _shapes


def heights(axes: Axes, line: int) -> list[float]:
    return [float(value) for value in np.asarray(axes.lines[line].get_ydata())]


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_kaplan_meier_by_hand() -> None:
    # Five states: joined after 5, 5 and 10 years; still waiting after 7 and 30.
    table = figures.survival([5, 5, 7, 10, 30], [True, True, False, True, False])
    assert table["years"].tolist() == [0, 5, 7, 10, 30]
    assert table["at_risk"].tolist() == [5, 5, 3, 2, 1]
    assert table["events"].tolist() == [0, 2, 0, 1, 0]
    assert table["share"].tolist() == pytest.approx([1, 3 / 5, 3 / 5, 3 / 10, 3 / 10])


def test_kaplan_meier_is_the_share_left_where_all_are_observed() -> None:
    chance = random.Random(3)
    waits = [chance.randint(0, 12) for _ in range(60)]
    table = figures.survival(waits, [True] * 60)
    for _, row in table[1:].iterrows():
        assert row["share"] == pytest.approx(np.mean([wait > row["years"] for wait in waits]))


@pytest.mark.parametrize("durations", [[1.0, -1.0], [1.0, None], [1.0, math.nan]])
def test_a_duration_that_is_none_is_refused(durations: list[float]) -> None:
    with pytest.raises(CourseError, match="missing or negative"):
        figures.survival(durations, [True, False])


def test_the_curve_ends_where_the_table_does() -> None:
    table = figures.survival([5, 7], [True, False])
    figure, axes = figures.kaplan_meier(
        {"all": table}, title="How long?", event="joined NATO", since="signing"
    )
    assert heights(axes, 0)[-1] == 0.5
    assert isinstance(figure, Drawing)
    assert figure.line == "share that has not joined NATO"
    assert axes.get_xlabel() == "years after signing"


def test_the_count_grows_by_one_for_each_date() -> None:
    signed = load("signatories")["signed"]
    _, axes = figures.cumulative(
        signed, title="How fast?", unit="states", marks={"1994-05-27": "Kazakhstan"}
    )
    assert max(heights(axes, 0)) == len(signed)
    assert heights(axes, 1) == [19]
    assert "Kazakhstan" in words(axes)


def test_a_timeline_names_each_event_once() -> None:
    events = load("timeline").query("date < '1994'")
    _, axes = figures.timeline(events, title="What happened?")
    assert words(axes) == list(events.sort_values("date_parsed")["event"])
    with pytest.raises(CourseError, match="no events"):
        figures.timeline(events.iloc[:0], title="What?")


def test_bars_say_their_numbers() -> None:
    _, axes = figures.bars(pd.Series({"a": 3, "b": 1.25}), title="How many?", unit="n")
    assert words(axes) == ["3.0", "1.2"]


def test_each_path_is_named_and_ends_where_the_table_says() -> None:
    table = load("signatories")
    _, axes = figures.paths(table, title="Where?", start="status_2014", end="status_2024")
    assert len(axes.patches) == len(table)
    for column in ("status_2014", "status_2024"):
        for name, count in table[column].value_counts().items():
            assert f"{name}: {count}" in words(axes)
    for name in table["country"]:
        assert words(axes).count(name) == 2
    moved = (table["status_2014"] != table["status_2024"]).sum()
    assert sum(patch.get_linewidth() > 2 for patch in axes.patches) == moved


def test_the_map_draws_every_signatory() -> None:
    drawn = {iso3 for iso3, _ in _shapes(COURSE)} | {"MLT"}
    assert set(load("signatories")["iso3"]) <= drawn
    figure, axes = figures.signature_map(title="Who?")
    assert words(axes) == ["Malta"]
    labels = [text.get_text() for text in figure.legends[0].texts]
    assert sum(int(label.split(": ")[1]) for label in labels if ": " in label) == 34


def test_the_map_of_an_earlier_day_shows_fewer() -> None:
    figure, axes = figures.signature_map(until="1994-05-27", title="Who?")
    labels = [text.get_text() for text in figure.legends[0].texts]
    assert labels == ["signed in 1994: 19", "had not signed"]
    assert words(axes) == []
    with pytest.raises(CourseError, match="1994-12-31"):
        figures.signature_map(until="May 1994", title="Who?")


def test_the_projection_keeps_areas() -> None:
    def area(west: float, south: float) -> float:
        corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
        points = [_albers(west + x / 100, south + y / 100) for x, y in corners]
        pairs = zip(points, [*points[1:], points[0]], strict=True)
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2

    for west, south in ((-10, 40), (35, 52), (75, 42), (20, 68)):
        on_the_globe = math.radians(0.01) * (
            math.sin(math.radians(south + 0.01)) - math.sin(math.radians(south))
        )
        assert area(west, south) == pytest.approx(on_the_globe, rel=1e-3)


def test_a_list_of_states_answers_in_a_notebook_and_stands_still_on_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    countries = figures.explore_country()
    chooser, card = countries.children
    assert "27 May 1994" in card.value
    chooser.value = "ROU"
    assert "26 January 1994" in card.value
    assert "A list of the signatories" in repr(countries)
    monkeypatch.setattr("pfp_course.course._static", True)
    assert "Kazakhstan" in figures.explore_country()._repr_html_()
