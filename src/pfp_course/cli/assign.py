"""``pfp assign``: chapters and banks become a zip for students and a key."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pfp_course.chapters import Chapter, chapter
from pfp_course.cli.console import counted, out, say
from pfp_course.cli.installation import need_libraries
from pfp_course.course import Course, default_course
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.assignments.assignment import AssignmentRequest

__all__ = ["app", "chosen_chapters"]

app = typer.Typer(rich_markup_mode="rich")


def _assign(request: "AssignmentRequest", course: Course, folder: Path, *, replace: bool) -> None:
    """Write the zip and the key of an assignment, and say what to do with each."""
    from pfp_course.assignments.assignment import assign
    from pfp_course.assignments.handout import until, write_assignment

    made = assign(request, course)
    with out.status("Packing the course"):
        written = write_assignment(made, folder, replace=replace)
    key = made.key
    points = sum(question.points for question in key.questions)
    lines = [
        f"{key.title}: {counted(len(key.questions), 'question')}, {points} points, "
        f"{request.mode}, until {until(request.due)}.",
        f"For students:  {written.zip}",
        f"For you alone: {written.key}  (the answers: do not hand it out)",
        *(["Both were there already, with the same content."] if written.unchanged else []),
        *_about_secrecy(request.mode, made.public_questions, made.varied, len(key.questions)),
        *_about_pages(request.mode, key.id, key.seed_by, key.seed, bool(request.banks)),
        f"When the receipts are in: pfp grade receipts/ --assignment {written.key} --out grades",
    ]
    say(*lines)


def _about_secrecy(mode: str, public: int, varied: int, count: int) -> list[str]:
    if mode == "practice":
        return []
    if not public:
        return ["The zip holds no key, hint or reply to these questions. Keep your bank secret."]
    return [
        f"Attention: these {public} questions are the course's own. The zip holds no key to them, "
        "but their keys are public with the course's source, and whoever looks there finds them. "
        f"{varied} of {count} have variants, so that neighbours can get different ones. For an "
        "examination with secret keys, write a bank of your own: --bank my-exam.yml",
    ]


def _about_pages(mode: str, name: str, seed_by: str, seed: str, own: bool) -> list[str]:
    if mode == "exam":
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


def chosen_chapters(numbers: list[str], course: Course) -> tuple[Chapter, ...]:
    """Return the chapters of these numbers, each once and in order."""
    chosen = {one.number: one for one in (chapter(number, course) for number in numbers)}
    if not chosen:
        raise CourseError("No chapter is named. Write for example: pfp assign 3 7 --due 2027-02-15")
    return tuple(chosen[number] for number in sorted(chosen))


@app.command()
def assign_command(
    chapters: Annotated[list[str], typer.Argument(help="Numbers of chapters.", show_default=False)],
    due: Annotated[
        str,
        typer.Option(
            help="The last day, as 2027-02-15 (its end in UTC), or a moment, as "
            "2027-02-15T18:00+05:00.",
            show_default=False,
        ),
    ] = "",
    title: Annotated[str, typer.Option(help="A title for students.", show_default=False)] = "",
    mode: Annotated[
        Literal["practice", "exam"],
        typer.Option(help="practice: students are told what is right. exam: they are not."),
    ] = "practice",
    seed_by: Annotated[
        Literal["student", "class"],
        typer.Option(help="Who gets the same variants: all of the class, or each their own."),
    ] = "class",
    seed: Annotated[
        str, typer.Option(help="The class's seed. Default: one made from the settings.")
    ] = "",
    bank: Annotated[
        list[Path] | None,
        typer.Option(help="A bank of your own, such as my-exam.yml. May be given again."),
    ] = None,
    to: Annotated[Path, typer.Option("--out", help="The folder for the two files.")] = Path(
        "assignments"
    ),
    target: Annotated[
        Literal["zip", "nbgrader"],
        typer.Option("--to", help="zip: a file for students. nbgrader: a source assignment."),
    ] = "zip",
    name: Annotated[
        str, typer.Option(help="With --to nbgrader: the assignment's name.", show_default=False)
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over files that are there with other content.")
    ] = False,
) -> None:
    """Set work: one zip for students, and the key for you.

    The zip holds the notebooks, the questions, the course itself and a page that tells how to
    open, answer and hand in, so that it works where nothing is published. The key stays with
    you; `pfp grade` needs it. The same command gives the same files,
    but for the day in the key, on which it was first written.

    In an exam the zip holds no key, hint or reply. But the keys to the course's own questions are
    public with its source: an exam needs a bank of your own, with --bank; it then asks the
    questions of that bank alone. Variants of the course's questions only make copying harder.

    With --to nbgrader the exercises become cells with points and hidden tests, and the open
    questions cells that you mark, in the folder source of an nbgrader course. Quizzes are not
    graded there. Grade what comes back with `pfp grade --notebooks`.

    Examples
    --------
        pfp assign 3 7 --due 2027-02-15 --title "Paths out of PfP"

        pfp assign 3 7 --due 2027-02-15 --seed-by student --out week-5

        pfp assign 3 7 --due 2027-03-01T12:00+05:00 --mode exam --bank my-exam.yml

        pfp assign 3 7 --to nbgrader --out course
    """
    from pfp_course.cli.notebooks import assign_notebooks

    if target == "nbgrader":
        if bank or seed or mode == "exam":
            raise CourseError(
                "--bank, --seed and --mode exam are for receipts, and not for --to nbgrader."
            )
        need_libraries("pfp assign --to nbgrader", "classroom", "nbformat", "nbgrader")
        assign_notebooks(chapters, name=name, due=due, folder=to)
        return
    from pfp_course.assignments.assignment import AssignmentRequest

    if not due:
        raise CourseError("Name the last day for answers, such as --due 2027-02-15.")
    course = default_course()
    request = AssignmentRequest(
        chapters=chosen_chapters(chapters, course),
        due=due,
        title=title,
        mode=mode,
        seed_by=seed_by,
        seed=seed,
        banks=tuple(bank or []),
    )
    _assign(request, course, to, replace=replace)
