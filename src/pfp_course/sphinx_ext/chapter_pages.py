"""Pages made from the chapters: cards of the landing page, the progress and review pages."""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from pfp_course import __version__
from pfp_course.chapters import WORKSHOP, Chapter, chapters, day, pace, spread
from pfp_course.chapters.checks import FURTHER, SECONDS_A_QUESTION, WORDS_A_MINUTE
from pfp_course.course import Course
from pfp_course.questions import course_outline, review_spec
from pfp_course.questions.spec import as_page
from pfp_course.sphinx_ext import course_of
from pfp_course.sphinx_ext.listings import entry, grid, joined, link_to, table_rows

__all__ = ["THUMBNAIL", "chapter_of", "connect", "docname", "held_chapters", "parts"]

_LISTS = "pfp-lists-chapters"
THUMBNAIL = "pfp-thumbnail"  # in the metadata of a page: its first figure as a small picture
_THUMBNAILS = "_static/thumbnails"
# Of a chapter without a figure.
_BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 75"/>\n'
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def connect(app: Sphinx) -> None:
    """Register the directives, and have pages that list the chapters follow them."""
    app.add_directive("chapter-cards", _ChapterCards)
    app.add_directive("course-facts", _CourseFacts)
    app.add_directive("course-makers", _Makers)
    app.add_directive("my-progress", _Progress)
    app.add_directive("my-review", _Review)
    app.add_directive("python-words", _PythonWords)
    app.add_directive("syllabus-table", _SyllabusTable)
    app.add_directive("syllabus-objectives", _Objectives)
    app.add_directive("syllabus-weeks", _Weeks)
    app.add_directive("syllabus-day", _Day)
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


def _listed_chapters(env: BuildEnvironment) -> list[Chapter]:
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
        listing += [self._part(*part) for part in parts(_listed_chapters(self.env))]
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
        link = _to_chapter(chapter, nodes.inline("", chapter.title), self.env.docname)
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
        held = _listed_chapters(self.env)
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


def _to_chapter(chapter: Chapter, words: nodes.Element, here: str) -> nodes.Element:
    """Return a link from the page ``here`` to the page of a chapter."""
    return link_to(f"/{docname(chapter)}", words, here, "doc")


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
        picture = app.env.metadata[docname(chapter)].get(THUMBNAIL) or _BLANK
        (folder / f"{chapter.number}.svg").write_text(picture, encoding="utf-8")
    return []


class _PythonWords(SphinxDirective):
    """A table of all constructs, in the order of the chapters."""

    def run(self) -> list[nodes.Node]:
        pages = {chapter.number: chapter for chapter in held_chapters(self.env.app)}
        rows = []
        for row in table_rows(self, "constructs"):
            number = str(row["chapter"])
            where: nodes.Element = nodes.inline("", f"chapter {int(number)}")
            if number in pages:
                where = _to_chapter(pages[number], where, self.env.docname)
            code = nodes.literal("", str(row["construct"]))
            rows.append([code, nodes.inline("", str(row["meaning"])), where])
        head = ["In the code", "What it does", "Explained in"]
        return [grid(head, rows, label="The Python of the course", classes=["pfp-stack"])]


class _FromChapters(SphinxDirective):
    """What the plans share: the chapters of this book, and links to them."""

    def chapters(self) -> list[Chapter]:
        return _listed_chapters(self.env)

    def link(self, chapter: Chapter) -> nodes.Element:
        return _to_chapter(chapter, nodes.inline("", chapter.heading), self.env.docname)


class _SyllabusTable(_FromChapters):
    """All chapters: minutes, what they need, the tables they use."""

    def run(self) -> list[nodes.Node]:
        listed, course = self.chapters(), course_of(self.env.app)
        rows = []
        for chapter in listed:
            self.env.note_dependency(str(chapter.notebook))
            read = pace(chapter, course)
            words = f"{read.minutes} min: {read.words:,} words, {read.questions} questions"
            told = (f"{chapter.minutes} min", words, chapter.needed)
            tables = joined((nodes.literal("", name) for name in chapter.data), ", ")
            rows.append(
                [
                    self.link(chapter),
                    *(nodes.inline("", text) for text in told),
                    nodes.inline("", "", *tables),
                ]
            )
        hours = sum(chapter.minutes for chapter in listed) / 60
        head = ["Chapter", "Minutes", "Reading and questions", "Needs chapters", "Tables"]
        table = grid(head, rows, label="The chapters", classes=["pfp-stack"])
        return [
            nodes.paragraph(
                "",
                f"In all {len(listed)} chapters, about {hours:.0f} hours. The third column is "
                f"computed for a reader whose English is a second language: {WORDS_A_MINUTE} words "
                f"a minute and {SECONDS_A_QUESTION} seconds a question, without what is marked as "
                f"{FURTHER}.",
            ),
            table,
        ]


class _Objectives(_FromChapters):
    """The objectives of every chapter."""

    def run(self) -> list[nodes.Node]:
        listing = nodes.definition_list(classes=["pfp-objectives"])
        for chapter in self.chapters():
            items = [_objective(key, text) for key, text in chapter.objectives.items()]
            head = nodes.term("", "", self.link(chapter))
            listing += entry(head, nodes.bullet_list("", *items))
        return [listing]


class _Weeks(_FromChapters):
    """The chapters spread over a number of weeks."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        plan = spread(self.chapters(), int(self.arguments[0]))
        rows = [
            [
                nodes.inline("", f"Week {number}"),
                nodes.inline("", "", *joined(map(self.link, week))),
                nodes.inline("", f"{sum(chapter.minutes for chapter in week)} min"),
            ]
            for number, week in enumerate(plan, 1)
        ]
        label = f"A plan for {len(plan)} weeks"
        return [grid(["Week", "Chapters", "Time"], rows, label=label, classes=["pfp-stack"])]


class _Day(_FromChapters):
    """A workshop of one day."""

    def run(self) -> list[nodes.Node]:
        chosen = [chapter for chapter in self.chapters() if chapter.number in WORKSHOP]
        rows = [
            [
                nodes.inline("", f"{slot.begin}\N{EN DASH}{slot.end}"),
                self.link(slot.chapter) if slot.chapter else nodes.inline("", slot.pause),
            ]
            for slot in day(chosen)
        ]
        return [grid(["Time", "What"], rows, label="A plan for one day", classes=["pfp-stack"])]


def _objective(key: str, text: str) -> nodes.list_item:
    words = [nodes.inline("", key, classes=["pfp-objective"]), nodes.Text(f" {text}")]
    return nodes.list_item("", nodes.paragraph("", "", *words))
