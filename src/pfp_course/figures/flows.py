"""Where states went: bands from a status to a later one."""

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from pfp_course.errors import CourseError
from pfp_course.figures.style import PAPER, SERIES, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flow"]

_GAP = 1.6  # in units of one thing counted
_NODE = 0.05  # width of a column, as a share of the axes
_HATCHES = ("", "///", "---", "|||", "xxx", "\\\\\\", "+++")


def flow(
    frame: "pd.DataFrame", *, title: str, start: str = "status_2014", end: str = "status_2024"
) -> tuple[Figure, Axes]:
    """Draw how many went from each status to each later one; a band is as wide as its count.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each thing counted.
    title : str
        The question that the figure answers.
    start, end : str
        The columns of the earlier and of the later status.
    """
    counts = frame.groupby([start, end], observed=True).size()
    if counts.empty:
        raise CourseError("There is nothing to draw. Look at your filter.")
    names = sorted({name for pair in counts.index for name in pair}, key=str)
    if len(names) > len(_HATCHES):
        raise CourseError(f"{len(names)} kinds of status are too many to tell apart.")
    figure, axes = new(title, height=3.8)
    lefts = _columns(counts.groupby(level=0).sum(), names)
    rights = _columns(counts.groupby(level=1).sum(), names)
    with mpl.rc_context(house_style):
        _draw_bands(axes, counts, dict(lefts), dict(rights), names)
        for tops, x, side in ((lefts, 0.0, "right"), (rights, 1 - _NODE, "left")):
            totals = counts.groupby(level=0 if side == "right" else 1).sum()
            for name, top in tops.items():
                size = int(totals[name])
                colour = SERIES[names.index(name)]
                axes.add_patch(Rectangle((x, top - size), _NODE, size, color=colour, zorder=3))
                axes.annotate(
                    f"{name}: {size}",
                    (x if side == "right" else 1, top - size / 2),
                    xytext=(-6 if side == "right" else 6, 0),
                    textcoords="offset points",
                    ha=side,
                    va="center",
                    fontweight="bold",
                )
        axes.text(0, _height(lefts) + 0.8, start.replace("_", " "), ha="left", va="bottom")
        axes.text(1, _height(rights) + 0.8, end.replace("_", " "), ha="right", va="bottom")
        axes.set_xlim(-0.34, 1.34)
        axes.set_ylim(min(0, -_GAP), max(_height(lefts), _height(rights)) + 3)
        axes.axis("off")
    return figure, axes


def _columns(totals: "pd.Series", names: list[str]) -> dict[str, float]:
    present = [name for name in names if name in totals.index]
    top = float(totals.sum()) + _GAP * (len(present) - 1)
    tops = {}
    for name in present:
        tops[name] = top
        top -= float(totals[name]) + _GAP
    return tops


def _height(tops: dict[str, float]) -> float:
    return max(tops.values())


def _draw_bands(
    axes: Axes,
    counts: "pd.Series",
    lefts: dict[str, float],
    rights: dict[str, float],
    names: list[str],
) -> None:
    begin, finish = _NODE, 1 - _NODE
    middle = (begin + finish) / 2
    pairs = [(str(left), str(right), int(count)) for (left, right), count in dict(counts).items()]
    for left, right, count in sorted(
        pairs, key=lambda pair: (names.index(pair[0]), names.index(pair[1]))
    ):
        a, b = lefts[left], rights[right]
        c, d = a - count, b - count
        curve = [
            (begin, a),
            (middle, a),
            (middle, b),
            (finish, b),
            (finish, d),
            (middle, d),
            (middle, c),
            (begin, c),
            (begin, a),
        ]
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        number = names.index(right)
        axes.add_patch(
            PathPatch(
                Path(curve, codes),
                facecolor="none",
                edgecolor=SERIES[number],
                linewidth=1.2,
                hatch=_HATCHES[number] or "|",
                alpha=0.75,
            )
        )
        axes.annotate(
            str(count),
            (middle, (a + b - count) / 2),
            ha="center",
            va="center",
            fontweight="bold",
            bbox={"boxstyle": "round,pad=0.2", "fc": PAPER, "ec": "none"},
        )
        lefts[left], rights[right] = c, d
