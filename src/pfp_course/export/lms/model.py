"""What is exported: a package of sections, each with its questions, and no format in it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from pfp_course.chapters import Chapter
from pfp_course.course import Course
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError
from pfp_course.questions import check_bank, read_bank
from pfp_course.questions.bank import Bank
from pfp_course.questions.interactions import Interaction
from pfp_course.questions.kinds import Form, Question
from pfp_course.questions.spec import variant_forms

__all__ = ["Item", "Package", "Quiz", "Section", "of_bank", "of_chapter", "safe_name"]


@dataclass(frozen=True)
class Item:
    """A question to be exported, or one of its variants.

    Attributes
    ----------
    identifier : str
        Letters, digits, hyphens, points and underscores, beginning with a letter. It is the same
        in each export of the same question.
    name : str
        The id of the question in its bank.
    variant, variants : int
        Which of how many variants it is, from 1.
    inline : bool
        Whether it stands in the text of its chapter, and not in the closing quiz.
    goal : str
        The text of its objective, whose id is ``form.objective``.
    form, asks
        The public form: its text, hints, reason and sources. What is asked, and what each answer
        earns of the ``points``.
    """

    identifier: str
    name: str
    variant: int
    variants: int
    inline: bool
    goal: str
    form: Form
    asks: Interaction
    points: float

    @property
    def title(self) -> str:
        """What the question is called in a list."""
        return f"{self.name} ({self.variant})" if self.variants > 1 else self.name

    @property
    def family(self) -> str:
        """The identifier that its variants have in common."""
        return self.identifier.rpartition("-v")[0]

    def asking(self, ask: str, asks: Interaction) -> "Item":
        """Return the question with another text, asked in another way."""
        return replace(self, form=self.form.model_copy(update={"ask": ask}), asks=asks)

    def part(self, number: int, ask: str, asks: Interaction, share: float) -> "Item":
        """Return a part of the question as one of its own, which earns a share of the points."""
        return replace(
            self.asking(ask, asks),
            identifier=f"{self.identifier}-part{number}",
            name=f"{self.name}, part {number}",
            points=round(self.points * share, 4),
        )


@dataclass(frozen=True)
class Quiz:
    """Questions that are asked together; those of one list are variants, of which one is drawn."""

    identifier: str
    title: str
    groups: tuple[tuple[Item, ...], ...]

    @property
    def items(self) -> Iterator[Item]:
        """All questions with all their variants."""
        return (item for group in self.groups for item in group)


@dataclass(frozen=True)
class Section:
    """A chapter, or a bank of one's own: its title, what it teaches, and what it asks.

    The ``identifier`` is as that of an item; the ``title`` is such as ``3. Three paths``. ``bank``
    and ``path`` are its questions and exercises as they were read, and from which file; ``items``
    are the questions in their order, each variant by itself; ``exercises`` is how many it has in
    Python, which no other system runs. A bank of one's own has no ``chapter``.
    """

    identifier: str
    title: str
    bank: Bank
    path: Path
    items: tuple[Item, ...]
    chapter: Chapter | None
    exercises: int

    def quizzes(self) -> tuple[Quiz, ...]:
        """Return the questions of the text, and those of the closing quiz, where there are any."""
        chosen = (
            ("text", f"{self.title}: check yourself", [one for one in self.items if one.inline]),
            ("quiz", f"{self.title}: questions", [one for one in self.items if not one.inline]),
        )
        return tuple(
            Quiz(
                f"{self.identifier}-{name}",
                title,
                tuple(tuple(group) for _, group in groupby(items, key=lambda item: item.name)),
            )
            for name, title, items in chosen
            if items
        )


@dataclass(frozen=True)
class Package:
    """All that one export holds: the chapters and banks of a course, in their order.

    ``name`` is what its file is called, without an ending; ``title`` is for people; ``address`` is
    where the book is published, with a slash at its end, or empty; ``pass_mark`` is the percentage
    of the points that passes, for formats that report success.
    """

    name: str
    title: str
    course: Course
    sections: tuple[Section, ...]
    address: str = ""
    pass_mark: int = 50

    @property
    def items(self) -> Iterator[Item]:
        """All questions of all sections."""
        return (item for section in self.sections for item in section.items)

    @property
    def quizzes(self) -> Iterator[Quiz]:
        """All quizzes of all sections."""
        return (quiz for section in self.sections for quiz in section.quizzes())


def safe_name(text: str) -> str:
    """Return a text as the name of a file, or as an identifier: ASCII letters, digits, ``-._``."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "x"


def of_chapter(chapter: Chapter, course: Course, only: Collection[str] = ()) -> Section:
    """Return a chapter as a section, or those of its questions whose ids are given.

    Raises
    ------
    CourseError
        If its bank cannot be read, has no such question, or one cannot be computed.
    """
    path = course.bank(chapter.number)
    prefix = f"{course.slug}-{chapter.number}"
    return _section(path, read_bank(path, course), prefix, chapter.heading, chapter, only)


def of_bank(path: Path, course: Course) -> Section:
    """Return a bank of one's own as a section.

    Raises
    ------
    CourseError
        If it cannot be read, or holds a problem.
    """
    if problems := check_bank(path, course):
        raise CourseError("\n".join(str(problem) for problem in problems))
    bank = read_bank(path, course)
    # Its ids may be those of a chapter of the course; its own name keeps them apart.
    return _section(path, bank, f"bank-{safe_name(path.stem)}", bank.title, None, ())


def _section(
    path: Path, bank: Bank, prefix: str, title: str, chapter: Chapter | None, only: Collection[str]
) -> Section:
    known = [question.id for question in bank.questions]
    if not known:
        raise CourseError(f"{path} holds no question. Name a bank that has some.")
    if unknown := sorted(set(only) - set(known)):
        raise CourseError(
            f"There is no question {unknown[0]!r}.{nearest(unknown[0], known)} "
            f"There are: {', '.join(known)}."
        )
    items = tuple(
        item
        for question in bank.questions
        if not only or question.id in only
        for item in _items(question, prefix, bank.objectives)
    )
    exercises = 0 if only else len(bank.exercises)
    return Section(prefix, title, bank, path, items, chapter, exercises)


def _items(question: Question, prefix: str, objectives: dict[str, str]) -> Iterator[Item]:
    forms = variant_forms(question)
    chapter = f"{question.id[:2]}."
    for number, form in enumerate(forms, 1):
        variant = f"-v{number}" if len(forms) > 1 else ""
        yield Item(
            identifier=f"{prefix}.{question.id.removeprefix(chapter)}{variant}",
            name=question.id,
            variant=number,
            variants=len(forms),
            inline=question.inline,
            goal=objectives.get(question.objective, ""),
            form=form,
            asks=form.interaction(),
            points=float(form.points),
        )
