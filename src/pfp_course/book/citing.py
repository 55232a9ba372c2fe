"""How to cite the course and each chapter: a box with the reference, BibTeX and RIS."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.book.addresses import address
from pfp_course.book.chapters import docname
from pfp_course.book.citation import FILE, Work, bibtex, in_words, ris
from pfp_course.book.findable import work
from pfp_course.chapters import Chapter, chapters

__all__ = ["box", "connect", "fold"]

_FOLDER = "_static/cite"
_COURSE = "course"


def connect(app: Sphinx) -> None:
    """Register the directive, the box at the foot of pages and the files."""
    app.add_directive("citation-box", _CitationBox)
    app.connect("html-page-context", _offer)
    app.connect("html-collect-pages", _write)


def box(cited: Work, files: str) -> str:
    """Return the reference, and its forms for programs, as HTML.

    Parameters
    ----------
    cited : Work
        What is cited.
    files : str
        Address of the files with BibTeX and RIS, without their endings.
    """
    forms = "".join(
        f"<details><summary>{name}</summary>"
        f'<pre class="pfp-cite-form" data-copy="{name}">{escape(text.strip())}</pre>'
        f'<p><a href="{escape(files)}.{suffix}" download>Download {name}</a></p></details>'
        for name, suffix, text in (("BibTeX", "bib", bibtex(cited)), ("RIS", "ris", ris(cited)))
    )
    return (
        f'<div class="pfp-cite"><p class="pfp-cite-words" data-copy="the reference">'
        f"{escape(in_words(cited))}</p>{forms}</div>"
    )


def fold(cited: Work, files: str, what: str) -> str:
    """Return the box folded away, for the foot of a page."""
    inside = box(cited, files)
    return f'<details class="pfp-cite-fold"><summary>Cite this {what}</summary>{inside}</details>'


class _CitationBox(SphinxDirective):
    """The box of the course, in the text of a page."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir)
        self.env.note_dependency(str(folder / FILE))
        files = f"{'../' * self.env.docname.count('/')}{_FOLDER}/{_COURSE}"
        return [nodes.raw("", box(work(folder, self.config), files), format="html")]


def _of_chapter(app: Sphinx, chapter: Chapter) -> Work:
    base = str(app.config.html_baseurl)
    url = address(base, docname(chapter))
    return work(Path(app.srcdir), app.config).of_chapter(
        int(chapter.number), chapter.title, chapter.promise, url
    )


def _offer(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    up = "../" * pagename.count("/")
    if pagename == app.config.root_doc:
        context["pfp_citation"] = Markup(
            fold(work(Path(app.srcdir), app.config), f"{up}{_FOLDER}/{_COURSE}", "course")
        )
    for chapter in chapters():
        if docname(chapter) == pagename:
            files = f"{up}{_FOLDER}/chapter-{chapter.number}"
            context["pfp_citation"] = Markup(fold(_of_chapter(app, chapter), files, "chapter"))


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    folder = Path(app.outdir) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    cited = {_COURSE: work(Path(app.srcdir), app.config)} | {
        f"chapter-{chapter.number}": _of_chapter(app, chapter) for chapter in chapters()
    }
    for name, one in cited.items():
        (folder / f"{name}.bib").write_text(bibtex(one), encoding="utf-8")
        (folder / f"{name}.ris").write_text(ris(one), encoding="utf-8", newline="")
    return []
