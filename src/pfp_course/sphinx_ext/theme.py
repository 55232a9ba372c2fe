"""The theme of the book: one page template over our own style sheet and script."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from myst_nb.sphinx_ import HideCodeCellNode
from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Text, Whitespace
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from pfp_course.course import Course
from pfp_course.palette import printed, properties
from pfp_course.sphinx_ext import Context, Doctree, course_of, each_page
from pfp_course.sphinx_ext.chapter_pages import chapter_of, docname, held_chapters
from pfp_course.sphinx_ext.page_output import HEAD_END
from pfp_course.sphinx_ext.settings import BOOK_FILE, LOST, PAGES_FILE

__all__ = ["connect", "stylesheet", "subtitle"]

_LIGHT_CODE = "a11y-high-contrast-light"
_DARK_CODE = "a11y-high-contrast-dark"
# Each adds scripts, style sheets or fonts to every page; some name a second search box or a CDN.
_UNUSED = (
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_thebe",
    "sphinx_togglebutton",
)


@dataclass(frozen=True)
class _MenuPage:
    """A page in the menu: its name in the book, its title as HTML and as text, its chapter."""

    name: str
    html: str
    title: str
    chapter: str


_Menu = list[tuple[str, list[_MenuPage]]]


def connect(app: Sphinx) -> None:
    """Register the theme and what its templates need."""
    app.add_html_theme("pfp", str(Path(__file__).with_name("theme") / "pfp"))
    app.setup_extension("myst_nb")
    app.add_node(HideCodeCellNode, override=True, html=(_open_code, _close_code))
    app.connect("config-inited", lambda app, _config: _silence(app), priority=1)
    app.connect("builder-inited", _set_code)
    each_page(app, _complete_context)
    each_page(app, _mark_root, priority=100)
    app.connect("env-updated", _keep_menu)
    app.connect("html-collect-pages", _write_pages)


def subtitle(course: Course) -> str:
    """Return the second half of a course's title, which follows its short title."""
    return course.title.removeprefix(course.short_title).lstrip(" :").capitalize()


def _contents(app: Sphinx, pagename: str) -> str:
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
    return _rendered(app, inner, "fragment")


