"""The receipt: the file that a student hands in, as ``frontend/receipt.js`` writes it too.

It holds raw answers and no marks. Its checksum finds damage on the way; whoever edits a receipt
can compute it anew, so it promises nothing about honesty.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pfp_course._version import __version__
from pfp_course.questions.record_file import decoded
from pfp_course.questions.record_model import Answer, Moment, Trial
from pfp_course.questions.seeds import hashed, seed_of

__all__ = [
    *("FORMAT", "LARGEST", "Receipt", "ReceiptError"),
    *("read_receipt", "read_receipt_text", "receipt_name", "receipt_text"),
]

FORMAT = "pfp-course/receipt"
LARGEST = 2_000_000  # bytes; the answers to all questions of the course need a tenth
_FIELDS = ("fingerprint", "response", "attempts", "hints", "shown", "confidence", "seconds", "at")
_OF_TRIAL = {"fingerprint", "attempts", "right", "value", "at"}

# Half a character, which cannot be written in UTF-8.
_HALF = re.compile("[\ud800-\udfff]")

Short = Annotated[str, Field(max_length=100)]


class ReceiptError(ValueError):
    """A file that is no readable receipt; the message says why, for the instructor's report."""


class Receipt(BaseModel):
    """What a student handed in. Each answer is checked for itself when it is marked.

    ``digest`` is some digits by which equal answers of two receipts are seen; empty without any.
    """

    model_config = ConfigDict(strict=True, frozen=True)

    format: Literal["pfp-course/receipt"]
    version: Literal[1]
    course: Annotated[str, Field(max_length=40)]
    assignment: Annotated[str, Field(max_length=60)]
    student: Annotated[str, Field(min_length=1, max_length=200)]
    seed: Short
    made: Moment
    banks: dict[Short, Short]
    answers: Annotated[dict[Short, Any], Field(max_length=5000)]
    # In receipts of version 0.1 there are none. Each is checked for itself when it is shown.
    exercises: Annotated[dict[Short, Any], Field(max_length=500)] = {}
    digest: str = ""


def receipt_text(
    *,
    student: str,
    seed: str,
    assignment: str,
    made: str,
    banks: Mapping[str, str],
    answers: Mapping[str, Answer],
    exercises: Mapping[str, Trial] | None = None,
) -> str:
    """Return a receipt as the text of a file.

    Parameters
    ----------
    student : str
        The name or id that the student typed.
    seed : str
        What decided on variants.
    assignment : str
        Id of the assignment, or empty.
    made : str
        The moment, in UTC, such as ``2027-02-15T09:30:00.000Z``.
    banks
        Version by chapter or file.
    answers
        Answers by question; points and scores are left out.
    exercises
        What was tried at exercises in code, by exercise. A receipt without any has no such field.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": 1,
        "course": __version__,
        "assignment": assignment,
        "student": student,
        "seed": seed,
        "made": made,
        "banks": dict(banks),
        "answers": {
            name: {field: one[field] for field in _FIELDS}
            for name, answer in answers.items()
            for one in [answer.model_dump()]
        },
    }
    if exercises:
        content["exercises"] = {
            name: trial.model_dump(include=_OF_TRIAL) for name, trial in exercises.items()
        }
    content = _whole(content)
    content["checksum"] = _summed({name: _canonical(value) for name, value in content.items()})
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def receipt_name(assignment: str, student: str) -> str:
    """Return the name of the file: one for each student and assignment."""
    what = re.sub(r"[^A-Za-z0-9-]+", "-", assignment) or "pfp"
    return f"receipt-{what}-{hashed(seed_of(student)):08x}.json"


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {_whole(name): _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _summed(fields: Mapping[str, str]) -> str:
    """Return the checksum of the canonical texts of all fields."""
    text = ",".join(f"{_canonical(name)}:{fields[name]}" for name in sorted(fields))
    return f"crc32:{zlib.crc32(f'{{{text}}}'.encode('utf-8', 'surrogatepass')):08x}"


def read_receipt(raw: bytes) -> Receipt:
    """Return the receipt in the bytes of a file.

    Raises
    ------
    ReceiptError
        If it is no receipt, or is damaged.
    """
    if len(raw) > LARGEST:
        raise ReceiptError(f"it is larger than {LARGEST // 1_000_000} MB")
    if not raw.strip(b" \t\r\n\0"):
        raise ReceiptError("it is empty")
    try:
        text = decoded(raw)
    except ValueError as error:
        raise ReceiptError(f"it is no JSON: it is cut off or damaged ({_short(error)})") from None
    return read_receipt_text(text)


def read_receipt_text(text: str) -> Receipt:
    """Return the receipt in a text.

    A receipt that was appended to itself, or padded by a broken copy, is one receipt.

    Raises
    ------
    ReceiptError
        If it is no receipt, or is damaged.
    """
    try:
        value = _only_value(text)
    except ReceiptError:
        raise
    except RecursionError:
        raise ReceiptError("it is nested too deeply") from None
    except ValueError as error:
        raise ReceiptError(f"it is no JSON: it is cut off or damaged ({_short(error)})") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ReceiptError("it is JSON, but no receipt of this course")
    if isinstance(value.get("version"), int) and value["version"] > 1:
        raise ReceiptError("it was made by a newer version of the course; update yours")
    checksum = value.pop("checksum", None)
    try:
        fields = {name: _canonical(one) for name, one in value.items()}
        expected = _summed(fields)
        value["digest"] = _digest(fields.get("answers", ""))
        receipt = Receipt.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:60]
        if place == "made":
            raise ReceiptError("its date is no date of a receipt") from None
        raise ReceiptError(f"its field {place!r} is damaged: {first['msg']}") from None
    except (RecursionError, ValueError):
        # A whole number of thousands of digits cannot be written out.
        raise ReceiptError("it is nested too deeply, or holds a number without end") from None
    if checksum != expected:
        raise ReceiptError("its checksum does not fit: it was damaged or changed after it was made")
    return receipt


def _digest(answers: str) -> str:
    if answers == "{}":
        return ""
    return hashlib.sha256(answers.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _only_value(text: str) -> Any:
    """Return the JSON of a text; the same JSON twice is once."""
    text = text.strip(_BLANK)
    value, end = _DECODER.raw_decode(text)
    while rest := text[end:].lstrip(_BLANK):
        again, length = _DECODER.raw_decode(rest)
        if again != value:
            raise ReceiptError("another text stands behind it; each receipt is a file of its own")
        text, end = rest, length
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        # Programs do not agree on which of two fields of one name holds.
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ReceiptError(f"it names {double[:40]!r} twice: it was changed after it was made")
    return value


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _short(error: ValueError) -> str:
    return str(error).splitlines()[0][:80]


_BLANK = " \t\r\n\0\ufeff"
_DECODER = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_once)
