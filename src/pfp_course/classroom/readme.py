"""The page that tells a student how to open, answer and hand in an assignment."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from importlib.resources import files
from string import Template

from pfp_course import palette
from pfp_course.classroom.assigning import Assignment
from pfp_course.questions.assigned import ASSIGNMENT
from pfp_course.questions.texts import spoken

__all__ = ["readme", "until"]

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
_EXAM = (
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


def readme(assignment: Assignment, names: Sequence[str]) -> str:
    """Return the page as HTML; the bytes go into the zip.

    Parameters
    ----------
    assignment : Assignment
        What is assigned.
    names
        The other files of the zip.
    """
    key = assignment.key
    notebooks = [name for name in names if name.endswith(".ipynb")]
    asking = [name for name in notebooks if name in ("exam.ipynb", "questions.ipynb")]
    handed = asking if key.mode == "exam" else notebooks
    page = Template((files("pfp_course.classroom") / "readme.html").read_text(encoding="utf-8"))
    dark = palette.properties("html", palette.DARK, "dark")
    light = palette.properties("html", palette.LIGHT, "light")
    rows = [
        f"<tr><td><code>{escape(name)}</code></td><td>{_word(name)}</td></tr>"
        for name in sorted(["README.html", *names])
    ]
    return page.substitute(
        title=escape(key.title),
        due=escape(until(key.due)),
        colours=f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n",
        notice=_EXAM_NOTICE if key.mode == "exam" else "",
        first=escape((asking if key.mode == "exam" else notebooks)[0]),
        name=_NAME if key.seed_by == "student" else "",
        answer=_EXAM if key.mode == "exam" else _PRACTICE,
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
    if name in _WORDS:
        return _WORDS[name]
    kinds = {
        ".whl": "the course, with its tables and figures",
        ".csv": "a table, for a spreadsheet",
        ".yml": "questions, as a text file",
        ".json": "the questions of the examination",
        ".ipynb": "a notebook",
    }
    return next(words for ending, words in kinds.items() if name.endswith(ending))
