"""An open answer, which the student judges by a rubric."""

from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.questions.kinds.common import Facts, Mark, Question, Spec, Strict, Text

__all__ = ["Criterion", "OpenAnswer", "mark"]


class Criterion(Strict):
    """What is judged, and its levels from the lowest to the highest."""

    text: Text
    levels: Annotated[list[Text], Field(min_length=2, max_length=4)]


class OpenAnswer(Question):
    """A text of some words. A response is ``{"text": ..., "levels": [...]}``.

    First the text is saved; then the rubric and a model answer (``because``) appear, and the
    student chooses a level for each criterion. The share is what the student gave.
    """

    kind: Literal["open"]
    words: Annotated[int, Field(ge=1, le=500)] = 15
    rubric: Annotated[list[Criterion], Field(min_length=1, max_length=8)]

    decisive = (*Question.decisive, "rubric")

    def answer(self, facts: Facts) -> Spec:
        """Return the least number of words, and the rubric."""
        rubric = [
            {"text": facts.fill(one.text), "levels": [facts.fill(level) for level in one.levels]}
            for one in self.rubric
        ]
        return {"words": self.words, "rubric": rubric}


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a text and the levels that the student gave it."""
    text = response.get("text") if isinstance(response, dict) else None
    count = len(text.split()) if isinstance(text, str) else 0
    if count < spec["words"]:
        return Mark("unread", 0.0, (f"Write at least {spec['words']} words first.",))
    levels = response.get("levels") or []
    rubric = spec["rubric"]
    if not levels:
        return Mark("saved", 0.0, ("Now judge your own text by the points below.",))
    if (
        not isinstance(levels, list)
        or len(levels) != len(rubric)
        or any(
            type(level) is not int or not 0 <= level < len(criterion["levels"])
            for level, criterion in zip(levels, rubric, strict=False)
        )
    ):
        return Mark("saved", 0.0, ("Choose a level for every point.",))
    most = sum(len(criterion["levels"]) - 1 for criterion in rubric)
    share = sum(levels) / most
    return Mark("right" if share == 1 else "part", share, ("This is your own judgement.",))
