"""Tests that the grader repeats itself, out of reach of what the student's code has changed.

A test that ``pfp assign --to nbgrader`` wrote compares one value with a key. Where it passes in
the student's kernel, the value is sent over as JSON and compared once more in the grader.
"""

import ast
from dataclasses import dataclass
from typing import Any, get_args

from pfp_course.questions.comparing import Compare, differs, received

__all__ = ["Claim", "claims"]

_LONGEST = 2_000_000


@dataclass(frozen=True)
class Claim:
    """A test says that the value of ``expression`` equals ``key``."""

    expression: str
    key: Any
    compare: Compare
    tolerance: float

    @property
    def request(self) -> str:
        """The expression that sends the value over from a kernel."""
        module = "__import__('pfp_course.questions.comparing', fromlist=['portable'])"
        return f"{module}.portable({self.expression}, {self.compare!r})"

    def holds(self, reply: Any) -> bool:
        """Tell whether a kernel's reply to the request is the right value."""
        try:
            shown = reply["data"]["text/plain"]
            if not isinstance(shown, str) or len(shown) > _LONGEST:
                return False
            text = ast.literal_eval(shown)
            value = received(text)
            return differs(value, self.key, self.compare, self.tolerance) is None
        except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
            return False


def claims(source: str) -> list[Claim]:
    """Return what the asserts of a test cell claim, where they have the form we write.

    Other tests are left to what nbgrader makes of them.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    found = []
    for node in tree.body:
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare):
            call = node.test.left
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id == "differs"
                and len(call.args) == 4
            ):
                found.append(_claim(call))
    return [claim for claim in found if claim is not None]


def _claim(call: ast.Call) -> Claim | None:
    try:
        key, compare, tolerance = (ast.literal_eval(part) for part in call.args[1:])
    except ValueError:
        return None
    if compare not in get_args(Compare):
        return None
    return Claim(ast.unparse(call.args[0]), key, compare, float(tolerance))
