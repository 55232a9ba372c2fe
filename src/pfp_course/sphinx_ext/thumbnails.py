"""Small pictures of the chapters: the first figure of each, without its words."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from pfp_course.chapters import Chapter

__all__ = ["connect", "keep", "picture_of", "thumbnail"]

_KEPT = "pfp-thumbnail"
_FOLDER = "_static/thumbnails"
# Of a chapter without a figure.
_BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 75"/>\n'
_SVG = "http://www.w3.org/2000/svg"
_OPEN, _CLOSE = "<svg", "</svg>"
# Words of a figure cannot be read in a small picture, and weigh most.
_WORDS = {f"{{{_SVG}}}{name}" for name in ("text", "title", "desc", "metadata")}
_KEPT_OF_ROOT = ("viewBox", "stroke-linejoin", "stroke-linecap", "fill", "stroke")


def thumbnail(html: Iterable[str]) -> str:
    """Return the first figure of a notebook's outputs as a picture of its own, or an empty text."""
    for text in html:
        figure = text.find('<figure class="pfp-figure')
        begin = text.find(_OPEN, figure)
        end = text.find(_CLOSE, begin)
        if figure >= 0 and begin >= 0 and end >= 0:
            return _without_words(text[begin : end + len(_CLOSE)])
    return ""


def _without_words(svg: str) -> str:
    # Within a page the namespace need not be named.
    named = svg if "xmlns=" in svg else svg.replace(_OPEN, f'{_OPEN} xmlns="{_SVG}"', 1)
    try:
        root = ElementTree.fromstring(named)
    except ElementTree.ParseError:
        return ""
    root.attrib = {name: root.attrib[name] for name in _KEPT_OF_ROOT if name in root.attrib}
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in _WORDS]:
            parent.remove(child)
    ElementTree.register_namespace("", _SVG)
    return f"{ElementTree.tostring(root, encoding='unicode')}\n"


def keep(env: BuildEnvironment, name: str, notebook: Mapping[str, Any]) -> None:
    """Keep the picture of the notebook that is read with what Sphinx knows of its page."""
    outputs = (
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    )
    env.metadata[name][_KEPT] = thumbnail(outputs)


def picture_of(chapter: Chapter, env: BuildEnvironment) -> nodes.Node:
    """Return the picture of a chapter for the page that is read; it tells nothing by itself."""
    up = "../" * env.docname.count("/")
    html = (
        f'<img class="pfp-thumbnail" src="{up}{_FOLDER}/{chapter.number}.svg" alt="" '
        'width="120" height="75" loading="lazy">'
    )
    return nodes.raw("", html, format="html")


def connect(app: Sphinx) -> None:
    """Write the pictures when the pages are built."""
    app.connect("html-collect-pages", _write)


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    from pfp_course.sphinx_ext.chapter_pages import docname, held_chapters

    folder = Path(app.outdir) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for chapter in held_chapters(app):
        picture = app.env.metadata[docname(chapter)].get(_KEPT) or _BLANK
        (folder / f"{chapter.number}.svg").write_text(picture, encoding="utf-8")
    return []
