"""The pages that a run writes: the frame of all, whole in one file, a student's, and the report."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from pfp_course import palette
from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import tidy
from pfp_course.grading.marks import Marker, Response, Score, Settings, reached
from pfp_course.grading.rows import Problem
from pfp_course.grading.sheets import csv_line
from pfp_course.grading.teacher_tables import STATUS
from pfp_course.questions.kinds import Form
from pfp_course.questions.texts import as_html

__all__ = ["KINDS", "Feedback", "file_name", "page", "table", "write_report"]

# No script runs and nothing is loaded, whatever stands in an answer.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_FOLDER = files("pfp_course.grading")
# On paper the ink is dark, whatever the screen was.
_STYLE = f"{palette.page_rules(medium='screen')}\n{(_FOLDER / 'pages.css').read_text('utf-8')}"
# By the kind of a line of the report: what happened, and what to do.
KINDS: dict[str, tuple[str, str]] = {
    kind: (texts["what"], texts["todo"])
    for kind, texts in tomllib.loads((_FOLDER / "report.toml").read_text("utf-8")).items()
}
_SHOWN = 200  # lines of a kind on the report's page; its table holds all


def page(title: str, body: str, *, wide: bool = False) -> str:
    """Return a page; ``wide`` tells that its tables need the width of the screen.

    The title is plain text. The body is HTML, in which its author has escaped what others wrote.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main{' class=pfp-wide' if wide else ''}>{body}</main></body></html>\n"
    )


