"""A word or a short phrase."""

from collections.abc import Iterator
from typing import Any, Literal

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import Expression, Facts, Mark, Question, Spec, Text, Trap
from pfp_course.questions.kinds.words import is_near, plain
from pfp_course.questions.texts import spoken

__all__ = ["ShortText", "mark"]


class ShortText(Question):
    """A text that matches the key or an accepted form. A response is the text typed.

    Case, accents, punctuation and spacing do not matter. An answer one letter off is named
    as near and can be mended; it is not accepted, and costs no attempt.
    """

    kind: Literal["text"]
    key: Expression
    accept: list[str] = []
    traps: list[Trap] = []
    otherwise: Text

    decisive = (*Question.decisive, "accept")

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a text, or an expression over the data."
        for number, trap in enumerate(self.traps):
            if trap.text is None:
                yield ("traps", number), "a trap of a text needs a 'text'."

    def answer(self, facts: Facts) -> Spec:
        """Return the accepted forms, the traps and the answer in words."""
        answer = spoken(facts.names["key"])
        accept = list(dict.fromkeys(plain(form) for form in [answer, *self.accept]))
        if "" in accept:
            raise CourseError("an accepted form has no letter or digit. Mend it.")
        traps = []
        for trap in self.traps:
            form = plain(facts.fill(trap.text or ""))
            if form in accept:
                raise CourseError(f"the trap {form!r} counts as right. Mend it.")
            traps.append({"text": form, "say": facts.fill(trap.say)})
        return {
            "accept": accept,
            "traps": traps,
            "otherwise": facts.fill(self.otherwise),
            "answer": answer,
        }


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a text that was typed."""
    given = plain(response) if isinstance(response, str) else ""
    if not given:
        return Mark("unread", 0.0, ("Write an answer first.",))
    if given in spec["accept"]:
        return Mark("right", 1.0, ())
    for trap in spec["traps"]:
        if given == trap["text"]:
            return Mark("wrong", 0.0, (trap["say"],))
    if any(is_near(given, form) for form in spec["accept"]):
        return Mark("near", 0.0, ("Very close. Look at the spelling.",))
    return Mark("wrong", 0.0, (spec["otherwise"],))
