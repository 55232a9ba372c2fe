"""A small course of nbgrader, and notebooks of students."""

import multiprocessing
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.apps import nbgraderapp
from needs import need
from programs import in_ci

from pfp_course.code_grading.execution import Job, Outcome, run
from pfp_course.code_grading.nbgrader_course import CONFIG
from pfp_course.code_grading.pools import nothing_stays, walls_hold
from pfp_course.code_grading.sandbox import Limits, how_to_allow

ASSIGNMENT, NOTEBOOK = "sums", "sums"
SECRET = "KEPT-BY-THE-TEACHER"
LIMITS = Limits(cell=6, notebook=30, memory=700, output=2, disk=16, tasks=64, processes=6)


def selftest() -> list[str]:
    """Return what does not hold in the sandbox; nothing if all does."""
    return walls_hold("/nowhere") or nothing_stays()


@pytest.fixture(scope="session")
def walls() -> str:
    """Skip, with the reason, where the sandbox cannot work; in CI it has to.

    What does not hold in it is returned: nothing.
    """
    need("bubblewrap")
    try:
        multiprocessing.Lock()
        reason = "; ".join(selftest())
    except OSError as error:
        reason = f"processes cannot share memory in /dev/shm ({error})"
    if reason and in_ci():
        pytest.fail(f"the sandbox must work in CI: {reason}")
    if reason:
        pytest.skip(f"the sandbox does not hold here: {reason} {how_to_allow(reason)}")
    return reason


def metadata(name: str, cell_type: str = "code", **more: Any) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell."""
    told = {"grade": False, "solution": False, "locked": True, "task": False, **more}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, "cell_type": cell_type, **told}}


def exercise(name: str, key: str, compare: str, points: int) -> list[Any]:
    """Return an answer and its test, as `pfp assign --to nbgrader` writes them."""
    answer = f"### BEGIN SOLUTION\nanswer = {key}\n### END SOLUTION"
    test = (
        "# locked\n### BEGIN HIDDEN TESTS\n"
        f"# {SECRET}\n"
        "from pfp_course.questions.comparison import differs\n\n"
        f'assert differs(answer, {key}, "{compare}", 0.5) is None, "not right"\n'
        "### END HIDDEN TESTS"
    )
    new: Any = nbformat.v4.new_code_cell
    return [
        new(answer, metadata=metadata(f"answer-{name}", solution=True, locked=False)),
        new(test, metadata=metadata(f"test-{name}", grade=True, points=points)),
    ]


def source() -> Any:
    """Return the source notebook: two exercises of 1 and 2 points."""
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    )
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# Sums"),
        nbformat.v4.new_code_cell("numbers = [1, 2, 3]"),
        *exercise("one", "6", "number", 1),
        *exercise("two", "[3, 2, 1]", "list", 2),
    ]
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{place}"
    return notebook


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with one released assignment and no submissions."""
    root = tmp_path_factory.mktemp("pristine") / "course"
    (root / "source" / ASSIGNMENT).mkdir(parents=True)
    nbformat.write(source(), root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    (root / CONFIG).write_text(
        'c = get_config()\nc.ClearSolutions.code_stub = {"python": "answer = ..."}\n'
    )
    nbgrader("generate_assignment", ASSIGNMENT, cwd=root)
    return root


@pytest.fixture
def course(pristine: Path, tmp_path: Path) -> Path:
    """Return a copy of the course for one test."""
    return Path(shutil.copytree(pristine, tmp_path / "course"))


def nbgrader(*words: str, cwd: Path) -> str:
    """Run nbgrader as an instructor does, in the course, with the environment activated.

    Its process is forked from this one, which has imported it: that takes longer than its work.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        arguments = (words, cwd, told.fileno())
        process = multiprocessing.get_context("fork").Process(target=_nbgrader, args=arguments)
        process.start()
        process.join()
        told.seek(0)
        said = told.read()
    assert process.exitcode == 0, said[-3000:]
    return said


def _nbgrader(words: tuple[str, ...], cwd: Path, told: int) -> None:
    # nbgrader has kept the streams that were there when it was imported, those of pytest.
    for descriptor in (1, 2, sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(told, descriptor)
    os.chdir(cwd)
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    sys.argv = ["nbgrader", *words]
    nbgraderapp.main()


def answered(course: Path, *answers: str) -> Any:
    """Return the released notebook with code in the place of its answers."""
    notebook = nbformat.read(course / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)
    places = [cell for cell in notebook.cells if cell.source == "answer = ..."]
    assert len(places) == 2
    for cell, answer in zip(places, answers, strict=False):
        cell.source = answer
    return notebook


def hand_in(course: Path, student: str, notebook: Any) -> Path:
    """Put a notebook where nbgrader expects what students handed in."""
    path = course / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True)
    text = notebook if isinstance(notebook, str) else nbformat.writes(notebook)
    path.write_text(text, encoding="utf-8")
    return path


def run_cells(
    *sources: str, limits: Limits = LIMITS, bare: bool = False, content: Path | None = None
) -> Outcome:
    """Run code in the sandbox, with a test that always passes at the end."""
    cells = [nbformat.v4.new_code_cell(text) for text in sources]
    cells.append(
        nbformat.v4.new_code_cell("assert True", metadata=metadata("last", grade=True, points=1))
    )
    notebook = nbformat.v4.new_notebook(cells=cells)
    return run(Job(nbformat.writes(notebook), {}, limits, bare, content=content))


def shown(outcome: Outcome) -> str:
    """Return all that a notebook has put out."""
    return "\n".join(shown_by_cell(outcome))


def shown_by_cell(outcome: Outcome) -> list[str]:
    """Return what each cell of code of a notebook has put out."""
    return [
        "\n".join(
            str(output.get("text", output.get("ename", output.get("data"))))
            for output in cell.outputs
        )
        for cell in nbformat.reads(outcome.notebook, as_version=4).cells
        if cell.cell_type == "code"
    ]
