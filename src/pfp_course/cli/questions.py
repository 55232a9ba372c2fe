"""``pfp questions``: begin, check, look at and take over banks of questions."""

import json
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated, Literal

import typer

from pfp_course import __version__
from pfp_course.cli.app import OpenPage, counted, say
from pfp_course.course import default_course
from pfp_course.errors import CourseError

__all__ = ["app"]

app = typer.Typer(
    help="Begin, check, look at and take over banks of questions.", no_args_is_help=True
)
_LARGEST = 5_000_000  # bytes of a file to take over
_BY_ENDING = {".json": "jupyterquiz", ".xml": "moodle-xml"}
Bank = Annotated[Path, typer.Argument(help="A question bank, such as 07.yml.")]
Banks = Annotated[
    list[Path] | None,
    typer.Argument(help="Banks; those of the course if none is named.", show_default=False),
]
Chapter = Annotated[str, typer.Option(help="Two digits; every id begins with them.", metavar="NN")]


@app.command()
def new(
    path: Bank,
    chapter: Chapter = "",
    title: Annotated[str, typer.Option(help="Title of the chapter.")] = "My chapter",
) -> None:
    """Write a new bank with a working example of each kind, and a schema beside it.

    The comments in it say what each field is for. An editor that knows the schema completes and
    checks the fields. A file that is already there is never written over.

    Examples
    --------
        pfp questions new 07.yml --title "The Black Sea"
    """
    from pfp_course.questions.authoring import new_bank_text

    _write(path, new_bank_text(_chapter(chapter, path), title, path.name))
    schema(path.with_name("bank.schema.json"))
    say(f"{path} is ready. Edit it, then: pfp questions check {path}")


@app.command()
def check(
    banks: Banks = None,
) -> None:
    """List every problem of banks at once, each with file, line, question and mend.

    Keys are computed from the data, so that a key and the data cannot disagree; a wrong choice
    that counts as right is found, and so is one that does not say why it is wrong.

    A bank in which the right choice is often the longest or the shortest, or stands mostly at one
    position, gets a warning: a student could learn that and not the subject. A warning is no
    problem.
    """
    from pfp_course.questions import bank_cues, check_bank

    course = default_course()
    chosen = list(banks or sorted(course.questions.glob("*.yml")))
    problems, warnings = [], list[str]()
    for bank in chosen:
        found = check_bank(bank, course)
        problems += found
        warnings += [] if found else bank_cues(bank, course)
    for problem in problems:
        say(str(problem))
    for warning in warnings:
        say(f"Warning: {warning}")
    verdict = "ok" if not problems else f"{len(problems)} to mend"
    say(f"{counted(len(chosen), 'bank')}: {verdict}")
    if problems:
        raise typer.Exit(1)


@app.command()
def preview(
    bank: Bank,
    question: Annotated[str, typer.Option("--id", help="Only this question.")] = "",
    seed: Annotated[str, typer.Option(help="The seed that draws variants and orders.")] = "",
    to: Annotated[
        Path | None, typer.Option(help="Where the page goes. Default: a temporary folder.")
    ] = None,
    open_page: OpenPage = True,
) -> None:
    """Show the questions of a bank in the browser, as a student sees them.

    Examples
    --------
        pfp questions preview 07.yml --id 07.first-signature
    """
    from pfp_course.questions import read_bank
    from pfp_course.questions.authoring import preview_page
    from pfp_course.questions.spec import public

    read = read_bank(bank, default_course())
    wanted = [one for one in read.questions if question in ("", one.id)]
    if not wanted:
        known = ", ".join(one.id for one in read.questions)
        raise CourseError(f"There is no question {question!r} in {bank}. There are: {known}.")
    spec = {
        "id": read.chapter,
        "title": f"Preview: {read.title}",
        "course": __version__,
        "seed": seed,
        "questions": [public(one, seed) for one in wanted],
    }
    page = to or Path(tempfile.mkdtemp(prefix="pfp-preview-")) / "preview.html"
    _write(page, preview_page(spec), "w")
    say(f"The preview is {page}")
    if open_page:
        webbrowser.open(page.resolve().as_uri())


