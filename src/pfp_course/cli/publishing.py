"""``pfp publish``: the book into a folder or a branch, beside its older versions."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from rich.console import Console

from pfp_course._version import __version__
from pfp_course.cli import building, editions
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.publishing.catalogue import Catalogue

__all__ = ["Edition", "Order", "publish"]


class Edition(StrEnum):
    """A form of the book to carry away."""

    pdf = "pdf"
    epub = "epub"
    offline = "offline"


@dataclass(frozen=True)
class Order:
    """What is to be published where, as it was asked for."""

    to: str
    version: str = ""
    editions: str = ""
    book: Path | None = None
    base: str = ""
    drop: str = ""
    remote: str = "origin"
    push: bool = False
    force: bool = False


def publish(console: Console, folder: Path, order: Order) -> None:
    """Build the book, or take a built one, and publish it.

    Raises
    ------
    CourseError
        If the order does not fit together, the book has faults, or the place cannot be written.
    """
    if find_spec("sphinx") is None:
        raise CourseError(
            "The libraries that build the book are not installed. In the clone, run: "
            'python -m pip install -e ".[book]"'
        )
    from pfp_course.publishing.branch import BRANCH, address_of
    from pfp_course.publishing.catalogue import version_key

    root = building.project_root(folder)
    _refuse_contradictions(order, BRANCH)
    wanted = _editions(order.editions)
    on_branch = order.to == BRANCH
    # What can be refused is refused before the build, which takes a minute.
    known = address_of(root, order.remote) if on_branch else _remembered(root, order)
    version_key(order.drop or _version(order))
    base = order.base or _setting(root) or known
    with _address(base) as address:
        book = order.book
        made: list[Path] = []
        if not book and not order.drop:
            building.build(console, root, fresh=False)
            book = root / "_build" / "html"
            made = editions.make(console, root, **{one.value: one in wanted for one in Edition})
        if on_branch:
            _to_branch(console, root, order, book, address, made)
        else:
            _to_folder(console, root, order, book, address, made)
    if not address and not order.drop:
        console.print(
            "The book does not know its address: no canonical links, no sitemap, no pictures for "
            "shared links; the page for lost readers leads to the root of the server. Set "
            "html.baseurl in _config.yml, or use --base.",
            highlight=False,
        )


def _refuse_contradictions(order: Order, branch: str) -> None:
    if order.push and order.to != branch:
        raise CourseError(f"--push goes with --to {branch} only: a folder is not pushed.")
    if order.force and order.to == branch:
        raise CourseError(f"--force is for folders. Rename the branch {branch} instead.")
    if order.drop and (order.book or order.editions or order.version):
        raise CourseError("--drop takes a version back; it publishes nothing. Use it alone.")
    if order.book and order.editions:
        raise CourseError("--with makes its files from a fresh build. Leave out --book, or --with.")


def _editions(text: str) -> set[Edition]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [one.value for one in Edition]
    for name in names:
        if name not in known:
            raise CourseError(f"--with does not know {name!r}. It takes {', '.join(known)}.")
    return {Edition(name) for name in names}


def _setting(root: Path) -> str:
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return str((config.get("html") or {}).get("baseurl") or "")


def _remembered(root: Path, order: Order) -> str:
    """Return the address under which the folder was published before."""
    from pfp_course.publishing.catalogue import read_catalogue
    from pfp_course.publishing.placing import old_site

    old = old_site(Path(order.to), root, over=order.force)
    catalogue = read_catalogue(old) if old else None
    return catalogue.address if catalogue else ""


@contextmanager
def _address(base: str) -> Iterator[str]:
    """Tell the build where the book will stand."""
    from pfp_course.book.addresses import VARIABLE, problem

    if wrong := problem(base):
        raise CourseError(wrong)
    before = os.environ.get(VARIABLE)
    whole = f"{base.rstrip('/')}/" if base else ""
    os.environ[VARIABLE] = whole
    try:
        yield whole
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def _to_folder(
    console: Console, root: Path, order: Order, book: Path | None, base: str, made: list[Path]
) -> None:
    from pfp_course.publishing.placing import replace_folder

    target = Path(order.to)
    catalogue = replace_folder(
        target,
        lambda new, old: _make(order, book, base, made, new, old),
        project=root,
        over=order.force,
    )
    console.print(f"Published in [bold]{target.resolve()}[/]", highlight=False, soft_wrap=True)
    _tell(console, [one.version for one in catalogue.releases])


def _to_branch(
    console: Console, root: Path, order: Order, book: Path | None, base: str, made: list[Path]
) -> None:
    from pfp_course.publishing.branch import BRANCH, publish_branch

    versions: list[str] = []

    def make(new: Path, old: Path | None) -> None:
        catalogue = _make(order, book, base, made, new, old)
        versions.extend(one.version for one in catalogue.releases)

    said = f"Take back version {order.drop}" if order.drop else f"Publish {_version(order)}"
    done = publish_branch(root, make, message=said, remote=order.remote, push=order.push)
    news = f"commit {done.commit[:10]}" if done.changed else "nothing new"
    console.print(f"Published on the branch [bold]{BRANCH}[/] ({news})", highlight=False)
    _tell(console, versions)
    if done.pushed:
        console.print(f"Pushed to {order.remote}.{f' It will be shown at {base}' if base else ''}")
    else:
        console.print(f"Nothing was sent. To send it: git push {order.remote} {BRANCH}")


def _make(
    order: Order, book: Path | None, base: str, made: list[Path], new: Path, old: Path | None
) -> "Catalogue":
    from pfp_course.publishing.edition import edition_day
    from pfp_course.publishing.site import assemble, without_version

    if order.drop:
        if old is None:
            raise CourseError(f"{order.to} holds no published course.")
        return without_version(new, old, version=order.drop, base=base)
    assert book is not None, "it was built or named"
    version, day = _version(order), edition_day()
    return assemble(new, old, book, version=version, base=base, day=day, downloads=made)


def _version(order: Order) -> str:
    """Return the version that was asked for, or the first two numbers of the course's own."""
    return order.version.removeprefix("v") or ".".join(__version__.split(".")[:2])


def _tell(console: Console, versions: list[str]) -> None:
    first, *others = versions
    kept = f"; kept: {', '.join(others)}" if others else ""
    console.print(f"The newest version is {first}{kept}.", highlight=False)
