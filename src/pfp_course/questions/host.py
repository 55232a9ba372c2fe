"""``quiz``: the questions of a chapter as a widget, or as part of a page without a kernel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pfp_course._version import __version__
from pfp_course.content import bank_path, on_static_page, questions_dir
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError
from pfp_course.questions.assigned import assigned
from pfp_course.questions.bank import Bank, bank_version, read_bank
from pfp_course.questions.exam import read_released
from pfp_course.questions.exercise import Verdict
from pfp_course.questions.expressions import rows
from pfp_course.questions.kinds import Question, Spec
from pfp_course.questions.plain import as_page, as_text
from pfp_course.questions.public import public, variants
from pfp_course.questions.seeds import pick

if TYPE_CHECKING:
    from pfp_course.questions.record import Store

__all__ = ["PageQuiz", "check", "quiz", "quiz_spec", "review", "review_spec"]


@dataclass(frozen=True)
class PageQuiz:
    """A quiz on a page without a kernel; the page's script makes it live."""

    spec: dict[str, Any]

    def __str__(self) -> str:
        return as_text(self.spec)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_page(self.spec)


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
    if on_static_page():
        return PageQuiz(quiz_spec(name, seed))
    from pfp_course.questions.widget import WaitingQuiz, make_widget, store_of

    kept = store_of(Path.cwd())
    seed = _seed(kept) if seed is None else seed
    if seed is None:
        quiz_spec(name)  # a name that is unknown is said at once
        return WaitingQuiz(partial(quiz_spec, name), kept)
    return make_widget(quiz_spec(name, seed), kept)


def _seed(kept: "Store") -> str | None:
    """Return the seed of this folder: its assignment's, or that of the record."""
    here = assigned(kept.folder)
    return here.seed_for(kept.student) if here else kept.seed


def review() -> Any:
    """Bring back the questions that you missed, and the terms of the chapters you have begun.

    Returns
    -------
    A widget with what is due today: a question comes back a day after it was missed, and then,
    as long as it is answered rightly, after 3, 7 and 21 days more. On a page without a kernel,
    the same as HTML.
    """
    if on_static_page():
        return PageQuiz(review_spec(None))
    from pfp_course.questions.widget import make_widget, store_of

    kept = store_of(Path.cwd())
    return make_widget(review_spec(_seed(kept) or ""), kept)


def review_spec(seed: str | None = None) -> dict[str, Any]:
    """Return all questions of the course, and its glossary as ``cards``, as JSON-ready data."""
    banks = [read_bank(path) for path in sorted(questions_dir().glob("*.yml"))]
    cards = [
        {
            "id": f"term:{row['term']}",
            "chapter": row["chapter"],
            "term": row["term"] if row["acronym"] is None else f"{row['term']} ({row['acronym']})",
            "meaning": row["definition"],
        }
        for row in rows("glossary")
    ]
    return {
        "id": "review",
        "title": "Review",
        "course": __version__,
        "seed": seed or "",
        "questions": [_asked(question, seed) for bank in banks for question in bank.questions],
        "cards": cards,
    }


def quiz_spec(name: str, seed: str | None = None) -> dict[str, Any]:
    """Return the quiz of that name as JSON-ready data: ``id``, ``title``, ``questions``.

    Without a seed a question with variants is given as ``{"id": ..., "variants": [...]}``, for
    a page that learns the seed only when it is read.
    """
    if str(name).endswith(".json"):
        return _exam_spec(Path(name), seed or "")
    if str(name).endswith((".yml", ".yaml")):
        bank = read_bank(Path(name))
        return _quiz(Path(name).stem, bank.title, bank.questions, seed)
    bank, rest = _bank_of(name)
    if rest:
        wanted = [question for question in bank.questions if question.id == name]
        if not wanted:
            raise _unknown("question", name, [question.id for question in bank.questions])
        title = "Check yourself"
    else:
        wanted = [question for question in bank.questions if not question.inline]
        title = f"Questions on chapter {int(bank.chapter)}: {bank.title}"
    quiz = _quiz(name, title, wanted, seed)
    # The closing quiz knows its bank, so that a receipt can say which version was answered.
    return quiz if rest else {**quiz, "bank": bank_version(bank_path(bank.chapter))}


def _quiz(name: str, title: str, questions: Sequence[Question], seed: str | None) -> dict[str, Any]:
    return {
        "id": name,
        "title": title,
        "course": __version__,
        "seed": seed or "",
        "questions": [_asked(question, seed) for question in questions],
    }


def _exam_spec(path: Path, seed: str) -> dict[str, Any]:
    file = read_released(path)
    return {
        "id": path.stem,
        "title": file["title"],
        "course": __version__,
        "seed": seed,
        "questions": [
            one["variants"][pick(len(one["variants"]), seed, one["id"])]
            for one in file["questions"]
        ],
    }


def _asked(question: Question, seed: str | None) -> Spec:
    if seed is not None or not question.vary:
        return public(question, seed or "")
    return {"id": question.id, "variants": variants(question)}


def _bank_of(name: str) -> tuple[Bank, str]:
    chapter, _, rest = str(name).partition(".")
    known = sorted(path.stem for path in questions_dir().glob("*.yml"))
    if chapter not in known:
        raise CourseError(
            f"There are no questions {name!r}. The chapters are: {', '.join(known)}; "
            'write for example quiz("02").'
        )
    bank = read_bank(bank_path(chapter))
    if not bank.questions:
        raise CourseError(
            "This copy of the course belongs to an exam: the questions of the chapters are left "
            "out of it. To practise, use the course that your teacher gave you before."
        )
    return bank, rest


def _unknown(what: str, name: str, known: list[str]) -> CourseError:
    return CourseError(
        f"There is no {what} {name!r}.{nearest(name, known)} There are: {', '.join(known)}."
    )


_tries: dict[str, int] = {}
_TASK = object()


def check(name: str, value: Any = _TASK) -> Verdict:
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
        brings the next hint.

    Raises
    ------
    CourseError
        If there is no such exercise; the message names the nearest match.
    """
    bank, _ = _bank_of(name)
    found = next((exercise for exercise in bank.exercises if exercise.id == name), None)
    if found is None:
        raise _unknown("exercise", name, [exercise.id for exercise in bank.exercises])
    resolved = found.resolved()
    if value is _TASK:
        return resolved.task()
    if value is Ellipsis:
        return resolved.unanswered()
    verdict = resolved.judge(value, _tries.get(name, 0))
    _tries[name] = 0 if verdict.state == "right" else _tries.get(name, 0) + 1
    return verdict
