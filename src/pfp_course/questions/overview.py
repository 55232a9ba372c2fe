"""What a student has reached: the objectives of each chapter, from the record of answers."""

import json
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pfp_course.content import bank_path, questions_dir
from pfp_course.errors import CourseError
from pfp_course.questions.bank import bank_version, read_bank
from pfp_course.questions.kinds.common import Question
from pfp_course.questions.marking import valid_answers
from pfp_course.questions.public import variants
from pfp_course.questions.record import SURE, Answer, Record, Store

__all__ = ["Overview", "Reached", "course_outline", "progress", "read_record"]


@dataclass(frozen=True)
class Reached:
    """An objective: how many of its questions are answered rightly, of how many."""

    chapter: str
    objective: str
    text: str
    right: int
    questions: int

    @property
    def met(self) -> bool:
        """Whether all its questions are answered rightly."""
        return self.right == self.questions


@dataclass(frozen=True)
class Sureness:
    """One of the ways to be sure of an answer: how often the first try was right, of how many."""

    words: str
    right: int
    answers: int

    def __str__(self) -> str:
        return f"{self.words}: {self.right} of {self.answers} right at the first try"


@dataclass(frozen=True)
class Overview:
    """The objectives of all chapters, and what has been reached."""

    reached: tuple[Reached, ...]
    notice: str = ""
    sure: tuple[Sureness, ...] = ()

    def __str__(self) -> str:
        lines = [self.notice] if self.notice else []
        for one in self.reached:
            mark = "met " if one.met else "    "
            lines.append(f"{mark}{one.objective}  {one.right} of {one.questions}  {one.text}")
        return "\n".join([*lines, *map(str, self.sure)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{escape(one.objective)}</th><td>{escape(one.text)}</td>"
            f"<td>{one.right} of {one.questions}</td>"
            f"<td>{'✓ met' if one.met else 'not yet'}</td></tr>"
            for one in self.reached
        )
        notice = f"<p>{escape(self.notice)}</p>" if self.notice else ""
        head = "".join(
            f"<th scope='col'>{name}</th>"
            for name in ("Objective", "You can", "Questions right", "Met")
        )
        sure = "".join(f"<li>{escape(str(one))}</li>" for one in self.sure)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{notice}{table}<ul>{sure}</ul>" if sure else f"{notice}{table}"


@cache
def course_outline() -> tuple[dict[str, Any], ...]:
    """Return the chapters with their objectives and the fingerprints of their questions.

    Returns
    -------
    tuple of dict
        JSON-ready: ``chapter``, ``bank`` (its version), ``title``, ``objectives`` (text by
        id) and ``questions``, each with ``id``, ``objective``, ``points`` and ``fingerprints``
        (one for each variant).
    """
    banks = [read_bank(bank_path(path.stem)) for path in sorted(questions_dir().glob("*.yml"))]
    return tuple(
        {
            "chapter": bank.chapter,
            "bank": bank_version(bank_path(bank.chapter)),
            "title": bank.title,
            "objectives": dict(bank.objectives),
            "questions": [
                {
                    "id": question.id,
                    "objective": question.objective,
                    "points": question.points,
                    "fingerprints": [spec["fingerprint"] for spec in variants(question)],
                }
                for question in bank.questions
            ],
        }
        for bank in banks
    )


def progress(load: str | Path | None = None) -> Overview:
    """Show which objectives you have met, from the record beside the notebook.

    Parameters
    ----------
    load : str or pathlib.Path, optional
        A record from another place, such as the file that the book's page *My progress* gives
        you. Its answers are merged into yours: of two answers to a question the newer stays.

    Raises
    ------
    CourseError
        If the file cannot be read, or is no record of this course; nothing is changed then.
    """
    store = Store(Path.cwd())
    if load is not None:
        other = read_record(Path(load))
        store.save(other.answers, other.reviews)
    answers = {name: answer.model_dump() for name, answer in store.answers().items()}
    marked = [
        (chapter["chapter"], question.objective, *_marked(question, answers))
        for chapter in course_outline()
        for question in read_bank(bank_path(chapter["chapter"])).questions
    ]
    reached = [
        Reached(
            chapter["chapter"],
            objective,
            text,
            sum(right for *_, right, _ in questions),
            len(questions),
        )
        for chapter in course_outline()
        for objective, text in chapter["objectives"].items()
        if (questions := [one for one in marked if one[:2] == (chapter["chapter"], objective)])
    ]
    said = [(answer, right) for *_, right, answer in marked if answer]
    sure = tuple(_sureness(said, level) for level in range(len(SURE)))
    return Overview(tuple(reached), store.notice, sure if any(one.answers for one in sure) else ())


def _sureness(said: list[tuple[Answer, bool]], level: int) -> Sureness:
    of_level = [(answer, right) for answer, right in said if answer.confidence == level]
    first = sum(right and answer.attempts == 1 for answer, right in of_level)
    return Sureness(SURE[level], first, len(of_level))


def _marked(question: Question, answers: dict[str, Any]) -> tuple[bool, Answer | None]:
    # An answer belongs to one variant: the one with its fingerprint.
    for spec in variants(question):
        found = valid_answers([spec], answers).get(question.id)
        if found is not None:
            return found.score == spec["points"], found
    return False, None


def read_record(path: Path) -> Record:
    """Return a record of answers from a file.

    Raises
    ------
    CourseError
        If the file cannot be read, or is no record of this course.
    """
    try:
        return Record.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Check its name.") from None
    except (ValueError, RecursionError, ValidationError):
        raise CourseError(
            f"{path} is no record of this course, or was written by a newer version of it. "
            "Download it again from the page My progress."
        ) from None
