"""What the readers of other tools' questions share: texts, reports, the test of a question."""

import base64
import binascii
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import TypeAdapter, ValidationError

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.questions.authoring.html_nodes import Node, nodes_of
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.kinds import AnyQuestion, Question
from pfp_course.questions.reading import sentence
from pfp_course.questions.spec import UNWRITTEN_ALT, PictureError, kind_of, variant_forms
from pfp_course.questions.texts import FormulaError, as_plain, formulas_in, literal, tokens, tree

__all__ = [
    "Note",
    "Taken",
    "Wording",
    "braced_literal",
    "finished",
    "neat",
    "plain_rubric",
    "share_of",
    "without_sources",
]

_MATH = re.compile(r"\\\((?P<a>.+?)\\\)|\\\[(?P<b>.+?)\\\]|\$\$(?P<c>.+?)\$\$", re.DOTALL)
_DOLLARS = re.compile(
    _MATH.pattern + r"|(?<![\\$])\$(?P<d>[^$\s](?:[^$\n]*[^$\s\\])?)\$(?!\$)", re.DOTALL
)
# Formulas and pieces are put out of the way as signs that no text holds.
_FIRST = 0xF0000
_HELD = re.compile("[\U000f0000-\U000f0fff]")
_DIGITS = {
    "sub": str.maketrans("0123456789+-=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ"),
    "sup": str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"),
}


def braced(text: str) -> str:
    """Return a text whose braces stand for themselves when a bank is filled."""
    parts, end = [], 0
    for formula in formulas_in(text):
        parts.append(text[end : formula.start].replace("{", "{{").replace("}", "}}"))
        parts.append(text[formula.start : formula.end])
        end = formula.end
    return "".join([*parts, text[end:].replace("{", "{{").replace("}", "}}")])


def braced_literal(text: str) -> str:
    """Return a text that is shown as it is, in a field that may hold marks and places."""
    return braced(literal(text))


