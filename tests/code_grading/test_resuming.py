"""Killed at any moment and started again, a batch ends as if nothing had happened."""

import csv
import multiprocessing
import os
import random
import shutil
import time
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest
from code_grading.conftest import ASSIGNMENT, LIMITS, NOTEBOOK, answered, hand_in
from nbgrader.api import Gradebook

from pfp_course.code_grading.batch import grade_notebooks
from pfp_course.code_grading.nbgrader_course import open_course
from pfp_course.code_grading.sandbox import Limits

ANSWERS = [
    ("6", "answer = [3, 2, 1]"),
    ("5", "answer = [3, 2, 1]"),
    ("6", "import os; os._exit(1)"),
]
STUDENTS = {
    f"student-{number:02}": (f"import time\ntime.sleep({number % 3} / 10)\nanswer = {one}", two)
    for number, (one, two) in enumerate(ANSWERS * 4)
}


def fill(course: Path) -> Path:
    for student, (one, two) in STUDENTS.items():
        # Not two alike: what is alike is run once.
        hand_in(course, student, answered(course, f"# {student}\n{one}", two))
    return course


def state(course: Path) -> dict[str, object]:
    """Return all that a batch leaves behind, but for the moments at which it did."""
    found: dict[str, object] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "") as gradebook:
        for student in STUDENTS:
            notebook = gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, student)
            found[student] = sorted(
                (grade.name, grade.auto_score, grade.needs_manual_grade)
                for grade in notebook.grades
            )
        found["count"] = len(gradebook.assignment_submissions(ASSIGNMENT))
    for name in ("gradebook.csv", "report.csv"):
        with (course / "out" / name).open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.reader(file))
    found["files"] = sorted(
        str(path.relative_to(course)) for path in (course / "autograded").rglob("*")
    )
    return found


def start(course: Path) -> ForkProcess:
    """Begin a batch in a process of its own, forked from this one, which has imported all."""
    process = multiprocessing.get_context("fork").Process(target=batch, args=(course,))
    process.start()
    return process


def batch(course: Path) -> None:
    with Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 2)
    grade_notebooks(open_course(course), [], course / "out", limits=LIMITS)


def kept(course: Path) -> int:
    return len(list((course / ".pfp-grade" / "runs").glob("*.json")))


def until_one_more(course: Path) -> None:
    before, deadline = kept(course), time.monotonic() + 30
    while kept(course) == before and time.monotonic() < deadline:
        time.sleep(0.02)


def pause_before_a_kill(course: Path, turn: int, chance: random.Random) -> None:
    """Wait for a moment: in the middle of the notebooks, or while the batch begins."""
    some_are_left = kept(course) < len(STUDENTS) - 4
    if turn % 2 and some_are_left:
        until_one_more(course)
    time.sleep(chance.uniform(0.0, 1.5 if some_are_left and not turn % 2 else 0.3))


@pytest.mark.slow
def test_ten_kills_change_nothing(walls: str, pristine: Path, tmp_path: Path) -> None:
    calm = fill(Path(shutil.copytree(pristine, tmp_path / "calm")))
    grade_notebooks(open_course(calm), [], calm / "out", limits=LIMITS)

    shaken = fill(Path(shutil.copytree(pristine, tmp_path / "shaken")))
    chance = random.Random(7)
    runs: list[int] = []
    for turn in range(10):
        process = start(shaken)
        pause_before_a_kill(shaken, turn, chance)
        process.kill()
        process.join()
        runs.append(kept(shaken))
        assert runs == sorted(runs), "a result was lost"
    assert 0 < runs[-1] < len(STUDENTS), "no kill came in the middle"
    summary = grade_notebooks(open_course(shaken), [], shaken / "out", limits=LIMITS)

    assert summary.run + summary.kept == len(STUDENTS)
    assert summary.run == len(STUDENTS) - runs[-1], "a notebook was run twice"
    assert state(shaken) == state(calm)
    assert not list((shaken / "autograded").rglob(".part-*"))


@pytest.fixture(scope="module")
def three(walls: str, pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three students after their first batch: one is right, one is wrong, one crashed."""
    course = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("three") / "course"))
    hand_in(course, "ada", answered(course, "answer = 6", "answer = [3, 2, 1]"))
    hand_in(course, "ben", answered(course, "answer = 1", "answer = 1"))
    hand_in(course, "cho", answered(course, "answer = 6", "import os; os._exit(1)"))
    first = grade_notebooks(open_course(course), [], course / "out", limits=LIMITS)
    assert first.run == 3
    assert scores(course) == {"ada": "3", "ben": "0", "cho": ""}
    return course


@pytest.fixture
def graded(three: Path, tmp_path: Path) -> Path:
    """Return a copy of the three for one test."""
    return Path(shutil.copytree(three, tmp_path / "course"))


def scores(course: Path) -> dict[str, str]:
    with (course / "out" / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


def test_a_second_batch_runs_nothing(graded: Path) -> None:
    table = (graded / "out" / "gradebook.csv").read_bytes()
    second = grade_notebooks(open_course(graded), [], graded / "out", limits=LIMITS)
    assert (second.run, second.kept) == (0, 3)
    assert (graded / "out" / "gradebook.csv").read_bytes() == table


def test_a_new_hand_in_is_graded_anew(graded: Path) -> None:
    shutil.rmtree(graded / "submitted" / "ben")
    # Not what another handed in: what is alike is run once.
    hand_in(graded, "ben", answered(graded, "# anew\nanswer = 6", "answer = [3, 2, 1]"))
    again = grade_notebooks(open_course(graded), [], graded / "out", limits=LIMITS)
    assert (again.run, again.kept) == (1, 2)
    assert scores(graded)["ben"] == "3"


def test_more_time_gives_a_notebook_another_chance(walls: str, course: Path) -> None:
    slow = "import time\ntime.sleep(2)\nanswer = 6"
    hand_in(course, "ada", answered(course, slow, "answer = [3, 2, 1]"))
    short, longer = (Limits(**{**LIMITS.as_dict(), "cell": cell}) for cell in (1, 5))
    first = grade_notebooks(open_course(course), [], course / "out", limits=short)
    assert "ran out of time" in first.report[0]["what"]
    second = grade_notebooks(open_course(course), [], course / "out", limits=longer)
    assert (second.run, second.report) == (1, [])
    assert ",graded" in (course / "out" / "gradebook.csv").read_text(encoding="utf-8")


def test_a_mark_of_the_teacher_stays(graded: Path) -> None:
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}", "") as gradebook:
        grade = gradebook.find_grade("test-two", NOTEBOOK, ASSIGNMENT, "cho")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    grade_notebooks(open_course(graded), [], graded / "out", limits=LIMITS)
    assert scores(graded)["cho"] == "2.5"
