"""Several gaps in one text: words, numbers, dates and choices."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.interactions import Fill
from pfp_course.questions.interactions import Gap as AskedGap
from pfp_course.questions.kinds import (
    Expression,
    Problems,
    Question,
    Strict,
    Text,
    Values,
    choice,
    date,
    numeric,
    register,
    text,
)
from pfp_course.questions.kinds.form import ChangedError, Form, Line, Mark, Mistake, UnreadError
from pfp_course.questions.texts import as_plain

__all__ = ["GAP", "Gaps", "GapsForm"]

GAP = re.compile(r"\[\[([0-9]{1,2})\]\]")
"""A gap in the text of a question: its number, from 1."""

_Weight: TypeAlias = Annotated[int, Field(ge=1, le=10)]


class ChoiceGapForm(choice.SingleForm):
    """A gap with a list to choose from, which stands in alphabetical order already."""

    def shown(self) -> dict[str, Any]:
        """Return the texts of the choices."""
        return {"choices": [{"text": option.text} for option in self.choices]}

    def print_gap(self, number: int) -> Line:
        """Return all choices in one line."""
        return Line(f"({number})", " / ".join(option.text for option in self.choices))


GapForm: TypeAlias = Annotated[
    text.TextForm | numeric.NumericForm | date.DateForm | ChoiceGapForm,
    Field(discriminator="kind"),
]


class GapsForm(Form):
    """A text with gaps. A response is a list with one for each gap."""

    kind: Literal["gaps"]
    gaps: tuple[GapForm, ...]

    decisive = (*Form.decisive, "gaps")

    def parse(self, response: Any) -> list[Any]:
        """Return each gap's response as the gap has read it."""
        if not isinstance(response, list) or len(response) != len(self.gaps):
            raise UnreadError("Fill every gap first.")
        answers, says = [], []
        for number, (gap, part) in enumerate(zip(self.gaps, response, strict=True), 1):
            try:
                answers.append(gap.parse(part))
            except UnreadError as error:
                says += [f"Gap {number}: {say}" for say in error.args]
        if says:
            raise UnreadError(*says)
        return answers

    def score(self, answer: list[Any]) -> Mark:
        """Return the mark of all gaps; one that is near costs no attempt."""
        marks = [gap.score(part) for gap, part in zip(self.gaps, answer, strict=True)]
        numbered = [
            (mark.state, f"Gap {number}: {say}", say)
            for number, mark in enumerate(marks, 1)
            for say in mark.says
        ]
        if near := [named for state, named, _ in numbered if state == "near"]:
            return Mark("near", 0.0, tuple(near))
        says = [named if len(marks) > 1 else say for _, named, say in numbered]
        if all(mark.state == "right" for mark in marks):
            return Mark("right", 1.0, tuple(says))
        whole = sum(gap.weight for gap in self.gaps)
        earned = sum(gap.weight * mark.share for gap, mark in zip(self.gaps, marks, strict=True))
        unsaid = any(mark.state == "wrong" and not mark.says for mark in marks)
        return Mark.partial(earned / whole, *says, self.otherwise if unsaid else "")

    def shown(self) -> dict[str, Any]:
        """Return the gaps without their keys."""
        return {"gaps": [{"kind": gap.kind, **gap.shown()} for gap in self.gaps]}

    def deciding(self) -> dict[str, Any]:
        """Return the fields on which a mark depends: of a gap, all but what is said."""
        parts = super().deciding()
        told = ("say", "says", "otherwise", "answer")
        parts["gaps"] = [
            {name: value for name, value in gap.items() if name not in told}
            for gap in parts["gaps"]
        ]
        return parts

    def solution(self) -> list[str]:
        """Return the right answer to each gap."""
        return [
            f"{number}. {' / '.join(gap.solution())}" for number, gap in enumerate(self.gaps, 1)
        ]

    def answer_line(self) -> str:
        """Return the right answers to all gaps."""
        return ", ".join(gap.answer_line() or "" for gap in self.gaps)

    def mistakes(self) -> Iterator[Mistake]:
        """Yield the wrong answers that each gap knows."""
        for number, gap in enumerate(self.gaps, 1):
            for mistake in gap.mistakes():
                yield mistake._replace(where=f"Gap {number}")

    def in_words(self, response: Any) -> str:
        """Return the responses to all gaps."""
        pairs = zip(self.gaps, response, strict=True)
        return "; ".join(f"({n}) {gap.in_words(part)}" for n, (gap, part) in enumerate(pairs, 1))

    def interaction(self) -> Fill:
        """Return the gaps with what each asks."""
        gaps = (AskedGap(gap.interaction(), gap.weight) for gap in self.gaps)
        return Fill(tuple(gaps), self.otherwise)

    def print_ask(self, rendered: str) -> str:
        """Return the text with a line to write on for each gap."""
        return GAP.sub(r"____(\1)____", rendered)

    def print_lines(self, seed: str) -> list[Line]:
        """Return a line for each gap, with what there is to choose from."""
        return [gap.print_gap(number) for number, gap in enumerate(self.gaps, 1)]

    def aligned(self, later: "GapsForm") -> "GapsForm":
        """Return a later form, the choices of its gaps in the order of this one."""
        if [gap.kind for gap in self.gaps] != [gap.kind for gap in later.gaps]:
            raise ChangedError
        before: tuple[Form, ...] = self.gaps
        gaps = [old.aligned(new) for old, new in zip(before, later.gaps, strict=True)]
        return later.model_copy(update={"gaps": tuple(gaps)})


