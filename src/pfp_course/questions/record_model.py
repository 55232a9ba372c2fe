"""What a student gave to one question: the answer, a draft of it, and its state in review.

Of two states of one thing that which was changed more often stays: a clock can be set wrong, a
counter cannot.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pfp_course import __version__
from pfp_course.questions.record_file import decoded, whole_objects

__all__ = [
    "FORMAT",
    "Answer",
    "Draft",
    "Moment",
    "Record",
    "Response",
    "Review",
    "Trial",
    "newer",
    "read_record_text",
    "readable",
    "tried_again",
]


_MOST = 1_000_000_000

Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
# Positions of choices, levels of a rubric, or what stands in each gap of a text.
Parts = list[int | str | None]
Response = int | Parts | str | dict[str, str | Parts] | None
_LEFT = Field(union_mode="left_to_right")
Revision = Annotated[int, Field(ge=0, le=_MOST)]


class _Kept(BaseModel):
    """What is kept of one thing: a later state has a higher rank."""

    # A field that a later version adds is kept, so that an older one does not lose it.
    model_config = ConfigDict(extra="allow", strict=True)

    # How often it was changed, then when: records of version 0.1 have no revisions.
    ranked_by: ClassVar[tuple[str, ...]] = ("revision", "at")

    def rank(self) -> tuple[Any, ...]:
        """Return what is compared with another state of the same thing."""
        return tuple(getattr(self, name) for name in self.ranked_by)


class Answer(_Kept):
    """The last answer to a question, and what it earned.

    ``revision`` counts the changes of this answer; ``tried`` are the responses that were not
    right so far.
    """

    fingerprint: Annotated[str, Field(max_length=64)]
    response: Annotated[Response, _LEFT] = None
    score: Annotated[float, Field(ge=0, le=100)] = 0.0
    points: Annotated[int, Field(ge=0, le=100)] = 0
    attempts: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    hints: Annotated[int, Field(ge=0, le=100)] = 0
    shown: bool = False
    confidence: Annotated[int, Field(ge=0, le=2)] | None = None
    seconds: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    tried: Annotated[list[Annotated[Response, _LEFT]], Field(max_length=100)] = []
    revision: Revision = 0
    at: Moment


class Draft(_Kept):
    """A response that is written or chosen, and not given as an answer.

    It stands on the answer's revision ``base`` and is over when the answer has a higher one;
    ``count`` counts its changes. Without a response there is no draft any more.
    """

    fingerprint: Annotated[str, Field(max_length=64)]
    response: Annotated[Response, _LEFT] = None
    confidence: Annotated[int, Field(ge=0, le=2)] | None = None
    base: Revision = 0
    count: Revision = 0
    at: Moment

    ranked_by = ("base", "count", "at")


class Review(_Kept):
    """Where a question or a term stands in review: ``stage`` right answers, and when it is due."""

    stage: Annotated[int, Field(ge=0, le=100)]
    due: Moment
    revision: Revision = 0
    at: Moment


_Model = TypeVar("_Model", bound=BaseModel)


def readable(model: type[_Model], value: object) -> _Model | None:
    """Return JSON-ready data as a model, or None where they have another form."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


_K = TypeVar("_K", bound=_Kept)


def newer(known: Mapping[str, _K], added: Mapping[str, _K]) -> dict[str, _K]:
    """Return both together; of two under one name the added one, if it does not rank lower."""
    kept = {
        name: one
        for name, one in added.items()
        if name not in known or one.rank() >= known[name].rank()
    }
    return {**known, **kept}


_LONGEST_VALUE = 4_000  # characters of a value that are kept


class Trial(_Kept):
    """The last value that was checked for an exercise, and how many were checked so far.

    ``value`` is the value as ``comparison.portable`` gives it, or empty where it is too long;
    ``digest`` tells one value from another, however long. ``right`` is what the student's own
    computer said of it; whoever marks can judge the value anew.
    ``fingerprint`` is that of the exercise, so that a result is not taken for that of another.
    """

    fingerprint: Annotated[str, Field(max_length=64)]
    attempts: Annotated[int, Field(ge=0, le=1_000_000)]
    right: bool
    value: Annotated[str, Field(max_length=_LONGEST_VALUE)] = ""
    digest: Annotated[str, Field(max_length=64)] = ""
    at: Moment

    ranked_by = ("attempts", "at")


