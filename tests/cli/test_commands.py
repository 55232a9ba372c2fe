import shutil
import socket
import subprocess
import sys
import webbrowser
from importlib import metadata
from pathlib import Path
from queue import Queue
from threading import Thread
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

import pfp_course
from pfp_course.cli import app, installation, serve
from pfp_course.cli.build import project_root
from pfp_course.cli.doctor import groups
from pfp_course.course import default_course
from pfp_course.errors import CourseError

RUN = CliRunner()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(default_course().data, tmp_path / "data")
    shutil.copytree(default_course().notebooks, tmp_path / "notebooks")
    shutil.copy(default_course().root / "course.toml", tmp_path)
    return tmp_path


def test_help_names_every_command_and_who_begins_where() -> None:
    text = RUN.invoke(app, ["--help"]).output
    for word in ("start", "build", "serve", "check", "doctor", "Students begin with"):
        assert word in text


@pytest.mark.parametrize("command", ["start", "build", "serve", "check", "doctor"])
def test_each_command_explains_itself(command: str) -> None:
    result = RUN.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output) > 200


def test_the_version_is_shown() -> None:
    assert pfp_course.__version__ in RUN.invoke(app, ["--version"]).output


def test_an_error_is_one_message_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from pfp_course.cli import app; app()", "build", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Error:" in done.stderr
    assert "not in a clone of the project" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_finds_the_course_in_order() -> None:
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 0, result.output
    for part in ("data", "questions", "notebooks"):
        assert f"{part}: " in result.output


def test_check_lists_problems_of_all_three_parts_at_once(copy: Path) -> None:
    table = copy / "data" / "signatories.csv"
    table.write_text(table.read_text("utf-8").replace("1994-01-27", "1994-01-99"), "utf-8")
    bank = copy / "data" / "questions" / "01.yml"
    bank.write_text(bank.read_text("utf-8").replace("kind: single", "kind: singel", 1), "utf-8")
    notebook = copy / "notebooks" / "02-thirty-four-signatures.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("[@", "[@no_such_", 1), "utf-8")
    result = RUN.invoke(app, ["check", "--folder", str(copy)])
    assert result.exit_code == 1
    for word in ("signatories.csv:3", "01.yml:", "singel", "no_such_", "to mend"):
        assert word in result.output, result.output


def test_check_says_when_the_folder_is_no_project(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["check", "--folder", str(tmp_path)])
    assert isinstance(result.exception, (CourseError, SystemExit))
    assert result.exit_code == 1


def test_doctor_finds_this_computer_able_to_run_the_notebooks() -> None:
    result = RUN.invoke(app, ["doctor"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "can be run on this computer" in result.output


def test_doctor_names_the_command_that_mends_a_missing_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    finding = next(item for item in installation.findings() if item.subject == "pandas")
    assert finding.found == "not installed"
    assert 'pip install "pandas' in finding.mend
    assert finding.blocks_students


def test_doctor_shows_what_each_group_of_libraries_takes() -> None:
    result = RUN.invoke(app, ["doctor", "--sizes"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    rows = {line.split("│")[0].strip(): line.split("│") for line in result.output.splitlines()}
    for name, library in (("the course", "pandas"), ("book", "sphinx"), ("dev", "playwright")):
        assert library in rows[name][4]
        assert int(rows[name][3]) > 5
    measured = groups()
    names = [name for group in measured for name in group.sizes]
    assert len(names) == len(set(names)), "no library counts twice"
    assert "sphinx" not in measured[0].sizes, "a student installs nothing that builds the book"
    total = sum(group.bytes for group in measured) / 1e6
    assert f"Together {total:.0f} MB" in result.output


def test_doctor_says_which_group_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = [one for one in metadata.distributions() if one.name != "nbgrader"]
    monkeypatch.setattr(metadata, "distributions", lambda: installed)
    assert [group.extra for group in groups() if group.missing] == ["classroom"]


def test_serve_builds_the_book_first_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_config.yml", "_toc.yml"):
        (tmp_path / name).touch()

    def build(folder: Path, *, fresh: bool) -> None:
        raise CourseError(f"built {folder.name}")

    monkeypatch.setattr(serve, "build", build)
    with pytest.raises(CourseError, match=f"built {tmp_path.name}"):
        serve.serve(tmp_path, 0, open_page=False)


def test_serve_names_a_free_port_when_the_port_is_taken(tmp_path: Path) -> None:
    served = _project_with_book(tmp_path)
    server = socket.create_server(("127.0.0.1", 0))
    with pytest.raises(CourseError, match="pfp serve --port 0"):
        serve.serve(served, server.getsockname()[1], open_page=False)
    server.close()


def test_serve_shows_the_book_on_this_computer_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Queue[str] = Queue()
    monkeypatch.setattr(webbrowser, "open", seen.put)
    folder = _project_with_book(tmp_path)
    Thread(target=serve.serve, args=(folder, 0), kwargs={"open_page": True}, daemon=True).start()
    address = seen.get(timeout=60)
    assert address.startswith("http://127.0.0.1:")
    assert urlopen(address).read() == b"the book"


def test_the_project_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    project = _project_with_book(tmp_path)
    (project / "book" / "deep").mkdir(parents=True)
    assert project_root(project / "book" / "deep") == project


def _project_with_book(folder: Path) -> Path:
    html = folder / "_build" / "html"
    html.mkdir(parents=True)
    (html / "index.html").write_bytes(b"the book")
    for name in ("_config.yml", "_toc.yml"):
        (folder / name).touch()
    return folder


SWALLOWED = """
import os, signal, time, weakref
from pfp_course.cli import keep_interrupts
keep_interrupts()
class Thing: pass
def gone(_):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)
thing = Thing()
reference = weakref.ref(thing, gone)
del thing
try:
    time.sleep(20)
    print("lost")
except KeyboardInterrupt:
    print("heard")
"""


def test_ctrl_c_in_a_callback_of_a_weak_reference_is_not_lost() -> None:
    told = subprocess.run([sys.executable, "-c", SWALLOWED], capture_output=True, text=True)
    assert (told.stdout.split(), told.stderr) == (["heard"], "")


BETWEEN = """
import os, signal, sys
from pfp_course.cli import app
def importing(name):
    os.kill(os.getpid(), signal.SIGINT)
sys.modules["pfp_course.cli.app"].import_module = importing
app(["grade"])
"""


def test_ctrl_c_while_a_command_is_loaded_says_that_it_was_heard() -> None:
    told = subprocess.run([sys.executable, "-c", BETWEEN], capture_output=True, text=True)
    assert (told.returncode, told.stdout + told.stderr) == (130, "Stopped.\n")
