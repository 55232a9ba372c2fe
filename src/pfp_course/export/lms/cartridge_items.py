"""Questions as items of QTI 1.2.1 in the profile of Common Cartridge 1.1."""

from pfp_course.export.lms import qti12_items as qti
from pfp_course.export.lms.xml import Element
from pfp_course.questions.interactions import Choose, Essay, WriteText

__all__ = ["CartridgeItem"]


class CartridgeItem(qti.ItemWriter):
    """Writes one item: single or multiple choice, a text to fill in, or an essay."""

    right = "correct"

    def document(self) -> Element:
        """Return the item as a whole."""
        ask = self.item.form.ask
        match self.item.asks:
            case Choose() as asks:
                self.always(self.texts.reason(self.item))
                kind = "multiple_response" if asks.many else "multiple_choice"
                answer = self.choose(asks)
            case WriteText() as asks:
                self.always(self.texts.reason(self.item))
                kind, answer = "fib", self._typed(asks)
            case Essay() as asks:
                self.add("general_fb", self.texts.rubric(self.item))
                kind, answer, ask = "essay", qti.line(qti.RESPONSE), ask + asks.demand
            case _:
                raise TypeError(self.item.asks)
        weight = ("cc_weighting", str(max(1, round(self.item.points))))
        return self.written((("cc_profile", f"cc.{kind}.v0p1"), weight), ask, [answer])

    def _typed(self, asks: WriteText) -> Element:
        for one in asks.different(case=asks.case, right=True):
            self.earn(qti.equal(qti.RESPONSE, one.text, case="Yes" if asks.case else "No"))
        return qti.line(qti.RESPONSE, prompt="Dashline")
