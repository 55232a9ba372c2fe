"""What the citations of a page rest on: each page that cites holds its sources once.

The script shows them beside the citations, and a printed page carries them at its end. A chapter
lists its sources by itself, with ``cite``; here the other pages get their list.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from pfp_course.data import Citation, sources

__all__ = ["connect", "unlisted"]

_CITED = re.compile(r'references\.html#cite-\d+-([\w.-]+)"')
_LISTED = re.compile(r'data-source="([^"]+)"')
_TITLE = "Sources of this page"


def connect(app: Sphinx) -> None:
    """Complete the pages before the theme divides them."""
    app.connect("html-page-context", _complete, priority=300)


def unlisted(body: str) -> tuple[str, ...]:
    """Return the keys of the sources that a page cites and does not list, as first cited."""
    listed = set(_LISTED.findall(body))
    wanted = [anchor for anchor in dict.fromkeys(_CITED.findall(body)) if anchor not in listed]
    keys = {source.anchor: key for key, source in sources().items()}
    return tuple(keys[anchor] for anchor in wanted)


def _complete(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    body = context.get("body", "")
    keys = unlisted(body)
    if not keys:
        return
    entries = Citation(tuple(sources()[key] for key in keys))._repr_html_()
    context["body"] = (
        f'{body}\n<section id="sources-of-this-page"><h2>{_TITLE}</h2>\n{entries}\n</section>'
    )
