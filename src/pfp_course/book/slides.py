"""Slides of a chapter: its figures and key points as a deck of reveal.js, in one file."""

import os
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from pfp_course import palette
from pfp_course.chapters import Chapter

__all__ = ["SLIDE", "deck"]

# The tag of the cells that are shown on a slide.
SLIDE = "slide"
_PARTS = Path(__file__).with_name("decks")
_RULES = """
body { background: var(--pfp-paper); }
.reveal { font: 26px/1.4 system-ui, sans-serif; color: var(--pfp-ink); }
.reveal .slides { text-align: start; }
.reveal h1 { font: 600 2.2em/1.15 Georgia, serif; margin: 0 0 .6em; }
.reveal h2 { font: 600 1.5em/1.2 Georgia, serif; margin: 0 0 .6em; }
.reveal a { color: var(--pfp-accent); }
.reveal li { margin-bottom: .5em; }
.reveal dl, .reveal .anchor-link { display: none; }
.reveal figure { margin: 0; }
.reveal figure svg { display: block; height: 33rem; max-height: 560px; width: auto;
  max-width: 100%; margin: 0 auto; }
.reveal figcaption { font-size: .6em; color: var(--pfp-ink-soft); margin-top: .5em; }
.reveal details { display: none; }
.reveal .pfp-objective { font-weight: 600; color: var(--pfp-ink-soft); }
.reveal .slide-number { background: none; color: var(--pfp-ink-soft); font-size: 14px; }
"""


def deck(chapter: Chapter) -> str:
    """Return the slides of a chapter as one page that makes no request.

    The notebook is run from top to bottom; then the cells with the tag ``slide`` are kept, each
    on a slide of its own, without their code. The sentences of the summary become a list.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell of the notebook fails.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbconvert.exporters import SlidesExporter

    notebook = nbformat.read(chapter.notebook, as_version=4)
    client = NotebookClient(notebook, timeout=120)
    client.execute(env={**os.environ, "PFP_STATIC": "1"})
    shown = deepcopy(notebook)
    shown.cells = [
        _slide(cell) for cell in notebook.cells if SLIDE in cell.metadata.get("tags", [])
    ]
    exporter = SlidesExporter(
        template_name="pfp-deck",
        extra_template_basedirs=[str(_PARTS)],
        exclude_input=True,
        exclude_output_prompt=True,
    )
    light = palette.properties("html", palette.LIGHT, "light")
    dark = palette.properties("html", palette.DARK, "dark")
    colours = f"{light}@media (prefers-color-scheme: dark) {{{dark}}}"
    sheet = (_PARTS / "reveal.css").read_text(encoding="utf-8")
    parts = {
        "title": chapter.heading,
        "style": sheet + colours + _RULES,
        "script": (_PARTS / "reveal.js").read_text(encoding="utf-8"),
    }
    page, _ = exporter.from_notebook_node(shown, resources={"deck": parts})
    return str(page)


def _slide(cell: Any) -> Any:
    cell = deepcopy(cell)
    cell.metadata["slideshow"] = {"slide_type": "slide"}
    if cell.source.startswith("## Summary"):
        text = cell.source.removeprefix("## Summary").strip()
        points = re.split(r"(?<=[.!?])\s+", text)
        cell.source = "## Key points\n\n" + "\n".join(f"- {point}" for point in points)
    return cell
