"""How to cite a course and each chapter, from ``course.toml``: in words, BibTeX, RIS and CFF.

The library that converts citation files, cffconvert, cannot stand beside the versions of
jsonschema that Jupyter needs; the course uses few of the format's fields.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.chapters import Chapter
from pfp_course.course import Author, Course
from pfp_course.sphinx_ext import Context, Doctree, course_of, each_page
from pfp_course.sphinx_ext.chapter_pages import chapter_of, docname, held_chapters
from pfp_course.sphinx_ext.settings import CITATIONS, CITED, address, place_marks

__all__ = [
    *("Work", "bibtex", "box", "cff", "citation_faults", "connect", "in_words", "ris", "tex"),
    *("work", "work_of"),
]

_FILE = "CITATION.cff"
_COURSE = "course"  # how the files of references of the whole are named
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_"},
}


@dataclass(frozen=True)
class Work:
    """What is cited: the course, or, where ``part_of`` is set, a chapter of it.

    ``released`` is a day; ``licences`` are identifiers of the SPDX list; ``chapter`` is a number
    or empty; ``language`` is an IETF tag.
    """

    title: str
    authors: tuple[Author, ...]
    version: str
    released: date
    abstract: str = ""
    licences: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    url: str = ""
    doi: str = ""
    part_of: str = ""
    chapter: str = ""
    language: str = "en"

    def of_chapter(self, number: int, title: str, abstract: str, url: str) -> "Work":
        """Return a chapter of this work; the DOI stays with the whole."""
        return replace(
            self,
            title=title,
            abstract=abstract,
            url=url or self.url,
            doi="",
            part_of=self.title,
            chapter=str(number),
        )


def in_words(work: Work) -> str:
    """Return the reference as a sentence for people."""
    names = [author.name for author in work.authors]
    by = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    inside = f" Chapter {work.chapter} of {work.part_of}." if work.part_of else ""
    address = f" https://doi.org/{work.doi}" if work.doi else f" {work.url}" if work.url else ""
    title = work.title.rstrip(".")
    return f"{by} ({work.released.year}). {title}.{inside} Version {work.version}.{address}"


def bibtex(work: Work) -> str:
    """Return an entry of BibTeX: ``misc`` for the course, ``incollection`` for a chapter."""
    kind = "incollection" if work.part_of else "misc"
    fields = {
        "author": " and ".join(_braced(author) for author in work.authors),
        "title": "{" + tex(work.title) + "}",
        "booktitle": "{" + tex(work.part_of) + "}" if work.part_of else "",
        "chapter": work.chapter,
        "year": str(work.released.year),
        # BibTeX knows the months by these names.
        "month": work.released.strftime("%b").lower(),
        "version": tex(work.version),
        "note": f"Version {tex(work.version)}",
        "doi": tex(work.doi),
        "url": tex(work.url),
        "keywords": tex(", ".join(work.keywords)),
    }
    lines = [
        f"  {name} = {value if name == 'month' else '{' + value + '}'},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{_key(work)},", *lines, "}", ""])


def ris(work: Work) -> str:
    """Return the reference in RIS; its lines end as the format asks."""
    fields = [
        ("TY", "ECHAP" if work.part_of else "EBOOK"),
        *(("AU", author.sorted) for author in work.authors),
        ("TI", work.title),
        ("T2", work.part_of),
        ("SE", work.chapter),
        ("PY", str(work.released.year)),
        ("DA", work.released.strftime("%Y/%m/%d")),
        ("ET", work.version),
        ("AB", work.abstract),
        *(("KW", keyword) for keyword in work.keywords),
        ("DO", work.doi),
        ("UR", work.url),
        ("LA", work.language),
        ("ER", ""),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value or tag == "ER"]
    return "\r\n".join(lines) + "\r\n"


def tex(text: str) -> str:
    """Return a text as the value of a BibTeX field: TeX's own characters are written out."""
    return "".join(_ESCAPED.get(char, char) for char in " ".join(text.split()))


def _braced(author: Author) -> str:
    # Braces keep a body's name whole: it is no person with a first and a last name.
    name = tex(author.sorted)
    return name if author.given else "{" + name + "}"


def _key(work: Work) -> str:
    first = (work.part_of or work.title).partition(":")[0]
    words = "-".join(re.findall(r"[a-z0-9]+", first.lower()))
    chapter = f"-{int(work.chapter):02}" if work.chapter else ""
    return f"{words}-{work.released.year}{chapter}"


