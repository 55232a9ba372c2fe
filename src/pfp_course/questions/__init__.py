"""Questions: read from a bank, keyed by the data, asked in a notebook or on a page, marked.

``quiz``, ``check`` and ``review`` are for notebooks; ``read_bank`` and ``check_bank`` for authors;
``mark`` and ``quiz_spec`` for what stands above: the book, exporters, assignments.
"""

import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pfp_course import __version__
from pfp_course.course import Course, default_course, item_name, on_static_page
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError, clear_errors, described, quoted
from pfp_course.questions.bank import (
    Bank,
    BankError,
    bank_cues,
    bank_version,
    check_bank,
    read_bank,
    read_released,
)
from pfp_course.questions.comparison import Verdict, portable, settled
from pfp_course.questions.exercises import Resolved, page_spec
from pfp_course.questions.expressions import rows
from pfp_course.questions.kinds import Mark, Question, Spec, mark
from pfp_course.questions.record import Store, store_of
from pfp_course.questions.record_model import tried_again
from pfp_course.questions.seeds import assigned
from pfp_course.questions.spec import as_page, as_text, drawn, public, variants
from pfp_course.questions.student_progress import course_outline, progress

__all__ = [
    "Bank",
    "BankError",
    "Mark",
    "bank_cues",
    "check",
    "check_bank",
    "course_outline",
    "mark",
    "progress",
    "quiz",
    "quiz_spec",
    "read_bank",
    "review",
    "review_spec",
]


@dataclass(frozen=True)
class PageQuiz:
    """A quiz on a page without a kernel; the page's script makes it live."""

    spec: dict[str, Any]

    def __str__(self) -> str:
        return as_text(self.spec)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_page(self.spec)


@clear_errors
def quiz(name: str, *, seed: str | None = None) -> Any:
    """Ask the questions of a chapter, or one of them.

    Parameters
    ----------
    name : str
        A chapter such as ``"02"``, for its closing quiz, or the id of a question of its text,
        such as ``"02.first"``; or a file: a bank of your own, such as ``"my-quiz.yml"``, or
        released questions, such as ``"exam.json"``.
    seed : str, optional
        A student's name or a class code: it decides which variant of a question is asked, and
        in which order choices stand. By default that of the record of answers, or none.

    Returns
    -------
    A widget that gives feedback at once and keeps the answers in ``pfp-progress.json``, in the
    folder of the notebook. On a page without a kernel, the same as HTML.

    Raises
    ------
    CourseError
        If there is no such chapter or question; the message names the nearest match.
    """
    course = default_course()
    if on_static_page():
        spec = quiz_spec(name, course, seed)
        if "bank" in spec:  # the close of a closing quiz speaks of the chapter's objectives
            spec["close"] = dict(read_bank(course.bank(spec["id"]), course).objectives)
        return PageQuiz(spec)
    from pfp_course.questions.widget import QuizWidget, WaitingQuiz

    kept = store_of()
    seed = _seed(kept) if seed is None else seed
    if seed is None:
        quiz_spec(name, course)  # a name that is unknown is said at once
        return WaitingQuiz(partial(quiz_spec, name, course), kept)
    return QuizWidget(quiz_spec(name, course, seed), kept)


def _seed(kept: Store) -> str | None:
    """Return the seed of this folder: its assignment's, or that of the record."""
    here = assigned(kept.folder)
    return here.seed_for(kept.student) if here else kept.seed


@clear_errors
def review() -> Any:
    """Bring back the questions that you missed, and the terms of the chapters you have begun.

    Returns
    -------
    A widget with what is due today: a question comes back a day after it was missed, and then,
    as long as it is answered rightly, after 3, 7 and 21 days more. On a page without a kernel,
    the same as HTML.
    """
    if on_static_page():
        return PageQuiz(review_spec(default_course()))
    from pfp_course.questions.widget import QuizWidget

    kept = store_of()
    return QuizWidget(review_spec(default_course(), _seed(kept) or ""), kept)


def review_spec(
    course: Course, seed: str | None = None, left_out: Collection[str] = ()
) -> dict[str, Any]:
    """Return all questions of the course, and its glossary as ``cards``, as JSON-ready data.

    ``left_out`` are the numbers of chapters whose questions and terms are not asked.
    """
    every = (read_bank(path, course) for path in sorted(course.questions.glob("*.yml")))
    banks = [bank for bank in every if bank.chapter not in left_out]
    cards = [
        {
            "id": f"term:{row['term']}",
            "chapter": row["chapter"],
            "term": row["term"] if row["acronym"] is None else f"{row['term']} ({row['acronym']})",
            "meaning": row["definition"],
            # The columns of other languages are named by their codes, which have two letters.
            "names": {name: cell for name, cell in row.items() if len(name) == 2 and cell},
            "isUnconfirmed": row["translation"] == "unconfirmed",
        }
        for row in rows("glossary", course)
        if row["chapter"] not in left_out
    ]
    asked = [_asked(question, seed) for bank in banks for question in bank.questions]
    return {**_spec("review", "Review", asked, seed), "cards": cards}


