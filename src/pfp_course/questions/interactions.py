"""What a question asks and what each answer earns, in terms that are no format's own.

A kind of question describes itself by one of these interactions (`Form.interaction`), and an
export for a learning management system is written from them. Texts have the marks of a bank. A
share is what an answer earns of the points, from -1 to 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

__all__ = [
    "ALL",
    "Answer",
    "Arrange",
    "Choose",
    "Criterion",
    "Essay",
    "Fill",
    "Gap",
    "Interaction",
    "Option",
    "Pair",
    "PairedItem",
    "Pick",
    "Range",
    "WriteNumber",
    "WriteText",
]


@dataclass(frozen=True)
class Option:
    """Something to choose: its text, its share, the reply, and whether it keeps its place.

    ``note`` says in words what a drawing shows of it.
    """

    text: str
    share: float
    say: str = ""
    pin: bool = False
    note: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it earns points."""
        return self.share > 0


@dataclass(frozen=True)
class Choose:
    """One option is taken, or ``many``, whose shares are then added and kept from 0 to 1."""

    options: tuple[Option, ...]
    many: bool = False
    shuffle: bool = False


@dataclass(frozen=True)
class Answer:
    """A text that may be typed, its share and the reply to it."""

    text: str
    share: float
    say: str = ""


@dataclass(frozen=True)
class WriteText:
    """A text is typed; the first answer that matches counts.

    ``case`` and ``signs`` tell whether capital letters, and accents and punctuation, matter.
    ``otherwise`` is the reply to any other text; ``is_date`` that the text is a date, of which
    the answers are the usual ways to write it.
    """

    answers: tuple[Answer, ...]
    case: bool = False
    signs: bool = False
    otherwise: str = ""
    is_date: bool = False

    def different(self, *, case: bool = False, right: bool = False) -> Iterator[Answer]:
        """Yield the answers, or the right ones, that differ in more than capital letters.

        With ``case`` those that differ in these alone are yielded, too.
        """
        by_key: dict[str, Answer] = {}
        for one in self.answers:
            if one.share == 1 or not right:
                by_key.setdefault(one.text if case else one.text.casefold(), one)
        yield from by_key.values()


@dataclass(frozen=True)
class Range:
    """The numbers from ``low`` to ``high``, their share and the reply.

    ``high`` itself is left out where ``open`` is true; ``value`` is the number in the middle,
    where the range was given by one.
    """

    low: float
    high: float
    share: float
    say: str = ""
    open: bool = False
    value: float | None = None

    @property
    def middle(self) -> float:
        """The number by which the range was given, or the one in its middle."""
        return (self.low + self.high) / 2 if self.value is None else self.value


@dataclass(frozen=True)
class WriteNumber:
    """A number is typed; the first range that holds it counts."""

    ranges: tuple[Range, ...]
    unit: str = ""
    otherwise: str = ""
    shown: str = ""  # the key in words, with its unit

    @property
    def demand(self) -> str:
        """What is added to the text of the question: the unit, if there is one."""
        return f" ({self.unit})" if self.unit else ""


@dataclass(frozen=True)
class PairedItem:
    """An item to be paired: its text, the position of its option, the reply to another one."""

    text: str
    right: int
    say: str = ""


@dataclass(frozen=True)
class Pair:
    """Each item is given one of the options; an option may belong to several items, or to none."""

    items: tuple[PairedItem, ...]
    options: tuple[str, ...]

    @property
    def unused(self) -> list[str]:
        """The options that belong to no item."""
        used = {one.right for one in self.items}
        return [text for place, text in enumerate(self.options) if place not in used]


@dataclass(frozen=True)
class Arrange:
    """Items in their right order, from the first of the two ``ends`` to the second."""

    items: tuple[str, ...]
    ends: tuple[str, ...] = ()
    otherwise: str = ""

    @property
    def demand(self) -> str:
        """What is added to the text of the question: from what to what, if the ends have names."""
        first, last = self.ends or ("", "")
        return f"\nFrom the first ({first}) to the last ({last}):" if self.ends else ""


@dataclass(frozen=True)
class Pick:
    """One option is picked in a drawing (a `kinds.hotspot.Drawing`) or in a list."""

    options: tuple[Option, ...]
    drawing: Any


@dataclass(frozen=True)
class Criterion:
    """What is judged, and its levels from the lowest to the highest."""

    text: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Essay:
    """A text that a person marks: the least number of words, and the rubric.

    ``known`` are the right answers of a kind that has no other form here; it is empty otherwise.
    """

    words: int = 1
    rubric: tuple[Criterion, ...] = ()
    known: tuple[str, ...] = ()

    @property
    def demand(self) -> str:
        """What is added to the text of the question: how many words, if more than one."""
        return f"\nWrite at least {self.words} words." if self.words > 1 else ""


@dataclass(frozen=True)
class Gap:
    """A gap in the text of a question: its weight, and what is asked in it."""

    asks: Choose | WriteText | WriteNumber
    weight: int = 1


@dataclass(frozen=True)
class Fill:
    """The gaps of a text, which stand in it as ``[[1]]``, ``[[2]]`` and so on."""

    gaps: tuple[Gap, ...]
    otherwise: str = ""


Interaction: TypeAlias = Choose | WriteText | WriteNumber | Pair | Arrange | Pick | Essay | Fill
ALL: frozenset[type] = frozenset(get_args(Interaction))
