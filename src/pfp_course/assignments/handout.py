"""What an assignment writes: one zip for students, and the key for the instructor."""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from pfp_course import palette
from pfp_course.assignments.assignment import Assignment, Key, Sheet, read_key
from pfp_course.assignments.wheel import (
    course_wheel,
    json_file,
    requirements_text,
    without_questions,
)
from pfp_course.errors import CourseError
from pfp_course.files import packed, write_whole
from pfp_course.questions.seeds import ASSIGNMENT, Assigned
from pfp_course.questions.texts import spoken

__all__ = ["Written", "handout", "until", "with_hand_in", "write_assignment"]

_EXAM_SHEET = "exam.ipynb"
_DICTIONARY = "datapackage.json"
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

Cell = dict[str, Any]

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
    exam = assignment.request.mode == "exam"
    wheel, content = course_wheel(assignment.course, exam=exam)
    parts = [
        *_notebooks(assignment),
        *_sheets(assignment),
        *([] if exam else _reading(assignment)),
        (ASSIGNMENT, _assigned(assignment)),
        ("requirements.txt", requirements_text(wheel).encode()),
        (wheel, content),
    ]
    parts.append(("README.html", _readme(assignment, [name for name, _ in parts]).encode()))
    return _apart(parts)


def _apart(parts: list[tuple[str, bytes]]) -> dict[str, bytes]:
    # Windows and macOS take names for one that differ in case alone.
    names = [name.casefold() for name, _ in parts]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise CourseError(f"Two files of the zip would be named {double}. Rename your bank.")
    return dict(parts)


def _notebooks(assignment: Assignment) -> list[tuple[str, bytes]]:
    exam = assignment.request.mode == "exam"
    found = []
    for chapter in assignment.request.chapters:
        raw = chapter.notebook.read_bytes()
        content = without_questions(raw) if exam else with_hand_in(raw, _HAND_IN)
        found.append((chapter.notebook.name, content))
    # The templates belong to the last chapter, in which students write a paper of their own.
    notebooks = assignment.course.notebooks
    last = max(notebooks.glob("[0-9][0-9]-*.ipynb"))
    if last in [chapter.notebook for chapter in assignment.request.chapters]:
        templates = sorted((notebooks / "templates").glob("*.ipynb"))
        found += [(path.name, path.read_bytes()) for path in templates]
    return found


def _sheets(assignment: Assignment) -> list[tuple[str, bytes]]:
    """Return the files of questions that lie beside the notebooks, and a notebook for them."""
    files = [sheet for sheet in assignment.sheets if sheet.text]
    if not files:
        return []
    exam = assignment.request.mode == "exam"
    name, words = (_EXAM_SHEET, _EXAM) if exam else ("questions.ipynb", _OWN)
    notebook = _question_sheet(assignment.key.title, words, files)
    return [(name, notebook), *((sheet.name, sheet.text.encode()) for sheet in files)]


def _reading(assignment: Assignment) -> list[tuple[str, bytes]]:
    """Return the tables and banks of the chapters, to be read; the wheel holds them, too."""
    course, chapters = assignment.course, assignment.request.chapters
    tables = sorted({f"{name}.csv" for chapter in chapters for name in chapter.data})
    found = [(f"data/{name}", (course.data / name).read_bytes()) for name in [*tables, _DICTIONARY]]
    return found + [
        (f"data/questions/{chapter.number}.yml", course.bank(chapter.number).read_bytes())
        for chapter in chapters
    ]


def _assigned(assignment: Assignment) -> bytes:
    key = assignment.key
    shown = key.model_dump(include=set(Assigned.model_fields)) | {
        "format": "pfp-course/assignment",
        "questions": [question.id for question in key.questions],
    }
    return json_file(Assigned.model_validate(shown).model_dump(), sort_keys=True)


def with_hand_in(notebook: bytes, words: str) -> bytes:
    """Return a chapter with the form to hand in at its end; under these words if it has none."""
    content = json.loads(notebook)
    if not any(cell.get("id") == "submit" for cell in content["cells"]):
        content["cells"] += _hand_in(words)
    return json_file(content)


