"""Where each thing went: a named line from its earlier to its later status."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["paths"]

_LINE = 0.163  # inches for a named line


@canvas.two_layouts
def paths(
    frame: "pd.DataFrame",
    *,
    title: str,
    start: str,
    end: str,
    name: str = "country",
    unit: str = "one line for each state",
    period: str = "",
) -> tuple[Figure, Axes]:
    """Draw a line for each thing from the group it was in to the group it is in later.

    Its colour and dashes are those of the later group. A line whose two groups differ is strong,
    and its name is bold.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each thing, in the order in which the lines stand within a group.
    title, unit, period : str
        The question that the figure answers; what a line stands for, and when.
    start, end, name : str
        The columns of the earlier and of the later status, and of the name.
    """
    if frame.empty:
        raise CourseError("There is nothing to draw. Look at your filter.")
    things = frame[[name, start, end]].astype(str)
    groups = sorted(set(things[start]) | set(things[end]))
    looks = canvas.looks_of(groups)
    # Within a group by the other one, so that few lines cross.
    left, lefts = _stacked(things.sort_values([start, end], kind="stable"), name, start)
    right, rights = _stacked(things.sort_values([end, start], kind="stable"), name, end)
    height = max(max(left.values()), max(right.values())) + 1
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.15 + _LINE * height)
    for row in things.to_dict("records"):
        moved = row[start] != row[end]
        look = looks[row[end]]
        a, b = left[row[name]], right[row[name]]
        curve = Path([(0, a), (0.45, a), (0.55, b), (1, b)], [Path.MOVETO, *[Path.CURVE4] * 3])
        axes.add_patch(
            PathPatch(
                curve,
                facecolor="none",
                edgecolor=look.colour,
                linewidth=2.8 if moved else 1.3,
                linestyle=(0, look.dashes) if look.dashes else "-",
            )
        )
        for x, y, side in ((0, a, "right"), (1, b, "left")):
            if side == "left" and canvas.narrow() and not moved:
                continue
            axes.annotate(
                row[name],
                (x, y),
                xytext=(-5 if side == "right" else 5, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=canvas.SMALL,
                fontweight="semibold" if moved else "normal",
            )
    for headings, x, side in ((lefts, 0, "right"), (rights, 1, "left")):
        for group, place, count in headings:
            axes.annotate(
                f"{group}: {count}",
                (x, place),
                xytext=(-5 if side == "right" else 5, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontweight="semibold",
                color=looks[group].colour,
            )
    for x in (0, 1):
        axes.axvline(x, color=canvas.LINE, linewidth=0.8, zorder=0)
    axes.set_xlim(0, 1)
    axes.set_ylim(height, -0.6)
    axes.axis("off")
    return figure, axes


def _stacked(
    things: "pd.DataFrame", name: str, status: str
) -> tuple[dict[str, float], list[tuple[str, float, int]]]:
    """Return the place of each thing, and the headings: group, place, how many."""
    places: dict[str, float] = {}
    headings: list[tuple[str, float, int]] = []
    place = 0.0
    for group, held in things.groupby(status, sort=False):
        place += 0.6 if headings else 0.0
        headings.append((str(group), place, len(held)))
        for thing in held[name]:
            place += 1.0
            places[thing] = place
        place += 1.0
    return places, headings
