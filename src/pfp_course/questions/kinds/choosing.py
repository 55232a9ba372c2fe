"""What single and multiple choice share."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import Choice, Facts, Question, Spec
from pfp_course.questions.texts import spoken

__all__ = ["Choosing"]


class Choosing(Question):
    """A question with choices; the right ones are marked, or named by a key."""

    choices: Annotated[list[Choice], Field(min_length=2, max_length=10)]
    shuffle: bool = True

    decisive = (*Question.decisive, "choices")

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the choices."""
        marked = [choice for choice in self.choices if choice.right]
        if self.key is not None and marked:
            yield ("key",), "the right choice is marked twice. Keep 'key', or 'right: true'."
        if self.key is None and not marked:
            yield ("choices",), "no choice is right. Mark one with 'right: true', or give a 'key'."
        if len(marked) == len(self.choices):
            yield ("choices",), "every choice is right. Add a wrong one."
        texts = [choice.text.strip().casefold() for choice in self.choices]
        for number, choice in enumerate(self.choices):
            if texts.index(texts[number]) != number:
                yield ("choices", number), f"the choice {choice.text!r} stands twice. Change one."
            if self.key is None and not choice.right and not choice.say:
                yield (
                    ("choices", number),
                    f"the wrong choice {choice.text!r} says nothing. Add 'say': why it is wrong.",
                )

    def answer(self, facts: Facts) -> Spec:
        """Return the choices, each with its text, whether it is right, and what to say."""
        keys = self._keys(facts.names.get("key"))
        choices = []
        for choice in self.choices:
            text = facts.fill(choice.text)
            right = choice.right or text in keys
            if not right and not choice.say:
                raise CourseError(f"the wrong choice {text!r} says nothing. Add 'say'.")
            pin = {"pin": True} if choice.pin else {}
            choices.append({"text": text, "right": right, "say": facts.fill(choice.say), **pin})
        absent = [key for key in keys if key not in {choice["text"] for choice in choices}]
        if absent:
            raise CourseError(f"the data say {absent[0]!r}, but no choice does. Mend the choices.")
        if len({choice["text"] for choice in choices}) < len(choices):
            raise CourseError("two choices become the same text. Change one.")
        return {"choices": choices, "shuffle": self.shuffle}

    @staticmethod
    def _keys(key: Any) -> list[str]:
        if key is None:
            return []
        return [spoken(item) for item in (key if isinstance(key, list) else [key])]
