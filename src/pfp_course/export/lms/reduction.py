"""Questions that a target cannot ask, as questions that it can."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from pfp_course.export.lms.drawings import picture
from pfp_course.export.lms.model import Item
from pfp_course.questions.interactions import (
    Answer,
    Arrange,
    Choose,
    Essay,
    Fill,
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

__all__ = ["reduced"]


class Tell(Protocol):
    """Takes a note on a question for the report."""

    def __call__(self, item: Item, what: str, instead: str, *, left_out: bool = False) -> None:
        """Note what cannot be said, and what is done instead."""


def reduced(item: Item, can: frozenset[type], tell: Tell) -> Iterator[Item]:
    """Yield a question as one or more that ask only what a target can.

    Parameters
    ----------
    item : Item
        The question.
    can : frozenset of type
        The interactions of the target.
    tell
        Is told what is changed or left out.
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
                else ("for each place the item is chosen from a list")
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
        case Essay():
            tell(item, "a text that a person marks", "it is not in the file", left_out=True)
        case _:
            tell(
                item,
                f"a question of the kind {item.form.kind}",
                "it is not in the file",
                left_out=True,
            )


def _gaps(item: Item, asks: Fill) -> Iterator[Item]:
    whole = sum(gap.weight for gap in asks.gaps)
    for number, gap in enumerate(asks.gaps, 1):
        shown = GAP.sub(lambda found: "____" if int(found[1]) == number else "…", item.form.ask)  # noqa: B023
        asked = gap.asks
        if not isinstance(asked, Choose) and not asked.otherwise:
            asked = replace(asked, otherwise=asks.otherwise)
        yield item.part(number, shown, asked, gap.weight / whole)


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
    shown = sorted(asks.items)
    for place, right in enumerate(asks.items):
        ask = f"{item.form.ask}\nPlace {place + 1} of {len(shown)}"
        ask += f" (1 = {asks.ends[0]}):" if asks.ends else ":"
        options = tuple(
            Option(text, float(text == right), "" if text == right else asks.otherwise)
            for text in shown
        )
        yield item.part(place + 1, ask, Choose(options), 1 / len(shown))


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
