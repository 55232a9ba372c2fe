"""Ordering: things to be put into their right order."""

from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.interactions import Arrange
from pfp_course.questions.kinds import Problems, Question, Text, Values, register
from pfp_course.questions.kinds.form import (
    ChangedError,
    Form,
    Line,
    Mark,
    UnreadError,
    are_positions,
    moved,
    position,
)
from pfp_course.questions.seeds import disordered
from pfp_course.questions.texts import as_plain, literal, spoken

__all__ = ["Order", "OrderForm"]

_UNTOUCHED = (
    "Put the items in order first. As they are shown they are not answered, and earn nothing."
)


class OrderForm(Form):
    """Items in their right order, and words for the two ends.

    A response is the list of the items' positions, as the student arranged them.
    """

    kind: Literal["order"]
    items: tuple[str, ...]
    ends: tuple[str, ...] = ()

    decisive = (*Form.decisive, "items")

    def parse(self, response: Any) -> list[int]:
        """Return the positions of all items."""
        count = len(self.items)
        if not are_positions(response, count) or sorted(response) != list(range(count)):
            raise UnreadError(_UNTOUCHED)
        return response

    def score(self, answer: list[int]) -> Mark:
        """Return the mark: the share of pairs in order, above what chance gives."""
        pairs = [before < after for before, after in combinations(answer, 2)]
        if all(pairs):
            return Mark("right", 1.0, ())
        share = max(0, 2 * sum(pairs) - len(pairs)) / len(pairs)
        placed = sum(item == place for place, item in enumerate(answer))
        places = "1 item stands" if placed == 1 else f"{placed} items stand"
        return Mark.partial(share, f"{places} in the right place.", self.otherwise)

    def positions(self) -> list[int]:
        """Return the positions of the items in the order in which a released form has them."""
        return sorted(range(len(self.items)), key=self.items.__getitem__)

    def shown(self) -> dict[str, Any]:
        """Return the items in alphabetical order."""
        return {"ends": list(self.ends), "items": [self.items[place] for place in self.positions()]}

    def restore(self, response: Any) -> Any:
        """Return positions in the released form as positions in this form."""
        return moved(response, self.positions())

    def solution(self) -> list[str]:
        """Return the items in their right order."""
        return [f"{number}. {text}" for number, text in enumerate(self.items, 1)]

    def interaction(self) -> Arrange:
        """Return the items in their right order."""
        return Arrange(self.items, self.ends, self.otherwise)

    def in_words(self, response: Any) -> str:
        """Return the items in the order of the response."""
        items = (as_plain(self.items[position(place)]) for place in response)
        return "; ".join(f"{number}. {item}" for number, item in enumerate(items, 1))

    def print_lines(self, seed: str) -> list[Line]:
        """Return the items as they are shown at first, with a line for the number of each."""
        return [Line("__", self.items[n]) for n in disordered(len(self.items), seed, self.id)]

    def aligned(self, later: "OrderForm") -> "OrderForm":
        """Return a later form of the same items; `move` brings a response to it."""
        if sorted(self.items) != sorted(later.items):
            raise ChangedError
        return later

    def move(self, response: Any, later: "OrderForm") -> Any:
        """Return positions in this form as positions in a corrected form."""
        return moved(response, [later.items.index(item) for item in self.items])


@register
class Order(Question):
    """Items in their right order, as written or as a key computes them.

    A response is the list of positions in the right order, from 0, as the student arranged
    them. Its share is that of the pairs in their right order, above what chance gives; the
    order in which they are shown (`randomness.disordered`) earns nothing.
    """

    kind: Literal["order"]
    items: Annotated[list[Text], Field(min_length=3, max_length=8)] = []
    ends: Annotated[list[Text], Field(min_length=2, max_length=2)] = ["first", "last"]
    otherwise: Text

    form = OrderForm
    front_end = "order"

    def problems(self) -> Problems:
        """Yield what is wrong with the items."""
        if bool(self.items) == (self.key is not None):
            yield (
                ("items",),
                "give either 'items' in their right order, or a 'key' that lists them.",
            )

    def public(self, values: Values, common: Any) -> OrderForm:
        """Return the items in their right order, and the words for the two ends."""
        keyed = values.names.get("key")
        if keyed is not None and not isinstance(keyed, list):
            raise CourseError(f"the key is {keyed!r}, not a list. Use 'list' with 'by'.")
        items = [values.fill(item) for item in self.items] or [
            literal(spoken(item)) for item in keyed or []
        ]
        if not 3 <= len(items) <= 8:
            raise CourseError(f"{len(items)} items cannot be ordered well. Take 3 to 8.")
        if len(set(items)) < len(items):
            raise CourseError("an item stands twice, so that two orders are right. Change one.")
        return OrderForm(
            **common,
            items=tuple(items),
            ends=tuple(values.fill(end) for end in self.ends),
            otherwise=values.fill(self.otherwise),
        )
