"""Tables and lists made from the data and the chapters, such as the syllabus.

They are document nodes, so that the page, the PDF and the e-book all show them.
"""

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.chapters import WORKSHOP, Chapter, Pace, day, pace, spread
from pfp_course.chapters.checks import FURTHER, SECONDS_A_QUESTION, WORDS_A_MINUTE
from pfp_course.data import about, load, package
from pfp_course.sphinx_ext import course_of
from pfp_course.sphinx_ext.chapter_pages import held_chapters, listed_chapters, to_chapter

__all__ = ["connect", "finder", "grid"]


def connect(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("reading-list", _ReadingList)
    app.add_directive("python-words", _PythonWords)
    app.add_directive("contradictions", _Contradictions)
    app.add_directive("confidence-table", _Confidence)
    app.add_directive("fact-check", _FactCheck)
    app.add_directive("next-ninety-days", _NinetyDays)
    app.add_directive("syllabus-table", _Table)
    app.add_directive("syllabus-objectives", _Objectives)
    app.add_directive("syllabus-weeks", _Weeks)
    app.add_directive("syllabus-day", _Day)


def _table_rows(directive: SphinxDirective, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table, which the page follows; an empty cell is None."""
    course = course_of(directive.env.app)
    directive.env.note_dependency(str(package(course).table(name).path))
    frame = load(name, course).astype(object)
    return [
        {str(column): value for column, value in row.items()}
        for row in frame.where(frame.notna(), None).to_dict("records")
    ]


def grid(
    head: Sequence[str],
    rows: Sequence[Sequence[nodes.Element]],
    *,
    label: str,
    classes: Sequence[str] = (),
) -> nodes.container:
    """Return a table whose first column names its rows; ``label`` names it to a reader's ear."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row([nodes.Text(text) for text in head]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    table = nodes.table("", group, classes=["pfp-grid"])
    return nodes.container("", table, classes=["pfp-scroll", *classes], label=label)


def finder(label: str) -> nodes.raw:
    """Return the place before a long list where the page's script sets letters and a filter."""
    html = f'<div class="pfp-finder" data-label="{escape(label)}"></div>'
    return nodes.raw("", html, format="html")


def _row(cells: Sequence[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


class _ReadingList(SphinxDirective):
    """The works of some kinds, named with commas between them."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        works = _table_rows(self, "further_reading")
        kinds = [kind.strip() for kind in self.arguments[0].split(",")]
        known = {work["kind"] for work in works}
        unknown = sorted(set(kinds) - known)
        if unknown:
            there = ", ".join(sorted(known))
            raise self.error(f"there is no kind {unknown[0]!r} of reading. There are: {there}.")
        listing = nodes.definition_list(classes=["pfp-reading"])
        for work in works:
            if work["kind"] not in kinds:
                continue
            address = work["doi_or_url"] or ""
            if address.startswith("10."):
                address = f"https://doi.org/{address}"
            title: nodes.Node = nodes.Text(work["title"])
            if address.startswith("http"):
                title = nodes.reference("", work["title"], refuri=address, internal=False)
            parts = (work["author"], work["year"], work["venue"])
            details = ". ".join(str(part).rstrip(".") for part in parts if part is not None)
            listing += nodes.definition_list_item(
                "",
                nodes.term("", "", title),
                nodes.definition(
                    "",
                    nodes.paragraph("", details + ".", classes=["pfp-reading-details"]),
                    nodes.paragraph("", work["why_read"]),
                ),
            )
        return [listing]


class _PythonWords(SphinxDirective):
    """A table of all constructs, in the order of the chapters."""

    def run(self) -> list[nodes.Node]:
        pages = {chapter.number: chapter for chapter in held_chapters(self.env.app)}
        rows = []
        for row in _table_rows(self, "constructs"):
            number = str(row["chapter"])
            where: nodes.Element = nodes.inline("", f"chapter {int(number)}")
            if number in pages:
                where = to_chapter(pages[number], where, self.env.docname)
            code = nodes.literal("", str(row["construct"]))
            rows.append([code, nodes.inline("", str(row["meaning"])), where])
        head = ["In the code", "What it does", "Explained in"]
        return [grid(head, rows, label="The Python of the course", classes=["pfp-stack"])]


class _Contradictions(SphinxDirective):
    """Each question that the sources answer in two ways, and what the course does about it."""

    def run(self) -> list[nodes.Node]:
        listing = nodes.definition_list(classes=["pfp-contradictions"])
        for row in _table_rows(self, "contradictions"):
            body = nodes.definition("")
            body += nodes.paragraph("", _cited(row["one_answer"], row["one_source"]))
            body += nodes.paragraph("", _cited(row["other_answer"], row["other_source"]))
            mark = nodes.emphasis("", "What we do: ")
            body += nodes.paragraph("", "", mark, nodes.Text(str(row["treatment"])))
            listing += nodes.definition_list_item("", nodes.term("", str(row["question"])), body)
        return [listing]


def _keys(keys: object) -> str:
    # The book's own transform makes links of the keys.
    return f"[{'; '.join(f'@{key}' for key in str(keys).split(';'))}]"


def _cited(answer: object, keys: object) -> str:
    return f"{str(answer).rstrip('.')} {_keys(keys)}."


class _NinetyDays(SphinxDirective):
    """The recommendations for one state, by its code, as a sheet that an office can print."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        iso3 = self.arguments[0]
        every = _table_rows(self, "recommendations")
        rows = [row for row in every if row["iso3"] == iso3]
        if not rows:
            there = ", ".join(sorted({str(row["iso3"]) for row in every}))
            raise self.error(f"there is no recommendation for {iso3!r}. There are: {there}.")
        cells = [[_parts(row, *part) for part in _SHEET] for row in rows]
        head = ["Who does what", "In the next ninety days", "Cost, law and risk", "Does it work?"]
        label = f"Recommendations for {iso3}"
        return [grid(head, cells, label=label, classes=["pfp-stack", "pfp-sheet"])]


# The columns of a sheet, each with the words before a cell and the column of the table.
_SHEET = (
    (("", "agency"), ("With: ", "with_agency"), ("", "action")),
    (("", "first_step"), ("Then: ", "by_when"), ("Tool: ", "tool")),
    (
        ("Cost: ", "cost"),
        ("Law: ", "legal_basis"),
        ("Risk: ", "risk"),
        ("Answer to the risk: ", "mitigation"),
    ),
    (
        ("Now: ", "baseline"),
        ("Measure: ", "measure"),
        ("Stop if ", "wrong_if"),
        ("Sources: ", "source"),
    ),
)


def _parts(row: dict[str, Any], *parts: tuple[str, str]) -> nodes.inline:
    said = nodes.inline()
    for words, column in parts:
        if row[column] is not None:
            text = _keys(row[column]) if column == "source" else str(row[column]).rstrip(".")
            text = text if words else text[:1].upper() + text[1:]
            kind = nodes.strong if column in ("agency", "first_step") else nodes.inline
            said += [nodes.emphasis("", words), kind("", f"{text}."), nodes.Text(" ")]
    return said


class _Confidence(SphinxDirective):
    """How many rows of each table were seen in a source, are known, or are uncertain."""

    def run(self) -> list[nodes.Node]:
        words = ("seen", "known", "uncertain")
        rows = []
        course = course_of(self.env.app)
        for name, table in package(course).tables.items():
            self.env.note_dependency(str(table.path))
            counts = about(name, course).confidence
            if counts:
                cells = [f"{counts.get(word, 0)} {word}" for word in words]
                rows.append([nodes.literal("", name), *(nodes.inline("", cell) for cell in cells)])
        head = ["Table", "Seen", "Known", "Uncertain"]
        return [grid(head, rows, label="How sure the rows are", classes=["pfp-stack"])]


class _FactCheck(SphinxDirective):
    """How many rows drawn by lot were right, and what was not right in the others."""

    def run(self) -> list[nodes.Node]:
        table = package(course_of(self.env.app)).table("fact_check")
        drawn = _table_rows(self, table.name)
        counts = Counter(str(row["verdict"]) for row in drawn)
        cells = [
            [nodes.Text(word), nodes.inline("", str(counts[word]))]
            for word in table.field("verdict").constraints["enum"]
        ]
        faults = nodes.definition_list(classes=["pfp-contradictions"])
        for row in drawn:
            if row["mended"] is not None:
                term = nodes.term(
                    "", "", nodes.literal("", row["table"]), nodes.Text(f" {row['row']}")
                )
                body = nodes.definition("", nodes.paragraph("", row["mended"]))
                faults += nodes.definition_list_item("", term, body)
        return [
            nodes.paragraph("", _rate(counts)),
            grid(["Verdict", "Rows"], cells, label="What the check found"),
            faults,
        ]


def _rate(counts: Counter[str]) -> str:
    wrong, misframed = counts["wrong"], counts["misframed"]
    faults = wrong + misframed
    checked = counts["right"] + faults
    return (
        f"Of {counts.total()} rows {checked} could be checked. Of these, {faults} were not right, "
        f"or {faults / checked:.0%}: {wrong} were wrong and {misframed} misframed."
    )


class _FromChapters(SphinxDirective):
    """What the plans share: the chapters of this book, and links to them."""

    def chapters(self) -> list[Chapter]:
        return listed_chapters(self.env)

    def link(self, chapter: Chapter) -> nodes.Element:
        return to_chapter(chapter, nodes.inline("", chapter.heading), self.env.docname)

    def links(self, some: Sequence[Chapter]) -> nodes.inline:
        parts = [node for chapter in some for node in (self.link(chapter), nodes.Text("; "))][:-1]
        return nodes.inline("", "", *parts)


class _Table(_FromChapters):
    """All chapters: minutes, what they need, the tables they use."""

    def run(self) -> list[nodes.Node]:
        listed, course = self.chapters(), course_of(self.env.app)
        for chapter in listed:
            self.env.note_dependency(str(chapter.notebook))
        rows = [
            [
                self.link(chapter),
                nodes.inline("", f"{chapter.minutes} min"),
                nodes.inline("", _reading(pace(chapter, course))),
                nodes.inline("", chapter.needed),
                nodes.inline("", "", *_data(chapter)),
            ]
            for chapter in listed
        ]
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
            body = nodes.definition("", nodes.bullet_list("", *items))
            listing += nodes.definition_list_item("", nodes.term("", "", self.link(chapter)), body)
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


def _reading(pace: Pace) -> str:
    return f"{pace.minutes} min: {pace.words:,} words, {pace.questions} questions"


def _data(chapter: Chapter) -> list[nodes.Node]:
    parts = [node for name in chapter.data for node in (nodes.literal("", name), nodes.Text(", "))]
    return parts[:-1]


def _objective(key: str, text: str) -> nodes.list_item:
    words = [nodes.inline("", key, classes=["pfp-objective"]), nodes.Text(f" {text}")]
    return nodes.list_item("", nodes.paragraph("", "", *words))
