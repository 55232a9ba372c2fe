"""What tests need beside Python: a test whose program is missing is skipped, and that is told."""

from collections.abc import Iterable

import pytest
from programs import PROGRAMS, in_ci, mend, why_not

_REASONS = {name: f"This needs {name}, which {told.purpose}: " for name, told in PROGRAMS.items()}


def need(*names: str) -> None:
    """Skip a test whose program cannot be used; fail it in continuous integration."""
    for name in names:
        if wrong := why_not(name):
            (pytest.fail if in_ci() else pytest.skip)(_REASONS[name] + wrong)


def summary(reasons: Iterable[str]) -> str:
    """Return how many tests were skipped for want of a program, and the command that mends it.

    Parameters
    ----------
    reasons
        Why tests were skipped, one for each test.
    """
    wanting = [name for reason in reasons for name, begin in _REASONS.items() if begin in reason]
    if not wanting:
        return ""
    names = [name for name in PROGRAMS if name in wanting]
    tests = "1 test was" if len(wanting) == 1 else f"{len(wanting)} tests were"
    return f"{tests} skipped for want of {', '.join(names)}. To run all: {mend(names)}"
