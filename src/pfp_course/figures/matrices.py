"""Rows by columns: who takes part in what, where two readers agree, how many points."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["grid", "matrix", "ratings"]


_MARKS = ("s", "o", "^", "D")  # the first is full, the others are open
_ROW = 0.24  # inches
_NO = {"marker": "_", "markersize": 7, "color": canvas.SOFT, "markeredgewidth": 1.2}


@canvas.two_layouts
def grid(
    table: "pd.DataFrame",
    *,
    title: str,
    unit: str = "",
    period: str = "",
    legend: Mapping[Any, str] | None = None,
    negative: Any = None,
) -> tuple[Figure, Axes]:
    """Draw a table of rows by columns: a mark where a cell says something, a dot where not.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each state, one column for each tool. A cell holds true or false, or one of
        a few values; false, empty text and missing cells are empty. If the index has two
        levels, the first names groups of rows, drawn in the order of the table.
    title, unit, period : str
        The question that the figure answers; what a mark stands for, and when.
    legend : mapping, optional
        Words for the values, four at most, each of which has a form of mark; and words for
        ``False``, the empty cell. Without it, marks stand for true.
    negative : optional
        The value of the legend that says a known no. It is drawn as a short line, fainter than
        the marks and different from the dot of a cell that says nothing.
    """
    if table.empty:
        raise CourseError("The table has no cells to draw. Look at your filter.")
    words = dict(legend or {True: "in the table", False: "not in the table"})
    empty = words.pop(False, "not in the table")
    if len(words) - (negative in words) > len(_MARKS):
        raise CourseError(f"{len(words)} values are too many to tell apart. Take four at most.")
    places, headings, labels = _rows(table)
    height = labels[-1][0] + 1
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=period,
        height=0.75 + canvas.legend_height([*words.values(), empty], 2) + _ROW * height,
    )
    values = list(words)
    marked: dict[int, list[tuple[int, int]]] = {number: [] for number in range(len(values))}
    unmarked = []
    for place, cells in zip(places, table.itertuples(index=False, name=None), strict=True):
        for column, cell in enumerate(cells):
            if _is_empty(cell):
                unmarked.append((column, place))
                continue
            if cell not in values:
                raise CourseError(f"The value {cell!r} has no words. Add it to the legend.")
            marked[values.index(cell)].append((column, place))
    handles = []
    looks = iter(range(len(_MARKS)))
    for number, value in enumerate(values):
        look = _NO if value == negative else _look(next(looks))
        handles.append(_draw(axes, marked[number], label=words[value], **look))
    dot = {"marker": ".", "markersize": 3, "color": canvas.SOFT}
    handles.append(_draw(axes, unmarked, label=empty, **dot))
    for place, name in headings:
        axes.annotate(
            name,
            (0, place),
            xycoords=("axes fraction", "data"),
            xytext=(-4, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontweight="semibold",
        )
        axes.axhline(place, color=canvas.LINE, linewidth=0.7, zorder=0)
    axes.set_xlim(-0.7, len(table.columns) - 0.3)
    axes.set_ylim(height - 0.4, -0.7)
    axes.set_yticks([place for place, _ in labels], [name for _, name in labels])
    axes.set_xticks(range(len(table.columns)), [str(name) for name in table.columns], rotation=90)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    canvas.legend(figure, handles, 2)
    return figure, axes


def _rows(
    table: "pd.DataFrame",
) -> tuple[list[int], list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the place of each row, the headings of groups, and the names of the rows."""
    places: list[int] = []
    headings: list[tuple[int, str]] = []
    labels: list[tuple[int, str]] = []
    place, last = 0, None
    for key in table.index:
        group, name = key if isinstance(key, tuple) else (None, key)
        if group != last:
            headings.append((place, str(group)))
            place, last = place + 1, group
        places.append(place)
        labels.append((place, str(name)))
        place += 1
    return places, headings, labels


def _is_empty(cell: object) -> bool:
    import pandas as pd

    return bool(pd.isna(cell)) or cell is False or cell in ("", 0)  # type: ignore[call-overload]


def _look(number: int) -> dict[str, Any]:
    return {
        "marker": _MARKS[number],
        "markersize": 6.5 if canvas.narrow() else 8.5,
        "color": canvas.INK if number else canvas.PLAIN,
        "markerfacecolor": canvas.PAPER if number else canvas.PLAIN,
        "markeredgewidth": 1.6,
    }


def _draw(axes: Axes, points: list[tuple[int, int]], **look: Any) -> Line2D:
    (line,) = axes.plot(
        [column for column, _ in points], [place for _, place in points], linestyle="none", **look
    )
    return line


_ROW_AGREEMENT = 0.62  # inches


