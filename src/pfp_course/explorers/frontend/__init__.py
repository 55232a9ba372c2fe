"""The explorers' front end: one module for a widget, one script for a page, one style sheet."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pfp_course import palette
from pfp_course.questions.frontend import classic, joined, short

__all__ = ["FOLDER", "page_script", "stylesheet", "widget_module", "widget_stylesheet"]

FOLDER = Path(__file__).parent


def _registered(names: Mapping[str, Path]) -> str:
    """Return the code that tells the frame the explorers: each module exports one by its name."""
    return f"Object.assign(EXPLORERS, {{ {', '.join(names)} }});\n" if names else ""


def page_script(modules: Mapping[str, Path]) -> str:
    """Return a script that makes every explorer of a page live, from the disk too.

    Parameters
    ----------
    modules
        The explorers by name, with the module of each.
    """
    return classic(
        *modules.values(),
        FOLDER / "page.js",
        after=f"{_registered(modules)}startExplorers();\n",
    )


@cache
def widget_module(name: str, module: Path) -> str:
    """Return the front-end module of one explorer for anywidget: its default export renders.

    The other exports are for tests, which hold both languages to the same vectors.
    """
    tested = "drawnPlaces, kappaOf, periodsOf, quantileOf, slotsOf, survivalOf"
    return (
        joined(module, FOLDER / "statistics.js", FOLDER / "explore.js")
        + _registered({name: module})
        + f"export default {{ render: renderExplorer }};\nexport {{ EXPLORERS, {tested} }};\n"
    )


@cache
def stylesheet() -> str:
    """Return the rules of an explorer; the page gives the colours."""
    return short((FOLDER / "explorer.css").read_text(encoding="utf-8"))


@cache
def widget_stylesheet() -> str:
    """Return the rules of an explorer with its colours, light and dark, for a notebook."""
    return palette.notebook_rules(".pfp-live") + stylesheet()
