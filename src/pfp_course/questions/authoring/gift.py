"""Read the questions of Moodle's text format GIFT."""

import re
from typing import Any

from pfp_course.errors import CourseError
from pfp_course.questions.bank import UNWRITTEN

__all__ = ["read_gift"]

_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_TITLE = re.compile(r"^::(?P<title>.*?)::", re.DOTALL)
_FORMAT = re.compile(r"^\s*\[(?:html|markdown|plain|moodle)\]\s*")
_ANSWER = re.compile(r"(?P<sign>[=~])(?:%(?P<weight>-?[0-9]+(?:[.][0-9]+)?)%)?")
# An escaped sign is put out of the way as a letter of the private use area, and back again.
_HIDE = 0xE000


def read_gift(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return questions in the form of a bank, and what could not be taken over.

    Single and multiple choice, true or false, short text, numbers, matching and essays are
    understood. Descriptions without an answer are left out.

    Raises
    ------
    CourseError
        If the text holds no question.
    """
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
    hidden = _ESCAPED.sub(lambda found: chr(_HIDE + ord(found[1])), "\n".join(lines))
    blocks = [block.strip() for block in re.split(r"\n\s*\n", hidden) if block.strip()]
    questions: list[dict[str, Any]] = []
    left: list[str] = []
    for number, block in enumerate(blocks, start=1):
        if block.startswith("$CATEGORY"):
            continue
        try:
            questions.append(_question(len(questions) + 1, block))
        except CourseError as error:
            left.append(f"block {number}: {error}")
    if not questions and not left:
        raise CourseError("This holds no question in the format GIFT.")
    return questions, left


def _shown(text: str) -> str:
    plain = "".join(
        ("\n" if letter == chr(_HIDE + ord("n")) else chr(ord(letter) - _HIDE))
        if _HIDE <= ord(letter) < _HIDE + 128
        else letter
        for letter in text
    )
    words = " ".join(_FORMAT.sub("", plain).split())
    # Braces stand for values in a bank.
    return words.replace("{", "{{").replace("}", "}}")


def _question(number: int, block: str) -> dict[str, Any]:
    title = _TITLE.match(block)
    rest = block[title.end() :] if title else block
    begin, end = rest.find("{"), rest.rfind("}")
    if begin < 0 or end < begin:
        raise CourseError("it has no answer in braces. Write it anew.")
    ask = f"{rest[:begin].strip()} {'…' if rest[end + 1 :].strip() else ''} {rest[end + 1 :]}"
    body = _body(rest[begin + 1 : end].strip())
    return {
        "id": f"q{number}",
        "objective": "",
        "kind": body.pop("kind"),
        "ask": _shown(ask),
        **body,
        "because": UNWRITTEN,
        "source": ["background"],
    }


def _body(answers: str) -> dict[str, Any]:
    answers, _, general = answers.partition("####")
    if not answers:
        levels = ["not yet", "partly", "fully"]
        return {"kind": "open", "rubric": [{"text": "You answer the question.", "levels": levels}]}
    if answers.startswith("#"):
        return _numeric(answers[1:].strip())
    word, *said = answers.split("#")
    if word.strip().upper() in ("T", "TRUE", "F", "FALSE"):
        return _true_or_false(word.strip().upper()[0] == "T", [_shown(text) for text in said])
    parts = _parts(answers)
    if not parts:
        raise CourseError("its answers are not understood. Write it anew.")
    if any("->" in text for _, _, text, _ in parts):
        return _match(parts)
    if all(sign == "=" for sign, _, _, _ in parts):
        texts = [_shown(text) for _, _, text, _ in parts]
        otherwise = _shown(general) or UNWRITTEN
        return {"kind": "text", "key": texts[0], "accept": texts[1:], "otherwise": otherwise}
    return _choices(parts)


def _parts(answers: str) -> list[tuple[str, float, str, str]]:
    marks = list(_ANSWER.finditer(answers))
    ends = [*(mark.start() for mark in marks[1:]), len(answers)][: len(marks)]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        text, _, said = answers[mark.end() : end].partition("#")
        found.append((mark["sign"], float(mark["weight"] or 0), text.strip(), said.strip()))
    return found


def _choices(parts: list[tuple[str, float, str, str]]) -> dict[str, Any]:
    choices = [
        {
            "text": _shown(text),
            **({"right": True} if sign == "=" or weight > 0 else {}),
            **({"say": _shown(said)} if said else {}),
        }
        for sign, weight, text, said in parts
    ]
    several = sum("right" in choice for choice in choices) > 1
    return {"kind": "multiple" if several else "single", "choices": choices}


def _true_or_false(true: bool, said: list[str]) -> dict[str, Any]:
    wrong = said[0] if said else ""
    choices: list[dict[str, Any]] = [{"text": "True"}, {"text": "False"}]
    choices[0 if true else 1]["right"] = True
    if wrong:
        choices[1 if true else 0]["say"] = wrong
    return {"kind": "single", "choices": choices, "shuffle": False}


def _numeric(text: str) -> dict[str, Any]:
    text = text.removeprefix("=").partition("#")[0].strip()
    try:
        if ".." in text:
            low, high = (float(end) for end in text.split(".."))
            body = {"key": (low + high) / 2, "tolerance": {"abs": (high - low) / 2}}
        else:
            value, _, error = text.partition(":")
            body = {"key": float(value), "tolerance": {"abs": float(error or 0)}}
    except ValueError:
        raise CourseError("its number is not understood. Write it anew.") from None
    return {"kind": "numeric", **body, "otherwise": UNWRITTEN}


def _match(parts: list[tuple[str, float, str, str]]) -> dict[str, Any]:
    items, others = [], []
    for _, _, text, _ in parts:
        item, _, option = text.partition("->")
        if item.strip():
            items.append({"text": _shown(item), "with": _shown(option), "say": UNWRITTEN})
        else:
            others.append(_shown(option))
    return {"kind": "match", "items": items, **({"others": others} if others else {})}
