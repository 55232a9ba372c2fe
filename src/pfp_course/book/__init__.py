"""The Sphinx extension behind the book: theme, citations, glossary and data cards."""

import os
from typing import Any

from sphinx.application import Sphinx

from pfp_course._version import __version__

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    from pfp_course.book import (
        addresses,
        assets,
        bibliography,
        chapters,
        citations,
        cited,
        citing,
        data_cards,
        findable,
        glossary,
        launch,
        measured,
        pictures,
        places,
        progress,
        python_words,
        quiet,
        reading,
        search,
        syllabus,
        tables,
        theme,
        trust,
        webapp,
    )

    # Notebooks run while the book is built; their quizzes and explorers must know that no
    # kernel will answer on the page.
    os.environ["PFP_STATIC"] = "1"
    for part in (
        quiet,
        addresses,
        theme,
        findable,
        citing,
        assets,
        bibliography,
        citations,
        cited,
        glossary,
        data_cards,
        chapters,
        launch,
        measured,
        pictures,
        places,
        progress,
        python_words,
        reading,
        syllabus,
        tables,
        trust,
        search,
        webapp,
    ):
        part.connect(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
