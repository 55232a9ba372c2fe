"""Read the questions of Moodle's format XML."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.questions.authoring.gift import gift_question, text_answers, weighted
from pfp_course.questions.authoring.gift_parts import Answer, Texts, hide, numbers
from pfp_course.questions.authoring.importing import (
    Note,
    Taken,
    Wording,
    braced_literal,
    finished,
    plain_rubric,
    share_of,
    without_sources,
)
from pfp_course.questions.bank import UNWRITTEN

__all__ = ["read_moodle_xml"]

_FORMS = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "markdown": "markdown",
}
_FILE = re.compile(r"@@PLUGINFILE@@/(?P<name>[^\s\"'<>?]+)")
_CRITERION = re.compile(r"<li>(?P<text>.*?)\s*<ol>(?P<levels>.*?)</ol>\s*</li>", re.DOTALL)
_LEVEL = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_KNOWN = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "webp": "webp"}


def read_moodle_xml(text: str, course: Course) -> Taken:
    """Return questions in the form of a bank, and a report on the others.

    Single and multiple choice with any weights, true or false, short text, numbers with
    tolerance and units, matching, ordering, essays with their rubric, and embedded answers
    (Cloze) are understood, with their hints, points and pictures.

    Raises
    ------
    CourseError
        If the text is no XML of Moodle, or holds no question.
    """
    root, lines = _parsed(text)
    taken, categories, found = Taken(course), 0, 0
    for node, line in zip(root.iter("question"), lines, strict=True):
        kind = node.get("type", "")
        if kind == "category":
            categories += 1
            continue
        found += 1
        name = " ".join((node.findtext("name/text") or f"question {found}").split())[:80]
        wording = Wording()
        try:
            reader = _READERS.get(kind)
            if reader is None:
                raise CourseError(_unknown(kind))
            taken.add(_Question(node, wording).taken(reader), line, name, wording)
        except CourseError as error:
            taken.leave(line, name, error)
    if not found:
        raise CourseError("This holds no question in the format Moodle XML.")
    if categories:
        taken.lost.append(Note(0, "", f"{categories} categories: a bank has none."))
    return taken


def _parsed(text: str) -> tuple[Element, list[int]]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise CourseError("it declares a document type, which no file of Moodle does.")
    # The text is decoded already, whatever its first line says.
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    lines: list[int] = []
    skipped = text[: len(text) - len(body)].count("\n")
    parser = expat.ParserCreate()

    def start(name: str, _: dict[str, str]) -> None:
        if name == "question":
            lines.append(parser.CurrentLineNumber + skipped)

    parser.StartElementHandler = start
    try:
        parser.Parse(body, True)
        root = ElementTree.fromstring(body)
    except (expat.ExpatError, ElementTree.ParseError) as error:
        raise CourseError(f"this is not XML ({error}). Export it from Moodle again.") from None
    if root.tag != "quiz":
        raise CourseError(f"it begins with <{root.tag}>, and a file of Moodle with <quiz>.")
    return root, lines


def _unknown(kind: str) -> str:
    if kind in ("ddmarker", "ddimageortext"):
        return "a picture with markers has no kind here: a bank draws its maps from data."
    if kind == "description":
        return "it is a text without a question. Put it into the chapter's text."
    return f"a bank has nothing like the type {kind!r}."


class _Question:
    """Reads one question: its texts with their pictures, and what all types have."""

    def __init__(self, node: Element, wording: Wording) -> None:
        self.node = node
        self.texts = Texts("html", wording)

    def taken(self, reader: "Callable[[_Question], dict[str, Any]]") -> dict[str, Any]:
        """Return the question of a bank."""
        question = reader(self)
        if because := self.rich(self.node.find("generalfeedback"), reason=True):
            question["because"] = because
        hints = [hint for node in self.node.findall("hint") if (hint := self.rich(node))]
        if len(hints) > 4:
            self.texts.wording.lose(f"{len(hints) - 4} of its hints; a bank takes four")
        more: dict[str, Any] = {"hints": hints[:4]} if hints else {}
        if "points" not in question and (points := self._points()) != 1:
            more["points"] = points
        because = question.pop("because")
        source = question.pop("source")
        return question | more | {"because": because, "source": source}

    def _points(self) -> int:
        given = self.number("defaultgrade", 1.0)
        points = min(10, max(1, round(given)))
        if points != given:
            self.texts.wording.lose(f"its {given:g} points; it is worth {points} here")
        return points

    def number(self, path: str, default: float) -> float:
        """Return the number at a path."""
        try:
            return float(self.node.findtext(path) or default)
        except ValueError:
            raise CourseError(f"its {path} is {self.node.findtext(path)!r}, no number.") from None

    def rich(self, node: Element | None, *, reason: bool = False) -> str:
        """Return a formatted text of the question, with its pictures, as a text of a bank."""
        raw, form = self.raw(node)
        if reason:
            raw = without_sources(raw, self.texts.wording)
        return self.texts.wording.rich(raw.strip(), form)

    def raw(self, node: Element | None) -> tuple[str, str]:
        """Return a text as it is written, its pictures as data, and its form."""
        if node is None:
            return "", "html"
        form = _FORMS.get(node.get("format", "html"), "html")
        files = {
            file.get("name", ""): "".join((file.text or "").split())
            for file in node.findall("file")
        }

        def data(found: re.Match[str]) -> str:
            name = unescape(found["name"])
            kind = _KNOWN.get(name.rpartition(".")[2].lower())
            held = files.get(name)
            return f"data:image/{kind};base64,{held}" if kind and held else found["name"]

        return _FILE.sub(data, node.findtext("text") or ""), form

    def typed(self, node: Element | None) -> str:
        """Return a text that a student types, or a plain one."""
        return self.texts.wording.typed((node.findtext("text") if node is not None else "") or "")

    def ask(self) -> str:
        """Return what is asked."""
        ask = self.rich(self.node.find("questiontext"))
        if not ask:
            raise CourseError("it has answers and no text. Write what it asks.")
        return ask

    def answers(self) -> Iterator[tuple[float, Element]]:
        """Yield the answers, each with its weight from -1 to 1."""
        for node in self.node.findall("answer"):
            try:
                yield share_of(float(node.get("fraction") or 0)), node
            except ValueError:
                weight = node.get("fraction")
                raise CourseError(f"the weight {weight!r} of an answer is no number.") from None

    def wrong(self) -> str:
        """Return what is said to any wrong answer."""
        return self.rich(self.node.find("incorrectfeedback")) or UNWRITTEN


def _multichoice(question: _Question) -> dict[str, Any]:
    single = (question.node.findtext("single") or "true").strip().lower() not in ("false", "0", "")
    found = [
        # The texts of GIFT show what is hidden; these hide nothing.
        Answer(share, _held(question, node), _held(question, node.find("feedback")), share > 0)
        for share, node in question.answers()
    ]
    choices = weighted(found, question.texts, single=single)
    body: dict[str, Any] = {"kind": "single" if single else "multiple", "choices": choices}
    if (question.node.findtext("shuffleanswers") or "true").strip().lower() in ("false", "0"):
        body["shuffle"] = False
    return finished(body, question.ask())


def _held(question: _Question, node: Element | None) -> str:
    """Return a text for the functions of GIFT, which read its form from its beginning."""
    text, form = question.raw(node)
    return f"[{form}]{text}" if text.strip() else ""


def _truefalse(question: _Question) -> dict[str, Any]:
    choices = []
    for share, node in question.answers():
        choice: dict[str, Any] = {"text": question.typed(node).capitalize()}
        choice |= {"right": True} if share == 1 else {}
        say = question.rich(node.find("feedback"))
        choices.append(choice | ({"say": say} if say else {}))
    return finished({"kind": "single", "choices": choices, "shuffle": False}, question.ask())


def _shortanswer(question: _Question) -> dict[str, Any]:
    found = [
        Answer(share, (node.findtext("text") or "").strip(), _held(question, node.find("feedback")))
        for share, node in question.answers()
    ]
    case = (question.node.findtext("usecase") or "0").strip() == "1"
    body = text_answers(found, question.texts, case=case)
    body.setdefault("otherwise", UNWRITTEN)
    return finished({"kind": "text", **body}, question.ask())


def _numerical(question: _Question) -> dict[str, Any]:
    found, otherwise = [], ""
    for share, node in question.answers():
        value = (node.findtext("text") or "").strip()
        said = node.find("feedback")
        if value == "*":
            otherwise = otherwise or question.rich(said)
        margin = (node.findtext("tolerance") or "0").strip()
        text = value if value == "*" else f"{value}:{margin}"
        found.append(Answer(share, text, _held(question, said)))
    body = {"kind": "numeric", **numbers(found, question.texts)}
    names = question.node.findall("units/unit/unit_name")
    units = [name for node in names if (name := (node.text or "").strip())]
    if units:
        body["unit"] = units[0]
        if len(units) > 1:
            question.texts.wording.lose(f"its further units {', '.join(units[1:])}")
    body["otherwise"] = otherwise or UNWRITTEN
    return finished(body, question.ask())


def _match(question: _Question) -> dict[str, Any]:
    items, others = [], []
    said = question.wrong()
    for node in question.node.findall("subquestion"):
        option = braced_literal(question.typed(node.find("answer")))
        text = question.rich(node)
        if text:
            items.append({"text": text, "with": option, "say": said})
        else:
            others.append(option)
    body = {"kind": "match", "items": items, **({"others": others} if others else {})}
    return finished(body, question.ask())


def _ordering(question: _Question) -> dict[str, Any]:
    nodes = sorted(
        question.node.findall("answer"), key=lambda node: float(node.get("fraction") or 0)
    )
    items = [question.rich(node) for node in nodes]
    body = {"kind": "order", "items": items, "otherwise": question.wrong()}
    return finished(body, question.ask())


def _essay(question: _Question) -> dict[str, Any]:
    raw, form = question.raw(question.node.find("graderinfo"))
    rubric = []
    for found in _CRITERION.finditer(raw):
        levels = [
            question.texts.wording.rich(level.strip(), form)
            for level in _LEVEL.findall(found["levels"])
        ]
        rubric.append({"text": question.texts.wording.rich(found["text"], form), "levels": levels})
    if not rubric:
        rubric = plain_rubric()
        if raw.strip():
            question.texts.wording.lose("the information for graders, in which no rubric is found")
    words = min(500, max(1, int(question.number("minwordlimit", 1))))
    return finished({"kind": "open", "words": words, "rubric": rubric}, question.ask())


def _cloze(question: _Question) -> dict[str, Any]:
    raw, form = question.raw(question.node.find("questiontext"))
    return gift_question(hide(raw), form, question.texts.wording)


_READERS: dict[str, Callable[[_Question], dict[str, Any]]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "match": _match,
    "matching": _match,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
}
