"""Read the questions of jupyterquiz, a list in JSON."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.questions.authoring.importing import (
    Taken,
    Wording,
    braced_literal,
    finished,
    neat,
)
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.kinds.text import compared

__all__ = ["read_jupyterquiz"]

_KNOWN = frozenset(
    ["question", "type", "answers", "code", "precision", "hint", "hints", "pairs", "options"]
)
_OF_ANSWERS = frozenset(
    ["answer", "code", "correct", "feedback", "type", "value", "range", "match_case"]
)
_NO_NEED = frozenset(["answer_cols", "input_width", "hide", "shuffle_pairs", "shuffle_options"])


def read_jupyterquiz(text: str, course: Course) -> Taken:
    """Return questions in the form of a bank, and a report on the others.

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
    taken = Taken(course)
    for number, (line, item) in enumerate(_with_lines(text, items), start=1):
        name = f"question {number}"
        try:
            if not isinstance(item, dict):
                raise CourseError("it is no question, but a single value.")
            wording = Wording(dollars=True)
            taken.add(_question(item, wording), line, name, wording)
        except KeyError as error:
            taken.leave(line, name, f"the field {error} is missing. Add it.")
        except (TypeError, ValueError, AttributeError) as error:
            taken.leave(line, name, f"a field is missing or odd ({error}).")
        except CourseError as error:
            taken.leave(line, name, error)
    return taken


def _with_lines(text: str, items: list[Any]) -> Iterator[tuple[int, Any]]:
    """Yield each item with the line on which it begins."""
    decoder = json.JSONDecoder()
    place = text.index("[") + 1
    for item in items:
        while text[place] in " \t\r\n,":
            place += 1
        yield text.count("\n", 0, place) + 1, item
        _, place = decoder.raw_decode(text, place)


def _question(item: dict[str, Any], wording: Wording) -> dict[str, Any]:
    readers = {
        "multiple_choice": _choices,
        "many_choice": _choices,
        "numeric": _numeric,
        "string": _text,
        "match": _match,
    }
    kind = item["type"]
    if not isinstance(kind, str) or kind not in readers:
        raise CourseError(f"the type {kind!r} is unknown.")
    ask = _rich(item["question"], wording)
    if _shown(item.get("code")):
        ask = "\n".join(part for part in (ask, wording.code(str(item["code"]), block=True)) if part)
    if not ask:
        raise CourseError("it asks nothing.")
    body = readers[kind](item, wording)
    hints = item.get("hint") or item.get("hints")
    if hints:
        body["hints"] = [
            _rich(one, wording) for one in (hints if isinstance(hints, list) else [hints])
        ]
    answers = item.get("answers", [])
    fields = {*(set(item) - _KNOWN), *(name for one in answers for name in set(one) - _OF_ANSWERS)}
    for name in sorted(fields - {"fuzzy_threshold"}):
        wording.lose(f"the field {name!r}" + (", a matter of layout" if name in _NO_NEED else ""))
    return finished(body, ask)


def _shown(value: Any) -> str:
    """Return a value as jupyterquiz shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    raise CourseError(f"it holds {str(value)[:40]!r} where a text is shown.")


def _rich(value: Any, wording: Wording) -> str:
    return wording.rich(_shown(value))


def _is_true(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    if value in (0, 1):
        return bool(value)
    raise CourseError(f"'correct' is {value!r}, neither true nor false.")


def _say(answer: dict[str, Any], wording: Wording) -> str:
    return _rich(answer.get("feedback"), wording)


def _choices(item: dict[str, Any], wording: Wording) -> dict[str, Any]:
    choices = []
    for answer in item["answers"]:
        parts = [_rich(answer.get("answer"), wording)]
        if _shown(answer.get("code")):
            parts.append(wording.code(str(answer["code"]), block=bool(parts[0])))
        text = "\n".join(part for part in parts if part)
        if not text:
            raise CourseError("an answer of it is empty.")
        choice: dict[str, Any] = {"text": text}
        if _is_true(answer["correct"]):
            choice["right"] = True
        if say := _say(answer, wording):
            choice["say"] = say
        choices.append(choice)
    rights = sum("right" in choice for choice in choices)
    several = item["type"] == "many_choice" or rights > 1
    if several and rights == len(choices):
        for choice in choices:
            choice |= {"share": round(1 / rights, 6)}
    return {"kind": "multiple" if several else "single", "choices": choices}


def _finite(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise CourseError(f"{value!r} is no number. Write it without quotes, like 12 or 0.5.")
    return number


def _area(answer: dict[str, Any], digits: int | None) -> dict[str, Any]:
    """Return the numbers that an answer covers, as the fields of a bank."""
    if answer.get("range") is not None:
        low, high = (_finite(end) for end in answer["range"])
        if digits:
            low, high = _edge(low, digits), _edge(high, digits)
        return {"range": [neat(low), neat(high)], "open": True}
    value = _finite(answer["value"])
    if digits is None or value == 0:
        return {"value": neat(value)}
    # What a student gives is rounded, and then compared.
    step = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    near = {"abs": float(f"{step / 2:.6g}")}
    return {"value": neat(float(f"{value:.{digits - 1}e}")), "tolerance": near}


def _edge(end: float, digits: int) -> float:
    """Return the end of a range for numbers that are rounded before they are compared."""
    if end == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(end))) - digits + 1)
    return float(f"{math.ceil(round(end / step, 6)) * step - step / 2:.12g}")


@dataclass(frozen=True)
class _Span:
    """Numbers from one end to another; the upper one is left out if it is open."""

    low: float
    high: float
    open: bool

    @staticmethod
    def of(area: dict[str, Any]) -> "_Span":
        """Return the numbers that the fields of a bank cover."""
        if "range" in area:
            return _Span(area["range"][0], area["range"][1], open=True)
        near = area.get("tolerance", {"abs": 0.0})["abs"]
        return _Span(area["value"] - near, area["value"] + near, open=False)

    def reaches(self, number: float) -> bool:
        """Tell whether the numbers do not end before one."""
        return number < self.high or (number == self.high and not self.open)

    def meets(self, other: "_Span") -> bool:
        """Tell whether a number is in both."""
        return self.reaches(other.low) and other.reaches(self.low)

    def holds(self, other: "_Span") -> bool:
        """Tell whether all of the other's numbers are in this one, too."""
        end = other.high < self.high or (other.high == self.high and self.open <= other.open)
        return self.low <= other.low and end


