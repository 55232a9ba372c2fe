r"""Texts of a bank: their marks, read once for HTML, plain text and a front end; their values.

A text may hold ``code``, *emphasis*, a block of code between two lines of three backticks, a
formula between ``\(`` and ``\)`` (inline) or ``\[`` and ``\]`` (on a line of its own), and a
picture, ``![what it shows](file.png)``. A backslash before ``\``, `````, ``*``, ``!`` or ``[``
takes the sign as it is, and a new line breaks the line. `frontend/markup.js` has the same rules.
Values stand in ``{places}``.
"""

import math
import re
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any, Literal, TypeAlias
from xml.etree import ElementTree

from pfp_course.errors import CourseError

__all__ = [
    "FormulaError",
    "Shown",
    "TextError",
    "Token",
    "as_html",
    "as_mathml",
    "as_plain",
    "fill",
    "formulas_in",
    "literal",
    "map_pictures",
    "spoken",
    "tokens",
    "tree",
]

Kind: TypeAlias = Literal["text", "code", "block", "emphasis", "formula", "display", "image", "br"]

_ESCAPABLE = "\\`*!["
_FORMULAS: dict[str, tuple[str, Kind]] = {"(": ("\\)", "formula"), "[": ("\\]", "display")}
_FENCE = re.compile(r"```[A-Za-z0-9_+#.-]*[ \t]*\n(?P<code>.*?)\n?```[ \t]*(?=\n|$)", re.DOTALL)
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]\n]+)\]\((?P<target>[^()\s]+)\)")
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")


@dataclass(frozen=True)
class Token:
    """A part of a text: its kind, its content, where it stands, and a picture's words."""

    kind: Kind
    content: str
    start: int
    end: int
    alt: str = ""


def tokens(text: str) -> list[Token]:
    """Return the parts of a text in their order."""
    parts: list[Token] = []
    place = 0
    while place < len(text):
        sign = text[place]
        reader = _READERS.get(sign)
        part = (reader(text, place) if reader else None) or Token("text", sign, place, place + 1)
        place = part.end
        if part.kind == "text" and parts and parts[-1].kind == "text":
            before = parts.pop()
            part = Token("text", before.content + part.content, before.start, part.end)
        parts.append(part)

    def is_block(place: int) -> bool:
        return 0 <= place < len(parts) and parts[place].kind in ("block", "display")

    # A block stands on lines of its own, so the line breaks around it would be empty lines.
    return [
        part
        for place, part in enumerate(parts)
        if part.kind != "br" or not (is_block(place - 1) or is_block(place + 1))
    ]


def _backslash(text: str, place: int) -> Token | None:
    following = text[place + 1 : place + 2]
    if following in _FORMULAS:
        closing, kind = _FORMULAS[following]
        end = text.find(closing, place + 2)
        if end > 0 and (latex := text[place + 2 : end].strip()):
            return Token(kind, latex, place, end + 2)
    if following and following in _ESCAPABLE:
        return Token("text", following, place, place + 2)
    return None


def _backtick(text: str, place: int) -> Token | None:
    if (place == 0 or text[place - 1] == "\n") and (fence := _FENCE.match(text, place)):
        return Token("block", fence["code"], place, fence.end())
    size = len(text) - place - len(text[place:].lstrip("`"))
    end = place + size
    while size <= 2 and (end := text.find("`" * size, end)) >= 0:
        run = len(text) - end - len(text[end:].lstrip("`"))
        if run == size:
            code = text[place + size : end]
            if size == 2 and len(code) > 2 and code[0] == code[-1] == " ":
                code = code[1:-1]
            return Token("code", code, place, end + size)
        end += run
    return Token("text", "`" * size, place, place + size)


def _star(text: str, place: int) -> Token | None:
    # Between letters or digits a star is a sign: 2*3*4.
    if place and text[place - 1].isalnum():
        return None
    end = place + 1
    while end < len(text) and text[end] != "*":
        end += 2 if text[end] == "\\" else 1
    inner = text[place + 1 : end]
    closed = end < len(text) and not text[end + 1 : end + 2].isalnum()
    if not closed or not inner or inner[0].isspace() or inner[-1].isspace():
        return None
    return Token("emphasis", inner, place, end + 1)


def _exclamation(text: str, place: int) -> Token | None:
    image = _IMAGE.match(text, place)
    return image and Token("image", image["target"], place, image.end(), image["alt"])


