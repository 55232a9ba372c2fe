"""Ordering: things to be put into their right order."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import Facts, Mark, Question, Spec, Text
from pfp_course.questions.texts import spoken

__all__ = ["Order", "mark"]


class Order(Question):
    """Items in their right order, as written or as a key computes them.

    A response is the list of positions in the right order, from 0, as the student arranged
    them. Its share is that of the pairs in their right order, above what chance gives.
    """

    kind: Literal["order"]
    items: Annotated[list[Text], Field(min_length=3, max_length=8)] = []
    ends: Annotated[list[Text], Field(min_length=2, max_length=2)] = ["first", "last"]
    otherwise: Text

    decisive = (*Question.decisive, "items")

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the items."""
        if bool(self.items) == (self.key is not None):
            yield (
                ("items",),
                "give either 'items' in their right order, or a 'key' that lists them.",
            )

    def answer(self, facts: Facts) -> Spec:
        """Return the items in their right order, and the words for the two ends."""
        keyed = facts.names.get("key")
        if keyed is not None and not isinstance(keyed, list):
            raise CourseError(f"the key is {keyed!r}, not a list. Use 'list' with 'by'.")
        items = [facts.fill(item) for item in self.items] or [spoken(item) for item in keyed or []]
        if not 3 <= len(items) <= 8:
            raise CourseError(f"{len(items)} items cannot be ordered well. Take 3 to 8.")
        if len(set(items)) < len(items):
            raise CourseError("an item stands twice, so that two orders are right. Change one.")
        return {
            "items": items,
            "ends": [facts.fill(end) for end in self.ends],
            "otherwise": facts.fill(self.otherwise),
        }


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a list of positions."""
    count = len(spec["items"])
    if (
        not isinstance(response, list)
        or any(type(item) is not int for item in response)
        or sorted(response) != list(range(count))
    ):
        return Mark("unread", 0.0, ("Put all items in order first.",))
    pairs = count * (count - 1) // 2
    ordered = sum(response[a] < response[b] for a in range(count) for b in range(a + 1, count))
    if ordered == pairs:
        return Mark("right", 1.0, ())
    share = max(0, 2 * ordered - pairs) / pairs
    placed = sum(item == position for position, item in enumerate(response))
    places = "1 item stands" if placed == 1 else f"{placed} items stand"
    says = (f"{places} in the right place.", spec["otherwise"])
    return Mark("part" if share else "wrong", share, says)
