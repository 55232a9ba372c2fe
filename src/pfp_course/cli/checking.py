"""``pfp check``: every problem of the data, the questions and the notebooks at once."""

import tempfile
from collections.abc import Callable
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import track

from pfp_course.content import data_dir, notebooks_dir
from pfp_course.errors import CourseError

__all__ = ["Part", "check"]


class Part(StrEnum):
    """What can be checked."""

    data = "data"
    questions = "questions"
    notebooks = "notebooks"


def check(console: Console, parts: list[Part], folder: Path | None, *, run: bool) -> None:
    """Print all problems of the parts and exit with 1 if there are any."""
    data = folder / "data" if folder else data_dir()
    notebooks = folder / "notebooks" if folder else notebooks_dir()
    for path in (data, notebooks):
        if not path.is_dir():
            raise CourseError(f"There is no folder {path}. Name a project: pfp check --folder DIR")
    _require(Part.data in parts, "frictionless")
    _require(run, "nbclient")
    checks: dict[Part, Callable[[], tuple[int, list[str]]]] = {
        Part.data: lambda: _data(data),
        Part.questions: lambda: _questions(data / "questions"),
        Part.notebooks: lambda: _notebooks(console, notebooks, data / "questions", run=run),
    }
    total = 0
    for part in parts:
        count, problems = checks[part]()
        total += len(problems)
        for problem in problems:
            console.print(problem, markup=False, highlight=False, soft_wrap=True)
        verdict = "[green]ok[/]" if not problems else f"[red]{len(problems)} to mend[/]"
        console.print(f"{part}: {count} files, {verdict}", highlight=False)
    if total:
        raise typer.Exit(1)


def _require(wanted: bool, library: str) -> None:
    if wanted and find_spec(library) is None:
        raise CourseError(
            f"This check needs the library {library}. In the clone, run: "
            'python -m pip install -e ".[book]"'
        )


def _data(folder: Path) -> tuple[int, list[str]]:
    from pfp_course.data.validation import validate

    return len(list(folder.glob("*.csv"))), validate(folder)


def _questions(folder: Path) -> tuple[int, list[str]]:
    from pfp_course.questions import check_bank

    banks = sorted(folder.glob("*.yml"))
    return len(banks), [str(problem) for bank in banks for problem in check_bank(bank)]


def _notebooks(
    console: Console, folder: Path, questions: Path, *, run: bool
) -> tuple[int, list[str]]:
    from pfp_course.chapters.checks import check_notebook, run_notebook

    paths = sorted(folder.glob("*.ipynb"))
    problems = [
        problem
        for path in paths
        for problem in check_notebook(path, questions / f"{path.name[:2]}.yml")
    ]
    if run:
        with tempfile.TemporaryDirectory() as elsewhere:
            for path in track(paths, "running notebooks", console=console, transient=True):
                problems += run_notebook(path, Path(elsewhere))
    return len(paths), problems