_READERS: dict[str, Callable[[str, int], Token | None]] = {
    "\\": _backslash,
    "`": _backtick,
    "*": _star,
    "!": _exclamation,
    "\n": lambda text, place: Token("br", "\n", place, place + 1),
}


def as_html(text: str) -> str:
    """Return a text as HTML; everything is escaped but its marks.

    No line of it is blank, and none is broken within: raw HTML in Markdown ends there.
    """
    return "".join(_html(part) for part in tokens(text))


def _html(part: Token) -> str:
    match part.kind:
        case "code":
            return f"<code>{_unbroken(part.content)}</code>"
        case "block":
            return f'<code class="pfp-q-code">{_unbroken(part.content)}</code>'
        case "emphasis":
            return f"<em>{as_html(part.content)}</em>"
        case "formula" | "display":
            try:
                return as_mathml(part.content, display=part.kind == "display")
            except FormulaError:
                return f"<code>{_unbroken(part.content)}</code>"
        case "image":
            if not _EMBEDDED.fullmatch(part.content):
                return escape(f"[{part.alt}]")
            alt = escape(part.alt)
            return f'<img class="pfp-q-picture" src="{part.content}" alt="{alt}"/>'
        case "br":
            return "<br/>"
    return escape(part.content)


def _unbroken(code: str) -> str:
    return escape(code).replace("\n", "&#10;")


def as_plain(text: str) -> str:
    """Return a text without its marks: a formula as LaTeX, a picture as its words."""
    parts = tokens(text)
    shown = []
    for place, part in enumerate(parts):
        if part.kind == "block":
            # Its lines are lines of their own.
            before, after = "\n" * (place > 0), "\n" * (place < len(parts) - 1)
            shown.append(f"{before}{part.content}{after}")
        else:
            inner = part.kind == "emphasis"
            shown.append(as_plain(part.content) if inner else part.alt or part.content)
    return "".join(shown)


def literal(text: str) -> str:
    """Return a text whose marks stand for themselves, so that it is shown as it is."""
    parts = tokens(text)
    if all(part.kind in ("text", "br") for part in parts) and as_plain(text) == text:
        return text
    return re.sub(r"[\\`*]|!(?=\[)", r"\\\g<0>", text)


def formulas_in(text: str) -> Iterator[Token]:
    """Yield the formulas of a text, with the places where they stand in it."""
    for part in tokens(text):
        if part.kind in ("formula", "display"):
            yield part
        elif part.kind == "emphasis":
            for inner in formulas_in(part.content):
                offset = part.start + 1
                yield Token(inner.kind, inner.content, inner.start + offset, inner.end + offset)


def map_pictures(text: str, change: Callable[[str, str], str]) -> str:
    """Return a text in which each picture has the target that `change` makes of target and alt."""
    parts, end = [], 0
    for part in tokens(text):
        if part.kind == "image":
            parts += [text[end : part.start], f"![{part.alt}]({change(part.content, part.alt)})"]
            end = part.end
    return "".join([*parts, text[end:]])


_LONGEST = 600
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = (
    "math mrow mi mn mo mtext mspace ms msup msub msubsup mfrac msqrt mroot munder mover "
    "munderover mtable mtr mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts"
)
_ATTRIBUTES = (
    "displaystyle scriptlevel mathvariant stretchy fence separator form accent accentunder "
    "linethickness columnalign rowspacing columnspacing columnlines rowlines width height depth "
    "voffset lspace rspace minsize maxsize symmetric largeop movablelimits notation"
)
_UNKNOWN = re.compile(r"\\[A-Za-z]+")


class FormulaError(CourseError):
    """A formula that is not understood."""


@lru_cache(maxsize=2000)
def tree(latex: str) -> list[Any]:
    """Return a formula as MathML for JSON: name, attributes, children (texts and elements).

    Raises
    ------
    FormulaError
        If the LaTeX is not understood; the message says what to mend.
    """
    from latex2mathml.converter import convert

    wrong = f"the formula {latex[:80]!r} is not understood"
    if len(latex) > _LONGEST:
        raise FormulaError(f"{wrong}: it is longer than {_LONGEST} characters. Shorten it.")
    try:
        root = ElementTree.fromstring(convert(latex))
    except Exception as error:  # the library raises whatever its input makes it raise
        reason = type(error).__name__.removesuffix("Error")
        raise FormulaError(f"{wrong} ({reason}). Look at its braces and commands.") from None
    unknown = _UNKNOWN.search("".join(root.itertext()))
    if unknown and "\\text" not in latex:
        raise FormulaError(f"{wrong}: there is no {unknown[0]}. Use commands of plain LaTeX.")
    return _plain(root)


