"""Counts in bins of years: a lane for each kind, and two ways to set the bins."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["histograms", "small_multiples"]

_LANE = 0.5  # inches


@canvas.two_layouts
def small_multiples(table: "pd.DataFrame", *, title: str, unit: str) -> tuple[Figure, Axes]:
    """Draw a row of bars for each column of a cross table, all on one line of time and one scale.

    Parameters
    ----------
    table : pandas.DataFrame
        Counts, 0 or more. The index holds the first years of periods of equal length, in order;
        the columns name the kinds, drawn from the top in the order of their sums.
    title, unit : str
        The question that the figure answers; what is counted.
    """
    if table.empty or not table.to_numpy().sum():
        raise CourseError("There is nothing to count. Look at your filter.")
    years = [int(year) for year in table.index]
    length = years[1] - years[0] if len(years) > 1 else 1
    most = float(table.to_numpy().max())
    kinds = list(table.sum().sort_values(ascending=False, kind="stable").index)
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=canvas.period_of(years[0], years[-1] + length - 1),
        height=0.4 + _LANE * len(kinds),
    )
    for lane, kind in enumerate(kinds):
        floor = len(kinds) - 1 - lane
        axes.axhline(floor, color=canvas.LINE, linewidth=0.8, zorder=0)
        for year, count in zip(years, table[kind], strict=True):
            if not count:
                continue
            middle = year + length / 2
            axes.bar(
                middle, 0.62 * count / most, bottom=floor, width=0.86 * length, color=canvas.PLAIN
            )
            axes.annotate(
                f"{count:.0f}",
                (middle, floor + 0.62 * count / most),
                xytext=(0, 1),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=canvas.SMALL,
                color=canvas.INK,
            )
    sums = [f"{kind}: {table[kind].sum():.0f}" for kind in kinds]
    axes.set_yticks(
        [len(kinds) - 0.8 - lane for lane in range(len(kinds))],
        [canvas.fitted(words, 80) for words in sums],
    )
    axes.tick_params(axis="y", length=0)
    edges = [*years, years[-1] + length]
    axes.set_xticks(edges[:: 2 if canvas.narrow() else 1])
    axes.set_xlim(edges[0] - 0.02 * length, edges[-1] + 0.02 * length)
    axes.set_ylim(-0.05, len(kinds) + 0.05)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    return figure, axes


@canvas.two_layouts
def histograms(
    values: "pd.Series", *, title: str, unit: str, width: int, starts: Mapping[str, int]
) -> tuple[Figure, Axes]:
    """Draw two histograms of the same years on one axis: one stands on it, one hangs below.

    Parameters
    ----------
    values : pandas.Series
        Years; missing ones are left out.
    title, unit : str
        The question that the figure answers; what is counted.
    width : int
        The length of a bin, in years.
    starts : mapping of str to int
        Two names for the ways to set the bins, with a year in which one of its bins begins.
    """
    years = [int(year) for year in values.dropna()]
    if not years or len(starts) != 2:
        raise CourseError("Draw some years in two ways to set the bins. Look at your filter.")
    figure, axes = canvas.new(
        title, unit=unit, period=canvas.period_of(min(years), max(years)), height=4.0
    )
    binned = {name: _binned(years, width, start % width) for name, start in starts.items()}
    most = max(count for bins in binned.values() for count in bins.values())
    for (name, bins), sign, colour in zip(
        binned.items(), (1, -1), (canvas.PLAIN, canvas.POINTED), strict=True
    ):
        for first, count in bins.items():
            axes.bar(
                first,
                sign * count,
                width=width,
                align="edge",
                facecolor=colour if sign > 0 else canvas.PAPER,
                edgecolor=canvas.PAPER if sign > 0 else colour,
                hatch="" if sign > 0 else "////",
                linewidth=1.2,
            )
            axes.annotate(
                f"{count}",
                (first + width / 2, sign * count),
                xytext=(0, 2 * sign),
                textcoords="offset points",
                ha="center",
                va="bottom" if sign > 0 else "top",
                fontsize=canvas.SMALL,
                fontweight="semibold" if count == max(bins.values()) else "normal",
            )
        axes.annotate(
            canvas.fitted(name, 110 if canvas.narrow() else 200),
            (1, 0.97 if sign > 0 else 0.03),
            xycoords="axes fraction",
            ha="right",
            va="top" if sign > 0 else "bottom",
            color=colour,
            fontweight="semibold",
        )
    axes.axhline(0, color=canvas.SOFT, linewidth=1)
    lows = [first for bins in binned.values() for first in bins]
    axes.set_xlim(min(lows) - 1, max(lows) + width + 1)
    axes.set_ylim(-1.2 * most, 1.2 * most)
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    begin = min(lows) // 5 * 5
    axes.set_xticks(range(begin, max(lows) + width + 1, 10 if canvas.narrow() else 5))
    axes.grid(axis="x")
    return figure, axes


def _binned(years: list[int], width: int, offset: int) -> dict[int, int]:
    """Return how many years lie in each bin, by its first year."""
    firsts = [(year - offset) // width * width + offset for year in years]
    return {first: firsts.count(first) for first in sorted(set(firsts))}