@canvas.two_layouts
def matrix(
    table: "pd.DataFrame", *, title: str, rows: str, columns: str, unit: str = "cases"
) -> tuple[Figure, Axes]:
    """Draw a cross table of two readers: the larger a square, the more cases.

    Parameters
    ----------
    table : pandas.DataFrame
        Counts. Index and columns hold the same words in the same order.
    title, unit : str
        The question that the figure answers; what is counted.
    rows, columns : str
        Who stands in the rows, and who in the columns.
    """
    if list(table.index) != list(table.columns):
        raise CourseError(
            "The rows and columns of the table differ. Put both into one order: "
            "table.reindex(index=words, columns=words, fill_value=0)"
        )
    most = int(table.to_numpy().max()) if table.size else 0
    if not most:
        raise CourseError("There are no cases to compare. Look at your filter.")
    side_inches = 0.5 if canvas.narrow() else _ROW_AGREEMENT
    figure, axes = canvas.new(title, unit=unit, height=1.2 + side_inches * len(table))
    for row, counts in enumerate(table.to_numpy()):
        for column, count in enumerate(counts):
            axes.add_patch(
                Rectangle(
                    (column - 0.46, row - 0.46),
                    0.92,
                    0.92,
                    facecolor="none",
                    edgecolor=canvas.PLAIN if row == column else canvas.LINE,
                    linewidth=2 if row == column else 0.8,
                )
            )
            if not count:
                continue
            side = 0.42 + 0.42 * (int(count) / most) ** 0.5
            axes.add_patch(
                Rectangle(
                    (column - side / 2, row - side / 2),
                    side,
                    side,
                    facecolor=canvas.PLAIN if row == column else canvas.POINTED,
                    edgecolor="none",
                )
            )
            axes.text(column, row, str(int(count)), ha="center", va="center", color=canvas.PAPER)
    axes.set_xlim(-0.6, len(table) - 0.4)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_aspect("equal")
    axes.set_xticks(range(len(table)), [str(word) for word in table.columns])
    axes.set_yticks(range(len(table)), [str(word) for word in table.index])
    axes.tick_params(length=0, colors=canvas.INK)
    axes.xaxis.set_ticks_position("top")
    axes.set_xlabel(columns)
    axes.xaxis.set_label_position("top")
    axes.set_ylabel(rows)
    for side_name in ("left", "bottom"):
        axes.spines[side_name].set_visible(False)
    for label in axes.get_xticklabels():
        label.set_rotation(30)
        label.set_horizontalalignment("left")
    return figure, axes


@canvas.two_layouts
def ratings(
    table: "pd.DataFrame", *, title: str, unit: str, most: int | Sequence[int], period: str = ""
) -> tuple[Figure, Axes]:
    """Draw points as pips: as many full ones as there are points, and open ones up to the most.

    Parameters
    ----------
    table : pandas.DataFrame
        Whole numbers from 0 to the most of their row. The index names the rows, from the top; the
        columns name who or what is rated.
    title, unit, period : str
        The question that the figure answers; what a point says, and when.
    most : int or sequence of int
        The greatest number of points, 5 at most, of all rows or of each.
    """
    limits = [most] * len(table) if isinstance(most, int) else list(most)
    if table.empty or len(limits) != len(table) or not 1 <= min(limits) <= max(limits) <= 5:
        raise CourseError(
            "There is nothing to rate. Give rows and columns, and 'most' from 1 to 5, one or for "
            "each row."
        )
    points = table.to_numpy()
    for name, rated, limit in zip(table.index, points, limits, strict=True):
        if (rated % 1).any() or rated.min() < 0 or rated.max() > limit:
            raise CourseError(
                f"Points are whole numbers, in '{name}' from 0 to {limit}. Correct the table."
            )
    names = [canvas.fitted(name, 118 if canvas.narrow() else 215) for name in table.index]
    lines = [name.count("\n") + 1 for name in names]
    heights = [max(0.3, 0.1 + 0.165 * count) for count in lines]
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.6 + sum(heights))
    place, places = 0.0, []
    for row, height in enumerate(heights):
        middle = place + height / 2
        places.append(middle)
        for column, count in enumerate(points[row]):
            for pip in range(limits[row]):
                axes.plot(
                    [column + 0.68 * (pip + 0.5) / max(limits) - 0.34],
                    [middle],
                    marker="o",
                    markersize=7.5,
                    color=canvas.PLAIN if pip < count else canvas.LINE,
                    markerfacecolor=canvas.PLAIN if pip < count else "none",
                )
        place += height
        axes.axhline(place, color=canvas.LINE, linewidth=0.7, zorder=0)
    axes.set_xlim(-0.5, len(table.columns) - 0.5)
    axes.set_ylim(place, 0)
    axes.set_yticks(places, names)
    axes.set_xticks(range(len(table.columns)), [canvas.fitted(name, 62) for name in table.columns])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure, axes
