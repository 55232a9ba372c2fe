"""In a real formgrader, and in nbgrader's pages of feedback, nothing of a student's acts."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from code_grading.conftest import LIMITS, metadata, nbgrader, source
from code_grading.payloads import HTML, MARKDOWN, displaying, with_metadata
from nbgrader.api import Gradebook

from pfp_course.code_grading.batch import grade_notebooks
from pfp_course.code_grading.nbgrader_course import open_course
from pfp_course.code_grading.sandbox import Limits

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page, Request, Route

pytestmark = pytest.mark.slow
NAME = "sums"
ROOMY = Limits(**{**LIMITS.as_dict(), "cell": 60, "notebook": 120, "output": 20})


@dataclass
class Teacher:
    """A running Jupyter with the formgrader, and the gradebook that it shows."""

    course: Path
    address: str

    def page_of(self, student: str) -> str:
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "") as gradebook:
            held = gradebook.find_submission_notebook(NAME, NAME, student)
            return f"{self.address}/formgrader/submissions/{held.id}/"

    def terminals(self) -> list[Any]:
        with urllib.request.urlopen(f"{self.address}/api/terminals", timeout=20) as reply:
            return list(json.load(reply))


def essay(place: int, text: str) -> Any:
    """Return a written answer with its points, as the source has it, and its text."""
    cell: Any = nbformat.v4.new_markdown_cell("YOUR ANSWER HERE", id=f"essay-{place}")
    name = "essay" if not place else f"essay-{place}"
    more = {"grade": True, "solution": True, "locked": False, "points": 1}
    cell.metadata.update(metadata(name, "markdown", **more))
    cell.metadata["text"] = text
    return cell


@pytest.fixture(scope="module")
def teacher(walls: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teacher]:
    root = tmp_path_factory.mktemp("teacher")
    course = root / "course"
    written = [essay(place, text) for place, text in enumerate(MARKDOWN)]
    notebook = source()
    notebook.cells += written
    for cell in written:
        cell.metadata.pop("text")
    (course / "source" / NAME).mkdir(parents=True)
    nbformat.write(notebook, course / "source" / NAME / f"{NAME}.ipynb")
    (course / "nbgrader_config.py").write_text(
        'c = get_config()\nc.ClearSolutions.code_stub = {"python": "answer = ..."}\n'
    )
    nbgrader("generate_assignment", NAME, cwd=course)
    _hand_in(course)
    grade_notebooks(open_course(course), [], course / "out", limits=ROOMY)
    nbgrader("generate_feedback", NAME, cwd=course)
    _unsafe(course)
    with _jupyter(course, root) as address:
        yield Teacher(course, address)


def _answered(course: Path) -> Any:
    notebook = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    texts = iter(MARKDOWN)
    for cell in notebook.cells:
        held = cell.metadata.get("nbgrader", {})
        if held.get("grade") and held.get("solution"):
            cell.source = next(texts)
            cell["attachments"] = {
                "drawing.svg": {"image/svg+xml": HTML[4]},
                "a.png": {HTML[0]: ""},
            }
    answers = [cell for cell in notebook.cells if cell.source == "answer = ..."]
    answers[0].source = f"{displaying()}answer = 6"
    answers[
        1
    ].source = f"answer = [3, 2, 1]\nclass {'X' * 3}(Exception): pass\nraise XXX({HTML[0]!r})"
    return notebook


def _hand_in(course: Path) -> None:
    plain = _answered(course)
    hidden = _answered(course)
    with_metadata(hidden)
    lost = _answered(course)
    for cell in lost.cells:
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "markdown" and "<" in cell.source:
            cell.cell_type = "raw"
            cell.pop("attachments", None)
    for student, notebook in {"mallory": plain, "hidden": hidden, "lost": lost}.items():
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{NAME}.ipynb")
        (folder / "evil.html").write_text(HTML[2], encoding="utf-8")
        (folder / "evil.svg").write_text(HTML[4], encoding="utf-8")
        (folder / "nbgrader_config.py").write_text("raise SystemExit", encoding="utf-8")
    for student, text in {"broken": HTML[0] * 3, "empty": ""}.items():
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(text, encoding="utf-8")


def _unsafe(course: Path) -> None:
    """Lay down one notebook as nbgrader alone would, to show that the payloads work."""
    unsafe = course / "autograded" / "unsafe" / NAME
    unsafe.mkdir(parents=True)
    notebook = nbformat.read(course / "autograded" / "mallory" / NAME / f"{NAME}.ipynb", 4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "essay":
            cell.source = MARKDOWN[0]
    nbformat.write(notebook, unsafe / f"{NAME}.ipynb")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "") as gradebook:
        gradebook.update_or_create_student("unsafe")
        gradebook.update_or_create_submission(NAME, "unsafe")


@contextlib.contextmanager
def _jupyter(course: Path, root: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wanted = {"nbgrader.server_extensions.formgrader": True, "jupyter_server_terminals": True}
    folders = {f"JUPYTER_{name}_DIR": str(root / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    beside = str(Path(sys.executable).parent)
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser"),
            *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1"),
            f"--ServerApp.root_dir={course}",
            f"--ServerApp.jpserver_extensions={wanted}",
            "--IdentityProvider.token=",
        ],
        cwd=course,
        env={**os.environ, **folders, "HOME": str(root), "PATH": f"{beside}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
        stderr=(root / "server.log").open("w"),
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 90
        while not _answers(f"{address}/api"):
            assert server.poll() is None, (root / "server.log").read_text()[-3000:]
            assert time.monotonic() < deadline, "Jupyter did not start"
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
        return True
    return False


@dataclass
class Watched:
    """A page that notes all that it asks for, and every dialog."""

    page: "Page"
    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture
def watched(chromium: "Browser") -> Iterator[Watched]:
    context = chromium.new_context(accept_downloads=False)
    page = context.new_page()
    told = Watched(page)

    def ask(route: "Route", request: "Request") -> None:
        told.asked.append(f"{request.method} {request.url}")
        if "127.0.0.1:1/" in request.url or not request.url.startswith(("http://127.", "file:")):
            route.abort()
        else:
            route.continue_()

    def dismiss(dialog: "Dialog") -> None:
        told.dialogs.append(dialog.message)
        dialog.dismiss()

    page.route("**/*", ask)
    page.on("dialog", dismiss)
    yield told
    context.close()


def _touch_everything(page: "Page") -> None:
    """Press and hover over all that a student put there, without leaving the page."""
    page.wait_for_timeout(1500)
    page.evaluate(
        """() => {
          const mine = '.rendered_html, .output, .output_area, .input_area'
          for (const part of document.querySelectorAll(mine))
            for (const one of [part, ...part.querySelectorAll('*')]) {
              for (const kind of ['mouseover', 'mousemove', 'focus', 'toggle', 'mousedown'])
                one.dispatchEvent(new Event(kind, {bubbles: true}))
              if (one.tagName !== 'A' && one.tagName !== 'BUTTON') one.click?.()
            }
        }"""
    )
    page.wait_for_timeout(1500)


def _links(page: "Page") -> list[str]:
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.rendered_html a, .output a, .output_area a')]"
        ".map(one => one.getAttribute('href')).filter(href => href !== null)"
    )
    return found


_ACTIVE = (
    "script, iframe, object, embed, form, base, meta, link, style, svg, math, video, audio, "
    "template, textarea, button, select, input:not([type=checkbox]), [id='test-one'], "
    ".nbgrader_cell, .score, [srcset], [data-link], [style*=position]"
)


def _acting(page: "Page") -> list[str]:
    """Return tags inside a student's text that act, or that take the place of the page's own."""
    found: list[str] = page.evaluate(
        f"""() => [...document.querySelectorAll('.rendered_html, .output_area, .output_text')]
          .flatMap(part => [...part.querySelectorAll(`{_ACTIVE}`), ...part.querySelectorAll('*')])
          .filter((one, place, all) => all.indexOf(one) === place)
          .filter(one => one.matches(`{_ACTIVE}`)
            || [...one.attributes].some(held => held.name.startsWith('on')))
          .map(one => one.outerHTML.slice(0, 120))"""
    )
    return found


def _is_quiet(watched: Watched) -> None:
    assert watched.dialogs == []
    assert watched.page.evaluate("() => window.PWNED") is None
    assert not [one for one in watched.asked if "pwned" in one or "terminals" in one]
    assert _acting(watched.page) == []
    for link in _links(watched.page):
        assert link.startswith(("#", "https://", "http://", "mailto:")), link
        assert not any(part in link for part in ("127.", "localhost", "0x7f")), link


def test_the_payloads_work_where_nothing_is_made_inert(teacher: Teacher, watched: Watched) -> None:
    watched.page.goto(teacher.page_of("unsafe"), wait_until="domcontentloaded")
    watched.page.wait_for_function("() => window.PWNED === 1", timeout=20_000)


@pytest.mark.parametrize("student", ["mallory", "hidden", "lost", "broken", "empty"])
def test_nothing_acts_in_the_formgrader(teacher: Teacher, watched: Watched, student: str) -> None:
    before = teacher.terminals()
    page = watched.page
    page.goto(teacher.page_of(student), wait_until="domcontentloaded")
    page.wait_for_selector("#essay")
    _touch_everything(page)
    _is_quiet(watched)
    assert teacher.terminals() == before
    if student in ("mallory", "hidden"):
        # What was written is there to be read, and each field belongs to its own cell.
        text = page.inner_text("#notebook").replace("\N{WORD JOINER}", "")
        assert HTML[0] in text
        for name in ("essay", "test-one", "test-two"):
            assert page.locator(f"[id='{name}']").count() == 1
    if student == "lost":
        assert HTML[0] in page.inner_text("#notebook").replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize("student", ["mallory", "hidden", "lost", "broken", "empty"])
def test_nothing_acts_in_the_pages_of_feedback(
    teacher: Teacher, watched: Watched, student: str
) -> None:
    path = teacher.course / "feedback" / student / NAME / f"{NAME}.html"
    watched.page.goto(path.as_uri(), wait_until="domcontentloaded")
    _touch_everything(watched.page)
    _is_quiet(watched)


@pytest.mark.parametrize("name", ["evil.html", "evil.svg", "nbgrader_config.py"])
def test_files_beside_a_notebook_are_served_as_text(
    teacher: Teacher, watched: Watched, name: str
) -> None:
    folder = teacher.course / "autograded" / "mallory" / NAME
    held = [path.name for path in folder.iterdir() if path.name.startswith(name)]
    assert held == ([name] if name.endswith(".py") else [f"{name}.txt"])
    submitted = teacher.course / "submitted" / "mallory" / NAME / name
    assert submitted.is_file(), "the student's own file is kept as it is"


def test_the_teacher_is_told_in_one_line(teacher: Teacher) -> None:
    report = (teacher.course / "out" / "report.csv").read_text(encoding="utf-8")
    lines = [line for line in report.splitlines() if "made inert" in line]
    assert [line.split(",")[1] for line in lines] == ["hidden", "lost", "mallory"]
    assert "submitted/mallory/sums" in report
    assert shutil.which("bwrap")
