"""Bars: values, parts of a whole, two scales, years with gaps, kinds by period."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bars", "counts", "part_of_wholes", "side_by_side", "small_multiples", "year_bars"]


_HATCHES = ("..", "//", "xx")


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
        canvas.write(
            axes,
            f"{number:,.{digits}f}{pointer}",
            (number, row),
            (5, 0),
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
        canvas.write(
            axes, name, (0, row - 0.24), (2, 0), xycoords=("axes fraction", "data"), va="bottom"
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
    height = 0.3 + canvas.legend_height(list(looks)) + (0.5 if above else 0.34) * len(table)
    figure, axes = canvas.new(title, unit=unit, period=period, height=height)
    longest = float(table.sum(axis=1).max())
    done = [0.0] * len(table)
    handles = []
    for column, (name, look) in zip(table.columns, looks.items(), strict=True):
        parts = [float(value) for value in table[column]]
        paint: dict[str, Any] = {
            "facecolor": "none" if look.hatch else look.colour,
            "edgecolor": look.colour,
            "hatch": look.hatch,
        }
        handles.append(Patch(label=name, **paint))
        height = 0.48 if above else 0.7
        axes.barh(range(len(table)), parts, left=done, height=height, linewidth=1.0, **paint)
        behind = {"facecolor": canvas.PAPER, "edgecolor": "none", "pad": 1.0}
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
                    bbox=behind if look.hatch else None,
                )
        done = [before + part for before, part in zip(done, parts, strict=True)]
    for row, total in enumerate(done):
        canvas.write(axes, f"{total:.0f}", (total, row), (5, 0), fontweight="semibold")
    _name_rows(axes, names, above=above)
    axes.set_ylim(len(names) - (0.65 if above else 0.5), -0.8 if above else -0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.08)
    canvas.legend(figure, handles, handlelength=1.6)
    return figure, axes


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
            canvas.write(axes, f"{name} {amount:g}", (start, row + 0.24), (1, -2), va="top")
            start += amount
        part = next(iter(pieces.values()))
        canvas.write(
            axes,
            f"{whole}: {part:g} of {total:g} = {part / total:.0%}",
            (0, row - 0.24),
            (1, 3),
            va="bottom",
            fontweight="semibold",
        )
    axes.set_ylim(len(wholes) - 0.35, -0.6)
    axes.set_xlim(0, max(sum(pieces.values()) for pieces in wholes.values()) * 1.02)
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
    names = [str(name) for name in frame.index]
    colours = [canvas.POINTED if name in highlight else canvas.PLAIN for name in names]
    for axes, (column, words) in zip(both, panels.items(), strict=True):
        numbers = [float(number) for number in frame[column]]
        axes.barh(range(len(numbers)), numbers, color=colours, height=0.4 if above else 0.66)
        for row, (name, number) in enumerate(zip(names, numbers, strict=True)):
            pointer = " \u25c0" if name in highlight else ""
            canvas.write(axes, f"{number:,.0f}{pointer}", (number, row), (4, 0))
        axes.set_yticks([] if above else range(len(names)), [] if above else names)
        axes.tick_params(axis="y", length=0)
        heading = canvas.fitted(words, canvas.width() / 2.6)
        axes.set_title(heading, fontsize=canvas.SMALL, loc="left", color=canvas.SOFT)
        axes.set_xlim(0, max(numbers) * 1.5)
        # Each bar has its number.
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
    for row, name in enumerate(names if above else []):
        canvas.write(both[0], name, (0, row - 0.24), (2, 0), va="bottom")
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
    period = canvas.period_of(min(years), max(years))
    height = 3.0 + (0.4 if canvas.narrow() else 0.3) * len(spans)
    figure, axes = canvas.new(title, unit=unit, period=period, height=height)
    top, above = float(known.max()), 0.18 if canvas.narrow() else 0.13
    have = [int(year) for year in known.index]
    axes.bar(have, known.astype(float), color=canvas.PLAIN)
    gaps = [year for year in range(min(years), max(years) + 1) if year not in have]
    if gaps:
        axes.plot(gaps, [top * 0.03] * len(gaps), "x", color=canvas.POINTED, markersize=6)
        words = "no figure found for this year"
        canvas.legend(figure, [Line2D([], [], ls="", marker="x", c=canvas.POINTED, label=words)])
    for place, (name, (start, end)) in enumerate(reversed(list(spans.items()))):
        height = top * (1.1 + above * place)
        axes.plot([start, end], [height] * 2, color=canvas.SOFT, marker="|", markersize=9)
        # A narrow figure has room above the line.
        canvas.write(
            axes,
            name,
            (start if canvas.narrow() else end, height),
            (0, 5) if canvas.narrow() else (7, 0),
            va="bottom" if canvas.narrow() else "center",
        )
    for year, words in breaks.items():
        axes.axvline(year - 0.5, color=canvas.POINTED, linestyle="--", linewidth=1.3, ymax=0.66)
        share = (year - min(years)) / (max(years) - min(years) + 1)
        canvas.write(
            axes,
            canvas.fitted(" ".join(words.split()), (canvas.width() - 60) * share),
            (year - 0.5, top * 0.86),
            (-6, 0),
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
    period = canvas.period_of(years[0], years[-1] + length - 1)
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.4 + 0.5 * len(kinds))
    for lane, kind in enumerate(kinds):
        floor = len(kinds) - 1 - lane
        axes.axhline(floor, color=canvas.LINE, linewidth=0.8, zorder=0)
        for year, count in zip(years, table[kind], strict=True):
            if not count:
                continue
            middle, high = year + length / 2, 0.62 * count / most
            axes.bar(middle, high, bottom=floor, width=0.86 * length, color=canvas.PLAIN)
            canvas.write(
                axes,
                f"{count:.0f}",
                (middle, floor + high),
                (0, 1),
                ha="center",
                va="bottom",
                fontsize=canvas.SMALL,
            )
    axes.set_yticks(
        [len(kinds) - 0.8 - lane for lane in range(len(kinds))],
        [canvas.fitted(f"{kind}: {table[kind].sum():.0f}", 80) for kind in kinds],
    )
    axes.tick_params(axis="y", length=0)
    edges = [*years, years[-1] + length]
    axes.set_xticks(edges[:: 2 if canvas.narrow() else 1])
    axes.set_xlim(edges[0] - 0.02 * length, edges[-1] + 0.02 * length)
    axes.set_ylim(-0.05, len(kinds) + 0.05)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    return figure, axes
