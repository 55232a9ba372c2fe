"""``pfp start``: a student's own copy of the notebooks."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pfp_course.cli.app import out
from pfp_course.course import default_course
from pfp_course.errors import CourseError
from pfp_course.files import replace_file
from pfp_course.questions.seeds import Assigned, assigned

__all__ = ["command", "copy_notebooks"]


# Parts of JupyterLab's server that came with other packages and that a student does not use: code
# intelligence, the classic notebook, an instructor's tools. They are half of its start. What the
# student has installed besides stays on; so does all of it in a JupyterLab started by itself.
_UNUSED_EXTENSIONS = (
    "jupyter_lsp",
    "notebook",
    "notebook_shim",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
)


def _first(folder: Path, assignment: Assigned) -> Path:
    """Return the notebook to begin with: that of the examination, or the first chapter."""
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise CourseError(f"{folder.resolve()} holds no notebook. Unpack your teacher's zip again.")
    exam = [path for path in notebooks if path.name == "exam.ipynb"]
    return exam[0] if assignment.mode == "exam" and exam else notebooks[0]


def copy_notebooks(folder: Path, chapters: list[str]) -> tuple[list[Path], list[Path]]:
    """Copy notebooks into a folder; return those that were copied, and those that were there.

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
    folder = default_course().notebooks
    notebooks = {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]-*.ipynb"))}
    templates = sorted((folder / "templates").glob("*.ipynb"))
    if not chapters:
        return [*notebooks.values(), *templates]
    numbers = [number.zfill(2) for number in chapters]
    if missing := [given for given in chapters if given.zfill(2) not in notebooks]:
        raise CourseError(
            f"There is no chapter {', '.join(missing)}. "
            f"The chapters are: {', '.join(str(int(number)) for number in notebooks)}."
        )
    # The templates belong to the last chapter, in which students write a paper of their own.
    more = templates if max(notebooks) in numbers else []
    return [notebooks[number] for number in numbers] + more


def _copy_new(source: Path, target: Path) -> bool:
    """Copy to a name that must not exist yet; a half-written notebook is never left behind."""
    try:
        new = not os.path.lexists(target) and replace_file(
            target, source.read_bytes(), unless=lambda: os.path.lexists(target)
        )
        if new:
            target.chmod(0o644)
    except OSError as error:
        raise CourseError(
            f"{target} cannot be written ({error.strerror}). Name a folder in a place where you "
            "may write and that has room, for example: pfp start ~/partnership-for-peace"
        ) from None
    return new


def open_jupyterlab(folder: Path, notebook: Path, *, browser: bool = True) -> None:
    """Run JupyterLab in the folder until it is stopped; without a browser it tells its address."""
    extensions = {**dict.fromkeys(_UNUSED_EXTENSIONS, False), "pfp_course.early_kernel": True}
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder.resolve()}",
        # Settings until the student changes them: no question about news, no look for updates.
        # The course makes no request that nobody asked for.
        f"--LabApp.app_settings_dir={Path(__file__).with_name('lab')}",
        "--LabApp.news_url=None",
        f"--ServerApp.jpserver_extensions={extensions}",
        f"--EarlyKernel.notebook={notebook.name}",
        f"--LabApp.default_url=/lab/tree/{notebook.name}",
        *([] if browser else ["--no-browser"]),
    ]
    try:
        code = subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return
    if code not in (0, 130, -2):
        # JupyterLab refuses root, and names an option that `pfp start` does not have.
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        raise CourseError(
            "JupyterLab did not start. Its own message stands above. "
            + (
                "You work as root, which JupyterLab refuses: use your own account. "
                if as_root
                else ""
            )
            + "To see what is missing, write your last line again, with doctor in the place of "
            "start and the folder."
        )


def command(
    folder: Annotated[
        Path, typer.Argument(help="Where your notebooks go. It is made if it does not exist.")
    ] = Path("partnership-for-peace"),
    chapter: Annotated[
        list[str] | None,
        typer.Option("--chapter", "-c", help="Copy only this chapter. May be given again."),
    ] = None,
    open_lab: Annotated[
        bool, typer.Option("--open/--no-open", help="Open JupyterLab afterwards.")
    ] = True,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser/--no-browser",
            help="Open a browser. Without it JupyterLab runs and tells its address.",
        ),
    ] = True,
) -> None:
    """Copy the notebooks into a folder of yours and open JupyterLab.

    A notebook that is already in the folder is yours and is never written over. To get a
    fresh copy of a chapter, rename your own and run the command again. In a folder that your
    teacher's zip made, nothing is copied: the command opens what was assigned.

    Examples
    --------
        pfp start

        pfp start my-course --chapter 2
    """
    assignment = assigned(folder)
    if assignment:
        out.print(f"Assigned here: [bold]{escape(assignment.title)}[/]", highlight=False)
    else:
        copied, kept = copy_notebooks(folder, chapter or [])
        for path in copied:
            out.print(f"  [green]new[/]   {path.name}", highlight=False)
        for path in kept:
            out.print(f"  [yellow]yours[/] {path.name} (left as it is)", highlight=False)
        out.print(f"Your notebooks are in [bold]{folder.resolve()}[/]", highlight=False)
    if open_lab:
        out.print("Opening JupyterLab. To stop it, press Ctrl+C here.", highlight=False)
        notebook = _first(folder, assignment) if assignment else min(copied + kept)
        open_jupyterlab(folder, notebook, browser=browser)
