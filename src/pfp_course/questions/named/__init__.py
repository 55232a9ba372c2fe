"""Functions that a key may call by name, where an answer takes more than a column.

Each module serves one chapter, or a few that share a measure; its public functions are listed
in `FUNCTIONS` by their names.
"""

from collections.abc import Callable
from typing import Any

from pfp_course.questions.named import (
    agreement,
    dating,
    democracies,
    evidence,
    hindsight,
    milestones,
    partners,
    ratios,
    toolbox,
    training,
    voting,
    waiting,
)

__all__ = ["FUNCTIONS"]

_MODULES = (
    agreement,
    dating,
    democracies,
    evidence,
    hindsight,
    milestones,
    partners,
    ratios,
    toolbox,
    training,
    voting,
    waiting,
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(module, name) for module in _MODULES for name in module.__all__
}
