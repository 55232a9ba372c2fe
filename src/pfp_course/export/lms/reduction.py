"""What not every target can say of a question, or ask, and what is done instead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from itertools import chain
from typing import Protocol, TypeAlias

from pfp_course.export.lms.model import Item
from pfp_course.export.lms.render import picture
from pfp_course.questions.interactions import (
    Answer,
    Arrange,
    Choose,
    Essay,
    Fill,
    Interaction,
    Option,
    Pair,
    PairedItem,
    Pick,
    Range,
    WriteNumber,
    WriteText,
)
from pfp_course.questions.kinds.gaps import GAP
from pfp_course.questions.texts import literal, spoken

__all__ = ["COMMON", "USUAL", "Feature", "as_text", "features_of", "gaps_of", "reduced"]


class Feature(Enum):
    """What a question may have besides what it asks, and what is done where it cannot be said."""

    hints = "hints before the second attempt", "hints are left out"
    attempts = (
        "a limit of attempts for one question",
        "set the attempts in the settings of the quiz",
    )
    confidence = "the question how sure the student is", "it is not asked"
    spelling = (
        "a text in which accents, punctuation and spaces do not matter",
        "the accepted forms are listed, with and without these signs",
    )
    near = (
        "a slip of one letter, which is told as near and costs no attempt",
        "it is wrong like any other",
    )
    date = "a date in any way of writing it", "the usual ways are listed as accepted texts"
    number = (
        "a number written with a comma, as a fraction or with its unit",
        "digits with a point are taken",
    )
    unit = "the unit of a number", "the unit stands in the text of the question"
    half_open = "a range without its upper end", "its upper end counts, too"
    partial = "a wrong answer that earns a part of the points", "it earns nothing"
    weights = (
        "options that earn or cost different parts of the points",
        "it is right only as a whole",
    )
    option_reply = "a reply to each option", "the reason alone is shown afterwards"
    answer_reply = "a reply to a known wrong answer", "the reason alone is shown afterwards"
    other_reply = (
        "a reply to every other answer that is typed",
        "the reason alone is shown afterwards",
    )
    item_reply = (
        "a reply to each item that is paired wrongly",
        "they stand together in the reply to a wrong answer",
    )
    order_reply = "a reply to a wrong order", "the reason alone is shown afterwards"
    order_share = (
        "a part of the points by the pairs that stand in order",
        "the share of the items in their right place counts",
    )
    levels = (
        "the student's own judgement by a rubric",
        "you mark the text by the rubric, which is in its notes or feedback",
    )
    points = "the points of a question", "every question is worth 1; set the points in the quiz"
    drawn_variant = (
        "variants, of which each student is asked one",
        "each variant is a question of its own; choose one of them",
    )
    tags = "the objective of a question", "it is left out"
    shuffle = (
        "options in another order for each student",
        "they stand in a mixed order, the same for all",
    )

    def __init__(self, what: str, instead: str) -> None:
        self.what, self.instead = what, instead


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

_Has: TypeAlias = Iterable[tuple[Feature, bool]]


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
    found = chain(common, *map(_of_interaction, gaps))
    yield from dict.fromkeys(feature for feature, has in found if has)


def _of_interaction(asks: Interaction) -> _Has:
    match asks:
        case Choose(options=options):
            return (
                (Feature.shuffle, asks.shuffle),
                (Feature.weights, asks.many or any(0 < one.share < 1 for one in options)),
                (Feature.option_reply, any(one.say for one in options)),
            )
        case WriteText():
            loose = not asks.signs and not asks.is_date
            return (
                (Feature.date, asks.is_date),
                (Feature.spelling, loose),
                (Feature.near, loose),
                *_of_answers(asks.answers, asks.otherwise),
            )
        case WriteNumber():
            return (
                (Feature.number, True),
                (Feature.unit, bool(asks.unit)),
                (Feature.half_open, any(one.open for one in asks.ranges)),
                *_of_answers(asks.ranges, asks.otherwise),
            )
        case Pair(items=items):
            return ((Feature.item_reply, any(one.say for one in items)),)
        case Arrange():
            return ((Feature.order_share, True), (Feature.order_reply, bool(asks.otherwise)))
        case Essay():
            return ((Feature.levels, bool(asks.rubric)),)
    return ()


def _of_answers(answers: Sequence[Answer | Range], otherwise: str) -> _Has:
    return (
        (Feature.partial, any(0 < one.share < 1 for one in answers)),
        (Feature.answer_reply, any(one.say for one in answers)),
        (Feature.other_reply, bool(otherwise)),
    )


class Tell(Protocol):
    """Takes a note on a question for the report."""

    def __call__(self, item: Item, what: str, instead: str, *, left_out: bool = False) -> None:
        """Note what cannot be said, and what is done instead."""


def reduced(item: Item, can: frozenset[type], tell: Tell) -> Iterator[Item]:
    """Yield a question as one or more that ask only what a target can.

    ``can`` holds the interactions of the target; ``tell`` is told what is changed or left out.
    """
    if type(item.asks) in can:
        yield item
        return
    for simpler in _simpler(item, can, tell):
        yield from reduced(simpler, can, tell)


def _simpler(item: Item, can: frozenset[type], tell: Tell) -> Iterator[Item]:
    match item.asks:
        case Fill():
            tell(item, "several gaps in one text", "each gap is a question of its own")
            yield from _gaps(item, item.asks)
        case Arrange():
            instead = (
                "each item is matched with its place"
                if Pair in can
                else "for each place the item is chosen from a list"
            )
            tell(item, "putting things into their order", instead)
            yield from [_places(item, item.asks)] if Pair in can else _by_place(item, item.asks)
        case Pair():
            tell(item, "matching items with options", "each item is a question of its own")
            yield from _by_item(item, item.asks)
        case Pick():
            tell(item, "picking in a picture", "the picture is shown, and a list to choose from")
            yield _with_picture(item, item.asks)
        case WriteNumber():
            tell(
                item,
                "a number within a tolerance",
                "it is compared as text; whole numbers and the key within it are accepted",
            )
            yield item.asking(item.form.ask + item.asks.demand, as_text(item.asks))
        case asks:
            kind = item.form.kind
            by_hand = isinstance(asks, Essay)
            what = "a text that a person marks" if by_hand else f"a question of the kind {kind}"
            tell(item, what, "it is not in the file", left_out=True)


def gaps_of(asks: Fill) -> Iterator[tuple[Choose | WriteText | WriteNumber, float]]:
    """Yield what each gap asks, with the reply that all share, and its share of the points."""
    whole = sum(gap.weight for gap in asks.gaps)
    for gap in asks.gaps:
        asked = gap.asks
        if not isinstance(asked, Choose) and not asked.otherwise:
            asked = replace(asked, otherwise=asks.otherwise)
        yield asked, gap.weight / whole


def _gaps(item: Item, asks: Fill) -> Iterator[Item]:
    for number, (asked, share) in enumerate(gaps_of(asks), 1):
        shown = GAP.sub(lambda found: "____" if int(found[1]) == number else "…", item.form.ask)  # noqa: B023
        yield item.part(number, shown, asked, share)


def _places(item: Item, asks: Arrange) -> Item:
    options = tuple(str(number) for number in range(1, len(asks.items) + 1))
    # One reply is for all of them.
    replies = [asks.otherwise, *("" for _ in asks.items[1:])]
    items = tuple(
        PairedItem(text, place, say)
        for place, (text, say) in enumerate(zip(asks.items, replies, strict=True))
    )
    ends = f" 1 = {asks.ends[0]}, {len(asks.items)} = {asks.ends[1]}." if asks.ends else ""
    return item.asking(item.form.ask + ends, Pair(items, options))


def _by_place(item: Item, asks: Arrange) -> Iterator[Item]:
    shown = tuple(sorted(asks.items))
    first = f" (1 = {asks.ends[0]})" if asks.ends else ""
    places = tuple(
        PairedItem(f"Place {place} of {len(shown)}{first}", shown.index(right), asks.otherwise)
        for place, right in enumerate(asks.items, 1)
    )
    return _by_item(item, Pair(places, shown))


def _by_item(item: Item, asks: Pair) -> Iterator[Item]:
    for number, one in enumerate(asks.items, 1):
        options = tuple(
            Option(text, float(place == one.right), "" if place == one.right else one.say)
            for place, text in enumerate(asks.options)
        )
        ask = f"{item.form.ask}\n{one.text}:"
        yield item.part(number, ask, Choose(options), 1 / len(asks.items))


def _with_picture(item: Item, asks: Pick) -> Item:
    shown = picture(asks.drawing).as_text()
    options = tuple(
        replace(
            option, text=f"{option.text} ({literal(option.note)})" if option.note else option.text
        )
        for option in asks.options
    )
    return item.asking(f"{item.form.ask}\n{shown}", Choose(options))


def as_text(asks: WriteNumber) -> WriteText:
    """Return a number as texts: the key, and the whole numbers of ranges that hold few of them."""
    answers: dict[str, Answer] = {}
    key = asks.shown.removesuffix(asks.unit).strip()
    for number, one in enumerate(asks.ranges):
        texts = [key] if number == 0 and key else []
        texts += _texts(one)
        texts += [f"{text} {asks.unit}" for text in texts] if asks.unit else []
        for text in texts:
            answers.setdefault(text, Answer(text, one.share, one.say))
    return WriteText(tuple(answers.values()), signs=True, otherwise=asks.otherwise)


_MOST_WHOLE = 20


def _texts(one: Range) -> list[str]:
    texts = [] if one.value is None else [_plain(one.value), spoken(one.value)]
    low, high = -int(-one.low // 1), int(one.high // 1)
    if high - low < _MOST_WHOLE:
        texts += [str(number) for number in range(low, high + 1)]
    return list(dict.fromkeys(texts))


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else f"{number:.10g}"
