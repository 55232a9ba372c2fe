"""``pfp publish``: the book into a folder or a branch, beside its older versions."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pfp_course.cli import build
from pfp_course.cli.console import Project, out
from pfp_course.cli.installation import need_libraries
from pfp_course.course import edition_day, read_course
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.deploy.checks import Stated
    from pfp_course.deploy.versions import Catalogue

__all__ = ["Order", "app", "publish"]

app = typer.Typer(rich_markup_mode="rich")


_EDITIONS = ("pdf", "epub", "offline")  # forms of the book to carry away


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


def publish(folder: Path, order: Order) -> None:
    """Build the book, or take a built one, and publish it.

    Raises
    ------
    CourseError
        If the order does not fit together, the book has faults, or the place cannot be written.
    """
    from pfp_course.deploy.branch import BRANCH, address_of
    from pfp_course.deploy.versions import version_key

    root = build.project_root(folder)
    _refuse_contradictions(order, BRANCH)
    wanted = _editions(order.editions)
    on_branch = order.to == BRANCH
    # What can be refused is refused before the build, which takes a minute.
    known = address_of(root, order.remote) if on_branch else _remembered(root, order)
    said = _stated(order.book)
    order = replace(order, version=order.drop or _version(order, root, said))
    version_key(order.version)
    base = order.base or build.base_of(root) or known or (said.address if said else "")
    address = _whole_address(base)
    book = order.book
    made: list[Path] = []
    if not book and not order.drop:
        stating = _stating(order.version, root)
        build.build(root, fresh=False, base=address, version=stating)
        book = root / "_build" / "html"
        made = build.make_editions(
            root,
            pdf="pdf" in wanted,
            epub="epub" in wanted,
            offline="offline" in wanted,
            base=address,
            version=stating,
        )
    if on_branch:
        _to_branch(root, order, book, address, made)
    else:
        _to_folder(root, order, book, address, made)
    if order.book and said is None:
        out.print(
            "The book does not say for which address and version it was built: an older pfp built "
            "it. If its pages name others, build it again with: pfp build --base ADDRESS --version "
            f"{order.version}",
            highlight=False,
        )
    if not address and not order.drop:
        out.print(
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


def _editions(text: str) -> set[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in _EDITIONS:
            raise CourseError(f"--with does not know {name!r}. It takes {', '.join(_EDITIONS)}.")
    return set(names)


def _remembered(root: Path, order: Order) -> str:
    """Return the address under which the folder was published before."""
    from pfp_course.deploy.site import old_site
    from pfp_course.deploy.versions import read_catalogue

    old = old_site(Path(order.to), root, over=order.force)
    catalogue = read_catalogue(old) if old else None
    return catalogue.address if catalogue else ""


def _whole_address(base: str) -> str:
    """Return the address with a slash at its end; empty if there is none."""
    from pfp_course.sphinx_ext.addresses import problem

    if wrong := problem(base):
        raise CourseError(wrong)
    return f"{base.rstrip('/')}/" if base else ""


def _to_folder(root: Path, order: Order, book: Path | None, base: str, made: list[Path]) -> None:
    from pfp_course.deploy.site import replace_folder

    target = Path(order.to)
    catalogue = replace_folder(
        target,
        lambda new, old: _make(order, book, base, made, new, old),
        project=root,
        over=order.force,
    )
    out.print(f"Published in [bold]{target.resolve()}[/]", highlight=False, soft_wrap=True)
    _tell(catalogue)


def _to_branch(root: Path, order: Order, book: Path | None, base: str, made: list[Path]) -> None:
    from pfp_course.deploy.branch import BRANCH, publish_branch

    catalogues: list[Catalogue] = []

    def make(new: Path, old: Path | None) -> None:
        catalogues.append(_make(order, book, base, made, new, old))

    said = f"Take back version {order.drop}" if order.drop else f"Publish {order.version}"
    done = publish_branch(root, make, message=said, remote=order.remote, push=order.push)
    news = f"commit {done.commit[:10]}" if done.changed else "nothing new"
    out.print(f"Published on the branch [bold]{BRANCH}[/] ({news})", highlight=False)
    _tell(catalogues[0])
    if done.pushed:
        out.print(f"Pushed to {order.remote}.{f' It will be shown at {base}' if base else ''}")
    else:
        out.print(f"Nothing was sent. To send it: git push {order.remote} {BRANCH}")


def _make(
    order: Order, book: Path | None, base: str, made: list[Path], new: Path, old: Path | None
) -> "Catalogue":
    from pfp_course.deploy.site import assemble, without_version

    if order.drop:
        if old is None:
            raise CourseError(f"{order.to} holds no published course.")
        return without_version(new, old, version=order.drop, base=base)
    assert book is not None, "it was built or named"
    day = edition_day()
    return assemble(new, old, book, version=order.version, base=base, day=day, downloads=made)


def _stated(book: Path | None) -> "Stated | None":
    from pfp_course.deploy.checks import stated

    return stated(book) if book else None


def _version(order: Order, root: Path, said: "Stated | None") -> str:
    """Return the version that was asked for, or the first two numbers of the book's own."""
    own = said.version if said else read_course(root).version
    return order.version.removeprefix("v") or ".".join(own.split(".")[:2])


def _stating(version: str, root: Path) -> str:
    """Return the version that a build has to be told; empty where the course's own agrees."""
    from pfp_course.deploy.checks import agrees

    return "" if agrees(version, read_course(root).version) else version


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


@app.command()
def publish_command(
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
    order = Order(
        to=to,
        version=version,
        editions=with_,
        book=book,
        base=base,
        drop=drop,
        remote=remote,
        push=push,
        force=force,
    )
    publish(folder, order)
