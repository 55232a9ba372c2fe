"""The chapters, and what they show when they are run from top to bottom in a clean kernel."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from pfp_course.content import notebooks_dir

NOTEBOOKS = sorted(notebooks_dir().glob("*.ipynb"))


@pytest.fixture(scope="session", params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="session")
def executed(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after a run in an empty folder, as a student's kernel would run it."""
    folder = tmp_path_factory.mktemp(notebook.stem)
    content = nbformat.read(notebook, as_version=4)
    NotebookClient(content, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    content.metadata["folder"] = str(folder)
    return content
