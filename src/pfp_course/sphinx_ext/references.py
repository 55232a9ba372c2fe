"""References: the list of all sources, and citations ``[@key; @key2]`` that lead to it."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from pfp_course.course import Course
from pfp_course.data import Citation, Source, package, sources, standing
from pfp_course.data.sources import CITED_TYPE, KEYS_TYPE
from pfp_course.sphinx_ext import course_of
from pfp_course.sphinx_ext.listings import finder, link_to, note_anchor

__all__ = ["CITED", "connect", "labels", "place", "reference", "unlisted"]

_LOGGER = logging.getLogger(__name__)
_CITATION = re.compile(r"\[(@[\w.:-]+(?:\s*;\s*@[\w.:-]+)*)\]")
_LIST = "citation-list"
# What is kept of a page in its metadata: keys of the sources that it cites, and that it lists.
CITED, _LISTED = "pfp-cited", "pfp-listed"
_TITLE = "Sources of this page"
_VERBATIM = (nodes.literal, nodes.literal_block, nodes.raw, nodes.reference, nodes.comment)


def connect(app: Sphinx) -> None:
    """Register the directive ``references`` and the transforms."""
    app.add_directive("references", _References)
    app.add_transform(_ListSources)
    app.add_transform(_CiteSources)
    app.add_post_transform(_ListCited)
    app.connect("source-read", _complete_lists, priority=600)


def _label(source: Source) -> str:
    """Return author and year of a source, short enough to stand in a sentence."""
    return source.seen_in if source.is_background else f"{_short_name(source)} {source.year}"


def labels(entries: Iterable[Source]) -> dict[str, str]:
    """Return labels by key; sources of one author and year gain a, b, c in order of date."""
    chosen = list(entries)
    total = Counter(_label(source) for source in chosen)
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in chosen:
        groups[_label(source)].append(source)
    result = {}
    for text, group in groups.items():
        # "n.d." needs a hyphen to be told from its letter.
        joint = "-" if text.endswith(".") else ""
        for number, source in enumerate(sorted(group, key=place)):
            result[source.key] = text + joint + _letters(number) if total[text] > 1 else text
    return result


def place(source: Source) -> tuple[str, str, str, str, str]:
    """Return what decides on a source's place in the list: name, year, date, title, key."""
    return (
        _short_name(source).casefold(),
        source.year,
        source.date,
        source.title,
        source.key,
    )


def reference(source: Source, course: Course) -> nodes.paragraph:
    """Return a reference as a paragraph: who, when, what, where, and how it was read."""
    publisher = f" {source.publisher}." if source.author and source.publisher else ""
    when = f" {source.when}." if source.date else " No date."
    paragraph = nodes.paragraph()
    paragraph += nodes.Text(f"{source.by}. ")
    paragraph += nodes.emphasis("", source.title.rstrip("."))
    paragraph += nodes.Text(f".{publisher}{when}")
    if source.url:
        paragraph += nodes.Text(" ")
        paragraph += nodes.reference("", source.url, refuri=source.url, internal=False)
        paragraph += nodes.Text(".")
    # An invented item must never look like a source.
    warning = source.note if source.note.startswith("FALSE") else ""
    for remark in filter(None, (source.read, standing(source.key, course))):
        paragraph += nodes.inline("", f" {remark}", classes=["pfp-remark"])
    if warning:
        paragraph += nodes.Text(f" {warning}")
    return paragraph


def _letters(number: int) -> str:
    first, last = divmod(number, 26)
    return (chr(96 + first) if first else "") + chr(97 + last)


def _short_name(source: Source) -> str:
    if source.is_background:
        return source.seen_in
    if source.author:
        people = re.split(r"\s*[;,]\s*", re.sub(r"\s*\(.*?\)", "", source.author))
        if len(people) == 1:
            return people[0].removesuffix(" and others") + (
                " and others" if people[0].endswith(" and others") else ""
            )
        return f"{people[0]} and {people[1] if len(people) == 2 else 'others'}"
    return re.split(r",| \(| / | \d|:", source.by)[0]


@cache
def _all_labels(course: Course) -> dict[str, str]:
    return labels(sources(course).values())


def _anchor(source: Source) -> str:
    return f"cite-1-{source.anchor}"


# After quotation marks are made typographic (855): names and titles stay as their source has them.
_AFTER_QUOTES = 860