class TextGap(text.TextPart):
    """A gap for a word or a short phrase."""

    kind: Literal["text"]
    weight: _Weight = 1
    otherwise: str = ""


class NumericGap(numeric.NumericPart):
    """A gap for a number."""

    kind: Literal["numeric"]
    weight: _Weight = 1
    otherwise: str = ""


class DateGap(date.DatePart):
    """A gap for a date."""

    kind: Literal["date"]
    weight: _Weight = 1
    otherwise: str = ""


class ChoiceGap(Strict):
    """A gap with a list to choose from; it is shown in alphabetical order."""

    kind: Literal["single"]
    weight: _Weight = 1
    key: Expression = None
    choices: Annotated[list[choice.Choice], Field(min_length=2, max_length=20)]
    otherwise: str = ""

    def problems(self) -> Problems:
        """Yield what is wrong with the gap."""
        yield from choice.choice_problems(self.choices, self.key)
        yield from choice.one_right_problems(self.choices)

    def public(self, values: Values, common: Any) -> ChoiceGapForm:
        """Return the public form of the gap."""
        key = None if self.key is None else values.evaluate(self.key)
        choices = choice.check_one_right(choice.choice_forms(self.choices, values, key))
        choices.sort(key=lambda option: as_plain(option.text).casefold())
        return ChoiceGapForm(**common, choices=tuple(choices))


Gap: TypeAlias = Annotated[TextGap | NumericGap | DateGap | ChoiceGap, Field(discriminator="kind")]


@register
class Gaps(Question):
    """A text with gaps, written in it as ``[[1]]``, ``[[2]]`` and so on.

    A response is a list with one answer for each gap: what was typed, or the position of a
    choice. The points are shared by the gaps' weights. ``otherwise`` is said where a gap that
    is wrong has no reply of its own.
    """

    kind: Literal["gaps"]
    gaps: Annotated[list[Gap], Field(min_length=1, max_length=20)]
    otherwise: Text

    form = GapsForm
    front_end = "gaps"

    def problems(self) -> Problems:
        """Yield what is wrong with the text and its gaps."""
        numbers = [int(number) for number in GAP.findall(self.ask)]
        for number in range(1, len(self.gaps) + 1):
            if numbers.count(number) != 1:
                times = "twice" if numbers.count(number) else "nowhere"
                yield ("ask",), f"gap {number} stands {times} in 'ask'. Write [[{number}]] once."
        for number in sorted({number for number in numbers if not 0 < number <= len(self.gaps)}):
            yield ("ask",), f"there is no gap {number}. Add it to 'gaps', or take [[{number}]] out."
        for place, gap in enumerate(self.gaps):
            for inner, problem in gap.problems():
                yield ("gaps", place, *inner), f"gap {place + 1}: {problem}"

    def public(self, values: Values, common: Any) -> GapsForm:
        """Return the public form; each gap must have a usable key."""
        gaps = []
        for number, gap in enumerate(self.gaps, 1):
            weight = {"weight": gap.weight} if gap.weight != 1 else {}
            parts = {"kind": gap.kind, **weight, "otherwise": values.fill(gap.otherwise)}
            try:
                gaps.append(gap.public(values, parts))
            except CourseError as error:
                raise CourseError(f"gap {number}: {error}") from None
        return GapsForm(**common, gaps=tuple(gaps), otherwise=values.fill(self.otherwise))
