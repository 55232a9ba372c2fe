"""A chapter of the built book as one page that stands alone, for a SCORM package."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from importlib.resources import files
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote

from pfp_course import typeface
from pfp_course.chapters import Chapter
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.export.lms.markup_edits import Element, Markup
from pfp_course.questions import frontend

__all__ = ["BuiltBook"]

_STATIC = "_static"
# Parts of the book's script that a page without a side bar has use for.
_PARTS = {
    "scheme.js": "setUpScheme",
    "contents.js": "setUpContents",
    "scrollers.js": "setUpScrollers",
    "sources.js": "setUpSources",
    "citing.js": "setUpCiting",
    "copying.js": "setUpCopying",
    "explorers.js": "setUpExplorers",
}
_QUIZ, _BOOK = "pfp-quiz.js", "pfp-book.js"  # scripts of the book that give way to the package's
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CITED = re.compile(r"cite-[0-9]+-(?P<key>.+)")
_SHOWN = ("img", "source", "video", "audio", "track")  # elements with a file of their own
_CONTENTS = "pfp-toc-list"  # the list of the page's contents
_TERMS, _TERMS_TITLE = "terms-of-this-chapter", "Terms of this chapter"


@dataclass(frozen=True)
class BuiltBook:
    """A built book, from which pages are cut.

    ``html`` is its folder; ``address`` is where it is published, with a slash at its end, or empty.
    A link to another page of the book leads there, and becomes plain text without an address.
    """

    html: Path
    course: Course
    address: str = ""

    def page(self, chapter: Chapter, told: Mapping[str, Any], panel: str) -> dict[str, bytes]:
        """Return a chapter as ``index.html``, and the files that it uses, by their names.

        ``told`` is what the script is told, as ``ReportedChapter`` of ``js/scorm_types.d.ts``;
        ``panel`` is HTML that tells the reader what is reported.

        Raises
        ------
        CourseError
            If the book was not built.
        """
        name = f"notebooks/{chapter.notebook.stem}.html"
        try:
            text = (self.html / name).read_text(encoding="utf-8")
        except OSError:
            raise CourseError(
                f"There is no page of chapter {int(chapter.number)} in {self.html}. Build the "
                "book first: pfp build"
            ) from None
        return _Cutting(self, name, text).page(told, panel)

    @cached_property
    def terms(self) -> dict[str, str]:
        """The entries of the glossary as HTML, by their ids; empty where there is none."""
        path = self.html / f"{self.course.pages.get('glossary', '')}.html"
        if not path.is_file():
            return {}
        markup = Markup(path.read_text(encoding="utf-8"))
        entries, term = {}, None
        for one in markup.elements:
            if one.name == "dt" and "id" in one.attributes:
                term = one
            elif one.name == "dd" and term is not None:
                entries[term.attributes["id"]] = markup.text[term.start : one.end]
                term = None
        return entries


class _Cutting:
    """The work on one page: what stays of it, and which files it takes along."""

    def __init__(self, book: BuiltBook, name: str, text: str) -> None:
        self.book, self.name = book, name
        self.markup = Markup(text)
        self.files: dict[str, bytes] = {}
        self.terms: set[str] = set()  # entries of the glossary that the text links to
        self.cited: set[str] = set()  # places of citations in the list of sources
        self.sources = {
            one.attributes["data-source"]: one
            for one in self.markup.elements
            if one.name == "li" and "data-source" in one.attributes
        }

    def page(self, told: Mapping[str, Any], panel: str) -> dict[str, bytes]:
        article, foot = self._the("article"), self._the("footer", "pfp-foot")
        scheme, title = self._the("fieldset", "pfp-scheme"), self._the("title")
        body = self._the("body")
        for part in (article, foot):
            self._link(part)
        self._add_places()
        contents = self.markup.find(lambda one: one.attributes.get("id") == _CONTENTS)
        self._add_terms(article, contents)
        number = body.attributes.get("data-chapter", "")
        data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        html = f"""<!DOCTYPE html>
