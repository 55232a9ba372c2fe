"""The index behind the search page: one entry for a section, a term and a reference.

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

_UNREAD = (nodes.raw, nodes.literal_block, nodes.comment, nodes.title, nodes.label)


def connect(app: Sphinx) -> None:
    """Put our search page in the place of Sphinx's."""
    found: dict[str, list[dict[str, str]]] = {}

    def read(app: Sphinx, document: nodes.document, docname: str) -> None:
        if app.builder.format == "html":
            found[docname] = list(entries(document, app.builder.get_target_uri(docname)))

    app.connect("builder-inited", _replace_search)
    # The references stand on a page only once it is resolved.
    app.connect("doctree-resolved", read)
    app.connect("html-collect-pages", lambda app: _pages(app, found))


def entries(document: nodes.document, url: str) -> Iterator[dict[str, str]]:
    """Return what can be found in a page: titles, addresses and texts of its parts."""
    page = ""
    for part in document.findall(_is_part):
        name = _name(part)
        top = not page
        page = page or name
        yield {
            "url": url,
            "anchor": "" if top else _anchor(part),
            "page": page,
            "title": name,
            "text": " ".join(" ".join(_words(part)).split()),
        }


def _is_part(node: nodes.Node) -> bool:
    """Tell whether a node is found by itself: a section, a term of the glossary, a reference."""
    if isinstance(node, nodes.definition_list_item):
        return bool(node[0]["ids"])
    return isinstance(node, nodes.section | nodes.citation)


def _anchor(part: nodes.Element) -> str:
    holder = part[0] if isinstance(part, nodes.definition_list_item) else part
    return str(holder["ids"][0])


def _name(part: nodes.Element) -> str:
    title = part.next_node(lambda node: isinstance(node, nodes.title | nodes.term | nodes.label))
    return title.astext() if title else ""


def _words(node: nodes.Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, _UNREAD) or _is_part(child):
            continue
        if isinstance(child, nodes.term) and child["ids"]:
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


def _pages(
    app: Sphinx, found: dict[str, list[dict[str, str]]]
) -> Iterable[tuple[str, dict[str, Any], str]]:
    for docname in app.env.found_docs - found.keys():
        # A page that had not changed was not written, nor resolved, this time.
        app.env.get_and_resolve_doctree(docname, app.builder)
    index = [entry for docname in sorted(app.env.found_docs) for entry in found[docname]]
    path = Path(app.outdir) / "_static" / "pfp-search-index.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"window.pfpSearchIndex={text};\n", encoding="utf-8")
    yield "search", {"title": "Search"}, "search.html"
