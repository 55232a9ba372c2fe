"""A response in words: for a student's page, for the table of items, for a person who marks."""

import json
from typing import Any

from pfp_course.classroom.grading.owners import identity
from pfp_course.questions.kinds import Spec

__all__ = ["in_words", "token"]

_TYPED = ("numeric", "text", "date")


def in_words(spec: Spec, response: Any) -> str:
    """Return a response in words; one that does not fit the question, as it was written."""
    try:
        return _in_words(spec, response)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        return json.dumps(response, ensure_ascii=False)[:500]


def _in_words(spec: Spec, response: Any) -> str:
    kind = spec["kind"]
    if kind in _TYPED:
        return str(response)
    if kind == "open":
        return str(response["text"])
    if kind == "multiple":
        return "; ".join(spec["choices"][_place(one)]["text"] for one in sorted(response))
    if kind == "order":
        items = (spec["items"][_place(one)] for one in response)
        return "; ".join(f"{number}. {item}" for number, item in enumerate(items, 1))
    if kind in ("match", "classify"):
        pairs = zip(spec["items"], response, strict=True)
        return "; ".join(f"{item['text']}: {spec['options'][_place(one)]}" for item, one in pairs)
    return str(spec["choices"][_place(response)]["text"])


def _place(one: Any) -> int:
    if type(one) is not int or one < 0:
        raise IndexError(one)
    return one


def token(spec: Spec, response: Any) -> str:
    """Return a text that is the same for responses that say the same."""
    if spec["kind"] == "multiple" and isinstance(response, list):
        response = sorted(response, key=str)
    if isinstance(response, str):
        return identity(response)[:100]
    return json.dumps(response, separators=(",", ":"))[:300]