@dataclass
class Wording:
    """Texts of one question: how they are read, what is lost, and the pictures they name.

    ``pictures`` holds the bytes of a picture that the text itself brought, else None.
    """

    dollars: bool = False
    losses: list[str] = field(default_factory=list)
    pictures: dict[str, bytes | None] = field(default_factory=dict)

    def lose(self, what: str) -> None:
        """Remember what is lost, once."""
        if what not in self.losses:
            self.losses.append(what)

    def rich(self, text: str, form: str = "html") -> str:
        """Return a text of a bank for a text in ``html``, ``moodle``, ``markdown`` or ``plain``.

        Moodle's own form is HTML in which a new line breaks the line.
        """
        held, formulas = self._without_formulas(text)
        if form == "plain":
            nodes = [Node("text", held)]
        elif form == "markdown":
            nodes = nodes_of(_rendered(held), self.lose)
        else:
            nodes = nodes_of(held, self.lose, lines=form == "moodle")
        return braced(self._written(nodes, formulas).strip("\n "))

    def typed(self, text: str, form: str = "html") -> str:
        """Return what a student is to type, without any mark."""
        if form in ("html", "moodle", "markdown") and re.search(r"</?[a-zA-Z]|&#?\w+;", text):
            return as_plain(self.rich(text, form).replace("{{", "{").replace("}}", "}"))
        return " ".join(text.split())

    def code(self, code: str, *, block: bool = False) -> str:
        """Return a program as a block, or as code within a line, its braces doubled."""
        lines = code.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).strip("\n")
        return braced(_block(lines) if block or "\n" in lines else _inline(lines))

    def _without_formulas(self, text: str) -> tuple[str, list[str]]:
        formulas: list[str] = []

        def hold(found: re.Match[str]) -> str:
            latex = next(part for part in found.groups() if part is not None)
            display = "\\[" if found[0].startswith("\\[") else "\\("
            latex = " ".join(unescape(latex).split())
            try:
                tree(latex)
            except FormulaError as error:
                self.lose(f"{error} It is shown as it is written")
                formulas.append(_inline(latex))
            else:
                formulas.append(f"{display}{latex}{display.translate(_TURNED)}")
            return chr(_FIRST + len(formulas) - 1)

        if _HELD.search(text):
            raise CourseError("it holds signs of a private area of Unicode.")
        pattern = _DOLLARS if self.dollars else _MATH
        return pattern.sub(hold, text), formulas

    def _written(self, nodes: list[Node], formulas: list[str]) -> str:
        marked = formulas or any(node.kind != "text" for node in nodes)
        if not marked:
            return literal("".join(node.text for node in nodes))
        return "".join(self._pieces(nodes, formulas))

    def _pieces(self, nodes: list[Node], formulas: list[str]) -> Iterator[str]:
        before = ""
        for place, node in enumerate(nodes):
            after = nodes[place + 1].text[:1] if place + 1 < len(nodes) else ""
            piece = self._piece(node, formulas, before, after)
            yield piece
            before = piece[-1:] or before

    def _piece(self, node: Node, formulas: list[str], before: str, after: str) -> str:
        match node.kind:
            case "text":
                parts = re.split(f"({_HELD.pattern})", node.text)
                return "".join(
                    formulas[ord(part) - _FIRST] if _HELD.fullmatch(part) else _escaped(part)
                    for part in parts
                )
            case "emphasis":
                inner = self._written(node.children, formulas)
                if before.isalnum() or after.isalnum() or not _is_emphasis(inner):
                    self.lose("emphasis within a word or around a break")
                    return inner
                return f"*{inner}*"
            case "code":
                text = _restored(node.text, formulas)
                return _block(text) if "\n" in text else _inline(text)
            case "block":
                text = _restored(node.text, formulas)
                return ("" if before in ("", "\n") else "\n") + _block(text) + "\n"
            case "image":
                return self._picture(node)
            case "sub" | "sup":
                return _shifted(node)
        return ""

    def _picture(self, node: Node) -> str:
        alt = " ".join(re.sub(r"[\[\]\n]", " ", node.alt).split()) or UNWRITTEN_ALT
        target = node.text.strip()
        name, content = _picture_name(target), None
        if target.startswith("data:"):
            content = _decoded(target)
            name = f"picture-{len(self.pictures) + 1}.{kind_of(content or b'') or 'png'}"
            if content is None:
                raise CourseError("a picture in it cannot be read.")
        if not name:
            raise CourseError("a picture in it has no name.")
        self.pictures[name] = content
        return f"![{alt}]({name})"


_TURNED = str.maketrans("([", ")]")


def _rendered(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def _escaped(text: str) -> str:
    return re.sub(r"[\\`*]|!(?=\[)", r"\\\g<0>", text)


def _is_emphasis(inner: str) -> bool:
    parts = tokens(f"*{inner}*")
    return len(parts) == 1 and parts[0].kind == "emphasis" and "\n" not in inner


def _inline(code: str) -> str:
    for written in (f"`{code}`", f"`` {code} ``", f"``{code}``"):
        parts = tokens(written)
        if len(parts) == 1 and parts[0].kind == "code" and parts[0].content == code:
            return written
    return _escaped(code)


def _block(code: str) -> str:
    written = f"```\n{code}\n```"
    parts = tokens(written)
    if len(parts) != 1 or parts[0].content != code:
        raise CourseError("a program in it holds three backticks on a line of their own.")
    return written


def _restored(text: str, formulas: list[str]) -> str:
    return _HELD.sub(lambda found: formulas[ord(found[0]) - _FIRST], text)


def _shifted(node: Node) -> str:
    table = _DIGITS[node.kind]
    text = node.text.strip()
    if all(ord(sign) in table for sign in text):
        return text.translate(table)
    sign = "_" if node.kind == "sub" else "^"
    words = re.sub(r"([#$%&_{}])", r"\\\1", text)
    latex = f"{{}}{sign}{{\\text{{{words}}}}}"
    try:
        tree(latex)
    except FormulaError:
        return f"{sign}({_escaped(text)})"
    return f"\\({latex}\\)"


def _picture_name(target: str) -> str:
    path = unquote(urlsplit(target).path) if ":" in target else unquote(target)
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[()\s\[\]]+", "-", name).strip("-")


def _decoded(target: str) -> bytes | None:
    head, _, data = target.partition(",")
    try:
        content = base64.b64decode(unquote(data), validate=False) if ";base64" in head else b""
    except (binascii.Error, ValueError):
        return None
    return content if kind_of(content) else None


@dataclass(frozen=True)
class Note:
    """What is to be said of a question: the line where it begins, its name, and a sentence."""

    line: int
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.line}: {self.name}: {self.text}" if self.line else self.text


