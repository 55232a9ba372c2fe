"""References: the sources of the data set as BibTeX, and how they are shown."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style.formatting import BaseStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import Node
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinxcontrib.bibtex.plugin import register_plugin as register_bibtex_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.label import LabelReferenceStyle

from pfp_course.data import Source, sources, standing

__all__ = ["bibtex", "connect", "escape", "label", "labels", "place", "reference"]

BIB_FILE = "book/_generated/references.bib"

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_"},
}


def connect(app: Sphinx) -> None:
    """Register the styles, and write the BibTeX file before it is read."""
    register_plugin("pybtex.style.formatting", "pfp", _Style)
    register_plugin("pybtex.style.labels", "pfp", _Labels)
    register_plugin("pybtex.style.sorting", "pfp", _Sorting)
    register_bibtex_plugin("sphinxcontrib.bibtex.style.referencing", "pfp", _References)
    app.connect("config-inited", _configure, priority=100)
    app.setup_extension("sphinxcontrib.bibtex")


def escape(text: str) -> str:
    """Return a text as the value of a BibTeX field: TeX's own characters are written out."""
    return "".join(_ESCAPED.get(char, char) for char in " ".join(text.split()))


def bibtex(entries: Iterable[Source]) -> str:
    """Return sources as a BibTeX file."""
    return "\n".join(_entry(source) for source in entries)


def label(source: Source) -> str:
    """Return author and year of a source, short enough to stand in a sentence."""
    return source.seen_in if source.is_background else f"{_short_name(source)} {source.year}"


def labels(entries: Iterable[Source]) -> dict[str, str]:
    """Return labels by key; sources of one author and year gain a, b, c in order of date."""
    chosen = list(entries)
    total = Counter(label(source) for source in chosen)
    groups: dict[str, list[Source]] = defaultdict(list)
    for source in chosen:
        groups[label(source)].append(source)
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


def _entry(source: Source) -> str:
    fields = {
        # Braces keep a body's name whole: it is no person with a first and a last name.
        "author": "{" + escape(source.author) + "}" if source.author else "",
        "title": "{" + escape(source.title) + "}",
        "howpublished": escape(source.publisher),
        "year": source.year if source.year.isdigit() else "",
        "date": escape(source.date),
        "url": escape(source.url),
        "note": escape(source.read),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{source.key},", *lines, "}", ""])


def _configure(app: Sphinx, config: Config) -> None:
    path = Path(app.confdir) / BIB_FILE
    text = bibtex(sources().values())
    path.parent.mkdir(parents=True, exist_ok=True)
    # An unchanged file keeps its time stamp, so that Sphinx does not read every page again.
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    config.bibtex_bibfiles = [BIB_FILE]
    config.bibtex_default_style = "pfp"
    config.bibtex_reference_style = "pfp"
    config.bibtex_tooltips = False
    config.bibtex_cite_id = "cite-{bibliography_count}-{key}"


def _source(entry: Entry) -> Source:
    return sources()[entry.key]


class _Labels(BaseLabelStyle):  # type: ignore[misc]
    def format_labels(self, sorted_entries: list[Entry]) -> Iterator[str]:
        texts = labels(map(_source, sorted_entries))
        return (texts[entry.key] for entry in sorted_entries)


class _Sorting(BaseSortingStyle):  # type: ignore[misc]
    def sorting_key(self, entry: Entry) -> tuple[str, ...]:
        return place(_source(entry))


class _Style(BaseStyle):  # type: ignore[misc]
    default_label_style = "pfp"
    default_sorting_style = "pfp"

    def get_misc_template(self, entry: Entry) -> Node:
        return Node("reference", lambda _children, context: reference(_source(context["entry"])))


def reference(source: Source) -> Text:
    """Return a reference as rich text: who, when, what, where, and how it was read."""
    publisher = f" {source.publisher}." if source.author and source.publisher else ""
    parts: list[Any] = [
        f"{source.by}. ",
        Tag("em", source.title.rstrip(".")),
        f".{publisher}",
        f" {source.when}." if source.date else " No date.",
    ]
    if source.url:
        parts += [" ", HRef(source.url, source.url), "."]
    for said in filter(None, (source.read, standing(source.key))):
        parts.append(f" {said}")
    if source.note.startswith("FALSE"):
        parts.append(f" {source.note}")
    return Text(*parts)


class _References(LabelReferenceStyle):
    def __init__(self) -> None:
        super().__init__(bracket_parenthetical=BracketStyle("(", ")", sep="; "))
