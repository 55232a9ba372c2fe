"""``pfp build``: the book with its warnings in plain view, and its editions."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pfp_course.cli.build_state import State, stamps
from pfp_course.cli.console import Project, out
from pfp_course.cli.installation import need_libraries
from pfp_course.cli.problems import spoken
from pfp_course.course import Course, edition_day, read_course
from pfp_course.errors import CourseError
from pfp_course.files import write_whole
from pfp_course.tree import merge_marks, source_files

__all__ = ["app", "build", "is_current", "make_editions", "project_root", "run_sphinx"]

app = typer.Typer(rich_markup_mode="rich")

_STEP = re.compile(
    r"(reading sources|copying images|writing output|checking|pickling).*?\[ *(\d+)%\]"
)
_RUNNING = re.compile(r"Executing notebook (?P<name>\S+)")
_PROBLEM = re.compile(r"WARNING|ERROR|Traceback|SEVERE")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOTE = "NOTE: "  # how a line begins that is for the author, and no step of the build


def project_root(folder: Path) -> Path:
    """Return the project that the folder belongs to, or say where to look for one."""
    here = folder.resolve()
    for candidate in (here, *here.parents):
        if (candidate / "_config.yml").is_file() and (candidate / "_toc.yml").is_file():
            return candidate
    raise CourseError(
        f"{here} is not in a clone of the project: no _config.yml and _toc.yml here or above. "
        "Go into the clone, or name it: pfp build path/to/clone"
    )


def is_current(root: Path, base: str = "") -> bool:
    """Tell whether the book of a project was built from its sources as they are now.

    ``base`` is the address for which it was built, if that was given to the build.
    """
    html = root / "_build" / "html"
    kept = State.read(root / "_build" / ".pfp-stamp")
    return (html / "index.html").is_file() and kept == State.of(root, html, base)


def build(
    folder: Path,
    *,
    fresh: bool,
    workers: int = 0,
    base: str = "",
    version: str = "",
    console: Console = out,
) -> None:
    """Build the book of a project; any warning is an error.

    The book that was there stays until the new one is whole.

    Parameters
    ----------
    fresh
        Build every page and run every notebook anew.
    workers
        How many notebooks run at once; 0 is one a processor.
    base
        The address under which the book will be published; empty: that of ``_config.yml``.
    version
        The version that the book states; empty: that of the course.
    console
        Where the progress and the warnings are shown.

    Raises
    ------
    CourseError
        If the folder is no project, Jupyter Book is missing, or the build fails.
    """
    root = project_root(folder)
    if find_spec("jupyter_book") is None:
        raise CourseError(
            "Jupyter Book is not installed. In the clone, run: "
            f'{Path(sys.executable).name} -m pip install -e ".[book]"'
        )
    html, stamp, work = (root / "_build" / name for name in ("html", ".pfp-stamp", ".work"))
    known, now = State.read(stamp), State.of(root, html, base, version)
    index = html / "index.html"
    if known == now and index.is_file() and not fresh:
        console.print(
            f"Nothing has changed. The book is ready: [bold]{index}[/]",
            highlight=False,
            soft_wrap=True,
        )
        return
    _refuse_faults(root, settled=known.rest == now.rest)
    if fresh:
        shutil.rmtree(work, ignore_errors=True)
    elif known.rest != now.rest:
        # Any page may rest on the data, the package or the settings. What the notebooks gave is
        # kept apart, with what each of them rests on.
        _forget_pages(work)
    notes: list[str] = []
    problems = run_sphinx(console, root, work / "html", workers, base, version, notes=notes)
    if problems is not None:
        # A page that is kept does not tell its warnings again.
        _forget_pages(work)
        console.print("\n".join(problems), markup=False, highlight=False, soft_wrap=True)
        raise CourseError(
            "The book was not built cleanly. Mend what is named above and build again; "
            "to find problems in the sources first, run: pfp check"
        )
    _replace(html, work / "html")
    write_whole(stamp, json.dumps(vars(replace(now, pages=stamps(html)))).encode())
    console.print("\n".join(notes), markup=False, highlight=False, soft_wrap=True)
    console.print(f"The book is ready: [bold]{index}[/]", highlight=False, soft_wrap=True)


def _refuse_faults(root: Path, *, settled: bool) -> None:
    """Stop before anything is built where it is known to fail, or to show what nobody meant.

    The settings are ``settled`` where a book was built with them and with the same pages.
    """
    found = merge_marks(source_files(root))
    if not settled and not found:
        # It loads Jupyter Book, which an edit of a sentence need not wait for.
        from pfp_course.sphinx_ext.settings import setting_faults

        found = setting_faults(root)
    if found:
        raise CourseError("\n  ".join(["Nothing was built. First mend:", *found]))


def _forget_pages(work: Path) -> None:
    for name in ("html", ".doctrees"):
        shutil.rmtree(work / name, ignore_errors=True)


def _replace(html: Path, built: Path) -> None:
    """Put a copy of the built pages in the place of the book: Sphinx goes on with its own."""
    new, old = html.with_name(".html-new"), html.with_name(".html-old")
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(built, new)
    if html.exists():
        html.rename(old)
    new.rename(html)
    shutil.rmtree(old, ignore_errors=True)


def run_sphinx(
    console: Console,
    root: Path,
    pages: Path,
    workers: int,
    base: str,
    version: str,
    *,
    check: bool = False,
    notes: list[str] | None = None,
) -> list[str] | None:
    """Run the build; return its problems, or None if it ended well.

    With ``check`` the pages are read and their links followed, and nothing is written. To
    ``notes`` is added what the author should know of the chapters.
    """
    command = [
        # Not as a module: what forks from it would load it once more.
        *(sys.executable, "-c", "from pfp_course.sphinx_ext.execution import main; main()"),
        json.dumps(
            {
                "root": str(root),
                "pages": str(pages),
                "workers": workers,
                "base": base,
                "version": version,
                "check": check,
                "note": _NOTE,
            }
        ),
    ]
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
        # A set that a notebook prints has the same order each time.
        "PYTHONHASHSEED": "0",
    }
    tail: list[str] = []
    problems: list[str] = []
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with (
        Progress(*columns, console=console, transient=True) as bar,
        subprocess.Popen(
            command,
            # So that whatever asks for the course of its folder finds this one.
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        task = bar.add_task("starting", total=100)
        try:
            for coloured in process.stdout or ():
                line = _COLOUR.sub("", coloured)
                if line.startswith(_NOTE):
                    if notes is not None:
                        notes.append(line.removeprefix(_NOTE).rstrip())
                    continue
                tail = [*tail[-39:], line.rstrip()]
                if step := _STEP.search(line):
                    bar.update(task, description=step[1], completed=int(step[2]))
                elif running := _RUNNING.search(line):
                    bar.update(task, description=f"running {running['name'].rstrip(':')}")
                if _PROBLEM.search(line):
                    problems.append(spoken(line.rstrip()))
        except KeyboardInterrupt:
            # Its notebooks end with it. Asked to end, it would run those that wait first.
            process.kill()
            raise
    if process.returncode == 0:
        return None
    # Where the build itself broke, the last lines tell the cause; else its warnings do.
    broken = not problems or any("Traceback" in line for line in problems)
    return [spoken(line) for line in tail if line] if broken else list(dict.fromkeys(problems))


@app.command()
def build_command(
    folder: Project = Path(),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build every page and run every notebook anew.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="How many notebooks run at once; 0: one a processor.")
    ] = 0,
    base: Annotated[
        str,
        typer.Option(help="The address of the book. Default: html.baseurl of _config.yml."),
    ] = "",
    version: Annotated[
        str, typer.Option(help="The version that the book states. Default: the course's own.")
    ] = "",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print PDFs into _build/pdf (needs Chromium).")
    ] = False,
    epub: Annotated[
        bool, typer.Option("--epub", help="Also make an ePub 3 for e-readers, in _build/epub.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Also pack the book as a zip, in _build/offline.")
    ] = False,
) -> None:
    """Build the book into _build/html. Any warning is an error.

    Only what has changed is made again: a notebook runs if its code has changed, or a table, a
    bank or a module that it read. The book that is there stays until the new one is whole.

    The finished book needs no server: open _build/html/index.html in a browser. The PDFs are
    the whole course and each chapter by itself, with the answers at the end.

    Examples
    --------
        pfp build

        pfp build --pdf --epub --offline
    """
    need_libraries("pfp build", "book", "jupyter_book", "sphinx", clone=folder)
    build(folder, fresh=fresh, workers=workers, base=base, version=version)
    make_editions(folder, pdf=pdf, epub=epub, offline=offline, base=base, version=version)


def make_editions(
    folder: Path, *, pdf: bool, epub: bool, offline: bool, base: str = "", version: str = ""
) -> list[Path]:
    """Make the editions that are wanted of a book that is built already.

    Raises
    ------
    CourseError
        If a file cannot be written, or there is no browser that can print.
    """
    root = project_root(folder)
    html, course, base = root / "_build" / "html", read_course(root), base or base_of(root)
    course = replace(course, version=version or course.version)
    made: list[Path] = []
    # They are imported here, because they need Sphinx: a student does not have it, and a build
    # without editions need not wait for it.
    if offline:
        from pfp_course.export.archives import make_offline

        made.append(make_offline(html, root / "_build" / "offline" / f"{course.slug}.zip", course))
    if epub:
        from pfp_course.export.archives import make_epub

        cover = root / course.look["cover"] if "cover" in course.look else None
        target = root / "_build" / "epub" / f"{course.slug}.epub"
        made.append(make_epub(html, target, course, cover=cover, base=base, day=edition_day()))
    if pdf:
        made += _pdfs(root / "_build", course, base)
    for path in made:
        size = f"{path.stat().st_size / 1_000_000:.1f} MB"
        out.print(f"Made [bold]{path}[/] ({size})", highlight=False, soft_wrap=True)
    return made


def base_of(root: Path) -> str:
    """Return the address of the book that ``_config.yml`` names, or an empty text."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return str((config.get("html") or {}).get("baseurl") or "")


def _pdfs(built: Path, course: Course, base: str) -> list[Path]:
    from pfp_course.export.pdf import make_pdfs

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("printing", total=None)

        def tell(done: int, steps: int, what: str) -> None:
            bar.update(task, completed=done, total=steps, description=f"printing {what}")

        return make_pdfs(
            built / "html",
            built / "pdf",
            course,
            base=base,
            day=edition_day(),
            kept=built / ".work" / ".printed.json",  # `--fresh` forgets it
            tell=tell,
        )
