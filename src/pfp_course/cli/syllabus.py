"""``pfp syllabus``: the chapters of the course on dates."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pfp_course.chapters import chapters
from pfp_course.cli.app import say
from pfp_course.cli.assign import chosen_chapters
from pfp_course.course import default_course
from pfp_course.errors import CourseError

__all__ = ["command"]


def command(
    start: Annotated[str, typer.Option(help="The first day, as 2027-01-18.", show_default=False)],
    weeks: Annotated[int, typer.Option(min=1, max=60, help="How many weeks.")] = 7,
    days: Annotated[str, typer.Option(help="The days of the week.")] = "mon,thu",
    chapter_numbers: Annotated[
        str,
        typer.Option("--chapters", help="Chapters, as 1-7,9. Default: all.", show_default=False),
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option("--out", help="A folder for three files. Default: show the plan here."),
    ] = None,
) -> None:
    """Plan a course: its chapters on dates, as text, calendar and table.

    The chapters are spread so that the longest week is as short as can be. With --out the plan is
    written as syllabus.md, syllabus.ics (for any calendar program) and syllabus.csv.

    Examples
    --------
        pfp syllabus --start 2027-01-18 --weeks 7 --days mon,thu

        pfp syllabus --start 2027-01-18 --chapters 1-5 --weeks 5 --days wed --out plan
    """
    from pfp_course.assignments.syllabus import as_calendar, as_csv, as_markdown, meetings, weekdays
    from pfp_course.files import write_whole

    first = _day(start)
    course, numbers = default_course(), _numbers(chapter_numbers)
    chosen = chosen_chapters(numbers, course) if chapter_numbers else chapters(course)
    plan = meetings(chosen, first, weeks, weekdays(days))
    if to is None:
        say(as_markdown(plan, course).rstrip())
        return
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{to} cannot be made ({error.strerror}). Name another.") from None
    files = {
        "syllabus.md": as_markdown(plan, course).encode(),
        "syllabus.ics": as_calendar(plan, first, course),
        # The mark tells a spreadsheet that the file is UTF-8.
        "syllabus.csv": as_csv(plan).encode("utf-8-sig"),
    }
    for name, content in files.items():
        write_whole(to / name, content)
        say(f"{to / name}")
    used = plan[-1].week
    if used < weeks:
        say(f"{len(chosen)} chapters fill {used} of {weeks} weeks; the rest is free.")


def _day(text: str) -> date:
    try:
        if len(text) != len("2027-01-18"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise CourseError(f"{text!r} is no day. Write it as 2027-01-18.") from None


def _numbers(text: str) -> list[str]:
    """Return the numbers in a text such as ``1-7,9``."""
    found: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, dash, last = part.partition("-")
        good = all(number.isdecimal() and len(number) < 4 for number in (first, last or first))
        if not good or (dash and not last):
            raise CourseError(f"{part!r} names no chapters. Write for example --chapters 1-7,9.")
        found += [str(number) for number in range(int(first), int(last or first) + 1)]
    return found
