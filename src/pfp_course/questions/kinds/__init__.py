"""The kinds of question, one module each. A new kind is added here and in ``frontend/kinds``."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from pfp_course.questions.kinds import (
    classify,
    day,
    match,
    multiple,
    numeric,
    order,
    pairing,
    place,
    point,
    single,
    text,
)
from pfp_course.questions.kinds import open as open_answer
from pfp_course.questions.kinds.common import Facts, Mark, Question, Spec

__all__ = ["KINDS", "AnyQuestion", "Facts", "Mark", "Question", "Spec", "mark"]

AnyQuestion: TypeAlias = Annotated[
    single.Single
    | multiple.Multiple
    | numeric.Numeric
    | text.ShortText
    | day.Day
    | order.Order
    | match.Match
    | classify.Classify
    | place.Place
    | point.PointOnChart
    | open_answer.OpenAnswer,
    Field(discriminator="kind"),
]

_MARKERS: dict[str, Callable[[Spec, Any], Mark]] = {
    "single": single.mark,
    "multiple": multiple.mark,
    "numeric": numeric.mark,
    "text": text.mark,
    "date": day.mark,
    "order": order.mark,
    "match": pairing.mark,
    "classify": pairing.mark,
    # One of several things is picked, whatever the picture.
    "place": single.mark,
    "point": single.mark,
    "open": open_answer.mark,
}
KINDS = tuple(_MARKERS)


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a response to a question in its public form. It never raises for any response.

    A released question has no key; see `exam.saved`.
    """
    return _MARKERS[spec["kind"]](spec, response)
