"""``pfp doctor``: what is installed and missing, and what it takes on the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rich.table import Table

from pfp_course.assignments.wheel import reached
from pfp_course.cli.app import out
from pfp_course.cli.installation import tell

__all__ = ["command", "groups"]


_MEGABYTE = 1_000_000
_PURPOSES = {
    "": "to run the notebooks",
    "book": "to check the sources and build the book",
    "classroom": "to run and grade notebooks of students",
    "dask": "the same on several computers",
    "build": "to install a clone",
    "dev": "to run the tests",
}


@dataclass(frozen=True)
class Group:
    """What an extra of the course brings that the groups before it do not.

    ``extra`` is its name, empty for what is always installed; ``sizes`` its installed libraries
    with the bytes of their files; ``missing`` tells whether one that the course asks for in this
    group alone is not installed.
    """

    extra: str
    sizes: dict[str, int]
    missing: bool

    @property
    def bytes(self) -> int:
        """Bytes of all its libraries."""
        return sum(self.sizes.values())


def groups() -> list[Group]:
    """Measure the groups in the order in which one is installed on another."""
    installed: dict[str, metadata.Distribution] = {
        canonicalize_name(one.name): one for one in metadata.distributions()
    }
    found: list[Group] = []
    counted: set[str] = set()
    for extra in _PURPOSES:
        names = reached("pfp-course", [extra] if extra else [])
        new = sorted((names - counted) & installed.keys())
        sizes = {name: _size(installed[name]) for name in new}
        found.append(Group(extra, sizes, missing=bool(_direct(extra) - counted - installed.keys())))
        counted |= names
    return found


def _direct(extra: str) -> set[str]:
    """Return the libraries that the course itself asks for in a group."""
    needs = map(Requirement, metadata.requires("pfp-course") or [])
    return {
        canonicalize_name(need.name)
        for need in needs
        if need.name != "pfp-course"
        and (need.marker.evaluate({"extra": extra}) if need.marker and extra else not need.marker)
    }


def _size(distribution: metadata.Distribution) -> int:
    files: Iterable[metadata.PackagePath] = distribution.files or []
    paths = (Path(str(distribution.locate_file(file))) for file in files)
    return sum(path.stat().st_size for path in paths if path.is_file())


def command(
    sizes: Annotated[
        bool, typer.Option("--sizes", help="Show what each group of libraries takes on the disk.")
    ] = False,
) -> None:
    """Tell what is installed, what is missing, and how to mend it."""
    if not sizes:
        tell(out)
        return
    table = Table("Group", "Needed", "Libraries", "MB", "Largest", show_edge=False)
    total = 0
    for group in groups():
        total += group.bytes
        largest = sorted(group.sizes, key=lambda name: -group.sizes[name])[:4]
        told = ", ".join(f"{name} {group.sizes[name] / _MEGABYTE:.0f}" for name in largest)
        table.add_row(
            group.extra or "the course",
            _PURPOSES[group.extra],
            str(len(group.sizes)),
            f"{group.bytes / _MEGABYTE:.0f}",
            "not installed" if group.missing else told,
        )
    out.print(table)
    out.print(
        f"Together {total / _MEGABYTE:.0f} MB. Each group counts what those above do not bring."
    )
