"""The kinds of question, and what all of them have in a bank: fields, values, a name.

A module of this package holds a kind, or several that are alike: the class of a question in a
bank, which `register` makes known, and the class of its public form, which reads a response,
marks it, releases itself, says its solution and prints itself. A new kind is a module here and
one in ``frontend/kinds``, which its class names as ``front_end``.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, Union, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import CoreSchema

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.questions.expressions import check_shape, evaluate
from pfp_course.questions.kinds.form import Form, Mark, Spec
from pfp_course.questions.texts import fill

__all__ = [
    "KINDS",
    "AnyQuestion",
    "Expression",
    "Form",
    "Identifier",
    "Mark",
    "Problems",
    "Question",
    "Spec",
    "Strict",
    "Task",
    "Text",
    "Tolerance",
    "Trap",
    "Values",
    "form_of",
    "mark",
    "register",
]


def _shaped(expression: Any, info: ValidationInfo) -> Any:
    return check_shape(expression, (info.context or {})["course"])


Expression: TypeAlias = Annotated[Any, AfterValidator(_shaped)]
"""A literal or an expression over the tables of the course in the context of the validation."""
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]
Identifier: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{2}\.[a-z0-9][a-z0-9-]*$")]
Ends: TypeAlias = Annotated[list[float], Field(min_length=2, max_length=2)]
Problems: TypeAlias = Iterator[tuple[tuple[str | int, ...], str]]
"""What is wrong within a question: the path of a field, and the mend."""
_MOST_VARIANTS = 60


@dataclass(frozen=True)
class Values:
    """The values that a question's texts may name, and the course whose data give others."""

    names: dict[str, Any]
    course: Course

    def fill(self, text: str, *, marks: bool = True) -> str:
        """Put the values into a text, which has marks or is what a student types."""
        return fill(text, self.names, marks=marks)

    def evaluate(self, expression: Any) -> Any:
        """Return the value of an expression, which may use the values by name."""
        return evaluate(expression, self.course, self.names)


class Strict(BaseModel):
    """A part of a bank: it knows its fields and refuses others."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Tolerance(Strict):
    """How far an answer may be from the key.

    ``abs`` is in units, ``rel`` a share of the key; ``digits`` asks for the key rounded to so
    many significant digits, or anything nearer to it.
    """

    abs: Annotated[float, Field(ge=0)] = 0.0
    rel: Annotated[float, Field(ge=0, lt=1)] = 0.0
    digits: Annotated[int, Field(ge=1, le=12)] | None = None

    def around(self, key: float) -> float:
        """Return the tolerance in units."""
        rounding = 0.0
        if self.digits is not None and key:
            rounding = 0.5 * 10.0 ** (math.floor(math.log10(abs(key))) - self.digits + 1)
        return max(self.abs, self.rel * abs(key), rounding)


class Trap(Strict):
    """A wrong answer that many give, and what to tell them.

    ``share`` is the part of the points that it earns all the same. A number may have a
    ``tolerance`` of its own, or be a ``range``, whose upper end is left out where ``open`` is
    true.
    """

    value: Expression = None
    text: str | None = None
    share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    tolerance: Tolerance | None = None
    range: Ends | None = None
    open: bool = False
    say: Text

    def reply(self, values: Values) -> dict[str, Any]:
        """Return the share, if there is one, and the reply, as fields of the public form."""
        share = {"share": self.share} if self.share else {}
        return {**share, "say": values.fill(self.say)}


class Task(Strict):
    """What questions and exercises of a bank share."""

    id: Identifier
    objective: str

    # Where the pictures of its texts lie, and whose data it asks: the context of the validation.
    _folder: Path | None = PrivateAttr()
    _course: Course = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        """Keep the ``course`` and, where there is one, the ``folder`` of the context."""
        self._folder, self._course = context.get("folder"), context["course"]

    @property
    def folder(self) -> Path | None:
        """The folder of the bank from which the task was read."""
        return self._folder

    @property
    def course(self) -> Course:
        """The course whose data the task asks."""
        return self._course

    def problems(self) -> Problems:
        """Yield what is wrong within the task."""
        yield from ()


class Question(Task):
    """What all kinds share in a bank. A kind adds its own fields and makes its public form."""

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

    # The class of the public form, and the module in ``frontend/kinds`` that shows it.
    form: ClassVar[type[Form]]
    front_end: ClassVar[str]

    def combinations(self) -> list[dict[str, Any]]:
        """Return every combination of the values of ``vary``; one empty one if there is none.

        Raises
        ------
        CourseError
            If a value is no list, or there are too many combinations to check.
        """
        lists = {name: evaluate(expression, self.course) for name, expression in self.vary.items()}
        for name, values in lists.items():
            if not isinstance(values, list) or len(values) < 2:
                raise CourseError(f"'vary' needs a list of two values or more for {name!r}.")
        combinations = [
            dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values())
        ]
        if len(combinations) > _MOST_VARIANTS:
            raise CourseError(
                f"{len(combinations)} variants are too many. Keep to {_MOST_VARIANTS}."
            )
        return combinations

    def values(self, varied: dict[str, Any]) -> Values:
        """Return the values of ``vary``, of ``let`` and, where there is one, of the key."""
        values = Values(dict(varied), self.course)
        for name, expression in self.let.items():
            values.names[name] = values.evaluate(expression)
        if self.key is not None:
            values.names["key"] = values.evaluate(self.key)
        return values

    def public(self, values: Values, common: Mapping[str, Any]) -> Form:
        """Return the public form.

        Parameters
        ----------
        values : Values
            What the texts may name, with the ``key``.
        common : mapping
            The fields that all forms have.

        Raises
        ------
        CourseError
            If the data do not give a usable key.
        """
        raise NotImplementedError


KINDS: dict[str, type[Question]] = {}
"""The kinds of question by their names in a bank. `register` fills it from each module."""
_Q = TypeVar("_Q", bound=Question)


def register(question: type[_Q]) -> type[_Q]:
    """Make a kind of question known, by the one value of its field ``kind``."""
    (name,) = get_args(question.model_fields["kind"].annotation)
    KINDS[name] = question
    return question


# The modules of the kinds need what stands above, and make themselves known here.
for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


class _OfAKnownKind:
    """Makes pydantic read a question as one of the registered kinds, by its ``kind``."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        union: Any = Union[tuple(KINDS.values())]  # noqa: UP007 - the members are known at run time
        return handler.generate_schema(Annotated[union, Field(discriminator="kind")])


AnyQuestion: TypeAlias = Annotated[Question, _OfAKnownKind()]


def form_of(spec: Spec) -> Form:
    """Return the public form that JSON-ready data describe, such as those of a page or a key.

    Raises
    ------
    CourseError
        If they describe no question of a known kind.
    """
    try:
        return KINDS[spec["kind"]].form.model_validate(spec)
    except (KeyError, TypeError, ValidationError):
        name = spec.get("id") if isinstance(spec, dict) else None
        raise CourseError(f"the question {name!r} has no form that is known here.") from None


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a response to a question in its public form; to a released one, tell if it is read.

    It never raises for any response.
    """
    return form_of(spec).mark(response)
