"""Words and deeds: milestones in lanes, waits between two dates, editions of an exercise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures.style import INK, LINE, PAPER, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dumbbells", "editions", "lanes", "yearly"]

_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_LINES: tuple[Any, ...] = ("-", "--", "-.", ":")
_DAYS_IN_A_YEAR = 365.25
_DAYS_IN_A_MONTH = _DAYS_IN_A_YEAR / 12
_SPLIT = r"\s*;\s*"


def lanes(
    frame: "pd.DataFrame",
    *,
    title: str,
    order: Sequence[str],
    date: str = "date_parsed",
    lane: str = "kind",
) -> tuple[Figure, Axes]:
    """Draw one mark for each event, in the lane of its group, above its year.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each event; events without a date are left out.
    title : str
        The question that the figure answers.
    order : sequence of str
        The groups, from the top lane to the lowest, seven at most.
    date, lane : str
        Columns: dates as ``datetime64``, and the groups.
    """
    events = frame.dropna(subset=[date, lane])
    unknown = sorted(set(events[lane]) - set(order))
    if unknown:
        raise CourseError(f"The group {unknown[0]!r} has no lane. Add it to 'order'.")
    if events.empty or len(order) > len(_MARKERS):
        raise CourseError("Draw some events with a date, in one to seven lanes.")
    years = [int(year) for year in events[date].dt.year]
    counts = Counter(zip(map(str, events[lane]), years, strict=True))
    tops = {
        name: max([1, *(count for (group, _), count in counts.items() if group == name)])
        for name in order
    }
    figure, axes = new(title, height=1.2 + 0.2 * (sum(tops.values()) + len(order)))
    base, ticks = 0.0, []
    with mpl.rc_context(house_style):
        for number, name in reversed(list(enumerate(order))):
            places = [
                (year, base + level)
                for (group, year), count in counts.items()
                if group == name
                for level in range(count)
            ]
            axes.scatter(
                [year for year, _ in places],
                [level for _, level in places],
                s=46,
                marker=_MARKERS[number],
                color=SERIES[number],
                zorder=3,
            )
            axes.axhline(base - 0.7, color=LINE, linewidth=0.8, zorder=0)
            ticks.append((base + (tops[name] - 1) / 2, f"{name}: {len(places)}"))
            base += tops[name] + 0.9
        axes.set_ylim(-0.7, base - 0.6)
        axes.set_yticks([place for place, _ in ticks], [words for _, words in ticks])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
        axes.grid(axis="x")
        axes.margins(x=0.04)
    return figure, axes


def _wait(days: int, *, rough: bool) -> str:
    months = days / _DAYS_IN_A_MONTH
    years = days / _DAYS_IN_A_YEAR
    words = f"{months:.0f} months" if months < 18 else f"{years:.1f} years"
    return f"up to {words}" if rough else words


def dumbbells(
    frame: "pd.DataFrame", *, title: str, until: str, outcomes: Mapping[str, str]
) -> tuple[Figure, Axes]:
    """Draw the time from one date to another, a line for each row, with its length in words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns: ``what``, the words above the line; ``start`` and ``end``, dates as
        ``datetime64``, the end missing where nothing has happened yet; ``outcome``; and
        ``rough``, true where the start is known by its year only, and set at its first day.
    title : str
        The question that the figure answers.
    until : str
        The ISO date at which observation ends; a line without an end points there.
    outcomes : mapping of str to str
        The outcomes, four at most, and their words for the legend.
    """
    import pandas as pd

    if frame.empty:
        raise CourseError("There are no waits to draw. Look at your filter.")
    unknown = sorted(set(frame["outcome"]) - set(outcomes))
    if unknown:
        raise CourseError(f"The outcome {unknown[0]!r} has no words. Add it to 'outcomes'.")
    first, last = pd.Timestamp(frame["start"].min()), pd.Timestamp(until)
    looks = dict(zip(outcomes, ("o", "X", ">", "s"), strict=False))
    colours = dict(zip(outcomes, (SERIES[0], SERIES[6], SERIES[1], SERIES[2]), strict=False))
    figure, axes = new(title, height=1.35 + 0.47 * len(frame))
    with mpl.rc_context(house_style):
        for place, row in enumerate(frame.itertuples(index=False)):
            begin = pd.Timestamp(str(row.start))
            is_open = str(row.end) == "NaT"
            end = last if is_open else pd.Timestamp(str(row.end))
            if end < begin:
                raise CourseError(f"{row.what!r} ends before it begins. Change the two dates.")
            name = str(row.outcome)
            axes.plot(
                [begin.to_datetime64(), end.to_datetime64()],
                [place, place],
                color=colours[name],
                linestyle="--" if is_open else "-",
                zorder=2,
            )
            axes.plot(
                [begin.to_datetime64()],
                [place],
                marker="o",
                markersize=8,
                markerfacecolor=PAPER,
                markeredgecolor=colours[name],
                markeredgewidth=2,
                zorder=3,
            )
            axes.plot(
                [end.to_datetime64()],
                [place],
                marker=looks[name],
                markersize=9,
                color=colours[name],
                zorder=4,
            )
            words = _wait((end - begin).days, rough=bool(row.rough))
            late = begin > first + (last - first) * 0.4
            axes.annotate(
                f"{row.what}: {words}{', still open' if is_open else ''}",
                (end if late else begin, place),
                xytext=(5 if late else -5, 8),
                textcoords="offset points",
                ha="right" if late else "left",
                va="bottom",
                fontsize=9.5,
                color=INK,
            )
        handles = [
            Line2D([], [], linestyle="none", marker=looks[name], color=colours[name], label=words)
            for name, words in outcomes.items()
        ]
        axes.set_ylim(len(frame) - 0.6, -0.85)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.margins(x=0.05)
        figure.legend(handles=handles, loc="outside lower left", ncols=2, handletextpad=0.2)
    return figure, axes


def editions(frame: "pd.DataFrame", *, title: str, home: str) -> tuple[Figure, Axes]:
    """Draw who took part in each year of a series, and where it was held.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of the table ``exercises``. Rows that are not ``seen`` give a column with a question
        mark; observers and the word "others" are left out. Editions of one year share a column.
    title : str
        The question that the figure answers.
    home : str
        ISO code of the usual host. Other hosts are set in bold and marked by a star.
    """
    if frame.empty:
        raise CourseError("There are no editions to draw. Look at your filter.")
    sure = frame[frame["confidence"] == "seen"]
    parts = sure.assign(who=sure["participants"].str.split(_SPLIT, regex=True)).explode("who")
    parts = parts[~parts["who"].str.contains("observers|others", na=True)]
    names = list(parts.groupby("who")["year"].nunique().sort_values(ascending=False).index)
    years = sorted(int(year) for year in frame["year"].dropna().unique())
    span = list(range(years[0], years[-1] + 1))
    hosts = sure.groupby("year")["host_iso3"].agg(lambda codes: list(dict.fromkeys(codes)))
    figure, axes = new(title, height=1.6 + 0.24 * (len(names) + 1))
    with mpl.rc_context(house_style):
        for year in span:
            known = hosts.get(year)
            if known is None:
                axes.axvspan(year - 0.5, year + 0.5, color=LINE, alpha=0.45, linewidth=0)
                axes.annotate("?", (year, 0), ha="center", va="center", fontweight="bold")
                continue
            abroad = [code for code in known if code != home]
            axes.annotate(
                "\n".join([*abroad, *([home] if home in known and not abroad else [])])
                + ("*" if abroad else ""),
                (year, 0),
                ha="center",
                va="center",
                fontsize=8.5,
                rotation=90,
                fontweight="bold" if abroad else "normal",
                color=SERIES[1] if abroad else SOFT,
            )
        marks = parts.drop_duplicates(["year", "who"])
        axes.scatter(
            [int(year) for year in marks["year"]],
            [names.index(who) + 1.4 for who in marks["who"]],
            s=46,
            marker="s",
            color=SERIES[0],
            zorder=3,
        )
        axes.set_xlim(span[0] - 0.6, span[-1] + 0.6)
        axes.set_ylim(len(names) + 1, -0.9)
        places = [0.0, *(number + 1.4 for number in range(len(names)))]
        axes.set_yticks(places, ["held in", *map(str, names)])
        axes.set_xticks(span, [str(year) for year in span], rotation=90)
        axes.tick_params(length=0)
        axes.axhline(0.9, color=LINE, linewidth=0.8)
        for side in axes.spines.values():
            side.set_visible(False)
        handles = [
            Line2D([], [], linestyle="none", marker="s", color=SERIES[0], label="took part"),
            Patch(color=LINE, alpha=0.45, label="? no page read"),
            Line2D([], [], linestyle="none", marker="$*$", color=SERIES[1], label="held abroad"),
        ]
        figure.legend(handles=handles, loc="outside lower left", ncols=3, handletextpad=0.3)
    return figure, axes


def yearly(
    frame: "pd.DataFrame",
    *,
    title: str,
    unit: str,
    value: str,
    name: str = "country",
    year: str = "year",
) -> tuple[Figure, Axes]:
    """Draw a line for each name, year by year; each has its own marks and its name at the end.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each name and year, four names at most.
    title, unit : str
        The question that the figure answers; what is counted, for the axis.
    value, name, year : str
        Columns: the numbers, the names of the lines, the years.
    """
    names = list(dict.fromkeys(frame[name]))
    if not 1 <= len(names) <= len(_LINES):
        raise CourseError(f"Draw one to {len(_LINES)} lines, so that they can be told apart.")
    figure, axes = new(title, height=3.7)
    with mpl.rc_context(house_style):
        for number, one in enumerate(names):
            rows = frame[frame[name] == one].sort_values(year)
            years = [int(cell) for cell in rows[year]]
            values = [float(cell) for cell in rows[value]]
            axes.plot(
                years,
                values,
                color=SERIES[number],
                linestyle=_LINES[number],
                marker=_MARKERS[number],
                markersize=6,
                label=str(one),
                clip_on=False,
                zorder=4 - 0.1 * number,
            )
            axes.annotate(
                str(one),
                (years[-1], values[-1]),
                xytext=(9, 0 if values[-1] else 5),
                textcoords="offset points",
                va="center",
                color=SERIES[number],
                annotation_clip=False,
            )
        axes.set_ylabel(unit)
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="y")
    return figure, axes
