"""What the book does to the parts of a page before they become HTML: tables, pictures, heads."""

import re
from collections.abc import Sequence
from html import escape
from itertools import count, takewhile
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from pfp_course.sphinx_ext.chapter_pages import chapter_of, docname, held_chapters, parts
from pfp_course.sphinx_ext.settings import place_marks

__all__ = ["HEAD_END", "connect"]

_LOGGER = logging.getLogger(__name__)
# Where the theme sets the contents of a page: after its title, promise and opener.
HEAD_END = "<!--pfp:head-end-->"
_LONG_HEADING, _SHORT_WORD = 4, 8  # words; letters
_SCENE = 4  # paragraphs at most that stand before a chapter's opener
_ONWARD = "What comes next"  # the heading under which a chapter speaks of the next one
# Where `figures.show` leaves room for the number of a figure.
_FIGURE_NO = '<b class="pfp-figure-number">'
_IN_SVG = "{http://www.w3.org/2000/svg}"
# A sentence in a cell is set in lines; a name or a date stays on one.
_SENTENCE = 40  # characters
_STROKES = re.compile(r"(?<=\w)(?=_)|(?<=;)(?=\w)")
# Browsers break an address after a stroke by themselves, but not before a number.
_STROKES_OF_ADDRESS = re.compile(rf"{_STROKES.pattern}|(?<=/)(?=\d)")
_NUMBER = re.compile(r"[-\u2212+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?%?", re.IGNORECASE)
_MISSING = {"<NA>", "NaN", "NaT", "None", "nan"}
_NO_VALUE = (
    "\u2013: no value. In the tables of the course an empty cell means that no source which we "
    "read confirms one."
)


def connect(app: Sphinx) -> None:
    """Register the directives and the transforms."""
    app.add_directive("picture", _Picture)
    app.add_directive("downloads", _Downloads)
    app.add_post_transform(_ArrangeHead)
    app.add_post_transform(_BindLastWords)
    app.add_post_transform(_LeadOn)
    app.add_post_transform(_WrapTables)
    app.add_post_transform(_NumberFigures)
    app.connect("config-inited", _allow_names)
    app.add_transform(_PlacePictures)
    app.connect("doctree-read", _require_words)


