"""The item analysis as tables, pictures and a page, and students with similar wrong answers.

Receipts that share wrong answers which few others gave are a hint to look at, never a verdict.
"""

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path

import matplotlib as mpl

from pfp_course.assignments.assignment import Key, KeyQuestion
from pfp_course.figures.canvas import INK, PLAIN, POINTED, SMALL, SOFT, house_style, new
from pfp_course.figures.picture import svg
from pfp_course.grading.database import Database
from pfp_course.grading.marks import Marker, Settings
from pfp_course.grading.pages import page, table
from pfp_course.grading.sheets import write_csv
from pfp_course.grading.workers import FEWEST, FEWEST_SHARED, Item, Items
from pfp_course.questions.kinds import Form
from pfp_course.questions.texts import as_html

__all__ = ["similar_pairs", "write_analysis"]

_RARE = 12  # students who share an entry of the index
_SHOWN, _LOOKED_AT = 40, 400  # pairs


@dataclass(frozen=True)
class _Pair:
    """Two students, the questions of their shared wrong answers, and how rare these are."""

    students: tuple[str, str]
    names: tuple[str, str]
    shared: tuple[str, ...]
    both_wrong: int
    bits: float


def similar_pairs(database: Database, key: Key, items: Items) -> list[_Pair]:
    """Return the pairs that share more rare mistakes than chance explains, the rarest first.

    Right answers agree because they are right, and common mistakes because they are common. So only
    shared wrong answers weigh, each by its rarity: one that *d* of the *n* students who missed the
    question gave weighs log2(n / d) bits. That two students are both weak weighs nothing.

    Comparing everybody with everybody would take 50 million comparisons for 10,000 students. Pairs
    are found through the index of wrong answers instead, and only through entries that at most
    `_RARE` students share: a single rare mistake, or all mistakes of the first half, of the second
    half, or of the whole work together. So each entry meets at most `_RARE` - 1 others, and the
    number of pairs grows with the class and not with its square. How many students missed a
    question is told by ``items``.
    """
    students, candidates = database.similar_students(_RARE, _LOOKED_AT)
    # Two students whose mistakes had nothing to do with each other: about one such pair in a
    # class would reach this by chance.
    least = math.log2(max(1.0, students * (students - 1) / 2)) + 3
    compared = (_compared(database, key, items, first, second) for first, second in candidates)
    pairs = [pair for pair in compared if pair is not None and pair.bits >= least]
    return sorted(pairs, key=lambda pair: (-pair.bits, pair.names))[:_SHOWN]


def _compared(database: Database, key: Key, items: Items, first: int, second: int) -> _Pair | None:
    mine = {answer.question: answer for answer in database.wrong_answers(first)}
    others = {answer.question: answer.token for answer in database.wrong_answers(second)}
    shared = [answer for place, answer in mine.items() if others.get(place) == answer.token]
    if len(shared) < FEWEST_SHARED:
        return None
    bits = 0.0
    for answer in shared:
        missed = items.item(key.questions[answer.question].id).misses[answer.variant]
        same = database.count_wrong(answer.token)
        # That these two gave it is what has to be explained, so one of them is left out.
        bits += math.log2(max(1.0, (missed - 1) / max(1, same - 1)))
    one, other = database.student_at(first), database.student_at(second)
    return _Pair(
        students=(one.key, other.key),
        names=(one.name, other.name),
        shared=tuple(key.questions[answer.question].id for answer in shared),
        both_wrong=len(mine.keys() & others.keys()),
        bits=round(bits, 1),
    )


_HEAD = (
    *("question", "objective", "kind", "answered", "blank", "difficulty", "discrimination"),
    *("most chosen wrong answer", "chosen by", "median seconds", "used a hint", "shown before"),
    *("tries", "waiting"),
)
_SHOWN_HEAD = [
    *("question", "answered", "blank", "difficulty", "discrimination", "median seconds"),
    *("used a hint", "shown", "most chosen wrong answer"),
]