def table(
    caption: str, head: list[str], rows: list[list[str]], numbers: int = 0, long: int = -1
) -> str:
    """Return a table that can be scrolled by keyboard.

    The caption is plain text, and empty where a heading has just said what the table holds; the
    head is plain texts, the cells are HTML. The last columns, as many as ``numbers`` says, hold
    numbers; ``long`` is the place of a column whose texts need room.
    """
    first = len(head) - numbers
    cells = "".join(
        f'<th scope="col"{" class=pfp-n" if number >= first else ""}>{escape(name)}</th>'
        for number, name in enumerate(head)
    )
    looks = dict.fromkeys(range(first, len(head)), " class=pfp-n")
    looks[long] = " class=pfp-long"
    lines = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{text}</th>'
            if number == 0
            else f"<td{looks.get(number, '')}>{text}</td>"
            for number, text in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    label = escape(caption or head[0])
    return (
        f'<div class="pfp-scroll" tabindex="0" role="group" aria-label="{label}">'
        f"<table>{title}<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


# The texts of questions are few, and each stands on the page of every student.
_html = lru_cache(4000)(as_html)
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

    The name makes the file easy to find; eight digits of the key's hash tell it from all others.
    """
    letters = "".join(
        letter if unicodedata.category(letter)[0] in "LNM" else "-"
        for letter in unicodedata.normalize("NFC", name)[:200]
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
        self,
        name: str,
        responses: Sequence[Response | None],
        result: Score,
        days: float,
        made: str,
        *,
        waits: bool = False,
    ) -> str:
        """Return a student's page; ``waits`` tells that a receipt waits for the teacher."""
        key = self.settings.key
        parts = "".join(
            self._item(place, responses[place], result) for place in range(len(key.questions))
        )
        body = (
            f'<p class="pfp-over">{escape(key.title)}</p><h1><bdi>{escape(name)}</bdi></h1>'
            f"{self._summary(result, days, made, waits=waits)}{self._objectives(result)}"
            f'<h2>Question by question</h2><ol class="pfp-questions">{parts}</ol>'
        )
        return page(f"{key.title}: {name}", body)

    def _summary(self, result: Score, days: float, made: str, *, waits: bool) -> str:
        most = self.settings.points
        percent = f"{round(100 * result.total / most)} percent" if most else ""
        notes = []
        if waits:
            notes.append(
                "Your teacher decides which of your receipts counts. Until then these points are "
                "not yours for sure."
            )
        if result.waiting:
            count = len(result.waiting)
            questions = "1 question waits" if count == 1 else f"{count} questions wait"
            notes.append(f"{questions} for your teacher and may add points.")
        if result.penalty:
            notes.append(
                f"You earned {_number(result.earned)} points. {_number(result.penalty)} were taken "
                "off because the work was late."
            )
        late = f", day {days:.0f} after the deadline" if days else ""
        return (
            f'<div class="pfp-score"><strong>{_number(result.total)} of {most} points</strong>'
            f"<span>{percent}</span></div>"
            + "".join(f'<p class="pfp-note">{note}</p>' for note in notes)
            + f'<p class="pfp-soft">Handed in: made {made[:10]} {made[11:16]} UTC{late}.</p>'
        )

    def _objectives(self, result: Score) -> str:
        shares = reached(self.settings, result)
        rows = [
            [_html(text), f"{_number(shares[name][0])} of {shares[name][1]}"]
            for name, text in self.settings.key.objectives.items()
            if name in shares
        ]
        if not rows:
            return ""
        return "<h2>What you reached</h2>" + table("", ["You can", "points"], rows, numbers=1)

    def _item(self, place: int, response: Response | None, result: Score) -> str:
        waits, points = place in result.waiting, result.points[place]
        if response is None:
            return self._part(place, "null", "", 0, points, waits)
        # As text, so that it can be looked up among the parts that were written before.
        value = json.dumps(response.value)
        return self._part(place, value, response.state, response.variant, points, waits)

    def _question(
        self,
        place: int,
        text: str,
        state: str,
        variant: int,
        points: float | None,
        waits: bool,
    ) -> str:
        value = json.loads(text)
        question = self.settings.key.questions[place]
        if value is None:
            variant = 0 if len(question.variants) == 1 else -1
        form = self.marker.forms[place][variant]
        look, words = _SIGNS[self._state(place, state, points, waits)]
        earned = "–" if points is None else _number(points)
        dropped = place not in self.settings.counted
        unit = "point" if question.points == 1 else "points"
        of = "not counted" if dropped else f"{earned} of {question.points} {unit}"
        ask = _html(form.ask) if variant >= 0 else f"Question {escape(question.id)}"
        return (
            f'<li class="pfp-{look}"><p class="pfp-head">'
            f'<span class="pfp-verdict">{words}</span>'
            f'<span class="pfp-soft">{of}</span></p>'
            f"<h3>{place + 1}. {ask}</h3>"
            f"<dl>{self._answer(form, value, state)}{self._key(place, variant, value, state)}</dl>"
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

    def _answer(self, form: Form, value: Any, state: str) -> str:
        if value is None or state == "changed":
            return ""
        lines = "\n".join(tidy(line, _LINE) for line in form.describe(value).splitlines())
        return f"<dt>Your answer</dt><dd><bdi>{escape(lines)}</bdi></dd>"

    def _key(self, place: int, variant: int, value: Any, state: str) -> str:
        """Return what the question says, unless the key has to stay with the instructor."""
        if not self.settings.reveal or variant < 0:
            return ""
        form = self.marker.forms[place][variant]
        parts = []
        if not form.is_manual and value is not None and state in ("wrong", "part", "near"):
            says = self.marker.says(place, variant, value)
            parts += [f"<dt>Why</dt><dd>{' '.join(map(_html, says))}</dd>"] if says else []
        if state != "right":
            title = "Judged by" if form.is_manual else "Right"
            right = "\n".join(_html(line) for line in form.solution())
            parts.append(f"<dt>{title}</dt><dd>{right}</dd>")
        title = "A good answer" if form.is_manual else "Because"
        parts.append(f"<dt>{title}</dt><dd>{_html(form.because)}</dd>")
        return "".join(parts)


def write_report(
    database: Database, settings: Settings, folder: Path, counts: dict[str, int], about: list[str]
) -> int:
    """Write the report as a table and as a page, and return how many lines it has.

    ``counts`` tells how many students have which status; ``about`` are sentences about the run, for
    the head of the page.
    """
    lines, parts = 0, ""
    with (folder / "report.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(["what", "student", "name", "file", "found", "to do"]))
        for kind, (what, todo) in KINDS.items():
            count, shown = 0, []
            for problem in database.problems(kind):
                file.write(csv_line([what, *problem[1:], todo]))
                count += 1
                if count <= _SHOWN:
                    shown.append(problem)
            parts += _part(kind, count, shown) if count else ""
            lines += count
    body = (
        f'<p class="pfp-over">{escape(settings.key.title)}</p><h1>Report</h1>'
        + "".join(f"<p>{escape(sentence)}</p>" for sentence in about)
        + table(
            "Students",
            ["What became of their work", "students"],
            [
                [escape(words), str(counts[name])]
                for name, words in STATUS.items()
                if name in counts
            ],
            numbers=1,
        )
        + (parts or "<p>There is nothing to look at: every receipt was in order.</p>")
    )
    (folder / "report.html").write_text(
        page(f"Report: {settings.key.title}", body, wide=True), encoding="utf-8"
    )
    return lines


def _part(kind: str, count: int, shown: list[Problem]) -> str:
    what, todo = KINDS[kind]
    rows = [
        [f"<bdi>{escape(problem.name or '?')}</bdi>", escape(problem.path), escape(problem.note)]
        for problem in shown
    ]
    listing = table("", ["student", "file", "found"], rows)
    if count > _SHOWN:
        listing += f'<p class="pfp-soft">{count - _SHOWN} more stand in report.csv.</p>'
    return f"<h2>{escape(what)}: {count}</h2><p>{escape(todo)}</p>{listing}"
