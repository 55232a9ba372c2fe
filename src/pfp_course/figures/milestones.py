"""Words and deeds: milestones in lanes, waits between two dates, editions of an exercise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dumbbells", "editions", "lanes"]

_DAYS_IN_A_YEAR = 365.25
_DAYS_IN_A_MONTH = _DAYS_IN_A_YEAR / 12
_SPLIT = r"\s*;\s*"


@canvas.two_layouts
def lanes(
    frame: "pd.DataFrame",
    *,
    title: str,
    order: Sequence[str],
    unit: str = "one mark for each event",
    date: str = "date_parsed",
    lane: str = "kind",
    marks: Mapping[float, str] | None = None,
) -> tuple[Figure, Axes]:
    """Draw one mark for each event, in the lane of its group, above its year.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each event; events without a date are left out.
    title, unit : str
        The question that the figure answers; what a mark stands for.
    order : sequence of str
        The groups, from the top lane to the lowest, ten at most.
    date, lane : str
        Columns: dates as ``datetime64``, and the groups.
    marks : mapping of float to str, optional
        Years to point out by an upright line, and the words at its top.
    """
    events = frame.dropna(subset=[date, lane])
    unknown = sorted(set(events[lane]) - set(order))
    if unknown:
        raise CourseError(f"The group {unknown[0]!r} has no lane. Add it to 'order'.")
    if events.empty:
        raise CourseError("Draw some events with a date. Look at your filter.")
    looks = canvas.looks_of(order)
    years = [int(year) for year in events[date].dt.year]
    counts = Counter(zip(map(str, events[lane]), years, strict=True))
    tops = {
        name: max([1, *(count for (group, _), count in counts.items() if group == name)])
        for name in order
    }
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=canvas.period_of(min(years), max(years)),
        height=0.7 + 0.2 * (sum(tops.values()) + len(order)),
    )
    base, labels = 0.0, []
    for name in reversed(order):
        places = [
            (year, base + level)
            for (group, year), count in counts.items()
            if group == name
            for level in range(count)
        ]
        axes.scatter(
            [year for year, _ in places],
            [level for _, level in places],
            s=28 if canvas.narrow() else 46,
            marker=looks[name].marker,
            color=looks[name].colour,
            zorder=3,
        )
        axes.axhline(base - 0.7, color=canvas.LINE, linewidth=0.8, zorder=0)
        labels.append(
            (
                base + (tops[name] - 1) / 2,
                canvas.fitted(f"{name}: {len(places)}", 74 if canvas.narrow() else 160),
            )
        )
        base += tops[name] + 0.9
    axes.set_ylim(-0.7, base - 0.6)
    axes.set_yticks([place for place, _ in labels], [words for _, words in labels])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for year, words in (marks or {}).items():
        axes.axvline(year, color=canvas.SOFT, linewidth=1, linestyle=(0, (2, 2)), zorder=0)
        axes.annotate(
            words,
            (year, base - 0.6),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=canvas.SMALL,
            color=canvas.SOFT,
        )
    axes.xaxis.set_major_locator(canvas.ticks(7))
    axes.grid(axis="x")
    axes.margins(x=0.04)
    return figure, axes


def _wait(days: int, *, rough: bool) -> str:
    months = days / _DAYS_IN_A_MONTH
    years = days / _DAYS_IN_A_YEAR
    words = f"{months:.0f} months" if months < 18 else f"{years:.1f} years"
    return f"up to {words}" if rough else words


def _waited(row: Any, first: "pd.Timestamp", last: "pd.Timestamp") -> tuple[bool, str]:
    """Return whether the words of a wait end at its end, and not begin with it; and the words."""
    import pandas as pd

    begin = pd.Timestamp(str(row.start))
    is_open = str(row.end) == "NaT"
    end = last if is_open else pd.Timestamp(str(row.end))
    if end < begin:
        raise CourseError(f"{row.what!r} ends before it begins. Change the two dates.")
    waited = _wait((end - begin).days, rough=bool(row.rough))
    words = f"{row.what}: {waited}{', still open' if is_open else ''}"
    begins, ends = ((day - first) / (last - first) for day in (begin, end))
    late = begins > 0.4
    return late, canvas.fitted(words, (canvas.width() - 34) * (ends if late else 1 - begins))


@canvas.two_layouts
def dumbbells(
    frame: "pd.DataFrame",
    *,
    title: str,
    until: str,
    outcomes: Mapping[str, str],
    unit: str = "time between two dates",
) -> tuple[Figure, Axes]:
    """Draw the time from one date to another, a line for each row, with its length in words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns: ``what``, the words above the line; ``start`` and ``end``, dates as
        ``datetime64``, the end missing where nothing has happened yet; ``outcome``; and
        ``rough``, true where the start is known by its year only, and set at its first day.
    title, unit : str
        The question that the figure answers; what a line stands for.
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
    looks = canvas.looks_of(outcomes)
    placed = [_waited(row, first, last) for row in frame.itertuples(index=False)]
    rows, place = [], 0.0
    for _, text in placed:
        place += 0.42 * text.count("\n")
        rows.append(place)
        place += 1.0
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=canvas.period_of(first, last),
        height=0.45 + canvas.legend_height(list(outcomes.values()), 2) + 0.47 * (place + 0.1),
    )
    for place, (late, text), row in zip(rows, placed, frame.itertuples(index=False), strict=True):
        begin = pd.Timestamp(str(row.start))
        is_open = str(row.end) == "NaT"
        end = last if is_open else pd.Timestamp(str(row.end))
        name = str(row.outcome)
        axes.plot(
            [begin.to_datetime64(), end.to_datetime64()],
            [place, place],
            color=looks[name].colour,
            linestyle="--" if is_open else "-",
            zorder=2,
        )
        axes.plot(
            [begin.to_datetime64()],
            [place],
            marker="o",
            markersize=8,
            markerfacecolor=canvas.PAPER,
            markeredgecolor=looks[name].colour,
            markeredgewidth=2,
            zorder=3,
        )
        axes.plot(
            [end.to_datetime64()],
            [place],
            marker=looks[name].marker,
            markersize=9,
            color=looks[name].colour,
            zorder=4,
        )
        axes.annotate(
            text,
            (end if late else begin, place),
            xytext=(5 if late else -5, 8),
            textcoords="offset points",
            ha="right" if late else "left",
            va="bottom",
            linespacing=1.05,
            color=canvas.INK,
        )
    place_of_last = rows[-1]
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=looks[name].marker,
            color=looks[name].colour,
            label=words,
        )
        for name, words in outcomes.items()
    ]
    axes.set_ylim(place_of_last + 0.4, -0.9)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.margins(x=0.05)
    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=6 if canvas.narrow() else 9))  # type: ignore[no-untyped-call]
    canvas.legend(figure, handles, 2)
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
    parts = sure.assign(who=sure["participants"].str.split(_SPLIT, regex=True)).explode("who")
    parts = parts[~parts["who"].str.contains("observers|others", na=True)]
    names = list(parts.groupby("who")["year"].nunique().sort_values(ascending=False).index)
    years = sorted(int(year) for year in frame["year"].dropna().unique())
    span = list(range(years[0], years[-1] + 1))
    hosts = sure.groupby("year")["host_iso3"].agg(lambda codes: list(dict.fromkeys(codes)))
    figure, axes = canvas.new(
        title,
        unit=unit,
        period=canvas.period_of(years[0], years[-1]),
        height=1.2 + 0.24 * (len(names) + 1),
    )
    for year in span:
        known = hosts.get(year)
        if known is None:
            axes.axvspan(year - 0.5, year + 0.5, color=canvas.LINE, alpha=0.45, linewidth=0)
            axes.annotate("?", (year, 0), ha="center", va="center", fontweight="semibold")
            continue
        abroad = [code for code in known if code != home]
        axes.annotate(
            "\n".join([*abroad, *([home] if home in known and not abroad else [])])
            + ("*" if abroad else ""),
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
    for side in axes.spines.values():
        side.set_visible(False)
    handles = [
        Line2D([], [], linestyle="none", marker="s", color=canvas.PLAIN, label="took part"),
        Patch(color=canvas.LINE, alpha=0.45, label="? no page read"),
        Line2D([], [], linestyle="none", marker="$*$", color=canvas.POINTED, label="held abroad"),
    ]
    canvas.legend(figure, handles, 3)
    return figure, axes