def work_of(course: Course, address: str = "") -> Work:
    """Return how a course is cited, with the address of its book where that is known."""
    return Work(
        title=course.title,
        authors=course.authors,
        version=course.version,
        released=course.released or date.today(),
        abstract=" ".join(course.abstract.split()),
        licences=tuple(filter(None, (course.code_licence, course.licence))),
        keywords=course.keywords,
        url=address or course.url,
        doi=course.doi,
        language=course.languages[0],
    )


def work(app: Sphinx) -> Work:
    """Return how the book that is built is cited."""
    return work_of(course_of(app), str(app.config.html_baseurl))


def cff(work: Work) -> str:
    """Return the reference in the Citation File Format, for GitHub and reference managers."""
    people = [
        {"family-names": author.family, "given-names": author.given}
        if author.given
        else {"name": author.family}
        for author in work.authors
    ]
    content = {
        "cff-version": "1.2.0",
        "message": "If you use this course, please cite it as below.",
        "type": "software",
        "title": work.title,
        "abstract": work.abstract,
        "authors": people,
        "version": work.version,
        "date-released": work.released.isoformat(),
        "license": list(work.licences),
        "keywords": list(work.keywords),
        "doi": work.doi,
        "url": work.url,
    }
    kept = {name: value for name, value in content.items() if value}
    head = "# Written by `pfp cite --as cff` from course.toml.\n"
    return head + yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)


def citation_faults(course: Course) -> list[str]:
    """Return what a citation file beside ``course.toml`` says otherwise, and the mend."""
    path = course.root / _FILE
    if not path.is_file():
        return []
    mend = f"Write it anew: pfp cite --as cff > {_FILE}"
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError):
        return [f"{path}: this is not YAML. {mend}"]
    known = yaml.safe_load(cff(work_of(course)))
    names = sorted({*known, *told} if isinstance(told, dict) else known)
    other = [
        name for name in names if not isinstance(told, dict) or told.get(name) != known.get(name)
    ]
    if other == ["date-released"] and course.released is None:
        return []
    return [f"{path}: course.toml says otherwise ({', '.join(other)}). {mend}"] if other else []


def connect(app: Sphinx) -> None:
    """Register the directive, the box at the foot of pages and the files."""
    app.add_directive("citation-box", _CitationBox)
    each_page(app, _offer)
    app.connect("html-collect-pages", _write)


def box(cited: Work, files: str) -> str:
    """Return the reference, and its forms for programs, as HTML.

    ``files`` is the address of the files with BibTeX and RIS, without their endings.
    """
    forms = "".join(
        f"<details><summary>{name}</summary>"
        f'<pre class="pfp-cite-form" data-copy="{name}">{escape(text.strip())}</pre>'
        f'<p><a href="{escape(files)}.{suffix}" download>Download {name}</a></p></details>'
        for name, suffix, text in (("BibTeX", "bib", bibtex(cited)), ("RIS", "ris", ris(cited)))
    )
    begin, end = place_marks(CITED)
    return (
        f'{begin}<div class="pfp-cite"><p class="pfp-cite-words" data-copy="the reference">'
        f"{escape(in_words(cited))}</p>{forms}</div>{end}"
    )


class _CitationBox(SphinxDirective):
    """The box of the course, in the text of a page."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(course_of(self.env.app).root / "course.toml"))
        files = f"{'../' * self.env.docname.count('/')}{CITATIONS}/{_COURSE}"
        return [nodes.raw("", box(work(self.env.app), files), format="html")]


def _of_chapter(app: Sphinx, chapter: Chapter) -> Work:
    url = address(str(app.config.html_baseurl), docname(chapter))
    return work(app).of_chapter(int(chapter.number), chapter.title, chapter.promise, url)


def _offer(app: Sphinx, pagename: str, context: Context, doctree: Doctree) -> None:
    """Fold the box away at the foot of the landing page and of each chapter."""
    if chapter := chapter_of(app, pagename):
        cited, name, what = _of_chapter(app, chapter), f"chapter-{chapter.number}", "chapter"
    elif pagename == app.config.root_doc:
        cited, name, what = work(app), _COURSE, "course"
    else:
        return
    inside = box(cited, f"{'../' * pagename.count('/')}{CITATIONS}/{name}")
    context["pfp_citation"] = Markup(
        f'<details class="pfp-cite-fold"><summary>Cite this {what}</summary>{inside}</details>'
    )


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    folder = Path(app.outdir) / CITATIONS
    folder.mkdir(parents=True, exist_ok=True)
    works = {_COURSE: work(app)} | {
        f"chapter-{chapter.number}": _of_chapter(app, chapter) for chapter in held_chapters(app)
    }
    for name, cited in works.items():
        (folder / f"{name}.bib").write_text(bibtex(cited), encoding="utf-8")
        (folder / f"{name}.ris").write_text(ris(cited), encoding="utf-8", newline="")
    return []
