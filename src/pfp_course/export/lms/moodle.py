"""Moodle XML: a question bank of Moodle with categories, tags, hints and pictures.

Paths of categories and parts of the points are as in Moodle's other format, GIFT.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import TypeAlias
from xml.etree import ElementTree

from pfp_course.export.lms import Target, register
from pfp_course.export.lms.model import Item, Section
from pfp_course.export.lms.reduction import USUAL, Feature
from pfp_course.export.lms.render import Polygon, Texts, picture, plain_line, right_areas
from pfp_course.export.lms.xml import Element, document, element, leaves
from pfp_course.questions.interactions import (
    Answer,
    Arrange,
    Choose,
    Essay,
    Fill,
    Gap,
    Pair,
    Pick,
    WriteNumber,
    WriteText,
)
from pfp_course.questions.kinds.gaps import GAP
from pfp_course.questions.texts import as_plain

__all__ = ["MoodleXml", "category_path", "percent"]

_LARGEST = (600, 400)  # pixels of a picture with markers; Moodle shrinks a larger one
_FEEDBACK = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
# In question/engine/bank.php of Moodle, from 1 to 1/20; a weight that is none of them is refused.
_KNOWN = (
    *(100, 90, 500 / 6, 80, 75, 70, 200 / 3, 60, 50, 40, 100 / 3, 30, 25, 20, 100 / 6),
    *(100 / 7, 12.5, 100 / 9, 10, 5, 0),
)
_Written: TypeAlias = Callable[[Texts], str]


@register
class MoodleXml(Target):
    """One file with a category for each chapter, and one for each question's variants."""

    name = "moodle-xml"
    title = "Moodle XML"
    purpose = "Moodle: all kinds of questions, with pictures, feedback and tags"
    says = USUAL | {Feature.hints, Feature.unit, Feature.order_reply, Feature.points}

    def written(self) -> dict[str, bytes]:
        """Return one XML file."""
        root = element("quiz")
        for section in self.package.sections:
            root.extend(self._section(section))
        ElementTree.indent(root)  # all that is shown stands in elements without children
        return {f"{self.package.name}.moodle.xml": document(root)}

    def _section(self, section: Section) -> Iterator[Element]:
        names = (self.package.course.short_title, section.title)
        yield _category(category_path(*names), section.title, section.identifier)
        for item in section.items:
            if item.variants == 1:
                yield from self._questions(item)
        for item in section.items:
            if item.variants > 1:
                if item.variant == 1:
                    about = "Variants of one question: ask one of them at random."
                    yield _category(category_path(*names, item.name), about, item.family)
                yield from self._questions(item)

    def _questions(self, item: Item) -> Iterator[Element]:
        for one in self.sayable(item):
            yield _Writer(self, one).question()


def _category(path: str, about: str, number: str) -> Element:
    return element(
        "question",
        {"type": "category"},
        element("category", _text(path)),
        element("info", {"format": "html"}, _text(about)),
        element("idnumber", f"{number}-category"),
    )


def _text(text: str) -> Element:
    return element("text", text)


def _file(name: str, content: bytes) -> Element:
    about = {"name": name, "path": "/", "encoding": "base64"}
    return element("file", about, base64.b64encode(content).decode())


