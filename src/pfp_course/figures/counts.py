"""Counts: how many of which kind in each group, and how a number stood in time."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures.style import INK, PAPER, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["counts", "level"]

_HATCHES = ("", "////", "....", "xxxx", "||||", "----", "\\\\\\\\")


def counts(table: "pd.DataFrame", *, title: str, unit: str) -> tuple[Figure, Axes]:
    """Draw a bar for each row of a cross table, made of a part for each column.

    Parameters
    ----------
    table : pandas.DataFrame
        Counts, 0 or more. The index names the bars, from the top; the columns name the parts
        (seven at most), which colour and hatch tell apart. A number stands in each part that
        has room for it, and the sum at the end of the bar.
    title, unit : str
        The question that the figure answers; what is counted.
    """
    if table.empty or not table.to_numpy().sum():
        raise CourseError("There is nothing to count. Look at your filter.")
    if len(table.columns) > len(_HATCHES):
        raise CourseError(f"{len(table.columns)} parts are too many. Take seven at most.")
    figure, axes = new(title, height=1.7 + 0.36 * len(table))
    longest = float(table.sum(axis=1).max())
    with mpl.rc_context(house_style):
        done = [0.0] * len(table)
        for number, name in enumerate(table.columns):
            parts = [float(value) for value in table[name]]
            look = SERIES[number]
            axes.barh(
                range(len(table)),
                parts,
                left=done,
                height=0.66,
                label=str(name),
                facecolor="none" if _HATCHES[number] else look,
                edgecolor=look,
                hatch=_HATCHES[number],
                linewidth=1.0,
            )
            for row, part in enumerate(parts):
                if part / longest > 0.045:
                    axes.text(
                        done[row] + part / 2,
                        row,
                        f"{part:.0f}",
                        ha="center",
                        va="center",
                        fontsize=9,
                        color=INK if _HATCHES[number] else PAPER,
                        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.2}
                        if _HATCHES[number]
                        else None,
                    )
            done = [before + part for before, part in zip(done, parts, strict=True)]
        for row, total in enumerate(done):
            axes.annotate(
                f"{total:.0f}",
                (total, row),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontweight="bold",
            )
        axes.set_yticks(range(len(table)), [str(name) for name in table.index])
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(unit)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.margins(x=0.08)
        figure.legend(loc="outside lower left", ncols=4, handlelength=1.6, fontsize=9.5)
    return figure, axes


def level(
    changes: "Mapping[str, pd.Series]",
    *,
    title: str,
    unit: str,
    until: str,
    marks: Mapping[str, str] | None = None,
) -> tuple[Figure, Axes]:
    """Draw how numbers stood in time: a step up or down at each change.

    Parameters
    ----------
    changes : mapping of str to pandas.Series
        For each line (four at most), changes such as +1 and -1; the index holds their dates as
        ``datetime64``. The first line is full and the others are broken.
    title, unit : str
        The question that the figure answers; what is counted.
    until : str
        ISO date at which the figure ends.
    marks : mapping of str to str, optional
        ISO dates to point out, and the words at the top of the line through them.
    """
    import pandas as pd

    if not changes or any(series.empty for series in changes.values()):
        raise CourseError("There are no changes to draw. Look at your filter.")
    figure, axes = new(title, height=4.0)
    end = pd.Timestamp(until)
    with mpl.rc_context(house_style):
        for number, (name, series) in enumerate(changes.items()):
            stood = series.groupby(level=0).sum().sort_index().cumsum()
            days = [*stood.index, end]
            heights = [*stood, stood.iloc[-1]]
            axes.step(
                days,
                heights,
                where="post",
                color=SERIES[number],
                linestyle=("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (5, 2, 1.5, 2)))[number],
            )
            axes.annotate(
                f"{heights[-1]:.0f} {name}",
                (end, heights[-1]),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=9.5,
                fontweight="bold",
                color=SERIES[number],
                annotation_clip=False,
            )
        axes.set_ylim(bottom=0)
        for place, (day, words) in enumerate((marks or {}).items()):
            when = pd.Timestamp(day)
            at = date2num(when)  # type: ignore[no-untyped-call]
            axes.axvline(at, color=SOFT, linewidth=1, linestyle=(0, (2, 2)))
            axes.annotate(
                words,
                (when, 0),
                xytext=(3, 5 + 13 * (place % 3)),
                textcoords="offset points",
                fontsize=9,
                color=SOFT,
            )
        axes.set_ylabel(unit)
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="y")
    return figure, axes