def _keep_menu(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Keep the menu; have all pages written if it has changed, for each of them shows it."""
    if app.builder.format != "html":
        return []
    chapters = {docname(chapter): chapter.number for chapter in held_chapters(app)}
    menu: _Menu = []
    for toctree in env.tocs[app.config.root_doc].findall(addnodes.toctree):
        pages = []
        for title, name in toctree["entries"]:
            if name in env.titles:
                node = env.titles[name]
                html = escape(title) if title else _rendered(app, node, "title")
                pages.append(_MenuPage(name, html, title or node.astext(), chapters.get(name, "")))
        menu.append((toctree.get("caption") or "", pages))
    known = getattr(env, "pfp_menu", menu)
    env.pfp_menu = menu  # type: ignore[attr-defined] # Sphinx keeps what is set on it
    return [] if known == menu else sorted(env.all_docs)


def _rendered(app: Sphinx, node: nodes.Node, part: str) -> str:
    return str(app.builder.render_partial(node)[part])  # type: ignore[attr-defined]


def _write_pages(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    menu: _Menu = app.env.pfp_menu  # type: ignore[attr-defined]
    pages = [
        {"name": page.name, "title": page.title, "part": part, "chapter": page.chapter}
        for part, listed in menu
        for page in listed
    ]
    course = course_of(app)
    stated = {"title": course.title, "version": course.version, "address": app.config.html_baseurl}
    for name, content in ((PAGES_FILE, pages), (BOOK_FILE, stated)):
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (Path(app.outdir) / name).write_text(f"{text}\n", encoding="utf-8")
    yield LOST, {"title": "This page does not exist"}, "404.html"


def _depth(node: nodes.Node, top: nodes.Node) -> int:
    depth = 0
    while node is not top:
        node = node.parent
        depth += isinstance(node, nodes.bullet_list)
    return depth


def _complete_context(app: Sphinx, pagename: str, context: Context, doctree: Doctree) -> None:
    course, chapter = course_of(app), chapter_of(app, pagename)
    context["pfp_version"] = course.version
    # A landing page is seen at a glance.
    wide = (context.get("meta") or {}).get("layout") == "wide"
    context["pfp_contents"] = Markup("" if wide else _contents(app, pagename))
    context["pfp_brand"] = (course.short_title, subtitle(course))
    logo = app.config.html_logo
    context["pfp_logo"] = Markup(Path(app.confdir, logo).read_text("utf-8") if logo else "")
    context["pfp_roles"] = {page: role for role, page in course.pages.items()}
    context["pfp_menu"] = app.env.pfp_menu  # type: ignore[attr-defined]
    head, mark, rest = context.get("body", "").partition(HEAD_END)
    context["pfp_head"], context["pfp_rest"] = (head, rest) if mark else ("", head)
    context["pfp_chapter"] = int(chapter.number) if chapter else ""
    context["pfp_papers"] = tuple(course.palette(scheme)["paper"] for scheme in ("light", "dark"))
    # A page in another language says so itself.
    context["language"] = (context.get("meta") or {}).get("language") or course.languages[0]
    context["author"] = course.byline


def _mark_root(app: Sphinx, pagename: str, context: Context, doctree: Doctree) -> None:
    """Begin the addresses on the page of lost readers with ``./``.

    A server shows it at any depth; what publishes the book puts the root of the site there.
    """
    if pagename == LOST:
        relative = context["pathto"]
        context["pathto"] = lambda *args, **options: f"./{relative(*args, **options)}"


def stylesheet(course: Course) -> str:
    """Return the custom properties of a course and the colours of code for both schemes.

    Without scripts the scheme of the system decides; the theme's script sets ``data-theme``.
    """
    unset, dark = "html:not([data-theme])", 'html[data-theme="dark"]'
    light, night = course.palette("light"), course.palette("dark")
    return "\n".join(
        [
            properties("html", light, "light"),
            properties(dark, night, "dark"),
            "@media (prefers-color-scheme: dark) {",
            properties(unset, night, "dark"),
            "}",
            "@media print {",
            properties("html, html[data-theme]", printed(light), "light"),
            "}",
            _code(".highlight", _LIGHT_CODE),
            "@media screen {",
            _code(f"{dark} .highlight", _DARK_CODE),
            "}",
            "@media screen and (prefers-color-scheme: dark) {",
            _code(f"{unset} .highlight", _DARK_CODE),
            "}",
        ]
    )


def _code(selector: str, style: str) -> str:
    formatter = HtmlFormatter(style=style)
    # Backgrounds are the page's own: the token colours keep their contrast on both papers.
    rules = [
        line for line in formatter.get_token_style_defs(selector) if "background-color" not in line
    ]
    return "\n".join(rules)


def _open_code(writer: HTML5Translator, node: nodes.Element) -> None:
    # As MyST-NB writes it, but for the label of the summary, whose words are its name, since a name
    # that is not seen cannot be spoken to the computer; and a summary holds no paragraphs.
    shown, hidden = (writer.encode(node[name]) for name in ("prompt_show", "prompt_hide"))
    writer.body.append(
        f'<details class="admonition hide {" ".join(node["classes"])}">\n<summary>\n'
        f'<span class="collapsed admonition-title">{shown}</span>\n'
        f'<span class="expanded admonition-title">{hidden}</span>\n</summary>\n'
    )


def _close_code(writer: HTML5Translator, node: nodes.Element) -> None:
    writer.body.append("</details>\n")


class _CodeFormatter(HtmlFormatter):  # type: ignore[misc]
    """Names and points of code have the colour of the text: they need no elements of their own."""

    def format_unencoded(self, tokensource: Iterable[Any], outfile: Any) -> None:
        plain = (Name, Punctuation, Whitespace)
        tokens = ((Text if kind in plain else kind, text) for kind, text in tokensource)
        super().format_unencoded(tokens, outfile)

    def wrap(self, source: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        yield 0, "<pre>"
        yield from source
        yield 0, "</pre>"


def _set_code(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.highlighter.formatter = _CodeFormatter  # type: ignore[attr-defined]


def _silence(app: Sphinx) -> None:
    """Remove the listeners of the unused extensions, once all of them are loaded."""
    for name, listeners in app.events.listeners.items():
        app.events.listeners[name] = [
            listener
            for listener in listeners
            if not getattr(listener.handler, "__module__", "").startswith(_UNUSED)
        ]
