"""What tells others of a page: its title and description, its picture, what it holds.

Also the lists of pages for search engines, and the tables as files with addresses of their own.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from pfp_course import typeface
from pfp_course.chapters import Chapter
from pfp_course.course import Course, edition_day
from pfp_course.data import Table, package
from pfp_course.sphinx_ext import Context, Doctree, course_of, each_page, linked_data
from pfp_course.sphinx_ext.chapter_pages import chapter_of, held_chapters
from pfp_course.sphinx_ext.cite_this import work
from pfp_course.sphinx_ext.settings import TABLES, address
from pfp_course.sphinx_ext.theme import subtitle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["connect", "describe", "last_changes", "shortened", "title_of"]

_LONGEST_TITLE = 60  # characters that a page of results shows
_SHORTEST, _LONGEST = 50, 160
# Where a description may be cut: after a clause, if enough is left.
_CLAUSE = re.compile(r"[;:,.]\s")
_PATIENCE = 60  # seconds that git may take
PREVIEW_SIZE = (1200, 630)  # pixels of a picture for who shares a link: what the networks ask for
_DPI = 100
_MARGIN = 80  # pixels
# The sign of the course, as on its logo: one way in and three ways on.
_STEM = (760, 448)
_WAYS = {"s1": -58, "s3": 0, "s2": 58}


def connect(app: Sphinx) -> None:
    """Complete the head of each page; write the lists and the tables."""
    each_page(app, _complete, priority=700)
    app.connect("html-collect-pages", _write)


def title_of(page: str, brand: str) -> str:
    """Return what stands in the browser's tab: the page, and the course where there is room."""
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


def _complete(app: Sphinx, pagename: str, context: Context, doctree: Doctree) -> None:
    course, chapter = course_of(app), chapter_of(app, pagename)
    landing = pagename == app.config.root_doc
    # The template's own pages, such as the search, have a title in plain words.
    node = app.env.titles.get(pagename)
    title = course.title if landing else node.astext() if node else context.get("title", "")
    context["pfp_title"] = title if landing else title_of(title, course.short_title)
    if doctree is None:
        context["pfp_description"] = context.get("pfp_description") or ""
        return
    text = shortened(chapter.promise) if chapter else describe(_paragraphs(doctree))
    context["pfp_description"] = text
    card = _card(app, pagename, chapter, chapter.title if chapter else title, text)
    context["pfp_card"] = Markup("\n".join(card))
    if things := _things(app, pagename, chapter):
        context["pfp_linked_data"] = Markup(linked_data.as_script(things))


def _paragraphs(doctree: nodes.document) -> Iterator[str]:
    for paragraph in doctree.findall(nodes.paragraph):
        # A cell of a table or an entry of a list is no beginning of a page.
        if isinstance(paragraph.parent, nodes.section | nodes.container):
            yield paragraph.astext()


def _things(app: Sphinx, pagename: str, chapter: Chapter | None) -> Any:
    course = course_of(app)
    site = linked_data.Site(str(app.config.html_baseurl), course.pages.get("data", ""), work(app))
    if chapter:
        tables = [package(course).table(name) for name in chapter.data]
        return linked_data.describe_chapter(site, chapter, tables)
    if pagename == app.config.root_doc:
        held = held_chapters(app)
        return linked_data.describe_course(site, held) if held else {}
    if pagename == site.data_page:
        title = package(course).title
        return [linked_data.describe_table(site, table, title, course) for table in _tables(course)]
    return {}


def _tables(course: Course) -> list[Table]:
    data = package(course)
    return [*data.tables.values(), *data.files.values()]


