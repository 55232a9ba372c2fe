"""Lines over time: curves named at their ends, counts that grow, and numbers as they stood."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cumulative", "level", "lines", "paired_lines"]


_APART = 0.062  # of the height: two names nearer than that would touch
_NAME = 64  # points that the name of a line may take on a narrow figure
_MOST_LINES = 4
_GAP = 0.11  # least distance of two labels, as a part of the axis


@canvas.two_layouts
def lines(
    curves: "Mapping[str, pd.Series | pd.DataFrame]",
    *,
    title: str,
    unit: str,
    marks: Mapping[float, str] | None = None,
    zero: bool = False,
) -> tuple[Figure, Axes]:
    """Draw a line for each curve; its name stands at its right end.

    Parameters
    ----------
    curves : mapping of str to pandas.Series or pandas.DataFrame
        Values by year in the index (ten curves at most). A frame has
        the columns ``value``, ``low`` and ``high``; the last two are drawn as a band.
    title, unit : str
        The question that the figure answers; what the upright axis measures.
    marks : mapping of float to str, optional
        Years to point out by an upright line, and the words at its top.
    zero : bool
        Begin the upright axis at zero.
    """
    if not curves:
        raise CourseError("There are no lines to draw. Look at your filter.")
    looks = canvas.looks_of(curves)
    years = [int(year) for curve in curves.values() for year in curve.index]
    period = canvas.period_of(min(years), max(years)) if years else ""
    figure, axes = canvas.new(title, unit=unit, period=period, height=3.6)
    ends = []
    for name, curve in curves.items():
        values = (curve if curve.ndim == 1 else curve["value"]).dropna().astype(float)
        if values.empty:
            raise CourseError(f"The line {name!r} has no values. Look at your filter.")
        look = looks[name]
        if curve.ndim == 2:
            band = curve.loc[values.index, ["low", "high"]].astype(float)
            shade: dict[str, Any] = {"color": look.colour, "alpha": 0.18, "linewidth": 0}
            axes.fill_between(list(band.index), band["low"], band["high"], **shade)
        axes.plot(
            list(values.index),
            list(values),
            color=look.colour,
            dashes=look.dashes,
            marker=look.marker,
            markersize=5,
            markevery=max(1, len(values) // 6),
        )
        ends.append((float(list(values.index)[-1]), float(list(values)[-1]), name, look.colour))
    if zero:
        axes.set_ylim(bottom=0)
    if marks:
        # Room above the lines for the words.
        bottom, top = axes.get_ylim()
        axes.set_ylim(bottom, top + 0.07 * (top - bottom))
    _name(axes, ends)
    for year, words in (marks or {}).items():
        axes.axvline(year, color=canvas.SOFT, linewidth=1, linestyle=(0, (2, 2)), zorder=0)
        canvas.write(
            axes,
            words,
            (year, 1),
            (3, -2),
            xycoords=("data", "axes fraction"),
            va="top",
            fontsize=canvas.SMALL,
            color=canvas.SOFT,
        )
    axes.xaxis.set_major_locator(canvas.ticks(6))
    axes.grid(axis="y")
    return figure, axes


def _name(axes: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    low, high = axes.get_ylim()
    names = [canvas.fitted(name, _NAME) if canvas.narrow() else name for _, _, name, _ in ends]
    apart = _APART * (1 + max(name.count("\n") for name in names))
    heights = _spread_out([(value - low) / (high - low) for _, value, _, _ in ends], apart)
    # Clear of the axis.
    heights = [max(height, 0.4 * apart) for height in heights]
    last = max(end for end, _, _, _ in ends)
    for height, name, (_, _, _, colour) in zip(heights, names, ends, strict=True):
        canvas.write(
            axes,
            name,
            (last, low + height * (high - low)),
            (7, 0),
            linespacing=1.0,
            fontweight="semibold",
            color=colour,
            annotation_clip=False,
        )


def _spread_out(places: Sequence[float], apart: float) -> list[float]:
    """Return places moved as little as need be, so that no two are nearer than ``apart``."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for _ in range(100):
        close = False
        for below, above in pairwise(order):
            gap = apart - (moved[above] - moved[below])
            if gap > 1e-9:
                moved[below] -= gap / 2
                moved[above] += gap / 2
                close = True
        if not close:
            break
    return moved


