r"""Cut a file in Moodle's format GIFT into its questions, and a question into its parts.

The grammar is Moodle's. Escaped signs, and the signs within formulas and within tags of HTML,
are put out of the way first, so that all that follows sees only signs that mean something.
"""

import math
import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from pfp_course.errors import CourseError
from pfp_course.questions.authoring.importing import Wording, neat, share_of
from pfp_course.questions.bank import UNWRITTEN

__all__ = [
    "FORM",
    "Answer",
    "Block",
    "Group",
    "Texts",
    "blocks",
    "groups",
    "hide",
    "number_answers",
    "numbers",
    "other_number",
    "show",
    "split",
    "weighed",
    "with_share",
]

FORM = re.compile(r"^\s*\[(?P<form>html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"^\s*%\s*(-?[0-9]+(?:[.,][0-9]*)?)\s*%")
_SIGNS = "~=#{}:"  # of the grammar
# A sign that is text is kept as a letter of a private area, which no text holds.
_HIDDEN = 0x100000
_ESCAPED = re.compile(r"\\([~=#{}:n\\])")
_FORMULA = re.compile(
    r"(?:\\\\|\\)\((?P<a>(?:(?!\n\s*\n).)*?)(?:\\\\|\\)\)"
    r"|(?:\\\\|\\)\[(?P<b>(?:(?!\n\s*\n).)*?)(?:\\\\|\\)\]"
    r"|\$\$(?P<c>[^$\n]+)\$\$",
    re.DOTALL,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_TITLE = re.compile(r"\s*::(?P<title>.*?)::", re.DOTALL)


@dataclass
class Block:
    """The lines of one question: where it begins, its text, and what was mended to read it."""

    line: int
    text: str
    notes: list[str] = field(default_factory=list)
    broken: str = ""


@dataclass(frozen=True)
class Group:
    """Answers between braces, and where they stand in the text of the question."""

    start: int
    end: int
    body: str


@dataclass(frozen=True)
class Answer:
    """One answer: its weight from -1 to 1, its text, and what is said to it.

    ``right`` tells whether a sign marks it as right.
    """

    weight: float
    text: str
    say: str
    right: bool = False


def _as_hidden(text: str, signs: str = _SIGNS) -> str:
    return "".join(chr(_HIDDEN + ord(sign)) if sign in signs else sign for sign in text)


def _of_escape(found: re.Match[str]) -> str:
    # \n is a new line, which is no sign of the grammar.
    return "\n" if found[1] == "n" else chr(_HIDDEN + ord(found[1]))


def _of_formula(found: re.Match[str]) -> str:
    # In a formula \n begins a command, such as \neq, and \\ a new row.
    inner = re.sub(r"\\([~=#{}:])", r"\1", found[0]).replace("\\\\", "\\")
    return _as_hidden(inner, f"{_SIGNS}\\")


def hide(text: str) -> str:
    """Return a text in which only signs that mean something in GIFT are left as they are.

    Raise `CourseError` where it holds the signs that stand for hidden ones.
    """
    if re.search("[\U00100000-\U0010ffff]", text):
        raise CourseError("it holds signs of a private area of Unicode.")
    hidden = _ESCAPED.sub(_of_escape, _FORMULA.sub(_of_formula, text))
    return _TAG.sub(lambda found: _as_hidden(found[0]), hidden)


def show(text: str) -> str:
    """Return a text with the hidden signs as they are."""
    return "".join(
        chr(ord(letter) - _HIDDEN) if ord(letter) >= _HIDDEN else letter for letter in text
    )


def groups(text: str) -> list[Group]:
    """Return the answers between braces of a hidden text.

    Raise `CourseError` where a brace is not closed, or not opened.
    """
    found: list[Group] = []
    depth = start = 0
    for place, sign in enumerate(text):
        if sign == "{":
            start = place if depth == 0 else start
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth < 0:
                raise CourseError(
                    "a brace } is not opened. Write \\} where it is part of the text."
                )
            if depth == 0:
                found.append(Group(start, place + 1, text[start + 1 : place]))
    if depth:
        raise CourseError("a brace { is not closed. Write \\{ where it is part of the text.")
    return found


class _Cutter:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.found: list[Block] = []
        self.block: Block | None = None
        self.depth = 0
        self.closed = False
        self.blank = False

    def end(self, broken: str = "") -> None:
        if self.block and self.block.text.strip():
            self.block.broken = broken
            self.found.append(self.block)
        self.block, self.depth, self.closed, self.blank = None, 0, False, False

    def take(self, number: int, line: str) -> None:
        bare = line.strip()
        if self.depth > 0 and self.blank and bare.startswith(("::", "// question:")):
            self.end("a brace { is not closed. Write \\{ where it is part of the text.")
        if bare.startswith("//"):
            return
        if bare.startswith("$CATEGORY:") and self.depth <= 0:
            self.end()
            return
        if not bare and self.depth <= 0:
            self.end()
            return
        self.blank = self.blank or not bare
        note = self._begins(number, bare)
        if note:
            self.end()
        if self.block is None:
            self.block = Block(number + 1, "", [note] if note else [])
        self.block.text += f"{line}\n"
        signs = hide(line)
        self.depth += signs.count("{") - signs.count("}")
        self.closed = self.closed or "}" in signs

    def _begins(self, number: int, bare: str) -> str:
        """Return a note if a line begins a question, although no blank line stands before it."""
        if self.block is None or self.depth > 0:
            return ""
        after = self.closed and self.block.text.rstrip().endswith("}")
        if _TITLE.match(bare) or (after and _first_is_capital(bare) and self._asks(number)):
            return "no blank line stands before it; it is read as a question of its own"
        return ""

    def _asks(self, number: int) -> bool:
        """Tell whether a brace opens between a line and the next blank one."""
        until_blank = takewhile(str.strip, self.lines[number:])
        return any("{" in hide(line) for line in until_blank)


def _first_is_capital(bare: str) -> bool:
    first = bare.lstrip(
        "[\"'\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
    )[:1]
    return first.isupper() or first.isdigit()


def blocks(text: str) -> list[Block]:
    """Return the questions of a file, each with the line where it begins.

    A blank line ends a question, unless its braces are open; a line that begins with ``//`` is
    a comment; ``$CATEGORY:`` takes its own line alone.
    """
    lines = text.split("\n")
    cutter = _Cutter(lines)
    for number, line in enumerate(lines):
        cutter.take(number, line)
    cutter.end("a brace { is not closed." if cutter.depth > 0 else "")
    return _together(cutter.found)


def _together(found: list[Block]) -> list[Block]:
    """Return the blocks; a title whose answers stand after a blank line belongs to them."""
    joined: list[Block] = []
    for block in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and not before.broken
            and _TITLE.match(before.text)
            and "{" not in hide(before.text)
            and not _TITLE.match(block.text)
            and "{" in hide(block.text)
        ):
            before.text += f"\n{block.text}"
            before.notes += [*block.notes, "a blank line stands within it"]
            before.broken = block.broken
        else:
            joined.append(block)
    return joined


@dataclass(frozen=True)
class Texts:
    """Turns hidden texts of one question into texts of a bank, in the question's own form."""

    form: str
    wording: Wording

    def rich(self, text: str) -> str:
        """Return a text of a bank."""
        form, rest = self._formed(text)
        return self.wording.rich(show(rest).strip(), form)

    def typed(self, text: str) -> str:
        """Return what a student is to type."""
        form, rest = self._formed(text)
        return self.wording.typed(show(rest).strip(), form)

    def _formed(self, text: str) -> tuple[str, str]:
        own = FORM.match(text)
        return (own["form"].lower(), text[own.end() :]) if own else (self.form, text)


def weighed(text: str, default: float) -> tuple[float, str]:
    """Return the weight of an answer as a share, and the rest of it."""
    found = _WEIGHT.match(text)
    if found is None:
        return default, text.strip()
    return share_of(float(found[1].replace(",", "."))), text[found.end() :].strip()


def split(answers: str, sign: str) -> list[Answer]:
    """Return answers that each begin with a sign."""
    parts = answers.split(sign)
    parts = parts[1:] if not parts[0].strip() else parts
    found = []
    for part in parts:
        weight, rest = weighed(part, 1.0)
        text, _, say = rest.partition("#")
        found.append(Answer(weight, text.strip(), say.strip()))
    return found


def with_share(weight: float) -> dict[str, float]:
    """Return the share of a wrong answer as a field, if it has one."""
    return {"share": weight} if weight > 0 else {}


def other_number(answers: str, texts: Texts, *, empty: bool = False) -> dict[str, str]:
    """Return the reply to every other number, which stands after a sign ~ or a star."""
    _, sign, rest = answers.partition("~")
    said = texts.rich(rest.partition("#")[2]) if sign else ""
    for answer in split(answers[1:].partition("~")[0], "="):
        said = said or (texts.rich(answer.say) if answer.text == "*" else "")
    return {"otherwise": said or UNWRITTEN} if said or not empty else {}


def number_answers(answers: str, texts: Texts) -> dict[str, Any]:
    """Return the fields of a number for the answers after a sign #."""
    return numbers(split(answers.partition("~")[0].strip(), "="), texts)


def numbers(answers: list[Answer], texts: Texts) -> dict[str, Any]:
    """Return the fields of a number for its answers.

    Raise `CourseError` where one is not understood, or none earns all of the points.
    """
    body: dict[str, Any] = {}
    right: list[tuple[float, float]] = []
    partial: list[tuple[float, float]] = []
    for answer in answers:
        if answer.text == "*":
            if answer.weight > 0:
                raise CourseError("any number at all would be right, or in part right.")
            continue
        value, error = _number(_plain_number(answer.text, texts))
        say = texts.rich(answer.say)
        ends = (value - error, value + error)
        area = {"value": value, "tolerance": {"abs": error}}
        if answer.weight < 1:
            if _within(ends, right):
                texts.wording.lose(f"the answer {answer.text}, which another one before it covers")
                continue
            trap = {**area, **with_share(answer.weight), "say": say or UNWRITTEN}
            body.setdefault("traps", []).append(trap)
            partial.append(ends)
            continue
        if any(low <= ends[1] and ends[0] <= high for low, high in partial):
            raise CourseError("an answer that earns less stands before one that earns all.")
        right.append(ends)
        said = {"say": say} if say else {}
        if "key" not in body:
            body |= {"key": value, **({"tolerance": {"abs": error}} if error else {}), **said}
        else:
            body.setdefault("accept", []).append({**area, **said})
    if "key" not in body:
        raise CourseError("no number of it earns all of the points.")
    _drop_tolerances(body, right)
    return body


def _drop_tolerances(body: dict[str, Any], right: list[tuple[float, float]]) -> None:
    """Leave out each tolerance that goes without saying."""
    for known in (*body.get("accept", []), *body.get("traps", [])):
        same = known["tolerance"] == body.get("tolerance", {"abs": 0})
        if same and not _within((known["value"], known["value"]), right):
            del known["tolerance"]


def _within(ends: tuple[float, float], others: list[tuple[float, float]]) -> bool:
    return any(low <= ends[0] and ends[1] <= high for low, high in others)


def _plain_number(raw: str, texts: Texts) -> str:
    text = texts.typed(raw).replace("\N{MINUS SIGN}", "-")
    if re.search(r"[0-9],[0-9]", text):
        if re.search(r"[0-9],[0-9]{3}(?![0-9])", text) and not text.strip().startswith("0,"):
            raise CourseError(f"its number {text!r} can be read in two ways.")
        texts.wording.lose(f"the decimal comma of {text}, which is read as a point")
        text = text.replace(",", ".")
    return text


def _number(text: str) -> tuple[float, float]:
    """Return a number and its error for ``9``, ``9:0.5`` or ``8.5..9.5``."""
    try:
        if ".." in text:
            low, high = (float(end) for end in text.split("..", 1))
            value, error = (low + high) / 2, (high - low) / 2
        else:
            number, _, margin = text.partition(":")
            value, error = float(number), float(margin or 0)
    except ValueError:
        raise CourseError(f"its number {text!r} is not understood.") from None
    if not (math.isfinite(value) and math.isfinite(error)) or error < 0 or "_" in text:
        raise CourseError(f"its number {text!r} is not understood.")
    # The middle of two decimal fractions has no exact float.
    return neat(float(f"{value:.12g}")), neat(float(f"{error:.12g}"))
