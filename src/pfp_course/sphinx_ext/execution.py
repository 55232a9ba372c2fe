"""The build of the book, whose notebooks run beside it, and decks of its chapters."""

import gc
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from pfp_course import palette, typeface
from pfp_course.chapters import Chapter, pace_report
from pfp_course.chapters.execution import Executor, available_workers
from pfp_course.course import Course, read_course
from pfp_course.errors import CourseError
from pfp_course.sphinx_ext.chapter_pages import THUMBNAIL
from pfp_course.sphinx_ext.settings import course_settings

__all__ = ["SLIDE", "connect", "deck", "main", "thumbnail"]

_LOGGER = logging.getLogger(__name__)


def connect(app: Sphinx) -> None:
    """Run what Sphinx is about to read, and give it the notebooks with their outputs.

    The setting ``pfp_workers`` says how many notebooks run at once; 0 is one a processor, and -1
    runs none: the pages are only looked through.
    """
    app.add_config_value("pfp_workers", 0, "", types=(int,))
    app.add_config_value("pfp_version", "", "env", types=(str,))
    app.connect("builder-inited", _prepare)


def _prepare(app: Sphinx) -> None:
    if app.config.pfp_workers < 0:
        return
    executor = Executor(
        Path(app.srcdir),
        Path(app.doctreedir).parent / ".notebooks",
        workers=app.config.pfp_workers or available_workers(),
        timeout=app.config.nb_execution_timeout,
        static=True,
    )

    def begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        paths = [Path(env.doc2path(name)) for name in docnames]
        executor.submit(path for path in paths if path.suffix == ".ipynb")

    def fill(app: Sphinx, docname: str, source: list[str]) -> None:
        path = Path(app.env.doc2path(docname))
        if path.suffix != ".ipynb":
            return
        outputs = executor.outputs(path)
        state = "unchanged" if outputs.cached else f"{outputs.seconds:.1f} s"
        _LOGGER.info("Executing notebook %s: %s", path.name, state)
        if outputs.error:
            _LOGGER.warning(outputs.error, type="pfp", subtype="notebook")
        notebook: dict[str, Any] = json.loads(source[0])
        outputs.put_into(notebook)
        for cell in notebook["cells"]:
            if _asks_on_page(cell):
                cell["metadata"].setdefault("tags", []).append("remove-input")
        _keep_thumbnail(app.env, docname, notebook)
        source[0] = json.dumps(notebook)

    app.connect("env-before-read-docs", begin)
    app.connect("source-read", fill)
    app.connect("build-finished", lambda _app, _error: executor.close())


def _asks_on_page(cell: dict[str, Any]) -> bool:
    """Tell whether a cell checks an answer that a reader gives in a form on the page instead."""
    source = "".join(cell["source"])
    if cell["cell_type"] != "code" or not re.search(r"^check\(", source, re.MULTILINE):
        return False
    return any(
        "data-quiz=" in "".join(output.get("data", {}).get("text/html", ""))
        for output in cell["outputs"]
    )


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


def _keep_thumbnail(env: BuildEnvironment, name: str, notebook: Mapping[str, Any]) -> None:
    """Keep the picture of the notebook that is read with what Sphinx knows of its page."""
    outputs = (
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    )
    env.metadata[name][THUMBNAIL] = thumbnail(outputs)


def main() -> None:
    """Build the pages of a book with Jupyter Book: what ``pfp build`` runs in a process of its own.

    The argument is a JSON list: the project; the folder for the pages; settings of Sphinx; whether
    to look the pages through and write none; and with what a line begins that is for the author.
    Jupyter Book's command has no option for these, so its function is called. Exits with 1 if there
    was a warning or an error, which has been shown.
    """
    # Nearly all that a build makes, it keeps: looking for what could go took a seventh of its time.
    gc.set_threshold(100_000, 50, 100)
    from jupyter_book.sphinx import build_sphinx

    *paths, settings, check, note = json.loads(sys.argv[1])
    root, pages = map(Path, paths)
    course = read_course(root)
    result = build_sphinx(
        root,
        pages,
        noconfig=True,
        path_config=root / "_config.yml",
        doctreedir=pages.with_name(".doctrees"),
        confoverrides={
            **course_settings(course),
            "latex_individualpages": False,
            "nitpicky": True,
            **settings,
        },
        builder="dummy" if check else "html",
        warningiserror=True,
        keep_going=True,
    )
    if isinstance(result, SphinxError | CourseError):
        # Sphinx spreads it over several lines, after its own title.
        print(f"ERROR: {' '.join(str(result).split())}", file=sys.stderr)  # noqa: T201
    if not result and not check:
        for line in pace_report(course):
            print(f"{note}{line}")  # noqa: T201
    sys.exit(1 if result else 0)


