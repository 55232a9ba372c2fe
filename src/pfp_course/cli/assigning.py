"""``pfp assign``, ``pfp syllabus`` and ``pfp submit``: what is handed out, when, and handed in."""

from datetime import date
from enum import StrEnum
from pathlib import Path

from rich.console import Console

from pfp_course.chapters import Chapter, chapter, chapters
from pfp_course.errors import CourseError

__all__ = ["Mode", "SeedBy", "Target", "assign", "submit", "syllabus"]


class Mode(StrEnum):
    """Whether students are told at once what is right."""

    practice = "practice"
    exam = "exam"


class Target(StrEnum):
    """What work is set with."""

    zip = "zip"
    nbgrader = "nbgrader"


class SeedBy(StrEnum):
    """What decides on the variants of questions."""

    student = "student"
    class_ = "class"


def assign(
    console: Console,
    numbers: list[str],
    *,
    due: str,
    title: str,
    mode: Mode,
    seed_by: SeedBy,
    seed: str,
    banks: list[Path],
    out: Path,
    replace: bool,
) -> None:
    """Write the zip and the key of an assignment, and say what to do with each."""
    from pfp_course.classroom.assigning import Wish
    from pfp_course.classroom.assigning import assign as assigned
    from pfp_course.classroom.handout import write_assignment
    from pfp_course.classroom.readme import until

    if not due:
        raise CourseError("Name the last day for answers, such as --due 2027-02-15.")
    wish = Wish(
        chapters=_chapters(numbers),
        due=due,
        title=title,
        mode=mode.value,
        seed_by=seed_by.value,
        seed=seed,
        banks=tuple(banks),
    )
    made = assigned(wish)
    with console.status("Packing the course"):
        written = write_assignment(made, out, replace=replace)
    key = made.key
    count = f"{len(key.questions)} {'question' if len(key.questions) == 1 else 'questions'}"
    points = sum(question.points for question in key.questions)
    lines = [
        f"{key.title}: {count}, {points} points, {mode.value}, until {until(due)}.",
        f"For students:  {written.zip}",
        f"For you alone: {written.key}  (the answers: do not hand it out)",
        *(["Both were there already, with the same content."] if written.unchanged else []),
        *_about_secrecy(mode, made.public_questions, made.varied, len(key.questions)),
        *_about_pages(mode, key.id, key.seed_by, key.seed, bool(banks)),
        f"When the receipts are in: pfp grade receipts/ --assignment {written.key} --out grades",
    ]
    _say(console, *lines)


def _about_secrecy(mode: Mode, public: int, varied: int, count: int) -> list[str]:
    if mode is Mode.practice:
        return []
    if not public:
        return ["The zip holds no key, hint or reply to these questions. Keep your bank secret."]
    return [
        f"Attention: these {public} questions are the course's own. The zip holds no key to them, "
        "but their keys are public with the course's source, and whoever looks there finds them. "
        f"{varied} of {count} have variants, so that neighbours can get different ones. For an "
        "examination with secret keys, write a bank of your own: --bank my-exam.yml",
    ]


def _about_pages(mode: Mode, name: str, seed_by: str, seed: str, own: bool) -> list[str]:
    if mode is Mode.exam:
        return []
    tail = f"&seed={_in_address(seed)}" if seed_by == "class" else "&seed-by=student"
    rest = " Your own bank is asked in the notebooks alone." if own else ""
    return [
        "Who works in the web book opens its chapters with this behind the address: "
        f"?assignment={name}{tail}{rest}"
    ]


def _in_address(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def syllabus(
    console: Console, *, start: str, weeks: int, days: str, numbers: str, out: Path | None
) -> None:
    """Show a plan of the course with dates, or write it as text, calendar and table."""
    from pfp_course.classroom.syllabus import (
        as_calendar,
        as_csv,
        as_markdown,
        meetings,
        weekdays,
    )
    from pfp_course.files import write_whole

    first = _day(start)
    chosen = _chapters(_numbers(numbers)) if numbers else chapters()
    plan = meetings(chosen, first, weeks, weekdays(days))
    if out is None:
        _say(console, as_markdown(plan).rstrip())
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{out} cannot be made ({error.strerror}). Name another.") from None
    files = {
        "syllabus.md": as_markdown(plan).encode(),
        "syllabus.ics": as_calendar(plan, first),
        # The mark tells a spreadsheet that the file is UTF-8.
        "syllabus.csv": as_csv(plan).encode("utf-8-sig"),
    }
    for name, content in files.items():
        write_whole(out / name, content)
        _say(console, f"{out / name}")
    used = plan[-1].week
    if used < weeks:
        _say(console, f"{len(chosen)} chapters fill {used} of {weeks} weeks; the rest is free.")


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


def _chapters(numbers: list[str]) -> tuple[Chapter, ...]:
    chosen = {found.number: found for found in map(chapter, numbers)}
    if not chosen:
        raise CourseError("No chapter is named. Write for example: pfp assign 3 7 --due 2027-02-15")
    return tuple(chosen[number] for number in sorted(chosen))


def submit(console: Console, folder: Path, name: str) -> None:
    """Write a receipt from a folder, and say where it is and what it holds."""
    from pfp_course.classroom.handin import EXPLAIN, hand_in

    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder}. Name the one in which you worked.")
    _say(console, str(hand_in(folder, name)), EXPLAIN)


def _say(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
