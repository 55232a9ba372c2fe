"""Values with the range in which they may lie, and values side by side on one line."""

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dots", "intervals"]

_NAME = 104  # points that the names of rows may take on a narrow figure


@canvas.two_layouts
def intervals(
    frame: "pd.DataFrame",
    *,
    title: str,
    unit: str,
    period: str = "",
    points: "pd.Series | None" = None,
    zero: bool = True,
) -> tuple[Figure, Axes]:
    """Draw for each row a mark at its value and a line from the low to the high end.

    Parameters
    ----------
    frame : pandas.DataFrame
        The columns ``value``, ``low`` and ``high``; the index names the rows, from the top.
    title, unit, period : str
        The question that the figure answers; what the axis measures, and when.
    points : pandas.Series, optional
        Single values behind the rows; the index holds the names of the rows. Each is drawn as
        a small ring under the line of its row.
    zero : bool
        Draw an upright line at zero.
    """
    if frame.empty:
        raise CourseError("There are no intervals to draw. Look at your filter.")
    wrong = frame[(frame["low"] > frame["value"]) | (frame["value"] > frame["high"])]
    if not wrong.empty:
        raise CourseError(f"The value of {wrong.index[0]!r} lies outside its interval.")
    # Counts have no digits after the point.
    digits = 0 if bool((frame["value"] % 1 == 0).all()) else 2
    looks = canvas.looks_of(frame.index)
    rows = _named(frame)
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.7 + 0.58 * len(frame))
    for row, (name, values) in enumerate(frame.astype(float).iterrows()):
        look = looks[str(name)]
        line = [values["low"], values["high"]]
        axes.plot(line, [row, row], color=look.colour, linewidth=3)
        for end in line:
            axes.plot([end] * 2, [row - 0.12, row + 0.12], color=look.colour, linewidth=2)
        axes.plot([values["value"]], [row], look.marker, markersize=9, color=look.colour)
        axes.annotate(
            _number(values["value"], digits, signed=zero),
            (values["value"], row),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=canvas.SMALL,
            color=canvas.INK,
        )
        if points is not None:
            single = points[points.index == name].dropna().astype(float)
            axes.plot(
                list(single),
                [row + 0.27] * len(single),
                linestyle="none",
                marker="o",
                markersize=5,
                markerfacecolor="none",
                color=canvas.SOFT,
            )
    if zero:
        axes.axvline(0, color=canvas.SOFT, linewidth=1, zorder=0)
    _name_rows(axes, rows)
    axes.set_ylim(len(frame) - 0.4, -0.55)
    axes.xaxis.set_major_locator(canvas.ticks(6, whole=False))
    axes.margins(x=0.08)
    return figure, axes


def _named(frame: "pd.DataFrame") -> list[str]:
    return [canvas.fitted(name, _NAME) if canvas.narrow() else str(name) for name in frame.index]


def _number(value: float, digits: int, *, signed: bool) -> str:
    """Return a number as it is written: no sign at what is rounded to zero."""
    sign = "+" if signed and round(value, digits) else ""
    return f"{value:{sign}z.{digits}f}".replace("-", "\u2212")


def _name_rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(canvas.LINE)
    axes.grid(axis="x")


_ASIDE = 0.16  # of the distance of two lines
# Marks of measures that have an order and no meaning of their own: one colour, more and more full.
_FILLED = (("o", "none"), ("o", "left"), ("o", "full"), ("s", "none"), ("s", "full"))


@canvas.two_layouts
def dots(
    table: "pd.DataFrame", *, title: str, unit: str, period: str = "", ordered: bool = False
) -> tuple[Figure, Axes]:
    """Draw a line for each row and a dot for each column; form and colour tell columns apart.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers. The index names the lines, from the top; the columns name the measures (ten
        at most). A missing number has no dot.
    title, unit, period : str
        The question that the figure answers; what is counted or measured, and when.
    ordered : bool
        The columns are the same measure at several times, five at most: the marks have one
        colour and are the fuller the later they are.
    """
    if table.empty:
        raise CourseError("There is nothing to draw. Look at your filter.")
    if ordered and len(table.columns) > len(_FILLED):
        raise CourseError(f"{len(table.columns)} times are too many to tell apart. Take five.")
    names = [str(name) for name in table.columns]
    rows = _named(table)
    step = max(0.34, 0.06 + 0.17 * (1 + max(name.count("\n") for name in rows)))
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=period,
        height=0.5 + canvas.legend_height(names, 3) + step * len(table),
    )
    marks: list[dict[str, Any]]
    if ordered:
        marks = [
            {
                "marker": marker,
                "fillstyle": fill,
                "color": canvas.PLAIN,
                "markerfacecoloralt": "none",
            }
            for marker, fill in _FILLED[: len(names)]
        ]
    else:
        marks = [
            {"marker": look.marker, "color": look.colour}
            for look in canvas.looks_of(names).values()
        ]
    places = range(len(table))
    low, high = table.min(axis=1), table.max(axis=1)
    axes.hlines(list(places), list(low), list(high), color=canvas.LINE, linewidth=2.5, zorder=1)
    middle = (len(names) - 1) / 2
    handles = []
    for number, (column, mark) in enumerate(zip(table.columns, marks, strict=True)):
        # A little above or below the line, so that equal numbers do not hide each other.
        aside = 0.0 if ordered else (number - middle) * _ASIDE
        axes.plot(
            list(table[column].astype(float)),
            [place + aside for place in places],
            linestyle="",
            markersize=7.5,
            zorder=3 + number,
            **mark,
        )
        handles.append(Line2D([], [], linestyle="", markersize=7.5, label=names[number], **mark))
    _name_rows(axes, rows)
    axes.set_ylim(len(table) - 0.4, -0.6)
    whole = bool((table.fillna(0) % 1 == 0).all(axis=None))
    axes.xaxis.set_major_locator(canvas.ticks(5, whole=whole))
    least, most = min(0.0, float(low.min())), float(high.max())
    # Room for the whole of a mark that stands at an end.
    axes.set_xlim(least - 0.03 * (most - least), most + 0.05 * (most - least))
    axes.spines["left"].set_visible(False)
    canvas.legend(figure, handles, 3)
    return figure, axes
