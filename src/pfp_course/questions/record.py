"""The record of a student's answers: one small JSON file beside the notebook."""

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pfp_course._version import __version__

__all__ = ["FILE_NAME", "SURE", "Answer", "Record", "Review", "Store"]

FILE_NAME = "pfp-progress.json"
FORMAT = "pfp-course/progress"
VERSION = 1
SURE = ("I guess", "fairly sure", "certain")  # the words for an answer's confidence, 0 to 2
_LARGEST = 5_000_000  # bytes; a whole course needs less than a tenth
_PATIENCE = 5  # seconds to wait for another notebook that saves at this moment
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

Moment = Annotated[str, Field(pattern=_MOMENT.pattern)]
Levels = list[int | None]
Response = int | Levels | str | dict[str, str | Levels] | None


class Answer(BaseModel):
    """The last answer to a question, and what it earned."""

    # A field that a later version adds is kept, so that an older one does not lose it.
    model_config = ConfigDict(extra="allow", strict=True)

    fingerprint: Annotated[str, Field(max_length=64)]
    response: Annotated[Response, Field(union_mode="left_to_right")] = None
    score: Annotated[float, Field(ge=0, le=100)] = 0.0
    points: Annotated[int, Field(ge=0, le=100)] = 0
    attempts: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    hints: Annotated[int, Field(ge=0, le=100)] = 0
    shown: bool = False
    confidence: Annotated[int, Field(ge=0, le=2)] | None = None
    seconds: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    at: Moment


class Review(BaseModel):
    """Where a question or a term stands in review: ``stage`` right answers, and when it is due."""

    model_config = ConfigDict(extra="allow", strict=True)

    stage: Annotated[int, Field(ge=0, le=100)]
    due: Moment
    at: Moment


class Record(BaseModel):
    """All answers of a student, by the id of the question."""

    model_config = ConfigDict(extra="allow", strict=True)

    format: Literal["pfp-course/progress"]
    version: Literal[1]
    course: str = __version__
    student: Annotated[str, Field(max_length=200)] = ""
    seed: Annotated[str, Field(max_length=100)] = ""
    answers: dict[Annotated[str, Field(max_length=100)], Answer] = {}
    reviews: dict[Annotated[str, Field(max_length=200)], Review] = {}

    @classmethod
    def empty(cls) -> "Record":
        """Return a record without answers."""
        return cls(format="pfp-course/progress", version=1)

    def merged(
        self, answers: Mapping[str, Answer], reviews: Mapping[str, Review] | None = None
    ) -> "Record":
        """Return the record with answers and reviews added; of two to one thing the newer stays."""
        changed = {
            "answers": _newer(self.answers, answers),
            "reviews": _newer(self.reviews, reviews or {}),
        }
        return self.model_copy(update={**changed, "course": __version__})


_Dated = TypeVar("_Dated", Answer, Review)


def _newer(known: Mapping[str, _Dated], added: Mapping[str, _Dated]) -> dict[str, _Dated]:
    together = dict(known)
    for name, one in added.items():
        if name not in together or one.at >= together[name].at:
            together[name] = one
    return together


@dataclass
class Store:
    """The record in a folder: read, merged and written whole, or kept in memory where it can't be.

    ``notice`` is what the student should know, or empty: that a damaged record was set aside,
    or that answers are not kept.
    """

    folder: Path
    notice: str = ""
    _memory: Record = field(default_factory=Record.empty)

    @property
    def path(self) -> Path:
        """The place of the record."""
        return self.folder / FILE_NAME

    @property
    def seed(self) -> str:
        """The student's name or class code, which decides on variants; often empty."""
        return self._known().seed or self._memory.seed

    @property
    def student(self) -> str:
        """The name or id that the student typed, or empty."""
        return self._known().student or self._memory.student

    def sign(self, student: str, seed: str | None = None) -> None:
        """Keep the student's name or id, and the seed if one is given. It never raises."""
        signed = {"student": student} | ({} if seed is None else {"seed": seed})
        self._memory = self._memory.model_copy(update=signed)
        self._keep(signed)

    def answers(self) -> dict[str, Answer]:
        """Return all answers: those of the file, and those that could not be written."""
        return self._known().merged(self._memory.answers).answers

    def reviews(self) -> dict[str, Review]:
        """Return where everything stands in review."""
        return self._known().merged({}, self._memory.reviews).reviews

    def _known(self) -> Record:
        try:
            return self._read()
        except OSError as error:
            self.notice = f"Your earlier answers cannot be read: {error.strerror}."
            return Record.empty()

    def save(
        self, answers: Mapping[str, Answer], reviews: Mapping[str, Review] | None = None
    ) -> None:
        """Merge answers and reviews into the record and write it.

        It never raises for a disk's trouble; ``notice`` tells of it.
        """
        self._memory = self._memory.merged(answers, reviews)
        self._keep({})

    def _keep(self, signed: dict[str, str]) -> None:
        try:
            with self._lock():
                known = self._read().model_copy(update=signed)
                self._write(known.merged(self._memory.answers, self._memory.reviews))
        except (OSError, Timeout) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.notice = (
                f"Your answers are not kept on disk: {self.path.name} could not be written "
                f"({reason}). They stay here while this notebook runs. Make room on the disk, "
                "or move the notebook to a folder where you may write, and answer again."
            )
        else:
            self._memory = Record.empty()
            if self.notice.startswith("Your answers are not kept"):
                self.notice = ""

    def _lock(self) -> FileLock:
        # In the system's temporary folder, so that the student's folder holds the record only.
        name = sha256(str(self.path.resolve()).encode()).hexdigest()[:16]
        return FileLock(Path(tempfile.gettempdir()) / f"pfp-progress-{name}.lock", _PATIENCE)

    def _read(self) -> Record:
        try:
            if self.path.stat().st_size > _LARGEST:
                return self._set_aside("is too large to be a record of answers")
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Record.empty()
        except UnicodeDecodeError:
            return self._set_aside("is damaged")
        except OSError as error:
            self.notice = (
                f"Your earlier answers cannot be read: {self.path.name} ({error.strerror}). "
                "Look at the rights of the file."
            )
            return Record.empty()
        return self._parse(text)

    def _parse(self, text: str) -> Record:
        try:
            value = json.loads(text)
            if isinstance(value, dict) and value.get("format") == FORMAT:
                version = value.get("version")
                if isinstance(version, int) and version > VERSION:
                    return self._set_aside("was written by a newer version of the course")
            return Record.model_validate(value)
        except (ValueError, RecursionError, ValidationError):
            return self._set_aside("is damaged, or is not a record of this course")

    def _set_aside(self, reason: str) -> Record:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = self.path.with_name(f"{self.path.stem}.set-aside-{stamp}.json")
        try:
            self.path.rename(aside)
        except OSError as error:
            # Writing would now destroy what could not be moved, so the caller must not.
            raise PermissionError(
                error.errno, f"{self.path.name} {reason} and could not be moved"
            ) from error
        self.notice = (
            f"{self.path.name} {reason}. It was kept as {aside.name}, "
            "and a new record has been begun."
        )
        return Record.empty()

    def _write(self, record: Record) -> None:
        text = json.dumps(record.model_dump(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".pfp-", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self.path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
