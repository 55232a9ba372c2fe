"""What is installed, what is missing, and how to mend it.

Only Python's own library is imported at the top: it must run where a library is missing.
"""

import os
import platform
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pfp_course import __version__
from pfp_course.cli import use_plain_letters
from pfp_course.course import default_course, source_tree, this_python
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["findings", "need_libraries", "tell", "without_libraries"]

_BOOK = "building the book"
# Where the name to import is not that of the package.
_MODULES = {
    "pyyaml": "yaml",
    "beautifulsoup4": "bs4",
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "sphinxcontrib-bibtex": "sphinxcontrib.bibtex",
}


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

    @property
    def sign(self) -> str:
        """``ok``, ``no``, or a dash where only an author needs it."""
        return "ok" if not self.mend else "-" if self.needed_for == _BOOK else "no"


def tell(console: "Console | None") -> None:
    """Print the findings and exit with 1 if the notebooks cannot be run.

    Without a console, as where the library for it is missing, the lines are plain text.
    """
    found = findings()
    if console is None or not _show_table(console, found):
        for item in found:
            _say(None, f"{item.sign:3} {item.subject}: {item.found} (for {item.needed_for})")
        console = None
    for item in found:
        if item.mend:
            # A whole line each, so that it can be copied.
            _say(console, f"For {item.needed_for}, {item.subject}: {item.mend}")
    if any(item.blocks_students for item in found):
        raise SystemExit(1)
    _say(console, "The notebooks can be run on this computer.")


def _say(console: "Console | None", line: str) -> None:
    if console is None:
        print(line)  # noqa: T201 (rich may be what is missing)
    else:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _show_table(console: "Console", found: list[Finding]) -> bool:
    try:
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        return False
    table = Table("", "What", "Found", "Needed for", show_edge=False)
    for item in found:
        colour = {"ok": "green", "no": "red"}.get(item.sign, "")
        # A name may hold brackets, which are text here and not markup.
        words = (item.subject, item.found, item.needed_for)
        table.add_row(
            Text(item.sign, style=colour), *(Text(word, overflow="fold") for word in words)
        )
    console.print(table)
    return True


def findings() -> list[Finding]:
    """Look at Python, the libraries, the kernel, the course's files and the folder."""
    return [_python(), *_libraries(), _kernel(), *_files(), _folder()]


def _python() -> Finding:
    version = platform.python_version()
    mend = "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer."
    return Finding("Python", f"{version} ({sys.executable})", "notebooks", mend)


def _libraries() -> list[Finding]:
    """Look for what the package says that it needs, without a library that reads such lines."""
    found = [Finding("pfp-course", __version__, "notebooks")]
    try:
        lines = metadata.requires("pfp-course") or []
    except metadata.PackageNotFoundError:
        lines = []
    clone = source_tree() is not None
    for line in lines:
        text, _, marker = line.partition(";")
        need = re.match(r"\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^()]*)\)?\s*$", text)
        extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", marker)
        if need and not marker.strip():
            found.append(_library(need[1], need[2].strip(), "notebooks"))
        elif need and extra and extra[1] == "book" and clone:
            # A student's installation cannot build the book.
            found.append(_library(need[1], need[2].strip(), _BOOK))
    return found


def _library(name: str, versions: str, purpose: str) -> Finding:
    mend = f'{this_python()} -m pip install "{name}{versions}"'
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, "not installed", purpose, mend)
    if not _fits(version, versions):
        return Finding(name, version, purpose, mend)
    if not _is_there(_MODULES.get(name.lower(), name.replace("-", "_"))):
        again = f'{this_python()} -m pip install --force-reinstall "{name}{versions}"'
        return Finding(name, f"{version}, but it cannot be imported", purpose, again)
    return Finding(name, version, purpose)


def _fits(version: str, versions: str) -> bool:
    try:
        from packaging.specifiers import SpecifierSet
    except ImportError:
        return True  # that this library is missing is told in a line of its own
    return SpecifierSet(versions).contains(version, prereleases=True)


