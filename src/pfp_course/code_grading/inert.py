"""What students wrote, made inert before a teacher's tools show it.

nbgrader's formgrader shows notebooks on the same address as the teacher's Jupyter: a script in one
of them could open a terminal there. So no tag, no script and no unusual link of a student is left
in the folder ``autograded``. What was handed in stays as it is in ``submitted``.
"""

import base64
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import nbformat
import nh3
from nbgrader.preprocessors import NbGraderPreprocessor

from pfp_course.code_grading.markup import (
    JOINER,
    LINK_SCHEMES,
    active_parts,
    is_harmless_image,
    is_harmless_link,
    is_simple,
    safe_markdown,
    tame_math,
)
from pfp_course.code_grading.release import grade_id

__all__ = ["MakeInert", "fenced", "file_name", "made_inert", "make_inert"]

_IMAGES = ("image/png", "image/jpeg", "image/gif")
_LONGEST_HTML = 400_000  # characters of an output; a table of 5,000 rows has about as many
_MOST_TEXT = 300_000  # characters of Markdown of a notebook that are rendered to be checked
_TOLD = 3
_TEXTS = ("text/plain", "text/html", "text/latex", "text/markdown")
# Files that a browser shows or saves, and never runs, when a server hands them over by this name.
_HARMLESS_FILES_WORDS = (
    "bmp csv db geojson gif gz jpeg jpg json md npy npz parquet pickle pkl png py r rst "
    "sqlite tex tsv txt webp xls xlsx yaml yml zip"
)
_HARMLESS_FILES = frozenset(_HARMLESS_FILES_WORDS.split())
_CELLS_WORDS = (
    "a abbr b blockquote br caption code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 "
    "hr i img ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td "
    "tfoot th thead tr u ul var"
)
_CELLS = frozenset(_CELLS_WORDS.split())
_ATTRIBUTES = {
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}


def make_inert(notebook: Any, own: Collection[int] = ()) -> list[str]:
    """Take from a notebook all that could act when it is shown, and return what that was.

    The notebook is changed in place. Of its metadata only what names the language is kept; of its
    cells' metadata only nbgrader's. Cells at the places in ``own``, whose Markdown is the
    assignment's, are left as they are. A line is returned for each thing with a script or the
    like; plain tags, which are shown as text, are not counted.
    """
    inert = _Inert(
        str(grade_id(cell))
        for cell in notebook.cells
        if isinstance(cell.metadata.get("nbgrader"), dict)
    )
    for place, cell in enumerate(notebook.cells):
        where = str(grade_id(cell) or f"cell {place + 1}")
        if cell.cell_type == "code":
            shown = [inert.output(output, where) for output in cell.outputs]
            cell.outputs = [output for output in shown if output is not None]
        elif place in own:
            _keep_pictures(cell)
        else:
            inert.text_cell(cell, where)
        cell.metadata = _kept(cell.metadata, ("nbgrader",))
    notebook.metadata = _kept(notebook.metadata, ("kernelspec", "language_info"))
    _plain(notebook.metadata)
    return inert.found


def made_inert(found: list[str], student: str, assignment: str) -> list[str]:
    """Return one line for a teacher on what was found by `make_inert`, or none."""
    if not found:
        return []
    more = f", and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return [
        f"made inert before it is shown: {', '.join(found[:_TOLD])}{more}. The file as it was "
        f"handed in is in submitted/{student}/{assignment}"
    ]


def file_name(name: str) -> str:
    """Return the name under which a student's file may lie where a server shows it."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    return name if ending in _HARMLESS_FILES else f"{name}.txt"


def _keep_pictures(cell: Any) -> None:
    """Leave to a cell of the assignment the pictures in it, which the student may have changed."""
    held = {name: _images(bundle) for name, bundle in dict(cell.pop("attachments", {})).items()}
    if any(held.values()):
        cell.attachments = nbformat.from_dict({name: kept for name, kept in held.items() if kept})


def _kept(metadata: Mapping[str, Any], names: Iterable[str]) -> Any:
    return nbformat.from_dict({name: metadata[name] for name in names if name in metadata})


def _plain(metadata: Any) -> None:
    for name in ("kernelspec", "language_info"):
        held = metadata.get(name)
        if isinstance(held, dict):
            words = {key: text for key, text in held.items() if isinstance(text, str)}
            # A notebook without the name of its kernel is none, so nothing is left out.
            metadata[name] = nbformat.from_dict(
                {key: re.sub(r"[^\w .+()-]", " ", text)[:60] for key, text in words.items()}
            )


def fenced(text: str) -> str:
    """Return a text as a block of code in Markdown."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _images(bundle: Any) -> dict[str, str]:
    if not isinstance(bundle, dict):
        return {}
    return {
        kind: data
        for kind in _IMAGES
        if isinstance(data := _joined(bundle.get(kind)), str)
        and is_harmless_image(f"data:{kind};base64,{data}")
    }