class _Writer:
    """Writes one question."""

    def __init__(self, target: MoodleXml, item: Item) -> None:
        self.target, self.item = target, item

    def question(self) -> Element:
        item, form = self.item, self.item.form
        kind, ask, body = self._body()
        tags = [element("tag", _text(form.objective))] if form.objective else []
        return element(
            "question",
            {"type": kind},
            element("name", _text(item.title)),
            _html("questiontext", ask),
            _html("generalfeedback", lambda texts: texts.reason(item)),
            *leaves(
                defaultgrade=f"{item.points:g}", penalty="0", hidden="0", idnumber=item.identifier
            ),
            *body,
            *(_rich("hint", hint) for hint in form.hints),
            element("tags", *tags),
        )

    def _body(self) -> tuple[str, _Written, Iterable[Element]]:
        """Return the type of the question, its text, and the elements of the type."""
        ask = self.item.form.ask
        match self.item.asks:
            case Choose() as asks:
                kind, body = "multichoice", self._choices(asks)
            case WriteText() as asks:
                kind, body = "shortanswer", self._typed(asks)
            case WriteNumber() as asks:
                kind, body = "numerical", self._number(asks)
            case Pair() as asks:
                kind, body = "match", self._pairs(asks)
            case Arrange() as asks:
                kind, body, ask = "ordering", self._order(asks), ask + asks.demand
            case Pick() as asks:
                kind, body = "ddmarker", self._marker(asks)
            case Essay() as asks:
                kind, body = "essay", self._essay(asks)
            case Fill() as asks:
                return "cloze", lambda texts: _cloze(self.item, asks, texts, self.target), ()
        return kind, lambda texts: texts.block(ask), body

    def _percent(self, share: float) -> str:
        return percent(share, self.item, self.target)

    def _overall(self, wrong: str = "") -> Iterator[Element]:
        """Yield what is said to a right, a partly right and a wrong answer."""
        for tag in _FEEDBACK:
            yield _rich(tag, "" if tag == "correctfeedback" else wrong)
        yield element("shownumcorrect")

    def _choices(self, asks: Choose) -> Iterator[Element]:
        yield from leaves(
            single="false" if asks.many else "true",
            shuffleanswers="true" if asks.shuffle else "false",
            answernumbering="none",
        )
        yield from self._overall()
        for option in asks.options:
            made = _rich("answer", option.text, fraction=self._percent(option.share))
            made.append(_rich("feedback", option.say))
            yield made

    def _typed(self, asks: WriteText) -> Iterator[Element]:
        yield element("usecase", "1" if asks.case else "0")
        for answer in asks.different(case=asks.case):
            yield self._answer(answer.text.replace("*", "\\*"), answer.share, answer.say)
        yield self._answer("*", 0.0, asks.otherwise)

    def _answer(self, text: str, share: float, say: str, *more: Element) -> Element:
        attributes = {"fraction": self._percent(share), "format": "plain_text"}
        return element("answer", attributes, _text(text), *more, _rich("feedback", say))

    def _number(self, asks: WriteNumber) -> Iterator[Element]:
        for one in asks.ranges:
            tolerance = leaves(tolerance=f"{one.high - one.middle:.12g}")
            yield self._answer(f"{one.middle:.12g}", one.share, one.say, *tolerance)
        yield self._answer("*", 0.0, asks.otherwise, *leaves(tolerance="0"))
        if asks.unit:
            parts = leaves(multiplier="1", unit_name=asks.unit)
            yield element("units", element("unit", *parts))
        # Of a number with a unit the unit may be written, and needs not.
        shown = "0" if asks.unit else "3"
        yield from leaves(unitgradingtype="0", unitpenalty="0", showunits=shown, unitsleft="0")

    def _pairs(self, asks: Pair) -> Iterator[Element]:
        yield element("shuffleanswers", "true")
        yield from self._overall("\n".join(one.say for one in asks.items if one.say))
        for one in asks.items:
            yield self._pair(one.text, asks.options[one.right])
        for option in asks.unused:
            yield self._pair("", option)

    def _pair(self, item: str, option: str) -> Element:
        made = _rich("subquestion", item)
        made.append(element("answer", _text(as_plain(option))))
        return made

    def _order(self, asks: Arrange) -> Iterator[Element]:
        yield from leaves(
            layouttype="VERTICAL",
            selecttype="ALL",
            selectcount="0",
            gradingtype="ABSOLUTE_POSITION",
            showgrading="SHOW",
            numberingstyle="none",
        )
        yield from self._overall(asks.otherwise)
        for number, text in enumerate(asks.items, 1):
            yield _rich("answer", text, fraction=f"{number}.0000000")

    def _marker(self, asks: Pick) -> Iterator[Element]:
        drawing = asks.drawing
        scale = min(1.0, _LARGEST[0] / drawing.width, _LARGEST[1] / drawing.height)
        shown = picture(drawing, scale)
        self.target.tell(self.item, "a reply to each thing picked in a picture", "left out")
        self.target.tell(
            self.item, "picking by the keyboard from a list", "a marker is moved with the keys"
        )
        area, *others = right_areas(asks)
        if others:
            self.target.tell(self.item, "an area of several parts", "its largest part counts")
        yield from self._overall()
        yield _file(f"{self.item.identifier}.png", shown.content)
        yield element("drag", *leaves(no="1", text="It is here", noofdrags="1"))
        if isinstance(area, Polygon):
            shape = "polygon"
            coords = ";".join(f"{x * scale:.0f},{y * scale:.0f}" for x, y in area.corners)
        else:
            shape = "circle"
            coords = f"{area.x * scale:.0f},{area.y * scale:.0f};{area.radius * scale:.0f}"
        yield element("drop", *leaves(no="1", shape=shape, coords=coords, choice="1"))

    def _essay(self, asks: Essay) -> Iterator[Element]:
        yield from leaves(
            responseformat="editor",
            responserequired="1",
            responsefieldlines="15",
            minwordlimit=str(asks.words),
            attachments="0",
            attachmentsrequired="0",
        )
        yield _html("graderinfo", lambda texts: texts.rubric(self.item))
        yield _rich("responsetemplate", "")