class _References(SphinxDirective):
    """All sources, each with its label, in the order of the alphabet."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env.app)
        self.env.note_dependency(str(package(course).table("sources").path))
        for source in sources(course).values():
            note_anchor(self, _anchor(source), _all_labels(course)[source.key])
        return [finder("Find a source"), nodes.container(classes=[_LIST])]


class _ListSources(SphinxTransform):
    default_priority = _AFTER_QUOTES

    def apply(self, **kwargs: object) -> None:
        course = course_of(self.app)
        for listing in self.document.findall(nodes.container):
            if _LIST in listing["classes"]:
                for source in sorted(sources(course).values(), key=place):
                    name = nodes.inline("", _all_labels(course)[source.key], classes=["label"])
                    entry = nodes.container("", name, reference(source, course))
                    entry["ids"], entry["classes"] = [_anchor(source)], ["citation"]
                    listing += entry


class _CiteSources(SphinxTransform):
    default_priority = _AFTER_QUOTES

    def apply(self, **kwargs: object) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if _CITATION.search(text.astext()) and not _is_verbatim(text):
                text.parent.replace(text, list(self._replaced(text)))

    def _replaced(self, text: nodes.Text) -> Iterator[nodes.Node]:
        words = text.astext()
        done = 0
        for match in _CITATION.finditer(words):
            keys = [key.strip().removeprefix("@") for key in match[1].split(";")]
            known = [key for key in keys if self._is_known(key, text)]
            if not known:
                continue
            yield nodes.Text(words[done : match.start()])
            yield self._citation(known)
            done = match.end()
        yield nodes.Text(words[done:])

    def _is_known(self, key: str, text: nodes.Text) -> bool:
        known = sources(course_of(self.app))
        if key in known:
            return True
        close = get_close_matches(key, known, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        _LOGGER.warning(
            "there is no source with the key %r.%s "
            "The keys are the first column of data/sources.csv.",
            key,
            hint,
            location=text.parent,
            type="pfp",
            subtype="citation",
        )
        return False

    def _citation(self, keys: list[str]) -> nodes.inline:
        course = course_of(self.app)
        citation = nodes.inline(classes=["pfp-citation"])
        self.env.metadata[self.env.docname].setdefault(CITED, []).extend(keys)
        for number, key in enumerate(keys):
            citation += nodes.Text("; " if number else "(")
            words = nodes.inline("", _all_labels(course)[key])
            citation += link_to(_anchor(sources(course)[key]), words, self.env.docname)
        citation += nodes.Text(")")
        return citation


def _is_verbatim(text: nodes.Text) -> bool:
    node: nodes.Node | None = text.parent
    while node is not None:
        if isinstance(node, _VERBATIM):
            return True
        node = node.parent
    return False


class _ListCited(SphinxPostTransform):
    """List under a page the sources that it cites and its notebook does not list."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        metadata, course = self.env.metadata[self.env.docname], course_of(self.app)
        keys = unlisted(metadata.get(CITED, ()), metadata.get(_LISTED, ()))
        if not keys or self.env.docname == course.pages.get("references"):
            return
        entries = Citation(tuple(sources(course)[key] for key in keys), course).in_html()
        html = f'\n<section id="sources-of-this-page"><h2>{_TITLE}</h2>\n{entries}\n</section>'
        self.document += nodes.raw("", html, format="html")


def unlisted(cited: Iterable[str], listed: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of the sources that a page cites and does not list, as first cited."""
    held = set(listed)
    return tuple(key for key in dict.fromkeys(cited) if key not in held)


def _complete_lists(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say in the references that a notebook lists how many rows rest on each source.

    The notebook itself does not: else each would have to run again when a row is added anywhere.
    """
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    course, notebook = course_of(app), json.loads(source[0])
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", ()))
    listed: list[str] = []
    cited: list[str] = []
    for bundle in (output.get("data", {}) for output in outputs):
        cited += bundle.pop(CITED_TYPE, [])
        if keys := bundle.pop(KEYS_TYPE, None):
            listed += keys
            chosen = Citation(tuple(sources(course)[key] for key in keys), course)
            bundle["text/html"] = chosen.in_html()
    if listed or cited:
        app.env.metadata[docname].update({_LISTED: listed, CITED: cited})
        source[0] = json.dumps(notebook)
