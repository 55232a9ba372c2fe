"""A kind of question that the engine does not have: a number on a scale."""

from pathlib import Path
from typing import Any, Literal

from pfp_course.errors import CourseError
from pfp_course.questions.kinds import Problems, Question, Text, Values, register
from pfp_course.questions.kinds.form import Form, Line, Mark, UnreadError


class ScaleForm(Form):
    """A scale and the right place on it. A response is a whole number of the scale."""

    kind: Literal["scale"]
    low: int
    high: int
    key: int = 0

    decisive = (*Form.decisive, "low", "high", "key")

    def parse(self, response: Any) -> int:
        """Return the number."""
        if type(response) is not int or not self.low <= response <= self.high:
            raise UnreadError(f"Choose a number from {self.low} to {self.high}.")
        return response

    def score(self, answer: int) -> Mark:
        """Return the mark; a neighbour of the right number earns half."""
        if answer == self.key:
            return Mark("right", 1.0, ())
        return Mark.partial(0.5 if abs(answer - self.key) == 1 else 0.0, self.otherwise)

    def shown(self) -> dict[str, Any]:
        """Return the ends of the scale."""
        return {"low": self.low, "high": self.high}

    def solution(self) -> list[str]:
        """Return the right number."""
        return [str(self.key)]

    def print_lines(self, seed: str) -> list[Line]:
        """Return the scale with a circle for each number."""
        return [Line("( )", str(number)) for number in range(self.low, self.high + 1)]


@register
class Scale(Question):
    """A whole number on a scale."""

    kind: Literal["scale"]
    low: int = 1
    high: int
    otherwise: Text

    form = ScaleForm
    front_end = str(Path(__file__).with_suffix(""))

    def problems(self) -> Problems:
        """Yield what is wrong with the ends."""
        if self.low >= self.high:
            yield ("high",), "the scale ends before it begins. Raise 'high'."

    def public(self, values: Values, common: Any) -> ScaleForm:
        """Return the public form; the key must lie on the scale."""
        key = values.names["key"]
        if type(key) is not int or not self.low <= key <= self.high:
            raise CourseError(f"the key {key!r} is not on the scale. Mend the key.")
        otherwise = values.fill(self.otherwise)
        return ScaleForm(**common, low=self.low, high=self.high, key=key, otherwise=otherwise)
