"""The receipt: the file that a student hands in, as ``frontend/receipt.js`` writes it too.

It holds raw answers and no marks. Its checksum finds damage on the way; whoever edits a receipt
can compute it anew, so it promises nothing about honesty.
"""

import json
import re
import zlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pfp_course._version import __version__
from pfp_course.questions.assigned import seed_of
from pfp_course.questions.record import Answer, Moment
from pfp_course.questions.seeds import hashed

__all__ = ["LARGEST", "Receipt", "ReceiptError", "read_receipt", "receipt_name", "receipt_text"]

FORMAT = "pfp-course/receipt"
LARGEST = 2_000_000  # bytes; the answers to all questions of the course need a tenth
_FIELDS = ("fingerprint", "response", "attempts", "hints", "shown", "confidence", "seconds", "at")

# Half a character, which cannot be written in UTF-8.
_HALF = re.compile("[\ud800-\udfff]")

Short = Annotated[str, Field(max_length=100)]


class ReceiptError(ValueError):
    """A file that is no readable receipt; the message says why, for the instructor's report."""


class Receipt(BaseModel):
    """What a student handed in. Each answer is checked for itself when it is marked."""

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


def receipt_text(
    *,
    student: str,
    seed: str,
    assignment: str,
    made: str,
    banks: Mapping[str, str],
    answers: Mapping[str, Answer],
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
    content = _whole(content)
    content["checksum"] = _checksum(content)
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


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"crc32:{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def read_receipt(raw: bytes) -> Receipt:
    """Return the receipt in the bytes of a file.

    Raises
    ------
    ReceiptError
        If it is no receipt, or is damaged.
    """
    if len(raw) > LARGEST:
        raise ReceiptError(f"it is larger than {LARGEST // 1_000_000} MB")
    if not raw.strip():
        raise ReceiptError("it is empty")
    try:
        value = json.loads(_decoded(raw), parse_constant=_refuse)
    except RecursionError:
        raise ReceiptError("it is nested too deeply") from None
    except ValueError as error:
        raise ReceiptError(f"it is no JSON: it is cut off or damaged ({_short(error)})") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ReceiptError("it is JSON, but no receipt of this course")
    if isinstance(value.get("version"), int) and value["version"] > 1:
        raise ReceiptError("it was made by a newer version of the course; update yours")
    found = value.pop("checksum", None)
    try:
        receipt = Receipt.model_validate(value)
        expected = _checksum(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:60]
        raise ReceiptError(f"its field {place!r} is damaged: {first['msg']}") from None
    except RecursionError:
        raise ReceiptError("it is nested too deeply") from None
    if found != expected:
        raise ReceiptError("its checksum does not fit: it was damaged or changed after it was made")
    return receipt


def _decoded(raw: bytes) -> str:
    # An editor of Windows may have saved it anew.
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    return raw.decode("utf-8-sig")


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _short(error: ValueError) -> str:
    return str(error).splitlines()[0][:80]
