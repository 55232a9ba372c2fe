"""Single choice: one answer of several."""

from collections.abc import Iterator
from typing import Any, Literal

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.choosing import Choosing
from pfp_course.questions.kinds.common import Facts, Mark, Spec

__all__ = ["Single", "mark"]


class Single(Choosing):
    """Exactly one choice is right. A response is the position of a choice, from 0."""

    kind: Literal["single"]

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the choices."""
        yield from super().complaints()
        if sum(choice.right for choice in self.choices) > 1:
            yield ("choices",), "two choices are right. Keep one, or use the kind 'multiple'."

    def answer(self, facts: Facts) -> Spec:
        """Return the choices; the data must make exactly one of them right."""
        spec = super().answer(facts)
        if sum(choice["right"] for choice in spec["choices"]) != 1:
            raise CourseError("the key makes more than one choice right. Mend the key.")
        return spec


def mark(spec: Spec, response: Any) -> Mark:
    """Mark the position of a choice."""
    choices = spec["choices"]
    if type(response) is not int or not 0 <= response < len(choices):
        return Mark("unread", 0.0, ("Choose an answer first.",))
    choice = choices[response]
    says = (choice["say"],) if choice["say"] else ()
    return Mark("right", 1.0, says) if choice["right"] else Mark("wrong", 0.0, says)