def _question_sheet(title: str, words: str, sheets: Sequence[Sheet]) -> bytes:
    """Return a notebook that asks questions, under these words, and takes the answers in."""
    cells = [
        _markdown("opening", f"# {_line(title)}\n\n{words}"),
        _code("set-up", "from pfp_course import about, load, quiz, submit"),
    ]
    for number, sheet in enumerate(sheets, 1):
        cells.append(_markdown(f"part-{number}", f"## {_line(sheet.bank.title)}"))
        cells.append(_code(f"ask-{number}", f"quiz({json.dumps(sheet.name, ensure_ascii=False)})"))
    cells += _hand_in(_HAND_IN)
    return json_file({"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})


def _hand_in(words: str) -> list[Cell]:
    return [
        _markdown("hand-in", f"## Hand in\n\n{words}"),
        _code("submit", "from pfp_course import submit\n\nsubmit()"),
    ]


def _line(text: str) -> str:
    # A title of the instructor's must not become another kind of line.
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))


def _markdown(name: str, text: str) -> Cell:
    lines = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": lines}


def _code(name: str, text: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }


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
    zipped, key = (folder / f"{assignment.name}.{ending}" for ending in ("zip", "key.json"))
    files = {zipped: packed(handout(assignment)), key: _dated(assignment.key, key)}
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
    return Written(zipped, key, not fresh)


def _dated(key: Key, path: Path) -> bytes:
    """Return a key with the day on which it was first written, by which old receipts are known."""
    with suppress(CourseError):
        earlier = read_key(path)
        if earlier.model_copy(update={"made": key.made}) == key:
            return json_file(earlier.model_dump(), sort_keys=True)
    return json_file(key.model_dump(), sort_keys=True)


def _known(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


_NAME = (
    "<li><strong>Your name first.</strong> A form asks for your name or id, because it decides "
    "which variant of a question you get. Write it as your teacher knows it, and press "
    "<em>Begin</em>. You must hand in under the same name.</li>"
)
_PRACTICE = (
    "Press <em>Check</em> under a question, and you are told at once what is right and why. You "
    "may try again, ask for a hint, or let the answer be shown; the receipt says so. An answer "
    "that was shown earns no points. If you are asked how sure you are, that costs nothing."
)
_EXAM_README = (
    "Press <em>Save</em> under each question. Nobody tells you what is right. You can change an "
    "answer until you hand in; press <em>Save</em> again."
)
_EXAM_NOTICE = (
    "<p>This is an examination. The questions stand in <code>exam.ipynb</code>. The other "
    "notebooks are the chapters to read, without their questions.</p>"
)
_WORDS = {
    "README.html": "this page",
    ASSIGNMENT: "what was assigned; the notebooks read it",
    "requirements.txt": "the libraries that step 2 installs, each at a tested version",
    "data/datapackage.json": "what the columns of the tables mean",
}


def _readme(assignment: Assignment, names: Sequence[str]) -> str:
    """Return the page that says what to do, as HTML; ``names`` are the other files of the zip."""
    key = assignment.key
    notebooks = [name for name in names if name.endswith(".ipynb")]
    handed = [_EXAM_SHEET] if key.mode == "exam" else notebooks
    page = Template((files("pfp_course.assignments") / "readme.html").read_text(encoding="utf-8"))
    rows = [
        f"<tr><td><code>{escape(name)}</code></td><td>{_word(name)}</td></tr>"
        for name in sorted(["README.html", *names])
    ]
    return page.substitute(
        title=escape(key.title),
        due=escape(until(key.due)),
        colours=palette.page_rules(),
        notice=_EXAM_NOTICE if key.mode == "exam" else "",
        first=escape(handed[0]),
        name=_NAME if key.seed_by == "student" else "",
        answer=_EXAM_README if key.mode == "exam" else _PRACTICE,
        sheets=_either(handed),
        id=escape(key.id),
        files="\n".join(rows),
    )


def until(due: str) -> str:
    """Return a deadline in words, such as ``15 February 2027, 18:00 (UTC+05:00)``."""
    if len(due) == len("2027-02-15"):
        return f"{spoken(date.fromisoformat(due).isoformat())}, the end of the day in UTC"
    given = datetime.fromisoformat(due)
    zone = given.strftime("%z")
    told = "UTC" if not int(zone or 0) else f"UTC{zone[:3]}:{zone[3:5]}"
    return f"{spoken(given.date().isoformat())}, {given:%H:%M} ({told})"


def _either(names: Sequence[str]) -> str:
    marked = [f"<code>{escape(name)}</code>" for name in names]
    return marked[0] if len(marked) == 1 else f"any of the notebooks ({', '.join(marked)})"


def _word(name: str) -> str:
    kinds = {
        ".whl": "the course, with its tables and figures",
        ".csv": "a table, for a spreadsheet",
        ".yml": "questions, as a text file",
        ".json": "the questions of the examination",
        ".ipynb": "a notebook",
    }
    told = (words for ending, words in kinds.items() if name.endswith(ending))
    return _WORDS[name] if name in _WORDS else next(told)
