"""Pages made from the chapters: cards of the landing page, the progress and review pages."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from pfp_course._version import __version__
from pfp_course.chapters import Chapter, chapters
from pfp_course.course import Course
from pfp_course.questions import course_outline, review_spec
from pfp_course.questions.spec import as_page
from pfp_course.sphinx_ext import course_of

__all__ = [
    "chapter_of",
    "connect",
    "docname",
    "held_chapters",
    "keep_thumbnail",
    "listed_chapters",
    "parts",
    "thumbnail",
    "to_chapter",
]

_LISTS = "pfp-lists-chapters"
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def connect(app: Sphinx) -> None:
    """Register the directives, and have pages that list the chapters follow them."""
    app.add_directive("chapter-cards", _ChapterCards)
    app.add_directive("course-facts", _CourseFacts)
    app.add_directive("course-makers", _Makers)
    app.add_directive("my-progress", _Progress)
    app.add_directive("my-review", _Review)
    app.connect("env-get-outdated", _outdated)
    app.connect("html-collect-pages", _write_thumbnails)


def chapter_of(app: Sphinx, pagename: str) -> Chapter | None:
    """Return the chapter that a page of the book is, or None."""
    return _by_page(course_of(app)).get(pagename)


@cache
def _by_page(course: Course) -> dict[str, Chapter]:
    return {docname(chapter): chapter for chapter in chapters(course)}


def held_chapters(app: Sphinx) -> list[Chapter]:
    """Return the chapters of the course that the book holds, in their order."""
    every = chapters(course_of(app))
    return [chapter for chapter in every if docname(chapter) in app.env.found_docs]


def listed_chapters(env: BuildEnvironment) -> list[Chapter]:
    """Return the chapters that the book holds, for the page that is read.

    The page is made anew when what is said of a chapter changes, and not with every word of it.
    """
    env.metadata[env.docname][_LISTS] = True
    _note_banks(env)
    return held_chapters(env.app)


def _note_banks(env: BuildEnvironment) -> None:
    """Have the page that is read follow the question banks of all chapters."""
    course = course_of(env.app)
    for chapter in chapters(course):
        env.note_dependency(str(course.bank(chapter.number)))


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    every = chapters(course_of(app))
    now = [replace(chapter, notebook=Path(chapter.notebook.name)) for chapter in every]
    known = getattr(env, "pfp_chapters", now)
    env.pfp_chapters = now  # type: ignore[attr-defined] # Sphinx keeps what is set on it
    return [] if known == now else [name for name in env.all_docs if _LISTS in env.metadata[name]]


class _ChapterCards(SphinxDirective):
    """One card for each part of the course, with the chapters that the book holds."""

    def run(self) -> list[nodes.Node]:
        listing = nodes.container(classes=["pfp-parts"])
        listing += [self._part(*part) for part in parts(listed_chapters(self.env))]
        return [listing]

    def _part(self, name: str, held: list[Chapter]) -> nodes.section:
        anchor = nodes.make_id(name)
        listing = nodes.bullet_list(classes=["pfp-part-chapters"])
        listing += [self._entry(chapter) for chapter in held]
        numeral, _, title = name.partition(": ")
        heading = nodes.title(
            "", "", nodes.inline("", f"{numeral}: ", classes=["pfp-part-number"]), nodes.Text(title)
        )
        return nodes.section(
            "", heading, listing, ids=[anchor], names=[anchor], classes=["pfp-part-card"]
        )

    def _entry(self, chapter: Chapter) -> nodes.list_item:
        link = to_chapter(chapter, nodes.inline("", chapter.title), self.env.docname)
        mark = f'<span class="pfp-reached" data-chapter="{chapter.number}"></span>'
        title = nodes.paragraph("", "", classes=["pfp-card-title"])
        title += [
            nodes.inline("", f"{int(chapter.number)} ", classes=["pfp-card-number"]),
            link,
        ]
        minutes = nodes.paragraph(
            "", f"About {chapter.minutes} minutes", classes=["pfp-card-minutes"]
        )
        minutes += nodes.raw("", f" {mark}", format="html")
        promise = nodes.paragraph("", chapter.promise, classes=["pfp-card-promise"])
        return nodes.list_item("", _picture_of(chapter, self.env), title, promise, minutes)


class _CourseFacts(SphinxDirective):
    """How long the course takes, and further facts of the directive's own in the same line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        held = listed_chapters(self.env)
        hours = round(sum(chapter.minutes for chapter in held) / 60)
        facts = [f"{len(held)} chapters, about {hours} hours", *self.content]
        items = [nodes.list_item("", nodes.paragraph("", fact)) for fact in facts if fact.strip()]
        return [nodes.bullet_list("", *items, classes=["pfp-facts-line"])]


