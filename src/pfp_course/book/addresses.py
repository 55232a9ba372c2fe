"""Where the book is published, from the one setting ``html.baseurl``.

The variable ``PFP_BASE_URL`` takes the setting's place for one build: the same sources can be
published in two places.
"""

import os
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

__all__ = ["TABLES", "VARIABLE", "address", "connect", "problem"]

VARIABLE = "PFP_BASE_URL"
TABLES = "data"  # the folder of the tables' files in the published book
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?$")


def connect(app: Sphinx) -> None:
    """Check the setting before anything uses it; give each page its canonical address."""
    app.connect("config-inited", _configure, priority=100)
    app.connect("html-page-context", _name_page, priority=300)


def address(base: str, name: str = "index") -> str:
    """Return the address of a page, or of a file with its ending; empty without a base.

    Parameters
    ----------
    base : str
        Where the book is published, or empty.
    name : str
        A page such as ``book/data``, or a file such as ``data/signatories.csv``.
    """
    if not base:
        return ""
    if name == "index":
        return base
    return base + name + ("" if "." in name.rsplit("/", 1)[-1] else ".html")


def problem(base: str) -> str:
    """Return what is wrong with the setting and how to mend it, or an empty text."""
    if not base or _ADDRESS.match(base):
        return ""
    return (
        f"html.baseurl is {base!r}. Give the whole address of the published book, as "
        "https://example.org/course/, or leave it empty."
    )


def _configure(app: Sphinx, config: Config) -> None:
    base = os.environ.get(VARIABLE) or config.html_baseurl or ""
    if wrong := problem(base):
        raise ConfigError(f"_config.yml: {wrong}")
    config.html_baseurl = f"{base.rstrip('/')}/" if base else ""


def _name_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    # A page without sources, such as the search, is no place to be found.
    context["pageurl"] = address(app.config.html_baseurl, pagename) if doctree else ""
    context["pfp_indexed"] = doctree is not None
