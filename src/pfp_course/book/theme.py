"""The theme of the book: one page template over our own style sheet and script."""

import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from pfp_course._version import __version__
from pfp_course.book.chapters import docname, parts
from pfp_course.palette import DARK, LIGHT

__all__ = ["connect", "contents", "parted"]

_FOLDER = Path(__file__).with_name("theme") / "pfp"
# A page's title, and the promise in italics that a chapter makes under it.
_HEAD = re.compile(r".*?</h1>(?:\s*<p><em>(?:(?!</p>).)*</em></p>)?", re.DOTALL)
# The cell of a chapter's opener: its code, folded, and the opener under it.
_OPENER = re.compile(
    r'\s*(?P<cell><div class="cell [^>]*>)\s*(?P<code><details.*?</details>)\s*'
    r'(?P<shown><div class="cell_output(?:(?!<section).)*?class="pfp-opener">'
    r".*?</ul></div></div></div>)"
    r"\s*</div>",
    re.DOTALL,
)
_PLAIN_CODE = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')
_CHAPTER = re.compile(r'(<a [^>]*href="[^"]*?\b(\d\d)-[\w-]+\.html">)(.*?)(</a>)')


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


def parted(body: str) -> tuple[str, str]:
    """Return the head of a page and the rest; its contents and links stand between them.

    The head of a chapter ends with its opener, and the opener's code stands after it: a reader
    wants to know what the chapter teaches before how its card was made.
    """
    head = _HEAD.match(body)
    if head is None:
        return "", body
    opener = _OPENER.match(body, head.end())
    if opener is None:
        return head[0], body[head.end() :]
    card = f"{opener['cell']}{opener['shown']}{opener['code']}</div>"
    return f"{head[0]}\n{card}", body[opener.end() :]


def _kicker(pagename: str) -> str:
    """Return the part of the course that a chapter belongs to, over its title."""
    return next((part for part, held in parts() for one in held if docname(one) == pagename), "")


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
    context["pfp_brand"] = _brand(app.config.html_title)
    context["pfp_logo"] = Markup(_logo(app))
    toctree = context.get("toctree")
    context["pfp_navigation"] = Markup(
        _navigation(str(toctree(**_TOCTREE)), pagename) if toctree else ""
    )
    context["pfp_parts"] = parted(_mended(context.get("body", ""), _kicker(pagename)))
    number = re.match(r"notebooks/(\d+)-", pagename)
    context["pfp_chapter"] = int(number[1]) if number else ""
    context["pfp_papers"] = (LIGHT["paper"], DARK["paper"])
    context["author"] = "" if app.config.author == "unknown" else app.config.author


_TOCTREE = {"collapse": True, "includehidden": True, "titles_only": True, "maxdepth": 1}


def _navigation(toctree: str, pagename: str) -> str:
    marked = re.sub(
        r'<a class="current reference internal"', '<a aria-current="page"', toctree
    ).replace(' role="heading"', "")
    plain = marked.replace(' class="reference internal"', "")
    # The link to the page itself has no address that would tell its chapter.
    here = f'<a aria-current="page" href="{pagename.rpartition("/")[2]}.html">'
    plain = plain.replace('<a aria-current="page" href="#">', here)
    # The place of the reader's own mark is kept free, so that nothing moves when it comes.
    return _CHAPTER.sub(
        r'\1<span>\3</span><span class="pfp-reached" data-chapter="\2"></span>\4', plain
    )


def _brand(title: str) -> tuple[str, str]:
    name, _, rest = title.partition(":")
    return name.strip(), rest.strip().capitalize()


def _logo(app: Sphinx) -> str:
    if not app.config.html_logo:
        return ""
    return Path(app.confdir, str(app.config.html_logo)).read_text(encoding="utf-8")


def _mended(body: str, kicker: str) -> str:
    # Names and points of code have the colour of the text: they need no elements of their own.
    body = _PLAIN_CODE.sub(r"\1", body.replace("<pre><span></span>", "<pre>"))
    if kicker:
        body = body.replace("<h1>", f'<p class="pfp-kicker">{escape(kicker)}</p>\n<h1>', 1)
    # Its words are its name: a name that is not seen cannot be spoken to the computer.
    body = body.replace(' aria-label="Toggle hidden content"', "")
    # Docutils makes the references a list whose entries are none that ARIA knows, so that
    # a screen reader would announce a list without items.
    return body.replace(' role="doc-biblioentry"', "").replace(
        '<div role="list" class="citation-list">', "<div>"
    )