def _plain(element: ElementTree.Element) -> list[Any]:
    name = element.tag.removeprefix(_NAMESPACE)
    kept = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES.split()}
    children: list[Any] = [element.text] if element.text and element.text.strip() else []
    for child in element:
        children.append(_plain(child))
        if child.tail and child.tail.strip():
            children.append(child.tail)
    return [name if name in _ELEMENTS.split() else "mrow", kept, *children]


def as_mathml(latex: str, *, display: bool = False) -> str:
    """Return a formula as MathML for a page, with its LaTeX as alternative text; see `tree`."""
    _, attributes, *children = tree(latex)
    how = "block" if display else "inline"
    root = ["math", {**attributes, "display": how, "alttext": latex}, *children]
    return _markup(root).replace("<math ", '<math xmlns="http://www.w3.org/1998/Math/MathML" ', 1)


def _markup(node: Any) -> str:
    if isinstance(node, str):
        return escape(node)
    name, attributes, *children = node
    words = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{words}>{''.join(map(_markup, children))}</{name}>"


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMAT = re.compile(r"(?:\.\d[f%])?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class TextError(CourseError):
    """A text whose ``{place}`` cannot be filled."""


class Shown(float):
    """A number with the words in which it is shown, so that every text shows it alike."""

    words: str

    def __new__(cls, value: float, words: str) -> "Shown":
        """Return a number with its words."""
        number = super().__new__(cls, value)
        number.words = words
        return number


def spoken(value: Any) -> str:
    """Return a value in words: ``27 May 1994``, ``1.5``, ``Latvia, Estonia and Malta``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Shown):
        return value.words
    if isinstance(value, float):
        return _decimal(value)
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04d}"
    if isinstance(value, Mapping):
        return spoken([f"{spoken(key)}: {spoken(item)}" for key, item in value.items()])
    if isinstance(value, Sequence) and not isinstance(value, str):
        words = [spoken(item) for item in value] or ["nothing"]
        return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
    return str(value)


def _decimal(value: float) -> str:
    """Return a number with two decimals, or with three digits that count where it is small."""
    two = f"{value:.2f}".rstrip("0").rstrip(".")
    if not math.isfinite(value) or abs(float(two) - value) <= 0.005 * abs(value):
        return two
    three = f"{value:.3g}"
    return f"{Decimal(three):f}" if abs(value) >= 1e-6 else three


class _Filler(string.Formatter):
    def __init__(self, *, marks: bool) -> None:
        self.marks = marks

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        # Formatter would follow `{a.b}` and `{a[0]}` into objects.
        if field_name not in kwargs:
            known = ", ".join(f"{{{name}}}" for name in kwargs) or "none"
            raise TextError(f"nothing fills {{{field_name}}}; known are: {known}.")
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if not _FORMAT.fullmatch(format_spec):
            raise TextError(f"the form {format_spec!r} is not understood; use .1f or .0%.")
        if format_spec:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TextError(f"the form {format_spec} needs a number; it holds {spoken(value)}.")
            return format(value, format_spec)
        # A value is data: its stars and backticks are no marks.
        return literal(spoken(value)) if self.marks else spoken(value)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion:
            raise TextError(f"the form !{conversion} is not understood.")
        return value


def fill(text: str, values: Mapping[str, Any], *, marks: bool = True) -> str:
    """Put values into the ``{places}`` of a text; the braces of a formula are LaTeX's own.

    A text without ``marks`` is what a student types.

    Raises
    ------
    TextError
        If a place has no value, or a single brace stands alone.
    """
    filler, parts, end = _Filler(marks=marks), [], 0
    try:
        for formula in formulas_in(text) if marks else ():
            parts.append(filler.vformat(text[end : formula.start], (), values))
            parts.append(text[formula.start : formula.end])
            end = formula.end
        parts.append(filler.vformat(text[end:], (), values))
    except (ValueError, TypeError, IndexError) as error:
        raise TextError(f"the text {text!r} cannot be filled ({error}). Double a brace.") from None
    return "".join(parts)
