"""A class of twenty notebooks: nobody honest loses a point, nothing leaks, the batch ends."""

import csv
import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from code_grading.conftest import (
    ASSIGNMENT,
    LIMITS,
    NOTEBOOK,
    SECRET,
    answered,
    hand_in,
    nbgrader,
)
from environment import ROOT
from nbgrader.api import Gradebook

from pfp_course.code_grading.batch import Summary, grade_notebooks
from pfp_course.code_grading.kernels import family
from pfp_course.code_grading.nbgrader_course import open_course

RIGHT = ("answer = sum(numbers)", "answer = sorted(numbers, reverse=True)")
MARK = "SOMETHING-LEFT-BEHIND"


def code(course: Path) -> dict[str, tuple[str, str]]:
    """Return the answers of the students whose notebooks are whole, by name."""
    look = (
        "import glob, os, pathlib\n"
        "for path in {paths}:\n"
        "    try:\n"
        "        print(path, pathlib.Path(path).read_bytes()[:100000])\n"
        "    except OSError as error:\n"
        "        print('no', type(error).__name__)\n"
    )
    kept = [
        str(course / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"),
        str(course / "gradebook.db"),
    ]
    other = [str(course / "submitted" / "ada" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"), *kept]
    return {
        "ada": RIGHT,
        "ben": (RIGHT[0], "answer = numbers"),
        "cho": (
            f"print('x' * 100_000)\n{RIGHT[0]}",
            f"import warnings\nwarnings.warn('a')\n{RIGHT[1]}",
        ),
        "dina": (f"import time\ntime.sleep(1)\n{RIGHT[0]}", RIGHT[1]),
        # These wait and do not compute; test_sandbox.py interrupts a loop that computes.
        "endless": ("import time\nwhile True:\n    time.sleep(1)", RIGHT[1]),
        "stubborn": (
            "import time\nwhile True:\n    try:\n        while True:\n            time.sleep(1)\n"
            "    except BaseException:\n        pass",
            RIGHT[1],
        ),
        "bomb": (
            "import subprocess, sys\nwhile True:\n    subprocess.Popen([sys.executable, '-c', "
            f"'import time; time.sleep(99)', '{MARK}'])",
            RIGHT[1],
        ),
        "greedy": (f"{RIGHT[0]}\nbytearray(10 * 2**30)", RIGHT[1]),
        "flood": ("while True:\n    print('x' * 1000)", RIGHT[1]),
        "thief": (look.format(paths=kept) + RIGHT[0], RIGHT[1]),
        "nosy": (look.format(paths=other) + RIGHT[0], RIGHT[1]),
        "caller": (
            f"{RIGHT[0]}\nimport socket\nsocket.create_connection(('127.0.0.1', 22), 2)",
            RIGHT[1],
        ),
        "leaver": (RIGHT[0], "import os\nos._exit(0)"),
        "cheat": (
            "import pfp_course.questions.comparison as c\n"
            "def differs(value, key, *more):\n"
            "    get_ipython().user_ns['answer'] = key\n"
            "c.differs = differs\nanswer = 0",
            RIGHT[1],
        ),
    }


@dataclass(frozen=True)
class Graded:
    """A class after its batch."""

    course: Path
    summary: Summary
    rows: dict[str, dict[str, str]]

    def told(self, student: str) -> str:
        return "; ".join(row["what"] for row in self.summary.report if row["student_id"] == student)

    def marks(self, student: str) -> dict[str, float | None]:
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "") as gradebook:
            found = gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, student)
            return {
                grade.name: None if grade.needs_manual_grade else grade.score
                for grade in found.grades
            }


@pytest.fixture(scope="module")
def graded(walls: str, pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    course = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("class") / "course"))
    for student, answers in code(course).items():
        hand_in(course, student, answered(course, *answers))
    _damaged(course)
    summary = grade_notebooks(open_course(course), [], course / "out", limits=LIMITS)
    with (course / "out" / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    return Graded(course, summary, rows)


def _damaged(course: Path) -> None:
    doubled = answered(course, *RIGHT)
    doubled.cells += [
        nbformat.from_dict(dict(doubled.cells[3])),
        nbformat.from_dict(dict(doubled.cells[2])),
    ]
    hand_in(course, "double", doubled)
    deleted = answered(course, *RIGHT)
    del deleted.cells[5], deleted.cells[3]
    hand_in(course, "deleter", deleted)
    hand_in(course, "broken", nbformat.writes(answered(course, *RIGHT))[:400])
    link = hand_in(course, "linker", "")
    link.unlink()
    link.symlink_to(course / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    hand_in(course, "=1+1", answered(course, f"# mine\n{RIGHT[0]}", RIGHT[1]))
    strange = hand_in(course, os.fsdecode(b"b\xff"), answered(course, RIGHT[0], "answer = 1"))
    (strange.parent / os.fsdecode(b"n\xff.ipynb")).write_text("{}", encoding="utf-8")
    (strange.parent / os.fsdecode(b"f\xff.csv")).write_text("a", encoding="utf-8")


def test_the_class_is_graded_to_its_end(graded: Graded) -> None:
    # The one whose folder has no name that can be written has no row, and is told.
    assert len(graded.rows) == 19
    # The two that cannot be read are told and not run; each of the others runs once, and none
    # longer than a notebook may.
    assert (graded.summary.run, graded.summary.kept) == (18, 0)
    assert graded.summary.seconds <= 18 * (LIMITS.notebook + LIMITS.cell)


@pytest.mark.parametrize(
    ("student", "score"),
    [
        ("ada", 3),
        ("ben", 1),
        ("cho", 3),
        ("dina", 3),
        ("greedy", 3),
        ("thief", 3),
        ("nosy", 3),
        ("caller", 3),
        ("double", 3),
        ("deleter", 3),
    ],
)
def test_honest_work_keeps_its_points(graded: Graded, student: str, score: float) -> None:
    assert graded.rows[student]["state"] == "graded"
    assert float(graded.rows[student]["score"]) == score


@pytest.mark.parametrize(
    ("student", "why"),
    [
        ("endless", "ran out of time"),
        ("stubborn", "ran out of time"),
        ("bomb", "processes"),
        ("flood", "output"),
        ("leaver", "os._exit"),
        ("cheat", "may have changed the test"),
        ("broken", "no JSON"),
        ("linker", "link"),
    ],
)
def test_what_did_not_run_is_blank_and_told(graded: Graded, student: str, why: str) -> None:
    assert graded.rows[student]["score"] == ""
    assert graded.rows[student]["state"] == "waits for you"
    assert why in graded.told(student)


def test_tests_that_ran_before_a_crash_keep_their_marks(graded: Graded) -> None:
    assert graded.marks("leaver") == {"test-one": 1.0, "test-two": None}


def test_an_endless_loop_costs_only_its_own_exercise(graded: Graded) -> None:
    assert graded.marks("endless") == {"test-one": None, "test-two": 2.0}


def test_a_changed_test_earns_nothing_by_itself(graded: Graded) -> None:
    assert graded.marks("cheat") == {"test-one": None, "test-two": 2.0}


@pytest.mark.parametrize("student", ["thief", "nosy"])
def test_nothing_of_the_teacher_or_of_others_leaks(graded: Graded, student: str) -> None:
    path = graded.course / "autograded" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    outputs = json.dumps([cell.outputs for cell in cells if cell.cell_type == "code"])
    assert "no FileNotFoundError" in outputs
    assert SECRET not in outputs
    assert "SQLite" not in outputs


def test_no_process_is_left(graded: Graded) -> None:
    # The bomb's processes carry a mark; a kernel carries the folder of the worker that made it.
    assert not [words for words in commands() if MARK in words]
    mine = {str(pid) for pid in family(os.getpid())} | {str(os.getpid())}
    rooms = [re.search(r"pfp-run-(\d+)-", words) for words in commands()]
    assert not [room for room in rooms if room and room[1] in mine]
    assert not list(Path(tempfile.gettempdir()).glob(f"pfp-run-{os.getpid()}-*"))


def commands() -> list[str]:
    """Return the command lines of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return found


def test_repairs_are_told(graded: Graded) -> None:
    assert "test-one stood there more than once" in graded.told("double")
    assert "test-two was missing; it was put back" in graded.told("deleter")


def test_nbgrader_itself_can_use_the_sandbox(walls: str, course: Path) -> None:
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
        page = (ROOT / "book" / "running-code.md").read_text(encoding="utf-8")
        settings.write(page.partition("```python\n")[2].partition("```")[0])
    look = "import os\nprint(os.getcwd(), sorted(os.listdir()))\n"
    notebook = answered(course, look + RIGHT[0], RIGHT[1])
    notebook.cells[0].source = "<img src=x onerror=alert(1)>"
    path = hand_in(course, "ada", notebook)
    (path.parent / "mine.csv").write_text("a,b", encoding="utf-8")
    nbgrader("autograde", ASSIGNMENT, cwd=course)
    text = (course / "autograded" / "ada" / ASSIGNMENT / path.name).read_text(encoding="utf-8")
    assert "/tmp/work ['mine.csv']" in text
    assert "<img" not in text
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "") as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "ada").score == 3


def test_names_that_are_no_text_are_told_and_stop_nobody(graded: Graded) -> None:
    table = (graded.course / "out" / "gradebook.csv").read_text(encoding="utf-8")
    assert "ada,,,,3,0,3,3,graded" in table
    assert "'=1+1,,,,3,0,3,3,graded" in table
    report = (graded.course / "out" / "report.csv").read_text(encoding="utf-8")
    assert "b?,,the name of its folder is no text" in report
