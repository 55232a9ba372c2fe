"""Read the questions of jupyterquiz, a list in JSON."""

import json
from typing import Any

from pfp_course.errors import CourseError
from pfp_course.questions.bank import UNWRITTEN

__all__ = ["read_jupyterquiz"]


def read_jupyterquiz(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return questions in the form of a bank, and what could not be taken over.

    Raises
    ------
    CourseError
        If the text is not a list of questions in JSON.
    """
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CourseError(f"This is not JSON ({error}). Export the questions again.") from None
    if not isinstance(items, list):
        raise CourseError("A file of jupyterquiz holds a list of questions, and this does not.")
    questions, left = [], []
    for number, item in enumerate(items, start=1):
        try:
            questions.append(_question(number, item))
        except (KeyError, TypeError, AttributeError) as error:
            left.append(f"question {number}: a field is missing or odd ({error}). Write it anew.")
        except CourseError as error:
            left.append(f"question {number}: {error}")
    return questions, left


def _question(number: int, item: dict[str, Any]) -> dict[str, Any]:
    kinds = {
        "multiple_choice": _choices,
        "many_choice": _choices,
        "numeric": _numeric,
        "string": _text,
    }
    if item["type"] not in kinds:
        raise CourseError(f"the type {item['type']!r} is unknown. Write it anew.")
    body = kinds[item["type"]](item)
    return {
        "id": f"q{number}",
        "objective": "",
        "kind": body.pop("kind"),
        "ask": str(item["question"]),
        **body,
        "because": UNWRITTEN,
        "source": ["background"],
    }


def _choices(item: dict[str, Any]) -> dict[str, Any]:
    choices = [
        {
            "text": str(answer.get("answer") or f"`{answer['code']}`"),
            **({"right": True} if answer["correct"] else {}),
            **({"say": str(answer["feedback"])} if answer.get("feedback") else {}),
        }
        for answer in item["answers"]
    ]
    kind = "multiple" if item["type"] == "many_choice" else "single"
    return {"kind": kind, "choices": choices}


def _numeric(item: dict[str, Any]) -> dict[str, Any]:
    right = [answer for answer in item["answers"] if answer.get("correct")]
    if len(right) != 1:
        raise CourseError("it has not exactly one right number or range. Write it anew.")
    if "range" in right[0]:
        low, high = (float(end) for end in right[0]["range"])
        body: dict[str, Any] = {"key": (low + high) / 2, "tolerance": {"abs": (high - low) / 2}}
    else:
        body = {"key": right[0]["value"]}
    traps = [
        {"value": answer["value"], "say": str(answer.get("feedback") or UNWRITTEN)}
        for answer in item["answers"]
        if not answer.get("correct") and "value" in answer
    ]
    return {"kind": "numeric", **body, "traps": traps, "otherwise": _default(item)}


def _text(item: dict[str, Any]) -> dict[str, Any]:
    right = [str(answer["answer"]) for answer in item["answers"] if answer.get("correct")]
    if not right:
        raise CourseError("it has no right answer. Write it anew.")
    traps = [
        {"text": str(answer["answer"]), "say": str(answer.get("feedback") or UNWRITTEN)}
        for answer in item["answers"]
        if not answer.get("correct") and "answer" in answer
    ]
    body = {"key": right[0], "accept": right[1:], "traps": traps, "otherwise": _default(item)}
    return {"kind": "text", **body}


def _default(item: dict[str, Any]) -> str:
    for answer in item["answers"]:
        if answer.get("type") == "default" and answer.get("feedback"):
            return str(answer["feedback"])
    return UNWRITTEN
