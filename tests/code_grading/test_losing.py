"""It is never 0 because something went wrong: whatever is lost, what fails then waits."""

import contextlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from code_grading.conftest import LIMITS, exercise, metadata, nbgrader
from code_grading.losing import LOSSES, by_chance, every_place, kind
from jsonschema import validators
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3 as ValidatorV3
from nbgrader.preprocessors import overwritecells, overwritekernelspec
from nbgrader.utils import determine_grade

from pfp_course.code_grading.batch import doubt
from pfp_course.code_grading.execution import Job, Outcome
from pfp_course.code_grading.inert import make_inert
from pfp_course.code_grading.marking import Planner, open_tests, report_rows
from pfp_course.code_grading.nbgrader_course import open_course
from pfp_course.code_grading.submissions import Submission

NAME = "kinds"
ANSWERS = {
    "answer-one": "answer = sum(numbers)  # ANSWER-ONE",
    "answer-two": "# two lines\nanswer = sorted(numbers, reverse=True)  # ANSWER-TWO",
    "fn": "def add(a, b):\n    return a + b  # ANSWER-FN",
    "essay": "It is so, because of this.\n\nAnd of that: ANSWER-ESSAY.",
    "drawing": "picture = [1, 2]\nshown = picture  # ANSWER-DRAWING",
}
WORDS = {  # in the notebook that a teacher sees, where the cell waits
    "test-one": "ANSWER-ONE",
    "test-two": "ANSWER-TWO",
    "fn-test": "ANSWER-FN",
    "essay": "ANSWER-ESSAY",
    "drawing": "ANSWER-DRAWING",
}


def every_kind() -> Any:
    """Return a source notebook with a cell of each kind that nbgrader knows."""
    code: Any = nbformat.v4.new_code_cell
    text: Any = nbformat.v4.new_markdown_cell
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    )
    stub = "### BEGIN SOLUTION\nadd = max\n### END SOLUTION"
    notebook.cells = [
        text("# Sums"),
        code("numbers = [1, 2, 3]"),
        code("import math", metadata=metadata("ready")),
        *exercise("one", "6", "number", 1),
        *exercise("two", "[3, 2, 1]", "list", 2),
        text("Between two exercises."),
        code(stub, metadata=metadata("fn", solution=True, locked=False)),
        code(
            "### BEGIN HIDDEN TESTS\nassert add(2, 3) == 5\n### END HIDDEN TESTS",
            metadata=metadata("fn-test", grade=True, points=3),
        ),
        text("**Why?** Say it below.", metadata=metadata("ask", "markdown")),
        text(
            "YOUR ANSWER HERE",
            metadata=metadata(
                "essay", "markdown", grade=True, solution=True, locked=False, points=4
            ),
        ),
        code(
            "### BEGIN SOLUTION\npicture = 1\n### END SOLUTION",
            metadata=metadata("drawing", grade=True, solution=True, locked=False, points=2),
        ),
    ]
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{place}"
    return notebook


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kinds") / "course"
    (root / "source" / NAME).mkdir(parents=True)
    nbformat.write(every_kind(), root / "source" / NAME / f"{NAME}.ipynb")
    (root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.ClearSolutions.code_stub = {"python": "answer = ..."}\n'
    )
    nbgrader("generate_assignment", NAME, cwd=root)
    return root


def solved(course: Path) -> Any:
    """Return the released notebook with every answer right."""
    path = course / "release" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = ANSWERS.get(name, cell.source)
    return notebook


def run_here(job: Job) -> Outcome:
    """Run a notebook of these tests without a kernel; what it computes is known to be harmless."""
    notebook = nbformat.reads(job.notebook, as_version=4)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, "cell", "exec"), names)
        except Exception as error:
            told = {"ename": type(error).__name__, "evalue": str(error), "traceback": []}
            cell.outputs = [nbformat.v4.new_output("error", **told)]
    inert = make_inert(notebook, job.own)
    return Outcome(notebook=nbformat.writes(notebook), inert=inert)


@dataclass(frozen=True)
class Result:
    """Marks of a submission, with None for what waits, and what a teacher sees of it."""

    marks: dict[str, float | None]
    most: dict[str, float]
    shown: str
    told: str