@dataclass
class Taken:
    """Questions in the form of a bank, and a report on the file from which they come.

    ``left`` names each question that could not be taken over; ``lost`` what a question that was
    taken over had and has no more; ``pictures`` are the files to lie beside the bank, with
    their bytes where the questions held them.
    """

    course: Course
    questions: list[dict[str, Any]] = field(default_factory=list)
    left: list[Note] = field(default_factory=list)
    lost: list[Note] = field(default_factory=list)
    pictures: dict[str, bytes | None] = field(default_factory=dict)

    def add(self, question: dict[str, Any], line: int, name: str, wording: Wording) -> None:
        """Take a question over and say what it lost, or raise `CourseError` if it is not sound."""
        _check(question, self.course)
        question["id"] = self._identifier(name, len(self.questions) + 1)
        self.questions.append(question)
        self.lost += [Note(line, name, f"not kept: {loss.rstrip('.')}.") for loss in wording.losses]
        for picture, content in wording.pictures.items():
            if content is None and picture not in self.pictures:
                text = f"its picture {picture} is not in the file. Save it beside the bank."
                self.lost.append(Note(line, name, text))
            self.pictures.setdefault(picture, content)

    def leave(self, line: int, name: str, why: object) -> None:
        """Say why a question could not be taken over."""
        self.left.append(Note(line, name, f"it is not taken over: {why}"))

    def _identifier(self, name: str, number: int) -> str:
        words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") if name.isascii() else ""
        used = {question["id"] for question in self.questions}
        wanted = words[:40].strip("-")
        if not wanted or wanted.startswith("question-") or wanted in used:
            wanted = f"q{number}"
        return wanted if wanted not in used else f"q{number}-{len(used)}"


@cache
def _adapter() -> TypeAdapter[Question]:
    return TypeAdapter(AnyQuestion)


def _check(question: dict[str, Any], course: Course) -> None:
    """Raise `CourseError` if a bank could not hold a question, but for what is not written."""
    tried = deepcopy(question) | {"id": "00.q", "objective": "O"}
    for choice in tried.get("choices", []):
        choice.setdefault("say", UNWRITTEN)
    try:
        read = _adapter().validate_python(tried, context={"course": course})
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        raise CourseError(f"{sentence(details)}") from None
    for _, problem in read.problems():
        raise CourseError(problem)
    try:
        variant_forms(read)
    except PictureError:
        return  # the file may come later; the check of the bank asks for it


def plain_rubric() -> list[dict[str, Any]]:
    """Return the rubric of an essay that has none of its own."""
    return [{"text": "You answer the question.", "levels": ["not yet", "partly", "fully"]}]


def finished(body: dict[str, Any], ask: str, because: str = "") -> dict[str, Any]:
    """Return a question of a bank from its body, its text and its reason."""
    kind = body.pop("kind")
    return {
        "id": "",
        "objective": "",
        "kind": kind,
        "ask": ask,
        **body,
        "because": because or UNWRITTEN,
        "source": ["background"],
    }


# In GIFT the sign = is hidden within a tag.
_SOURCES = re.compile(r'<div class[^<>]{1,2}"pfp-sources">.*?</div>', re.DOTALL)


def without_sources(text: str, wording: Wording) -> str:
    """Return a reason without the line of sources that an export of ours adds."""
    kept = _SOURCES.sub("", text)
    if kept != text:
        wording.lose("the line of its sources; name them as 'source'")
    return kept


def share_of(percent: float) -> float:
    """Return a weight in percent as a share; 33.33333 percent is a third."""
    share = percent / 100
    for parts in range(1, 21):
        nearest = round(share * parts) / parts
        if abs(share - nearest) < 5e-5:
            return round(nearest, 6)
    return round(share, 6)


def neat(number: float) -> float:
    """Return a number, as a whole one where it is whole."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
