"""Who took part with whom: pairs counted from lists of participants, drawn as a network."""

import math
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pfp_course.errors import CourseError
from pfp_course.figures.style import MARKERS, PAPER, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["network", "ties"]

_WIDEST = 8.0  # points: the line of the strongest tie


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


def network(
    pairs: "pd.DataFrame",
    *,
    title: str,
    names: Mapping[str, str],
    groups: Mapping[str, str] | None = None,
    least: int = 1,
) -> tuple[Figure, Axes]:
    """Draw names on a circle and a line for each pair, the wider the more often together.

    Parameters
    ----------
    pairs : pandas.DataFrame
        The columns ``one``, ``other`` and ``together``, as `ties` gives them.
    title : str
        The question that the figure answers.
    names : mapping of str to str
        The names that are drawn, in their order on the circle, and the words beside them.
    groups : mapping of str to str, optional
        The group of each name, told by form and colour (seven groups at most).
    least : int
        Pairs that were together less often are not drawn.
    """
    drawn = pairs[
        pairs["one"].isin(names) & pairs["other"].isin(names) & (pairs["together"] >= least)
    ]
    if drawn.empty:
        raise CourseError("No pair is strong enough to be drawn. Choose a smaller 'least'.")
    kinds = list(dict.fromkeys((groups or {}).values()))
    if len(kinds) > len(MARKERS):
        raise CourseError(f"{len(kinds)} groups are too many to tell apart. Take seven at most.")
    figure, axes = new(title, height=5.6)
    places = {
        name: (
            math.sin(2 * math.pi * number / len(names)),
            math.cos(2 * math.pi * number / len(names)),
        )
        for number, name in enumerate(names)
    }
    strongest = int(drawn["together"].max())
    with mpl.rc_context(house_style):
        for pair in drawn.itertuples():
            (x1, y1), (x2, y2) = places[str(pair.one)], places[str(pair.other)]
            share = float(str(pair.together)) / strongest
            axes.plot(
                [x1, x2],
                [y1, y2],
                color=SOFT,
                alpha=0.25 + 0.55 * share,
                linewidth=max(0.7, _WIDEST * share),
                solid_capstyle="round",
                zorder=1,
            )
        for name, (x, y) in places.items():
            kind = kinds.index(groups[name]) if groups and name in groups else 0
            axes.plot(
                [x],
                [y],
                marker=MARKERS[kind],
                markersize=13,
                color=SERIES[kind],
                markeredgecolor=PAPER,
                markeredgewidth=1.5,
                linestyle="none",
                zorder=3,
            )
            side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
            axes.annotate(
                names[name],
                (x, y),
                xytext=(11 * x, 13 * y),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=10,
                zorder=4,
            )
        for number, kind_name in enumerate(kinds):
            axes.plot(
                [],
                [],
                marker=MARKERS[number],
                linestyle="none",
                markersize=9,
                color=SERIES[number],
                label=kind_name,
            )
        axes.set_aspect("equal")
        axes.set_xlim(-1.75, 1.75)
        axes.set_ylim(-1.2, 1.2)
        axes.set_axis_off()
        if kinds:
            figure.legend(loc="outside lower left", ncols=3, fontsize=9.5, handletextpad=0.2)
    return figure, axes
