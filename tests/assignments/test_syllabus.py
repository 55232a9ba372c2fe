"""A plan with dates: every chapter once, in order, as a calendar that other programs read."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from courses import COURSE
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from pfp_course.assignments.syllabus import (
    Meeting,
    as_calendar,
    as_csv,
    as_markdown,
    meetings,
    weekdays,
)
from pfp_course.chapters import Chapter, chapter, chapters
from pfp_course.errors import CourseError

START = date(2027, 1, 18)  # a Monday
PLAN = meetings(chapters(COURSE), START, 7, weekdays("mon,thu"))


def held(plan: Sequence[Meeting]) -> list[Chapter]:
    return [one for meeting in plan for one in meeting.chapters]


def test_seven_weeks_of_two_days_hold_the_fourteen_chapters() -> None:
    assert held(PLAN) == list(chapters(COURSE))
    assert [one.day for one in PLAN][:3] == [START, date(2027, 1, 21), date(2027, 1, 25)]
    assert [one.week for one in PLAN] == [week for week in range(1, 8) for _ in "ab"]
    assert {one.weekday for one in PLAN} == {"Monday", "Thursday"}


@given(
    count=st.integers(1, 14),
    start=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    weeks=st.integers(1, 20),
    days=st.sets(st.integers(0, 6), min_size=1),
)
def test_every_chapter_has_one_day_in_order_in_its_week(
    count: int, start: date, weeks: int, days: set[int]
) -> None:
    plan = meetings(chapters(COURSE)[:count], start, weeks, sorted(days))
    assert held(plan) == list(chapters(COURSE)[:count])
    dates = [one.day for one in plan]
    assert dates == sorted(set(dates))
    for one in plan:
        assert one.day.weekday() in days
        assert timedelta(0) <= one.day - start < timedelta(weeks=weeks)
        assert (one.day - start).days // 7 == one.week - 1


def test_the_calendar_is_read_by_a_library_as_it_was_meant() -> None:
    raw = as_calendar(PLAN, START, COURSE)
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    calendar = Calendar.from_ical(raw)
    events = calendar.walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == [
        f"Partnership for Peace: {one.heading}" for one in chapters(COURSE)
    ]
    for event, meeting in zip(events, PLAN, strict=True):
        (one,) = meeting.chapters
        assert event.decoded("DTSTART") == meeting.day
        assert event.decoded("DTEND") == meeting.day + timedelta(days=1)
        described = str(event["DESCRIPTION"])
        assert described.split("\n")[0] == one.promise
        assert all(text in described for text in one.objectives.values())
        assert not event.errors
    # What RFC 5545 escapes came back whole: commas, semicolons, line ends.
    assert "\\," in raw.decode()
    assert len({str(one["UID"]) for one in events}) == len(events)


def test_the_same_plan_gives_the_same_bytes_and_a_changed_one_the_same_ids() -> None:
    again = meetings(chapters(COURSE), START, 7, weekdays("Monday, thursday"))
    assert as_calendar(again, START, COURSE) == as_calendar(PLAN, START, COURSE)
    changed = meetings(chapters(COURSE), START, 14, weekdays("fri"))
    ids = [
        [
            str(one["UID"])
            for one in Calendar.from_ical(as_calendar(plan, START, COURSE)).walk("VEVENT")
        ]
        for plan in (PLAN, changed)
    ]
    assert ids[0] == ids[1]
    other = Calendar.from_ical(as_calendar(PLAN, date(2028, 1, 18), COURSE)).walk("VEVENT")
    assert not {str(one["UID"]) for one in other} & set(ids[0])


def test_text_and_table_hold_the_chapters_own_minutes_and_titles() -> None:
    text = as_markdown(PLAN, COURSE)
    rows = list(csv.DictReader(io.StringIO(as_csv(PLAN))))
    assert len(rows) == len(chapters(COURSE))
    for one, row in zip(chapters(COURSE), rows, strict=True):
        assert (row["title"], int(row["minutes"])) == (one.title, one.minutes)
        assert f"| {one.heading} | {one.minutes} min |" in text
        assert all(f"- {name}: {said}" in text for name, said in one.objectives.items())
    assert rows[2] == {
        "week": "2",
        "date": "2027-01-25",
        "weekday": "Monday",
        "chapter": "3",
        "title": chapter("3", COURSE).title,
        "minutes": str(chapter("3", COURSE).minutes),
        "needs": "1 2",
    }


@pytest.mark.parametrize("title", ["=1+1", '=HYPERLINK("x")', "@SUM(A1)", " +1", "a;=1+1"])
def test_a_title_in_the_table_is_no_formula(title: str) -> None:
    plan = meetings([replace(chapter("3", COURSE), title=title)], START, 1, [0])
    (row,) = csv.DictReader(io.StringIO(as_csv(plan)))
    assert row["title"] != title
    assert row["title"].replace("'", "") == title
    assert not row["title"].strip().startswith(("=", "+", "-", "@"))


def test_text_and_calendar_bear_the_name_of_their_course(tmp_path: Path) -> None:
    other = replace(COURSE, root=tmp_path, short_title="Sums", slug="sums")
    assert as_markdown(PLAN, other).startswith("# Sums: syllabus\n")
    mine, theirs = (
        Calendar.from_ical(as_calendar(PLAN, START, course)) for course in (COURSE, other)
    )
    assert theirs["X-WR-CALNAME"] == "Sums"
    assert str(theirs.walk("VEVENT")[0]["SUMMARY"]).startswith("Sums: ")
    ids = [{str(event["UID"]) for event in one.walk("VEVENT")} for one in (mine, theirs)]
    assert not ids[0] & ids[1], "two courses may begin on one day"


@pytest.mark.parametrize("text", ["", "foo", "mon,foo", ",", "m"])
def test_a_day_that_is_none_is_named(text: str) -> None:
    with pytest.raises(CourseError, match="no day of the week"):
        weekdays(text)