def _card(
    app: Sphinx, pagename: str, chapter: Chapter | None, title: str, text: str
) -> Iterator[str]:
    """Return what is shown where somebody shares a link to the page."""
    base, course = str(app.config.html_baseurl), course_of(app)
    named = {
        "og:type": "article" if chapter else "website",
        "og:site_name": course.short_title,
        "og:title": title,
        "og:description": text,
        "og:url": address(base, pagename),
    }
    if base:
        named["og:image"] = address(base, f"_static/{_preview_name(chapter)}")
        named["og:image:width"], named["og:image:height"] = map(str, PREVIEW_SIZE)
        named["og:image:alt"] = _preview_words(chapter, course)
    for name, value in named.items():
        if value:
            yield f'<meta property="{name}" content="{escape(value)}">'
    yield f'<meta name="twitter:card" content="summary{"_large_image" if base else ""}">'


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    out, base, course = Path(app.outdir), str(app.config.html_baseurl), course_of(app)
    if course.pages.get("data") in app.env.found_docs:
        (out / TABLES).mkdir(parents=True, exist_ok=True)
        for path in (course.data / "datapackage.json", *(it.path for it in _tables(course))):
            shutil.copyfile(path, out / TABLES / path.name)
    if base:
        # A picture is fetched by its address alone: without one nobody would see it.
        draw_previews(out / "_static", held_chapters(app), course)
        text = sitemap(base, app.env.found_docs, last_changes(course.root, _sources(app)))
        (out / "sitemap.xml").write_text(text, encoding="utf-8")
    (out / "robots.txt").write_text(robots(base), encoding="utf-8")
    return []


def _sources(app: Sphinx) -> dict[str, list[Path]]:
    """Return the files that each page is written in: its text, and the questions of a chapter."""
    found: dict[str, list[Path]] = {}
    for name in sorted(app.env.found_docs):
        chapter = chapter_of(app, name)
        bank = [course_of(app).bank(chapter.number)] if chapter else []
        found[name] = [Path(app.env.doc2path(name)).resolve(), *bank]
    return found


def sitemap(base: str, pages: Iterable[str], changed: Mapping[str, date]) -> str:
    """Return the list of a book's pages as the sitemap protocol wants it, with known days."""
    listed = "".join(
        f"<url><loc>{escape(address(base, page))}</loc>"
        + (f"<lastmod>{changed[page]}</lastmod>" if page in changed else "")
        + "</url>\n"
        for page in sorted(pages)
    )
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return (
        f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n'
    )


def robots(base: str) -> str:
    """Return what robots may do: read everything, and find the list of pages."""
    place = f"\nSitemap: {address(base, 'sitemap.xml')}\n" if base else ""
    return f"User-agent: *\nAllow: /\n{place}"


def last_changes(root: Path, sources: Mapping[str, Sequence[Path]]) -> dict[str, date]:
    """Return for each name the day on which one of its sources was last changed.

    ``root`` is a folder under git; elsewhere, and without git, nothing is known. What is changed
    and not committed was changed today.
    """
    paths = sorted({str(path.relative_to(root)) for held in sources.values() for path in held})
    told = _git(root, "log", "--format=%x00%cs", "--name-only", "--no-renames", "--", *paths)
    days: dict[str, date] = {}
    for commit in told.split("\0")[1:]:
        day, *names = commit.split("\n")
        for name in filter(None, names):
            days.setdefault(name, date.fromisoformat(day))
    for line in _git(root, "status", "--porcelain", "--no-renames", "--", *paths).splitlines():
        days[line[3:]] = edition_day()
    # Git names files from the top of the clone, which may lie above the project.
    above = _git(root, "rev-parse", "--show-prefix").strip()
    changed: dict[str, date] = {}
    for name, held in sources.items():
        keys = (above + path.relative_to(root).as_posix() for path in held)
        if found := [days[key] for key in keys if key in days]:
            changed[name] = max(found)
    return changed


def _git(root: Path, *words: str) -> str:
    command = ["git", "-C", str(root), "-c", "core.quotepath=off", *words]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout


def _preview_name(chapter: Chapter | None) -> str:
    """Return the file of a chapter's picture, or of the course's."""
    return f"previews/{chapter.number if chapter else 'course'}.png"


