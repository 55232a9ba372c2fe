"""Rows by columns: who takes part in what and when, where readers agree, how many points."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dots", "editions", "grid", "matrix", "ratings"]


_MARKS = ("s", "o", "^", "D")  # the first is full, the others are open
_ROW = 0.24  # inches
_NO = {"marker": "_", "markersize": 7, "color": canvas.SOFT, "markeredgewidth": 1.2}
_ASIDE = 0.16  # of the distance of two lines
# Marks of measures that have an order and no meaning of their own: one colour, more and more full.
_FILLED = (("o", "none"), ("o", "left"), ("o", "full"), ("s", "none"), ("s", "full"))


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
    bottom = labels[-1][0] + 1
    height = 0.75 + canvas.legend_height([*words.values(), empty], 2) + _ROW * bottom
    figure, axes = canvas.new(title, unit=unit, period=period, height=height)
    marked: dict[Any, list[tuple[int, int]]] = {value: [] for value in words}
    unmarked = []
    for place, cells in zip(places, table.itertuples(index=False, name=None), strict=True):
        for column, cell in enumerate(cells):
            if _is_empty(cell):
                unmarked.append((column, place))
            elif cell not in marked:
                raise CourseError(f"The value {cell!r} has no words. Add it to the legend.")
            else:
                marked[cell].append((column, place))
    handles = []
    looks = iter(range(len(_MARKS)))
    for value, points in marked.items():
        look = _NO if value == negative else _look(next(looks))
        handles.append(_draw(axes, points, label=words[value], **look))
    dot = {"marker": ".", "markersize": 3, "color": canvas.SOFT}
    handles.append(_draw(axes, unmarked, label=empty, **dot))
    for place, name in headings:
        canvas.write(
            axes,
            name,
            (0, place),
            (-4, 0),
            xycoords=("axes fraction", "data"),
            ha="right",
            fontweight="semibold",
        )
        axes.axhline(place, color=canvas.LINE, linewidth=0.7, zorder=0)
    axes.set_xlim(-0.7, len(table.columns) - 0.3)
    axes.set_ylim(bottom - 0.4, -0.7)
    axes.set_yticks([place for place, _ in labels], [name for _, name in labels])
    axes.set_xticks(range(len(table.columns)), [str(name) for name in table.columns], rotation=90)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
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
    inches = 0.5 if canvas.narrow() else 0.62
    figure, axes = canvas.new(title, unit=unit, height=1.2 + inches * len(table))
    for row, counts in enumerate(table.to_numpy()):
        for column, count in enumerate(counts):
            edge, thick = (canvas.PLAIN, 2.0) if row == column else (canvas.LINE, 0.8)
            canvas.square(
                axes, column, row, 0.92, facecolor="none", edgecolor=edge, linewidth=thick
            )
            if not count:
                continue
            side = 0.42 + 0.42 * (int(count) / most) ** 0.5
            colour = canvas.PLAIN if row == column else canvas.POINTED
            canvas.square(axes, column, row, side, facecolor=colour, edgecolor="none")
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
    axes.spines[["left", "bottom"]].set_visible(False)
    for label in axes.get_xticklabels():
        label.set(rotation=30, horizontalalignment="left")
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
    heights = [max(0.3, 0.1 + 0.165 * (name.count("\n") + 1)) for name in names]
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
    axes.spines[:].set_visible(False)
    return figure, axes


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
    rows = canvas.names_of(table.index)
    step = max(0.34, 0.06 + 0.17 * (1 + max(name.count("\n") for name in rows)))
    height = 0.5 + canvas.legend_height(names, 3) + step * len(table)
    figure, axes = canvas.new(title, unit=unit, period=period, height=height)
    looks = {} if ordered else canvas.looks_of(names)
    marks: list[dict[str, Any]] = [
        {"marker": look.marker, "color": look.colour} for look in looks.values()
    ] or [
        {"marker": marker, "fillstyle": fill, "color": canvas.PLAIN, "markerfacecoloralt": "none"}
        for marker, fill in _FILLED[: len(names)]
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
    canvas.name_rows(axes, rows)
    axes.set_ylim(len(table) - 0.4, -0.6)
    whole = bool((table.fillna(0) % 1 == 0).all(axis=None))
    axes.xaxis.set_major_locator(canvas.ticks(5, whole=whole))
    least, most = min(0.0, float(low.min())), float(high.max())
    # Room for the whole of a mark that stands at an end.
    axes.set_xlim(least - 0.03 * (most - least), most + 0.05 * (most - least))
    axes.spines["left"].set_visible(False)
    canvas.legend(figure, handles, 3)
    return figure, axes


@canvas.two_layouts
def editions(
    frame: "pd.DataFrame", *, title: str, home: str, unit: str = "one mark for each state and year"
) -> tuple[Figure, Axes]:
    """Draw who took part in each year of a series, and where it was held.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of the table ``exercises``. Rows that are not ``seen`` give a column with a question
        mark; observers and the word "others" are left out. Editions of one year share a column.
    title, unit : str
        The question that the figure answers; what a mark stands for.
    home : str
        ISO code of the usual host. Other hosts are set in bold and marked by a star.
    """
    if frame.empty:
        raise CourseError("There are no editions to draw. Look at your filter.")
    sure = frame[frame["confidence"] == "seen"]
    parts = sure.assign(who=sure["participants"].str.split(r"\s*;\s*", regex=True)).explode("who")
    parts = parts[~parts["who"].str.contains("observers|others", na=True)]
    names = list(parts.groupby("who")["year"].nunique().sort_values(ascending=False).index)
    years = sorted(int(year) for year in frame["year"].dropna())
    span = list(range(years[0], years[-1] + 1))
    hosts = sure.groupby("year")["host_iso3"].agg(lambda codes: list(dict.fromkeys(codes)))
    period = canvas.period_of(years[0], years[-1])
    figure, axes = canvas.new(title, unit=unit, period=period, height=1.2 + 0.24 * (len(names) + 1))
    for year in span:
        known = hosts.get(year)
        if known is None:
            axes.axvspan(year - 0.5, year + 0.5, color=canvas.LINE, alpha=0.45, linewidth=0)
            axes.annotate("?", (year, 0), ha="center", va="center", fontweight="semibold")
            continue
        abroad = [code for code in known if code != home]
        axes.annotate(
            "\n".join(abroad) + "*" if abroad else home if home in known else "",
            (year, 0),
            ha="center",
            va="center",
            fontsize=canvas.SMALL,
            rotation=90,
            fontweight="semibold" if abroad else "normal",
            color=canvas.POINTED if abroad else canvas.SOFT,
        )
    marks = parts.drop_duplicates(["year", "who"])
    axes.scatter(
        [int(year) for year in marks["year"]],
        [names.index(who) + 1.4 for who in marks["who"]],
        s=28 if canvas.narrow() else 46,
        marker="s",
        color=canvas.PLAIN,
        zorder=3,
    )
    axes.set_xlim(span[0] - 0.6, span[-1] + 0.6)
    axes.set_ylim(len(names) + 1, -0.9)
    places = [0.0, *(number + 1.4 for number in range(len(names)))]
    axes.set_yticks(places, ["held in", *map(str, names)])
    axes.set_xticks(span, [str(year) for year in span], rotation=90)
    axes.tick_params(length=0)
    axes.axhline(0.9, color=canvas.LINE, linewidth=0.8)
    axes.spines[:].set_visible(False)
    handles = [
        Line2D([], [], linestyle="none", marker="s", color=canvas.PLAIN, label="took part"),
        Patch(color=canvas.LINE, alpha=0.45, label="? no page read"),
        Line2D([], [], linestyle="none", marker="$*$", color=canvas.POINTED, label="held abroad"),
    ]
    canvas.legend(figure, handles, 3)
    return figure, axes