def write_analysis(
    items: Items, settings: Settings, marker: Marker, pairs: Sequence[_Pair], folder: Path
) -> None:
    """Write ``items.csv``, ``objectives.csv``, ``similar.csv``, the pictures and the page."""
    counted = [(n, settings.key.questions[n]) for n in settings.counted]
    found = {question.id: items.item(question.id) for _, question in counted}
    wrong = {one.id: _most_wrong(marker.forms[place], found[one.id]) for place, one in counted}
    objectives = [
        (name, text, one)
        for name, text in settings.key.objectives.items()
        if (one := items.objectives.get(name))
    ]
    rows = (_row(question, found[question.id], *wrong[question.id]) for _, question in counted)
    write_csv(folder / "items.csv", _HEAD, rows)
    write_csv(
        folder / "objectives.csv",
        ("objective", "text", "students", "mean share", "met by"),
        (
            [name, text, one.students, one.share / one.students, one.met]
            for name, text, one in objectives
        ),
    )
    write_csv(
        folder / "similar.csv",
        ("first", "name", "second", "name", "shared wrong", "both wrong", "bits", "questions"),
        (
            [
                *(one.students[0], one.names[0], one.students[1], one.names[1]),
                *(len(one.shared), one.both_wrong, one.bits, ", ".join(one.shared)),
            ]
            for one in pairs
        ),
    )
    body = (
        f'<p class="pfp-over">{escape(settings.key.title)}</p><h1>Item analysis</h1>'
        f"<p>{items.students} students handed in a receipt that counts.</p>{_HOW}"
        + _draw(found, folder)
        + table("Questions", _SHOWN_HEAD, [_cells(n, found[n], *wrong[n]) for n in found], long=8)
        + f"<h2>Objectives</h2>{_MET}"
        + table(
            "",
            ["objective", "met by", "mean percent"],
            [
                [
                    f"{escape(name)} {as_html(text)}",
                    f"{one.met} of {one.students}",
                    f"{100 * one.share / one.students:.0f}",
                ]
                for name, text, one in objectives
            ],
            numbers=2,
        )
        + _spread(items)
        + _similar(pairs)
    )
    content = page(f"Item analysis: {settings.key.title}", body, wide=True)
    (folder / "items.html").write_text(content, encoding="utf-8")


def _row(question: KeyQuestion, item: Item, wrong: str, chosen: int) -> list[object]:
    known = item.answered + item.waiting
    tries = item.attempts / known if known and item.attempts else None
    return [
        *(question.id, question.objective, question.kind, item.answered, item.blank),
        *(item.difficulty, item.discrimination, wrong, chosen or None, item.median_seconds),
        *(item.hinted, item.shown, tries, item.waiting),
    ]


def _cells(name: str, item: Item, wrong: str, chosen: int) -> list[str]:
    cut = wrong if len(wrong) < 160 else wrong[:160] + "…"
    return [
        *(escape(name), str(item.answered), str(item.blank), _shown(item.difficulty)),
        _shown(item.discrimination) + (" <strong>low</strong>" if item.low else ""),
        *(_shown(item.median_seconds, 0), str(item.hinted), str(item.shown)),
        f"<bdi>{escape(cut)}</bdi> ({chosen})" if chosen else "–",
    ]


def _most_wrong(forms: Sequence[Form], item: Item) -> tuple[str, int]:
    """Return the wrong answer that was chosen most often, in words, and by how many."""
    if not item.wrong:
        return "", 0
    # Of several with the same number, the first by its text: the same class, the same table.
    (variant, answer), count = min(item.wrong.items(), key=lambda one: (-one[1], one[0]))
    form, value = forms[variant], answer
    if not form.is_typed:
        with suppress(ValueError):
            value = json.loads(answer)
    which = f" (variant {variant + 1})" if len(forms) > 1 else ""
    return form.describe(value) + which, count


