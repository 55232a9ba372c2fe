"""Lines that step: a count that grows, and how numbers stood in time."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cumulative", "level"]


@canvas.two_layouts
def cumulative(
    dates: "pd.Series", *, title: str, unit: str, marks: dict[str, str] | None = None
) -> tuple[Figure, Axes]:
    """Draw how a count grows: one step up at each date.

    Parameters
    ----------
    dates : pandas.Series
        Dates as ``datetime64``, one for each thing counted; missing ones are left out.
    title, unit : str
        The question that the figure answers; what is counted.
    marks : dict of str to str, optional
        ISO dates to point out, and the words beside them.
    """
    import pandas as pd

    ordered = dates.dropna().sort_values()
    if ordered.empty:
        raise CourseError("There are no dates to count. Look at your filter.")
    figure, axes = canvas.new(
        title, unit=unit, period=canvas.period_of(ordered.iloc[0], ordered.iloc[-1]), height=3.4
    )
    start = ordered.iloc[0] - pd.DateOffset(months=3)
    end = ordered.iloc[-1] + pd.DateOffset(months=10)
    counts = [0, *range(1, len(ordered) + 1), len(ordered)]
    axes.step([start, *ordered, end], counts, where="post", color=canvas.PLAIN)
    for day, words in (marks or {}).items():
        when, look = pd.Timestamp(day), canvas.look_of(words)
        height = int((ordered <= when).sum())
        axes.plot(
            [when.to_datetime64()],
            [height],
            marker=look.marker,
            color=look.colour,
            markersize=8,
        )
        axes.annotate(
            words,
            (when, height),
            xytext=(9, -4),
            textcoords="offset points",
            va="top",
        )
    axes.set_ylim(0, len(ordered) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=5 if canvas.narrow() else 9))  # type: ignore[no-untyped-call]
    axes.grid(axis="y")
    axes.annotate(
        f"{len(ordered)}",
        (end, len(ordered)),
        xytext=(-2, 4),
        ha="right",
        color=canvas.SOFT,
        textcoords="offset points",
        fontweight="semibold",
    )
    axes.spines["left"].set_color(canvas.LINE)
    return figure, axes


@canvas.two_layouts
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
        ISO dates to point out, and the words for what happened. The number after it stands at
        the mark.
    """
    import pandas as pd

    if not changes or any(series.empty for series in changes.values()):
        raise CourseError("There are no changes to draw. Look at your filter.")
    end = pd.Timestamp(until)
    begin = min(series.index.min() for series in changes.values())
    looks = canvas.looks_of(changes)
    figure, axes = canvas.new(title, unit=unit, period=canvas.period_of(begin, end), height=3.8)
    first = pd.Series(dtype=float)
    for (name, series), look in zip(changes.items(), looks.values(), strict=True):
        stood = series.groupby(level=0).sum().sort_index().cumsum()
        first = stood if first.empty else first
        heights = [*stood, stood.iloc[-1]]
        axes.step(
            [*stood.index, end],
            heights,
            where="post",
            color=look.colour,
            linestyle="-" if stood is first else (0, (4, 2)),
        )
        axes.annotate(
            canvas.fitted(f"{heights[-1]:.0f} {name}", 70 if canvas.narrow() else 140),
            (end, heights[-1]),
            xytext=(6, 4 if stood is first else -4),
            textcoords="offset points",
            va="bottom" if stood is first else "top",
            fontweight="semibold",
            color=look.colour,
            annotation_clip=False,
        )
    axes.set_ylim(0, float(first.max()) * 1.12)
    late = end - 0.15 * (end - begin)
    for day, words in (marks or {}).items():
        when = pd.Timestamp(day)
        before, after = (
            float(first[first.index < when].iloc[-1]),
            float(first[first.index <= when].iloc[-1]),
        )
        axes.plot([when.to_datetime64()], [after], "o", color=canvas.INK, markersize=5)
        axes.annotate(
            canvas.fitted(words, 78 if canvas.narrow() else 120),
            (when, min(before, after)),
            # At the end of the axis the names of the lines stand.
            xytext=(4 if when > late else 0, -34 if when > late else -26),
            textcoords="offset points",
            ha="right" if when > late else "center",
            va="top",
            fontsize=canvas.SMALL,
            linespacing=1.05,
            arrowprops={"arrowstyle": "-", "color": canvas.SOFT, "linewidth": 0.8, "shrinkB": 4},
        )
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=4 if canvas.narrow() else 8))  # type: ignore[no-untyped-call]
    axes.grid(axis="y")
    return figure, axes
