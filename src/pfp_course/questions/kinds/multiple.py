"""Multiple choice: every right answer, and no wrong one."""

from typing import Any, Literal

from pfp_course.questions.kinds.choosing import Choosing
from pfp_course.questions.kinds.common import Mark, Spec

__all__ = ["Multiple", "mark"]


class Multiple(Choosing):
    """One or more choices are right. A response is a list of positions, from 0.

    A wrong choice takes away what a right one gives, so that choosing all earns nothing much.
    """

    kind: Literal["multiple"]


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a list of positions of choices."""
    choices = spec["choices"]
    if (
        not isinstance(response, list)
        or not response
        or any(type(item) is not int or not 0 <= item < len(choices) for item in response)
        or len(set(response)) < len(response)
    ):
        return Mark("unread", 0.0, ("Choose at least one answer first.",))
    chosen = [choices[position] for position in sorted(response)]
    hits = sum(choice["right"] for choice in chosen)
    wrong = len(chosen) - hits
    missing = sum(choice["right"] for choice in choices) - hits
    says = [choice["say"] for choice in chosen if choice["say"]]
    if hits and not wrong and not missing:
        return Mark("right", 1.0, tuple(says))
    if missing:
        says.append(
            "One right answer is missing."
            if missing == 1
            else f"{missing} right answers are missing."
        )
    # A released question has no right choice that could be counted.
    share = max(0, hits - wrong) / max(1, hits + missing)
    return Mark("part" if share else "wrong", share, tuple(says))