def _preview_words(chapter: Chapter | None, course: Course) -> str:
    """Return the words of a picture, for those who do not see it."""
    if chapter is None:
        return f"Title: {course.title}."
    return f"Title: {course.short_title}. {chapter.part}. Chapter {chapter.heading}."


def draw_previews(folder: Path, chapters: Iterable[Chapter], course: Course) -> None:
    """Draw the picture of the course and one for each chapter."""
    (folder / "previews").mkdir(parents=True, exist_ok=True)
    held = list(chapters)
    minutes = sum(chapter.minutes for chapter in held)
    below = f"{len(held)} chapters · {minutes // 60} hours · free to read, run and teach"
    colours = course.palette("light")
    _draw(folder / _preview_name(None), "", course.short_title, subtitle(course), below, colours)
    for chapter in held:
        number = f"Chapter {int(chapter.number)}"
        _draw(
            folder / _preview_name(chapter),
            chapter.part,
            chapter.title,
            f"{number} · about {chapter.minutes} minutes",
            course.title,
            colours,
        )


def _draw(
    target: Path, over: str, title: str, under: str, foot: str, colours: Mapping[str, str]
) -> None:
    """Draw a picture: its lines from the top; the title may be broken into three."""
    # Here, because most builds draw none: loading Matplotlib takes longer than a page.
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from PIL import Image

    typeface.register()
    width, height = PREVIEW_SIZE
    with mpl.rc_context({"font.family": typeface.FAMILY, "text.parse_math": False}):
        figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=colours["paper"])

        def place(x: float, y: float) -> tuple[float, float]:
            return x / width, 1 - y / height

        def bar(y: float, thickness: float, colour: str, length: float) -> None:
            corner = place(_MARGIN, y + thickness)
            figure.add_artist(
                Rectangle(corner, length / width, thickness / height, color=colour, linewidth=0)
            )

        # A strong and a fine rule, as over the parts of the book; the accent as on its logo.
        bar(70, 8, colours["ink"], width - 2 * _MARGIN)
        bar(84, 2, colours["ink"], width - 2 * _MARGIN)
        figure.text(*place(_MARGIN, 152), over, size=20, color=colours["s2"])
        lines = wrap(title, 26)[:3]
        size = 50 if len(lines) < 3 else 43
        step = size * 1.75
        for number, line in enumerate(lines):
            figure.text(*place(_MARGIN, 250 + number * step), line, size=size, color=colours["ink"])
        after = 250 + (len(lines) - 1) * step + 68
        figure.text(*place(_MARGIN, after), under, size=22, color=colours["ink-soft"])
        _sign(figure, colours)
        bar(532, 2, colours["line"], width - 2 * _MARGIN)
        figure.text(*place(_MARGIN, 578), foot, size=18, color=colours["accent"])
        whole = BytesIO()
        figure.savefig(whole, format="png", dpi=_DPI)
    # Few colours: a table of 32 keeps the letters smooth at a third of the size.
    picture = Image.open(whole).convert("RGB").quantize(32, dither=Image.Dither.NONE)
    picture.save(target, format="PNG", optimize=True)


def _sign(figure: "Figure", colours: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Curve

    width, height = PREVIEW_SIZE
    x, y = _STEM
    for colour, rise in _WAYS.items():
        points = [(x, y), (x + 80, y), (x + 180, y), (x + 165, y + rise), (x + 270, y + rise)]
        points.append((width - _MARGIN, y + rise))
        kinds = [Curve.MOVETO, Curve.LINETO, *[Curve.CURVE4] * 3, Curve.LINETO]
        curve = Curve([(px / width, 1 - py / height) for px, py in points], kinds)
        patch = PathPatch(curve, facecolor="none", edgecolor=colours[colour], linewidth=9)
        figure.add_artist(patch)
    point = Line2D([x / width], [1 - y / height], marker="o", markersize=20, color=colours["ink"])
    figure.add_artist(point)