@app.command("import")
def import_bank(
    source: Annotated[Path, typer.Argument(help="A file of another tool.")],
    to: Annotated[Path, typer.Option(help="The bank to write, such as 07.yml.")],
    form: Annotated[
        Literal["gift", "jupyterquiz", "moodle-xml"] | None,
        typer.Option(
            "--from",
            help="Its format. Default: .json is jupyterquiz, .xml is moodle-xml, else gift.",
        ),
    ] = None,
    chapter: Chapter = "",
    title: Annotated[str, typer.Option(help="Title of the chapter.")] = "Imported questions",
) -> None:
    """Take over questions of jupyterquiz (JSON) or of Moodle (GIFT or XML).

    A question is taken over as it is, or it is named with its line and the reason. What a
    question loses on the way (a colour, a picture that the file does not hold) is named, too. A
    picture beside the file is copied beside the bank. The report ends with what the questions
    still lack: most tools do not ask an author to say why a choice is wrong, and this one does.

    GIFT: single and multiple choice with any weights, true or false, short text, numbers and
    ranges, matching, essays, missing words, several gaps, embedded answers (Cloze); HTML,
    Markdown and formulas in texts. The encoding is found out: UTF-8, UTF-16, Windows-1251 and
    others.

    Moodle XML: the same, and ordering, units, hints, points, and the pictures in the file. Not
    taken over are markers on pictures and calculated questions.

    Examples
    --------
        pfp questions import old-quiz.json --to 07.yml

        pfp questions import questions.xml --to 09.yml

        pfp questions import moodle.gift --to 08.yml
    """
    from pfp_course.questions.authoring import (
        bank_text,
        decoded,
        new_bank,
        read_gift,
        read_jupyterquiz,
        read_moodle_xml,
    )

    try:
        raw = source.read_bytes()
    except OSError as error:
        reason = error.strerror or "it is no file"
        raise CourseError(f"{source} cannot be read ({reason}). Check its name.") from None
    if len(raw) > _LARGEST:
        raise CourseError(f"{source} is larger than {_LARGEST // 1_000_000} MB. Split it.")
    number = _chapter(chapter, to)
    guessed = form or _BY_ENDING.get(source.suffix.lower(), "gift")
    readers = {"gift": read_gift, "jupyterquiz": read_jupyterquiz, "moodle-xml": read_moodle_xml}
    try:
        text, encoding = decoded(raw)
        taken = readers[guessed](text, default_course())
    except CourseError as error:
        raise CourseError(f"{source}: {error}") from None
    if encoding:
        say(f"{source}: it is no UTF-8, and was read as {encoding}. Look at its letters.")
    for note in (*taken.left, *taken.lost):
        say(f"{source}:{note}" if note.line else f"{source}: {note}")
    if not taken.questions:
        raise CourseError(f"{source}: none of its questions could be taken over.")
    bank = new_bank(number, title, taken.questions)
    _write(to, bank_text(bank, to.name))
    for name, content in taken.pictures.items():
        _lay_beside(to.with_name(name), content, source.with_name(name))
    say(f"{len(taken.questions)} taken over, {len(taken.left)} left out. What {to} still needs:")
    check([to])


def _lay_beside(path: Path, content: bytes | None, original: Path) -> None:
    """Write a picture beside a bank, if it is to be had and not there yet."""
    if path.exists():
        return
    try:
        found = content if content is not None else original.read_bytes()
    except OSError:
        return  # the check of the bank says that it is missing
    try:
        path.write_bytes(found)
    except OSError as error:
        raise CourseError(f"{path} cannot be written ({error.strerror}).") from None


@app.command()
def release(
    bank: Bank,
    to: Annotated[Path, typer.Option(help="The file for students, such as exam.json.")],
) -> None:
    """Write a bank for an exam: without keys, hints and feedback, in any form.

    Students ask it in a notebook with quiz("exam.json"); their answers are saved, and nobody
    is told what is right. Keep the bank itself to mark them. The course's own banks are public
    with its source, so an exam needs a bank of your own.

    Examples
    --------
        pfp questions release my-exam.yml --to exam.json
    """
    from pfp_course.questions import check_bank, read_bank
    from pfp_course.questions.bank import release as released

    course = default_course()
    if problems := check_bank(bank, course):
        raise CourseError("\n".join(str(problem) for problem in problems))
    _write(to, released(read_bank(bank, course)))
    say(f"{to} is ready for students. It holds no key.")


@app.command()
def answers(
    banks: Banks = None,
    to: Annotated[Path, typer.Option(help="The page to write.")] = Path("answers.html"),
) -> None:
    """Write the answer key: every right answer, and what a wrong one is told, on one page.

    Examples
    --------
        pfp questions answers --to answers.html

        pfp questions answers my-exam.yml --to my-answers.html
    """
    from pfp_course.questions import read_bank
    from pfp_course.questions.authoring import answer_key

    course = default_course()
    chosen = list(banks or sorted(course.questions.glob("*.yml")))
    _write(to, answer_key([read_bank(bank, course) for bank in chosen]))
    say(f"{to} holds the answers of {counted(len(chosen), 'bank')}.")


@app.command()
def schema(
    to: Annotated[
        Path | None, typer.Argument(help="Where it goes. Default: it is printed.")
    ] = None,
) -> None:
    """Write the JSON Schema of banks, with which an editor completes and checks them."""
    from pfp_course.questions.authoring import bank_schema

    text = json.dumps(bank_schema(), indent=1, ensure_ascii=False) + "\n"
    if to is None:
        typer.echo(text, nl=False)
    else:
        _write(to, text, "w")


def _chapter(given: str, path: Path) -> str:
    chapter = given or path.stem[:2]
    if len(chapter) != 2 or not chapter.isdigit():
        raise CourseError(
            f"The chapter is {chapter!r}, which is no number of two digits. "
            "Name the file 07.yml, or say --chapter 07."
        )
    return chapter


def _write(path: Path, text: str, mode: Literal["w", "x"] = "x") -> None:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CourseError(f"{path} is already there. Name another file, or move it.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be written ({error.strerror}). Name another.") from None
