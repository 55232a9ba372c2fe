"""Edits of a page of HTML: elements are found by a parser, and all else stays to the byte."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

__all__ = ["Element", "Markup"]

# Elements that have no end.
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source")
) | {"track", "wbr"}


@dataclass
class Element:
    """An element of a page: its name in small letters, its attributes as a browser reads them.

    The positions in the text are of its start tag, behind it, of its end tag, and behind that. A
    void element ends with its start tag.
    """

    name: str
    attributes: Mapping[str, str]
    start: int
    inside: int
    close: int = -1
    end: int = -1

    @property
    def classes(self) -> list[str]:
        """The names of its classes."""
        return self.attributes.get("class", "").split()

    def tag(self, **changed: str) -> str:
        """Return its start tag with changed attributes."""
        given = {**self.attributes, **changed}.items()
        return f"<{self.name}{''.join(f' {name}={_quoted(value)}' for name, value in given)}>"


def _quoted(value: str) -> str:
    """Return a value of an attribute between quotes."""
    return f'"{escape(value)}"'


@dataclass
class Markup:
    """A page of HTML, all its elements in the order of their start tags, and the edits to be made.

    An edit is the start, the end and the replacement of a part of the text; no two overlap but
    where one is within another, which then wins.
    """

    text: str
    elements: list[Element] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.elements = _Reader(self.text).elements

    def find(self, wanted: Callable[[Element], bool]) -> Element | None:
        """Return the first element that is wanted."""
        return next(filter(wanted, self.elements), None)

    def within(self, outer: Element) -> Iterator[Element]:
        """Yield the elements inside another one."""
        return (one for one in self.elements if outer.start < one.start < outer.end)

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of a part of the page."""
        self.edits.append((start, end, text))

    def drop(self, element: Element) -> None:
        """Take an element out, with all that is in it."""
        self.replace(element.start, element.end, "")

    def unwrap(self, element: Element) -> None:
        """Take the tags of an element away, and leave what is in it."""
        self.replace(element.start, element.inside, "")
        self.replace(element.close, element.end, "")

    def part(self, element: Element) -> str:
        """Return an element as text, with the edits in it made."""
        here, parts = element.start, []
        for start, end, text in sorted(self.edits, key=_order):
            if start < here or end > element.end:
                continue
            parts += [self.text[here:start], text]
            here = end
        return "".join([*parts, self.text[here : element.end]])


def _order(edit: tuple[int, int, str]) -> tuple[int, bool, int]:
    # Of those that begin together, what is put in comes first, then the longest: the others are
    # within it.
    start, end, _ = edit
    return start, end > start, -end


class _Reader(HTMLParser):
    """Finds the elements of a text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self._lines = [0]
        for line in text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._text = text
        self.feed(text)
        self.close()

    def _position(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._position()
        inside = start + len(self.get_starttag_text() or "")
        element = Element(tag, {name: value or "" for name, value in attrs}, start, inside)
        self.elements.append(element)
        if tag in _VOID:
            element.close = element.end = inside
        else:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            element = self._open.pop()
            element.close = element.end = element.inside

    def handle_endtag(self, tag: str) -> None:
        close = self._position()
        end = self._text.index(">", close) + 1
        # What was left open, such as a paragraph, ends where its parent does.
        while any(element.name == tag for element in self._open):
            element = self._open.pop()
            element.close, element.end = (close, end) if element.name == tag else (close, close)
            if element.name == tag:
                return
