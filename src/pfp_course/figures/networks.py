"""Who belongs together: pairs counted from lists, and groups that change in time."""

import math
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["encounters", "network", "paths", "ties"]


_WIDEST = 8.0  # points: the line of the strongest tie
_LINE = 0.163  # inches for a named line


def ties(lists: "pd.Series", separator: str = ";") -> "pd.DataFrame":
    """Count how often each two names stand in the same list.

    Parameters
    ----------
    lists : pandas.Series
        Texts that hold names with a separator between them, such as ``KAZ;RUS;USA``.
    separator : str
        The sign between two names.

    Returns
    -------
    pandas.DataFrame
        The columns ``one``, ``other`` and ``together``, the most frequent pair first. A pair
        stands once, its names in alphabetical order.
    """
    import pandas as pd

    counted: Counter[tuple[str, str]] = Counter()
    for text in lists.dropna():
        names = sorted({name.strip() for name in str(text).split(separator) if name.strip()})
        counted.update(combinations(names, 2))
    rows = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return pd.DataFrame(
        [(one, other, together) for (one, other), together in rows],
        columns=["one", "other", "together"],
    )


@canvas.two_layouts
def network(
    pairs: "pd.DataFrame",
    *,
    title: str,
    names: Mapping[str, str],
    unit: str = "",
    period: str = "",
    groups: Mapping[str, str] | None = None,
    least: int = 1,
) -> tuple[Figure, Axes]:
    """Draw names on a circle and a line for each pair, the wider the more often together.

    Parameters
    ----------
    pairs : pandas.DataFrame
        The columns ``one``, ``other`` and ``together``, as `ties` gives them.
    title, unit, period : str
        The question that the figure answers; what a line stands for, and when.
    names : mapping of str to str
        The names that are drawn, in their order on the circle, and the words beside them.
    groups : mapping of str to str, optional
        The group of each name, told by form and colour (ten groups at most).
    least : int
        Pairs that were together less often are not drawn.
    """
    drawn = pairs[
        pairs["one"].isin(names) & pairs["other"].isin(names) & (pairs["together"] >= least)
    ]
    if drawn.empty:
        raise CourseError("No pair is strong enough to be drawn. Choose a smaller 'least'.")
    looks = canvas.looks_of((groups or dict.fromkeys(names, "")).values())
    figure, axes = canvas.new(
        title, unit=unit, period=period, height=3.9 if canvas.narrow() else 5.2
    )
    places = {
        name: (
            math.sin(2 * math.pi * number / len(names)),
            math.cos(2 * math.pi * number / len(names)),
        )
        for number, name in enumerate(names)
    }
    strongest = int(drawn["together"].max())
    for pair in drawn.itertuples():
        (x1, y1), (x2, y2) = places[str(pair.one)], places[str(pair.other)]
        share = float(str(pair.together)) / strongest
        axes.plot(
            [x1, x2],
            [y1, y2],
            color=canvas.SOFT,
            alpha=0.25 + 0.55 * share,
            linewidth=max(0.7, _WIDEST * share),
            solid_capstyle="round",
            zorder=1,
        )
    for name, (x, y) in places.items():
        look = looks[groups[name] if groups else ""]
        axes.plot(
            [x],
            [y],
            marker=look.marker,
            markersize=13,
            color=look.colour,
            markeredgecolor=canvas.PAPER,
            markeredgewidth=1.5,
            linestyle="none",
            zorder=3,
        )
        # Above and below its mark stands the name of one alone: those of two would meet.
        is_alone = abs(x) < min(0.2, 0.9 * math.sin(math.pi / len(places)))
        side = "center" if is_alone else "left" if x > 0 else "right"
        canvas.write(axes, names[name], (x, y), (11 * x, 13 * y), ha=side, zorder=4)
    axes.set_aspect("equal")
    axes.set_xlim(-1.75, 1.75)
    axes.set_ylim(-1.2, 1.2)
    axes.set_axis_off()
    if groups:
        canvas.legend(figure, [canvas.mark(look, name) for name, look in looks.items()], 3)
    return figure, axes