def tried_again(before: Trial | None, fingerprint: str, value: str, *, right: bool) -> Trial:
    """Return the trial after a value was checked; the same value again is no new attempt.

    The fingerprint is that of the exercise, the value as ``comparison.portable`` gives it.
    """
    digest = sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    known = before if before is not None and before.fingerprint == fingerprint else None
    if known is not None and known.digest == digest and known.right == right:
        return known
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Trial(
        fingerprint=fingerprint,
        # Attempts at an exercise that has changed since stay counted, so that no merge loses this.
        attempts=(before.attempts if before else 0) + 1,
        right=right,
        value=value if len(value) <= _LONGEST_VALUE else "",
        digest=digest,
        at=now,
    )


FORMAT = "pfp-course/progress"
VERSION = 1
_HALF = re.compile("[\ud800-\udfff]")


class Record(BaseModel):
    """All answers of a student, by the id of the question."""

    model_config = ConfigDict(extra="allow", strict=True)

    format: Literal["pfp-course/progress"]
    version: Literal[1]
    course: str = __version__
    student: Annotated[str, Field(max_length=200)] = ""
    seed: Annotated[str, Field(max_length=100)] = ""
    # How often all answers were deleted in a browser.
    generation: Annotated[int, Field(ge=0, le=_MOST)] = 0
    answers: dict[Annotated[str, Field(max_length=100)], Answer] = {}
    drafts: dict[Annotated[str, Field(max_length=100)], Draft] = {}
    reviews: dict[Annotated[str, Field(max_length=200)], Review] = {}
    exercises: dict[Annotated[str, Field(max_length=100)], Trial] = {}

    @classmethod
    def empty(cls) -> "Record":
        """Return a record without answers."""
        return cls(format="pfp-course/progress", version=1)

    def merged(
        self,
        answers: Mapping[str, Answer],
        reviews: Mapping[str, Review] | None = None,
        drafts: Mapping[str, Draft] | None = None,
        trials: Mapping[str, Trial] | None = None,
    ) -> "Record":
        """Return the record with more added; of two to one thing the newer stays."""
        together = newer(self.answers, answers)
        written = newer(self.drafts, drafts or {})
        revisions = {name: answer.revision for name, answer in together.items()}
        changed = {
            "answers": together,
            "reviews": newer(self.reviews, reviews or {}),
            # A draft is over when its question has a newer answer.
            "drafts": {n: one for n, one in written.items() if one.base >= revisions.get(n, 0)},
            "exercises": newer(self.exercises, trials or {}),
            "course": __version__,
        }
        return self.model_copy(update=changed)

    def with_all(self, other: "Record") -> "Record":
        """Return the record with all that another one holds."""
        return self.merged(other.answers, other.reviews, other.drafts, other.exercises)

    def same_work(self, other: "Record") -> bool:
        """Tell whether another record holds the same answers, drafts, reviews and trials."""
        kinds = ("answers", "drafts", "reviews", "exercises")
        return all(getattr(self, kind) == getattr(other, kind) for kind in kinds)

    def as_bytes(self) -> bytes:
        """Return the record as the content of its file."""
        text = json.dumps(self.model_dump(), ensure_ascii=False, indent=1, sort_keys=True)
        # Half a character, which a broken keyboard program can send, has no form in UTF-8.
        return f"{_HALF.sub(chr(0xFFFD), text)}\n".encode()


def read_record_text(raw: bytes) -> tuple[Record, str]:
    """Return the record in the bytes of a file, and what is wrong with it, or an empty text.

    Of a damaged record all answers are given back that are still whole.
    """
    try:
        value = json.loads(decoded(raw))
        if isinstance(value, dict) and value.get("format") == FORMAT:
            version = value.get("version")
            if isinstance(version, int) and version > VERSION:
                return Record.empty(), "was written by a newer version of the course"
        return Record.model_validate(value), ""
    except (ValueError, RecursionError):
        return _rescued(raw), "is damaged, or is not a record of this course"


def _rescued(raw: bytes) -> Record:
    # The kind that asks for most comes first: an answer may have further fields.
    kinds: dict[str, type[_Kept]] = {
        "exercises": Trial,
        "drafts": Draft,
        "reviews": Review,
        "answers": Answer,
    }
    found: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for name, value in whole_objects(raw):
        for kind, model in kinds.items():
            # A draft has no field that an answer lacks, but its count.
            if kind == "drafts" and "count" not in value:
                continue
            if one := readable(model, value):
                found[kind][name] = one
                break
    return Record.empty().model_copy(update=found)
