"""A notebook opened alone says how to install the course; no chapter shows our verdict first."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from courses import COURSE
from nbclient import NotebookClient

from pfp_course.assignments.handout import with_hand_in
from pfp_course.assignments.wheel import without_questions
from pfp_course.chapters import chapters
from pfp_course.chapters.checks import INSTALL, RUN_FIRST, check_notebook, course_address
from pfp_course.course import default_course

NOTEBOOKS = sorted(default_course().notebooks.glob("*.ipynb"))


def cells_of(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_a_notebook_says_at_its_head_how_to_begin_and_at_its_end_how_to_hand_in(path: Path) -> None:
    cells = cells_of(path)
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert text(cells[1]) == RUN_FIRST
    assert text(code[0]) == INSTALL.strip()
    assert "submit()" in text(code[-1])
    # The book has a form of its own, and needs no installation.
    own = [cell for cell in cells if cell["id"] in ("run-first", "install", "hand-in", "submit")]
    assert all("remove-cell" in cell["metadata"]["tags"] for cell in own)
    assert len(own) == 4


def test_a_notebook_without_these_cells_is_named(tmp_path: Path) -> None:
    content = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    for change in ("COURSE =", "find_spec("):
        copy = json.loads(json.dumps(content))
        for cell in copy["cells"]:
            if cell["id"] == "install":
                cell["source"] = [text(cell).replace(change, "x" + change)]
        path = tmp_path / NOTEBOOKS[0].name
        path.write_text(json.dumps(copy), encoding="utf-8")
        (problem,) = check_notebook(path, default_course().bank("01"), default_course())
        assert "Copy the cells 'run-first' and 'install'" in problem


def test_the_address_of_the_course_may_be_filled_in(tmp_path: Path) -> None:
    content = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    address = "git+https://example.org/course"
    for cell in content["cells"]:
        if cell["id"] == "install":
            cell["source"] = [text(cell).replace('COURSE = ""', f'COURSE = "{address}"')]
            assert course_address(text(cell)) == address
    path = tmp_path / NOTEBOOKS[0].name
    path.write_text(json.dumps(content), encoding="utf-8")
    assert check_notebook(path, default_course().bank("01"), default_course()) == []


class Alone:
    """A Python without the course; what pip is asked for is remembered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, colab: bool, works: bool) -> None:
        self.asked: list[list[str]] = []
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        monkeypatch.setattr(subprocess, "run", self.run)
        monkeypatch.delitem(sys.modules, "google.colab", raising=False)
        monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
        if colab:
            monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab-1")
        self.works = works

    def run(self, command: list[str], **_: Any) -> Any:
        self.asked.append(command)
        return SimpleNamespace(returncode=0 if self.works else 1)


def run_cell(address: str = "") -> str:
    """Run the cell, and return what a student is told."""
    try:
        exec(INSTALL.replace('COURSE = ""', f'COURSE = "{address}"'), {"__name__": "cell"})
    except Exception as error:
        (line,) = error._render_traceback_()  # type: ignore[attr-defined]
        return str(line)
    return ""


def test_where_the_course_is_installed_the_cell_says_nothing() -> None:
    assert run_cell() == ""


@pytest.mark.parametrize("wheel", [True, False])
def test_on_a_computer_the_cell_says_how_to_install(
    wheel: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    alone = Alone(monkeypatch, colab=False, works=True)
    if wheel:
        (tmp_path / "pfp_course-0.1.0-py3-none-any.whl").touch()
    said = run_cell()
    assert sys.executable in said
    assert f'%pip install "{f"{tmp_path}{os.sep}" if wheel else ""}pfp_course-0.1.0' in said
    assert alone.asked == []


def test_on_colab_the_cell_installs_the_wheel_or_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    alone = Alone(monkeypatch, colab=True, works=True)
    assert "Upload the file" in run_cell()
    assert run_cell("git+https://example.org/course") == ""
    (tmp_path / "pfp_course-0.1.0-py3-none-any.whl").touch()
    assert run_cell("git+https://example.org/course") == ""
    wanted = [command[-1] for command in alone.asked]
    assert wanted == [
        "git+https://example.org/course",
        str(tmp_path / "pfp_course-0.1.0-py3-none-any.whl"),
    ]
    alone.works = False
    assert "Upload the file" in run_cell()


def test_an_assigned_chapter_has_one_form_and_an_exam_none() -> None:
    raw = NOTEBOOKS[0].read_bytes()
    content = json.loads(raw)
    assert json.loads(with_hand_in(raw, "Words.")) == content
    content["cells"] = content["cells"][:-2]
    assigned = json.loads(with_hand_in(json.dumps(content).encode(), "Words."))["cells"]
    assert text(assigned[-2]) == "## Hand in\n\nWords."
    assert "submit()" in text(assigned[-1])
    exam = json.loads(without_questions(raw))["cells"]
    assert not [cell for cell in exam if "submit" in text(cell) or "## Hand in" in text(cell)]


def shown(notebook: Any) -> str:
    parts: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            parts += [str(output.get("data", {})), output.get("text", "")]
    return "\n".join(parts)


def test_chapter_14_shows_our_points_after_the_student_s_own(tmp_path: Path) -> None:
    path = chapters(COURSE)[-1].notebook
    names = [cell["id"] for cell in cells_of(path)]
    judged = names.index("judge")
    before = "\n".join(text(cell) for cell in cells_of(path)[: judged + 1])
    assert "What we think" not in before
    assert "1, 2, 1, 2" not in before
    for own in (False, True):
        notebook = nbformat.read(path, as_version=4)
        if own:
            cell = next(cell for cell in notebook.cells if cell.id == "judge")
            zeros, given = "[0, 0, 0]", "[0, 1, 1]"
            assert zeros in cell.source
            cell.source = cell.source.replace(zeros, given, 1)
        NotebookClient(
            notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}
        ).execute()
        said = shown(notebook)
        assert ("How many points do we give" in said) is own
        assert ("Our points appear here" in said) is not own
