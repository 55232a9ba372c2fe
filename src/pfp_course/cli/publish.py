"""``pfp publish``: the book into a folder or a branch, beside its older versions."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pfp_course.cli import build
from pfp_course.cli.app import Project, out
from pfp_course.cli.installation import need_libraries
from pfp_course.course import edition_day, read_course
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.deploy.versions import Catalogue

__all__ = ["Order", "command", "publish"]


_EDITIONS = ("pdf", "epub", "offline")  # forms of the book to carry away


@dataclass(frozen=True)
class Order:
    """What is to be published where, as it was asked for."""

    to: str
    version: str = ""
    editions: tuple[str, ...] = ()
    book: Path | None = None
    base: str = ""
    drop: str = ""
    remote: str = "origin"
    push: bool = False
    force: bool = False


def publish(folder: Path, order: Order) -> None:
    """Build the book, or take a built one, and publish it.

    Raises
    ------
    CourseError
        If the order does not fit together, the book has faults, or the place cannot be written.
    """
    from pfp_course.deploy.branch import BRANCH, address_of
    from pfp_course.deploy.checks import agrees, stated
    from pfp_course.deploy.versions import version_key
    from pfp_course.sphinx_ext.settings import problem

    root = build.project_root(folder)
    on_branch = order.to == BRANCH
    _refuse_contradictions(order, on_branch)
    # What can be refused is refused before the build, which takes a minute.
    known = address_of(root, order.remote) if on_branch else _remembered(root, order)
    said = stated(order.book) if order.book else None
    own = read_course(root).version
    numbers = (said.version if said else own).split(".")
    version = order.drop or order.version.removeprefix("v") or ".".join(numbers[:2])
    version_key(version)
    base = order.base or build.base_of(root) or known or (said.address if said else "")
    if wrong := problem(base):
        raise CourseError(wrong)
    base = f"{base.rstrip('/')}/" if base else ""
    made: list[Path] = []
    book = order.book
    if not book and not order.drop:
        # Its own version is not told to a build that states it anyway.
        stating = "" if agrees(version, own) else version
        build.build(root, fresh=False, base=base, version=stating)
        wanted = {name: name in order.editions for name in _EDITIONS}
        made = build.make_editions(root, **wanted, base=base, version=stating)
        book = root / "_build" / "html"
    place = _to_branch if on_branch else _to_folder
    place(root, replace(order, version=version, base=base, book=book), made)
    if order.book and said is None:
        out.print(
            "The book does not say for which address and version it was built: an older pfp built "
            "it. If its pages name others, build it again with: pfp build --base ADDRESS --version "
            f"{version}",
            highlight=False,
        )
    if not base and not order.drop:
        out.print(
            "The book does not know its address: no canonical links, no sitemap, no pictures for "
            "shared links; the page for lost readers leads to the root of the server. Set "
            "html.baseurl in _config.yml, or use --base.",
            highlight=False,
        )


def _refuse_contradictions(order: Order, on_branch: bool) -> None:
    from pfp_course.deploy.branch import BRANCH

    if order.push and not on_branch:
        raise CourseError(f"--push goes with --to {BRANCH} only: a folder is not pushed.")
    if order.force and on_branch:
        raise CourseError(f"--force is for folders. Rename the branch {BRANCH} instead.")
    if order.drop and (order.book or order.editions or order.version):
        raise CourseError("--drop takes a version back; it publishes nothing. Use it alone.")
    if order.book and order.editions:
        raise CourseError("--with makes its files from a fresh build. Leave out --book, or --with.")
    for name in order.editions:
        if name not in _EDITIONS:
            raise CourseError(f"--with does not know {name!r}. It takes {', '.join(_EDITIONS)}.")


def _remembered(root: Path, order: Order) -> str:
    """Return the address under which the folder was published before."""
    from pfp_course.deploy.site import old_site
    from pfp_course.deploy.versions import read_catalogue

    old = old_site(Path(order.to), root, over=order.force)
    catalogue = read_catalogue(old) if old else None
    return catalogue.address if catalogue else ""


def _to_folder(root: Path, order: Order, made: list[Path]) -> None:
    from pfp_course.deploy.site import replace_folder

    target = Path(order.to)
    catalogue = replace_folder(
        target,
        lambda new, old: _make(order, made, new, old),
        project=root,
        over=order.force,
    )
    out.print(f"Published in [bold]{target.resolve()}[/]", highlight=False, soft_wrap=True)
    _tell(catalogue)


def _to_branch(root: Path, order: Order, made: list[Path]) -> None:
    from pfp_course.deploy.branch import BRANCH, publish_branch

    catalogues: list[Catalogue] = []

    def make(new: Path, old: Path | None) -> None:
        catalogues.append(_make(order, made, new, old))

    said = f"Take back version {order.drop}" if order.drop else f"Publish {order.version}"
    done = publish_branch(root, make, message=said, remote=order.remote, push=order.push)
    news = f"commit {done.commit[:10]}" if done.changed else "nothing new"
    out.print(f"Published on the branch [bold]{BRANCH}[/] ({news})", highlight=False)
    _tell(catalogues[0])
    if done.pushed:
        shown = f" It will be shown at {order.base}" if order.base else ""
        out.print(f"Pushed to {order.remote}.{shown}")
    else:
        out.print(f"Nothing was sent. To send it: git push {order.remote} {BRANCH}")


def _make(order: Order, made: list[Path], new: Path, old: Path | None) -> "Catalogue":
    from pfp_course.deploy.site import assemble, without_version

    version, base = order.version, order.base
    if order.drop:
        if old is None:
            raise CourseError(f"{order.to} holds no published course.")
        return without_version(new, old, version=version, base=base)
    assert order.book is not None, "it was built or named"
    day = edition_day()
    return assemble(new, old, order.book, version=version, base=base, day=day, downloads=made)


def _tell(catalogue: "Catalogue") -> None:
    first, *others = [one.version for one in catalogue.releases]
    kept = f"; kept: {', '.join(others)}" if others else ""
    out.print(f"The newest version is {first}{kept}.", highlight=False)
    for release in catalogue.releases:
        if release.address != catalogue.address:
            named = release.address or "no address"
            out.print(
                f"Version {release.version} names {named} in its references, pictures of links "
                f"and downloads. Build it again from its tag with: pfp build --base "
                f"{catalogue.address}, and publish it with --book and --version "
                f"{release.version}.",
                highlight=False,
                soft_wrap=True,
            )


def command(
    to: Annotated[
        str,
        typer.Option(
            help="A folder, or gh-pages, the branch of the project that GitHub Pages shows.",
            show_default=False,
        ),
    ],
    folder: Project = Path(),
    version: Annotated[
        str,
        typer.Option(help="The number of this version, as 1.2. Default: the book's own."),
    ] = "",
    with_: Annotated[
        str,
        typer.Option("--with", help="Files to offer besides: pdf,epub,offline, or some of them."),
    ] = "",
    book: Annotated[
        Path | None,
        typer.Option(help="A book that is built already. Default: build it now."),
    ] = None,
    base: Annotated[
        str,
        typer.Option(help="The address of the site. Default: html.baseurl of _config.yml."),
    ] = "",
    drop: Annotated[
        str, typer.Option(help="Take this version back; publish nothing.", show_default=False)
    ] = "",
    push: Annotated[
        bool, typer.Option("--push", help="Send the branch to the remote. Only with gh-pages.")
    ] = False,
    remote: Annotated[str, typer.Option(help="The remote to push to.")] = "origin",
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace a folder that holds something else. All of it."),
    ] = False,
) -> None:
    """Put the book online: check it, and place it beside its older versions.

    The newest version stands at the root, and each version in a folder of its own, such as v1.2,
    with a switch on each page. The folder is replaced as a whole when the new one is complete; if
    a link is dead or a page would fetch something from elsewhere, nothing is published. Nothing
    leaves this computer without --push.

    Examples
    --------
        pfp publish --to site

        pfp publish --to site --version 1.1 --with pdf,epub,offline

        pfp publish --to gh-pages --push

        pfp publish --to site --drop 1.0
    """
    need_libraries("pfp publish", "book", "jupyter_book", "sphinx", clone=folder)
    editions = tuple(name.strip() for name in with_.split(",") if name.strip())
    publish(
        folder,
        Order(to, version, editions, book, base, drop, remote, push=push, force=force),
    )
