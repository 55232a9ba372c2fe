"""The theme of the book: one page template over our own style sheet and script."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from pfp_course._version import __version__

__all__ = ["connect", "contents", "description", "parted"]

_FOLDER = Path(__file__).with_name("theme") / "pfp"
_LONGEST_DESCRIPTION = 160
# A page's title, and the promise in italics that a chapter makes under it.
_HEAD = re.compile(r".*?</h1>(?:\s*<p><em>(?:(?!</p>).)*</em></p>)?", re.DOTALL)


def connect(app: Sphinx) -> None:
    """Register the theme and what its templates need."""
    app.add_html_theme("pfp", str(_FOLDER))
    app.connect("html-page-context", _complete_context)


def contents(app: Sphinx, pagename: str) -> str:
    """Return the list of a page's sections as HTML, without the page's own title."""
    toc = app.env.tocs.get(pagename)
    if toc is None:
        return ""
    lists = list(toc.findall(nodes.bullet_list))
    if len(lists) < 2 or len(lists[1].children) < 2:
        return ""
    inner = lists[1].deepcopy()
    for deep in [x for x in inner.findall(nodes.bullet_list) if _depth(x, inner) > 1]:
        deep.parent.remove(deep)
    for reference in inner.findall(nodes.reference):
        reference["refuri"] = reference.get("anchorname") or "#"
    return str(app.builder.render_partial(inner)["fragment"])  # type: ignore[attr-defined]


def description(doctree: nodes.document | None) -> str:
    """Return the first paragraph of a page, cut at a word."""
    if doctree is None:
        return ""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 30:
            if len(text) <= _LONGEST_DESCRIPTION:
                return text
            return text[: _LONGEST_DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"
    return ""


def parted(body: str) -> tuple[str, str]:
    """Return the head of a page and the rest; its contents and links stand between them."""
    head = _HEAD.match(body)
    return (head[0], body[head.end() :]) if head else ("", body)


def _depth(node: nodes.Node, top: nodes.Node) -> int:
    depth = 0
    while node is not top:
        node = node.parent
        depth += isinstance(node, nodes.bullet_list)
    return depth


def _complete_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    context["pfp_version"] = __version__
    # A landing page is seen at a glance.
    wide = (context.get("meta") or {}).get("layout") == "wide"
    context["pfp_contents"] = Markup("" if wide else contents(app, pagename))
    context["pfp_description"] = description(doctree)
    context["pfp_brand"] = _brand(app.config.html_title)
    context["pfp_logo"] = Markup(_logo(app))
    toctree = context.get("toctree")
    context["pfp_navigation"] = Markup(_navigation(str(toctree(**_TOCTREE))) if toctree else "")
    context["pfp_parts"] = parted(_mended(context.get("body", "")))
    context["author"] = "" if app.config.author == "unknown" else app.config.author


_TOCTREE = {"collapse": True, "includehidden": True, "titles_only": True, "maxdepth": 1}


def _navigation(toctree: str) -> str:
    marked = re.sub(
        r'<a class="current reference internal"', '<a aria-current="page"', toctree
    ).replace(' role="heading"', "")
    return marked.replace(' class="reference internal"', "")


def _brand(title: str) -> tuple[str, str]:
    name, _, rest = title.partition(":")
    return name.strip(), rest.strip().capitalize()


def _logo(app: Sphinx) -> str:
    if not app.config.html_logo:
        return ""
    return Path(app.confdir, str(app.config.html_logo)).read_text(encoding="utf-8")


def _mended(body: str) -> str:
    # Docutils makes the references a list whose entries are none that ARIA knows, so that
    # a screen reader would announce a list without items.
    return body.replace(' role="doc-biblioentry"', "").replace(
        '<div role="list" class="citation-list">', "<div>"
    )
