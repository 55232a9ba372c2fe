"""What the commands of a publisher take: ``pfp publish`` and ``pfp links``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pfp_course.cli import linking, publishing

__all__ = ["add_to"]

out = Console()


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(publish)
    app.command()(links)


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


def links(
    folder: Annotated[Path, typer.Argument(help="The project.")] = Path(),
    report: Annotated[
        Path | None,
        typer.Option(help="The folder for the report. Default: _build/links.", show_default=False),
    ] = None,
    only: Annotated[
        str, typer.Option(help="Only addresses that hold this text.", show_default=False)
    ] = "",
    age: Annotated[
        float, typer.Option(min=0, help="Hours for which an answer is remembered; 0 asks anew.")
    ] = 24.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many are asked at once.")] = 16,
    pause: Annotated[
        float, typer.Option(min=0, help="Seconds between two questions to one host.")
    ] = 1.0,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that an answer may take.")
    ] = 20.0,
    private: Annotated[
        bool, typer.Option("--private", help="Also ask in private networks.")
    ] = False,
) -> None:
    """Ask whether the addresses that the course names still work.

    Text, notebooks, questions and every table are read. An address works, has moved (the new one
    is named), is dead (the server or the host is gone), or is uncertain: some servers do not
    answer programs, so open those in a browser. The report names file, line and row. The command
    exits with 1 if an address is dead. It needs a connection, and takes a few minutes.

    Examples
    --------
        pfp links

        pfp links --only nato.int --age 0
    """
    search = linking.Search(
        only=only, age=age, workers=workers, pause=pause, timeout=timeout, private=private
    )
    linking.links(out, folder, report, search)
