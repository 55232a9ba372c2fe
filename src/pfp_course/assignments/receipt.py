"""The receipt: the file that a student hands in, as ``frontend/receipt.js`` writes it too.

A form of the notebook or a command makes it of the answers in a folder. It holds raw answers and no
marks. Its checksum finds damage on the way; whoever edits a receipt can compute it anew, so it
promises nothing about honesty.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pfp_course import __version__
from pfp_course.assignments.assignment import moment
from pfp_course.course import Course, default_course, on_static_page
from pfp_course.errors import CourseError, clear_errors
from pfp_course.files import write_whole
from pfp_course.questions.bank import bank_version
from pfp_course.questions.record import Store, store_of
from pfp_course.questions.record_file import decoded
from pfp_course.questions.record_model import Answer, Moment, Trial
from pfp_course.questions.seeds import Assigned, assigned, hashed, normal, other_name, seed_of

__all__ = [
    *("EXPLAIN", "FORMAT", "LARGEST", "Receipt", "ReceiptError", "hand_in", "read_receipt"),
    *("read_receipt_text", "receipt_name", "receipt_text", "submit"),
]

FORMAT = "pfp-course/receipt"
LARGEST = 2_000_000  # bytes; the answers to all questions of the course need a tenth
_OF_ANSWER = {
    *("fingerprint", "response", "attempts", "hints", "shown", "confidence", "seconds", "at"),
}
_OF_TRIAL = {"fingerprint", "attempts", "right", "value", "at"}
# Half a character, which cannot be written in UTF-8.
_HALF = re.compile("[\ud800-\udfff]")
_LONGEST_NAME = 200  # characters

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

    ``seed`` decided on variants; ``assignment`` is an id, or empty; ``made`` is the moment in UTC,
    such as ``2027-02-15T09:30:00.000Z``; ``banks`` holds versions by chapter or file. Of answers,
    points and scores are left out. A receipt without any exercise has no field of them.
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
            name: answer.model_dump(include=_OF_ANSWER) for name, answer in answers.items()
        },
    }
    if exercises:
        content["exercises"] = {
            name: trial.model_dump(include=_OF_TRIAL) for name, trial in exercises.items()
        }
    content = json.loads(_HALF.sub("\ufffd", json.dumps(content, ensure_ascii=False)))
    content["checksum"] = _summed({name: _canonical(value) for name, value in content.items()})
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def receipt_name(assignment: str, student: str) -> str:
    """Return the name of the file: one for each student and assignment."""
    what = re.sub(r"[^A-Za-z0-9-]+", "-", assignment) or "pfp"
    return f"receipt-{what}-{hashed(seed_of(student)):08x}.json"


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
        raise _no_json(error) from None
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
        raise _no_json(error) from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ReceiptError("it is JSON, but no receipt of this course")
    if isinstance(value.get("version"), int) and value["version"] > 1:
        raise ReceiptError("it was made by a newer version of the course; update yours")
    checksum = value.pop("checksum", None)
    try:
        fields = {name: _canonical(one) for name, one in value.items()}
        expected = _summed(fields)
        answers = fields.get("answers", "").encode("utf-8", "surrogatepass")
        value["digest"] = "" if answers == b"{}" else hashlib.sha256(answers).hexdigest()[:16]
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


def _no_json(error: ValueError) -> ReceiptError:
    why = str(error).splitlines()[0][:80]
    return ReceiptError(f"it is no JSON: it is cut off or damaged ({why})")


_BLANK = " \t\r\n\0\ufeff"
_DECODER = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_once)

# The same words as frontend/receipt.js.
EXPLAIN = (
    "The receipt is one small file. It holds your name or id, your answers, how often you tried, "
    "the hints you used, whether you looked at the answer, how sure you were, your times, and the "
    "versions of the course and of its questions. It holds no marks. Its checksum finds a file "
    "that was damaged on the way; it proves nothing about who answered. The file goes nowhere by "
    "itself: you give it to your teacher, in the way that was agreed."
)
_IN_CODE = (
    " From a notebook it holds, too, the last value that you checked for each exercise, and how "
    "many you checked."
)


@dataclass(frozen=True)
class HandedIn:
    """A receipt that was written: where, what it answers, and what is open."""

    path: Path
    answered: int
    open: list[str]
    late: str
    notice: str
    exercises: int
    drafts: tuple[str, ...]

    def __str__(self) -> str:
        count = _counted(self.answered, "answer")
        if self.exercises:
            count += f" and {_counted(self.exercises, 'exercise')}"
        are = "is" if self.answered == 1 and not self.exercises else "are"
        says = [f"{count} {are} in the receipt {self.path.name}, in the folder {self.path.parent}."]
        if self.open:
            shown = ", ".join(self.open[:8]) + (", …" if len(self.open) > 8 else "")
            says.append(f"Without an answer: {len(self.open)} ({shown}).")
        if self.drafts:
            says.append(_of_drafts(self.drafts))
        if self.late:
            says.append(f"The deadline was {self.late}; your teacher sees when this was made.")
        says.append("Give this file to your teacher.")
        return " ".join([*says, self.notice]).strip()


def hand_in(folder: Path, course: Course, name: str = "", store: Store | None = None) -> HandedIn:
    """Write the receipt of the answers that are kept in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A folder with ``pfp-progress.json`` and, where something was assigned, ``assignment.json``.
    course : Course
        The course of the chapters' questions.
    name : str
        The student's name or id; by default that of the record.
    store : Store, optional
        The record of the folder, where a notebook has it open.

    Raises
    ------
    CourseError
        If there is no name, no answer, or another name than the student began with.
    """
    record, here = store or Store(folder), assigned(folder)
    student = " ".join(name.split()) or record.student
    if not student:
        raise CourseError('Your name or id is missing. Write: pfp submit --name "Your Name"')
    if len(student) > _LONGEST_NAME:
        raise CourseError(f"The name is longer than {_LONGEST_NAME} characters. Shorten it.")
    own = here is not None and here.seed_by == "student"
    if own and record.student and normal(record.student) != normal(student):
        raise CourseError(other_name(record.student))
    known = record.answers()
    if not record.complete:
        raise CourseError(
            f"{record.notice} No receipt was written, because it would lack what is in that file."
        )
    answers = known if here is None else {n: known[n] for n in here.questions if n in known}
    drafts = tuple(name for name in record.drafts() if here is None or name in here.questions)
    trials = _trials(record, here)
    given = {n for n, answer in answers.items() if answer.response is not None or answer.shown}
    if not trials and not given:
        raise CourseError(
            f"{record.notice} There is no answer yet in {record.path}. Answer a question first, or "
            f"name the folder in which you worked. {_of_drafts(drafts)}".strip()
        )
    record.sign(student, seed_of(student) if own else None)
    assignment, now = here.id if here else "", datetime.now(UTC)
    text = receipt_text(
        student=student,
        seed=(here.seed_for(student) if here else record.seed) or "",
        assignment=assignment,
        made=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        banks=_banks(course, folder, here, [*answers, *trials]),
        answers=answers,
        exercises=trials,
    )
    path = folder.resolve() / receipt_name(assignment, student)
    write_whole(path, text.encode())
    return HandedIn(
        path=path,
        answered=len(given),
        open=[name for name in (here.questions if here else ()) if name not in given],
        late=here.due if here and now > moment(here.due) else "",
        notice=record.notice,
        exercises=len(trials),
        drafts=drafts,
    )


def _of_drafts(drafts: Sequence[str]) -> str:
    """Return what is said of answers that are written and not given; empty if there are none."""
    if not drafts:
        return ""
    are, them = ("is", "it") if len(drafts) == 1 else ("are", "them")
    return (
        f"{_counted(len(drafts), 'answer')} {are} written but not checked, and not in the receipt "
        f"({', '.join(drafts[:8])}): check {them} first, and make the receipt again."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _trials(record: Store, here: Assigned | None) -> dict[str, Trial]:
    """Return what was tried at the exercises of the chapters that were assigned, or of all."""
    trials = record.trials()
    if here is None:
        return trials
    wanted = {name for name in here.banks if not Path(name).suffix}
    return {name: one for name, one in trials.items() if name.partition(".")[0] in wanted}


def _banks(
    course: Course, folder: Path, here: Assigned | None, items: Iterable[str]
) -> dict[str, str]:
    """Return the versions of the banks as this student has them."""
    names = here.banks if here else sorted({name.partition(".")[0] for name in items})
    versions = {}
    for name in names:
        # An assigned file lies in the folder; a chapter's bank is part of the course.
        path = folder / name if Path(name).suffix else course.bank(name)
        try:
            versions[name] = bank_version(path)
        except CourseError:
            versions[name] = "missing"
    return versions


@clear_errors
def submit() -> Any:
    """Show the form with which a student hands in.

    Returns
    -------
    A widget with a field for a name and a button. The button writes the receipt, a small file,
    into the folder of the notebook. On a page without a kernel, None: there the form stands under
    the questions.
    """
    if on_static_page():
        return None
    from pfp_course.questions.widget import FormWidget

    store = store_of()
    here = assigned(store.folder)
    spec = {
        "form": True,
        "id": "submit",
        "title": f"Hand in: {here.title}" if here else "Hand in",
        "button": "Make my receipt",
        "explain": EXPLAIN + _IN_CODE,
        "questions": [],
    }
    return FormWidget(
        lambda name: str(hand_in(store.folder, default_course(), name, store)), store, spec=spec
    )
