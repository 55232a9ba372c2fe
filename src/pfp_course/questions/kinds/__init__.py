"""The kinds of question.

A module of this package holds a kind, or several that are alike: the class of a question in a
bank, which `register` makes known, and the class of its public form, which reads a response,
marks it, releases itself, says its solution and prints itself. A new kind is a module here and
one in ``frontend/kinds``, which its class names as ``front_end``.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any, TypeAlias, Union

from pydantic import Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import KINDS, Question, Values
from pfp_course.questions.kinds.form import Form, Mark, Spec

__all__ = ["KINDS", "AnyQuestion", "Form", "Mark", "Question", "Spec", "Values", "form_of", "mark"]

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
