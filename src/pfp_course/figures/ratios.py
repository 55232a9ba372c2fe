"""The same numbers over different wholes: parts of a whole, two scales, years with gaps."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["paired_lines", "part_of_wholes", "side_by_side", "year_bars"]

_MOST_LINES = 4
_HATCHES = ("..", "//", "xx")
_GAP = 0.11  # least distance of two labels, as a part of the axis


@canvas.two_layouts
def part_of_wholes(
    wholes: Mapping[str, Mapping[str, float]], *, title: str, unit: str, period: str = ""
) -> tuple[Figure, Axes]:
    """Draw one part under several wholes: as long as it is, with its share in words.

    Parameters
    ----------
    wholes : mapping of str to mapping of str to float
        For each whole the amounts of its pieces; the first piece is the part in question.
    title, unit, period : str
        The question that the figure answers; in what the amounts are measured, and when.
    """
    if not wholes or not all(wholes.values()):
        raise CourseError("There is no whole to draw. Give pieces with their amounts.")
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.5 + 0.95 * len(wholes))
    longest = max(sum(pieces.values()) for pieces in wholes.values())
    others = list(dict.fromkeys(name for pieces in wholes.values() for name in list(pieces)[1:]))
    for row, (whole, pieces) in enumerate(wholes.items()):
        total, start = sum(pieces.values()), 0.0
        for number, (name, amount) in enumerate(pieces.items()):
            axes.barh(
                row,
                amount,
                left=start,
                height=0.42,
                color=canvas.PLAIN if number == 0 else canvas.PAPER,
                edgecolor=canvas.PAPER if number == 0 else canvas.SOFT,
                hatch="" if number == 0 else _HATCHES[others.index(name) % len(_HATCHES)],
            )
            axes.annotate(
                f"{name} {amount:g}",
                (start, row + 0.24),
                xytext=(1, -2),
                textcoords="offset points",
                va="top",
            )
            start += amount
        part = next(iter(pieces.values()))
        axes.annotate(
            f"{whole}: {part:g} of {total:g} = {part / total:.0%}",
            (0, row - 0.24),
            xytext=(1, 3),
            textcoords="offset points",
            va="bottom",
            fontweight="semibold",
        )
    axes.set_ylim(len(wholes) - 0.35, -0.6)
    axes.set_xlim(0, longest * 1.02)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(canvas.ticks(5))
    return figure, axes


@canvas.two_layouts
def side_by_side(
    frame: "pd.DataFrame",
    *,
    title: str,
    panels: Mapping[str, str],
    unit: str = "",
    period: str = "",
    highlight: Sequence[str] = (),
) -> tuple[Figure, Axes]:
    """Draw two columns of a table as bars, the same rows at the left and at the right.

    Parameters
    ----------
    frame : pandas.DataFrame
        The index names the rows, the first at the top.
    title, unit, period : str
        The question that the figure answers; what is counted or measured, and when.
    panels : mapping of str to str
        Two columns, and the words over each.
    highlight : sequence of str
        Names of rows to mark by colour and an arrow.

    Returns
    -------
    figure, axes
        The figure, and the axes at the left.
    """
    if frame.empty or len(panels) != 2:
        raise CourseError("Draw two columns of a table with some rows. Look at your filter.")
    above = canvas.narrow() and canvas.names_above(list(frame.index))
    figure, first = canvas.new(
        title, unit=unit, period=period, height=0.6 + (0.42 if above else 0.27) * len(frame)
    )
    first.remove()
    both = figure.subplots(1, 2, sharey=True)
    for axes, (column, words) in zip(both, panels.items(), strict=True):
        numbers = [float(number) for number in frame[column]]
        names = [str(name) for name in frame.index]
        colours = [canvas.POINTED if name in highlight else canvas.PLAIN for name in names]
        axes.barh(range(len(numbers)), numbers, color=colours, height=0.4 if above else 0.66)
        for row, (name, number) in enumerate(zip(names, numbers, strict=True)):
            pointer = " \u25c0" if name in highlight else ""
            axes.annotate(
                f"{number:,.0f}{pointer}",
                (number, row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
            )
        axes.set_yticks([] if above else range(len(names)), [] if above else names)
        axes.tick_params(axis="y", length=0)
        axes.set_title(
            canvas.fitted(words, canvas.width() / 2.6),
            fontsize=canvas.SMALL,
            loc="left",
            color=canvas.SOFT,
        )
        axes.set_xlim(0, max(numbers) * 1.5)
        # Each bar has its number.
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
    for row, name in enumerate(names if above else []):
        both[0].annotate(
            name,
            (0, row - 0.24),
            xytext=(2, 0),
            textcoords="offset points",
            va="bottom",
        )
    both[0].set_ylim(len(frame) - (0.7 if above else 0.4), -0.8 if above else -0.6)
    return figure, both[0]


@canvas.two_layouts
def year_bars(
    values: "pd.Series",
    *,
    title: str,
    unit: str,
    spans: Mapping[str, tuple[float, float]] | None = None,
    breaks: Mapping[int, str] | None = None,
) -> tuple[Figure, Axes]:
    """Draw a bar for each year, and a cross for each year without a value.

    Parameters
    ----------
    values : pandas.Series
        Numbers; the index holds the years. A missing value, or a year left out between the
        first and the last, is no zero: it gets a cross.
    title, unit : str
        The question that the figure answers; what is measured.
    spans : mapping of str to tuple of float, optional
        Times to draw as lines over the bars: their names, first and last year with a fraction.
    breaks : mapping of int to str, optional
        Years from which another rule holds, and the words for it.
    """
    known = values.dropna()
    if known.empty:
        raise CourseError("There are no values to draw. Look at your filter.")
    years = [int(year) for year in values.index]
    spans, breaks = spans or {}, breaks or {}
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=canvas.period_of(min(years), max(years)),
        height=3.0 + (0.4 if canvas.narrow() else 0.3) * len(spans),
    )
    top, above = float(known.max()), 0.18 if canvas.narrow() else 0.13
    axes.bar([int(year) for year in known.index], known.astype(float), color=canvas.PLAIN)
    have = {int(year) for year in known.index}
    gaps = [year for year in range(min(years), max(years) + 1) if year not in have]
    if gaps:
        axes.plot(
            gaps,
            [top * 0.03] * len(gaps),
            linestyle="",
            marker="x",
            color=canvas.POINTED,
            markersize=6,
        )
        words = "no figure found for this year"
        canvas.legend(
            figure, [Line2D([], [], linestyle="", marker="x", color=canvas.POINTED, label=words)]
        )
    for place, (name, (start, end)) in enumerate(reversed(list(spans.items()))):
        height = top * (1.1 + above * place)
        axes.plot([start, end], [height] * 2, color=canvas.SOFT, marker="|", markersize=9)
        # A narrow figure has room above the line.
        axes.annotate(
            name,
            (start if canvas.narrow() else end, height),
            xytext=(0, 5) if canvas.narrow() else (7, 0),
            textcoords="offset points",
            va="bottom" if canvas.narrow() else "center",
        )
    for year, words in breaks.items():
        axes.axvline(year - 0.5, color=canvas.POINTED, linestyle="--", linewidth=1.3, ymax=0.66)
        share = (year - min(years)) / (max(years) - min(years) + 1)
        axes.annotate(
            canvas.fitted(" ".join(words.split()), (canvas.width() - 60) * share),
            (year - 0.5, top * 0.86),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="top",
            bbox={"facecolor": canvas.PAPER, "edgecolor": "none", "pad": 1.5},
        )
    axes.set_ylim(0, top * (1.08 + above * len(spans)))
    axes.set_xlim(min(years) - 0.8, max(years) + 0.8)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    heights = [tick for tick in MaxNLocator(5).tick_values(0, top) if tick <= top * 1.05]
    axes.set_yticks(heights)
    axes.xaxis.set_major_locator(canvas.ticks(8))
    axes.grid(axis="y")
    return figure, axes


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
    figure, first = canvas.new(
        title,
        unit=unit,
        period=canvas.period_of(frame["year"].min(), frame["year"].max()),
        height=4.8,
    )
    first.remove()
    both = figure.subplots(2, 1, sharex=True)
    for axes, (column, words) in zip(both, panels.items(), strict=True):
        top = float(frame[column].max())
        ends: list[tuple[float, float, str]] = []
        for name in names:
            rows = frame[frame[group] == name].dropna(subset=[column])
            years = [int(year) for year in rows["year"]]
            heights = [float(height) for height in rows[column]]
            look = looks[name]
            axes.plot(years, heights, color=look.colour, dashes=look.dashes)
            ends.append((heights[-1], years[-1], name))
        for (_, year, name), height in _apart(ends, top * _GAP):
            axes.annotate(
                name,
                (year, height),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
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
