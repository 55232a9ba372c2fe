"""The item analysis as tables, pictures and a page."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import matplotlib as mpl

from pfp_course.figures.canvas import INK, PLAIN, POINTED, SMALL, SOFT, house_style, new
from pfp_course.figures.picture import svg
from pfp_course.grading.item_statistics import FEWEST, Item, Items, Pair
from pfp_course.grading.marks import Marker
from pfp_course.grading.pages import page, table
from pfp_course.grading.rules import Settings
from pfp_course.grading.sheets import csv_text
from pfp_course.questions.texts import as_html

__all__ = ["draw", "write_analysis"]


_HEAD = (
    *("question", "objective", "kind", "answered", "blank", "difficulty", "discrimination"),
    *("most chosen wrong answer", "chosen by", "median seconds", "used a hint", "shown before"),
    *("tries", "waiting"),
)


def write_analysis(
    items: Items, settings: Settings, marker: Marker, pairs: Sequence[Pair], folder: Path
) -> None:
    """Write ``items.csv``, ``objectives.csv``, ``similar.csv``, the pictures and the page."""
    names = [settings.key.questions[place].id for place in settings.counted]
    found = {name: items.item(name) for name in names}
    write = {
        "items.csv": csv_text(_HEAD, (_row(settings, marker, name, found[name]) for name in names)),
        "objectives.csv": csv_text(
            ("objective", "text", "students", "mean share", "met by"),
            (
                [name, text, one.students, one.share / one.students, one.met]
                for name, text in settings.key.objectives.items()
                if (one := items.objectives.get(name))
            ),
        ),
        "similar.csv": csv_text(
            ("first", "name", "second", "name", "shared wrong", "both wrong", "bits", "questions"),
            (
                [
                    *(one.students[0], one.names[0], one.students[1], one.names[1]),
                    *(len(one.shared), one.both_wrong, one.bits, _questions(settings, one)),
                ]
                for one in pairs
            ),
        ),
    }
    for name, text in write.items():
        (folder / name).write_text(text, encoding="utf-8-sig", newline="")
    picture = draw(found, folder)
    (folder / "items.html").write_text(
        _page(items, found, settings, marker, pairs, picture), encoding="utf-8"
    )


def _row(settings: Settings, marker: Marker, name: str, item: Item) -> list[object]:
    question = next(one for one in settings.key.questions if one.id == name)
    wrong, chosen = _most_wrong(settings, marker, name, item)
    return [
        *(name, question.objective, question.kind, item.answered, item.blank),
        *(item.difficulty, item.discrimination, wrong, chosen or None, item.median_seconds),
        *(item.hinted, item.shown, _tries(item), item.waiting),
    ]


def _tries(item: Item) -> float | None:
    known = item.answered + item.waiting
    return item.attempts / known if known and item.attempts else None


def _most_wrong(settings: Settings, marker: Marker, name: str, item: Item) -> tuple[str, int]:
    if not item.wrong:
        return "", 0
    # Of several with the same number, the first by its text: the same class, the same table.
    (variant, answer), count = min(item.wrong.items(), key=lambda one: (-one[1], one[0]))
    place = next(n for n, one in enumerate(settings.key.questions) if one.id == name)
    form = marker.forms[place][variant]
    try:
        value = answer if form.is_typed else json.loads(answer)
    except ValueError:
        value = answer
    which = f" (variant {variant + 1})" if len(marker.forms[place]) > 1 else ""
    return form.describe(value) + which, count


def _questions(settings: Settings, pair: Pair) -> str:
    return ", ".join(settings.key.questions[place].id for place in pair.shared)


def _shown(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _page(
    items: Items,
    found: dict[str, Item],
    settings: Settings,
    marker: Marker,
    pairs: Sequence[Pair],
    picture: str,
) -> str:
    rows = [
        [
            *(escape(name), str(item.answered), str(item.blank), _shown(item.difficulty)),
            _shown(item.discrimination) + (" <strong>low</strong>" if item.low else ""),
            *(_shown(item.median_seconds, 0), str(item.hinted), str(item.shown)),
            _wrong_cell(settings, marker, name, item),
        ]
        for name, item in found.items()
    ]
    objectives = [
        [
            f"{escape(name)} {as_html(text)}",
            f"{one.met} of {one.students}",
            f"{100 * one.share / one.students:.0f}",
        ]
        for name, text in settings.key.objectives.items()
        if (one := items.objectives.get(name))
    ]
    head = ["question", "answered", "blank", "difficulty", "discrimination"]
    body = (
        f'<p class="pfp-over">{escape(settings.key.title)}</p><h1>Item analysis</h1>'
        f"<p>{items.students} students handed in a receipt that counts.</p>{_HOW}{picture}"
        + table(
            "Questions",
            [*head, "median seconds", "used a hint", "shown", "most chosen wrong answer"],
            rows,
            long=8,
        )
        + f"<h2>Objectives</h2>{_MET}"
        + table("", ["objective", "met by", "mean percent"], objectives, numbers=2)
        + _spread(items)
        + _similar(settings, pairs)
    )
    return page(f"Item analysis: {settings.key.title}", body, wide=True)


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


def _wrong_cell(settings: Settings, marker: Marker, name: str, item: Item) -> str:
    wrong, chosen = _most_wrong(settings, marker, name, item)
    cut = wrong if len(wrong) < 160 else wrong[:160] + "…"
    return f"<bdi>{escape(cut)}</bdi> ({chosen})" if chosen else "–"


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


def _similar(settings: Settings, pairs: Sequence[Pair]) -> str:
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
            escape(_questions(settings, one)),
            f"{len(one.shared)} of {one.both_wrong}",
            f"{one.bits:.1f}",
        ]
        for one in pairs
    ]
    head = ["students", "questions", "the same, of those that both missed", "bits"]
    return text + table("", head, rows, numbers=2)


_NAMED = 8  # questions whose names stand in the picture


def draw(found: Mapping[str, Item], folder: Path) -> str:
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
        lowest = sorted(points, key=lambda name: (not points[name][2], points[name][1]))[:_NAMED]
        for name in lowest:
            if points[name][2]:
                axes.annotate(
                    name,
                    (points[name][0], points[name][1]),
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