# The tag of the cells that are shown on a slide.
SLIDE = "slide"
_PARTS = Path(__file__).with_name("decks")
_RULES = """
body { background: var(--pfp-paper); }
html { --pfp-sans: "Course Sans", system-ui, sans-serif; }
.reveal { font: 26px/1.4 var(--pfp-sans); color: var(--pfp-ink); }
.reveal .slides { text-align: start; }
.reveal h1 { font: 600 2.2em/1.15 var(--pfp-sans); margin: 0 0 .6em; }
.reveal h2 { font: 600 1.5em/1.2 var(--pfp-sans); margin: 0 0 .6em; }
.reveal a { color: var(--pfp-accent); }
.reveal li { margin-bottom: .5em; }
.reveal dl, .reveal .anchor-link { display: none; }
.reveal figure { margin: 0; }
.reveal .pfp-figure-narrow, .reveal canvas { display: none; }
.reveal .pfp-figure-title { font-weight: 600; margin: 0; }
.reveal .pfp-figure-line { font-size: .75em; color: var(--pfp-ink-soft); margin: 0 0 .3em; }
.reveal figure svg { display: block; height: 29rem; max-height: 500px; width: auto;
  max-width: 100%; margin: 0 auto; }
.reveal figcaption { font-size: .6em; color: var(--pfp-ink-soft); margin-top: .5em; }
.reveal details { display: none; }
.reveal .pfp-objective { font-weight: 600; color: var(--pfp-ink-soft); }
.reveal .slide-number { background: none; color: var(--pfp-ink-soft); font-size: 14px; }
"""


def deck(chapter: Chapter, course: Course) -> str:
    """Return the slides of a chapter as one page that makes no request.

    The notebook is run from top to bottom; then the cells with the tag ``slide`` are kept, each
    on a slide of its own, without their code. The sentences of the summary become a list.

    Raises
    ------
    CourseError
        If a cell of the notebook fails.
    """
    import nbformat
    from nbconvert.exporters import SlidesExporter

    notebook = nbformat.read(chapter.notebook, as_version=4)
    with tempfile.TemporaryDirectory(prefix="pfp-slides-") as memory:
        executor = Executor(course.root, Path(memory), workers=1, timeout=120, static=True)
        outputs = executor.outputs(chapter.notebook)
        executor.close()
    if outputs.error:
        raise CourseError(outputs.error)
    outputs.put_into(notebook)
    notebook = nbformat.from_dict(notebook)
    shown = deepcopy(notebook)
    shown.cells = [
        _slide(cell) for cell in notebook.cells if SLIDE in cell.metadata.get("tags", [])
    ]
    exporter = SlidesExporter(
        template_name="pfp-deck",
        extra_template_basedirs=[str(_PARTS)],
        exclude_input=True,
        exclude_output_prompt=True,
    )
    colours = palette.page_rules(course.palette("light"), course.palette("dark"))
    sheet = (_PARTS / "reveal.css").read_text(encoding="utf-8")
    parts = {
        "title": chapter.heading,
        "style": sheet + typeface.inline_rules() + colours + _RULES,
        "script": (_PARTS / "reveal.js").read_text(encoding="utf-8"),
    }
    page, _ = exporter.from_notebook_node(shown, resources={"deck": parts})
    return str(page)


def _slide(cell: Any) -> Any:
    cell = deepcopy(cell)
    cell.metadata["slideshow"] = {"slide_type": "slide"}
    if cell.source.startswith("# "):
        # The scene of the opening is for readers; a speaker tells it.
        title, *rest = cell.source.strip().split("\n\n")
        cell.source = "\n\n".join([title, *rest[-1:]])
    if cell.source.startswith("## Summary"):
        text = cell.source.removeprefix("## Summary").strip()
        points = re.split(r"(?<=[.!?])\s+", text)
        cell.source = "## Key points\n\n" + "\n".join(f"- {point}" for point in points)
    return cell