def _shown(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


_HOW = (
    "<p>Difficulty is the share of the points that those who answered earned: 1 is easy. "
    "Discrimination is the correlation of a question with all others, from −1 to 1: students who "
    "know more should do better here. Look first at questions marked <strong>low</strong>: the key "
    "may be wrong, or the question may be unclear. "
    f"It is left out for fewer than {FEWEST} answers, and says little below 30.</p>"
)
_MET = (
    "<p>An objective is met by a student who earned all points of its questions. "
    "Answers that wait for you are left out.</p>"
)


def _spread(items: Items) -> str:
    total = items.totals.total()
    if not total:
        return ""
    rows = []
    for low in range(0, 100, 10):
        high = low + 10 if low < 90 else 101
        count = sum(items.totals[percent] for percent in range(low, high))
        rows.append([f"{low} to {low + 10}", str(count), f"{100 * count / total:.0f}"])
    return "<h2>Results</h2>" + table(
        "Results, before lateness is taken off",
        ["percent of the points", "students", "percent of students"],
        rows,
        numbers=2,
    )


def _similar(pairs: Sequence[_Pair]) -> str:
    text = (
        "<h2>Similar wrong answers</h2><p>This is a hint and not a verdict. Students who sit "
        "together, learn together or use the same wrong source make the same mistakes, and with "
        "few questions chance does the rest. Right answers do not weigh here. A shared wrong "
        "answer weighs more the fewer of those who missed the question gave it: one bit for "
        "each halving. A pair is listed "
        "if it shares three wrong answers or more, and more bits than the most similar pair of a "
        "class of this size would have by chance. Never decide by this table: talk to both.</p>"
    )
    if not pairs:
        return text + "<p>No pair stands out.</p>"
    rows = [
        [
            f"<bdi>{escape(one.names[0])}</bdi>, <bdi>{escape(one.names[1])}</bdi>",
            escape(", ".join(one.shared)),
            f"{len(one.shared)} of {one.both_wrong}",
            f"{one.bits:.1f}",
        ]
        for one in pairs
    ]
    head = ["students", "questions", "the same, of those that both missed", "bits"]
    return text + table("", head, rows, numbers=2)


_NAMED = 8  # questions whose names stand in the picture


def _draw(found: Mapping[str, Item], folder: Path) -> str:
    """Draw ``items.svg`` and ``items.png``, and return the picture as HTML for a page.

    Returns
    -------
    str
        Empty, and nothing is drawn, if no question has both numbers.
    """
    points = {
        name: (item.difficulty, item.discrimination, item.low)
        for name, item in found.items()
        if item.difficulty is not None and item.discrimination is not None
    }
    if not points:
        return ""
    figure, axes = new("Which questions were easy, and which tell who knows more?", height=4.2)
    with mpl.rc_context(house_style):
        for low, label, marker, colour in (
            (False, "a question", "o", PLAIN),
            (True, "tells little: look at it", "^", POINTED),
        ):
            chosen = [one for one in points.values() if one[2] is low]
            if chosen:
                axes.scatter(
                    [one[0] for one in chosen],
                    [one[1] for one in chosen],
                    s=46,
                    marker=marker,
                    color=colour,
                    label=label,
                    zorder=3,
                )
        lowest = sorted((name for name in points if points[name][2]), key=lambda n: points[n][1])
        for name in lowest[:_NAMED]:
            axes.annotate(
                name,
                points[name][:2],
                xytext=(6, -3),
                textcoords="offset points",
                fontsize=SMALL,
                color=INK,
            )
        axes.axhline(0, color=SOFT, linewidth=1, zorder=0)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(min(-0.1, min(one[1] for one in points.values()) - 0.08), 1.0)
        axes.set_xlabel("difficulty: share of the points earned (1 is easy)")
        axes.set_ylabel("discrimination")
        axes.grid(visible=True)
        figure.legend(loc="outside lower left", ncols=2, handletextpad=0.2)
    alt = "For each question its difficulty and its discrimination: " + "; ".join(
        f"{name} {easy:.2f} and {tells:.2f}" for name, (easy, tells, _) in points.items()
    )
    drawing = svg(figure, alt, titled=True)
    (folder / "items.svg").write_text(drawing, encoding="utf-8")
    figure.savefig(folder / "items.png", dpi=150, facecolor="white")
    scroller = '<div class="pfp-scroll" tabindex="0" role="group" aria-label="Figure">'
    return f'<figure class="pfp-figure">{scroller}{drawing}</div></figure>'
