"""``pfp links``: ask whether the addresses that the course names still work."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pfp_course.cli.build import project_root
from pfp_course.cli.console import Project, out, say
from pfp_course.cli.installation import need_libraries
from pfp_course.course import edition_day
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.linkcheck.asking import Answer, Manners

__all__ = ["Search", "app", "links"]

app = typer.Typer(rich_markup_mode="rich")

_MANY = 3  # hosts: when not one of so many can be found, it is this computer that is not connected


@dataclass(frozen=True)
class Search:
    """Which addresses are asked for, and how long an answer counts."""

    only: str = ""
    age: float = 24.0
    workers: int = 16
    pause: float = 1.0
    timeout: float = 20.0
    private: bool = False


def links(folder: Path, report: Path | None, search: Search) -> None:
    """Ask for every address, write the report, and exit with 1 if one is dead.

    Raises
    ------
    CourseError
        If this computer has no connection, or the report cannot be written.
    """
    from pfp_course.files import whole
    from pfp_course.linkcheck.asking import Manners, Verdict
    from pfp_course.linkcheck.results import Memory, as_csv, as_markdown, collect

    root = project_root(folder)
    target = report or root / "_build" / "links"
    mentions = {
        address: places for address, places in collect(root).items() if search.only in address
    }
    memory = Memory(target / "answers.json", search.age)
    asked = [address for address in mentions if memory.get(address) is None]
    manners = Manners(
        workers=search.workers,
        pause=search.pause,
        timeout=search.timeout,
        private=search.private,
    )
    try:
        fresh = _ask(asked, manners, memory.add)
    finally:
        # Who breaks off does not ask again what was answered.
        memory.save()
    answers = {address: fresh.get(address) or memory.get(address) for address in mentions}
    known = {address: answer for address, answer in answers.items() if answer}
    for name, text in (
        ("links.md", as_markdown(known, mentions, edition_day())),
        ("links.csv", as_csv(known, mentions)),
    ):
        with whole(target / name) as part:
            part.write_text(text, encoding="utf-8")
    _tell(known, len(known) - len(fresh), target)
    if any(answer.verdict is Verdict.dead for answer in known.values()):
        raise typer.Exit(1)


def _ask(
    addresses: list[str],
    manners: "Manners",
    keep: Callable[["Answer"], None],
) -> dict[str, "Answer"]:
    from pfp_course.linkcheck.asking import ask_all

    columns = (
        TextColumn("asking"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("", total=len(addresses))

        def tell(answer: "Answer") -> None:
            keep(answer)
            bar.update(task, advance=1, description=answer.address[:60])

        answers = ask_all(addresses, manners, tell)
    if len(answers) >= _MANY and all("no such host" in one.reason for one in answers.values()):
        raise CourseError(
            "Not one host could be found, so nothing can be said about the links. Is this "
            "computer connected?"
        )
    return answers


def _tell(answers: dict[str, "Answer"], remembered: int, target: Path) -> None:
    from pfp_course.linkcheck.asking import Verdict

    for answer in answers.values():
        if answer.verdict in (Verdict.dead, Verdict.moved):
            more = f" → {answer.target}" if answer.target else f": {answer.reason}"
            line = f"{answer.verdict}  {answer.address}{more}"
            say(line)
    counts = ", ".join(
        f"{sum(one.verdict is verdict for one in answers.values())} {verdict}"
        for verdict in Verdict
    )
    old = f" {remembered} answers were remembered." if remembered else ""
    out.print(f"{len(answers)} addresses: {counts}.{old}", highlight=False)
    where = target / "links.md"
    out.print(f"Who names them: [bold]{where}[/] and links.csv", highlight=False, soft_wrap=True)


@app.command()
def links_command(
    folder: Project = Path(),
    report: Annotated[
        Path | None,
        typer.Option(help="The folder for the report. Default: _build/links.", show_default=False),
    ] = None,
    only: Annotated[
        str, typer.Option(help="Only addresses that hold this text.", show_default=False)
    ] = "",
    age: Annotated[
        float, typer.Option(min=0, help="Hours for which an answer is remembered; 0 asks anew.")
    ] = Search.age,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="How many are asked at once.")
    ] = Search.workers,
    pause: Annotated[
        float, typer.Option(min=0, help="Seconds between two questions to one host.")
    ] = Search.pause,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that an answer may take.")
    ] = Search.timeout,
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
    need_libraries("pfp links", "book", "httpx", clone=folder)
    search = Search(
        only=only, age=age, workers=workers, pause=pause, timeout=timeout, private=private
    )
    links(folder, report, search)
