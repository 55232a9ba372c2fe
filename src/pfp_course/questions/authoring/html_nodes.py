"""Read HTML as it stands in banks of other tools: often a part of a page, often not well formed.

A sign < that begins no tag of HTML is a sign: ``a<b and c>d`` is a comparison.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from pfp_course.errors import CourseError

__all__ = ["Node", "nodes_of"]


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_BARE = _words(
    "allowfullscreen async autoplay checked controls defer disabled hidden loop muted nowrap open "
    "readonly required reversed selected"
)
_ATTRIBUTE = r"""\s+[a-zA-Z_:@][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))"""
_TAG = re.compile(
    rf"<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    rf"(?P<attributes>(?:{_ATTRIBUTE}|\s+(?:{'|'.join(sorted(_BARE))}))*)\s*/?>",
    re.DOTALL,
)
_VALUE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_EMPHASIS = _words("b strong em i u mark cite dfn var ins")
_CODE = _words("code tt kbd samp")
_BREAKS = _words(
    "p div br hr h1 h2 h3 h4 h5 h6 ul ol dl dt dd table tr caption blockquote section article "
    "header footer center figure figcaption address main aside details summary"
)
_CELLS = _words("td th")
_THROUGH = _words(
    "span font s del strike small big q abbr acronym label nobr wbr thead tbody tfoot colgroup col "
    "a html body head title meta link time data bdi bdo ruby rt rp"
)
_LOST = {
    **dict.fromkeys(("audio", "video", "source", "track"), "a recording"),
    **dict.fromkeys(("iframe", "object", "embed", "canvas", "svg", "applet"), "embedded content"),
    **dict.fromkeys(("input", "button", "select", "textarea", "form", "option"), "a form"),
    **dict.fromkeys(("script", "style", "noscript", "template"), "a script or a style sheet"),
}
_SPANS = {
    **dict.fromkeys(_EMPHASIS, "emphasis"),
    **dict.fromkeys(_CODE, "code"),
    "pre": "block",
    "sub": "sub",
    "sup": "sup",
}
# What stands between the tags of these is no text.
_SILENT = _words("script style noscript template svg iframe object head")
_KNOWN = _SPANS.keys() | _BREAKS | _CELLS | _THROUGH | _LOST.keys() | _words("li img math")


@dataclass
class Node:
    """A part of a text: text, emphasis, code, a block, an image, sub or sup."""

    kind: str
    text: str = ""
    alt: str = ""
    children: list["Node"] = field(default_factory=list)


_SPACES = re.compile(r"[ \n]*\n[ \n]*| {2,}")


def _one_space(found: re.Match[str]) -> str:
    return "\n" if "\n" in found[0] else " "


class _Reader:
    def __init__(self, lose: Callable[[str], None], *, lines: bool) -> None:
        self.lose = lose
        self.lines = lines
        self.found: list[Node] = []
        # Where emphasis, code and the like began: their kind, and what stood before them.
        self.open: list[tuple[str, list[Node]]] = []
        self.lists: list[int] = []
        self.silent = ""
        self.link = ""
        self.cells = 0

    def text(self, text: str) -> None:
        if self.silent:
            return
        plain = unescape(text).replace("\u00a0", " ").replace("\u200b", "")
        if not self._is_in("block"):
            breaking = "\n" if self.lines else " "
            plain = re.sub(r"[ \t\r\f]+", " ", plain)
            plain = _SPACES.sub(_one_space, plain).replace("\n", breaking)
        if plain:
            self._add(plain)

    def _is_in(self, kind: str) -> bool:
        return any(opened == kind for opened, _ in self.open)

    def _add(self, text: str) -> None:
        last = self.found[-1] if self.found else None
        if last is not None and last.kind == "text":
            # Outside of a program, spaces are one space.
            joined = last.text + text
            last.text = joined if self._is_in("block") else _SPACES.sub(_one_space, joined)
        elif last is None or last.kind != "block":
            self.found.append(Node("text", text))
        elif text.strip():
            self.found.append(Node("text", text.lstrip()))

    def line(self) -> None:
        last = self.found[-1] if self.found else None
        if last is None and not self.open:
            return
        if last is None or last.kind not in ("text", "block"):
            self.found.append(Node("text", "\n"))
        elif last.kind == "text" and not last.text.endswith("\n"):
            last.text = last.text.rstrip(" ") + "\n"

    def tag(self, name: str, attributes: dict[str, str], *, end: bool) -> None:
        if self.silent:
            self.silent = "" if end and name == self.silent else self.silent
            return
        if name in _LOST:
            self.lose(f"{_LOST[name]} (<{name}>)")
            self.silent = name if name in _SILENT and not end else ""
        elif name == "math":
            raise CourseError(
                "it holds a formula in MathML. Write it as LaTeX between \\( and \\)."
            )
        elif name == "img":
            self.found.append(Node("image", attributes.get("src", ""), attributes.get("alt", "")))
        elif name in _SPANS:
            self._span(name, end=end)
        elif name == "a":
            self._anchor(attributes.get("href", ""), end=end)
        else:
            self._layout(name, end=end)
        if {"style", "color", "bgcolor", "face"} & set(attributes):
            self.lose("colours and styles")

    def _span(self, name: str, *, end: bool) -> None:
        kind = _SPANS[name]
        if kind == "code" and self._is_in("block"):
            return  # <pre><code> is one program
        if not end:
            if kind == "emphasis" and self._is_in(kind):
                return
            if name in ("b", "strong", "u", "mark", "ins"):
                self.lose("bold and underlined text, which is shown as emphasis")
            self.open.append((kind, self.found))
            self.found = []
        elif self._is_in(kind):
            while self._close() != kind:
                pass

    def _close(self) -> str:
        kind, before = self.open.pop()
        inner, self.found = self.found, before
        text = "".join(part.text for part in inner)
        if kind == "emphasis":
            self._emphasise(inner)
        elif kind == "block":
            self.line()
            self.found.append(Node("block", text.removeprefix("\n").rstrip("\n ").expandtabs(4)))
        elif text.strip():
            self.found.append(Node(kind, text.strip() if kind in ("sub", "sup") else text))
        return kind

    def _emphasise(self, inner: list[Node]) -> None:
        if not any(part.text.strip() or part.kind != "text" for part in inner):
            for part in inner:
                self._add(part.text)
            return
        lead = tail = ""
        first, last = inner[0], inner[-1]
        if first.kind == "text":
            bare = first.text.lstrip()
            lead, first.text = first.text[: len(first.text) - len(bare)], bare
        if last.kind == "text":
            bare = last.text.rstrip()
            tail, last.text = last.text[len(bare) :], bare
        if lead:
            self._add(lead)
        self.found.append(Node("emphasis", children=inner))
        if tail:
            self._add(tail)

    def _anchor(self, target: str, *, end: bool) -> None:
        if not end:
            self.link = target if re.match(r"https?:", target) else ""
        elif self.link:
            words = self.found[-1].text if self.found and self.found[-1].kind == "text" else ""
            if not words.rstrip().endswith(self.link):
                self._add(f" ({self.link})")
            self.link = ""

    def _layout(self, name: str, *, end: bool) -> None:
        if name in ("ul", "ol"):
            self.lists = self.lists[:-1] if end else [*self.lists, int(name == "ol")]
        elif name in ("table", "tr", *_CELLS):
            self._table(name, end=end)
        if name in _BREAKS or name == "li":
            self.line()
        if name == "br" and self._is_in("block"):
            self._add("\n")
        if name == "li" and not end:
            self._add(self._sign())

    def _table(self, name: str, *, end: bool) -> None:
        if name == "table" and not end:
            self.lose("a table, which is shown line by line")
        elif name == "tr":
            self.cells = 0
        elif name in _CELLS and not end:
            self.cells += 1
            if self.cells > 1:
                self._add(" | ")

    def _sign(self) -> str:
        if not self.lists or not self.lists[-1]:
            return "\N{BULLET} "
        self.lists[-1] += 1
        return f"{self.lists[-1] - 1}. "


def nodes_of(html: str, lose: Callable[[str], None], *, lines: bool = False) -> list[Node]:
    """Return the parts of a text in HTML.

    Parameters
    ----------
    html : str
        The text; a sign < that begins no known tag is taken as it is.
    lose : callable
        It is told of each thing that the parts do not hold.
    lines : bool
        Whether a new line breaks the line, as in Moodle's own form.

    Raises
    ------
    CourseError
        If the text holds something without which it would mean another thing.
    """
    reader = _Reader(lose, lines=lines)
    end = 0
    for found in _TAG.finditer(html):
        name = (found["name"] or "").lower()
        if name and name not in _KNOWN:
            continue
        reader.text(html[end : found.start()])
        end = found.end()
        if name:
            values = {
                key.lower(): unescape(double or single or bare)
                for key, double, single, bare in _VALUE.findall(found["attributes"])
            }
            reader.tag(name, values, end=bool(found["end"]))
    reader.text(html[end:])
    while reader.open:
        reader._close()
    if reader.found and reader.found[-1].kind == "text":
        reader.found[-1].text = reader.found[-1].text.rstrip()
    return [node for node in reader.found if node.kind != "text" or node.text]
