"""What the commands of a publisher take: ``pfp publish`` and ``pfp links``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pfp_course.cli import publishing

__all__ = ["add_to"]

out = Console()


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(publish)


def publish(
    to: Annotated[
        str,
        typer.Option(
            help="A folder, or gh-pages, the branch of the project that GitHub Pages shows.",
            show_default=False,
        ),
    ],
    folder: Annotated[Path, typer.Argument(help="The project.")] = Path(),
    version: Annotated[
        str,
        typer.Option(help="The number of this version, as 1.2. Default: the course's own."),
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
    order = publishing.Order(
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
    publishing.publish(out, folder, order)
