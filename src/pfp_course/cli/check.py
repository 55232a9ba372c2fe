"""``pfp check``: every problem of data, questions, notebooks and pages at once."""

import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.progress import track

from pfp_course.cli.app import out, say
from pfp_course.cli.build import run_sphinx
from pfp_course.cli.installation import need_libraries
from pfp_course.course import Course, default_course, read_course
from pfp_course.errors import CourseError
from pfp_course.files import json_or, merge_marks, source_files

__all__ = ["command", "run_notebooks"]

_PATIENCE = 180  # seconds for a notebook, as the build gives it


class Part(StrEnum):
    """What can be checked."""

    data = "data"
    questions = "questions"
    notebooks = "notebooks"
    pages = "pages"


def _data(folder: Path) -> tuple[int, list[str]]:
    from pfp_course.data.validation import validate

    described = [*folder.glob("*.csv"), folder / "datapackage.json"]
    return len(described) - 1, [*merge_marks(sorted(described)), *validate(folder)]


def _questions(course: Course) -> tuple[int, list[str]]:
    from pfp_course.questions import check_bank

    banks = sorted(course.questions.glob("*.yml"))
    problems = [str(problem) for bank in banks for problem in check_bank(bank, course)]
    return len(banks), [*merge_marks(banks), *problems]


def _notebooks(course: Course, *, run: bool) -> tuple[int, list[str]]:
    from pfp_course.chapters.checks import check_notebook

    paths = sorted(course.notebooks.glob("*.ipynb"))
    problems = merge_marks(paths)
    problems += [
        problem
        for path in paths
        for problem in check_notebook(path, course.bank(path.name[:2]), course)
    ]
    problems += _addresses(course.root / "_config.yml", paths)
    if run:
        problems += run_notebooks(course, paths)
    return len(paths), problems


def run_notebooks(course: Course, paths: list[Path]) -> list[str]:
    """Run notebooks as the build does, each from top to bottom; return where they fail."""
    from pfp_course.chapters.execution import Executor, available_workers

    with tempfile.TemporaryDirectory(prefix="pfp-check-") as memory:
        executor = Executor(
            course.root, Path(memory), workers=available_workers(), timeout=_PATIENCE
        )
        try:
            executor.submit(paths)
            done = (
                executor.outputs(path)
                for path in track(paths, "running notebooks", console=out, transient=True)
            )
            return [f"{course.root}/{outputs.error}" for outputs in done if outputs.error]
        finally:
            executor.close()


def _pages(course: Course) -> tuple[int, list[str]]:
    """Look the pages of the book through as the build does, and run no notebook."""
    from pfp_course.sphinx_ext.cite_this import citation_faults
    from pfp_course.sphinx_ext.settings import missing_pages, setting_faults

    root = course.root
    if not (root / "_toc.yml").is_file():
        return 0, []  # a course that was installed: its book is elsewhere
    seen = {course.data, course.notebooks}
    pages = [path for path in source_files(root) if not seen & {*path.parents}]
    problems = [*merge_marks(pages), *setting_faults(root)]
    if not problems:
        with tempfile.TemporaryDirectory(prefix="pfp-check-") as scratch:
            found = run_sphinx(out, root, Path(scratch) / "pages", {"pfp_workers": -1}, check=True)
        problems = [*(found or ()), *missing_pages(course), *citation_faults(course)]
    return len([path for path in pages if path.suffix == ".md"]), problems


def _addresses(config: Path, notebooks: list[Path]) -> list[str]:
    """Name the notebooks that do not tell Colab where the course is, though it is known."""
    from pfp_course.chapters.checks import course_address

    try:
        settings = yaml.safe_load(config.read_text(encoding="utf-8"))
        repository = settings["sphinx"]["config"]["pfp_launch"]["repository"]
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError):
        return []  # where nothing is set, a student uploads the wheel
    return [
        f"{path}: cell 'install': COURSE is empty, so that Colab cannot install the course. Write "
        f'there: COURSE = "git+{repository}"'
        for path in notebooks
        if not any(map(course_address, _code_of(path)))
    ]


def _code_of(notebook: Path) -> list[str]:
    def code(content: Any) -> list[str]:
        return ["".join(one["source"]) for one in content["cells"] if one.get("id") == "install"]

    return json_or(notebook, code, [])  # what is wrong is told already


def command(
    what: Annotated[
        list[Part] | None,
        typer.Argument(help="What to check; everything if nothing is named.", show_default=False),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="A project with data/ and notebooks/. Default: the course itself."),
    ] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Also run each notebook from top to bottom (slow).")
    ] = False,
) -> None:
    """Check data, questions, notebooks and pages, and list every problem at once.

    Each problem names its file, its line and the mend. The pages are looked through as the build
    does it: settings, contents, links, citations, words for pictures, unfinished merges. The
    command exits with 1 if it finds any problem, so that it can guard a commit.

    Examples
    --------
        pfp check

        pfp check questions

        pfp check notebooks --run
    """
    parts = what or list(Part)
    if {Part.data, Part.pages} & {*parts}:
        need_libraries("pfp check", "book", "frictionless", "jupyter_book")
    if run:
        need_libraries("pfp check --run", "book", "nbformat")
    if folder and not folder.is_dir():
        raise CourseError(f"There is no folder {folder}. Name a project: pfp check --folder DIR")
    course = read_course(folder) if folder else default_course()
    for path in (course.data, course.notebooks):
        if not path.is_dir():
            raise CourseError(f"There is no folder {path}. Name a project: pfp check --folder DIR")
    checks: dict[Part, Callable[[], tuple[int, list[str]]]] = {
        Part.data: lambda: _data(course.data),
        Part.questions: lambda: _questions(course),
        Part.notebooks: lambda: _notebooks(course, run=run),
        Part.pages: lambda: _pages(course),
    }
    total = 0
    for part in parts:
        count, problems = checks[part]()
        total += len(problems)
        say(*problems)
        verdict = "[green]ok[/]" if not problems else f"[red]{len(problems)} to mend[/]"
        out.print(f"{part}: {count} files, {verdict}", highlight=False)
    if total:
        raise typer.Exit(1)
