"""Single and multiple choice."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.interactions import Choose, Option
from pfp_course.questions.kinds import Problems, Question, Strict, Text, Values, register
from pfp_course.questions.kinds.form import (
    Form,
    Line,
    Mark,
    Mistake,
    Part,
    UnreadError,
    are_positions,
    in_order,
    moved,
    position,
)
from pfp_course.questions.seeds import shuffled
from pfp_course.questions.texts import as_plain, spoken

__all__ = [
    "Choice",
    "ChoiceForm",
    "ChoicesForm",
    "Multiple",
    "MultipleForm",
    "OneChoiceForm",
    "Single",
    "SingleForm",
    "check_one_right",
    "choice_forms",
    "choice_problems",
    "one_right_problems",
]

_ENOUGH = 0.999  # three thirds, each written as 33.3 percent, are all of the points


class ChoiceForm(Part):
    """A choice: its text, whether it is right, and the reply to it.

    ``share`` is what it earns; ``pin`` keeps its place; ``note`` says what a drawing shows.
    """

    text: str
    right: bool = False
    say: str = ""
    share: float | None = None
    pin: bool = False
    note: str = ""


class ChoicesForm(Form):
    """What all forms with a list of choices share."""

    choices: tuple[ChoiceForm, ...]
    shuffle: bool = False

    decisive = (*Form.decisive, "choices")

    def positions(self) -> Sequence[int]:
        """Return the positions of the choices in the order in which a released form has them."""
        free = [place for place, choice in enumerate(self.choices) if not choice.pin]
        mixed = iter(sorted(free, key=lambda place: self.choices[place].text))
        return [place if choice.pin else next(mixed) for place, choice in enumerate(self.choices)]

    def shown(self) -> dict[str, Any]:
        """Return the choices without their key, in an order that gives nothing away."""
        shown = {"text", "pin", "note"}
        choices = [
            self.choices[place].model_dump(include=shown, exclude_unset=True)
            for place in self.positions()
        ]
        return {"shuffle": self.shuffle, "choices": choices}

    def restore(self, response: Any) -> Any:
        """Return the positions of a response as positions in this form."""
        if isinstance(response, list):
            return moved(response, self.positions())
        return moved([response], self.positions())[0]

    def solution(self) -> list[str]:
        """Return the right choices."""
        return [choice.text for choice in self.choices if choice.right]

    def mistakes(self) -> Iterator[Mistake]:
        """Yield the wrong choices."""
        for choice in self.choices:
            if not choice.right:
                yield Mistake(choice.text, choice.share or 0.0, choice.say)

    def option(self, choice: ChoiceForm, share: float) -> Option:
        """Return a choice as an export writes it, with what it earns."""
        return Option(choice.text, share, choice.say, choice.pin, choice.note)

    def print_lines(self, seed: str) -> list[Line]:
        """Return the choices with a circle for the pen."""
        pinned = [place for place, choice in enumerate(self.choices) if choice.pin]
        count = len(self.choices)
        order = shuffled(count, seed, self.id, pinned) if self.shuffle else range(count)
        return [Line("( )", self.choices[place].text) for place in order]

    def aligned(self, later: Self) -> Self:
        """Return a later form, its choices in the order of this one."""
        return later.model_copy(update={"choices": in_order(self.choices, later.choices)})


class OneChoiceForm(ChoicesForm):
    """One choice is taken. A response is its position, from 0."""

    def parse(self, response: Any) -> ChoiceForm:
        """Return the choice that was taken."""
        if type(response) is not int or not 0 <= response < len(self.choices):
            raise UnreadError("Choose an answer first.")
        return self.choices[response]

    def score(self, answer: ChoiceForm) -> Mark:
        """Return the mark of a choice; what it says is its reply."""
        if answer.right:
            return Mark("right", 1.0, (answer.say,) if answer.say else ())
        return Mark.partial(max(0.0, answer.share or 0.0), answer.say)

    def options(self) -> tuple[Option, ...]:
        """Return the choices as an export writes them; none takes points away."""
        return tuple(
            self.option(choice, 1.0 if choice.right else max(0.0, choice.share or 0.0))
            for choice in self.choices
        )

    def in_words(self, response: Any) -> str:
        """Return the text of the choice taken."""
        return as_plain(self.choices[position(response)].text)


class SingleForm(OneChoiceForm):
    """A question of which one choice is right."""

    kind: Literal["single"]

    def interaction(self) -> Choose:
        """Return the choices, of which one is taken."""
        return Choose(self.options(), shuffle=self.shuffle)


class MultipleForm(ChoicesForm):
    """A question of which one or more choices are right. A response is a list of positions."""

    kind: Literal["multiple"]

    def parse(self, response: Any) -> list[ChoiceForm]:
        """Return the choices that were taken, in their order."""
        known = are_positions(response, len(self.choices))
        if not response or not known or len(set(response)) < len(response):
            raise UnreadError("Choose at least one answer first.")
        return [self.choices[place] for place in sorted(response)]

    def score(self, answer: list[ChoiceForm]) -> Mark:
        """Return the mark of the choices taken."""
        hits = sum(choice.right for choice in answer)
        wrong = len(answer) - hits
        missing = sum(choice.right for choice in self.choices) - hits
        says = [choice.say for choice in answer if choice.say]
        if self.choices[0].share is not None:
            share = _summed(answer)
        elif hits and not wrong and not missing:
            share = 1.0
        else:
            share = max(0, hits - wrong) / max(1, hits + missing)
        if share == 1:
            return Mark("right", 1.0, tuple(says))
        if missing == 1:
            says.append("One right answer is missing.")
        elif missing:
            says.append(f"{missing} right answers are missing.")
        return Mark.partial(share, *says)

    def interaction(self) -> Choose:
        """Return the choices; without shares a wrong one takes away what a right one gives."""
        part = 1 / max(1, sum(choice.right for choice in self.choices))
        shares = [
            (part if choice.right else -part) if choice.share is None else choice.share
            for choice in self.choices
        ]
        options = tuple(map(self.option, self.choices, shares))
        return Choose(options, many=True, shuffle=self.shuffle)

    def in_words(self, response: Any) -> str:
        """Return the texts of the choices taken."""
        return "; ".join(as_plain(self.choices[position(one)].text) for one in sorted(response))

    def canonical(self, response: Any) -> Any:
        """Return the positions in order: it does not matter in which they were chosen."""
        return sorted(response, key=str) if isinstance(response, list) else response

    def comparable(self, response: Any) -> Any:
        """Return the positions in order."""
        if isinstance(response, list):
            return self.canonical(response)
        return super().comparable(response)

    def print_lines(self, seed: str) -> list[Line]:
        """Return the choices with a box for the pen."""
        return [Line("[ ]", line.text) for line in super().print_lines(seed)]


def _summed(chosen: list[ChoiceForm]) -> float:
    # Rounded in the same way as in multiple.js: decimal fractions have no exact float.
    total = math.floor(sum(choice.share or 0.0 for choice in chosen) * 1e6 + 0.5) / 1e6
    return 1.0 if total >= _ENOUGH else max(0.0, total)


class Choice(Strict):
    """One of the answers to choose from; ``share`` is what it earns, from -1 to 1.

    Without a share a right choice earns all of the points of a single choice, or its part of
    those of a multiple one.
    """

    text: Text
    right: bool = False
    share: Annotated[float, Field(ge=-1, le=1)] | None = None
    say: str = ""
    pin: bool = False

    @property
    def is_right(self) -> bool:
        """Whether the choice is marked as right, or earns points."""
        return self.right or (self.share or 0) > 0


class _ChoiceQuestion(Question):
    """A question with choices; the right ones are marked, or named by a key."""

    choices: Annotated[list[Choice], Field(min_length=2, max_length=20)]
    shuffle: bool = True

    def problems(self) -> Problems:
        """Yield what is wrong with the choices."""
        yield from choice_problems(self.choices, self.key)
        for number, choice in enumerate(self.choices):
            if self.key is None and not choice.is_right and not choice.say:
                yield (
                    ("choices", number),
                    f"the wrong choice {choice.text!r} says nothing. Add 'say': why it is wrong.",
                )

    def _keyed(self, values: Values) -> list[ChoiceForm]:
        """Return the choices in their public form; each wrong one must have a reply."""
        choices = choice_forms(self.choices, values, values.names.get("key"))
        for choice in choices:
            if not choice.right and not choice.say:
                raise CourseError(f"the wrong choice {choice.text!r} says nothing. Add 'say'.")
        return choices


@register
class Single(_ChoiceQuestion):
    """One choice is right. A response is the position of a choice, from 0.

    With a ``share`` a choice earns a part of the points; one whose share is below 0 earns
    nothing, because no question takes away what another gave.
    """

    kind: Literal["single"]

    form = SingleForm
    front_end = "single"

    def problems(self) -> Problems:
        """Yield what is wrong with the choices."""
        yield from super().problems()
        yield from one_right_problems(self.choices)

    def public(self, values: Values, common: Any) -> SingleForm:
        """Return the public form; the data must make exactly one choice right."""
        choices = check_one_right(self._keyed(values))
        return SingleForm(**common, choices=tuple(choices), shuffle=self.shuffle)


@register
class Multiple(_ChoiceQuestion):
    """One or more choices are right. A response is a list of positions, from 0.

    A wrong choice takes away what a right one gives, so that choosing all earns nothing much.
    Where choices have a ``share``, those of the chosen ones are added, and the sum is kept
    between 0 and 1.
    """

    kind: Literal["multiple"]

    form = MultipleForm
    front_end = "multiple"

    def problems(self) -> Problems:
        """Yield what is wrong with the choices."""
        yield from super().problems()
        if all(choice.share is None for choice in self.choices):
            return
        for number, choice in enumerate(self.choices):
            if choice.right and choice.share is None:
                yield ("choices", number), f"{choice.text!r} is right. Give it a 'share', too."
        total = sum(max(0.0, choice.share or 0.0) for choice in self.choices if choice.is_right)
        if total < _ENOUGH:
            yield ("choices",), f"the shares of the right choices add up to {total:g}, not to 1."

    def public(self, values: Values, common: Any) -> MultipleForm:
        """Return the public form."""
        return MultipleForm(**common, choices=tuple(self._keyed(values)), shuffle=self.shuffle)


def choice_problems(choices: list[Choice], key: Any) -> Problems:
    """Yield what is wrong with a list of choices."""
    marked = [choice for choice in choices if choice.is_right]
    if key is not None and marked:
        yield ("key",), "the right choice is marked twice. Keep 'key', or 'right: true'."
    if key is None and not marked:
        yield ("choices",), "no choice is right. Mark one with 'right: true', or give a 'key'."
    if len(marked) == len(choices) and all(choice.share is None for choice in choices):
        yield ("choices",), "every choice is right. Add a wrong one."
    texts = [choice.text.strip() for choice in choices]
    for number, choice in enumerate(choices):
        if texts.index(texts[number]) != number:
            yield ("choices", number), f"the choice {choice.text!r} stands twice. Change one."
        if choice.right and choice.share is not None and choice.share <= 0:
            yield ("choices", number), f"{choice.text!r} is right, but its share is no gain."


def one_right_problems(choices: list[Choice]) -> Problems:
    """Yield what is wrong with the choices of which one is to be taken."""
    if sum(choice.right and choice.share is None for choice in choices) > 1:
        yield ("choices",), "two choices are right. Keep one, or use the kind 'multiple'."
    shares = [choice.share if choice.share is not None else choice.right for choice in choices]
    if any(choice.share is not None for choice in choices) and max(shares) < 1:
        yield ("choices",), "no choice earns all points. Give the best one 'right: true'."


def choice_forms(choices: list[Choice], values: Values, key: Any) -> list[ChoiceForm]:
    """Return the choices in their public form; a key marks what is right.

    Raise `CourseError` where the key names no choice, or two choices become the same.
    """
    keys = _keys(key)
    weighted = any(choice.share is not None for choice in choices)
    forms: list[ChoiceForm] = []
    for choice in choices:
        text = values.fill(choice.text)
        right = choice.is_right or as_plain(text) in keys
        further: dict[str, Any] = {"pin": True} if choice.pin else {}
        if weighted:
            further["share"] = float(right) if choice.share is None else choice.share
        forms.append(ChoiceForm(text=text, right=right, say=values.fill(choice.say), **further))
    absent = [key for key in keys if key not in {as_plain(choice.text) for choice in forms}]
    if absent:
        raise CourseError(f"the data say {absent[0]!r}, but no choice does. Mend the choices.")
    if len({choice.text for choice in forms}) < len(forms):
        raise CourseError("two choices become the same text. Change one.")
    return forms


def check_one_right(choices: list[ChoiceForm]) -> list[ChoiceForm]:
    """Return the choices, those right that earn all points.

    Raise `CourseError` unless one choice earns all points, or several do by their share.
    """
    weighted = choices[0].share is not None
    if weighted:
        choices = [
            choice.model_copy(update={"right": (choice.share or 0.0) >= 1}) for choice in choices
        ]
    right = sum(choice.right for choice in choices)
    if right == 0 or (right > 1 and not weighted):
        raise CourseError("the key makes more than one choice right. Mend the key.")
    return choices


def _keys(key: Any) -> list[str]:
    if key is None:
        return []
    return [spoken(item) for item in (key if isinstance(key, list) else [key])]
