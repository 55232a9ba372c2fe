"""Every command, in a student's installation and on any console: a sentence, never a traceback."""

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from environment import ROOT
from every_command import commands
from packaging.requirements import Requirement

from pfp_course.cli import app, plain_letters

# What a book or a class needs and a student's installation lacks.
EXTRAS = [
    *("sphinx", "jupyter_book", "myst_nb", "myst_parser", "docutils", "frictionless", "httpx"),
    *("pikepdf", "PIL", "sphinxcontrib", "pybtex", "nbgrader", "distributed", "playwright", "bs4"),
]
OF_THE_BOOK = {"build", "serve", "publish", "links", "slides"}


def run_all(folder: Path, encoding: str, what: str) -> list[dict[str, Any]]:
    result = folder / "result.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "run_every_command.py"), str(result), what, *EXTRAS],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "100", "TERM": "dumb"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    found: list[dict[str, Any]] = json.loads(result.read_text(encoding="utf-8"))
    return found


def test_in_a_student_s_installation_each_command_works_or_says_what_it_needs(
    tmp_path: Path,
) -> None:
    runs = run_all(tmp_path, "utf-8", "all")
    assert len(runs) > 2 * len(list(commands(app)))
    for run in runs:
        what = (run["words"], run["said"][-600:], run["trace"][-1500:])
        assert run["trace"] == "", what
        assert run["code"] in (0, 1, 2), what
        assert "Traceback" not in run["said"], what
        words = run["words"]
        if words[0] in OF_THE_BOOK and "--help" not in words:
            said = " ".join(run["said"].split())
            assert run["code"] == 1, what
            assert said.startswith(f"Error: pfp {words[0]} is for authors and publishers:"), what
            assert "needs a clone of the project" in said, what
            assert f'{sys.executable} -m pip install -e ".[book]"' in said, what
        if words == ["doctor"]:
            assert run["code"] == 0, what
            assert "building the book" not in run["said"], what


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "cp437", "ascii", "latin-1"])
def test_on_any_console_no_letter_is_an_error(encoding: str, tmp_path: Path) -> None:
    for run in run_all(tmp_path, encoding, "quick"):
        what = (run["words"], run["said"][-600:], run["trace"][-1500:])
        assert run["trace"] == "", what
        assert "Traceback" not in run["said"], what
        assert run["said"].strip(), what


def test_plain_letters_keep_what_can_be_read() -> None:
    assert plain_letters("\u201cHand in\u201d \u2026 \u2713 \u2192") == '"Hand in" ... v ->'
    assert plain_letters("\u250f\u2501\u2513\u2502") == "+-+|"
    assert plain_letters("caf\u00e9 \u049a") == "cafe ?"


NEEDED = sorted(
    {
        Requirement(line).name.replace("-", "_").lower()
        for line in metadata.requires("pfp-course") or []
        if "extra" not in line
    }
)


@pytest.mark.parametrize("module", ["rich", "packaging", "pydantic", "typer", "jupyter_client"])
def test_the_doctor_survives_without_any_library(module: str, tmp_path: Path) -> None:
    done = doctor_without(module, tmp_path)
    assert "Traceback" not in done.stderr, done.stderr
    assert sys.executable in done.stdout
    if module != "jupyter_client":
        assert done.returncode == 1
        assert f"{module}: {sys.executable} -m pip install --force-reinstall" in done.stdout


def test_the_doctor_survives_without_all_libraries_at_once(tmp_path: Path) -> None:
    modules = [{"pyyaml": "yaml"}.get(name, name) for name in NEEDED]
    done = doctor_without(",".join(modules), tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr, done.stderr
    for name in modules:
        assert "cannot be imported" in done.stdout, name


def test_another_command_without_a_library_names_the_mend(tmp_path: Path) -> None:
    done = doctor_without("rich", tmp_path, "start")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Error: pfp cannot start" in done.stderr
    assert f"rich: {sys.executable} -m pip install" in done.stderr


def doctor_without(
    modules: str, folder: Path, command: str = "doctor"
) -> "subprocess.CompletedProcess[str]":
    code = (
        "import sys\n"
        f"for name in {modules.split(',')!r}: sys.modules[name] = None\n"
        f"sys.argv = ['pfp', {command!r}]\n"
        "from pfp_course.cli import app\napp()"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
