"""An open answer, which the student judges by a rubric."""

from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.questions import interactions
from pfp_course.questions.kinds import Question, Strict, Text, Values, register
from pfp_course.questions.kinds.form import Form, Mark, Part, UnreadError

__all__ = ["Criterion", "OpenAnswer", "OpenForm"]


class CriterionForm(Part):
    """What is judged, and its levels from the lowest to the highest."""

    text: str
    levels: tuple[str, ...]


class OpenForm(Form):
    """A text of at least so many words. A response is ``{"text": ..., "levels": [...]}``."""

    kind: Literal["open"]
    words: int = 1
    rubric: tuple[CriterionForm, ...] = ()

    is_manual = True
    decisive = (*Form.decisive, "rubric")

    def parse(self, response: Any) -> Any:
        """Return the levels that the student gave a text which is long enough."""
        text = response.get("text") if isinstance(response, dict) else None
        count = len(text.split()) if isinstance(text, str) else 0
        if count < self.words:
            raise UnreadError(f"Write at least {self.words} words first.")
        return response.get("levels") or []

    def score(self, answer: Any) -> Mark:
        """Return the share that the student's own levels give."""
        if not answer:
            return Mark("saved", 0.0, ("Now judge your own text by the points below.",))
        if (
            not isinstance(answer, list)
            or len(answer) != len(self.rubric)
            or any(
                type(level) is not int or not 0 <= level < len(criterion.levels)
                for level, criterion in zip(answer, self.rubric, strict=True)
            )
        ):
            return Mark("saved", 0.0, ("Choose a level for every point.",))
        most = sum(len(criterion.levels) - 1 for criterion in self.rubric)
        share = sum(answer) / most
        return Mark("right" if share == 1 else "part", share, ("This is your own judgement.",))

    def shown(self) -> dict[str, Any]:
        """Return the least number of words."""
        return {"words": self.words}

    def solution(self) -> list[str]:
        """Return the rubric."""
        return [f"{criterion.text} ({', '.join(criterion.levels)})" for criterion in self.rubric]

    def interaction(self) -> interactions.Essay:
        """Return the least number of words, and the rubric."""
        rubric = (interactions.Criterion(one.text, one.levels) for one in self.rubric)
        return interactions.Essay(self.words, tuple(rubric))

    def answer_line(self) -> None:
        """Return None: there is no right answer by which variants could be told apart."""

    def in_words(self, response: Any) -> str:
        """Return the text."""
        return str(response["text"])


class Criterion(Strict):
    """What is judged, and its levels from the lowest to the highest."""

    text: Text
    levels: Annotated[list[Text], Field(min_length=2, max_length=4)]


@register
class OpenAnswer(Question):
    """A text of some words. A response is ``{"text": ..., "levels": [...]}``.

    First the text is saved; then the rubric and a model answer (``because``) appear, and the
    student chooses a level for each criterion. The share is what the student gave.
    """

    kind: Literal["open"]
    words: Annotated[int, Field(ge=1, le=500)] = 15
    rubric: Annotated[list[Criterion], Field(min_length=1, max_length=8)]

    form = OpenForm
    front_end = "open"

    def public(self, values: Values, common: Any) -> OpenForm:
        """Return the least number of words, and the rubric."""
        rubric = [
            CriterionForm(
                text=values.fill(criterion.text),
                levels=tuple(values.fill(level) for level in criterion.levels),
            )
            for criterion in self.rubric
        ]
        return OpenForm(**common, words=self.words, rubric=tuple(rubric))
