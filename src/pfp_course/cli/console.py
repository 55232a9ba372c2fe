"""Where commands write, and the options that several of them take."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

__all__ = ["OpenPage", "Project", "counted", "err", "out", "say"]

out = Console()
err = Console(stderr=True)

Project = Annotated[Path, typer.Argument(help="The project, a folder with _config.yml.")]
OpenPage = Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")]


def say(*lines: str) -> None:
    """Print lines as they are: no markup, no colours, no line breaks of the console's own."""
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 student``, ``2 students``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