def quiz_spec(name: str, course: Course, seed: str | None = None) -> dict[str, Any]:
    """Return the quiz of that name as JSON-ready data: ``id``, ``title``, ``questions``.

    Without a seed a question with variants is given as ``{"id": ..., "variants": [...]}``, for
    a page that learns the seed only when it is read.
    """
    name = _named(name, 'quiz("02")', "a chapter or a question")
    if name.endswith(".json"):
        file = read_released(Path(name))
        asked = [drawn(question, seed or "") for question in file["questions"]]
        return _spec(Path(name).stem, file["title"], asked, seed)
    if name.endswith((".yml", ".yaml")):
        bank = read_bank(Path(name), course)
        asked = [_asked(question, seed) for question in bank.questions]
        return _spec(Path(name).stem, bank.title, asked, seed)
    bank, rest = _bank_of(name, course)
    if rest:
        wanted = [question for question in bank.questions if question.id == name]
        if not wanted:
            raise _unknown("question", name, bank.questions)
        title = "Check yourself"
    else:
        wanted = [question for question in bank.questions if not question.inline]
        title = f"Questions on chapter {int(bank.chapter)}: {bank.title}"
    quiz = _spec(name, title, [_asked(question, seed) for question in wanted], seed)
    # The closing quiz knows its bank, so that a receipt can say which version was answered.
    return quiz if rest else {**quiz, "bank": bank_version(course.bank(bank.chapter))}


def _named(name: object, example: str, what: str) -> str:
    """Return a name in its usual form, or say that it is none."""
    text = item_name(os.fspath(name) if isinstance(name, os.PathLike) else name)
    if not text:
        raise CourseError(
            f"{example.partition('(')[0]}() needs the name of {what} in quotes, such as {example}. "
            f"It was given {described(name)}."
        )
    return text


def _spec(name: str, title: str, questions: list[Spec], seed: str | None) -> dict[str, Any]:
    return {
        "id": name,
        "title": title,
        "course": __version__,
        "seed": seed or "",
        "questions": questions,
    }


def _asked(question: Question, seed: str | None) -> Spec:
    if seed is not None or not question.vary:
        return public(question, seed or "")
    return {"id": question.id, "variants": variants(question)}


def _bank_of(name: str, course: Course) -> tuple[Bank, str]:
    chapter, _, rest = name.partition(".")
    known = sorted(path.stem for path in course.questions.glob("*.yml"))
    if chapter not in known:
        raise CourseError(
            f"There are no questions {quoted(name)}. The chapters are: {', '.join(known)}; "
            'write for example quiz("02").'
        )
    bank = read_bank(course.bank(chapter), course)
    if not bank.questions:
        raise CourseError(
            "This copy of the course belongs to an exam: the questions of the chapters are left "
            "out of it. To practise, use the course that your teacher gave you before."
        )
    return bank, rest


def _unknown(what: str, name: str, items: Iterable[Any]) -> CourseError:
    known = [item.id for item in items]
    return CourseError(
        f"There is no {what} {quoted(name)}.{nearest(name, known)} There are: {', '.join(known)}."
    )


_TASK = object()


@clear_errors
def check(name: str, value: Any = _TASK) -> Any:
    """Check the answer to an exercise; without a value, show the task.

    Parameters
    ----------
    name : str
        The exercise, such as ``"02.e1"``.
    value
        What your code computed.

    Returns
    -------
    Verdict
        Right, or what to look at again. The solution is never shown at once; each wrong try
        brings the next hint. On a page without a kernel, where there is no value yet, a question
        for what the code would give.

    Raises
    ------
    CourseError
        If there is no such exercise; the message names the nearest match.
    """
    if type(value) is str and re.fullmatch(r"[0-9]{1,2}\.e[0-9]+", value.strip()):
        raise CourseError(f'The name of the exercise comes first: check("{value}", answer)')
    name = _named(name, 'check("02.e1", answer)', "an exercise")
    bank, _ = _bank_of(name, default_course())
    found = next((exercise for exercise in bank.exercises if exercise.id == name), None)
    if found is None:
        raise _unknown("exercise", name, bank.exercises)
    resolved = found.resolved()
    if on_static_page() and (value is _TASK or value is Ellipsis):
        title = f"Exercise {name.partition('.e')[2]}: what does the code give?"
        return PageQuiz(_spec(name, title, [page_spec(resolved)], ""))
    if value is _TASK:
        return resolved.task()
    if value is Ellipsis:
        return resolved.unanswered()
    return _judged(resolved, settled(value, found.compare))


def _judged(resolved: Resolved, value: Any) -> Verdict:
    """Return the verdict on a value, and keep the attempt in the record."""
    exercise, fingerprint = resolved.exercise, resolved.fingerprint
    if on_static_page():
        return resolved.judge(value, 0)
    kept = store_of()
    before = kept.trials().get(exercise.id)
    right = resolved.judge(value, 0).state == "right"
    trial = tried_again(before, fingerprint, portable(value, exercise.compare), right=right)
    kept.save({}, trials={exercise.id: trial})
    # Each wrong attempt brings the next hint; after a right one they begin anew.
    fresh = before is None or before.right or before.fingerprint != fingerprint
    wrong = 0 if fresh or before is None else min(before.attempts, trial.attempts - 1)
    verdict = resolved.judge(value, wrong)
    return verdict if kept.saved else replace(verdict, notice=kept.notice)
