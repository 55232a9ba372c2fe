"""Charts of the course: events on a line of time, bars, bars in parts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bars", "counts", "timeline"]


_ROW = 0.27  # inches for one line of text


@canvas.two_layouts
def timeline(
    frame: "pd.DataFrame",
    *,
    title: str,
    unit: str = "one mark for each event",
    date: str = "date_parsed",
    label: str = "event",
    lane: str = "category",
) -> tuple[Figure, Axes]:
    """Draw events by date, one line each, from the earliest at the top.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each event.
    title, unit : str
        The question that the figure answers; what a mark stands for.
    date, label, lane : str
        Columns: dates as ``datetime64``, the words beside each mark, and the groups that the
        form and colour of the mark tell apart (ten at most).
    """
    import pandas as pd

    events = frame.dropna(subset=[date]).sort_values(date, kind="stable")
    if events.empty:
        raise CourseError("The timeline has no events with a date. Look at your filter.")
    looks = canvas.looks_of(events[lane])
    first, last = events[date].min(), events[date].max()
    # On a narrow figure the words stand above their mark, in two lines where they must.
    placed = [
        canvas.beside(
            (when - first) / max(last - first, pd.Timedelta(1)), text, canvas.width() - 28
        )
        if canvas.narrow()
        else (when <= first + (last - first) / 2, str(text))
        for when, text in zip(events[date], events[label], strict=True)
    ]
    rows, place = [], 0.0
    for _, text in placed:
        place += (0.55 + 0.5 * text.count("\n")) if canvas.narrow() else 0.0
        rows.append(place)
        place += 1.0
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=canvas.period_of(first, last),
        height=0.6 + canvas.legend_height(list(looks)) + _ROW * (place + 0.5),
    )
    for name, look in looks.items():
        of_lane = [str(value) == name for value in events[lane]]
        axes.scatter(
            list(events.loc[of_lane, date]),
            [row for row, yes in zip(rows, of_lane, strict=True) if yes],
            s=46,
            marker=look.marker,
            color=look.colour,
            zorder=3,
        )
    for row, when, (after, text) in zip(rows, events[date], placed, strict=True):
        axes.annotate(
            text,
            (when, row),
            xytext=(-4 if after else 4, 6) if canvas.narrow() else (8 if after else -8, 0),
            va="bottom" if canvas.narrow() else "center",
            textcoords="offset points",
            ha="left" if after else "right",
            linespacing=1.05,
        )
    axes.set_ylim(place - 0.4, -0.8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.margins(x=0.05)
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=6))  # type: ignore[no-untyped-call]
    handles = [
        Line2D([], [], linestyle="", marker=look.marker, color=look.colour, label=name)
        for name, look in looks.items()
    ]
    canvas.legend(figure, handles)
    return figure, axes


@canvas.two_layouts
def bars(
    values: "pd.Series",
    *,
    title: str,
    unit: str,
    period: str = "",
    highlight: Sequence[str] = (),
) -> tuple[Figure, Axes]:
    """Draw one bar for each value, the first at the top, its number at its end.

    Parameters
    ----------
    values : pandas.Series
        Numbers; the index names the bars.
    title, unit, period : str
        The question that the figure answers; what is counted or measured, and when.
    highlight : sequence of str
        Names of bars to mark by colour and an arrow.
    """
    if values.empty:
        raise CourseError("There are no values to draw. Look at your filter.")
    names = [str(name) for name in values.index]
    numbers = [float(value) for value in values]
    above = canvas.names_above(names)
    figure, axes = canvas.new(
        title, unit=unit, period=period, height=0.45 + (0.42 if above else 0.27) * len(values)
    )
    colours = [canvas.POINTED if name in highlight else canvas.PLAIN for name in names]
    axes.barh(range(len(numbers)), numbers, color=colours, height=0.4 if above else 0.68)
    digits = 0 if all(number == int(number) for number in numbers) else 1
    for row, (name, number) in enumerate(zip(names, numbers, strict=True)):
        pointer = " \u25c0" if name in highlight else ""
        axes.annotate(
            f"{number:,.{digits}f}{pointer}",
            (number, row),
            xytext=(5, 0),
            va="center",
            textcoords="offset points",
            color=canvas.INK,
            fontweight="semibold" if name in highlight else "normal",
        )
    _name_rows(axes, names, above=above)
    axes.set_ylim(len(names) - (0.7 if above else 0.5), -0.75 if above else -0.5)
    # Each bar has its number: no axis is needed.
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.12)
    axes.set_xlim(left=min(0, *numbers))
    return figure, axes


def _name_rows(axes: Axes, names: Sequence[str], *, above: bool) -> None:
    axes.tick_params(axis="y", length=0)
    if not above:
        axes.set_yticks(range(len(names)), list(names))
        return
    axes.set_yticks([])
    for row, name in enumerate(names):
        axes.annotate(
            name,
            (0, row - 0.24),
            xycoords=("axes fraction", "data"),
            xytext=(2, 0),
            textcoords="offset points",
            va="bottom",
        )


@canvas.two_layouts
def counts(
    table: "pd.DataFrame", *, title: str, unit: str, period: str = ""
) -> tuple[Figure, Axes]:
    """Draw a bar for each row of a cross table, made of a part for each column.

    Parameters
    ----------
    table : pandas.DataFrame
        Counts, 0 or more. The index names the bars, from the top; the columns name the parts
        (ten at most), which colour and hatch tell apart. A number stands in each part that
        has room for it, and the sum at the end of the bar.
    title, unit, period : str
        The question that the figure answers; what is counted, and when.
    """
    if table.empty or not table.to_numpy().sum():
        raise CourseError("There is nothing to count. Look at your filter.")
    looks = canvas.looks_of(table.columns)
    names = [str(name) for name in table.index]
    above = canvas.names_above(names)
    names_of_parts = list(looks)
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=period,
        height=0.3 + canvas.legend_height(names_of_parts) + (0.5 if above else 0.34) * len(table),
    )
    longest = float(table.sum(axis=1).max())
    done = [0.0] * len(table)
    for column, look in zip(table.columns, looks.values(), strict=True):
        parts = [float(value) for value in table[column]]
        axes.barh(
            range(len(table)),
            parts,
            left=done,
            height=0.48 if above else 0.7,
            facecolor="none" if look.hatch else look.colour,
            edgecolor=look.colour,
            hatch=look.hatch,
            linewidth=1.0,
        )
        for row, part in enumerate(parts):
            if part / longest > (0.09 if canvas.narrow() else 0.045):
                axes.text(
                    done[row] + part / 2,
                    row,
                    f"{part:.0f}",
                    ha="center",
                    va="center",
                    fontsize=canvas.SMALL,
                    color=canvas.INK if look.hatch else canvas.PAPER,
                    bbox={"facecolor": canvas.PAPER, "edgecolor": "none", "pad": 1.0}
                    if look.hatch
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
            fontweight="semibold",
        )
    _name_rows(axes, names, above=above)
    axes.set_ylim(len(names) - (0.65 if above else 0.5), -0.8 if above else -0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.08)
    handles = [
        Patch(
            facecolor="none" if look.hatch else look.colour,
            edgecolor=look.colour,
            hatch=look.hatch,
            label=name,
        )
        for name, look in looks.items()
    ]
    canvas.legend(figure, handles, handlelength=1.6)
    return figure, axes