def graded(planner: Planner, notebooks: Mapping[str, bytes]) -> Result:
    """Plan, run and judge a submission, as a batch does, without the gradebook."""
    plan = planner.plan(Submission("ada", NAME, notebooks=dict(notebooks)))
    (work,) = plan.works
    if work.job is not None:
        work.outcome = run_here(work.job)
        doubt(work)
    text = work.outcome.notebook if work.outcome else work.shown
    cells = nbformat.reads(text, as_version=4).cells
    waits = set(open_tests(planner, work))
    marks, most = {}, {}
    for cell in cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            name = cell.metadata["nbgrader"]["grade_id"]
            score, most[name] = determine_grade(cell)
            marks[name] = None if name in waits else score
    assert set(most) == {one.name for one in planner.given[NAME] if one.is_graded}
    told = "; ".join(row["what"] for row in report_rows(plan))
    shown = "\n".join(cell.source for cell in cells if cell.cell_type != "raw")
    return Result(marks, most, shown, told)


@pytest.fixture(scope="module")
def planner(kinds: Path) -> Iterator[Planner]:
    """Plans for more than a thousand notebooks, with the gradebook opened once.

    nbgrader opens it anew for each notebook, and checks its own schema anew for each cell.
    """
    opened = Gradebook(f"sqlite:///{kinds / 'gradebook.db'}", "")
    close = opened.close
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "close", lambda: None)
        for step in (overwritecells, overwritekernelspec):
            patch.setattr(step, "Gradebook", lambda *_: opened)
        schema = validators.validator_for(ValidatorV3().schema)
        patch.setattr(schema, "check_schema", lambda *_, **__: None)
        yield Planner(open_course(kinds), NAME, LIMITS, bare=False)
    close()


def faults(results: Mapping[str, Result]) -> list[str]:
    """Return where a mark is below its points, or an answer that waits is not shown."""
    wrong = []
    for what, result in results.items():
        for name, mark in result.marks.items():
            if mark is not None and mark < result.most[name]:
                wrong.append(f"{what}: {name} has {mark}: {result.told}")
            gone = what.startswith(("deleted", "edited"))
            if mark is None and not gone and WORDS[name] not in result.shown:
                wrong.append(f"{what}: {name} waits and its answer is not shown: {result.told}")
    return wrong


def test_a_notebook_that_is_whole_is_graded(kinds: Path, planner: Planner) -> None:
    right = solved(kinds)
    assert {kind(cell) for cell in right.cells} == {
        "plain", "locked", "solution", "grade+locked", "grade+solution",
    }  # fmt: skip
    marks = {"test-one": 1, "test-two": 2, "fn-test": 3, "essay": None, "drawing": None}
    result = graded(planner, {NAME: nbformat.writes(right).encode()})
    assert (result.marks, result.told) == (marks, "")
    for cell in right.cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            cell.source = "answer = 'wrong'\nadd = print"
    wrong = graded(planner, {NAME: nbformat.writes(right).encode()})
    assert wrong.marks == {**marks, "test-one": 0, "test-two": 0, "fn-test": 0}


@pytest.mark.parametrize("loss", LOSSES)
def test_it_is_never_zero_because_something_went_wrong(
    kinds: Path, planner: Planner, loss: str
) -> None:
    results = {
        what: graded(planner, {NAME: nbformat.writes(notebook).encode()})
        for what, notebook in every_place(solved(kinds), loss)
    }
    # An answer that was written over is a wrong answer, in a notebook that is whole.
    mine = {f"edited at {place}" for place in (3, 5, 8)}
    wrong = [line for line in faults(results) if line.partition(":")[0] not in mine]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(10))
def test_nor_when_several_things_went_wrong(kinds: Path, planner: Planner, turn: int) -> None:
    right = solved(kinds)
    lost = dict(by_chance(right, seed) for seed in range(40 * turn, 40 * turn + 40))
    results = {
        what: graded(planner, {NAME: nbformat.writes(notebook).encode()})
        for what, notebook in lost.items()
        if "deleted" not in what and "edited" not in what
    }
    assert not faults(results)
