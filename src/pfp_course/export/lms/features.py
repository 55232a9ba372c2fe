"""What a question may have besides what it asks, which not every target can say."""

from collections.abc import Iterator
from enum import Enum
from itertools import chain

from pfp_course.export.lms.model import Item
from pfp_course.questions.interactions import (
    Arrange,
    Choose,
    Essay,
    Fill,
    Interaction,
    Pair,
    WriteNumber,
    WriteText,
)

__all__ = ["COMMON", "USUAL", "Feature", "features_of"]


class Feature(Enum):
    """Something that a question has; its value says what it is."""

    hints = "hints before the second attempt"
    attempts = "a limit of attempts for one question"
    confidence = "the question how sure the student is"
    spelling = "a text in which accents, punctuation and spaces do not matter"
    near = "a slip of one letter, which is told as near and costs no attempt"
    date = "a date in any way of writing it"
    number = "a number written with a comma, as a fraction or with its unit"
    unit = "the unit of a number"
    half_open = "a range without its upper end"
    partial = "a wrong answer that earns a part of the points"
    weights = "options that earn or cost different parts of the points"
    option_reply = "a reply to each option"
    answer_reply = "a reply to a known wrong answer"
    other_reply = "a reply to every other answer that is typed"
    item_reply = "a reply to each item that is paired wrongly"
    order_reply = "a reply to a wrong order"
    order_share = "a part of the points by the pairs that stand in order"
    levels = "the student's own judgement by a rubric"
    points = "the points of a question"
    drawn_variant = "variants, of which each student is asked one"
    tags = "the objective of a question"
    shuffle = "options in another order for each student"

    @property
    def instead(self) -> str:
        """What is done by a target that cannot say it."""
        return _INSTEAD[self]


_INSTEAD = {
    Feature.hints: "hints are left out",
    Feature.attempts: "set the attempts in the settings of the quiz",
    Feature.confidence: "it is not asked",
    Feature.spelling: "the accepted forms are listed, with and without these signs",
    Feature.near: "it is wrong like any other",
    Feature.date: "the usual ways are listed as accepted texts",
    Feature.number: "digits with a point are taken",
    Feature.unit: "the unit stands in the text of the question",
    Feature.half_open: "its upper end counts, too",
    Feature.partial: "it earns nothing",
    Feature.weights: "it is right only as a whole",
    Feature.option_reply: "the reason alone is shown afterwards",
    Feature.answer_reply: "the reason alone is shown afterwards",
    Feature.other_reply: "the reason alone is shown afterwards",
    Feature.order_reply: "the reason alone is shown afterwards",
    Feature.item_reply: "they stand together in the reply to a wrong answer",
    Feature.order_share: "the share of the items in their right place counts",
    Feature.levels: "you mark the text by the rubric, which is in its notes or feedback",
    Feature.points: "every question is worth 1; set the points in the quiz",
    Feature.drawn_variant: "each variant is a question of its own; choose one of them",
    Feature.tags: "it is left out",
    Feature.shuffle: "they stand in a mixed order, the same for all",
}


COMMON = (
    Feature.points,
    Feature.hints,
    Feature.attempts,
    Feature.confidence,
    Feature.drawn_variant,
    Feature.tags,
)
"""What a question of any kind may have."""
USUAL = frozenset(
    {
        Feature.partial,
        Feature.weights,
        Feature.option_reply,
        Feature.answer_reply,
        Feature.other_reply,
        Feature.drawn_variant,
        Feature.tags,
        Feature.shuffle,
    }
)
"""What the formats for banks of questions can say."""


def features_of(item: Item) -> Iterator[Feature]:
    """Yield what a question has, each once."""
    form = item.form
    common = (
        (Feature.hints, bool(form.hints)),
        (Feature.attempts, bool(form.attempts)),
        (Feature.confidence, form.confidence),
        (Feature.points, item.points != 1),
        (Feature.drawn_variant, item.variants > 1),
        (Feature.tags, bool(form.objective)),
    )
    gaps = [gap.asks for gap in item.asks.gaps] if isinstance(item.asks, Fill) else [item.asks]
    found = chain(
        (feature for feature, has in common if has),
        *(_of_interaction(asks) for asks in gaps),
    )
    yield from dict.fromkeys(found)


def _of_interaction(asks: Interaction) -> Iterator[Feature]:
    match asks:
        case Choose(options=options, many=many):
            yield from [Feature.shuffle] if asks.shuffle else []
            shares = {option.share for option in options}
            partial = many or any(0 < share < 1 for share in shares)
            yield from [Feature.weights] if partial else []
            yield from [Feature.option_reply] if any(one.say for one in options) else []
        case WriteText():
            yield from _of_text(asks)
        case WriteNumber():
            yield from _of_number(asks)
        case Pair(items=items) if any(one.say for one in items):
            yield Feature.item_reply
        case Arrange():
            yield Feature.order_share
            yield from [Feature.order_reply] if asks.otherwise else []
        case Essay(rubric=rubric) if rubric:
            yield Feature.levels


def _of_text(asks: WriteText) -> Iterator[Feature]:
    yield from [Feature.date] if asks.is_date else []
    if not asks.signs and not asks.is_date:
        yield from (Feature.spelling, Feature.near)
    yield from [Feature.partial] if any(0 < one.share < 1 for one in asks.answers) else []
    yield from [Feature.answer_reply] if any(one.say for one in asks.answers) else []
    yield from [Feature.other_reply] if asks.otherwise else []


def _of_number(asks: WriteNumber) -> Iterator[Feature]:
    yield Feature.number
    yield from [Feature.unit] if asks.unit else []
    yield from [Feature.half_open] if any(one.open for one in asks.ranges) else []
    yield from [Feature.partial] if any(0 < one.share < 1 for one in asks.ranges) else []
    yield from [Feature.answer_reply] if any(one.say for one in asks.ranges) else []
    yield from [Feature.other_reply] if asks.otherwise else []
