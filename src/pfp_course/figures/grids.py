"""Who takes part in what: a matrix of marks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pfp_course.errors import CourseError
from pfp_course.figures.style import LINE, PAPER, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["grid"]

_MARKS = ("s", "o", "^", "D")  # the first is full, the others are open
_ROW = 0.24  # inches


def grid(
    table: "pd.DataFrame", *, title: str, legend: Mapping[Any, str] | None = None
) -> tuple[Figure, Axes]:
    """Draw a table of rows by columns: a mark where a cell says something, a dot where not.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each state, one column for each tool. A cell holds true or false, or one of
        a few values; false, empty text and missing cells are empty. If the index has two
        levels, the first names groups of rows, drawn in the order of the table.
    title : str
        The question that the figure answers.
    legend : mapping, optional
        Words for the values, four at most, each of which has a form of mark; and words for
        ``False``, the empty cell. Without it, marks stand for true.
    """
    if table.empty:
        raise CourseError("The table has no cells to draw. Look at your filter.")
    words = dict(legend or {True: "in the table", False: "not in the table"})
    empty = words.pop(False, "not in the table")
    if len(words) > len(_MARKS):
        raise CourseError(f"{len(words)} values are too many to tell apart. Take four at most.")
    places, headings, labels = _rows(table)
    height = labels[-1][0] + 1
    figure, axes = new(title, height=1.5 + _ROW * height)
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
    with mpl.rc_context(house_style):
        handles = []
        for number, value in enumerate(values):
            handles.append(_draw(axes, marked[number], label=words[value], **_look(number)))
        dot = {"marker": ".", "markersize": 3, "color": SOFT}
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
                fontweight="bold",
                fontsize=9.5,
            )
            axes.axhline(place, color=LINE, linewidth=0.7, zorder=0)
        axes.set_xlim(-0.7, len(table.columns) - 0.3)
        axes.set_ylim(height - 0.4, -0.7)
        axes.set_yticks([place for place, _ in labels], [name for _, name in labels])
        axes.set_xticks(
            range(len(table.columns)), [str(name) for name in table.columns], rotation=90
        )
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        figure.legend(handles=handles, loc="outside lower left", ncols=2, handletextpad=0.3)
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
        "markersize": 8.5,
        "color": SERIES[number],
        "markerfacecolor": PAPER if number else SERIES[number],
        "markeredgewidth": 1.6,
    }


def _draw(axes: Axes, points: list[tuple[int, int]], **look: Any) -> Line2D:
    (line,) = axes.plot(
        [column for column, _ in points], [place for _, place in points], linestyle="none", **look
    )
    return line
