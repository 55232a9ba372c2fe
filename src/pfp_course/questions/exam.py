"""Questions released for an exam: without keys and feedback, in no form whatever.

What is left out cannot be guessed from what is left: choices and items stand in alphabetical
order, and the fingerprint is that of the released text alone.
"""

import json
from pathlib import Path
from typing import Any

from pfp_course.errors import CourseError
from pfp_course.questions.bank import Bank
from pfp_course.questions.kinds import Mark, Spec, mark
from pfp_course.questions.public import fingerprint, variants

__all__ = ["FORMAT", "read_released", "release", "released", "restored", "saved"]

FORMAT = "pfp-course/released"
_COMMON = ("id", "kind", "objective", "points", "ask")
# What a kind shows besides; everything that is not named here stays with the instructor.
_SHOWN = {
    "single": ("shuffle",),
    "multiple": ("shuffle",),
    "numeric": ("unit",),
    "order": ("ends",),
    "match": ("options",),
    "classify": ("options",),
    "place": ("drawing",),
    "point": ("drawing",),
    "open": ("words",),
}


def released(spec: Spec) -> Spec:
    """Return the released form of a question in its public form."""
    kind = spec["kind"]
    shown: Spec = {name: spec[name] for name in (*_COMMON, *_SHOWN.get(kind, ()))}
    shown["exam"] = True
    if "choices" in spec:
        keys = ("text", "pin", "note")
        shown["choices"] = [
            {key: choice[key] for key in keys if key in choice}
            for choice in (spec["choices"][place] for place in _places(spec))
        ]
    if kind == "order":
        shown["items"] = [spec["items"][place] for place in _places(spec)]
    elif "items" in spec:
        shown["items"] = [{"text": item["text"]} for item in spec["items"]]
    if kind == "date":
        shown["precision"] = len(spec["key"])
    shown["fingerprint"] = fingerprint(shown)
    return shown


def _places(spec: Spec) -> list[int]:
    """Return the positions in the order in which a released question gives them."""
    if spec["kind"] in ("place", "point"):
        return list(range(len(spec["choices"])))  # the drawing refers to their positions
    if spec["kind"] == "order":
        return sorted(range(len(spec["items"])), key=lambda place: str(spec["items"][place]))
    choices = spec["choices"]
    free = [place for place, choice in enumerate(choices) if not choice.get("pin")]
    mixed = iter(sorted(free, key=lambda place: str(choices[place]["text"])))
    return [place if choice.get("pin") else next(mixed) for place, choice in enumerate(choices)]


def restored(spec: Spec, response: Any) -> Any:
    """Return a response to the released question as a response to the question itself.

    A response that does not fit comes back as it is, and is marked as unread.
    """
    if spec["kind"] not in ("single", "multiple", "order"):
        return response
    places = _places(spec)
    given = response if isinstance(response, list) else [response]
    if any(type(one) is not int or not 0 <= one < len(places) for one in given):
        return response
    back = [places[one] for one in given]
    return back if isinstance(response, list) else back[0]


def saved(spec: Spec, response: Any) -> Mark:
    """Tell whether a response to a released question can be read; never whether it is right."""
    found = mark({**spec, **_blank(spec)}, response)
    return found if found.state == "unread" else Mark("saved", 0.0, ())


def _blank(spec: Spec) -> Spec:
    """Return a key that nothing fits, so that a kind's own marking can read a response."""
    nothing: Spec = {"traps": [], "otherwise": "", "accept": [], "rubric": []}
    if "choices" in spec:
        nothing["choices"] = [{**one, "right": False, "say": ""} for one in spec["choices"]]
    if spec["kind"] in ("match", "classify"):
        nothing["items"] = [{**one, "right": -1, "say": ""} for one in spec["items"]]
    if spec["kind"] == "numeric":
        nothing |= {"key": 0.0, "tolerance": -1.0}
    if spec["kind"] == "date":
        nothing["key"] = "0" * spec["precision"]
    return nothing


def release(bank: Bank) -> str:
    """Return a bank as a file for students, in JSON, with every variant in its released form.

    Raises
    ------
    CourseError
        If a question cannot be computed.
    """
    questions = [
        {"id": one.id, "variants": [released(spec) for spec in variants(one)]}
        for one in bank.questions
    ]
    file = {
        "format": FORMAT,
        "version": 1,
        "chapter": bank.chapter,
        "title": bank.title,
        "questions": questions,
    }
    return json.dumps(file, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_released(path: Path) -> dict[str, Any]:
    """Return a released file, checked for its form.

    Raises
    ------
    CourseError
        If the file cannot be read, or is no released bank.
    """
    try:
        file = json.loads(path.read_text(encoding="utf-8"))
        specs = [spec for question in file["questions"] for spec in question["variants"]]
        known = file["format"] == FORMAT and file["version"] == 1
        if not known or not specs or not all(spec["exam"] is True for spec in specs):
            raise ValueError("it is of another form")
        for spec in specs:
            saved(spec, None)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Check its name.") from None
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
        raise CourseError(
            f"{path} is no file of released questions ({error}). Ask your teacher for it again."
        ) from None
    return dict(file)
