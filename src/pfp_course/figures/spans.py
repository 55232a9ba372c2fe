"""When things began and ended: a bar for each, open where it goes on."""

from textwrap import fill
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures.style import PAPER, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["spans"]

_HATCHES = ("", "////", "....", "xxxx", "||||", "----", "\\\\\\\\")
_BAR = 0.56  # height of a bar, in rows
_LABEL_CHARACTERS = 27
_LEGEND_CHARACTERS = 70  # of a line, with some room for each patch


def spans(
    frame: "pd.DataFrame",
    *,
    title: str,
    label: str,
    start: str,
    end: str,
    until: "int | float | str | pd.Timestamp",
    lane: str | None = None,
) -> tuple[Figure, Axes]:
    """Draw a bar from the beginning to the end of each thing, in the order of the table.

    The year of the beginning stands before a bar and the year of the end after it. A bar
    without an end goes to the last year shown and has an arrow in the place of a year.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each thing, the first at the top. Rows without a beginning, or with one
        after the last year shown, are left out.
    title : str
        The question that the figure answers.
    label, start, end : str
        Columns: the name of the thing, when it began, and when it ended (empty where no end
        is known). Both may hold years or ``datetime64``.
    until : int, float, str or pandas.Timestamp
        The last year or day shown. What ended later counts as open.
    lane : str, optional
        Column of the groups that the colour and the hatch of a bar tell apart (seven at most).
    """
    last = _year(until)
    things = frame.dropna(subset=[start])
    begins = [_year(value) for value in things[start]]
    keep = [begin <= last for begin in begins]
    things = things[keep]
    if things.empty:
        raise CourseError("There is nothing with a beginning to draw. Look at your filter.")
    begins = [begin for begin, kept in zip(begins, keep, strict=True) if kept]
    ends = [_end(value, last) for value in things[end]]
    groups = [str(name) for name in things[lane]] if lane else [""] * len(things)
    lanes = list(dict.fromkeys(groups))
    if len(lanes) > len(_HATCHES):
        raise CourseError(f"{len(lanes)} groups are too many to tell apart. Take seven at most.")
    wrong = [
        str(name)
        for name, begin, stop in zip(things[label], begins, ends, strict=True)
        if stop is not None and stop < begin
    ]
    if wrong:
        raise CourseError(f"{wrong[0]} ends before it begins. Look at its two years.")
    names = [fill(str(name), _LABEL_CHARACTERS) for name in things[label]]
    lines = 1 + max(name.count("\n") for name in names)
    figure, axes = new(title, height=1.2 + (0.14 + 0.16 * lines) * len(things))
    shortest = (last - min(begins)) / 150
    with mpl.rc_context(house_style):
        for row, (begin, stop, group) in enumerate(zip(begins, ends, groups, strict=True)):
            number = lanes.index(group)
            width = max((last if stop is None else stop) - begin, shortest)
            axes.add_patch(
                Rectangle((begin, row - _BAR / 2), width, _BAR, zorder=3, **_look(number))
            )
            _note(axes, str(int(begin)), begin, row, before=True)
            if stop is None:
                axes.plot(
                    [begin + width + 2 * shortest],
                    [row],
                    marker=">",
                    markersize=9,
                    color=SERIES[number],
                    zorder=4,
                )
            else:
                _note(axes, str(int(stop)), begin + width, row, before=False)
        room = (last - min(begins)) * 0.13 + 0.5
        axes.set_xlim(min(begins) - room, last + room * 0.8)
        axes.set_ylim(len(things) - 0.4, -0.7)
        axes.set_yticks(range(len(things)), names)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="x")
        if lane:
            figure.legend(
                handles=[Patch(label=name, **_look(number)) for number, name in enumerate(lanes)],
                loc="outside lower left",
                ncols=_columns(lanes),
                handlelength=2,
                handleheight=1.1,
            )
    return figure, axes


def _year(value: object) -> float:
    """Return a year, or a day as a part of its year."""
    import pandas as pd

    if isinstance(value, str | pd.Timestamp):
        day = pd.Timestamp(value)
        return day.year + (day.day_of_year - 1) / 366
    return float(str(value))


def _end(value: object, last: float) -> float | None:
    import pandas as pd

    if pd.isna(value):  # type: ignore[call-overload]
        return None
    year = _year(value)
    return None if year > last else year


def _columns(lanes: list[str]) -> int:
    return max(1, min(4, _LEGEND_CHARACTERS // (max(len(name) for name in lanes) + 6)))


def _look(number: int) -> dict[str, Any]:
    # A full bar for the first group; lines or dots in the colour of the others.
    return {
        "facecolor": "none" if _HATCHES[number] else SERIES[number],
        "edgecolor": SERIES[number],
        "hatch": _HATCHES[number],
        "linewidth": 1.2,
    }


def _note(axes: Axes, words: str, x: float, row: int, *, before: bool) -> None:
    axes.annotate(
        words,
        (x, row),
        xytext=(-3 if before else 3, 0),
        textcoords="offset points",
        ha="right" if before else "left",
        va="center",
        fontsize=9,
        color=SOFT,
        bbox={"boxstyle": "square,pad=0.05", "fc": PAPER, "ec": "none"},
    )
