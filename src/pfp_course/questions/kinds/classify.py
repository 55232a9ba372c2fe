"""Classification: each item belongs into one of a few categories."""

from typing import Annotated, Literal

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import Facts, Spec, Text
from pfp_course.questions.kinds.pairing import Pairing

__all__ = ["Classify"]


class Classify(Pairing):
    """Categories in their order, and items that belong to them; a category may stay empty."""

    kind: Literal["classify"]
    categories: Annotated[list[Text], Field(min_length=2, max_length=7)]

    def extra_options(self) -> list[str]:
        """Return all categories."""
        return self.categories

    def answer(self, facts: Facts) -> Spec:
        """Return the items and the categories; the data must name no other."""
        spec = super().answer(facts)
        if len(spec["options"]) > len(self.categories):
            unknown = spec["options"][len(self.categories)]
            raise CourseError(f"{unknown!r} is none of the categories. Add it, or mend the item.")
        return spec
