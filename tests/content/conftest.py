"""The chapters, and what they show when they are run from top to bottom in a clean kernel."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from pfp_course.course import default_course
from pfp_course.questions import read_bank
from pfp_course.questions.exercises import solution

NOTEBOOKS = sorted(default_course().notebooks.glob("*.ipynb"))


@pytest.fixture(scope="session", params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


# By chapter: pytest ends a fixture with parameters when the next parameter is asked for, and the
# tests of a process do not come sorted by chapter.
_executed: dict[Path, Any] = {}


@pytest.fixture(scope="session")
def executed(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after a run in an empty folder, as a student's kernel would run it.

    The exercises are answered with the code that the book shows on demand.
    """
    if notebook not in _executed:
        _executed[notebook] = _run(notebook, tmp_path_factory.mktemp(notebook.stem))
    return _executed[notebook]


def _run(notebook: Path, folder: Path) -> Any:
    content = nbformat.read(notebook, as_version=4)
    course = default_course()
    codes = {
        f'check("{exercise.id}", answer)': solution(exercise)
        for exercise in read_bank(course.bank(notebook.name[:2]), course).exercises
    }
    for cell in content.cells:
        first, _, rest = cell.source.partition("\n")
        if first == "answer = ..." and rest.strip() in codes:
            cell.source = f"{codes[rest.strip()]}\n{rest}"
    NotebookClient(content, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    content.metadata["folder"] = str(folder)
    return content
