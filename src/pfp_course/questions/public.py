"""The public form of a question: what a front end, a page or an export needs, and no more."""

import hashlib
import json
from typing import Any

from pfp_course.data import source
from pfp_course.questions.kinds import Question, Spec

__all__ = ["fingerprint", "public"]


def public(question: Question) -> Spec:
    """Return the public form of a question, its key computed from the data set.

    Returns
    -------
    dict
        JSON-ready. All kinds have ``id``, ``kind``, ``objective``, ``points``, ``ask``,
        ``hints``, ``because``, ``sources`` (each ``label``, ``text``, ``url``) and
        ``fingerprint``; a kind adds its own fields.

    Raises
    ------
    CourseError
        If the key cannot be computed, or a text cannot be filled.
    """
    facts = question.facts()
    spec: Spec = {
        "id": question.id,
        "kind": question.kind,
        "objective": question.objective,
        "points": question.points,
        "ask": facts.fill(question.ask),
        "hints": [facts.fill(hint) for hint in question.hints],
        "because": facts.fill(question.because),
        "sources": [_source(key) for key in question.source],
        **question.answer(facts),
    }
    spec["fingerprint"] = fingerprint({name: spec[name] for name in question.decisive})
    return spec


def _source(key: str) -> dict[str, str]:
    found = source(key)
    return {"label": found.short, "text": found.reference(), "url": found.url}


def fingerprint(parts: dict[str, Any]) -> str:
    """Return 16 hexadecimal digits that change when what decides a mark changes."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
