"""A course's dates: the chapters spread over weeks and days, as text, calendar and table."""

import csv
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from pfp_course import __version__
from pfp_course.chapters import Chapter, spread
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.files import safe_cell

__all__ = ["DAYS", "Meeting", "as_calendar", "as_csv", "as_markdown", "meetings", "weekdays"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "pfp-course/syllabus")


@dataclass(frozen=True)
class Meeting:
    """A day of the course, and the chapters that are read for it."""

    week: int
    day: date
    chapters: tuple[Chapter, ...]

    @property
    def weekday(self) -> str:
        """The day's name."""
        return _WEEKDAYS[self.day.weekday()]

    @property
    def minutes(self) -> int:
        """The time to plan for."""
        return sum(chapter.minutes for chapter in self.chapters)


def weekdays(text: str) -> tuple[int, ...]:
    """Return the days in a text such as ``mon,thu`` as numbers from 0 (Monday), in their order.

    Raises
    ------
    CourseError
        If one is no day of the week.
    """
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name[:3] not in DAYS]
    if wrong or not names:
        raise CourseError(
            f"{wrong[0] if wrong else text!r} is no day of the week. Write for example "
            f"--days mon,thu. The days are: {', '.join(DAYS)}."
        )
    return tuple(sorted({DAYS.index(name[:3]) for name in names}))


def meetings(
    chapters: Sequence[Chapter], start: date, weeks: int, days: Sequence[int]
) -> list[Meeting]:
    """Spread chapters in their order over weeks, and within a week over its days.

    ``start`` is the first day of the course; a week is seven days from it, whatever day it is.
    ``days`` are the days of the week on which the course meets, as numbers from 0 (Monday). The
    meetings come in the order of their days. Where a week has fewer chapters than days, its last
    days are free.

    Raises
    ------
    CourseError
        If there are no weeks.
    """
    found = []
    for number, week in enumerate(spread(chapters, weeks)):
        begin = start + timedelta(weeks=number)
        dates = sorted(begin + timedelta((day - begin.weekday()) % 7) for day in days)
        parts = spread(week, len(dates))
        found += [Meeting(number + 1, day, part) for day, part in zip(dates, parts, strict=False)]
    return found


def as_markdown(plan: Sequence[Meeting], course: Course) -> str:
    """Return the plan as a text in Markdown: a table of days, and what each chapter teaches."""
    lines = [
        f"# {course.short_title}: syllabus",
        "",
        f"From {plan[0].day.isoformat()} to {plan[-1].day.isoformat()}, "
        f"about {sum(meeting.minutes for meeting in plan) / 60:.0f} hours of work.",
        "",
        "| Week | Day | Chapters | Time |",
        "| ---: | --- | --- | ---: |",
    ]
    for meeting in plan:
        titles = "; ".join(chapter.heading for chapter in meeting.chapters)
        day = f"{meeting.weekday}, {meeting.day.isoformat()}"
        lines.append(f"| {meeting.week} | {day} | {titles} | {meeting.minutes} min |")
    lines += ["", "## What you can do after each chapter"]
    for chapter in (chapter for meeting in plan for chapter in meeting.chapters):
        lines += ["", f"### {chapter.heading}", "", chapter.promise, ""]
        lines += [f"- {name}: {text}" for name, text in chapter.objectives.items()]
    return "\n".join(lines) + "\n"


def as_csv(plan: Sequence[Meeting]) -> str:
    """Return the plan as a table, one row a chapter; no cell is a formula to a spreadsheet."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["week", "date", "weekday", "chapter", "title", "minutes", "needs"])
    for meeting in plan:
        for chapter in meeting.chapters:
            needs = " ".join(str(int(number)) for number in chapter.needs)
            day = (meeting.week, meeting.day.isoformat(), meeting.weekday)
            title = safe_cell(chapter.title)
            rows.writerow([*day, int(chapter.number), title, chapter.minutes, needs])
    return text.getvalue()


def as_calendar(plan: Sequence[Meeting], start: date, course: Course) -> bytes:
    """Return the plan as a calendar (RFC 5545), a whole day for each chapter.

    The same plan gives the same bytes. An event keeps its id when the plan of a course that
    begins on the same day changes, so that a calendar moves it and has it once.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{course.short_title}//pfp-course {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", course.short_title)
    for meeting in plan:
        for chapter in meeting.chapters:
            calendar.add_component(_event(course, meeting, chapter, start))
    return bytes(calendar.to_ical())


def _event(course: Course, meeting: Meeting, chapter: Chapter, start: date) -> Event:
    event = Event()
    name = f"{course.slug}/{start.isoformat()}/{chapter.number}"
    event.add("uid", f"{uuid.uuid5(_NAMESPACE, name)}@pfp-course")
    # The moment of making would differ each time.
    event.add("dtstamp", datetime.combine(start, time(), UTC))
    event.add("dtstart", meeting.day)
    event.add("dtend", meeting.day + timedelta(days=1))
    event.add("summary", f"{course.short_title}: {chapter.heading}")
    objectives = [f"{name}: {text}" for name, text in chapter.objectives.items()]
    time_needed = f"Time: about {chapter.minutes} minutes."
    event.add("description", "\n".join([chapter.promise, time_needed, *objectives]))
    event.add("categories", [course.short_title])
    event.add("transp", "TRANSPARENT")
    return event
