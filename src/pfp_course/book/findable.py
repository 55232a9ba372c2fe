"""What tells others of a page: its title and description, its picture, what it holds.

Also the lists of pages for search engines, and the tables as files with addresses of their own.
"""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.config import Config

from pfp_course._version import __version__
from pfp_course.book import linked_data, previews
from pfp_course.book.addresses import TABLES, address
from pfp_course.book.chapters import docname
from pfp_course.book.citation import FILE, Author, Work, read_citation
from pfp_course.chapters import Chapter, chapters
from pfp_course.data import package
from pfp_course.data.package import Table

__all__ = ["connect", "describe", "shortened", "title_of", "work"]

_LONGEST_TITLE = 60  # characters that a page of results shows
_SHORTEST, _LONGEST = 50, 160
# Where a description may be cut: after a clause, if enough is left.
_CLAUSE = re.compile(r"[;:,.]\s")
_DATA_PAGE = "book/data"


def connect(app: Sphinx) -> None:
    """Complete the head of each page; write the lists and the tables."""
    app.connect("html-page-context", _complete, priority=700)
    app.connect("html-collect-pages", _write)


def title_of(page: str, book: str) -> str:
    """Return what stands in the browser's tab: the page, and the course where there is room."""
    brand = book.partition(":")[0]
    both = f"{page} · {brand}"
    return both if len(both) <= _LONGEST_TITLE else page


def shortened(text: str) -> str:
    """Return a text of at most 160 characters, cut after a clause or at a word."""
    text = " ".join(text.split())
    if len(text) <= _LONGEST:
        return text
    room = text[: _LONGEST - 1]
    ends = [found.start() for found in _CLAUSE.finditer(room)]
    if ends and ends[-1] >= _LONGEST // 2:
        return room[: ends[-1]] + ("." if room[ends[-1]] == "." else "…")
    return room.rsplit(" ", 1)[0] + "…"


def describe(paragraphs: Iterable[str]) -> str:
    """Return the beginning of a page as its description: one paragraph, or more if it is short."""
    text = ""
    for paragraph in paragraphs:
        text = f"{text} {' '.join(paragraph.split())}".strip()
        if len(text) >= _SHORTEST:
            break
    return shortened(text)


def work(folder: Path, config: Config) -> Work:
    """Return how the book of a folder is cited; without a citation file, as its settings say."""
    path = folder / FILE
    cited = read_citation(path) if path.is_file() else _unnamed(config)
    return replace(cited, url=str(config.html_baseurl) or cited.url)


def _unnamed(config: Config) -> Work:
    return Work(
        title=str(config.html_title),
        authors=(Author(str(config.author)),),
        version=__version__,
        released=date.today(),
    )


def _complete(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    chapter = _chapter(pagename)
    landing = pagename == app.config.root_doc
    title = _plain(str(context.get("title", "")))
    context["pfp_title"] = title if landing else title_of(title, str(app.config.html_title))
    if doctree is None:
        context["pfp_description"] = context.get("pfp_description") or ""
        return
    text = shortened(chapter.promise) if chapter else describe(_paragraphs(doctree))
    context["pfp_description"] = text
    card = _card(app, pagename, chapter, chapter.title if chapter else title, text)
    context["pfp_card"] = Markup("\n".join(card))
    if things := _things(app, pagename, chapter):
        context["pfp_linked_data"] = Markup(linked_data.as_script(things))


def _plain(title: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", title)).split())


def _paragraphs(doctree: nodes.document) -> Iterator[str]:
    for paragraph in doctree.findall(nodes.paragraph):
        # A cell of a table or an entry of a list is no beginning of a page.
        if isinstance(paragraph.parent, nodes.section | nodes.container):
            yield paragraph.astext()


@cache
def _by_page() -> dict[str, Chapter]:
    return {docname(chapter): chapter for chapter in chapters()}


def _chapter(pagename: str) -> Chapter | None:
    return _by_page().get(pagename)


def _things(app: Sphinx, pagename: str, chapter: Chapter | None) -> Any:
    base, cited = str(app.config.html_baseurl), work(Path(app.srcdir), app.config)
    everything = package()
    if chapter:
        tables = [everything.table(name) for name in chapter.data]
        return linked_data.describe_chapter(cited, chapter, tables, base)
    if pagename == app.config.root_doc:
        held = [one for one in chapters() if docname(one) in app.env.found_docs]
        return linked_data.describe_course(cited, held, base) if held else {}
    if pagename == _DATA_PAGE:
        return [
            linked_data.describe_table(cited, table, everything.title, base) for table in _tables()
        ]
    return {}


def _tables() -> list[Table]:
    everything = package()
    return [*everything.tables.values(), *everything.files.values()]


def _card(
    app: Sphinx, pagename: str, chapter: Chapter | None, title: str, text: str
) -> Iterator[str]:
    """Return what is shown where somebody shares a link to the page."""
    base = str(app.config.html_baseurl)
    named = {
        "og:type": "article" if chapter else "website",
        "og:site_name": str(app.config.html_title).partition(":")[0],
        "og:title": title,
        "og:description": text,
        "og:url": address(base, pagename),
    }
    if base:
        named["og:image"] = address(base, f"_static/{previews.file_name(chapter)}")
        named["og:image:width"], named["og:image:height"] = map(str, previews.SIZE)
        named["og:image:alt"] = previews.spoken(chapter, str(app.config.html_title))
    for name, value in named.items():
        if value:
            yield f'<meta property="{name}" content="{escape(value)}">'
    yield f'<meta name="twitter:card" content="summary{"_large_image" if base else ""}">'


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    out, base = Path(app.outdir), str(app.config.html_baseurl)
    held = [one for one in chapters() if docname(one) in app.env.found_docs]
    if _DATA_PAGE in app.env.found_docs:
        _copy_tables(out / TABLES)
    if base:
        # A picture is fetched by its address alone: without one nobody would see it.
        previews.write(out / "_static", held, work(Path(app.srcdir), app.config))
        (out / "sitemap.xml").write_text(sitemap(base, app.env.found_docs), encoding="utf-8")
    (out / "robots.txt").write_text(robots(base), encoding="utf-8")
    return []


def sitemap(base: str, pages: Iterable[str]) -> str:
    """Return the list of a book's pages as the sitemap protocol wants it."""
    listed = "".join(
        f"<url><loc>{escape(address(base, page))}</loc></url>\n" for page in sorted(pages)
    )
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return (
        f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n'
    )


def robots(base: str) -> str:
    """Return what robots may do: read everything, and find the list of pages."""
    place = f"\nSitemap: {address(base, 'sitemap.xml')}\n" if base else ""
    return f"User-agent: *\nAllow: /\n{place}"


def _copy_tables(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [table.path for table in _tables()]
    for path in (*paths, paths[0].with_name("datapackage.json")):
        shutil.copyfile(path, folder / path.name)