def _html(tag: str, write: _Written, **attributes: object) -> Element:
    """Return an element of formatted text, with the files that it shows."""
    texts = Texts(address=lambda name: f"@@PLUGINFILE@@/{name}", latex=True)
    html = _text(write(texts))
    files = (_file(*one) for one in texts.pictures.items())
    return element(tag, {**attributes, "format": "html"}, html, *files)


def _rich(tag: str, text: str, **attributes: object) -> Element:
    return _html(tag, lambda texts: texts.block(text), **attributes)


def category_path(*names: str) -> str:
    """Return the path of a category, in whose names a stroke is written twice."""
    inside = (" ".join(name.split()).replace("/", "//") for name in names)
    return "/".join(["$course$", "top", *inside])


def percent(share: float, item: Item, target: Target) -> str:
    """Return a share in percent as Moodle writes it; another is told, and the nearest taken."""
    wanted = abs(share) * 100
    nearest = min(_KNOWN, key=lambda known: abs(known - wanted))
    if abs(nearest - wanted) > 1e-3:
        what = "a part of the points that Moodle does not know"
        target.tell(item, what, "the nearest that it knows is taken")
    sign = "-" if share < 0 and nearest else ""
    return sign + (f"{nearest:.5f}".rstrip("0").rstrip("."))


_SIGNS = re.compile(r"([\\}#~])")


def _cloze(item: Item, asks: Fill, texts: Texts, target: Target) -> str:
    """Return the text of a question with gaps as HTML with its answers in it."""

    def written(found: re.Match[str]) -> str:
        gap = asks.gaps[int(found[1]) - 1]
        kind, answers = _gap(gap, asks.otherwise)
        told = (_answer(percent(one.share, item, target), one, texts) for one in answers)
        return f"{{{gap.weight}:{kind}:{'~'.join(told)}}}"

    return f"<div>{GAP.sub(written, texts.html(item.form.ask))}</div>"


def _gap(gap: Gap, otherwise: str) -> tuple[str, list[Answer]]:
    """Return the type of a gap, and its answers, whose texts are those of the type."""
    match gap.asks:
        case Choose() as asks:
            # A list to choose from shows no marks.
            shown = [(_quoted(plain_line(one.text)), one) for one in asks.options]
            return "MULTICHOICE", [Answer(text, one.share, one.say) for text, one in shown]
        case WriteText() as asks:
            kind = "SHORTANSWER_C" if asks.case else "SHORTANSWER"
            answers = [
                Answer(_quoted(one.text).replace("*", "\\*"), one.share, one.say)
                for one in asks.different(case=asks.case)
            ]
        case WriteNumber() as asks:
            kind = "NUMERICAL"
            answers = [
                Answer(f"{one.middle:.12g}:{one.high - one.middle:.12g}", one.share, one.say)
                for one in asks.ranges
            ]
    rest = asks.otherwise or otherwise
    return kind, [*answers, *([Answer("*", 0.0, rest)] if rest else [])]


def _answer(weight: str, answer: Answer, texts: Texts) -> str:
    earned = "=" if weight == "100" else f"%{weight}%"
    said = f"#{_escaped(texts.html(answer.say))}" if answer.say else ""
    return f"{earned}{answer.text}{said}"


def _quoted(text: str) -> str:
    # It stands in HTML, and Moodle reads its entities.
    return _escaped(escape(text, quote=False))


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)
