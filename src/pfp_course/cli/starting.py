"""``pfp start``: a student's own copy of the notebooks."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from pfp_course.content import notebooks_dir
from pfp_course.errors import CourseError
from pfp_course.questions.assigned import Assigned, assigned

__all__ = ["copy_notebooks", "start"]

_OPENING = "Opening JupyterLab. To stop it, press Ctrl+C here."


def start(console: Console, folder: Path, chapters: list[str], *, open_lab: bool) -> None:
    """Copy the notebooks of the chapters (all, if none is named) and open JupyterLab."""
    if assignment := assigned(folder):
        console.print(f"Assigned here: [bold]{escape(assignment.title)}[/]", highlight=False)
        if open_lab:
            console.print(_OPENING, highlight=False)
            open_jupyterlab(folder, _first(folder, assignment))
        return
    copied, kept = copy_notebooks(folder, chapters)
    for path in copied:
        console.print(f"  [green]new[/]   {path.name}", highlight=False)
    for path in kept:
        console.print(f"  [yellow]yours[/] {path.name} (left as it is)", highlight=False)
    console.print(f"Your notebooks are in [bold]{folder.resolve()}[/]", highlight=False)
    if open_lab:
        console.print(_OPENING, highlight=False)
        open_jupyterlab(folder, sorted([*copied, *kept])[0])


def _first(folder: Path, assignment: Assigned) -> Path:
    """Return the notebook to begin with: that of the examination, or the first chapter."""
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise CourseError(f"{folder.resolve()} holds no notebook. Unpack your teacher's zip again.")
    exam = [path for path in notebooks if path.name == "exam.ipynb"]
    return exam[0] if assignment.mode == "exam" and exam else notebooks[0]


def copy_notebooks(folder: Path, chapters: list[str]) -> tuple[list[Path], list[Path]]:
    """Copy notebooks into a folder without touching what lies there.

    Returns
    -------
    tuple of list of pathlib.Path
        The notebooks that were copied, and those that were there already.

    Raises
    ------
    CourseError
        If a chapter does not exist, or the folder cannot be made or written.
    """
    chosen = _chosen(chapters)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise CourseError(
            f"{folder} is a file, not a folder. Name another folder: pfp start my-course"
        ) from None
    except OSError as error:
        raise CourseError(
            f"The folder {folder} cannot be made ({error.strerror}). Name a folder in a place "
            "where you may write, for example: pfp start ~/partnership-for-peace"
        ) from None
    copied: list[Path] = []
    kept: list[Path] = []
    for notebook in chosen:
        target = folder / notebook.name
        (copied if _copy_new(notebook, target) else kept).append(target)
    return copied, kept


def _chosen(chapters: list[str]) -> list[Path]:
    notebooks = {path.name[:2]: path for path in sorted(notebooks_dir().glob("[0-9][0-9]-*.ipynb"))}
    templates = sorted((notebooks_dir() / "templates").glob("*.ipynb"))
    if not chapters:
        return [*notebooks.values(), *templates]
    missing = [number for number in chapters if number.zfill(2) not in notebooks]
    if missing:
        raise CourseError(
            f"There is no chapter {', '.join(missing)}. "
            f"The chapters are: {', '.join(str(int(number)) for number in notebooks)}."
        )
    # The templates belong to the last chapter, in which students write a paper of their own.
    last = max(notebooks) in [number.zfill(2) for number in chapters]
    return [notebooks[number.zfill(2)] for number in chapters] + (templates if last else [])


def _copy_new(source: Path, target: Path) -> bool:
    """Copy to a name that must not exist yet; a half-written notebook is never left behind."""
    if os.path.lexists(target):
        return False
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".pfp-", suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(source.read_bytes())
                os.fchmod(file.fileno(), 0o644) if hasattr(os, "fchmod") else None
            if os.path.lexists(target):
                return False
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CourseError(
            f"{target} cannot be written ({error.strerror}). Name a folder in a place where you "
            "may write and that has room, for example: pfp start ~/partnership-for-peace"
        ) from None
    return True


def open_jupyterlab(folder: Path, notebook: Path) -> None:
    """Run JupyterLab in the folder until it is stopped."""
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder.resolve()}",
        # Settings until the student changes them: no question about news, no look for updates.
        # The course makes no request that nobody asked for.
        f"--LabApp.app_settings_dir={Path(__file__).with_name('lab')}",
        "--LabApp.news_url=None",
        f"--LabApp.default_url=/lab/tree/{notebook.name}",
    ]
    try:
        code = subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return
    if code not in (0, 130, -2):
        raise CourseError(
            "JupyterLab did not start. Its own message stands above. "
            "To see what is missing, run: pfp doctor"
        )
