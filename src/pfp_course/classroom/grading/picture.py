"""The picture of an item analysis: each question by how easy it was, and how well it tells."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl

from pfp_course.classroom.grading.items import Item
from pfp_course.figures.showing import svg
from pfp_course.figures.style import INK, MARKERS, SERIES, SOFT, house_style, new

__all__ = ["draw"]

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
        for number, (low, label) in enumerate(
            ((False, "a question"), (True, "tells little: look at it"))
        ):
            chosen = [one for one in points.values() if one[2] is low]
            if chosen:
                axes.scatter(
                    [one[0] for one in chosen],
                    [one[1] for one in chosen],
                    s=46,
                    marker=MARKERS[2 * number],
                    color=SERIES[number],
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
                    fontsize=9,
                    color=INK,
                )
        axes.axhline(0, color=SOFT, linewidth=1, zorder=0)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(min(-0.1, min(one[1] for one in points.values()) - 0.08), 1.0)
        axes.set_xlabel("difficulty: share of the points earned (1 is easy)")
        axes.set_ylabel("discrimination")
        axes.grid(visible=True)
        figure.legend(loc="outside lower left", ncols=2, fontsize=9.5, handletextpad=0.2)
    alt = "For each question its difficulty and its discrimination: " + "; ".join(
        f"{name} {easy:.2f} and {tells:.2f}" for name, (easy, tells, _) in points.items()
    )
    drawing = svg(figure, alt)
    (folder / "items.svg").write_text(drawing, encoding="utf-8")
    figure.savefig(folder / "items.png", dpi=150, facecolor="white")
    scroller = '<div class="pfp-scroll" tabindex="0" role="group" aria-label="Figure">'
    return f'<figure class="pfp-figure">{scroller}{drawing}</div></figure>'