class _Makers(SphinxDirective):
    """Who made the course, and under which licence it may be used."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env.app)
        words = (
            f"This course was made by {course.byline}. Texts and data may be used, changed and "
            f"passed on under {course.licence}. This is version {__version__}."
        )
        return [nodes.paragraph("", words)]


def parts(some: Iterable[Chapter]) -> list[tuple[str, list[Chapter]]]:
    """Return the parts of a course by name, such as ``Part I: History``, with their chapters."""
    grouped = groupby(some, key=lambda chapter: chapter.part)
    return [
        (f"Part {numeral}: {part}", list(of_part))
        for numeral, (part, of_part) in zip(_NUMERALS, grouped, strict=False)
    ]


def docname(chapter: Chapter) -> str:
    """Return the name under which the book knows the page of a chapter."""
    return f"{chapter.notebook.parent.name}/{chapter.notebook.stem}"


def to_chapter(chapter: Chapter, words: nodes.Element, here: str) -> addnodes.pending_xref:
    """Return a link from the page ``here`` to the page of a chapter."""
    return addnodes.pending_xref(
        "",
        words,
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname(chapter)}",
        refdoc=here,
        refexplicit=True,
        refwarn=True,
    )


class _Progress(SphinxDirective):
    """The data behind the page; the quiz's script draws it from the browser's record."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        pages = {chapter.number: docname(chapter) for chapter in held_chapters(app)}
        outline = [
            {**one, "page": app.builder.get_relative_uri(self.env.docname, pages[one["chapter"]])}
            for one in course_outline(course_of(app))
            if one["chapter"] in pages
        ]
        _note_banks(self.env)
        data = json.dumps({"course": __version__, "outline": outline}, ensure_ascii=False)
        html = (
            '<div class="pfp-progress" data-quiz="progress"><script type="application/json">'
            f"{data.replace('<', chr(92) + 'u003c')}</script>"
            "<p>This page needs scripts: your answers are kept by your browser.</p></div>"
        )
        return [nodes.raw("", html, format="html")]


class _Review(SphinxDirective):
    """The questions and terms of the course; the script shows those that are due."""

    def run(self) -> list[nodes.Node]:
        _note_banks(self.env)
        app = self.env.app
        every = {chapter.number for chapter in chapters(course_of(app))}
        left_out = every - {chapter.number for chapter in held_chapters(app)}
        spec = review_spec(course_of(app), left_out=left_out)
        return [nodes.raw("", as_page(spec), format="html")]


_THUMBNAIL = "pfp-thumbnail"
_THUMBNAILS = "_static/thumbnails"
# Of a chapter without a figure.
_BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 75"/>\n'
_SVG = "http://www.w3.org/2000/svg"
_OPEN, _CLOSE = "<svg", "</svg>"
# Words of a figure cannot be read in a small picture, and weigh most.
_WORDS = {f"{{{_SVG}}}{name}" for name in ("text", "title", "desc", "metadata")}
_KEPT_OF_ROOT = ("viewBox", "stroke-linejoin", "stroke-linecap", "fill", "stroke")


def thumbnail(html: Iterable[str]) -> str:
    """Return the first figure of a notebook's outputs as a picture of its own, or an empty text."""
    for text in html:
        figure = text.find('<figure class="pfp-figure')
        begin = text.find(_OPEN, figure)
        end = text.find(_CLOSE, begin)
        if figure >= 0 and begin >= 0 and end >= 0:
            return _without_words(text[begin : end + len(_CLOSE)])
    return ""


def _without_words(svg: str) -> str:
    # Within a page the namespace need not be named.
    named = svg if "xmlns=" in svg else svg.replace(_OPEN, f'{_OPEN} xmlns="{_SVG}"', 1)
    try:
        root = ElementTree.fromstring(named)
    except ElementTree.ParseError:
        return ""
    root.attrib = {name: root.attrib[name] for name in _KEPT_OF_ROOT if name in root.attrib}
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in _WORDS]:
            parent.remove(child)
    ElementTree.register_namespace("", _SVG)
    return f"{ElementTree.tostring(root, encoding='unicode')}\n"


def keep_thumbnail(env: BuildEnvironment, name: str, notebook: Mapping[str, Any]) -> None:
    """Keep the picture of the notebook that is read with what Sphinx knows of its page."""
    outputs = (
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    )
    env.metadata[name][_THUMBNAIL] = thumbnail(outputs)


def _picture_of(chapter: Chapter, env: BuildEnvironment) -> nodes.Node:
    """Return the picture of a chapter for the page that is read; it tells nothing by itself."""
    up = "../" * env.docname.count("/")
    html = (
        f'<img class="pfp-thumbnail" src="{up}{_THUMBNAILS}/{chapter.number}.svg" alt="" '
        'width="120" height="75" loading="lazy">'
    )
    return nodes.raw("", html, format="html")


def _write_thumbnails(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    folder = Path(app.outdir) / _THUMBNAILS
    folder.mkdir(parents=True, exist_ok=True)
    for chapter in held_chapters(app):
        picture = app.env.metadata[docname(chapter)].get(_THUMBNAIL) or _BLANK
        (folder / f"{chapter.number}.svg").write_text(picture, encoding="utf-8")
    return []