@canvas.two_layouts
def paired_lines(
    frame: "pd.DataFrame",
    *,
    title: str,
    panels: Mapping[str, str],
    unit: str = "",
    group: str = "country",
) -> tuple[Figure, Axes]:
    """Draw two columns over the years, one panel above the other, a line for each group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``year``, the group, and those of the panels.
    title, unit : str
        The question that the figure answers; what is measured.
    panels : mapping of str to str
        Two columns, and the words over each.
    group : str
        The column whose values the lines tell apart, four at most.

    Returns
    -------
    figure, axes
        The figure, and the upper axes.
    """
    names = list(dict.fromkeys(str(name) for name in frame[group]))
    if frame.empty or len(panels) != 2 or len(names) > _MOST_LINES:
        raise CourseError("Draw two columns, and one to four groups. Look at your filter.")
    looks = canvas.looks_of(names)
    period = canvas.period_of(frame["year"].min(), frame["year"].max())
    figure, first = canvas.new(title, unit=unit, period=period, height=4.8)
    first.remove()
    both = figure.subplots(2, 1, sharex=True)
    for axes, (column, words) in zip(both, panels.items(), strict=True):
        top = float(frame[column].max())
        ends: list[tuple[float, float, str]] = []
        for name in names:
            rows = frame[frame[group] == name].dropna(subset=[column])
            years = [int(year) for year in rows["year"]]
            heights = [float(height) for height in rows[column]]
            axes.plot(years, heights, color=looks[name].colour, dashes=looks[name].dashes)
            ends.append((heights[-1], years[-1], name))
        for (_, year, name), height in _apart(ends, top * _GAP):
            canvas.write(
                axes,
                name,
                (year, height),
                (6, 0),
                color=looks[name].colour,
                fontweight="semibold",
                annotation_clip=False,
            )
        axes.set_title(words, fontsize=canvas.SMALL, loc="left", color=canvas.SOFT)
        axes.set_ylim(0, top * 1.06)
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_locator(canvas.ticks(8))
        axes.grid(axis="y", color=canvas.LINE)
    return figure, both[0]


def _apart(
    ends: list[tuple[float, float, str]], gap: float
) -> list[tuple[tuple[float, float, str], float]]:
    """Give each label a height of its own, from the lowest upwards."""
    placed, last = [], -0.4 * gap  # the lowest label stands clear of the axis
    for end in sorted(ends):
        last = max(end[0], last + gap)
        placed.append((end, last))
    return placed


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
        mark: dict[str, Any] = {"marker": look.marker, "markersize": 8, "color": look.colour}
        axes.plot([when.to_datetime64()], [height], **mark)
        canvas.write(axes, words, (when, height), (9, -4), va="top")
    axes.set_ylim(0, len(ordered) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=5 if canvas.narrow() else 9))  # type: ignore[no-untyped-call]
    axes.grid(axis="y")
    canvas.write(
        axes,
        f"{len(ordered)}",
        (end, len(ordered)),
        (-2, 4),
        va="baseline",
        ha="right",
        color=canvas.SOFT,
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
        canvas.write(
            axes,
            canvas.fitted(f"{heights[-1]:.0f} {name}", 70 if canvas.narrow() else 140),
            (end, heights[-1]),
            (6, 4 if stood is first else -4),
            va="bottom" if stood is first else "top",
            fontweight="semibold",
            color=look.colour,
            annotation_clip=False,
        )
    axes.set_ylim(0, float(first.max()) * 1.12)
    late = end - 0.15 * (end - begin)
    for day, words in (marks or {}).items():
        when = pd.Timestamp(day)
        before = float(first[first.index < when].iloc[-1])
        after = float(first[first.index <= when].iloc[-1])
        axes.plot([when.to_datetime64()], [after], "o", color=canvas.INK, markersize=5)
        canvas.write(
            axes,
            canvas.fitted(words, 78 if canvas.narrow() else 120),
            (when, min(before, after)),
            # At the end of the axis the names of the lines stand.
            (4 if when > late else 0, -34 if when > late else -26),
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