@canvas.two_layouts
def encounters(
    pairs: "Mapping[str, pd.DataFrame]",
    *,
    title: str,
    names: Mapping[str, str],
    unit: str,
    period: str = "",
    least: int = 1,
) -> tuple[Figure, Axes]:
    """Draw two sets of pairs in one square: one above its diagonal, the other below.

    Parameters
    ----------
    pairs : mapping of str to pandas.DataFrame
        Two sets by their names; each has the columns ``one``, ``other`` and ``together``, as
        `ties` gives them. The first stands above the diagonal.
    title, unit, period : str
        The question that the figure answers; what is counted, and when.
    names : mapping of str to str
        The names that are drawn, in their order, and the words beside them.
    least : int
        Pairs that were together less often are not drawn.
    """
    if len(pairs) != 2:
        raise CourseError("Give two sets of pairs: one for each half of the square.")
    order = {name: place for place, name in enumerate(names)}
    looks = canvas.looks_of(pairs)
    figure, axes = canvas.new(
        title, unit=unit, period=period, height=4.7 if canvas.narrow() else 5.9
    )
    held = {name: _places(table, order, least) for name, table in pairs.items()}
    most = max((count for places in held.values() for count in places.values()), default=0)
    if not most:
        raise CourseError("No pair is strong enough to be drawn. Choose a smaller 'least'.")
    for half, (name, places) in enumerate(held.items()):
        for (first, second), count in places.items():
            row, column = (first, second) if half == 0 else (second, first)
            side = 0.16 + 0.8 * (count / most) ** 0.5
            canvas.square(
                axes,
                column,
                row,
                side,
                facecolor=looks[name].colour if half == 0 else "none",
                edgecolor=looks[name].colour,
                hatch="" if half == 0 else "//////",
                linewidth=1.0,
            )
    last = len(names) - 0.5
    for place in range(len(names) + 1):
        axes.plot([-0.5, last], [place - 0.5] * 2, color=canvas.LINE, linewidth=0.6, zorder=0)
        axes.plot([place - 0.5] * 2, [-0.5, last], color=canvas.LINE, linewidth=0.6, zorder=0)
    axes.plot([-0.5, last], [-0.5, last], color=canvas.SOFT, linewidth=1.0, zorder=0)
    axes.set_xlim(-0.5, last)
    axes.set_ylim(last, -0.5)
    axes.set_aspect("equal")
    axes.set_yticks(range(len(names)), list(names.values()))
    axes.set_xticks(range(len(names)), list(names.values()), rotation=90)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, colors=canvas.INK, labelsize=canvas.SMALL)
    axes.spines[["left", "bottom", "top"]].set_visible(False)
    above, below = looks
    handles = [
        Patch(color=looks[above].colour, label=f"{above}: above the line"),
        Patch(
            facecolor="none",
            edgecolor=looks[below].colour,
            hatch="//////",
            label=f"{below}: below it",
        ),
    ]
    canvas.legend(figure, handles, 2)
    return figure, axes


def _places(
    table: "pd.DataFrame", order: Mapping[str, int], least: int
) -> dict[tuple[int, int], int]:
    """Return how often the names at two places were together, the earlier place first."""
    found: dict[tuple[int, int], int] = {}
    for pair in table.itertuples():
        ends = [order.get(str(pair.one)), order.get(str(pair.other))]
        count = int(str(pair.together))
        if None not in ends and count >= least:
            first, second = sorted(end for end in ends if end is not None)
            found[first, second] = count
    return found


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
            canvas.write(
                axes,
                row[name],
                (x, y),
                (-5 if side == "right" else 5, 0),
                ha=side,
                fontsize=canvas.SMALL,
                fontweight="semibold" if moved else "normal",
            )
    for headings, x, side in ((lefts, 0, "right"), (rights, 1, "left")):
        for group, place, count in headings:
            canvas.write(
                axes,
                f"{group}: {count}",
                (x, place),
                (-5 if side == "right" else 5, 0),
                ha=side,
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
