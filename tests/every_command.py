"""All commands of ``pfp`` with arguments that suffice, collected from the command line itself."""

from collections.abc import Iterator
from typing import Any

import click
import typer

# What a required argument or option may be, by its name; another one gets its own name.
_VALUES = {"chapters": "2", "due": "2027-02-15", "start": "2027-01-18", "to": "new", "out": "new"}
# Options without which a command would stay, or open something.
_QUIET = {"start": ["--no-open"], "serve": ["--no-open"]}
_MORE = {
    "assign": [["--to", "nbgrader"], ["--due", "2027-02-15"]],
    "build": [["--pdf"], ["--epub"]],
    "check": [["data"], ["questions"]],
    "slides": [["2"]],
    "doctor": [["--sizes"]],
    "export": [["--to", "cc", "2"]],
}


def commands(app: typer.Typer) -> Iterator[tuple[str, ...]]:
    """Yield each command as the words that call it, without its arguments."""
    yield from _inside(typer.main.get_command(app), ())


def _inside(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _inside(inner, (*words, name))
    else:
        yield words


def calls(app: typer.Typer) -> Iterator[list[str]]:
    """Yield each command with the arguments that it requires, and some with options besides."""
    for words in commands(app):
        command: Any = typer.main.get_command(app)
        for word in words:
            command = command.commands[word]
        given = [*words, *_QUIET.get(words[0], [])]
        for parameter in command.params:
            if parameter.required:
                value = _VALUES.get(parameter.name, parameter.name)
                of_option = isinstance(parameter, click.Option) or parameter.opts[0].startswith("-")
                given += [parameter.opts[0], value] if of_option else [value]
        yield given
        for more in _MORE.get(words[0], []):
            yield [*given, *more]
    yield ["grade", "--notebooks", "course"]
