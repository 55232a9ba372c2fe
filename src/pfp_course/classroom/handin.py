"""To hand in: a receipt of the answers in a folder, by a form of the notebook or by a command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pfp_course.classroom.assignment import moment
from pfp_course.classroom.receipt import receipt_name, receipt_text
from pfp_course.content import bank_path, on_static_page
from pfp_course.errors import CourseError
from pfp_course.files import write_whole
from pfp_course.questions.assigned import Assigned, assigned, normal, other_name, seed_of
from pfp_course.questions.bank import bank_version
from pfp_course.questions.record import Answer, Store

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


@dataclass(frozen=True)
class HandedIn:
    """A receipt that was written: where, what it answers, and what is open."""

    path: Path
    answered: int
    open: tuple[str, ...]
    late: str = ""
    notice: str = ""

    def __str__(self) -> str:
        count = f"{self.answered} {'answer is' if self.answered == 1 else 'answers are'}"
        says = [f"{count} in the receipt {self.path.name}, in the folder {self.path.parent}."]
        if self.open:
            shown = ", ".join(self.open[:8]) + (
                ", \N{HORIZONTAL ELLIPSIS}" if len(self.open) > 8 else ""
            )
            says.append(f"Without an answer: {len(self.open)} ({shown}).")
        if self.late:
            says.append(f"The deadline was {self.late}; your teacher sees when this was made.")
        says.append("Give this file to your teacher.")
        return " ".join([*says, self.notice]).strip()


def hand_in(folder: Path, name: str = "", store: Store | None = None) -> HandedIn:
    """Write the receipt of the answers that are kept in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A folder with ``pfp-progress.json`` and, where something was assigned, ``assignment.json``.
    name : str
        The student's name or id; by default that of the record.
    store : Store, optional
        The record of the folder, where a notebook has it open.

    Raises
    ------
    CourseError
        If there is no name, no answer, or another name than the student began with.
    """
    kept, here = store or Store(folder), assigned(folder)
    student = " ".join(name.split()) or kept.student
    if not student:
        raise CourseError('Your name or id is missing. Write: pfp submit --name "Your Name"')
    if len(student) > _LONGEST_NAME:
        raise CourseError(f"The name is longer than {_LONGEST_NAME} characters. Shorten it.")
    own = here is not None and here.seed_by == "student"
    if own and kept.student and normal(kept.student) != normal(student):
        raise CourseError(other_name(kept.student))
    known = kept.answers()
    answers = known if here is None else {n: known[n] for n in here.questions if n in known}
    if not any(one.response is not None or one.shown for one in answers.values()):
        raise CourseError(
            f"{kept.notice} There is no answer yet in {kept.path}. Answer a question first, or "
            "name the folder in which you worked.".strip()
        )
    kept.sign(student, seed_of(student) if own else None)
    seed = (here.seed_for(student) if here else kept.seed) or ""
    now = datetime.now(UTC)
    text = receipt_text(
        student=student,
        seed=seed,
        assignment=here.id if here else "",
        made=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        banks=_banks(folder, here, answers),
        answers=answers,
    )
    path = folder.resolve() / receipt_name(here.id if here else "", student)
    write_whole(path, text.encode())
    return HandedIn(
        path=path,
        answered=sum(one.response is not None or one.shown for one in answers.values()),
        open=tuple(_open(here.questions if here else (), answers)),
        late=here.due if here and now > moment(here.due) else "",
        notice=kept.notice,
    )


def _open(questions: Iterable[str], answers: Mapping[str, Answer]) -> list[str]:
    return [
        name
        for name in questions
        if name not in answers or (answers[name].response is None and not answers[name].shown)
    ]


def _banks(folder: Path, here: Assigned | None, answers: Mapping[str, Answer]) -> dict[str, str]:
    """Return the versions of the banks as this student has them."""
    names = here.banks if here else sorted({name.partition(".")[0] for name in answers})
    found = {}
    for name in names:
        # An assigned file lies in the folder; a chapter's bank is part of the course.
        path = folder / name if Path(name).suffix else bank_path(name)
        try:
            found[name] = bank_version(path)
        except CourseError:
            found[name] = "missing"
    return found


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
    from pfp_course.questions.widget import FormWidget, store_of

    folder = Path.cwd()
    store, here = store_of(folder), assigned(folder)
    spec = {
        "form": True,
        "id": "submit",
        "title": f"Hand in: {here.title}" if here else "Hand in",
        "button": "Make my receipt",
        "explain": EXPLAIN,
        "questions": [],
    }
    return FormWidget(
        lambda name: str(hand_in(folder, name, store)), spec=spec, student=store.student
    )
