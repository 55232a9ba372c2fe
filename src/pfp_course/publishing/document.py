"""One document of many pages: cover, contents, chapters, answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from itertools import groupby

from pfp_course import palette
from pfp_course._version import __version__
from pfp_course.book.assets import stylesheet
from pfp_course.content import bank_path
from pfp_course.publishing.leaves import Leaf, linked, slug
from pfp_course.questions import read_bank
from pfp_course.questions.authoring import printed_answers
from pfp_course.questions.frontend import stylesheet as quiz_stylesheet

__all__ = ["ANSWERS", "AUTHOR", "answers", "document", "part_id"]

ANSWERS = "answers"  # the slug of the appendix
AUTHOR = "The Partnership for Peace course authors"


def part_id(part: str) -> str:
    """Return the id of the page that opens a part."""
    return f"part-{slug(part)}"


def answers(leaves: Sequence[Leaf]) -> str:
    """Return the answers to the printed questions of the chapters among the leaves, as HTML."""
    banks = [read_bank(bank_path(leaf.chapter)) for leaf in leaves if leaf.chapter]
    if not banks:
        return ""
    return (
        "<h1>Answers</h1><p>The answers to the questions as they are printed here. Answer first, "
        "and then read.</p>" + "".join(printed_answers(bank) for bank in banks)
    )


def document(
    title: str,
    leaves: Sequence[Leaf],
    *,
    base: str,
    day: date,
    numbers: Mapping[str, int] | None = None,
    extra: str = "",
) -> str:
    """Return a whole book, or one chapter, as an HTML document to be printed.

    Parameters
    ----------
    title : str
        The title on the cover and of the file.
    leaves
        The pages in their order.
    base : str
        Address of the published book, or empty.
    day : datetime.date
        The day that stands on the cover.
    numbers
        Page number by slug, for the contents; without them the contents have none yet.
    extra : str
        HTML to stand after the pages and before the answers.
    """
    whole = len(leaves) > 1
    parts = []
    for part, group in groupby(leaves, key=lambda leaf: leaf.part):
        if whole:
            opener = f"<h1>{escape(part)}</h1>"
            parts.append(f'<section class="pfp-part" id="{part_id(part)}">{opener}</section>')
        parts += [
            f'<section class="pfp-leaf" id="{slug(leaf.name)}" '
            f'style="page: {_page(leaf)}{_figures(leaf)}">{leaf.html}</section>'
            for leaf in group
        ]
    appendix = answers(leaves)
    if extra:
        parts.append(f'<section class="pfp-leaf" id="notes">{extra}</section>')
    if appendix:
        parts.append(f'<section class="pfp-leaf pfp-answers" id="{ANSWERS}">{appendix}</section>')
    body = linked("".join(parts), [leaf.name for leaf in leaves], base)
    front = _cover(title, base, day) + (_contents(leaves, numbers or {}, appendix) if whole else "")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        f'<meta name="author" content="{AUTHOR}">'
        f"<style>{_rules(leaves)}</style></head><body>{front}<main>{body}</main></body></html>\n"
    )


def _figures(leaf: Leaf) -> str:
    """Return the rule that puts a chapter's number before those of its figures, as on a screen."""
    return f"; --pfp-chapter: '{int(leaf.chapter)}.'" if leaf.chapter else ""


def _page(leaf: Leaf) -> str:
    return f"p-{slug(leaf.name)}"


def _rules(leaves: Sequence[Leaf]) -> str:
    own = files("pfp_course.publishing").joinpath("print.css").read_text(encoding="utf-8")
    # A name of the running head for each page: margin boxes cannot read the document.
    heads = "".join(
        f'@page {_page(leaf)} {{ @top-left {{ content: "{_quoted(leaf.title)}" }} }}\n'
        for leaf in leaves
    )
    light = palette.properties("html", palette.PRINTED, "light")
    return "\n".join([stylesheet(), quiz_stylesheet(), light, own, heads])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _cover(title: str, base: str, day: date) -> str:
    name, _, rest = title.partition(":")
    under = f"<p class='pfp-cover-rest'>{escape(rest.strip().capitalize())}</p>" if rest else ""
    online = f'<p>Online: <a href="{escape(base)}">{escape(base)}</a></p>' if base else ""
    return (
        f'<header class="pfp-cover"><h1 class="pfp-cover-title">{escape(name)}</h1>{under}'
        f"<p>Version {__version__}, {day.day} {day:%B %Y}</p>{online}"
        "<p>Text, figures and own data: CC BY 4.0. Code: BSD-3-Clause.</p></header>"
    )


def _contents(leaves: Sequence[Leaf], numbers: Mapping[str, int], appendix: str) -> str:
    def line(name: str, title: str) -> str:
        return (
            f'<li><a href="#{name}"><span>{escape(title)}</span> '
            f'<span class="pfp-number">{numbers.get(name, "")}</span></a></li>'
        )

    lists = "".join(
        f"<p>{escape(part)}</p><ul>"
        + "".join(line(slug(leaf.name), leaf.title) for leaf in group)
        + "</ul>"
        for part, group in groupby(leaves, key=lambda leaf: leaf.part)
    )
    last = f"<p>Appendix</p><ul>{line(ANSWERS, 'Answers')}</ul>" if appendix else ""
    return f'<nav class="pfp-contents" aria-label="Contents"><h1>Contents</h1>{lists}{last}</nav>'
