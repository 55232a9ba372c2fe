"""Templates that students fill in: each runs as it is, and says what is missing."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pfp_course.course import default_course

TEMPLATES = sorted((default_course().notebooks / "templates").glob("*.ipynb"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_runs_before_anything_is_filled_in(template: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(template, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )
    assert "1 claims, three or more are needed" in printed
    assert "There is no source" not in printed
    assert any("[" in cell.source for cell in notebook.cells if cell.cell_type == "markdown")
