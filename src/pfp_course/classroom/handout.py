"""What an assignment writes: one zip for students, and the key for the instructor."""

import json
from dataclasses import dataclass
from pathlib import Path

from pfp_course.classroom.assigning import Assignment
from pfp_course.classroom.readme import readme
from pfp_course.classroom.requirements import requirements_text
from pfp_course.classroom.wheel import course_wheel
from pfp_course.classroom.worksheets import question_sheet, with_hand_in, without_questions
from pfp_course.content import bank_path, data_dir, notebooks_dir
from pfp_course.errors import CourseError
from pfp_course.files import packed, write_whole
from pfp_course.questions.assigned import ASSIGNMENT, Assigned

__all__ = ["Written", "handout", "write_assignment"]

EXAM_SHEET = "exam.ipynb"
_DICTIONARY = "datapackage.json"

_HAND_IN = (
    "When you have answered what you can, write your name or id below and press the button. It "
    "writes one small file, the receipt, into the folder of this notebook. Give that file to your "
    "teacher. You may press the button again after you have changed an answer: the file is "
    "written anew."
)
_EXAM = (
    "Choose *Run*, *Run All Cells* in the menu. If a form asks for your name or id, write it "
    "first. Press *Save* under each question: your answer is then kept on this computer, and you "
    "can change it until you hand in. Nobody tells you here what is right."
)
_OWN = (
    "Choose *Run*, *Run All Cells* in the menu, and answer. Your answers are kept beside this "
    "notebook."
)


@dataclass(frozen=True)
class Written:
    """The files of an assignment, and whether each was there already with the same content."""

    zip: Path
    key: Path
    unchanged: bool


def handout(assignment: Assignment) -> dict[str, bytes]:
    """Return the files for students, by their names in the zip.

    Raises
    ------
    CourseError
        If two files have one name, or the course's wheel cannot be made.
    """
    exam = assignment.wish.mode == "exam"
    wheel, content = course_wheel(exam=exam)
    parts = [
        *_notebooks(assignment),
        *_sheets(assignment),
        *([] if exam else _reading(assignment)),
        (ASSIGNMENT, _assigned(assignment)),
        ("requirements.txt", requirements_text(wheel).encode()),
        (wheel, content),
    ]
    parts.append(("README.html", readme(assignment, [name for name, _ in parts]).encode()))
    return _apart(parts)


def _apart(parts: list[tuple[str, bytes]]) -> dict[str, bytes]:
    # Windows and macOS take names for one that differ in case alone.
    names = [name.casefold() for name, _ in parts]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise CourseError(f"Two files of the zip would be named {double}. Rename your bank.")
    return dict(parts)


def _notebooks(assignment: Assignment) -> list[tuple[str, bytes]]:
    exam = assignment.wish.mode == "exam"
    found = []
    for chapter in assignment.wish.chapters:
        raw = chapter.notebook.read_bytes()
        content = without_questions(raw) if exam else with_hand_in(raw, _HAND_IN)
        found.append((chapter.notebook.name, content))
    # The templates belong to the last chapter, in which students write a paper of their own.
    last = max(notebooks_dir().glob("[0-9][0-9]-*.ipynb"))
    if last in [chapter.notebook for chapter in assignment.wish.chapters]:
        templates = sorted((notebooks_dir() / "templates").glob("*.ipynb"))
        found += [(path.name, path.read_bytes()) for path in templates]
    return found


def _sheets(assignment: Assignment) -> list[tuple[str, bytes]]:
    """Return the files of questions that lie beside the notebooks, and a notebook for them."""
    files = [sheet for sheet in assignment.sheets if sheet.text]
    if not files:
        return []
    exam = assignment.wish.mode == "exam"
    name = EXAM_SHEET if exam else "questions.ipynb"
    quizzes = [(sheet.bank.title, sheet.name) for sheet in files]
    notebook = question_sheet(assignment.key.title, _EXAM if exam else _OWN, quizzes, _HAND_IN)
    return [(name, notebook), *((sheet.name, sheet.text.encode()) for sheet in files)]


def _reading(assignment: Assignment) -> list[tuple[str, bytes]]:
    """Return the tables and banks of the chapters, to be read; the wheel holds them, too."""
    chapters = assignment.wish.chapters
    tables = sorted({f"{name}.csv" for chapter in chapters for name in chapter.data})
    found = [(f"data/{name}", (data_dir() / name).read_bytes()) for name in [*tables, _DICTIONARY]]
    return found + [
        (f"data/questions/{chapter.number}.yml", bank_path(chapter.number).read_bytes())
        for chapter in chapters
    ]


def _assigned(assignment: Assignment) -> bytes:
    key = assignment.key
    shown = Assigned(
        format="pfp-course/assignment",
        version=1,
        id=key.id,
        title=key.title,
        due=key.due,
        mode=key.mode,
        seed_by=key.seed_by,
        seed=key.seed,
        banks=key.banks,
        questions=[question.id for question in key.questions],
    )
    return _json(shown.model_dump())


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def write_assignment(assignment: Assignment, folder: Path, *, replace: bool = False) -> Written:
    """Write the zip for students and the key for the instructor into a folder.

    Raises
    ------
    CourseError
        If a file cannot be written, or one with other content is there and ``replace`` is false.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{folder} cannot be made ({error.strerror}). Name another.") from None
    files = {
        folder / f"{assignment.name}.zip": packed(handout(assignment)),
        folder / f"{assignment.name}.key.json": _json(assignment.key.model_dump()),
    }
    fresh = {path: content for path, content in files.items() if _known(path) != content}
    taken = [path for path in fresh if path.exists()]
    if taken and not replace:
        raise CourseError(
            f"{' and '.join(map(str, taken))} {'is' if len(taken) == 1 else 'are'} there already, "
            "with other content: students may have it. Write into another folder with --out, or "
            "say --replace."
        )
    for path, content in fresh.items():
        write_whole(path, content)
    zipped, key = files
    return Written(zipped, key, not fresh)


def _known(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
