"""The course's wheel, from a clone and from an installed course: the same, and it works."""

import base64
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import COURSE
from nbclient import NotebookClient

from pfp_course import __version__
from pfp_course.assignments.assignment import AssignmentRequest, assign
from pfp_course.assignments.handout import handout
from pfp_course.assignments.wheel import course_wheel
from pfp_course.chapters import chapter, chapters

ASKED = """
import base64, json, sys
from pfp_course import __file__ as place, quiz
from pfp_course.chapters import chapters
from pfp_course.assignments.wheel import course_wheel
from pfp_course.course import default_course, source_tree
from pfp_course.errors import CourseError
course = default_course()
answer = {"place": place, "clone": source_tree() is not None, "chapters": len(chapters(course))}
try:
    answer["quiz"] = str(quiz("02"))[:40]
except CourseError as error:
    answer["quiz"] = str(error)
try:
    name, content = course_wheel(course, exam="exam" in sys.argv)
    answer |= {"name": name, "wheel": base64.b64encode(content).decode()}
except CourseError as error:
    answer["error"] = str(error)
print(json.dumps(answer))
"""


def installed(wheel: tuple[str, bytes], folder: Path) -> Path:
    """Install a wheel as pip does, into a folder of its own, without its dependencies."""
    file = folder / wheel[0]
    file.write_bytes(wheel[1])
    target = folder / "site"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--disable-pip-version-check", "--target", str(target), str(file)),
        ],
        check=True,
        capture_output=True,
    )
    return target


def ask(target: Path, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", ASKED, *words],
        env={**os.environ, "PYTHONPATH": str(target)},
        cwd=target.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["place"].startswith(str(target)), "the installed course was asked"
    assert answer["clone"] is False
    return answer


@pytest.fixture(scope="module")
def wheel() -> tuple[str, bytes]:
    return course_wheel(COURSE)


@pytest.mark.slow
def test_an_installed_course_gives_the_wheel_that_it_came_from(
    wheel: tuple[str, bytes], tmp_path: Path
) -> None:
    target = installed(wheel, tmp_path)
    answer = ask(target)
    assert answer["name"] == wheel[0] == f"pfp_course-{__version__}-py3-none-any.whl"
    assert base64.b64decode(answer["wheel"]) == wheel[1]
    assert "Questions on chapter 2" in answer["quiz"]
    exam = ask(target, "exam")
    assert (exam["name"], base64.b64decode(exam["wheel"])) == course_wheel(COURSE, exam=True)


@pytest.mark.slow
def test_the_course_of_an_exam_can_be_installed_and_asks_no_question_of_its_own(
    tmp_path: Path,
) -> None:
    answer = ask(installed(course_wheel(COURSE, exam=True), tmp_path), "exam")
    assert answer["chapters"] == len(chapters(COURSE))
    assert "belongs to an exam" in answer["quiz"]
    # And it does not pass for the course.
    assert "the copy that came with an exam will not do" in answer["error"]


@pytest.mark.slow
def test_an_installed_file_that_was_changed_is_not_handed_on(
    wheel: tuple[str, bytes], tmp_path: Path
) -> None:
    target = installed(wheel, tmp_path)
    bank = target / "pfp_course" / "_content" / "data" / "questions" / "03.yml"
    bank.write_text(bank.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    answer = ask(target)
    assert "03.yml is missing or was changed" in answer["error"]


def test_what_an_installer_wrote_for_this_computer_stays_here(wheel: tuple[str, bytes]) -> None:
    for name, content in (wheel, course_wheel(COURSE, exam=True)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            version = name.split("-")[1]
            info = f"pfp_course-{version}.dist-info/"
            assert all(one.startswith(("pfp_course/", info)) for one in names)
            left = ("direct_url.json", "INSTALLER", ".pyc", "REQUESTED")
            assert not [one for one in names if one.endswith(left)]
            metadata = archive.read(f"{info}METADATA").decode()
            assert f"\nVersion: {version}\n" in metadata
            rows = csv.reader(io.StringIO(archive.read(f"{info}RECORD").decode()))
            listed = {row[0]: row[1:] for row in rows}
            assert set(listed) == set(names)
            for one in set(names) - {f"{info}RECORD"}:
                raw = archive.read(one)
                digest = base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=")
                assert listed[one] == [f"sha256={digest.decode()}", str(len(raw))]


@pytest.mark.slow
def test_the_notebooks_of_an_exam_run_with_what_its_zip_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = Path(__file__).with_name("exam.yml")
    request = AssignmentRequest(
        (chapter("3", COURSE),), "2090-02-15", mode="exam", seed_by="student", banks=(exam,)
    )
    content = handout(assign(request, COURSE))
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, raw in content.items():
        (folder / name).write_bytes(raw)
    wheel = next(name for name in content if name.endswith(".whl"))
    target = installed((wheel, content[wheel]), tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(target))
    for name in ("exam.ipynb", "03-three-paths.ipynb"):
        notebook = nbformat.read(folder / name, as_version=4)
        place = "import pfp_course\nprint(pfp_course.__file__)"
        notebook.cells.append(nbformat.v4.new_code_cell(place))
        resources = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
        shown = json.dumps(notebook)
        assert str(target) in shown, "the course of the zip was used"
        assert "ZEBRA" not in shown
        if name == "exam.ipynb":
            assert "Before you begin" in shown
            assert "Hand in: Chapter 3" in shown
