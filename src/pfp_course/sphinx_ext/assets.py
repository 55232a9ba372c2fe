"""The book's style sheets, scripts, search index and worker."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from typing import Any

from babel import Locale
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from pfp_course import explorers, palette, typeface
from pfp_course.course import Course
from pfp_course.data import package
from pfp_course.questions import frontend
from pfp_course.sphinx_ext import Context, Doctree, course_of, each_page, theme
from pfp_course.sphinx_ext.theme import subtitle

__all__ = ["connect", "names_of_states", "outline", "script", "stylesheet"]

_SHEETS = ("base.css", "layout.css", "content.css", "landing.css", "citing.css", "published.css")
# Each part has one function to call; what stands on one page only is in a file of its own.
_PARTS = {
    "scheme.js": "setUpScheme",
    "menu.js": "setUpMenu",
    "contents.js": "setUpContents",
    "sections.js": "setUpSections",
    "scrollers.js": "setUpScrollers",
    "marks.js": "setUpMarks",
    "sources.js": "setUpSources",
    "citing.js": "setUpCiting",
    "copying.js": "setUpCopying",
    "explorers.js": "setUpExplorers",
    "versions.js": "setUpVersions",
    "worker.js": "setUpWorker",
}
_ON_SEARCH = {"search.js": "setUpSearch"}
_ON_LANDING = {"cover.js": "setUpCover"}
_ON_LISTS = {"finder.js": "setUpFinder"}
_KEPT = "pfp-search"  # in the metadata of a page: what can be found in it
_UNREAD = (nodes.raw, nodes.literal_block, nodes.comment, nodes.title)
_SHORT = 5  # digits of a fingerprint: enough to tell the wordings of one question apart


def connect(app: Sphinx) -> None:
    """Write the files with the pages that need them; our search page takes Sphinx's place."""
    app.connect("env-before-read-docs", _keep_outline)
    app.connect("html-collect-pages", _write)
    each_page(app, _name_files)
    app.connect("builder-inited", _replace_search)
    app.connect("doctree-read", _read)
    app.connect("html-collect-pages", _pages)


def stylesheet(course: Course, *, alone: bool = False) -> str:
    """Return the book's style sheet: font, colours, then the parts in order.

    For a document that stands ``alone`` the font is in the sheet; else it lies beside it.
    """
    folder = Path(__file__).with_name("css")
    parts = [(folder / name).read_text(encoding="utf-8") for name in _SHEETS]
    font = typeface.inline_rules() if alone else typeface.face_rules()
    colours = [theme.stylesheet(course), palette.meaning_rules(course.extras("MEANINGS"))]
    return frontend.short("\n".join([font, typeface.STAND_INS, *colours, *parts]))


def outline(course: Course) -> dict[str, list[list[str | int]]]:
    """Return the questions of each chapter, as short as the marks in the side bar need them.

    A question is its name, its points and the beginnings of its fingerprints.
    """
    from pfp_course.questions import course_outline

    return {
        chapter["chapter"]: [
            [
                question["id"].split(".", 1)[1],
                question["points"],
                *(one[:_SHORT] for one in question["fingerprints"]),
            ]
            for question in chapter["questions"]
        ]
        for chapter in course_outline(course)
    }


def script(parts: dict[str, str], known: str = "") -> str:
    """Return parts of the script as one classic script, which runs from the disk too.

    ``parts`` are file names, each with the function to call; ``known`` is code before them.
    """
    folder = Path(__file__).with_name("js")
    calls = "".join(f"{name}();\n" for name in parts.values())
    return frontend.classic(*(folder / name for name in parts), before=known, after=calls)


def _holds(doctree: nodes.document | None, mark: str) -> bool:
    """Tell whether a page holds a mark; a listing that shows the words does not count."""
    if doctree is None:
        return False
    return any(mark in node.astext() for node in doctree.findall(nodes.raw))