def _joined(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "".join(value)
    return value.strip() if isinstance(value, str) else value


def _sizes(output: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    held = output.get("metadata", {})
    sizes = {}
    for kind in _IMAGES:
        asked = held.get(kind) if isinstance(held, dict) and kind in data else None
        if isinstance(asked, dict):
            sizes[kind] = {
                name: asked[name]
                for name in ("width", "height")
                if isinstance(asked.get(name), int)
            }
    return {kind: size for kind, size in sizes.items() if size}


def _safe_html(text: str) -> str | None:
    text = _as_pictures(text) if len(text) <= _LONGEST_HTML else ""
    if not text or not is_simple(text):
        return None  # to read it may take minutes; the plain text beside it is kept
    return tame_math(
        nh3.clean(
            text,
            tags=set(_CELLS),
            attributes={tag: set(kept) for tag, kept in _ATTRIBUTES.items()},
            attribute_filter=_attribute,
            url_schemes={*LINK_SCHEMES, "data"},
            clean_content_tags={"script", "style"},
            strip_comments=True,
        )
    )


def _as_pictures(text: str) -> str:
    """Return HTML whose drawings (SVG) are pictures, in which nothing runs."""
    parts, rest = [], text
    while (start := rest.find("<svg")) >= 0 and (end := rest.find("</svg>", start)) >= 0:
        drawing = rest[start : end + 6].replace("&nbsp;", "&#160;")
        if "xmlns=" not in drawing.partition(">")[0]:
            drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        code = base64.b64encode(drawing.encode()).decode()
        width = "" if " width=" in drawing.partition(">")[0] else ' width="640"'
        parts += [
            rest[:start],
            f'<img alt="drawing"{width} src="data:image/svg+xml;base64,{code}">',
        ]
        rest = rest[end + 6 :]
    return "".join([*parts, rest])


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if is_harmless_image(value) else None
    if name == "href":
        return value if is_harmless_link(value) else None
    return value


class _Inert:
    """Makes the parts of one notebook inert; ``found`` says what could have acted."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names, self.found = set(names), list[str]()
        self.left = _MOST_TEXT  # characters that may still be rendered

    def text_cell(self, cell: Any, where: str) -> None:
        self.found += [f"{part} in {where}" for part in active_parts(cell.source)]
        if cell.cell_type == "raw":
            # A raw cell is not shown at all, and may hold an answer.
            cell.cell_type = "markdown"
            cell.source = fenced(cell.source)
        attachments = {}
        for name, bundle in dict(cell.pop("attachments", None) or {}).items():
            kept = _images(bundle)
            if kept:
                attachments[name] = kept
            elif bundle:
                self.found.append(f"an attachment that is no picture in {where}")
        cell.source = self._markdown(cell.source, attachments)
        if attachments:
            cell.attachments = nbformat.from_dict(attachments)

    def output(self, output: Any, where: str) -> Any:
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return nbformat.v4.new_output("stream", name=name, text=str(output.get("text", "")))
        if kind == "error":
            return nbformat.v4.new_output(
                "error",
                ename=str(output.get("ename", "")),
                evalue=str(output.get("evalue", "")),
                traceback=[str(line) for line in output.get("traceback", [])],
            )
        if kind not in ("display_data", "execute_result"):
            return None
        data = self._bundle(output.get("data", {}), where)
        new = nbformat.v4.new_output(kind, data=data, metadata=_sizes(output, data))
        if kind == "execute_result":
            count = output.get("execution_count")
            new["execution_count"] = count if isinstance(count, int) else None
        return new

    def _bundle(self, held: Any, where: str) -> dict[str, str]:
        data: dict[str, str] = dict(_images(held))
        held = held if isinstance(held, dict) else {}
        for kind, value in held.items():
            text = _joined(value)
            if kind in data:
                continue
            if kind == "application/javascript":
                self.found.append(f"a script in the output of {where}")
            elif kind == "image/svg+xml" and isinstance(text, str):
                self._tell_active(text, where)
                data["text/html"] = _safe_html(text) or "[a drawing, too long to show]"
            elif isinstance(text, str) and kind in _TEXTS:
                if kind != "text/plain":
                    self._tell_active(text, where)
                shown = self._shown(kind, text)
                if shown is not None:
                    data[kind] = shown
        if not data and held:
            data["text/plain"] = f"[{', '.join(sorted(map(str, held)))[:200]}: not shown]"
        return data

    def _tell_active(self, text: str, where: str) -> None:
        self.found += [f"{part} in the output of {where}" for part in active_parts(text)]

    def _shown(self, kind: str, text: str) -> str | None:
        if kind == "text/html":
            return _safe_html(text)
        if kind == "text/latex":
            return tame_math(text.replace("<", f"<{JOINER}"))
        return self._markdown(text, {}) if kind == "text/markdown" else text

    def _markdown(self, text: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
        self.left -= len(text)
        return safe_markdown(text, attachments, self.names, brief=self.left > 0)


class MakeInert(NbGraderPreprocessor):  # type: ignore[misc]
    """The same as a step of nbgrader, for its own command ``autograde``."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Make the notebook inert, and log what was found."""
        for line in make_inert(nb):
            self.log.warning("made inert: %s", line)
        return nb, resources
