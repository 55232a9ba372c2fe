"""Matching and classification: to each item belongs one of several options."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.interactions import Interaction, Pair, PairedItem
from pfp_course.questions.kinds import (
    Expression,
    Problems,
    Question,
    Strict,
    Text,
    Values,
    register,
)
from pfp_course.questions.kinds.form import (
    ChangedError,
    Form,
    Line,
    Mark,
    Part,
    UnreadError,
    are_positions,
    in_order,
    position,
)
from pfp_course.questions.texts import as_plain, literal, spoken

__all__ = ["Classify", "ClassifyForm", "Match", "MatchForm"]


class ItemForm(Part):
    """An item, the position of the option that belongs to it, and the reply to another."""

    text: str
    right: int = -1
    say: str = ""


class PairsForm(Form):
    """Items and options. A response is the list of the options' positions, one for each item."""

    items: tuple[ItemForm, ...]
    options: tuple[str, ...]

    decisive = (*Form.decisive, "items", "options")

    def parse(self, response: Any) -> list[int]:
        """Return the position of an option for each item."""
        if not are_positions(response, len(self.options)) or len(response) != len(self.items):
            raise UnreadError("Choose an answer for every line first.")
        return response

    def score(self, answer: list[int]) -> Mark:
        """Return the mark: the share of items that have their option."""
        wrong = [item for item, one in zip(self.items, answer, strict=True) if item.right != one]
        if not wrong:
            return Mark("right", 1.0, ())
        share = (len(self.items) - len(wrong)) / len(self.items)
        return Mark.partial(share, *(item.say for item in wrong))

    def shown(self) -> dict[str, Any]:
        """Return the items without their options, and all options."""
        items = [{"text": item.text} for item in self.items]
        return {"options": list(self.options), "items": items}

    def solution(self) -> list[str]:
        """Return each item with its option."""
        return [f"{item.text}: {self.options[item.right]}" for item in self.items]

    def interaction(self) -> Interaction:
        """Return the items and the options."""
        items = (PairedItem(item.text, item.right, item.say) for item in self.items)
        return Pair(tuple(items), self.options)

    def in_words(self, response: Any) -> str:
        """Return each item with the option chosen."""
        pairs = zip(self.items, response, strict=True)
        return "; ".join(
            f"{as_plain(item.text)}: {as_plain(self.options[position(one)])}" for item, one in pairs
        )

    def print_lines(self, seed: str) -> list[Line]:
        """Return the items with a line to write on."""
        return [Line("____", item.text) for item in self.items]

    def print_options(self) -> tuple[str, ...]:
        """Return the options."""
        return self.options

    def aligned(self, later: Self) -> Self:
        """Return a later form, its items and options in the order of this one."""
        items = []
        for item in in_order(self.items, later.items):
            text = later.options[item.right]
            if text not in self.options:
                raise ChangedError
            items.append(item.model_copy(update={"right": self.options.index(text)}))
        return later.model_copy(update={"items": tuple(items), "options": self.options})


class MatchForm(PairsForm):
    """Each item belongs to another option; the options stand in alphabetical order."""

    kind: Literal["match"]


class ClassifyForm(PairsForm):
    """Each item belongs to one of a few categories, which stand in the author's order."""

    kind: Literal["classify"]


class Item(Strict):
    """A thing to be paired, the option that belongs to it, and what to say to another."""

    text: Text
    with_: Annotated[Expression, Field(alias="with")]
    say: Text


class _PairsQuestion(Question):
    """Items, each with its option. A response is the list of the options' positions."""

    items: Annotated[list[Item], Field(min_length=2, max_length=20)]

    def problems(self) -> Problems:
        """Yield what is wrong with the items."""
        texts = [item.text.strip() for item in self.items]
        for number, text in enumerate(texts):
            if texts.index(text) != number:
                yield ("items", number), "the item stands twice. Change one."

    def _pairs(self, values: Values, extra: list[str]) -> tuple[list[ItemForm], list[str]]:
        """Return the items and the options; ``extra`` are offered whether or not one uses them."""
        right = [_option(item, values) for item in self.items]
        options = list(dict.fromkeys([*map(values.fill, extra), *right]))
        if len(options) < 2:
            raise CourseError("there is only one option. Add another.")
        items = [
            ItemForm(
                text=values.fill(item.text), right=options.index(text), say=values.fill(item.say)
            )
            for item, text in zip(self.items, right, strict=True)
        ]
        return items, options


def _option(item: Item, values: Values) -> str:
    # What an author writes is a text like others; what the data give is no markup.
    if isinstance(item.with_, str):
        return values.fill(spoken(item.with_))
    return literal(spoken(values.evaluate(item.with_)))


@register
class Match(_PairsQuestion):
    """Each item belongs to another option; ``others`` are options that belong to none."""

    kind: Literal["match"]
    others: list[str] = []

    form = MatchForm
    front_end = "pairing"

    def problems(self) -> Problems:
        """Yield what is wrong with the items."""
        yield from super().problems()
        if len(self.others) > 6:
            yield ("others",), "more than six further options confuse. Take some out."

    def public(self, values: Values, common: Any) -> MatchForm:
        """Return the public form, its options in alphabetical order, which gives nothing away."""
        items, written = self._pairs(values, self.others)
        options = sorted(written, key=str.casefold)
        items = [
            item.model_copy(update={"right": options.index(written[item.right])}) for item in items
        ]
        return MatchForm(**common, items=tuple(items), options=tuple(options))


@register
class Classify(_PairsQuestion):
    """Categories in their order, and items that belong to them; a category may stay empty."""

    kind: Literal["classify"]
    categories: Annotated[list[Text], Field(min_length=2, max_length=7)]

    form = ClassifyForm
    front_end = "pairing"

    def public(self, values: Values, common: Any) -> ClassifyForm:
        """Return the public form; the data must name no category beside these."""
        items, options = self._pairs(values, self.categories)
        if len(options) > len(self.categories):
            unknown = options[len(self.categories)]
            raise CourseError(f"{unknown!r} is none of the categories. Add it, or mend the item.")
        return ClassifyForm(**common, items=tuple(items), options=tuple(options))