<html lang="{self.book.course.languages[0]}" data-content_root="./">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{self.markup.part(title)}
<meta name="color-scheme" content="light dark">
{self._head()}
</head>
<body class="pfp-sco" data-chapter="{escape(number)}">
<a class="pfp-skip" href="#main">Skip to the text</a>
<div class="pfp-page">
<main class="pfp-main" id="main" tabindex="-1">
{panel}
<script type="application/json" id="pfp-lms-data">{data}</script>
<div class="pfp-text{" has-toc" if contents else ""}">
{self.markup.part(article)}
</div>
{self.markup.part(scheme)}
{self.markup.part(foot)}
</main>
</div>
</body>
</html>
"""
        self.files["index.html"] = html.encode()
        return self.files

    def _the(self, name: str, kind: str = "") -> Element:
        """Return an element that each page of the book has."""
        found = self.markup.find(lambda one: one.name == name and (not kind or kind in one.classes))
        if found is None:
            raise CourseError(f"{self.name} has no <{name}>: it is no page of this book.")
        return found

    def _head(self) -> str:
        """Return the style sheets and scripts of the page; some of them are the package's own."""
        sheets, scripts = [], []
        later: list[str] = []  # what comes when a reader is near an explorer
        for one in self.markup.within(self._the("head")):
            path = one.attributes.get("src" if one.name == "script" else "href", "")
            name = PurePosixPath(path.partition("?")[0]).name
            if one.name == "script" and path:
                scripts.append(name)
            elif one.name == "link" and one.attributes.get("rel") == "stylesheet":
                sheets.append(name)
            elif one.attributes.get("name") == "pfp-explorers":
                named = one.attributes["content"].split()
                later = [PurePosixPath(each.partition("?")[0]).name for each in named]
        sheets.append("pfp-lms.css")
        fonts = [file.name for file in typeface.files()]
        for name in (*sheets, *scripts, *later, *fonts):
            own, path = _own_file(name), f"{_STATIC}/{name}"
            self.files[path] = own if own is not None else (self.book.html / path).read_bytes()
        # Before the first drawing runs what sets the colours; the rest waits for the page.
        first, rest = scripts[:1], scripts[1:]
        listed = " ".join(f"{_STATIC}/{name}" for name in later)
        return "\n".join(
            [
                *(f'<script src="{_STATIC}/{name}"></script>' for name in first),
                *(f'<link rel="stylesheet" href="{_STATIC}/{name}">' for name in sheets),
                *(f'<script defer src="{_STATIC}/{name}"></script>' for name in rest),
                *([f'<meta name="pfp-explorers" content="{listed}">'] if later else []),
            ]
        )

    def _link(self, part: Element) -> None:
        """Let each link in a part of the page lead to something that is there."""
        for one in self.markup.within(part):
            if "pfp-run" in one.classes:
                self.markup.drop(one)
            elif one.name == "a" and "href" in one.attributes:
                href = one.attributes["href"]
                target = self._target(href)
                if not target:
                    self.markup.unwrap(one)
                elif target != href:
                    self.markup.replace(one.start, one.inside, one.tag(href=target))
            elif one.name in _SHOWN and "src" in one.attributes:
                source = self._source(one.attributes["src"])
                self.markup.replace(one.start, one.inside, one.tag(src=source))

    def _target(self, href: str) -> str:
        """Return where a link leads in the package, or an empty text."""
        if href.startswith("#") or _OUTSIDE.match(href):
            return href
        path, _, place = href.partition("#")
        pages, inside = self.book.course.pages, self._inside(path)
        page = inside.removesuffix(".html")
        cited = _CITED.fullmatch(place)
        if page == pages.get("references") and cited and cited["key"] in self.sources:
            self.cited.add(place)
            return f"#{place}"
        if page == pages.get("glossary") and place in self.book.terms:
            self.terms.add(place)
            return f"#{place}"
        if inside.startswith(f"{_STATIC}/") and self._take(inside):
            return inside
        if not self.book.address:
            return ""
        return f"{self.book.address}{inside}{f'#{place}' if place else ''}"

    def _source(self, source: str) -> str:
        """Return where a picture lies in the package."""
        if _OUTSIDE.match(source):
            return source
        inside = self._inside(source.partition("?")[0])
        if not self._take(inside):
            raise CourseError(
                f"{self.name} shows {source}, which is not in the book. Build it anew."
            )
        return inside

    def _inside(self, path: str) -> str:
        """Return an address of the page as one from the root of the book."""
        return normpath(str(PurePosixPath(self.name).parent / unquote(path)))

    def _take(self, inside: str) -> bool:
        """Put a file of the book into the package; tell whether there is one."""
        path = self.book.html / inside
        if inside.startswith("..") or not path.is_file():
            return False
        self.files[inside] = path.read_bytes()
        return True

    def _add_places(self) -> None:
        """Give the entries of the page's list of sources the places to which citations lead."""
        for name in sorted(self.cited):
            if cited := _CITED.fullmatch(name):
                at = self.sources[cited["key"]].inside
                self.markup.replace(at, at, f'<span id="{escape(name)}"></span>')

    def _add_terms(self, article: Element, contents: Element | None) -> None:
        """Add a section with the terms to which the text links, and a line in its contents."""
        # An entry may link to another one, which then stands here, too.
        shown: dict[str, str] = {}
        while waiting := self.terms - set(shown):
            for name in waiting:
                page = f"{self.book.course.pages['glossary']}.html"
                entry = _Cutting(self.book, page, f"<div>{self.book.terms[name]}</div>")
                whole = entry.markup.elements[0]
                entry._link(whole)
                shown[name] = entry.markup.part(whole).removeprefix("<div>").removesuffix("</div>")
                self.terms |= entry.terms
        if not shown:
            return
        entries = "".join(shown[name] for name in sorted(shown, key=str.casefold))
        self.markup.replace(
            article.close,
            article.close,
            f'<section id="{_TERMS}"><h2>{_TERMS_TITLE}</h2><dl class="glossary">{entries}</dl>'
            "</section>\n",
        )
        if contents:
            listed = next(one for one in self.markup.within(contents) if one.name == "ul")
            line = f'<li><a class="reference internal" href="#{_TERMS}">{_TERMS_TITLE}</a></li>'
            self.markup.replace(listed.close, listed.close, f"{line}\n")


@cache
def _own_file(name: str) -> bytes | None:
    """Return a file of the package that is not in the book, or is another there."""
    folder = files("pfp_course.export.lms")
    if name == _QUIZ:
        module = Path(str(folder.joinpath("js", "scorm_page.js")))
        return frontend.page_script(module, "startInSystem").encode()
    if name == _BOOK:
        # Here, because it needs Sphinx.
        from pfp_course.sphinx_ext.assets import script

        return script(_PARTS).encode()
    if name == "pfp-lms.css":
        return folder.joinpath("scorm.css").read_bytes()
    return None
