"""Answers marked anew, whatever a record claims, and the objectives that they reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pfp_course.course import Course, default_course
from pfp_course.errors import CourseError, clear_errors, described, quoted
from pfp_course.questions.bank import bank_version, read_bank
from pfp_course.questions.exercises import Exercise
from pfp_course.questions.kinds import Question, Spec, form_of, mark
from pfp_course.questions.record import SURE, Answer, Draft, Record, Review, store_of
from pfp_course.questions.record_file import OversizedError, RecordFile, cause
from pfp_course.questions.record_model import Trial, read_record_text, readable
from pfp_course.questions.spec import variants

__all__ = [
    "Overview",
    "Reached",
    "course_outline",
    "once_counted",
    "progress",
    "read_record",
    "remarked",
    "valid_answers",
    "valid_drafts",
    "valid_reviews",
]


def remarked(spec: Spec, answer: Answer) -> Answer:
    """Return an answer with points and score computed from its response.

    An answer that was shown before it was found earns nothing.
    """
    earns = answer.response is not None and not answer.shown
    share = mark(spec, answer.response).share if earns else 0.0
    fresh = {"points": spec["points"], "score": round(share * spec["points"], 4)}
    return answer.model_copy(update=fresh)


def valid_answers(specs: Iterable[Spec], answers: Mapping[str, object]) -> dict[str, Answer]:
    """Return the readable answers to these questions, marked anew.

    An answer to a question that has since changed is left out: it may mean something else now.

    Parameters
    ----------
    specs
        Questions in their public form.
    answers
        Answers by id, as a front end sent them or a record holds them.
    """
    return {
        spec["id"]: remarked(spec, answer)
        for spec in specs
        if (answer := readable(Answer, answers.get(spec["id"])))
        and answer.fingerprint == spec["fingerprint"]
    }


def valid_reviews(reviews: Mapping[str, object]) -> dict[str, Review]:
    """Return the readable states of review, as a front end sent them."""
    found = {name: readable(Review, value) for name, value in reviews.items()}
    return {name: review for name, review in found.items() if review}


def valid_drafts(specs: Iterable[Spec], drafts: Mapping[str, object]) -> dict[str, Draft]:
    """Return the readable drafts of answers to these questions, as a front end sent them."""
    return {
        spec["id"]: draft
        for spec in specs
        if (draft := readable(Draft, drafts.get(spec["id"])))
        and draft.fingerprint == spec["fingerprint"]
    }


def once_counted(spec: Spec, answer: Answer, before: Answer | None) -> Answer:
    """Return an answer whose response, if it was given before, counts as no new attempt.

    Parameters
    ----------
    spec
        The question in its public form.
    answer
        What a front end sent, marked anew.
    before
        The answer that was kept until now.
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

    The same for its exercises in code, which do not decide on whether it is met: a page of the
    book has the questions alone.
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
class Sureness:
    """One of the ways to be sure of an answer: how often the first try was right, of how many."""

    words: str
    right: int
    answers: int

    def __str__(self) -> str:
        return f"{self.words}: {self.right} of {self.answers} right at the first try"


@dataclass(frozen=True)
class Tried:
    """An exercise that was tried: whether its last value was right, and after how many attempts."""

    exercise: str
    right: bool
    attempts: int

    def __str__(self) -> str:
        count = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        return f"Exercise {self.exercise}: {'right' if self.right else 'not yet right'}, {count}"


@dataclass(frozen=True)
class Overview:
    """The objectives of all chapters, and what has been reached."""

    reached: tuple[Reached, ...]
    notice: str = ""
    sure: tuple[Sureness, ...] = ()
    tried: tuple[Tried, ...] = ()

    def __str__(self) -> str:
        lines = [self.notice] if self.notice else []
        for one in self.reached:
            mark = "met " if one.met else "    "
            in_code = f", exercises {one.in_code}" if one.in_code else ""
            counts = f"{one.right} of {one.questions}{in_code}"
            lines.append(f"{mark}{one.objective}  {counts}  {one.text}")
        return "\n".join([*lines, *map(str, self.tried), *map(str, self.sure)])

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
        sure = "".join(f"<li>{escape(str(one))}</li>" for one in (*self.tried, *self.sure))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{notice}{table}<ul>{sure}</ul>" if sure else f"{notice}{table}"


@cache
def course_outline(course: Course) -> tuple[dict[str, Any], ...]:
    """Return the chapters with their objectives and the fingerprints of their questions.

    Returns
    -------
    tuple of dict
        JSON-ready: ``chapter``, ``bank`` (its version), ``title``, ``objectives`` (text by
        id) and ``questions``, each with ``id``, ``objective``, ``points`` and ``fingerprints``
        (one for each variant).
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
        store.save(other.answers, other.reviews)
        store.save_trials(other.exercises)
    answers = {name: answer.model_dump() for name, answer in store.answers().items()}
    outline = course_outline(course)
    banks = [read_bank(course.bank(chapter["chapter"]), course) for chapter in outline]
    marked = [
        (bank.chapter, question.objective, *_marked(question, answers))
        for bank in banks
        for question in bank.questions
    ]
    exercises = [exercise for bank in banks for exercise in bank.exercises]
    tried = _tried(exercises, store.trials())
    reached = [
        Reached(
            chapter["chapter"],
            objective,
            text,
            sum(right for *_, right, _ in questions),
            len(questions),
            sum(one.right for exercise, one in tried.items() if exercise in of_objective),
            len(of_objective),
        )
        for chapter in outline
        for objective, text in chapter["objectives"].items()
        if (questions := [one for one in marked if one[:2] == (chapter["chapter"], objective)])
        for of_objective in [{one.id for one in exercises if one.objective == objective}]
    ]
    said = [(answer, right) for *_, right, answer in marked if answer]
    sure = tuple(_sureness(said, level) for level in range(len(SURE)))
    sure = sure if any(one.answers for one in sure) else ()
    return Overview(tuple(reached), store.notice, sure, tuple(tried.values()))


def _tried(exercises: Sequence[Exercise], trials: Mapping[str, Trial]) -> dict[str, Tried]:
    """Return what was tried, by exercise; a result of another version of it is left out."""
    return {
        one.id: Tried(one.id, trial.right, trial.attempts)
        for one in exercises
        if (trial := trials.get(one.id)) and trial.fingerprint == one.resolved().fingerprint
    }


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
