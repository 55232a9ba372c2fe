"""``pfp assign``: chapters and banks become a zip for students and a key, or notebooks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

import typer

from pfp_course.chapters import Chapter, chapter
from pfp_course.cli.app import counted, out, quiet, say
from pfp_course.cli.installation import need_libraries
from pfp_course.course import Course, default_course
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.assignments.assignment import AssignmentRequest

__all__ = ["chosen_chapters", "command"]


def _assign(request: "AssignmentRequest", course: Course, folder: Path, *, replace: bool) -> None:
    """Write the zip and the key of an assignment, and say what to do with each."""
    from pfp_course.assignments.assignment import assign
    from pfp_course.assignments.handout import until, write_assignment

    made = assign(request, course)
    with out.status("Packing the course"):
        written = write_assignment(made, folder, replace=replace)
    key, count = made.key, len(made.key.questions)
    lines = [
        f"{key.title}: {counted(count, 'question')}, "
        f"{sum(question.points for question in key.questions)} points, "
        f"{request.mode}, until {until(request.due)}.",
        f"For students:  {written.zip}",
        f"For you alone: {written.key}  (the answers: do not hand it out)",
    ]
    if written.unchanged:
        lines.append("Both were there already, with the same content.")
    if request.mode == "practice":
        seed = f"seed={quote(key.seed, safe='')}" if key.seed_by == "class" else "seed-by=student"
        rest = " Your own bank is asked in the notebooks alone." if request.banks else ""
        lines.append(
            "Who works in the web book opens its chapters with this behind the address: "
            f"?assignment={key.id}&{seed}{rest}"
        )
    elif not made.public_questions:
        lines.append(
            "The zip holds no key, hint or reply to these questions. Keep your bank secret."
        )
    else:
        lines.append(
            f"Attention: these {made.public_questions} questions are the course's own. The zip "
            "holds no key to them, but their keys are public with the course's source, and whoever "
            f"looks there finds them. {made.varied} of {count} have variants, so that neighbours "
            "can get different ones. For an examination with secret keys, write a bank of your "
            "own: --bank my-exam.yml"
        )
    say(
        *lines,
        f"When the receipts are in: pfp grade receipts/ --assignment {written.key} --out grades",
    )


def _assign_notebooks(numbers: list[str], folder: Path, *, name: str, due: str) -> None:
    """Write chapters as a source assignment of an nbgrader course, and say what comes next."""
    from pfp_course.assignments.assignment import moment
    from pfp_course.code_grading.nbgrader_course import open_course, source_name, write_source

    course = default_course()
    name = name or source_name(numbers, course)
    try:
        written = write_source(numbers, folder, name, course)
        if due:
            # nbgrader keeps moments in UTC, and does not say so.
            when = moment(due).replace(tzinfo=None)
            with quiet(), open_course(folder).gradebook() as gradebook:
                gradebook.update_or_create_assignment(name, duedate=when)
    except OSError as error:
        raise CourseError(
            f"{folder} cannot be written ({error.strerror}). Name another folder with --out."
        ) from None
    for path in written:
        out.print(f"  [green]source[/] {path}", highlight=False)
    say(
        f"These files hold the answers and the tests: keep them. In {folder}, run\n"
        f"    nbgrader generate_assignment {name}\n"
        f"and give the notebooks in release/{name} to your students. Put what comes back into "
        f"submitted/STUDENT/{name}/ and run\n"
        f"    pfp grade --notebooks {folder} --assignment {name} --out grades"
    )


def chosen_chapters(numbers: list[str], course: Course) -> tuple[Chapter, ...]:
    """Return the chapters of these numbers, each once and in order."""
    chosen = {one.number: one for one in (chapter(number, course) for number in numbers)}
    if not chosen:
        raise CourseError("No chapter is named. Write for example: pfp assign 3 7 --due 2027-02-15")
    return tuple(chosen[number] for number in sorted(chosen))


def command(
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
    if target == "nbgrader":
        if bank or seed or mode == "exam":
            raise CourseError(
                "--bank, --seed and --mode exam are for receipts, and not for --to nbgrader."
            )
        need_libraries("pfp assign --to nbgrader", "classroom", "nbformat", "nbgrader")
        _assign_notebooks(chapters, to, name=name, due=due)
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
