"""The page of one student: every answer, what it earned, and why."""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any

from pfp_course.classroom.grading.marks import Given, Marker
from pfp_course.classroom.grading.owners import tidy
from pfp_course.classroom.grading.pages import page, table
from pfp_course.classroom.grading.scoring import Score
from pfp_course.classroom.grading.settings import Settings
from pfp_course.classroom.grading.words import in_words
from pfp_course.questions.authoring.answers import right_answers
from pfp_course.questions.texts import as_html

__all__ = ["Feedback", "file_name"]

_LINE = 20_000  # characters
_SIGNS = {
    "right": ("right", "✓ Right"),
    "part": ("part", "◐ Partly right"),
    "wrong": ("wrong", "✗ Not right"),
    "near": ("wrong", "✗ Nearly: a letter differs"),
    "shown": ("wrong", "✗ The answer was shown before"),
    "blank": ("blank", "– No answer"),
    "unread": ("blank", "– No answer that can be read"),
    "marked": ("part", "● Marked by your teacher"),
    "wait": ("wait", "… Your teacher decides"),
    "drop": ("blank", "– Not counted"),
}


def file_name(key: str, name: str) -> str:
    """Return the name of a student's page: letters and digits alone, and one for each student.

    Parameters
    ----------
    key : str
        What tells the student from all others; eight digits of its hash stand at the end.
    name : str
        What makes the file easy to find.
    """
    letters = "".join(
        one if unicodedata.category(one)[0] in "LNM" else "-"
        for one in unicodedata.normalize("NFC", name)[:200]
    )
    slug = re.sub(r"-+", "-", letters).strip("-")[:40].casefold()
    # 40 characters of some scripts are more bytes than a file's name may have.
    slug = slug.encode()[:120].decode("utf-8", "ignore")
    return f"{slug or 'student'}-{sha256(key.encode()).hexdigest()[:8]}.html"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Feedback:
    """Writes the pages of an assignment; what many students share is written once."""

    def __init__(self, settings: Settings, marker: Marker) -> None:
        self.settings, self.marker = settings, marker
        self._part = lru_cache(2000)(self._question)

    def page(
        self, name: str, given: Sequence[Given | None], result: Score, days: float, made: str
    ) -> str:
        """Return a student's page."""
        key = self.settings.key
        parts = "".join(
            self._item(place, given[place], result) for place in range(len(key.questions))
        )
        body = (
            f'<p class="pfp-over">{escape(key.title)}</p><h1><bdi>{escape(name)}</bdi></h1>'
            f"{self._summary(result, days, made)}{self._objectives(result)}"
            f'<h2>Question by question</h2><ol class="pfp-questions">{parts}</ol>'
        )
        return page(f"{key.title}: {name}", body)

    def _summary(self, result: Score, days: float, made: str) -> str:
        most = self.settings.points
        percent = f" ({round(100 * result.total / most)} percent)" if most else ""
        lines = [
            f'<div class="pfp-score"><strong>{_number(result.total)} of {most} points</strong>'
            f"<span>{percent.strip(' ()')}</span></div>"
        ]
        if result.waiting:
            count = len(result.waiting)
            questions = "1 question waits" if count == 1 else f"{count} questions wait"
            lines.append(
                f'<p class="pfp-note">{questions} for your teacher and may add points.</p>'
            )
        if result.penalty:
            lines.append(
                f'<p class="pfp-note">You earned {_number(result.earned)} points. '
                f"{_number(result.penalty)} were taken off because the work was late.</p>"
            )
        late = f", day {days:.0f} after the deadline" if days else ""
        lines.append(
            f'<p class="pfp-soft">Handed in: made {made[:10]} {made[11:16]} UTC{late}.</p>'
        )
        return "".join(lines)

    def _objectives(self, result: Score) -> str:
        """Return what was earned for each objective; what waits for a person is left out."""
        reached: dict[str, list[float]] = {}
        for place in self.settings.counted:
            if place not in result.waiting:
                question = self.settings.key.questions[place]
                one = reached.setdefault(question.objective, [0.0, 0])
                one[0] += result.points[place] or 0.0
                one[1] += question.points
        rows = [
            [as_html(text), f"{_number(reached[name][0])} of {reached[name][1]:.0f}"]
            for name, text in self.settings.key.objectives.items()
            if name in reached
        ]
        if not rows:
            return ""
        return "<h2>What you reached</h2>" + table("", ["You can", "points"], rows, numbers=1)

    def _item(self, place: int, given: Given | None, result: Score) -> str:
        waits, points = place in result.waiting, result.points[place]
        if given is None:
            return self._part(place, "null", "", 0, points, waits)
        # As text, so that it can be looked up among the parts that were written before.
        response = json.dumps(given.response)
        return self._part(place, response, given.state, given.variant, points, waits)

    def _question(
        self,
        place: int,
        response: str,
        state: str,
        variant: int,
        points: float | None,
        waits: bool,
    ) -> str:
        value = json.loads(response)
        question = self.settings.key.questions[place]
        if value is None:
            variant = 0 if len(question.variants) == 1 else -1
        spec = self.marker.specs[place][variant]
        look, words = _SIGNS[self._state(place, state, points, waits)]
        earned = "–" if points is None else _number(points)
        dropped = place not in self.settings.counted
        unit = "point" if question.points == 1 else "points"
        of = "not counted" if dropped else f"{earned} of {question.points} {unit}"
        ask = as_html(spec["ask"]) if variant >= 0 else f"Question {escape(question.id)}"
        return (
            f'<li class="pfp-{look}"><p class="pfp-head">'
            f'<span class="pfp-verdict">{words}</span>'
            f'<span class="pfp-soft">{of}</span></p>'
            f"<h3>{place + 1}. {ask}</h3>"
            f"<dl>{self._answer(spec, value, state)}{self._key(place, variant, value, state)}</dl>"
            "</li>"
        )

    def _state(self, place: int, state: str, points: float | None, waits: bool) -> str:
        if place not in self.settings.counted:
            return "drop"
        if waits:
            return "wait"
        if points is None:
            return state if state == "unread" else "blank"
        if state in _SIGNS and state != "unread":
            return state
        if state == "open":
            return "marked"
        share = points / self.settings.key.questions[place].points
        return "right" if share >= 1 else "part" if share > 0 else "wrong"

    def _answer(self, spec: Any, value: Any, state: str) -> str:
        if value is None or state == "changed":
            return ""
        lines = "\n".join(tidy(line, _LINE) for line in in_words(spec, value).splitlines())
        return f"<dt>Your answer</dt><dd><bdi>{escape(lines)}</bdi></dd>"

    def _key(self, place: int, variant: int, value: Any, state: str) -> str:
        """Return what the question says, unless the key has to stay with the instructor."""
        if not self.settings.reveal or variant < 0:
            return ""
        spec = self.marker.specs[place][variant]
        parts = []
        if spec["kind"] != "open" and value is not None and state in ("wrong", "part", "near"):
            says = self.marker.says(place, Given(variant, value, 0.0, "wrong"))
            parts += [f"<dt>Why</dt><dd>{' '.join(map(as_html, says))}</dd>"] if says else []
        if state != "right":
            title = "Judged by" if spec["kind"] == "open" else "Right"
            right = "\n".join(as_html(line) for line in right_answers(spec))
            parts.append(f"<dt>{title}</dt><dd>{right}</dd>")
        title = "A good answer" if spec["kind"] == "open" else "Because"
        parts.append(f"<dt>{title}</dt><dd>{as_html(spec['because'])}</dd>")
        return "".join(parts)
