"""The index behind the search page: one entry a section, with its text.

Sphinx's own search reads the pages over the network, which a browser forbids on ``file://``.
This one is a script that the search page loads, and nothing else does.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["connect", "entries"]

_UNREAD = (nodes.raw, nodes.literal_block, nodes.comment, nodes.title)


def connect(app: Sphinx) -> None:
    """Put our search page in the place of Sphinx's."""
    app.connect("builder-inited", _replace_search)
    app.connect("html-collect-pages", _pages)


def entries(document: nodes.document, url: str) -> Iterator[dict[str, str]]:
    """Return what can be found in a page: each section's title, address and text."""
    page = ""
    for section in document.findall(nodes.section):
        title = section.next_node(nodes.title)
        name = title.astext() if title else ""
        top = not page
        page = page or name
        yield {
            "url": url,
            "anchor": "" if top else section["ids"][0],
            "page": page,
            "title": name,
            "text": " ".join(" ".join(_words(section)).split()),
        }


def _words(node: nodes.Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, (nodes.section, *_UNREAD)):
            continue
        if isinstance(child, nodes.Text):
            yield child.astext()
        else:
            yield (
                "".join(_words(child))
                if isinstance(child, nodes.TextElement)
                else " ".join(_words(child))
            )


def _replace_search(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _pages(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    index = [
        entry
        for docname in sorted(app.env.found_docs)
        for entry in entries(app.env.get_doctree(docname), app.builder.get_target_uri(docname))
    ]
    path = Path(app.outdir) / "_static" / "pfp-search-index.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"window.pfpSearchIndex={text};\n", encoding="utf-8")
    yield "search", {"title": "Search"}, "search.html"
