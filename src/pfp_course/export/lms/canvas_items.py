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


class CanvasItem(qti.ItemWriter):
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
        super().__init__(item, texts)
        self.tell = tell

    def document(self) -> Element:
        """Return the item as a whole."""
        essay = isinstance(self.item.asks, Essay)
        self.always(self.texts.rubric(self.item) if essay else self.texts.reason(self.item))
        kind, ask, answers = self._asked()
        points = ("points_possible", f"{self.item.points:g}")
        return self.written((("question_type", kind), points), ask, answers)

    def _asked(self) -> tuple[str, str, list[Element]]:
        """Return the type of the question, its text, and where it is answered."""
        ask = self.item.form.ask
        match self.item.asks:
            case Choose() as asks:
                kind = "multiple_answers_question" if asks.many else "multiple_choice_question"
                return kind, ask, [self.choose(asks)]
            case WriteText() as asks:
                return "short_answer_question", ask, [self._typed(asks)]
            case WriteNumber() as asks:
                return "numerical_question", ask + asks.demand, [self._number(asks)]
            case Pair() as asks:
                return "matching_question", ask, list(self._pairs(asks))
            case Essay() as asks:
                self.rules.append(qti.condition(element("other")))
                return "essay_question", ask + asks.demand, [qti.line(qti.RESPONSE)]
            case Fill() as asks:
                return self._gaps(asks)
        raise TypeError(self.item.asks)

    def _typed(self, asks: WriteText) -> Element:
        if asks.case:
            self.tell(self.item, "a text whose capital letters matter", "they do not matter")
        self.earn(*(qti.equal(qti.RESPONSE, one.text) for one in asks.different(right=True)))
        self._wrong(asks.otherwise)
        return qti.line(qti.RESPONSE)

    def _number(self, asks: WriteNumber) -> Element:
        for one in asks.ranges:
            if one.share < 1:
                continue
            low = element("vargte", {"respident": qti.RESPONSE}, qti.decimal(one.low))
            high = element("varlte", {"respident": qti.RESPONSE}, qti.decimal(one.high))
            tests = element("and", None, low, high)
            if one.value is not None:
                exact = qti.equal(qti.RESPONSE, qti.decimal(one.value))
                tests = element("or", None, exact, tests)
            self.earn(tests)
        self._wrong(asks.otherwise)
        return qti.line(qti.RESPONSE, fibtype="Decimal")

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
        if said := self.reply("general_incorrect_fb", text):
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
            texts = [(one.text, True) for one in typed.different(right=True)]
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
