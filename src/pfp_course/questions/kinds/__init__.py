"""The kinds of question, one module each. A new kind is added here and in ``frontend/kinds``."""

from typing import Annotated, Any, TypeAlias

from pydantic import Field

from pfp_course.questions.kinds import multiple, numeric, single, text
from pfp_course.questions.kinds.common import Facts, Mark, Question, Spec

__all__ = ["AnyQuestion", "Facts", "Mark", "Question", "Spec", "mark"]

AnyQuestion: TypeAlias = Annotated[
    single.Single | multiple.Multiple | numeric.Numeric | text.ShortText,
    Field(discriminator="kind"),
]

_MARKERS = {
    "single": single.mark,
    "multiple": multiple.mark,
    "numeric": numeric.mark,
    "text": text.mark,
}


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a response to a question in its public form. It never raises for any response."""
    return _MARKERS[spec["kind"]](spec, response)
