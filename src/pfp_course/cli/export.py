"""``pfp export``: questions and pages for a school's own learning management system."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pfp_course.cli.app import counted, out, say
from pfp_course.cli.installation import need_libraries
from pfp_course.course import Course, default_course, item_name
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.export.lms.model import Package

__all__ = ["chosen", "command"]

_REPORT = "report.txt"
_LONGEST = 100  # letters of the name of a file


def command(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Numbers of chapters (3), ids of questions (3.suspended), banks of your own "
            "(my-exam.yml). Default: the whole course.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        str, typer.Option("--to", help="The format; the list is below.", show_default=False)
    ] = "",
    folder: Annotated[
        Path, typer.Option("--out", help="The folder for the files and the report.")
    ] = Path("exports"),
    address: Annotated[
        str,
        typer.Option(
            help="Where the book is published, such as https://example.org/pfp/; for links.",
            show_default=False,
        ),
    ] = "",
    pass_mark: Annotated[
        int,
        typer.Option(
            "--pass", min=0, max=100, help="The percentage that passes, for SCORM packages."
        ),
    ] = 50,
) -> None:
    r"""Write chapters, questions or a bank for a learning management system.

    \b
    --to          for
    moodle-xml    Moodle: all kinds of questions, with pictures, feedback and tags
    gift          Moodle, as a text that people can read and edit
    qti21         systems that read QTI 2.1: OpenOlat, TAO, Inspera, ILIAS and others
    qti12         Canvas, and older systems that read QTI 1.2
    cc            Common Cartridge 1.1: Canvas, Blackboard, Brightspace, Sakai, Schoology
    scorm12       any system that plays SCORM 1.2: the course's own quizzes, with a score
    scorm2004     any system that plays SCORM 2004, 4th edition

    What a format cannot say is listed, with what was done instead, here and in report.txt beside
    the files. Exercises in Python are in SCORM packages alone, for practice; pfp assign sets them.
    The same command gives the same bytes, and each question keeps its identifier.

    Examples
    --------
        pfp export --to moodle-xml 3 7 --out for-moodle

        pfp export --to qti12 --out for-canvas

        pfp export --to qti21 my-exam.yml --out exam
    """
    from pfp_course.export.lms import targets

    known = targets()
    if to not in known:
        names = ", ".join(known)
        wrong = f"There is no format {to!r}." if to else "Say for which format."
        raise CourseError(f"{wrong} Write --to and one of: {names}.")
    with out.status("Computing the questions"):
        package = replace(chosen(what or [], default_course(), address), pass_mark=pass_mark)
    target = known[to](package)
    target.check()
    if target.needs_book:
        _build(package, to)
    with out.status(f"Writing {target.title}"):
        files = target.files()
        lines = list(target.report.lines(whole=True))
    head = f"{package.title}, as {target.title}: {_size(package)}."
    written = _write(folder, files, "\n".join([head, "", *(lines or ["All is kept."])]) + "\n")
    say(head)
    for path in written:
        say(f"  {path} ({path.stat().st_size / 1000:,.0f} kB)")
    say(*(f"  {line}" for line in target.report.lines()))
    say(f"The whole report: {folder / _REPORT}" if lines else "Nothing was changed or left out.")


def _size(package: "Package") -> str:
    """Say how many questions there are, and how many variants some of them have."""
    quizzes = (quiz for section in package.sections for quiz in section.quizzes())
    sizes = [len(group) for quiz in quizzes for group in quiz.groups]
    drawn = [size for size in sizes if size > 1]
    variants = f", {len(drawn)} of them in {sum(drawn)} variants" if drawn else ""
    return f"{counted(len(sizes), 'question')}{variants}"


def _build(package: "Package", to: str) -> None:
    """Build the book, if it is not built from its sources as they are now."""
    root = package.course.root
    need_libraries(f"pfp export --to {to}", "book", "jupyter_book", "sphinx", clone=root)
    from pfp_course.cli.build import build, is_current

    if not is_current(root) and not is_current(root, package.address):
        say("The packages are made of the built book, which is missing or out of date.")
        build(root, fresh=False)


def chosen(what: Sequence[str], course: Course, address: str = "") -> "Package":
    """Return what was named on the command line as a package.

    Raises
    ------
    CourseError
        If a chapter, question or bank is unknown or cannot be read.
    """
    from pfp_course.chapters import chapter, chapters
    from pfp_course.export.lms.model import Package, of_bank, of_chapter, safe_name

    names = list(dict.fromkeys(_normal(name) for name in what))
    address = _whole_address(address)
    if not names:
        whole = tuple(of_chapter(one, course) for one in chapters(course))
        return Package(course.slug, course.title, course, whole, address)
    banks = [Path(name) for name in names if _is_bank(name)]
    wanted: dict[str, set[str]] = {}
    whole_chapters = {name for name in names if "." not in name}
    for name in sorted(name for name in names if not _is_bank(name)):
        number, point, _ = name.partition(".")
        wanted.setdefault(number, set()).update([name] if point else [])
    sections = [
        of_chapter(
            chapter(number, course), course, () if number in whole_chapters else wanted[number]
        )
        for number in wanted
    ]
    sections += [of_bank(path, course) for path in banks]
    if len({section.identifier for section in sections}) < len(sections):
        raise CourseError("Two of the banks have the same name. Export them one by one.")
    titles = [section.title for section in sections]
    title = f"{course.short_title}: {', '.join(titles)}" if len(titles) < 4 else course.title
    parts = [safe_name(Path(name).stem if _is_bank(name) else name.lstrip("0")) for name in names]
    file = f"{course.slug}-{'-'.join(parts)}"[:_LONGEST].rstrip("-.")
    return Package(file, title, course, tuple(sections), address)


def _is_bank(name: str) -> bool:
    return name.lower().endswith((".yml", ".yaml"))


def _normal(name: str) -> str:
    if name.lower().endswith(".json"):
        raise CourseError(
            f"{name} is a file of released questions: it holds no key, and no system could mark "
            "it. Export the bank that it was made from, such as my-exam.yml."
        )
    return name if _is_bank(name) else item_name(name) or name


def _whole_address(address: str) -> str:
    if address and not re.match(r"https?://[^\s<>\"']+$", address):
        raise CourseError(
            f"{address!r} is no address of a book. Write it whole: https://example.org/pfp/"
        )
    return address and address.rstrip("/") + "/"


def _write(folder: Path, files: dict[str, bytes], report: str) -> list[Path]:
    """Write the files and the report into a folder, each whole."""
    from pfp_course.files import write_whole

    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file. Name a folder with --out.")
    for name, content in {**files, _REPORT: report.encode()}.items():
        write_whole(folder / name, content)
    return [folder / name for name in files]