class _WrapTables(SphinxPostTransform):
    """Wide tables scroll in a region of their own; pandas' tables shed their inline style."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            html = raw.astext()
            tidy = tidy_frame(html)
            if tidy != html:
                raw.parent.replace(raw, nodes.raw("", tidy, format="html"))
        for table in list(self.document.findall(nodes.table)):
            if "pfp-scroll" not in table.parent.get("classes", []):
                region = nodes.container("", classes=["pfp-scroll"])
                table.parent.replace(table, region)
                region += table


class _NumberFigures(SphinxPostTransform):
    """Number the figures of a page, in a chapter with its number before theirs: Figure 3.1.

    The style sheet cannot count them: a browser counts those of a section alone, since it leaves
    sections that are off the screen out of its layout.
    """

    default_priority = 901
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        chapter = chapter_of(self.app, self.env.docname)
        before = f"{int(chapter.number)}." if chapter else ""
        places = count(1)
        for raw in list(self.document.findall(nodes.raw)):
            first, *rest = raw.astext().split(_FIGURE_NO)
            if rest:
                numbered = (f"{_FIGURE_NO}Figure {before}{next(places)}. {part}" for part in rest)
                raw.parent.replace(raw, nodes.raw("", first + "".join(numbered), format="html"))


class _ArrangeHead(SphinxPostTransform):
    """Set the part of the course over a chapter's title, and its opener after its scene.

    The head of a page is its title and the promise in italics under it. A chapter may tell a scene
    between the two; then its opener follows the promise. Else the picture and the paragraphs with
    which its first section begins belong to the head, and the opener comes after them: a reader is
    first told of people and a place, and then what the chapter takes and teaches.
    """

    default_priority = 920
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        title = next(iter(self.document.findall(nodes.title)), None)
        if title is None or not isinstance(title.parent, nodes.section):
            return
        section, end = title.parent, title.parent.index(title) + 1
        before = list(takewhile(lambda node: isinstance(node, nodes.paragraph), section[end:]))
        promise = next((node for node in before if _is_promise(node)), None)
        has_scene = promise is not None and promise is not section[end]
        if promise is not None:
            promise["classes"].append("pfp-promise")
            end = section.index(promise) + 1
        home = section
        if end < len(section) and _is_folded_opener(section[end]):
            opener = section[end]
            opener.children.reverse()
            followed = end + 1 < len(section) and isinstance(section[end + 1], nodes.section)
            if followed and not has_scene:
                section.remove(opener)
                home = section[end]
                end = _scene_end(home)
                home.insert(end, opener)
            end += 1
        home.insert(end, nodes.raw("", f"{HEAD_END}\n", format="html"))
        name, app = self.env.docname, self.app
        if chapter := chapter_of(app, name):
            course_parts = parts(held_chapters(app))
            part = next(part for part, held in course_parts if chapter in held)
            section.insert(0, nodes.paragraph("", part, classes=["pfp-kicker"]))


def _is_promise(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.paragraph) and len(node) == 1 and isinstance(node[0], nodes.emphasis)
    )


def _is_folded_opener(cell: nodes.Node) -> bool:
    if not isinstance(cell, nodes.container) or len(cell) != 2:
        return False
    shown = cell[1].findall(nodes.raw)
    return isinstance(cell[0], HideCodeCellNode) and any(
        'class="pfp-opener"' in raw.astext() for raw in shown
    )


def _scene_end(section: nodes.Element) -> int:
    """Return the place after the paragraphs and pictures with which a section begins."""
    place = paragraphs = 0
    for place, node in enumerate(section[1:], 1):
        is_text = isinstance(node, nodes.paragraph | nodes.block_quote)
        paragraphs += is_text
        if paragraphs > _SCENE or not (is_text or _is_picture(node)):
            return place
    return place + 1


def _is_picture(node: nodes.Node) -> bool:
    """Tell whether a node is a figure, or a cell that shows one and not its code."""
    if isinstance(node, nodes.figure):
        return True
    if not isinstance(node, nodes.container) or "cell" not in node["classes"]:
        return False
    shown = [part for part in node.children if not isinstance(part, HideCodeCellNode)]
    figures = (raw for part in shown for raw in part.findall(nodes.raw))
    return all("cell_output" in part["classes"] for part in shown) and any(
        "pfp-figure" in raw.astext() for raw in figures
    )


class _BindLastWords(SphinxPostTransform):
    """Keep the last short word of a long heading from standing on a line of its own."""

    default_priority = 922
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for title in self.document.findall(nodes.title):
            last = title[-1] if len(title) else None
            if not isinstance(last, nodes.Text) or len(title.astext().split()) < _LONG_HEADING:
                continue
            head, space, word = last.rpartition(" ")
            if space and 0 < len(word) <= _SHORT_WORD:
                title.replace(last, nodes.Text(f"{head}\N{NO-BREAK SPACE}{word}"))


class _LeadOn(SphinxPostTransform):
    """Link the next chapter at the end of the section of a chapter that speaks of it."""

    default_priority = 921
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        name, app = self.env.docname, self.app
        if chapter_of(app, name) is None:
            return
        held = held_chapters(app)
        names = [docname(chapter) for chapter in held]
        following = held[names.index(name) + 1 :]
        for section in list(self.document.findall(nodes.section)):
            if following and section.next_node(nodes.title).astext() == _ONWARD:
                address = app.builder.get_relative_uri(name, docname(following[0]))
                link = nodes.reference("", following[0].heading, refuri=address, internal=True)
                section += nodes.paragraph("", "Next: ", link, classes=["pfp-onward"])


class _Picture(SphinxDirective):
    """An SVG file of the book, with a caption."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {  # noqa: RUF012 - docutils names the type
        "caption": directives.unchanged,
        "choose": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        svg = Path(path).read_text(encoding="utf-8")
        figure = nodes.figure("", classes=["pfp-picture"])
        figure += nodes.raw("", svg[svg.index("<svg") :], format="html")
        if "choose" in self.options:
            figure += nodes.raw("", self._chooser(svg), format="html")
        if "caption" in self.options:
            figure += nodes.caption("", self.options["caption"])
        return [figure]

    def _chooser(self, svg: str) -> str:
        """Return a list of the lines of the picture, and what its title says of one of them.

        The option ``choose`` names that one. A title begins with the name of its line, up to the
        verb that is the second part of the option: ``Kazakhstan signed``.
        """
        name, verb = self.options["choose"].rsplit(" ", 1)
        root = ElementTree.fromstring(svg)
        titles = [
            escape(line.findtext(f"{_IN_SVG}title", ""))
            for line in root.iter(f"{_IN_SVG}g")
            if "pfp-line" in line.get("class", "").split()
        ]
        names = [title.partition(f" {verb} ")[0] for title in titles]
        if name not in names:
            raise self.error(f"no line of the picture has a title that begins with {name!r}.")
        options = "".join(
            f'<option value="{place}"{" selected" if one == name else ""}>{one}</option>'
            for place, one in sorted(enumerate(names), key=lambda found: found[1])
        )
        return (
            '<p class="pfp-chooser"><label for="pfp-choose">State</label> '
            f'<select id="pfp-choose">{options}</select> '
            f'<span role="status">{titles[names.index(name)]}</span></p>'
        )


class _Downloads(SphinxDirective):
    """Where the files to carry away are offered, if they were made."""

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", "".join(place_marks("downloads")), format="html")]