def _numeric(item: dict[str, Any], wording: Wording) -> dict[str, Any]:
    digits = item.get("precision")
    if digits is not None:
        digits = int(digits)
        if not 1 <= digits <= 12:
            raise CourseError(f"its precision is {digits}; from 1 to 12 are known here.")
    body: dict[str, Any] = {"kind": "numeric"}
    rights: list[_Span] = []
    wrongs: list[_Span] = []
    for answer in item["answers"]:
        if answer.get("type") == "default" and "value" not in answer and "range" not in answer:
            continue
        area, say = _area(answer, digits), _say(answer, wording)
        span = _Span.of(area)
        if not span.reaches(span.low):
            wording.lose(f"the range {answer['range']}, which no number meets")
        elif not _is_true(answer.get("correct", False)):
            if any(other.holds(span) for other in (*rights, *wrongs)):
                wording.lose(f"the answer at {span.low:g}, which another one before it covers")
                continue
            body.setdefault("traps", []).append(area | {"say": say or UNWRITTEN})
            wrongs.append(span)
        elif any(other.meets(span) for other in wrongs):
            raise CourseError("a wrong range stands before the right number that it holds.")
        else:
            _accept(body, area, say)
            rights.append(span)
    if "key" not in body:
        raise CourseError("no number of it is right.")
    return {**body, "otherwise": _default(item, wording)}


def _accept(body: dict[str, Any], area: dict[str, Any], say: str) -> None:
    said = {"say": say} if say else {}
    if "key" in body:
        body.setdefault("accept", []).append(area | said)
    elif "value" in area:
        near = {"tolerance": area["tolerance"]} if "tolerance" in area else {}
        body |= {"key": area["value"], **near, **said}
    else:
        # The middle is shown as the answer; the range is what is right.
        low, high = area["range"]
        body |= {"key": neat(float(f"{(low + high) / 2:.12g}")), **said}
        body.setdefault("accept", []).append(area | said)


def _text(item: dict[str, Any], wording: Wording) -> dict[str, Any]:
    body: dict[str, Any] = {"kind": "text", "key": "", "accept": [], "traps": []}
    named = [one for one in item["answers"] if one.get("type") != "default"]
    texts = [_shown(one["answer"]).strip() for one in named]
    case = any(one.get("match_case") for one in named)
    signs = len({compared(text, case=case) for text in texts} - {""}) < len(set(texts))
    seen: set[str] = set()
    for answer, text in zip(named, texts, strict=True):
        say = _say(answer, wording)
        same = compared(text, case=case, signs=signs)
        if not text:
            raise CourseError("an answer of it is empty.")
        if same in seen:
            wording.lose(f"the answer {text!r}, which stands twice")
            continue
        seen.add(same)
        if not _is_true(answer.get("correct", False)):
            trap = text.replace("{", "{{").replace("}", "}}")
            body["traps"].append({"text": trap, "say": say or UNWRITTEN})
        elif not body["key"]:
            body |= {"key": text, **({"say": say} if say else {})}
        else:
            body["accept"].append({"text": text, "say": say} if say else text)
        if threshold := answer.get("fuzzy_threshold"):
            wording.lose(
                f"fuzzy_threshold {threshold}: a misspelt answer is told that it is near, and is "
                "not right"
            )
    if not body["key"]:
        raise CourseError("it has no right answer.")
    strict = {name: True for name, on in (("case", case), ("signs", signs)) if on}
    if case and not all(one.get("match_case") for one in named):
        wording.lose("that some answers heed capital letters and others do not: here all do")
    kept = {name: value for name, value in body.items() if value}
    return {**kept, **strict, "otherwise": _default(item, wording)}


def _match(item: dict[str, Any], wording: Wording) -> dict[str, Any]:
    partners = [_shown(pair["answer"]) for pair in item["pairs"]]
    items = [
        {"text": _rich(pair["label"], wording), "with": _option(partner, wording), "say": UNWRITTEN}
        for pair, partner in zip(item["pairs"], partners, strict=True)
    ]
    others = [
        _option(_shown(one), wording) for one in item["options"] if _shown(one) not in partners
    ]
    return {"kind": "match", "items": items, **({"others": others} if others else {})}


def _option(text: str, wording: Wording) -> str:
    return braced_literal(wording.typed(text))


def _default(item: dict[str, Any], wording: Wording) -> str:
    for answer in item["answers"]:
        if answer.get("type") == "default" and (said := _say(answer, wording)):
            return said
    return UNWRITTEN
