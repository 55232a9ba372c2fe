"""Plans of study: nothing is lost, the order stays, and no week is longer than it must be."""

from dataclasses import replace

import pytest
from courses import COURSE
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.chapters import WORKSHOP, Chapter, chapters, day, spread
from pfp_course.errors import CourseError

ONE = chapters(COURSE)[0]


def made(minutes: list[int]) -> list[Chapter]:
    return [replace(ONE, number=f"{n:02d}", minutes=length) for n, length in enumerate(minutes)]


@given(st.lists(st.integers(45, 90), max_size=9), st.integers(1, 16))
def test_a_plan_holds_every_chapter_once_and_in_order(minutes: list[int], weeks: int) -> None:
    listed = made(minutes)
    plan = spread(listed, weeks)
    assert [chapter for week in plan for chapter in week] == listed
    assert all(plan)
    assert len(plan) == min(weeks, len(listed))


def test_weeks_are_as_even_as_they_can_be() -> None:
    assert [len(week) for week in spread(made([60] * 14), 7)] == [2] * 7
    assert [len(week) for week in spread(made([90, 45, 45, 90]), 3)] == [1, 2, 1]
    with pytest.raises(CourseError, match="one week or more"):
        spread(made([60]), 0)


def test_the_day_needs_no_chapter_that_is_not_in_it_or_comes_later() -> None:
    needs = {chapter.number: set(chapter.needs) for chapter in chapters(COURSE)}
    for place, number in enumerate(WORKSHOP):
        assert needs[number] <= set(WORKSHOP[:place])


def test_a_day_has_one_lunch_and_pauses_and_ends_when_its_chapters_do() -> None:
    slots = day(made([80, 80, 75]))
    assert [slot.pause for slot in slots] == ["", "Pause", "", "Lunch", ""]
    assert [slot.begin for slot in slots] == ["09:00", "10:20", "10:35", "11:55", "12:55"]
    assert slots[-1].end == "14:10"
    assert day([]) == []
