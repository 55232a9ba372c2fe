"""The command line: its commands, where they write, and how an error is shown."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from pfp_course import __version__
from pfp_course.cli import keep_interrupts, use_plain_letters
from pfp_course.cli.installation import without_libraries
from pfp_course.errors import CourseError

__all__ = ["OpenPage", "Project", "app", "counted", "out", "quiet", "say"]

out = Console()
err = Console(stderr=True)

# Options that several commands take.
Project = Annotated[Path, typer.Argument(help="The project, a folder with _config.yml.")]
OpenPage = Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")]


def say(*lines: str) -> None:
    """Print lines as they are: no markup, no colours, no line breaks of the console's own."""
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 student``, ``2 students``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep off the terminal what nbgrader and SQLAlchemy say of their own affairs."""
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        # With tracebacks of what we handle.
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(before)


# Each is a module of this package with the name of its command, and in it a function `command`, or
# a Typer called `app` with commands of its own. It is imported when its command is typed, so that
# no command waits for the libraries of others.
COMMANDS = (
    *("start", "submit"),
    *("syllabus", "assign", "grade", "questions", "export", "slides"),
    *("check", "build", "serve", "publish", "cite", "links", "doctor"),
)


class _Commands(TyperGroup):
    """The group of all commands, each loaded when it is wanted."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            module = import_module(f"pfp_course.cli.{cmd_name}")
            group = getattr(module, "app", typer.Typer(rich_markup_mode="rich"))
            if hasattr(module, "command"):
                group.command()(module.command)
            command = typer.main.get_command(group)
            command.name = cmd_name
            self.commands[cmd_name] = command
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS:
            for name in COMMANDS:  # Typer names the nearest of the commands that are loaded
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


class _App(typer.Typer):
    """A Typer that shows a `CourseError` as one message, without a traceback."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        use_plain_letters()
        keep_interrupts()
        try:
            return super().__call__(*args, **kwargs)
        except SystemExit as end:
            # Between two parts that say what became of their work, Typer ends without a word.
            if isinstance(getattr(end.__context__, "__cause__", None), KeyboardInterrupt):
                err.print("Stopped.")
            raise
        except CourseError as error:
            err.print("[bold red]Error:[/] ", end="")
            err.print(str(error), markup=False, highlight=False, soft_wrap=True)
            raise SystemExit(1) from None
        except ImportError as error:  # a library that the command needs is missing
            without_libraries(error)()
            return None


app = _App(
    cls=_Commands,
    name="pfp",
    help=(
        "Courses in notebooks, such as Partnership for Peace.\n\n"
        "Students begin with [bold]pfp start[/] and hand in with [bold]pfp submit[/]. Instructors "
        "plan with [bold]pfp syllabus[/] and set work with [bold]pfp assign[/] and "
        "mark it with [bold]pfp grade[/]. Authors and "
        "publishers work in a clone of the project with [bold]pfp check[/], [bold]pfp build[/], "
        "[bold]pfp serve[/], [bold]pfp publish[/] and [bold]pfp links[/]. "
        "When something fails, ask [bold]pfp doctor[/]."
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"pfp-course {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Take the options that come before a command."""
