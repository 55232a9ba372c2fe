"""The public form of a question: what a front end, a page or an export needs, and no more."""

import hashlib
import json
import re
from typing import Any

from pfp_course.data import source
from pfp_course.errors import CourseError
from pfp_course.questions.kinds import Question, Spec
from pfp_course.questions.seeds import pick
from pfp_course.questions.texts import as_plain

__all__ = ["fingerprint", "public", "variants"]


def public(question: Question, seed: str = "") -> Spec:
    """Return the public form of a question, its key computed from the data set.

    Parameters
    ----------
    question : Question
        A question of a bank.
    seed : str
        Decides which variant is drawn, if the question has variants.

    Returns
    -------
    dict
        JSON-ready. All kinds have ``id``, ``kind``, ``objective``, ``points``, ``attempts`` (0
        for no limit), ``confidence``, ``ask``, ``hints``, ``because``, ``sources`` (each
        ``label``, ``text``, ``url``) and ``fingerprint``; a kind adds its own fields.

    Raises
    ------
    CourseError
        If the key cannot be computed, or a text cannot be filled.
    """
    combinations = question.combinations()
    return _filled(question, combinations[pick(len(combinations), seed, question.id)])


def variants(question: Question) -> list[Spec]:
    """Return all variants of a question, in the order in which a seed counts them.

    Raises
    ------
    CourseError
        If a variant cannot be computed, two of them ask the same or have the same answer, or
        one holds its answer in its text.
    """
    found = [_filled(question, varied) for varied in question.combinations()]
    if len(found) < 2:
        return found
    asks, answers = [spec["ask"] for spec in found], [_answer(spec) for spec in found]
    for things, words in ((asks, "ask the same"), (answers, "have the same answer")):
        double = next((thing for thing in things if things.count(thing) > 1), None)
        if double is not None:
            raise CourseError(f"two variants {words}: {double}. Narrow 'vary'.")
    for ask, answer in zip(asks, answers, strict=True):
        if re.search(rf"(?<![\w.]){re.escape(answer)}(?![\w.])", as_plain(ask)):
            raise CourseError(f"a variant holds its answer, {answer}, in the question: {ask}")
    return found


def _answer(spec: Spec) -> str:
    if "answer" in spec:
        return str(spec["answer"])
    parts = [choice["text"] for choice in spec.get("choices", []) if choice["right"]]
    return ", ".join(parts) or json.dumps(spec.get("items", spec["ask"]), ensure_ascii=False)


def _filled(question: Question, varied: dict[str, Any]) -> Spec:
    facts = question.facts(varied)
    spec: Spec = {
        "id": question.id,
        "kind": question.kind,
        "objective": question.objective,
        "points": question.points,
        "attempts": question.attempts or 0,
        "confidence": question.confidence,
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
