"""What every kind of question has: its fields, its public form and its mark."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pfp_course.errors import CourseError
from pfp_course.questions.expressions import check_shape, evaluate
from pfp_course.questions.texts import fill

__all__ = [
    "Choice",
    "Expression",
    "Facts",
    "Mark",
    "Question",
    "Spec",
    "State",
    "Strict",
    "Text",
    "Trap",
]

Expression: TypeAlias = Annotated[Any, AfterValidator(check_shape)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]
Identifier: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{2}\.[a-z0-9][a-z0-9-]*$")]
Spec: TypeAlias = dict[str, Any]
_MOST_VARIANTS = 60

State: TypeAlias = Literal["right", "part", "wrong", "near", "unread", "saved"]
"""``near`` and ``unread`` answers cost no attempt: the first is misspelt, the second is not
understood or empty. A ``saved`` answer is kept and not marked, or not yet."""


@dataclass(frozen=True)
class Mark:
    """What an answer earned: its state, its share of the points (0 to 1), and what to say."""

    state: State
    share: float
    says: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the mark in the form that the front end and the test vectors use."""
        return {**asdict(self), "says": list(self.says)}


@dataclass(frozen=True)
class Facts:
    """The values that a question's texts may name."""

    names: dict[str, Any]

    def fill(self, text: str) -> str:
        """Put the values into a text."""
        return fill(text, self.names)

    def evaluate(self, expression: Any) -> Any:
        """Return the value of an expression, which may use the values by name."""
        return evaluate(expression, self.names)


class Strict(BaseModel):
    """A part of a bank: it knows its fields and refuses others."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Choice(Strict):
    """One of the answers to choose from."""

    text: Text
    right: bool = False
    say: str = ""
    pin: bool = False


class Trap(Strict):
    """A wrong answer that many give, and what to tell them."""

    value: Expression = None
    text: str | None = None
    say: Text


class Question(Strict):
    """What all kinds share. A kind adds its own fields, its public form and its marking."""

    id: Identifier
    objective: str
    inline: bool = False
    points: Annotated[int, Field(ge=1, le=10)] = 1
    confidence: bool = False
    attempts: Annotated[int, Field(ge=1, le=20)] | None = None
    vary: dict[str, Expression] = {}
    let: dict[str, Expression] = {}
    ask: Text
    hints: Annotated[list[Text], Field(max_length=4)] = []
    because: Text
    source: Annotated[list[str], Field(min_length=1)]

    kind: str
    key: Expression = None

    # The fields of the public form on which a mark depends; a change of one of them makes
    # an old mark void.
    decisive: ClassVar[tuple[str, ...]] = ("kind", "ask", "points")

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong within the question: the place of a field, and the mend."""
        yield from ()

    def combinations(self) -> list[dict[str, Any]]:
        """Return every combination of the values of ``vary``; one empty one if there is none.

        Raises
        ------
        CourseError
            If a value is no list, or there are too many combinations to check.
        """
        lists = {name: evaluate(expression) for name, expression in self.vary.items()}
        for name, values in lists.items():
            if not isinstance(values, list) or len(values) < 2:
                raise CourseError(f"'vary' needs a list of two values or more for {name!r}.")
        found = [
            dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values())
        ]
        if len(found) > _MOST_VARIANTS:
            raise CourseError(f"{len(found)} variants are too many. Keep to {_MOST_VARIANTS}.")
        return found

    def facts(self, varied: dict[str, Any]) -> Facts:
        """Return the values of ``vary``, of ``let`` and, where there is one, of the key."""
        facts = Facts(dict(varied))
        for name, expression in self.let.items():
            facts.names[name] = facts.evaluate(expression)
        if self.key is not None:
            facts.names["key"] = facts.evaluate(self.key)
        return facts

    def answer(self, facts: Facts) -> Spec:
        """Return the fields of the public form that belong to this kind.

        Raises
        ------
        CourseError
            If the data do not give a usable key.
        """
        raise NotImplementedError


Marker: TypeAlias = Callable[[Spec, Any], Mark]
