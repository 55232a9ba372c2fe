"""What *place* and *point* share: one of several things is picked, in a drawing or in a list."""

from collections.abc import Iterator
from typing import Any

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import Expression, Facts, Question, Spec, Text, Trap

__all__ = ["Picking"]

_MOST = 60


class Picking(Question):
    """One thing is right. A response is the position of the thing picked, from 0.

    ``otherwise`` may name what was picked as ``{chosen}``.
    """

    key: Expression
    traps: list[Trap] = []
    otherwise: Text

    decisive = (*Question.decisive, "choices")

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Name what is right, or give an expression."
        for number, trap in enumerate(self.traps):
            if trap.text is None:
                yield ("traps", number), "a trap of a picture needs the 'text' of the thing picked."

    def things(self, facts: Facts, names: list[str]) -> list[dict[str, Any]]:
        """Return the things to pick, in their order, each with what to say to it."""
        if not 3 <= len(names) <= _MOST:
            raise CourseError(f"{len(names)} things to pick are too few or too many. Take 3 to 60.")
        if len(set(names)) < len(names):
            raise CourseError("two things to pick have the same name. Narrow the 'where'.")
        key = facts.names["key"]
        if key not in names:
            raise CourseError(f"the key {key!r} is not among the things to pick. Mend the key.")
        traps = {trap.text: trap.say for trap in self.traps}
        if key in traps:
            raise CourseError(f"the trap {key!r} counts as right. Mend it.")
        unknown = sorted(str(text) for text in traps if text not in names)
        if unknown:
            raise CourseError(f"the trap {unknown[0]!r} is not among the things to pick.")
        return [
            {
                "text": name,
                "right": name == key,
                "say": ""
                if name == key
                else Facts({**facts.names, "chosen": name}).fill(traps.get(name, self.otherwise)),
            }
            for name in names
        ]

    def answer(self, facts: Facts) -> Spec:
        """Return the things to pick and their drawing."""
        raise NotImplementedError
