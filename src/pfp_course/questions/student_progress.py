"""Answers marked anew, whatever a record claims, and the objectives that they reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, TypeVar

from pfp_course.course import Course, default_course
from pfp_course.errors import CourseError, clear_errors, described, quoted
from pfp_course.questions.bank import bank_version, read_bank
from pfp_course.questions.kinds import Question, Spec, form_of, mark
from pfp_course.questions.record import SURE, store_of
from pfp_course.questions.record_file import OversizedError, RecordFile, cause
from pfp_course.questions.record_model import (
    Answer,
    Draft,
    Record,
    Review,
    Trial,
    read_record_text,
    readable,
)
from pfp_course.questions.spec import variants

__all__ = [
    "course_outline",
    "once_counted",
    "progress",
    "valid_answers",
    "valid_drafts",
    "valid_reviews",
]


_Sent = TypeVar("_Sent", Answer, Draft)


def _current(model: type[_Sent], spec: Spec, sent: Mapping[str, object]) -> _Sent | None:
    """Return what was sent for a question, if it can be read.

    If the question has since changed it is left out: it may mean something else now.
    """
    one = readable(model, sent.get(spec["id"]))
    return one if one and one.fingerprint == spec["fingerprint"] else None


def valid_answers(specs: Iterable[Spec], answers: Mapping[str, object]) -> dict[str, Answer]:
    """Return the readable answers to these questions, marked anew.

    The answers are by id, as a front end sent them or a record holds them. One that was shown
    before it was found earns nothing.
    """
    valid = {}
    for spec in specs:
        if answer := _current(Answer, spec, answers):
            earns = answer.response is not None and not answer.shown
            score = (mark(spec, answer.response).share if earns else 0.0) * spec["points"]
            fresh = {"points": spec["points"], "score": round(score, 4)}
            valid[spec["id"]] = answer.model_copy(update=fresh)
    return valid


def valid_drafts(specs: Iterable[Spec], drafts: Mapping[str, object]) -> dict[str, Draft]:
    """Return the readable drafts of answers to these questions, as a front end sent them."""
    return {spec["id"]: draft for spec in specs if (draft := _current(Draft, spec, drafts))}


def valid_reviews(reviews: Mapping[str, object]) -> dict[str, Review]:
    """Return the readable states of review, as a front end sent them."""
    found = {name: readable(Review, value) for name, value in reviews.items()}
    return {name: review for name, review in found.items() if review}


def once_counted(spec: Spec, answer: Answer, before: Answer | None) -> Answer:
    """Return an answer, marked anew, that is no new attempt if it was given before.

    ``before`` is the answer that was kept until now.
    """
    if before is None or before.fingerprint != answer.fingerprint:
        return answer
    earlier = before.tried if before.response is None else [*before.tried, before.response]
    form = form_of(spec)
    again = any(form.same(response, answer.response) for response in earlier)
    if again and answer.response is not None and answer.attempts > before.attempts > 0:
        return answer.model_copy(update={"attempts": before.attempts, "tried": before.tried})
    return answer


@dataclass(frozen=True)
class Reached:
    """An objective: how many of its questions are answered rightly, of how many.

    Its exercises in code do not decide on whether it is met: a page has the questions alone.
    """

    chapter: str
    objective: str
    text: str
    right: int
    questions: int
    exercises_right: int = 0
    exercises: int = 0

    @property
    def met(self) -> bool:
        """Whether all its questions are answered rightly."""
        return self.right == self.questions

    @property
    def in_code(self) -> str:
        """How many exercises are right, in words; empty where there are none."""
        return f"{self.exercises_right} of {self.exercises}" if self.exercises else ""


@dataclass(frozen=True)
class Overview:
    """The objectives of all chapters, and what has been reached.

    ``tried`` says what was tried at exercises, ``sure`` how often one who was sure was right.
    """

    reached: tuple[Reached, ...]
    notice: str = ""
    tried: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [self.notice] if self.notice else []
        for one in self.reached:
            mark = "met " if one.met else "    "
            in_code = f", exercises {one.in_code}" if one.in_code else ""
            counts = f"{one.right} of {one.questions}{in_code}"
            lines.append(f"{mark}{one.objective}  {counts}  {one.text}")
        return "\n".join([*lines, *self.tried, *self.sure])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{escape(one.objective)}</th><td>{escape(one.text)}</td>"
            f"<td>{one.right} of {one.questions}</td><td>{one.in_code}</td>"
            f"<td>{'✓ met' if one.met else 'not yet'}</td></tr>"
            for one in self.reached
        )
        notice = f"<p>{escape(self.notice)}</p>" if self.notice else ""
        head = "".join(
            f"<th scope='col'>{name}</th>"
            for name in ("Objective", "You can", "Questions right", "Exercises right", "Met")
        )
        also = "".join(f"<li>{escape(line)}</li>" for line in (*self.tried, *self.sure))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{notice}{table}<ul>{also}</ul>" if also else f"{notice}{table}"


@cache
def course_outline(course: Course) -> tuple[dict[str, Any], ...]:
    """Return the chapters with their objectives and their questions, as JSON-ready data.

    ``bank`` is the version of a chapter's bank, ``objectives`` are texts by id; a question has one
    of its ``fingerprints`` for each variant.
    """
    banks = [read_bank(path, course) for path in sorted(course.questions.glob("*.yml"))]
    return tuple(
        {
            "chapter": bank.chapter,
            "bank": bank_version(course.bank(bank.chapter)),
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


@clear_errors
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
    course, store = default_course(), store_of()
    if load is not None:
        if not isinstance(load, str | Path):
            raise CourseError(
                'progress() needs the name of a file, such as progress(load="mine.json"). '
                f"It was given {described(load)}."
            )
        other = read_record(Path(load))
        store.save(other.answers, other.reviews, trials=other.exercises)
    answers, trials = store.answers(), store.trials()
    banks = [read_bank(path, course) for path in sorted(course.questions.glob("*.yml"))]
    marked = {one.id: _marked(one, answers) for bank in banks for one in bank.questions}
    tried = {
        one.id: trial
        for bank in banks
        for one in bank.exercises
        # A result of another version of the exercise is left out.
        if (trial := trials.get(one.id)) and trial.fingerprint == one.resolved().fingerprint
    }
    reached = [
        Reached(
            bank.chapter,
            objective,
            text,
            sum(marked[name][0] for name in asked),
            len(asked),
            sum(name in tried and tried[name].right for name in tasks),
            len(tasks),
        )
        for bank in banks
        for objective, text in bank.objectives.items()
        if (asked := [one.id for one in bank.questions if one.objective == objective])
        for tasks in [[one.id for one in bank.exercises if one.objective == objective]]
    ]
    return Overview(
        tuple(reached),
        store.notice,
        tuple(_in_words(name, trial) for name, trial in tried.items()),
        _sureness([(answer, right) for right, answer in marked.values() if answer]),
    )


def _in_words(exercise: str, trial: Trial) -> str:
    count = "1 attempt" if trial.attempts == 1 else f"{trial.attempts} attempts"
    return f"Exercise {exercise}: {'right' if trial.right else 'not yet right'}, {count}"


def _sureness(said: list[tuple[Answer, bool]]) -> tuple[str, ...]:
    """Return for each way to be sure how often the first try was right; () if nobody was asked."""
    if all(answer.confidence is None for answer, _ in said):
        return ()
    lines = []
    for level, words in enumerate(SURE):
        firsts = [
            right and answer.attempts == 1 for answer, right in said if answer.confidence == level
        ]
        lines.append(f"{words}: {sum(firsts)} of {len(firsts)} right at the first try")
    return tuple(lines)


def _marked(question: Question, answers: Mapping[str, Answer]) -> tuple[bool, Answer | None]:
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
        record, damage = read_record_text(RecordFile.read_at(path))
        if damage:
            raise ValueError(damage)
        return record
    except OversizedError:
        raise CourseError(f"{path} is far too large to be a record of this course.") from None
    except OSError as error:
        name = quoted(path)[1:-1]
        raise CourseError(f"{name} cannot be read ({cause(error)}). Check its name.") from None
    except ValueError:
        raise CourseError(
            f"{path} is no record of this course, or was written by a newer version of it. "
            "Download it again from the page My progress."
        ) from None
