"""What matching and classification share: to each item belongs one of several options."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import Expression, Facts, Mark, Question, Spec, Strict, Text
from pfp_course.questions.texts import spoken

__all__ = ["Item", "Pairing", "mark"]


class Item(Strict):
    """A thing to be paired, the option that belongs to it, and what to say to another."""

    text: Text
    with_: Annotated[Expression, Field(alias="with")]
    say: Text


class Pairing(Question):
    """Items, each with its option. A response is the list of the options' positions."""

    items: Annotated[list[Item], Field(min_length=2, max_length=10)]

    decisive = (*Question.decisive, "items", "options")

    def extra_options(self) -> list[str]:
        """Return options that are offered whether or not an item uses them."""
        raise NotImplementedError

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the items."""
        texts = [item.text.strip().casefold() for item in self.items]
        for number, text in enumerate(texts):
            if texts.index(text) != number:
                yield ("items", number), "the item stands twice. Change one."

    def answer(self, facts: Facts) -> Spec:
        """Return the items with the position of their option, and the options."""
        right = [spoken(facts.evaluate(item.with_)) for item in self.items]
        options = list(dict.fromkeys([*map(facts.fill, self.extra_options()), *right]))
        if len(options) < 2:
            raise CourseError("there is only one option. Add another.")
        return {
            "items": [
                {
                    "text": facts.fill(item.text),
                    "right": options.index(text),
                    "say": facts.fill(item.say),
                }
                for item, text in zip(self.items, right, strict=True)
            ],
            "options": options,
        }


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a list with the position of an option for each item."""
    items, options = spec["items"], spec["options"]
    if (
        not isinstance(response, list)
        or len(response) != len(items)
        or any(type(one) is not int or not 0 <= one < len(options) for one in response)
    ):
        return Mark("unread", 0.0, ("Choose an answer for every line first.",))
    wrong = [item for item, one in zip(items, response, strict=True) if item["right"] != one]
    if not wrong:
        return Mark("right", 1.0, ())
    share = (len(items) - len(wrong)) / len(items)
    says = tuple(item["say"] for item in wrong)
    return Mark("part" if share else "wrong", share, says)
