"""The work on batches, which two processes share: files are read, and students are finished."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from pfp_course.classroom.grading.collecting import Handed
from pfp_course.classroom.grading.feedback import Feedback
from pfp_course.classroom.grading.items import Items
from pfp_course.classroom.grading.ledger import given_of
from pfp_course.classroom.grading.marks import Given, Marker, Read
from pfp_course.classroom.grading.scoring import Score, count_items, score
from pfp_course.classroom.grading.settings import Settings
from pfp_course.classroom.grading.similar import entries
from pfp_course.classroom.grading.words import in_words
from pfp_course.questions.authoring.answers import right_answers

__all__ = ["Desk", "Done", "Student"]

_KNOWN = ("open", "variant", "near")  # states in which it is known what an answer would earn


class Student(NamedTuple):
    """A student whose answers are to be marked, as the ledger knows them."""

    place: int
    number: int
    key: str
    name: str
    page: str
    status: str
    days: float
    made: str
    given: str
    manual: dict[str, float]


@dataclass
class Done:
    """What became of a batch of students."""

    grades: list[tuple[str, int, str]] = field(default_factory=list)
    held: list[tuple[str, str, str, str]] = field(default_factory=list)
    wrong: list[tuple[bytes, int]] = field(default_factory=list)
    items: Items = field(default_factory=Items)
    students: int = 0


class Desk:
    """Marks by one key, and writes pages into one folder."""

    def __init__(self, settings: Settings, pages: Path) -> None:
        self.settings, self.pages = settings, pages
        self.marker = Marker(settings.key, settings.mended)
        self.feedback = Feedback(settings, self.marker)

    def read(self, batch: Sequence[Handed]) -> list[tuple[Handed, Read]]:
        """Read files; one that could not be opened keeps what was wrong with it."""
        return [
            (
                replace(one, raw=b""),
                self.marker.read(one.raw) if one.kind == "file" else Read(one.kind, one.said),
            )
            for one in batch
        ]

    def finish(self, batch: Iterable[Student]) -> Done:
        """Mark students, write their pages, and count what they did."""
        done = Done()
        for student in batch:
            self._finish(student, done)
            done.students += 1
        return done

    def _finish(self, student: Student, done: Done) -> None:
        given = given_of(student.given)
        if not given:
            if student.manual:
                # Somebody without a receipt can still be given points by hand.
                given = [None] * len(self.settings.key.questions)
            else:
                done.grades.append((student.key, student.place, _line(student, None)))
                return
        result = score(self.settings, given, student.manual, student.days)
        count_items(done.items, self.settings, self.marker, given, result)
        done.grades.append((student.key, student.place, _line(student, result)))
        done.held += [
            (student.key, student.name, self.settings.key.questions[place].id, line)
            for place in result.waiting
            for line in [self._held(place, given[place])]
        ]
        done.wrong += [(entry, student.number) for entry in entries(self.marker, given)]
        page = self.feedback.page(student.name, given, result, student.days, student.made)
        (self.pages / student.page).write_text(page, encoding="utf-8")

    def _held(self, place: int, given: Given | None) -> str:
        question = self.settings.key.questions[place]
        spec = self.marker.specs[place][given.variant if given else 0]
        if given is None or given.state in ("damaged", "changed"):
            answer = "" if given is None else json.dumps(given.response, ensure_ascii=False)
        else:
            answer = in_words(spec, given.response)
        state = "" if given is None else given.state
        judged = state != "open" or (given is not None and given.share > 0)
        worth = given.share if given is not None and judged and state in _KNOWN else ""
        return json.dumps(
            {
                "ask": spec["ask"],
                "rubric": "; ".join(right_answers(spec)) if question.manual else "",
                "state": state,
                "answer": answer,
                "worth": worth if worth == "" else round(float(worth) * question.points, 4),
                "most": question.points,
            }
        )


def _line(student: Student, result: Score | None) -> str:
    """Return a student's grade as a line of the ledger."""
    line: dict[str, Any] = {"status": student.status}
    if result is not None:
        line = {
            "status": "to mark" if result.waiting else "graded",
            "total": result.total,
            "earned": result.earned,
            "penalty": result.penalty,
            "points": result.points,
            "manual": sorted(student.manual),
        }
    return json.dumps(line, separators=(",", ":"))
