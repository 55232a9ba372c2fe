"""Charts of the course: events on a line of time, bars, a growing count."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures.style import INK, LINE, MARKERS, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bars", "cumulative", "timeline"]


_ROW = 0.27  # inches for one line of text


def timeline(
    frame: "pd.DataFrame",
    *,
    title: str,
    date: str = "date_parsed",
    label: str = "event",
    lane: str = "category",
) -> tuple[Figure, Axes]:
    """Draw events by date, one line each, from the earliest at the top.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each event.
    title : str
        The question that the figure answers.
    date, label, lane : str
        Columns: dates as ``datetime64``, the words beside each mark, and the groups that the
        form and colour of the mark tell apart (seven at most).
    """
    events = frame.dropna(subset=[date]).sort_values(date, kind="stable")
    if events.empty:
        raise CourseError("The timeline has no events with a date. Look at your filter.")
    figure, axes = new(title, height=1.5 + _ROW * len(events))
    lanes = list(dict.fromkeys(events[lane]))
    if len(lanes) > len(MARKERS):
        raise CourseError(f"{len(lanes)} groups are too many to tell apart. Take seven at most.")
    first, last = events[date].min(), events[date].max()
    middle = first + (last - first) / 2
    with mpl.rc_context(house_style):
        for number, name in enumerate(lanes):
            of_lane = events[lane] == name
            rows = [row for row, yes in enumerate(of_lane) if yes]
            axes.scatter(
                events.loc[of_lane, date],
                rows,
                s=46,
                marker=MARKERS[number],
                color=SERIES[number],
                label=str(name),
                zorder=3,
            )
        for row, (when, words) in enumerate(zip(events[date], events[label], strict=True)):
            after = when <= middle
            axes.annotate(
                str(words),
                (when, row),
                xytext=(8 if after else -8, 0),
                va="center",
                textcoords="offset points",
                ha="left" if after else "right",
                fontsize=9.5,
            )
        axes.set_ylim(len(events) - 0.4, -0.8)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.margins(x=0.04)
        figure.legend(loc="outside lower left", ncols=4, fontsize=9.5, handletextpad=0.2)
    return figure, axes


def bars(
    values: "pd.Series", *, title: str, unit: str, highlight: Sequence[str] = ()
) -> tuple[Figure, Axes]:
    """Draw one bar for each value, the first at the top, its number at its end.

    Parameters
    ----------
    values : pandas.Series
        Numbers; the index names the bars.
    title : str
        The question that the figure answers.
    unit : str
        What is counted or measured, for the axis.
    highlight : sequence of str
        Names of bars to mark by colour and an arrow.
    """
    if values.empty:
        raise CourseError("There are no values to draw. Look at your filter.")
    figure, axes = new(title, height=1.15 + 0.3 * len(values))
    names = [str(name) for name in values.index]
    numbers = [float(value) for value in values]
    with mpl.rc_context(house_style):
        colours = [SERIES[1] if name in highlight else SERIES[0] for name in names]
        axes.barh(range(len(numbers)), numbers, color=colours, height=0.66)
        digits = 0 if all(number == int(number) for number in numbers) else 1
        for row, number in enumerate(numbers):
            text = f"{number:,.{digits}f}"
            pointer = " \u25c0" if names[row] in highlight else ""
            axes.annotate(
                f"{text}{pointer}",
                (number, row),
                xytext=(5, 0),
                va="center",
                textcoords="offset points",
                color=INK,
            )
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(unit)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.margins(x=0.12)
        axes.set_xlim(left=min(0, *numbers))
    return figure, axes


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
    figure, axes = new(title, height=3.7)
    start = ordered.iloc[0] - pd.DateOffset(months=3)
    end = ordered.iloc[-1] + pd.DateOffset(months=10)
    counts = [0, *range(1, len(ordered) + 1), len(ordered)]
    with mpl.rc_context(house_style):
        axes.step([start, *ordered, end], counts, where="post", color=SERIES[0])
        for place, (day, words) in enumerate((marks or {}).items()):
            when = pd.Timestamp(day)
            height = int((ordered <= when).sum())
            axes.plot(
                [when.to_datetime64()],
                [height],
                marker=MARKERS[place],
                color=SERIES[1],
                markersize=8,
            )
            axes.annotate(
                words,
                (when, height),
                xytext=(9, -4),
                textcoords="offset points",
                va="top",
            )
        axes.set_ylabel(unit)
        axes.set_ylim(0, len(ordered) * 1.1)
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="y")
        axes.annotate(
            f"{len(ordered)}",
            (end, len(ordered)),
            xytext=(-2, 4),
            ha="right",
            color=SOFT,
            textcoords="offset points",
            fontweight="bold",
        )
        axes.spines["left"].set_color(LINE)
    return figure, axes
