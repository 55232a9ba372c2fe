"""``pfp doctor``: what is installed, what is missing, and how to mend it."""

import os
import platform
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import typer
from packaging.requirements import Requirement
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pfp_course._version import __version__
from pfp_course.content import data_dir, notebooks_dir
from pfp_course.errors import CourseError

__all__ = ["Finding", "doctor", "findings"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; ``mend`` is empty where all is well."""

    subject: str
    found: str
    needed_for: str
    mend: str = ""

    @property
    def blocks_students(self) -> bool:
        """Whether the notebooks cannot be run until this is mended."""
        return bool(self.mend) and self.needed_for == "notebooks"


def doctor(console: Console) -> None:
    """Print the findings and exit with 1 if the notebooks cannot be run."""
    table = Table("", "What", "Found", "Needed for", show_edge=False)
    found = findings()
    for item in found:
        sign = "[green]ok[/]" if not item.mend else "[red]no[/]"
        # A name may hold brackets, which are text here and not markup.
        words = (item.subject, item.found, item.needed_for)
        table.add_row(sign, *(Text(word) for word in words))
    console.print(table)
    for item in found:
        if item.mend:
            # A whole line each, so that it can be copied.
            line = f"For {item.needed_for}, {item.subject}: {item.mend}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if any(item.blocks_students for item in found):
        raise typer.Exit(1)
    console.print("The notebooks can be run on this computer.")


def findings() -> list[Finding]:
    """Look at Python, the libraries, the kernel, the course's files and the folder."""
    return [_python(), *_libraries(), _kernel(), *_files(), _folder()]


def _python() -> Finding:
    version = platform.python_version()
    mend = "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer."
    return Finding("Python", f"{version} ({sys.executable})", "notebooks", mend)


def _libraries() -> list[Finding]:
    needs = [Requirement(text) for text in metadata.requires("pfp-course") or []]
    found = [Finding("pfp-course", __version__, "notebooks")]
    for need in needs:
        for extra, purpose in (("", "notebooks"), ("book", "building the book")):
            if need.marker is None and extra:
                continue
            if need.marker is None or (extra and need.marker.evaluate({"extra": extra})):
                found.append(_library(need, purpose))
    return found


def _library(need: Requirement, purpose: str) -> Finding:
    mend = f'{Path(sys.executable).name} -m pip install "{need.name}{need.specifier}"'
    try:
        version = metadata.version(need.name)
    except metadata.PackageNotFoundError:
        return Finding(need.name, "not installed", purpose, mend)
    fits = need.specifier.contains(version, prereleases=True)
    return Finding(need.name, version, purpose, "" if fits else mend)


def _kernel() -> Finding:
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        mend = f"{Path(sys.executable).name} -m pip install jupyterlab"
        return Finding("kernel python3", "Jupyter is not installed", "notebooks", mend)
    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        mend = f"{Path(sys.executable).name} -m ipykernel install --user"
        return Finding("kernel python3", "not found", "notebooks", mend)
    return Finding("kernel python3", command, "notebooks")


def _files() -> list[Finding]:
    found = []
    for subject, folder in (("data set", data_dir), ("chapters", notebooks_dir)):
        try:
            path = folder()
            count = len(list(path.glob("*.csv" if subject == "data set" else "*.ipynb")))
            found.append(Finding(subject, f"{count} files", "notebooks"))
        except CourseError as error:
            found.append(Finding(subject, "missing", "notebooks", str(error)))
    return found


def _folder() -> Finding:
    here = Path.cwd()
    if os.access(here, os.W_OK):
        return Finding("this folder", "can be written", "saving answers")
    mend = "Work in a folder of your own: answers are saved beside the notebook."
    return Finding("this folder", "cannot be written", "saving answers", mend)