def _kernel() -> Finding:
    python = this_python()
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        mend = f"{python} -m pip install jupyterlab"
        return Finding("kernel python3", "Jupyter is not installed", "notebooks", mend)
    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        mend = f"{python} -m pip install --force-reinstall ipykernel"
        return Finding("kernel python3", "not found", "notebooks", mend)
    if _same_program(command):
        # Jupyter starts this Python where a kernel names none by its path.
        path = command if Path(command).is_absolute() else sys.executable
        return Finding("kernel python3", path, "notebooks")
    mend = (
        f"{python} -m ipykernel install --sys-prefix (the kernel is another Python than that of "
        "the course)"
    )
    return Finding("kernel python3", command, "notebooks", mend)


def _same_program(command: str) -> bool:
    """Tell whether a kernel's command is this Python; a bare name is looked up beside it."""
    if not Path(command).is_absolute():
        return command.startswith("python")
    folders = {Path(sys.executable).parent, Path(sys.prefix) / "bin", Path(sys.prefix)}
    return any(folder in Path(command).parents for folder in folders)


def _files() -> list[Finding]:
    try:
        course = default_course()
    except CourseError as error:
        return [Finding("the course", "missing", "notebooks", str(error))]
    return [
        Finding("data set", f"{len(list(course.data.glob('*.csv')))} files", "notebooks"),
        Finding("chapters", f"{len(list(course.notebooks.glob('*.ipynb')))} files", "notebooks"),
    ]


def _folder() -> Finding:
    here = Path.cwd()
    if os.access(here, os.W_OK):
        return Finding("this folder", "can be written", "saving answers")
    mend = "Work in a folder of your own: answers are saved beside the notebook."
    return Finding("this folder", "cannot be written", "saving answers", mend)


def need_libraries(command: str, extra: str, *modules: str, clone: Path | None = None) -> None:
    """Say in one sentence what is missing for a command, if anything is.

    ``command`` is as it is typed, such as ``pfp slides``; ``extra`` the group of libraries of the
    package that ``modules`` belong to, such as ``book``; ``clone`` the project, where the command
    works in a clone alone.

    Raises
    ------
    CourseError
        If a library or the clone is missing.
    """
    missing = [name for name in modules if not _is_there(name)]
    for_students = source_tree() is None
    above = (clone.resolve(), *clone.resolve().parents) if clone else ()
    in_clone = any((folder / "_toc.yml").is_file() for folder in above)
    if not missing and (clone is None or not for_students or in_clone):
        return
    python = this_python()
    if extra == "book":
        raise CourseError(
            f"{command} is for authors and publishers: it needs a clone of the project, and there "
            f'the libraries that come with: {python} -m pip install -e ".[book]"'
        )
    wheel = f"pfp_course-{__version__}-py3-none-any.whl"
    raise CourseError(
        f"{command} is for teachers and needs more libraries ({', '.join(missing)}), which come "
        f"with the part {extra!r} of the course: {python} -m pip install "
        + (f'"{wheel}[{extra}]"' if for_students else f'-e ".[{extra}]"')
    )


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def without_libraries(error: Exception) -> Callable[[], NoReturn]:
    """Return what stands in the place of the command line when an error kept it from loading."""

    def app() -> NoReturn:
        use_plain_letters()
        if sys.argv[1:2] == ["doctor"]:
            tell(None)
            raise SystemExit(0)
        words = str(error).splitlines()
        reason = words[0] if words else type(error).__name__
        print(f"Error: pfp cannot start: {reason}.", file=sys.stderr)  # noqa: T201
        for finding in findings():
            if finding.blocks_students:
                print(f"  {finding.subject}: {finding.mend}", file=sys.stderr)  # noqa: T201
        print("To see all that is missing, run: pfp doctor", file=sys.stderr)  # noqa: T201
        raise SystemExit(1)

    return app
