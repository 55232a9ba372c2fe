"""Questions as items of QTI 1.2.1 in the profile of Common Cartridge 1.1."""

from pfp_course.export.lms import qti12_items as qti
from pfp_course.export.lms.model import Item
from pfp_course.export.lms.texts import Texts
from pfp_course.export.lms.xml import Element, element
from pfp_course.questions.interactions import Choose, Essay, WriteText

__all__ = ["CartridgeItem"]

_NAME = "response1"


class CartridgeItem:
    """Writes one item: single or multiple choice, a text to fill in, or an essay."""

    def __init__(self, item: Item, texts: Texts) -> None:
        self.item = item
        self.feedback = qti.Feedback(texts)
        self.texts = texts
        self.rules: list[Element] = []

    def document(self) -> Element:
        """Return the item as a whole."""
        item = self.item
        profile, answer = self._asked()
        weight = ("cc_weighting", str(max(1, round(item.points))))
        return element(
            "item",
            {"ident": item.identifier, "title": item.title},
            element("itemmetadata", None, qti.fields((("cc_profile", profile), weight))),
            element("presentation", None, qti.material(self._ask()), answer),
            element("resprocessing", None, qti.outcomes(), *self.rules) if self.rules else None,
            *self.feedback.elements(),
        )

    def _ask(self) -> str:
        asks = self.item.asks
        demand = asks.demand if isinstance(asks, Essay) else ""
        return self.texts.block(self.item.form.ask + demand)

    def _asked(self) -> tuple[str, Element]:
        """Return the profile of the question, and where it is answered."""
        reason = self.texts.reason(self.item)
        match self.item.asks:
            case Choose(many=True) as asks:
                return "cc.multiple_response.v0p1", self._choices(asks, reason)
            case Choose() as asks:
                return "cc.multiple_choice.v0p1", self._choices(asks, reason)
            case WriteText() as asks:
                return "cc.fib.v0p1", self._typed(asks, reason)
            case Essay():
                self.feedback.add("general_fb", self.texts.rubric(self.item))
                return "cc.essay.v0p1", qti.line(_NAME)
        raise TypeError(self.item.asks)

    def _choices(self, asks: Choose, reason: str) -> Element:
        options = qti.mixed(asks, self.item.identifier)
        self._always(reason)
        for name, one in options:
            if said := self.feedback.reply(f"{name}_fb", one.say):
                test = qti.equal(_NAME, name)
                self.rules.append(qti.condition(test, feedback=said, more=True))
        if asks.many:
            test = qti.all_chosen(_NAME, options)
        else:
            test = qti.equal(_NAME, max(options, key=lambda one: one[1].share)[0])
        self.rules.append(qti.condition(test, score="100", title="correct"))
        labels = [(name, qti.material(self.texts.html(one.text))) for name, one in options]
        return qti.choices(_NAME, labels, many=asks.many)

    def _typed(self, asks: WriteText, reason: str) -> Element:
        self._always(reason)
        for one in asks.different(case=asks.case, right=True):
            test = qti.equal(_NAME, one.text, case="Yes" if asks.case else "No")
            self.rules.append(qti.condition(test, score="100", title="correct"))
        return qti.line(_NAME, prompt="Dashline")

    def _always(self, reason: str) -> None:
        if said := self.feedback.add("general_fb", reason):
            self.rules.append(qti.condition(element("other"), feedback=said, more=True))