def _keep_outline(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Keep the outline with what Sphinx keeps: its fingerprints take all variants of questions."""
    digest = sha256()
    for path in sorted(path for path in course_of(app).data.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    if getattr(env, "pfp_outline", ("",))[0] != digest.hexdigest():
        env.pfp_outline = (digest.hexdigest(), outline(course_of(app)))  # type: ignore[attr-defined]


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    course, (_, questions) = course_of(app), app.env.pfp_outline  # type: ignore[attr-defined]
    known = f"const outline = {_short_json(questions)};\n"
    texts = {
        "pfp-book.css": stylesheet(course),
        "pfp-disk.css": frontend.short(typeface.face_rules(display="swap")),
        "pfp-first.js": frontend.joined(Path(__file__).with_name("js") / "first.js"),
        "pfp-book.js": script(_PARTS, known),
        "pfp-search.js": script(_ON_SEARCH),
        "pfp-landing.js": script(_ON_LANDING),
        "pfp-finder.js": script(_ON_LISTS),
        "pfp-quiz.css": frontend.stylesheet(),
        "pfp-quiz.js": frontend.page_script(),
        "pfp-personal.js": frontend.personal_script(),
    }
    if modules := course.extras("EXPLORERS"):
        texts["pfp-explorers.css"] = explorers.stylesheet()
        texts["pfp-explorers.js"] = explorers.page_script(modules)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for file in typeface.files():
        copyfile(file, folder / file.name)
    icon = f"_static/{Path(app.config.html_favicon).name}" if app.config.html_favicon else ""
    (folder.parent / "manifest.webmanifest").write_text(_manifest(course, icon), encoding="utf-8")
    # At the root, because a worker serves the folder in which it lies.
    # Each version of a course keeps its own pages.
    text = Path(__file__).with_name("worker.js").read_text(encoding="utf-8")
    text = f'const CACHE = "{course.slug}-{course.version}";\n{text}'
    (folder.parent / "worker.js").write_text(text, encoding="utf-8")
    return []


def _name_files(app: Sphinx, pagename: str, context: Context, doctree: Doctree) -> None:
    roles = {page: role for role, page in course_of(app).pages.items()}
    context["pfp_styles"], context["pfp_scripts"] = [], []
    if _holds(doctree, "data-quiz"):
        personal = roles.get(pagename) in ("progress", "review")
        context["pfp_styles"] = ["pfp-quiz.css"]
        context["pfp_scripts"] = ["pfp-personal.js" if personal else "pfp-quiz.js"]
    # They come when a reader is near one; the page names them.
    context["pfp_explorers"] = _holds(doctree, "data-explorer")
    if roles.get(pagename) in ("glossary", "references", "data"):
        context["pfp_scripts"] = ["pfp-finder.js"]
    if pagename == app.config.root_doc:
        context["pfp_scripts"] = ["pfp-landing.js"]
    if pagename == "search":
        context["pfp_scripts"] = ["pfp-search-index.js", "pfp-search.js"]


def _manifest(course: Course, icon: str) -> str:
    """Return the web app manifest of a book in JSON; its addresses are relative to it."""
    light = course.palette("light")
    content = {
        "name": course.title,
        "short_name": course.short_title,
        "description": subtitle(course),
        "lang": course.languages[0],
        "start_url": "index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": light["paper"],
        "theme_color": light["accent"],
        "icons": [{"src": icon, "type": "image/svg+xml", "sizes": "any"}] if icon else [],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _read(app: Sphinx, document: nodes.document) -> None:
    # Metadata of a page is kept with what Sphinx knows of it: a page that has not changed is
    # neither read nor written again.
    url = app.builder.get_target_uri(app.env.docname)
    app.env.metadata[app.env.docname][_KEPT] = list(_entries(document, url))


def _entries(document: nodes.document, url: str) -> Iterator[dict[str, str]]:
    """Return what can be found in a page: titles, addresses and texts of its parts."""
    page = ""
    for part in document.findall(_is_part):
        name = _name(part)
        top = not page
        page = page or name
        yield {
            "url": url,
            "anchor": "" if top else _anchor(part),
            "page": page,
            "title": name,
            "text": " ".join(" ".join(_words(part)).split()),
        }


def _is_part(node: nodes.Node) -> bool:
    """Tell whether a node is found by itself: a section, a term of the glossary, a reference."""
    if isinstance(node, nodes.definition_list_item):
        return bool(node[0]["ids"])
    return isinstance(node, nodes.section) or _is_reference(node)


def _is_reference(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and "citation" in node["classes"]


def _anchor(part: nodes.Element) -> str:
    holder = part[0] if isinstance(part, nodes.definition_list_item) else part
    return str(holder["ids"][0])


def _name(part: nodes.Element) -> str:
    title = part.next_node(
        lambda node: isinstance(node, nodes.title | nodes.term) or _is_label(node)
    )
    return title.astext() if title else ""


def _is_label(node: nodes.Node) -> bool:
    return isinstance(node, nodes.inline) and _is_reference(node.parent) and node is node.parent[0]


def _words(node: nodes.Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, _UNREAD) or _is_part(child) or _is_label(child):
            continue
        if isinstance(child, nodes.term) and child["ids"]:
            continue
        if isinstance(child, nodes.Text):
            yield child.astext()
        else:
            yield ("" if isinstance(child, nodes.TextElement) else " ").join(_words(child))


def _replace_search(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _pages(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    pages = sorted(app.env.found_docs)
    text = _short_json([entry for name in pages for entry in app.env.metadata[name][_KEPT]])
    names = _short_json(names_of_states(course_of(app), text))
    found = f"window.pfpSearchIndex={text};\nwindow.pfpSearchNames={names};\n"
    (Path(app.outdir) / "_static" / "pfp-search-index.js").write_text(found, encoding="utf-8")
    yield "search", {"title": "Search"}, "search.html"


def _short_json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def names_of_states(course: Course, text: str) -> list[list[str]]:
    """Return for each state that a text names its names, so that a search in one finds the others.

    The first is as the course writes it. English names and their other forms come from the table
    of countries (without one there are no names), the others from Unicode's CLDR, in the languages
    of the glossary.
    """
    tables = package(course).tables
    if "countries" not in tables:
        return []
    columns = tables["glossary"].fields if "glossary" in tables else []
    languages = [Locale.parse(it.name).territories for it in columns if len(it.name) == 2]
    codes = {name: code for code, name in Locale.parse("en").territories.items()}
    found = []
    for row in tables["countries"].rows():
        others = row["other_names"].split(";") if row["other_names"] else []
        own = [row["name"], *(name.strip() for name in others)]
        if not any(one in text for one in own):
            continue
        code = next((codes[one] for one in own if one in codes), "")
        foreign = [territories[code] for territories in languages if code in territories]
        found.append(list(dict.fromkeys([*own, *foreign])))
    return found
