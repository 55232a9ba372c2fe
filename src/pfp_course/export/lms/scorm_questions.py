"""The questions of a chapter as SCORM reports them: a type, codes, right patterns.

The data types are those of the run-time environments: SCORM 1.2 (2001), section 3.4.7, and SCORM
2004 4th edition, section 4.2.9. Codes are letters, digits and underscores: Moodle takes no others.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from string import ascii_lowercase, digits
from typing import Any, Literal, TypeAlias

from pfp_course.export.lms.model import Item, Section
from pfp_course.export.lms.render import plain_line
from pfp_course.questions.interactions import (
    Arrange,
    Choose,
    Essay,
    Fill,
    Interaction,
    Pair,
    Pick,
    WriteNumber,
    WriteText,
)
from pfp_course.questions.seeds import pick
from pfp_course.questions.texts import as_plain

__all__ = ["Version", "is_worded", "reported"]

Version: TypeAlias = Literal["1.2", "2004"]

_SIGNS = ascii_lowercase + digits  # of which a choice of SCORM 1.2 has one
_LONGEST_CODE = 40  # characters: enough for a teacher to know the answer again
_LONGEST = {"1.2": 255, "2004": 250}  # characters of an answer that is typed, and of a pattern
_MOST_CHOICES, _MOST_TEXTS = 10, 5  # patterns that every system has to take
_ISO = re.compile(r"\d{4}(-\d{2}){0,2}")
_DESCRIPTION = 250  # characters of the text of a question or an objective


def reported(section: Section, version: Version, slug: str) -> dict[str, Any]:
    """Return the objectives and questions of a chapter as the script of a package reads them.

    It is JSON-ready: ``objectives`` with ``id`` and ``text``, ``questions`` as ``ReportedQuestion``
    of ``js/scorm_types.d.ts``. ``slug`` is the name of the course in files and addresses.
    """
    goals = list(section.bank.objectives)
    groups = (list(group) for _, group in groupby(section.items, key=lambda item: item.name))
    # Of variants the one that the page shows where no class code is given.
    shown = [group[pick(len(group), "", group[0].name)] for group in groups]
    return {
        "objectives": [
            {"id": _identifier(goal, version, slug), "text": _short(text)}
            for goal, text in section.bank.objectives.items()
        ],
        "questions": [
            _question(item, goals.index(item.form.objective), version, slug) for item in shown
        ],
    }


def _question(item: Item, goal: int, version: Version, slug: str) -> dict[str, Any]:
    form = item.form
    shape, patterns = _shape(item.asks, version)
    return {
        "name": form.id,
        "id": _identifier(form.id, version, slug),
        "fingerprint": form.fingerprint,
        "objective": goal,
        "points": form.points,
        "scored": not form.is_manual,
        "ask": _short(form.ask),
        "patterns": patterns,
        **shape,
    }


def _identifier(name: str, version: Version, slug: str) -> str:
    """Return a name as an identifier: a URN in SCORM 2004, letters and points in 1.2."""
    if version == "2004":
        return f"urn:{slug[:31].strip('-')}:{name}"
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)


def _short(text: str) -> str:
    # What begins with a brace is taken for a language.
    line = plain_line(text).replace("{", "(").replace("}", ")")
    return line if len(line) <= _DESCRIPTION else f"{line[: _DESCRIPTION - 1]}…"


def _shape(asks: Interaction, version: Version) -> tuple[dict[str, Any], list[str]]:
    """Return how a response is written, and the right ones."""
    joint, dot = ("[,]", "[.]") if version == "2004" else (",", ".")
    match asks:
        case Choose(options=options) | Pick(options=options):
            codes = _codes([option.text for option in options], version)
            right = [code for code, one in zip(codes, options, strict=True) if one.is_right]
            many = isinstance(asks, Choose) and asks.many
            kind = "fill-in" if is_worded(asks, version) else "choice"
            shape = {"form": "choice", "type": kind, "codes": codes}
            return shape, [joint.join(right)] if many else right[:_MOST_CHOICES]
        case Pair(items=items, options=texts):
            lines, targets = _codes([one.text for one in items], version), _codes(texts, version)
            pairs = zip(lines, (targets[one.right] for one in items), strict=True)
            shape = {"form": "pairs", "type": "matching", "codes": lines, "options": targets}
            return shape, [joint.join(f"{line}{dot}{target}" for line, target in pairs)]
        case Arrange(items=texts):
            codes = _codes(texts, version)
            return {"form": "order", "type": "sequencing", "codes": codes}, [joint.join(codes)]
        case WriteNumber(unit=unit):
            return {"form": "number", "type": "numeric", "unit": unit}, _number(asks, version)
        case WriteText():
            known = _texts(asks, version)[:_MOST_TEXTS]
            return {"form": "text", "type": "fill-in", "date": asks.is_date}, known
        case Fill(gaps=gaps):
            filled = [_gap(gap.asks, version) for gap in gaps]
            between = "[,]" if version == "2004" else "; "
            pattern = between.join(right for _, right in filled)
            known = [pattern if version == "2004" else pattern[: _LONGEST[version]]]
            gaps_told = [shape for shape, _ in filled]
            return {"form": "gaps", "type": "fill-in", "gaps": gaps_told}, known
        case Essay():
            kind = "long-fill-in" if version == "2004" else "fill-in"
            return {"form": "essay", "type": kind}, []


def is_worded(asks: Interaction, version: Version) -> bool:
    """Tell whether a choice is told in words: SCORM 1.2 has a sign for 36 choices."""
    if version == "2004" or not isinstance(asks, Choose | Pick):
        return False
    return len(asks.options) > len(_SIGNS)


def _codes(texts: Sequence[str], version: Version) -> list[str]:
    """Return a code for each text: in SCORM 2004 one that tells the text, in 1.2 a sign."""
    if version == "1.2":
        if len(texts) <= len(_SIGNS):
            return list(_SIGNS[: len(texts)])
        return [_one_line(text, version) for text in texts]
    letters = (f"{first}{second}" for first in ("", *ascii_lowercase) for second in ascii_lowercase)
    return [f"{letter}_{_word(text)}".rstrip("_") for letter, text in zip(letters, texts)]  # noqa: B905


def _word(text: str) -> str:
    """Return a text in letters and digits of ASCII, with underscores, cut at the end of a word."""
    plain = unicodedata.normalize("NFKD", as_plain(text)).encode("ascii", "ignore").decode()
    word = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")
    return word if len(word) <= _LONGEST_CODE else word[:_LONGEST_CODE].rpartition("_")[0]


def _one_line(text: str, version: Version) -> str:
    return plain_line(text)[: _LONGEST[version]]


def _number(asks: WriteNumber, version: Version) -> list[str]:
    """Return the right range; SCORM 1.2 has a number alone."""
    right = asks.ranges[0]
    if version == "1.2":
        return [_real(right.value if right.value is not None else right.low)]
    ends = (_real(end) if math.isfinite(end) else "" for end in (right.low, right.high))
    return ["[:]".join(ends)]


def _real(value: float) -> str:
    """Return a number with at most seven decimals and no exponent."""
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _texts(asks: WriteText, version: Version) -> list[str]:
    right = dict.fromkeys(
        _one_line(answer.text, version) for answer in asks.answers if answer.share >= 1
    )
    if asks.is_date:
        return [text for text in right if _ISO.fullmatch(text)][:1]
    if version == "1.2":
        return list(right)
    # Some systems take a comma for the end of an answer, and then refuse the blank after it.
    plain = [text for text in right if ", " not in text] or list(right)
    return [f"{{case_matters={str(asks.case).lower()}}}{text}" for text in plain]


def _gap(asks: Any, version: Version) -> tuple[dict[str, Any], str]:
    """Return how the response to a gap is written, and the right one."""
    match asks:
        case Choose(options=options):
            texts = [_one_line(option.text, version) for option in options]
            right = [text for text, one in zip(texts, options, strict=True) if one.is_right]
            return {"form": "choice", "texts": texts}, right[0]
        case WriteNumber(unit=unit):
            return {"form": "number", "unit": unit}, _number(asks, "1.2")[0]
        case _:
            texts = _texts(replace(asks, case=True), "1.2")
            return {"form": "text", "date": asks.is_date}, texts[0]
