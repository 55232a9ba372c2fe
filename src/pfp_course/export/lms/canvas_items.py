"""Questions as items of QTI 1.2 with the types of question that Canvas reads."""

from collections.abc import Callable, Iterator

from pfp_course.export.lms import qti12_items as qti
from pfp_course.export.lms.model import Item
from pfp_course.export.lms.reduction import as_text
from pfp_course.export.lms.texts import Texts, plain_line
from pfp_course.export.lms.xml import Element, element
from pfp_course.questions.interactions import (
    Choose,
    Essay,
    Fill,
    Gap,
    Pair,
    WriteNumber,
    WriteText,
)
from pfp_course.questions.kinds.gaps import GAP

__all__ = ["CanvasItem"]

_NAME = "response1"


class CanvasItem:
    """Writes one item.

    Parameters
    ----------
    item : Item
        The question.
    texts : Texts
        Writes its texts, and keeps their pictures.
    tell : callable
        Is told what cannot be said.
    """

    def __init__(self, item: Item, texts: Texts, tell: Callable[[Item, str, str], None]) -> None:
        self.item, self.texts, self.tell = item, texts, tell
        self.feedback = qti.Feedback(texts)
        self.rules: list[Element] = []

    def document(self) -> Element:
        """Return the item as a whole."""
        always = self.feedback.add("general_fb", self._afterwards())
        if always:
            other = element("other")
            self.rules.append(qti.condition(other, feedback=always, more=True))
        kind, ask, answers = self._asked()
        points = ("points_possible", f"{self.item.points:g}")
        return element(
            "item",
            {"ident": self.item.identifier, "title": self.item.title},
            element("itemmetadata", None, qti.fields((("question_type", kind), points))),
            element("presentation", None, qti.material(self.texts.block(ask)), *answers),
            element("resprocessing", None, qti.outcomes(), *self.rules),
            *self.feedback.elements(),
        )

    def _afterwards(self) -> str:
        if isinstance(self.item.asks, Essay):
            return self.texts.rubric(self.item)
        return self.texts.reason(self.item)

    def _asked(self) -> tuple[str, str, list[Element]]:
        """Return the type of the question, its text, and where it is answered."""
        ask = self.item.form.ask
        match self.item.asks:
            case Choose() as asks:
                kind = "multiple_answers_question" if asks.many else "multiple_choice_question"
                return kind, ask, [self._choices(asks)]
            case WriteText() as asks:
                return "short_answer_question", ask, [self._typed(asks)]
            case WriteNumber() as asks:
                return "numerical_question", ask + asks.demand, [self._number(asks)]
            case Pair() as asks:
                return "matching_question", ask, list(self._pairs(asks))
            case Essay() as asks:
                self.rules.append(qti.condition(element("other")))
                return "essay_question", ask + asks.demand, [qti.line(_NAME)]
            case Fill() as asks:
                return self._gaps(asks)
        raise TypeError(self.item.asks)

    def _choices(self, asks: Choose) -> Element:
        options = qti.mixed(asks, self.item.identifier)
        for name, one in options:
            if said := self.feedback.reply(f"{name}_fb", one.say):
                test = qti.equal(_NAME, name)
                self.rules.append(qti.condition(test, feedback=said, more=True))
        if asks.many:
            self.rules.append(qti.condition(qti.all_chosen(_NAME, options), score="100"))
        else:
            right = max(options, key=lambda one: one[1].share)[0]
            self.rules.append(qti.condition(qti.equal(_NAME, right), score="100"))
        labels = [(name, qti.material(self.texts.html(one.text))) for name, one in options]
        return qti.choices(_NAME, labels, many=asks.many)

    def _typed(self, asks: WriteText) -> Element:
        if asks.case:
            self.tell(self.item, "a text whose capital letters matter", "they do not matter")
        tests = [qti.equal(_NAME, text) for text in _right_texts(asks)]
        self.rules.append(qti.condition(*tests, score="100"))
        self._wrong(asks.otherwise)
        return qti.line(_NAME)

    def _number(self, asks: WriteNumber) -> Element:
        for one in asks.ranges:
            if one.share < 1:
                continue
            low = element("vargte", {"respident": _NAME}, qti.decimal(one.low))
            high = element("varlte", {"respident": _NAME}, qti.decimal(one.high))
            tests = element("and", None, low, high)
            if one.value is not None:
                exact = qti.equal(_NAME, qti.decimal(one.value))
                tests = element("or", None, exact, tests)
            self.rules.append(qti.condition(tests, score="100"))
        self._wrong(asks.otherwise)
        return qti.line(_NAME, fibtype="Decimal")

    def _pairs(self, asks: Pair) -> Iterator[Element]:
        part = qti.decimal(100 / len(asks.items))
        options = [(f"o{number}", plain_line(text)) for number, text in enumerate(asks.options, 1)]
        wrong = "\n".join(one.say for one in asks.items if one.say)
        for number, one in enumerate(asks.items, 1):
            name = f"response_{number}"
            test = qti.equal(name, f"o{one.right + 1}")
            self.rules.append(qti.condition(test, score=part, action="Add", more=True))
            labels = [(option, qti.plain(text)) for option, text in options]
            yield qti.choices(name, labels, about=qti.material(self.texts.html(one.text)))
        self._wrong(wrong)

    def _wrong(self, text: str) -> None:
        """Add what Canvas says to a wrong answer."""
        if said := self.feedback.reply("general_incorrect_fb", text):
            self.rules.append(qti.condition(element("other"), feedback=said))

    def _gaps(self, asks: Fill) -> tuple[str, str, list[Element]]:
        dropdowns = all(isinstance(gap.asks, Choose) for gap in asks.gaps)
        if not dropdowns and any(isinstance(gap.asks, Choose) for gap in asks.gaps):
            self.tell(
                self.item,
                "gaps to type into beside gaps with a list",
                "all are typed, and the list stands beside its gap",
            )
        whole = sum(gap.weight for gap in asks.gaps)
        if len({gap.weight for gap in asks.gaps}) > 1:
            self.tell(self.item, "gaps of different weight", "each has the same weight")
        answers = [
            self._gap(number, gap, 100 * gap.weight / whole, dropdowns=dropdowns)
            for number, gap in enumerate(asks.gaps, 1)
        ]

        def blank(number: int) -> str:
            listed = asks.gaps[number - 1].asks
            if dropdowns or not isinstance(listed, Choose):
                return f"[gap{number}]"
            return f"[gap{number}] ({' / '.join(one.text for one in listed.options)})"

        ask = GAP.sub(lambda found: blank(int(found[1])), self.item.form.ask)
        self._wrong(asks.otherwise)
        kind = "multiple_dropdowns" if dropdowns else "fill_in_multiple_blanks"
        return f"{kind}_question", ask, answers

    def _gap(self, number: int, gap: Gap, percent: float, *, dropdowns: bool) -> Element:
        name = f"response_gap{number}"
        if isinstance(gap.asks, Choose):
            texts = [
                (plain_line(one.text), one.is_right)
                for one in gap.asks.options
                if dropdowns or one.is_right
            ]
        else:
            typed = as_text(gap.asks) if isinstance(gap.asks, WriteNumber) else gap.asks
            texts = [(text, True) for text in _right_texts(typed)]
        labels = []
        for place, (text, right) in enumerate(texts, 1):
            label = f"gap{number}_{place}"
            labels.append((label, qti.plain(text)))
            if right:
                rule = qti.condition(
                    qti.equal(name, label), score=qti.decimal(percent), action="Add", more=True
                )
                self.rules.append(rule)
        return qti.choices(name, labels, about=qti.plain(f"gap{number}"))


def _right_texts(asks: WriteText) -> list[str]:
    """Return the texts that earn all points, each once where capital letters do not matter."""
    return [one.text for one in asks.different(right=True)]
