"""To hand in: a receipt of the answers in a folder, by a form of the notebook or by a command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pfp_course.assignments.assignment import moment
from pfp_course.assignments.receipt import receipt_name, receipt_text
from pfp_course.course import Course, default_course, on_static_page
from pfp_course.errors import CourseError, clear_errors
from pfp_course.files import write_whole
from pfp_course.questions.bank import bank_version
from pfp_course.questions.record import Store, store_of
from pfp_course.questions.record_model import Answer, Trial
from pfp_course.questions.seeds import Assigned, assigned, normal, other_name, seed_of

__all__ = ["EXPLAIN", "HandedIn", "hand_in", "submit"]

_LONGEST_NAME = 200
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
    open: tuple[str, ...]
    late: str = ""
    notice: str = ""
    exercises: int = 0
    drafts: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = f"{self.answered} {'answer is' if self.answered == 1 else 'answers are'}"
        if self.exercises:
            tried = "1 exercise" if self.exercises == 1 else f"{self.exercises} exercises"
            count = f"{count.rsplit(' ', 1)[0]} and {tried} are"
        says = [f"{count} in the receipt {self.path.name}, in the folder {self.path.parent}."]
        if self.open:
            shown = ", ".join(self.open[:8]) + (
                ", \N{HORIZONTAL ELLIPSIS}" if len(self.open) > 8 else ""
            )
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
    if not trials and not any(map(_is_answered, answers.values())):
        raise CourseError(
            f"{record.notice} There is no answer yet in {record.path}. Answer a question first, or "
            f"name the folder in which you worked. {_of_drafts(drafts)}".strip()
        )
    record.sign(student, seed_of(student) if own else None)
    seed = (here.seed_for(student) if here else record.seed) or ""
    now = datetime.now(UTC)
    text = receipt_text(
        student=student,
        seed=seed,
        assignment=here.id if here else "",
        made=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        banks=_banks(course, folder, here, [*answers, *trials]),
        answers=answers,
        exercises=trials,
    )
    path = folder.resolve() / receipt_name(here.id if here else "", student)
    write_whole(path, text.encode())
    return HandedIn(
        path=path,
        answered=sum(map(_is_answered, answers.values())),
        open=tuple(_open(here.questions if here else (), answers)),
        late=here.due if here and now > moment(here.due) else "",
        notice=record.notice,
        exercises=len(trials),
        drafts=drafts,
    )


def _of_drafts(drafts: tuple[str, ...]) -> str:
    """Return what is said of answers that are written and not given; empty if there are none."""
    if not drafts:
        return ""
    what, them = (
        ("1 answer is", "it") if len(drafts) == 1 else (f"{len(drafts)} answers are", "them")
    )
    named = ", ".join(drafts[:8])
    return (
        f"{what} written but not checked, and not in the receipt ({named}): check {them} first, "
        "and make the receipt again."
    )


def _trials(record: Store, here: Assigned | None) -> dict[str, Trial]:
    """Return what was tried at the exercises of the chapters that were assigned, or of all."""
    wanted = None if here is None else {name for name in here.banks if not Path(name).suffix}
    return {
        name: trial
        for name, trial in record.trials().items()
        if wanted is None or name.partition(".")[0] in wanted
    }


def _open(questions: Iterable[str], answers: Mapping[str, Answer]) -> list[str]:
    return [name for name in questions if name not in answers or not _is_answered(answers[name])]


def _is_answered(answer: Answer) -> bool:
    return answer.response is not None or answer.shown


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
    folder = store.folder
    here = assigned(folder)
    spec = {
        "form": True,
        "id": "submit",
        "title": f"Hand in: {here.title}" if here else "Hand in",
        "button": "Make my receipt",
        "explain": EXPLAIN + _IN_CODE,
        "questions": [],
    }
    return FormWidget(
        lambda name: str(hand_in(folder, default_course(), name, store)), store, spec=spec
    )
