"""What `pfp build` makes, makes again, keeps and refuses."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import psutil
import pytest
from environment import ROOT

from pfp_course.cli.build import is_current

pytestmark = pytest.mark.slow

CELL: dict[str, Any] = {
    "cell_type": "code",
    "id": "sum",
    "metadata": {},
    "outputs": [],
    "execution_count": None,
}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book, built once."""
    folder = tmp_path_factory.mktemp("first") / "project"
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "book" / "assets", folder / "book" / "assets")
    (folder / "notebooks").mkdir()
    (folder / "_config.yml").write_text(settings)
    shutil.copy(ROOT / "course.toml", folder)
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: other\n- file: refs\n"
        "- file: notebooks/01-sum\n"
    )
    (folder / "index.md").write_text("# First\n\nA fact [@wiki_pfp].\n")
    (folder / "other.md").write_text("# Other\n\nText.\n")
    (folder / "refs.md").write_text("# References\n\n```{references}\n```\n")
    write_notebook(folder, "print('made of', {'b', 'a', 'c'})")
    result = build(folder)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """The small book, as it was built."""
    # With its times: a file that is older or younger would be a change.
    shutil.copytree(first, tmp_path / "project", copy_function=shutil.copy2)
    return tmp_path / "project"


def write_notebook(folder: Path, code: str) -> None:
    opening = {
        "cell_type": "markdown",
        "id": "opening",
        "metadata": {},
        "source": "# 1. Sum\n\n*So.*",
    }
    notebook = {
        "cells": [opening, {**CELL, "source": code}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / "notebooks" / "01-sum.ipynb").write_text(json.dumps(notebook))


def build(folder: Path, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()", "build"]
    return subprocess.run(
        [*command, str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env={**os.environ, **variables},
    )


def pages(folder: Path) -> dict[str, str]:
    """The built files by name, as digests."""
    html = folder / "_build" / "html"
    return {
        str(path.relative_to(html)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(html.rglob("*"))
        if path.is_file()
    }


def page(folder: Path, name: str) -> str:
    return (folder / "_build" / "html" / name).read_text(encoding="utf-8")


def test_what_has_not_changed_is_not_built_again(project: Path) -> None:
    # Copied to another folder, it is another book.
    assert "The book is ready" in build(project).stdout
    assert "Nothing has changed" in build(project).stdout
    assert is_current(project)
    (project / "_build" / "html" / "other.html").write_text("damaged")
    assert not is_current(project), "what tests look at must be the book of these sources"
    result = build(project)
    assert result.returncode == 0, result.stdout
    assert "Text." in page(project, "other.html"), "a page that was damaged is put back"
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('loaded', *sys.modules))\n"
        "from pfp_course.cli import app; app()"
    )
    command = [sys.executable, "-c", code, "build", str(project)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Nothing has changed" in told
    loaded = set(told.partition("loaded ")[2].split())
    assert "pfp_course.cli.build" in loaded
    heavy = {"bs4", "jupyter_book", "matplotlib", "nbformat", "pandas", "sphinx"}
    assert not heavy & loaded, "what says that nothing has changed waits for no library of the book"


def test_a_change_of_prose_gives_what_a_fresh_build_gives(project: Path) -> None:
    (project / "other.md").write_text("# Another title\n\nA fact [@wh_pfp_1994], said otherwise.\n")
    result = build(project)
    assert result.returncode == 0, result.stdout
    assert "Another title" in page(project, "index.html"), "the list of pages names it"
    changed = pages(project)
    assert build(project, "--fresh", "--workers", "1").returncode == 0
    assert pages(project) == changed


def test_a_page_that_is_no_longer_made_is_no_longer_there(project: Path) -> None:
    assert (project / "_build" / "html" / "other.html").is_file()
    (project / "other.md").unlink()
    toc = (project / "_toc.yml").read_text().replace("- file: other\n", "")
    (project / "_toc.yml").write_text(toc)
    assert build(project).returncode == 0
    assert not (project / "_build" / "html" / "other.html").exists()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("other.md", "# Other\n\n[There](nowhere.md)\n", "nowhere.md"),
        ("_config.yml", "title: [\n", "_config.yml"),
        ("_toc.yml", "format: jb-book\nroot: nowhere\n", "nowhere"),
    ],
)
def test_what_was_built_stays_until_a_new_book_is_whole(
    project: Path, name: str, text: str, told: str
) -> None:
    before = pages(project)
    (project / name).write_text(text)
    for _ in range(2):
        # Twice: what is wrong is told again, though all else is known.
        result = build(project)
        assert result.returncode == 1, result.stdout
        assert told in result.stdout + result.stderr
        assert pages(project) == before


def test_a_cell_that_fails_is_named_with_its_line_and_cause(project: Path) -> None:
    write_notebook(project, "a = 1\nb = a / 0")
    result = build(project)
    assert result.returncode == 1
    said = " ".join((result.stdout + result.stderr).split())
    assert "notebooks/01-sum.ipynb: cell 'sum', line 2: ZeroDivisionError" in said
    assert "The line is `b = a / 0`." in said
    write_notebook(project, "print('mended')")
    assert build(project).returncode == 0
    assert "mended" in page(project, "notebooks/01-sum.html")


def test_another_address_is_another_book(project: Path) -> None:
    assert build(project, "--base", "https://example.org/course/").returncode == 0
    assert "https://example.org/course/" in page(project, "index.html")
    assert build(project).returncode == 0
    assert "https://example.org" not in page(project, "index.html")


def test_a_build_that_is_stopped_leaves_the_book_and_no_process(project: Path) -> None:
    before = pages(project)
    write_notebook(project, "open('begun', 'w').close()\nwhile True: pass")
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()", "build", str(project)]
    process = psutil.Popen(
        command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    begun = project / "notebooks" / "begun"
    while not begun.exists():
        assert process.poll() is None, process.stdout.read()
        time.sleep(0.2)
    started = process.children(recursive=True)
    assert started
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=120)
    assert process.returncode != 0
    assert b"Traceback" not in output
    _, alive = psutil.wait_procs(started, timeout=60)
    assert not alive
    assert pages(project) == before
