"""The syllabus: what each chapter teaches and takes, and plans of study, from the chapters."""

from collections.abc import Sequence

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.book.chapters import docname, to_chapter
from pfp_course.book.grid import grid
from pfp_course.chapters import WORKSHOP, Chapter, chapters, day, spread
from pfp_course.content import bank_path

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("syllabus-table", _Table)
    app.add_directive("syllabus-objectives", _Objectives)
    app.add_directive("syllabus-weeks", _Weeks)
    app.add_directive("syllabus-day", _Day)


class _FromChapters(SphinxDirective):
    """What the plans share: the chapters of this book, and links to them."""

    def chapters(self) -> list[Chapter]:
        for chapter in chapters():
            self.env.note_dependency(str(chapter.notebook))
            self.env.note_dependency(str(bank_path(chapter.number)))
        return [one for one in chapters() if docname(one) in self.env.found_docs]

    def link(self, chapter: Chapter) -> nodes.Element:
        return to_chapter(chapter, nodes.inline("", chapter.heading), self.env.docname)

    def links(self, some: Sequence[Chapter]) -> nodes.inline:
        parts = [node for one in some for node in (self.link(one), nodes.Text("; "))][:-1]
        return nodes.inline("", "", *parts)


class _Table(_FromChapters):
    """All chapters: minutes, what they need, the tables they use."""

    def run(self) -> list[nodes.Node]:
        listed = self.chapters()
        rows = [
            [
                self.link(one),
                nodes.inline("", f"{one.minutes} min"),
                nodes.inline("", _needs(one)),
                nodes.inline("", "", *_data(one)),
            ]
            for one in listed
        ]
        hours = sum(one.minutes for one in listed) / 60
        head = ["Chapter", "Minutes", "Needs chapters", "Tables"]
        table = grid(head, rows, label="The chapters", classes=["pfp-stack"])
        return [
            nodes.paragraph("", f"In all {len(listed)} chapters, about {hours:.0f} hours."),
            table,
        ]


class _Objectives(_FromChapters):
    """The objectives of every chapter."""

    def run(self) -> list[nodes.Node]:
        listing = nodes.definition_list(classes=["pfp-objectives"])
        for one in self.chapters():
            items = [_objective(key, text) for key, text in one.objectives.items()]
            body = nodes.definition("", nodes.bullet_list("", *items))
            listing += nodes.definition_list_item("", nodes.term("", "", self.link(one)), body)
        return [listing]


class _Weeks(_FromChapters):
    """The chapters spread over a number of weeks."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        plan = spread(self.chapters(), int(self.arguments[0]))
        rows = [
            [
                nodes.inline("", f"Week {number}"),
                self.links(week),
                nodes.inline("", f"{sum(one.minutes for one in week)} min"),
            ]
            for number, week in enumerate(plan, 1)
        ]
        label = f"A plan for {len(plan)} weeks"
        return [grid(["Week", "Chapters", "Time"], rows, label=label, classes=["pfp-stack"])]


class _Day(_FromChapters):
    """A workshop of one day."""

    def run(self) -> list[nodes.Node]:
        chosen = [one for one in self.chapters() if one.number in WORKSHOP]
        rows = [
            [
                nodes.inline("", f"{slot.begin}\N{EN DASH}{slot.end}"),
                self.link(slot.chapter) if slot.chapter else nodes.inline("", slot.pause),
            ]
            for slot in day(chosen)
        ]
        return [grid(["Time", "What"], rows, label="A plan for one day", classes=["pfp-stack"])]


def _needs(chapter: Chapter) -> str:
    numbers = [str(int(number)) for number in chapter.needs]
    if not numbers:
        return "nothing before it"
    return ("chapter " if len(numbers) == 1 else "chapters ") + ", ".join(numbers)


def _data(chapter: Chapter) -> list[nodes.Node]:
    parts = [node for name in chapter.data for node in (nodes.literal("", name), nodes.Text(", "))]
    return parts[:-1]


def _objective(key: str, text: str) -> nodes.list_item:
    words = [nodes.inline("", key, classes=["pfp-objective"]), nodes.Text(f" {text}")]
    return nodes.list_item("", nodes.paragraph("", "", *words))
