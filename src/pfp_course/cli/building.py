"""``pfp build``: the book, with a progress bar and its warnings in plain view."""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pfp_course.errors import CourseError

__all__ = ["build", "project_root"]

_STEP = re.compile(
    r"(reading sources|copying images|writing output|checking|pickling).*?\[ *(\d+)%\]"
)
_RUNNING = re.compile(r"Executing notebook|Executing: (?P<name>\S+)", re.IGNORECASE)
# A kernel's own remarks on how it is reached are not the book's problem.
_PROBLEM = re.compile(r"^(?!\[IPKernelApp\]).*(?:WARNING|ERROR|Traceback|SEVERE)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


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


def build(console: Console, folder: Path, *, fresh: bool) -> None:
    """Build the book of a project; any warning is an error.

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
    stamp, now = root / "_build" / ".pfp-stamp", _fingerprint(root)
    known = stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
    if fresh or known != now:
        # Jupyter Book runs a notebook anew only when its own code has changed. Its figures
        # depend on the data and on the package as well.
        shutil.rmtree(root / "_build", ignore_errors=True)
    problems = _run(console, root)
    if problems is not None:
        console.print("\n".join(problems), markup=False, highlight=False, soft_wrap=True)
        raise CourseError(
            "The book was not built cleanly. Mend what is named above and build again; "
            "to find problems in the sources first, run: pfp check"
        )
    stamp.write_text(now, encoding="utf-8")
    index = root / "_build" / "html" / "index.html"
    console.print(f"The book is ready: [bold]{index}[/]", highlight=False, soft_wrap=True)


def _fingerprint(root: Path) -> str:
    """Return a text that changes with the data, the package and the book's settings."""
    package = Path(__file__).resolve().parents[1]
    files = [
        *(root / "data").rglob("*"),
        *(path for path in package.rglob("*") if path.suffix != ".pyc"),
        root / "_config.yml",
        root / "CITATION.cff",
    ]
    digest = sha256()
    for path in sorted(path for path in files if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _run(console: Console, root: Path) -> list[str] | None:
    """Run the build; return its problems, or None if it ended well."""
    command = [
        # Jupyter Book 1 cannot be run by its name as a module.
        *(sys.executable, "-c", "from jupyter_book.cli.main import main; main()"),
        *("build", str(root)),
        *("-W", "-n", "--keep-going"),
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "PFP_STATIC": "1"}
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
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        task = bar.add_task("starting", total=100)
        for coloured in process.stdout or ():
            line = _COLOUR.sub("", coloured)
            tail = [*tail[-39:], line.rstrip()]
            if step := _STEP.search(line):
                bar.update(task, description=step[1], completed=int(step[2]))
            elif _RUNNING.search(line):
                bar.update(task, description="running notebooks")
            if _PROBLEM.search(line):
                problems.append(line.rstrip())
    if process.returncode == 0:
        return None
    # Where the build itself broke, the last lines tell the cause; else its warnings do.
    broken = not problems or any("Traceback" in line for line in problems)
    return tail if broken else problems