class _PlacePictures(SphinxTransform):
    """Give each picture the line of its paragraph, so that what is wrong with it names a line."""

    default_priority = 10

    def apply(self, **kwargs: object) -> None:
        for image in self.document.findall(nodes.image):
            image.line = image.line or image.parent.line


def _allow_names(app: Sphinx, config: Config) -> None:
    """Let a page name the course as ``{{ title }}``: what it is called stands in one place."""
    config.myst_enable_extensions = {*config.myst_enable_extensions, "substitution"}


def _require_words(app: Sphinx, doctree: nodes.document) -> None:
    """Name each picture of a page that says nothing to those who do not see it."""
    for image in doctree.findall(nodes.image):
        if not str(image.get("alt") or "").strip():
            _LOGGER.warning(
                "the picture %s has no words for readers who do not see it. "
                "Write what it shows: ![what it shows](%s)",
                image["uri"],
                image["uri"],
                location=image,
                type="pfp",
                subtype="alt",
            )


def tidy_frame(html: str) -> str:
    """Return pandas' HTML with a scrolling region, and heads that tell what they head.

    Numbers stand under each other, a missing value is a dash with a word on it below the table,
    and where a column counts the rows from 1, pandas' own count of them is left out.
    """
    if "dataframe" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    tables = soup.select("table.dataframe")
    if not tables:
        return html
    for style in soup.select("style[scoped]"):
        style.decompose()
    for table in tables:
        table.attrs = {"class": "dataframe"}
        region = table.wrap(soup.new_tag("div", attrs={"class": "pfp-scroll"}))
        for styled in table.select("[style]"):
            del styled["style"]
        for cell in table.select("th, td"):
            _tidy_cell(cell, soup)
        rows = [row.find_all(["th", "td"], recursive=False) for row in table.select("tbody tr")]
        _align_numbers(table, rows)
        if _mark_missing(table, soup):
            note = soup.new_tag("p", attrs={"class": "pfp-table-note"})
            note.string = _NO_VALUE
            region.insert_after(note)
        _drop_count(table, rows)
    return soup.decode(formatter="minimal")


def _tidy_cell(cell: Tag, soup: BeautifulSoup) -> None:
    # A name of a column or of a source may be broken at its strokes, and nowhere else.
    text = cell.get_text()
    first, *rest = (_STROKES_OF_ADDRESS if "://" in text else _STROKES).split(text)
    if rest:
        cell.clear()
        cell.append(first)
        for part in rest:
            cell.extend([soup.new_tag("wbr"), part])
    if cell.name == "th" and cell.contents:
        cell["scope"] = "col" if cell.find_parent("thead") else "row"
        return
    cell.name = "td"
    if len(cell.get_text()) > _SENTENCE:
        cell["class"] = "pfp-sentence"


def _align_numbers(table: Tag, rows: Sequence[Sequence[Tag]]) -> None:
    """Mark the cells and the heads of the columns that hold numbers alone."""
    heads = [row.find_all(["th", "td"], recursive=False) for row in table.select("thead tr")]
    if not rows or len({len(row) for row in rows}) > 1:
        return  # cells over several rows or columns
    for place, column in enumerate(zip(*rows, strict=True)):
        given = [text for cell in column if (text := cell.get_text().strip()) not in _MISSING]
        if not given or not all(_NUMBER.fullmatch(text) for text in given):
            continue
        named = [row[place] for row in heads if len(row) == len(rows[0])]
        for cell in [*column, *named]:
            if cell.name == "td" or cell in named:
                cell["class"] = "pfp-number"


def _mark_missing(table: Tag, soup: BeautifulSoup) -> bool:
    """Set a dash in the place of each missing value; tell whether there is one."""
    missing = [cell for cell in table.select("tbody td") if cell.get_text().strip() in _MISSING]
    for cell in missing:
        dash = soup.new_tag("span", attrs={"aria-hidden": "true"})
        dash.string = "\u2013"
        words = soup.new_tag("span", attrs={"class": "pfp-hidden"})
        words.string = "no value"
        cell.clear()
        cell.extend([dash, words])
    return bool(missing)


def _drop_count(table: Tag, rows: Sequence[Sequence[Tag]]) -> None:
    """Leave out pandas' numbers of the rows where a column counts them from 1 already."""
    if len(rows) < 2 or not all(row and row[0].name == "th" for row in rows):
        return
    heads = [row.find(["th", "td"]) for row in table.select("thead tr")]
    named = any(cell.get_text().strip() for cell in heads if cell)
    numbers = [row[0].get_text().strip() for row in rows]
    places = [str(place) for place in range(1, len(rows) + 1)]
    ranked = any(
        [row[column].get_text().strip() for row in rows] == places
        for column in range(1, min(map(len, rows)))
    )
    if named or not ranked or not all(number.isdigit() for number in numbers):
        return
    for row in table.select("tr"):
        if first := row.find(["th", "td"]):
            first.decompose()
