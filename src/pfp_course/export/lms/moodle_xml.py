"""Moodle XML: a question bank of Moodle with categories, tags, hints and pictures."""

import base64
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from pfp_course.export.lms.drawings import Polygon, picture, right_areas
from pfp_course.export.lms.features import USUAL, Feature
from pfp_course.export.lms.model import Item, Section
from pfp_course.export.lms.moodle import category_path, cloze_text, percent
from pfp_course.export.lms.target import Target, register
from pfp_course.export.lms.texts import Texts
from pfp_course.export.lms.xml import Element, document, element, leaves
from pfp_course.questions.interactions import (
    Answer,
    Arrange,
    Choose,
    Essay,
    Fill,
    Pair,
    Pick,
    WriteNumber,
    WriteText,
)
from pfp_course.questions.texts import as_plain

__all__ = ["MoodleXml"]

_LARGEST = (600, 400)  # pixels of a picture with markers; Moodle shrinks a larger one
_FEEDBACK = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


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
        wanted = {item.name: item for item in section.items}
        yield _category(category_path(*names), section.title, section.identifier)
        for item in section.items:
            if item.variants == 1:
                yield from self._questions(item)
        for name, one in wanted.items():
            if one.variants > 1:
                path = category_path(*names, name)
                about = "Variants of one question: ask one of them at random."
                yield _category(path, about, one.family)
                for item in section.items:
                    if item.name == name:
                        yield from self._questions(item)

    def _questions(self, item: Item) -> Iterator[Element]:
        for one in self.sayable(item):
            yield _Writer(self, one).question()


def _category(path: str, about: str, number: str) -> Element:
    return element(
        "question",
        {"type": "category"},
        element("category", None, _text(path)),
        element("info", {"format": "html"}, _text(about)),
        element("idnumber", None, f"{number}-category"),
    )


def _text(text: str) -> Element:
    return element("text", None, text)


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
        tags = [form.objective] if form.objective else []
        return element(
            "question",
            {"type": kind},
            element("name", None, _text(item.title)),
            self._rich("questiontext", ask),
            self._html("generalfeedback", *self._reason()),
            *leaves(
                defaultgrade=f"{item.points:g}", penalty="0", hidden="0", idnumber=item.identifier
            ),
            *body,
            *(self._rich("hint", hint) for hint in form.hints),
            element("tags", None, *(element("tag", None, _text(tag)) for tag in tags)),
        )

    def _body(self) -> tuple[str, str, Iterable[Element]]:
        """Return the type of the question, its text, and the elements of the type."""
        ask = self.item.form.ask
        match self.item.asks:
            case Choose() as asks:
                return "multichoice", ask, self._choices(asks)
            case WriteText() as asks:
                return "shortanswer", ask, self._typed(asks)
            case WriteNumber() as asks:
                return "numerical", ask, self._number(asks)
            case Pair() as asks:
                return "match", ask, self._pairs(asks)
            case Arrange() as asks:
                return "ordering", ask + asks.demand, self._order(asks)
            case Pick() as asks:
                return "ddmarker", ask, self._marker(asks)
            case Essay() as asks:
                return "essay", ask, self._essay(asks)
            case Fill():
                return "cloze", "", ()
        raise TypeError(self.item.asks)

    def _rich(self, tag: str, text: str, **attributes: object) -> Element:
        texts = _texts()
        if tag == "questiontext" and isinstance(self.item.asks, Fill):
            return self._html(tag, cloze_text(self.item, texts, self._percent), texts)
        return self._html(tag, texts.block(text), texts, **attributes)

    def _html(self, tag: str, html: str, texts: Texts, **attributes: object) -> Element:
        """Return an element of formatted text, with the files that it shows."""
        files = (_file(*one) for one in texts.pictures.items())
        return element(tag, {**attributes, "format": "html"}, _text(html), *files)

    def _reason(self) -> tuple[str, Texts]:
        texts = _texts()
        return texts.reason(self.item), texts

    def _percent(self, share: float) -> str:
        return percent(share, self.item, self.target)

    def _overall(self, wrong: str = "") -> Iterator[Element]:
        """Yield what is said to a right, a partly right and a wrong answer."""
        for tag in _FEEDBACK:
            yield self._rich(tag, "" if tag == "correctfeedback" else wrong)
        yield element("shownumcorrect")

    def _choices(self, asks: Choose) -> Iterator[Element]:
        yield from leaves(
            single="false" if asks.many else "true",
            shuffleanswers="true" if asks.shuffle else "false",
            answernumbering="none",
        )
        yield from self._overall()
        for option in asks.options:
            made = self._rich("answer", option.text, fraction=self._percent(option.share))
            made.append(self._rich("feedback", option.say))
            yield made

    def _typed(self, asks: WriteText) -> Iterator[Element]:
        yield element("usecase", None, "1" if asks.case else "0")
        for answer in asks.different(case=asks.case):
            yield self._answer(answer.text.replace("*", "\\*"), answer)
        yield self._answer("*", Answer("", 0.0, asks.otherwise))

    def _answer(self, text: str, answer: Answer, *more: Element) -> Element:
        return element(
            "answer",
            {"fraction": self._percent(answer.share), "format": "plain_text"},
            _text(text),
            *more,
            self._rich("feedback", answer.say),
        )

    def _number(self, asks: WriteNumber) -> Iterator[Element]:
        for one in asks.ranges:
            tolerance = element("tolerance", None, f"{one.high - one.middle:.12g}")
            yield self._answer(f"{one.middle:.12g}", Answer("", one.share, one.say), tolerance)
        rest = Answer("", 0.0, asks.otherwise)
        yield self._answer("*", rest, element("tolerance", None, "0"))
        if asks.unit:
            parts = leaves(multiplier="1", unit_name=asks.unit)
            yield element("units", None, element("unit", None, *parts))
        # Of a number with a unit the unit may be written, and needs not.
        shown = "0" if asks.unit else "3"
        yield from leaves(unitgradingtype="0", unitpenalty="0", showunits=shown, unitsleft="0")

    def _pairs(self, asks: Pair) -> Iterator[Element]:
        yield element("shuffleanswers", None, "true")
        yield from self._overall("\n".join(one.say for one in asks.items if one.say))
        for one in asks.items:
            yield self._pair(one.text, asks.options[one.right])
        for option in asks.unused:
            yield self._pair("", option)

    def _pair(self, item: str, option: str) -> Element:
        made = self._rich("subquestion", item)
        made.append(element("answer", None, _text(as_plain(option))))
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
            yield self._rich("answer", text, fraction=f"{number}.0000000")

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
        yield element(
            "drag",
            None,
            element("no", None, "1"),
            _text("It is here"),
            element("noofdrags", None, "1"),
        )
        if isinstance(area, Polygon):
            shape = "polygon"
            coords = ";".join(f"{x * scale:.0f},{y * scale:.0f}" for x, y in area.corners)
        else:
            shape = "circle"
            coords = f"{area.x * scale:.0f},{area.y * scale:.0f};{area.radius * scale:.0f}"
        yield element("drop", None, *leaves(no="1", shape=shape, coords=coords, choice="1"))

    def _essay(self, asks: Essay) -> Iterator[Element]:
        yield from leaves(
            responseformat="editor",
            responserequired="1",
            responsefieldlines="15",
            minwordlimit=str(asks.words),
            attachments="0",
            attachmentsrequired="0",
        )
        texts = _texts()
        yield self._html("graderinfo", texts.rubric(self.item), texts)
        yield self._rich("responsetemplate", "")


def _texts() -> Texts:
    return Texts(address=lambda name: f"@@PLUGINFILE@@/{name}", latex=True)
