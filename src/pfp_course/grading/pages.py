"""The pages that a run writes: the frame of all, whole in one file, and the page of a student."""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any

from pfp_course import palette
from pfp_course.grading.lms_names import tidy
from pfp_course.grading.marks import Marker, Response
from pfp_course.grading.rules import Score, Settings
from pfp_course.questions.kinds import Form
from pfp_course.questions.texts import as_html

__all__ = ["Feedback", "file_name", "page", "table"]

# No script runs and nothing is loaded, whatever stands in an answer.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_RULES = """
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--pfp-paper); color: var(--pfp-ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
main.pfp-wide { max-width: 72rem; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: .2rem 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; font-weight: 650; overflow-wrap: anywhere; }
p, ul, ol { margin: 0 0 .6rem; }
a { color: var(--pfp-accent); }
a:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--pfp-focus); outline-offset: 2px; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
.pfp-q-code { display: block; white-space: pre-wrap; font-weight: 400; margin: .4rem 0; }
.pfp-q-picture { max-width: 100%; height: auto; }
.pfp-over { color: var(--pfp-ink-soft); font-size: .87rem; letter-spacing: .03em; margin: 0; }
.pfp-soft { color: var(--pfp-ink-soft); }
.pfp-score { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; align-items: baseline;
  border-block: 1px solid var(--pfp-line); padding: .7rem 0; margin: 1rem 0; }
.pfp-score strong { font-size: 1.7rem; }
.pfp-note { border-inline-start: 4px solid var(--pfp-warn); background: var(--pfp-paper-raised);
  padding: .6rem .9rem; margin: 0 0 .8rem; }
.pfp-scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: start; color: var(--pfp-ink-soft); padding-bottom: .3rem; }
th, td { text-align: start; vertical-align: top; padding: .4rem .7rem .4rem 0;
  border-bottom: 1px solid var(--pfp-line); overflow-wrap: break-word; }
thead th { border-bottom: 2px solid var(--pfp-ink-soft); font-weight: 650; vertical-align: bottom; }
tbody th { font-weight: 400; }
td.pfp-n, th.pfp-n { text-align: end; font-variant-numeric: tabular-nums; }
.pfp-questions { list-style: none; padding: 0; margin: 0; }
.pfp-questions > li { border-top: 1px solid var(--pfp-line); padding: 1rem 0 .5rem; }
.pfp-head { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between;
  font-size: .9rem; margin: 0 0 .3rem; }
.pfp-verdict { font-weight: 700; }
.pfp-right .pfp-verdict { color: var(--pfp-good); }
.pfp-wrong .pfp-verdict { color: var(--pfp-bad); }
.pfp-part .pfp-verdict, .pfp-wait .pfp-verdict { color: var(--pfp-warn); }
.pfp-blank .pfp-verdict { color: var(--pfp-ink-soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: 0 0 .6rem; }
dt { color: var(--pfp-ink-soft); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; white-space: pre-line; }
dd p:last-child { margin: 0; }
td.pfp-long { min-width: 18rem; }
.pfp-figure { margin: 1rem 0; }
.pfp-figure svg { display: block; width: 100%; max-width: 46rem; min-width: 26rem; height: auto; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; } }
@media print {
  body { font-size: 10.5pt; }
  main, main.pfp-wide { max-width: none; padding: 0; }
  .pfp-questions > li, tr, .pfp-score { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .pfp-scroll { overflow: visible; }
  a { color: inherit; text-decoration: none; }
}
"""


# On paper the ink is dark, whatever the screen was.
_STYLE = palette.page_rules(medium="screen") + _RULES


def page(title: str, body: str, *, wide: bool = False) -> str:
    """Return a page.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML; its author has escaped what others wrote.
    wide : bool
        Whether tables need the width of the screen.
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

    Parameters
    ----------
    caption : str
        What the table holds, as plain text; empty where a heading has just said so.
    head, rows
        Plain texts of columns; HTML of cells.
    numbers : int
        How many of the last columns hold numbers.
    long : int
        The place of a column whose texts need room.
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

    Parameters
    ----------
    key : str
        What tells the student from all others; eight digits of its hash stand at the end.
    name : str
        What makes the file easy to find.
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
        percent = f" ({round(100 * result.total / most)} percent)" if most else ""
        lines = [
            f'<div class="pfp-score"><strong>{_number(result.total)} of {most} points</strong>'
            f"<span>{percent.strip(' ()')}</span></div>"
        ]
        if waits:
            lines.append(
                '<p class="pfp-note">Your teacher decides which of your receipts counts. Until '
                "then these points are not yours for sure.</p>"
            )
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
                earned = reached.setdefault(question.objective, [0.0, 0])
                earned[0] += result.points[place] or 0.0
                earned[1] += question.points
        rows = [
            [_html(text), f"{_number(reached[name][0])} of {reached[name][1]:.0f}"]
            for name, text in self.settings.key.objectives.items()
            if name in reached
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
