"""How values are distributed: in bins, within ranges, and by the time waited."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dumbbells", "histograms", "intervals", "kaplan_meier", "survival"]


_STYLES: tuple[Any, ...] = ("-", "--", "-.", ":")
_DAYS_IN_A_MONTH = 365.25 / 12


@canvas.two_layouts
def histograms(
    values: "pd.Series", *, title: str, unit: str, width: int, starts: Mapping[str, int]
) -> tuple[Figure, Axes]:
    """Draw two histograms of the same years on one axis: one stands on it, one hangs below.

    Parameters
    ----------
    values : pandas.Series
        Years; missing ones are left out.
    title, unit : str
        The question that the figure answers; what is counted.
    width : int
        The length of a bin, in years.
    starts : mapping of str to int
        Two names for the ways to set the bins, with a year in which one of its bins begins.
    """
    years = [int(year) for year in values.dropna()]
    if not years or len(starts) != 2:
        raise CourseError("Draw some years in two ways to set the bins. Look at your filter.")
    figure, axes = canvas.new(
        title, unit=unit, period=canvas.period_of(min(years), max(years)), height=4.0
    )
    binned = {name: _binned(years, width, start % width) for name, start in starts.items()}
    most = max(count for bins in binned.values() for count in bins.values())
    for (name, bins), sign, colour in zip(
        binned.items(), (1, -1), (canvas.PLAIN, canvas.POINTED), strict=True
    ):
        for first, count in bins.items():
            axes.bar(
                first,
                sign * count,
                width=width,
                align="edge",
                facecolor=colour if sign > 0 else canvas.PAPER,
                edgecolor=canvas.PAPER if sign > 0 else colour,
                hatch="" if sign > 0 else "////",
                linewidth=1.2,
            )
            canvas.write(
                axes,
                f"{count}",
                (first + width / 2, sign * count),
                (0, 2 * sign),
                ha="center",
                va="bottom" if sign > 0 else "top",
                fontsize=canvas.SMALL,
                fontweight="semibold" if count == max(bins.values()) else "normal",
            )
        axes.annotate(
            canvas.fitted(name, 110 if canvas.narrow() else 200),
            (1, 0.97 if sign > 0 else 0.03),
            xycoords="axes fraction",
            ha="right",
            va="top" if sign > 0 else "bottom",
            color=colour,
            fontweight="semibold",
        )
    axes.axhline(0, color=canvas.SOFT, linewidth=1)
    lows = [first for bins in binned.values() for first in bins]
    axes.set_xlim(min(lows) - 1, max(lows) + width + 1)
    axes.set_ylim(-1.2 * most, 1.2 * most)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    begin = min(lows) // 5 * 5
    axes.set_xticks(range(begin, max(lows) + width + 1, 10 if canvas.narrow() else 5))
    axes.grid(axis="x")
    return figure, axes


def _binned(years: list[int], width: int, offset: int) -> dict[int, int]:
    """Return how many years lie in each bin, by its first year."""
    firsts = [(year - offset) // width * width + offset for year in years]
    return {first: firsts.count(first) for first in sorted(set(firsts))}


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
    rows = canvas.names_of(frame.index)
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.7 + 0.58 * len(frame))
    for row, (name, values) in enumerate(frame.astype(float).iterrows()):
        look = looks[str(name)]
        line = [values["low"], values["high"]]
        axes.plot(line, [row, row], color=look.colour, linewidth=3)
        for end in line:
            axes.plot([end] * 2, [row - 0.12, row + 0.12], color=look.colour, linewidth=2)
        axes.plot([values["value"]], [row], look.marker, markersize=9, color=look.colour)
        canvas.write(
            axes,
            _number(values["value"], digits, signed=zero),
            (values["value"], row),
            (0, 8),
            ha="center",
            va="baseline",
            fontsize=canvas.SMALL,
        )
        if points is not None:
            single = points[points.index == name].dropna().astype(float)
            rings: dict[str, Any] = {
                "markersize": 5,
                "markerfacecolor": "none",
                "color": canvas.SOFT,
            }
            axes.plot(list(single), [row + 0.27] * len(single), "o", **rings)
    if zero:
        axes.axvline(0, color=canvas.SOFT, linewidth=1, zorder=0)
    canvas.name_rows(axes, rows)
    axes.set_ylim(len(frame) - 0.4, -0.55)
    axes.xaxis.set_major_locator(canvas.ticks(6, whole=False))
    axes.margins(x=0.08)
    return figure, axes


def _number(value: float, digits: int, *, signed: bool) -> str:
    """Return a number as it is written: no sign at what is rounded to zero."""
    sign = "+" if signed and round(value, digits) else ""
    return f"{value:{sign}z.{digits}f}".replace("-", "\u2212")


def survival(durations: Iterable[float], happened: Iterable[bool]) -> "pd.DataFrame":
    """Estimate the share for whom an event has not happened yet, by time waited.

    The product-limit estimate of Kaplan and Meier (1958). Someone for whom the event has not
    happened counts as waiting up to the end of observation, and is left out after it.

    Parameters
    ----------
    durations : iterable of float
        Years waited, until the event or until the end of observation; none is negative.
    happened : iterable of bool
        Whether the event happened.

    Returns
    -------
    pandas.DataFrame
        One row for each distinct duration, after a first row at 0, with ``years``,
        ``at_risk`` (waiting just before), ``events`` and ``share`` (still waiting after).

    Raises
    ------
    CourseError
        If the two differ in length, or a duration is missing or negative.
    """
    import pandas as pd

    frame = pd.DataFrame(
        {"years": pd.Series(list(durations), dtype="Float64"), "happened": list(happened)}
    )
    if frame["years"].isna().any() or (frame["years"] < 0).any():
        raise CourseError(
            "A duration is missing or negative. Fill the open ones with the end of observation."
        )
    rows = [{"years": 0.0, "at_risk": len(frame), "events": 0, "share": 1.0}]
    share = 1.0
    for years, group in frame.groupby("years", sort=True):
        at_risk = int((frame["years"] >= years).sum())
        events = int(group["happened"].astype(bool).sum())
        share *= 1 - events / at_risk
        rows.append(
            {"years": float(str(years)), "at_risk": at_risk, "events": events, "share": share}
        )
    return pd.DataFrame(rows)


@canvas.two_layouts
def kaplan_meier(
    curves: dict[str, "pd.DataFrame"], *, title: str, event: str, since: str, period: str = ""
) -> tuple[Figure, Axes]:
    """Draw one or more curves of `survival`; each has its own line style and its name.

    Parameters
    ----------
    curves : dict
        Tables of `survival` by name, four at most. A small upright stroke marks a state that
        was still waiting when observation ended.
    title, event, since, period : str
        The question that the figure answers; the event that is waited for, as "joined NATO"; from
        when the years count, as "signing the Framework Document"; and the years of observation.
    """
    if not 1 <= len(curves) <= len(_STYLES):
        raise CourseError(f"Draw one to {len(_STYLES)} curves, so that they can be told apart.")
    looks = canvas.looks_of(curves)
    figure, axes = canvas.new(title, unit=f"share that has not {event}", period=period, height=3.5)
    handles = []
    for number, (name, table) in enumerate(curves.items()):
        colour = looks[name].colour
        style = _STYLES[number]
        axes.step(table["years"], table["share"], where="post", color=colour, linestyle=style)
        handles.append(Line2D([], [], color=colour, linestyle=style, label=name))
        waiting = table[(table["events"] == 0) & (table["years"] > 0)]
        axes.plot(waiting["years"], waiting["share"], "|", markersize=10, color=colour)
    axes.set_ylim(0, 1.03)
    axes.set_xlim(left=0)
    axes.yaxis.set_major_formatter(PercentFormatter(xmax=1))
    axes.set_xlabel(f"years after {since}")
    axes.xaxis.set_major_locator(canvas.ticks(7))
    axes.grid(axis="y")
    canvas.legend(figure, handles, 2, handlelength=2.6)
    return figure, axes


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
    period = canvas.period_of(first, last)
    height = 0.45 + canvas.legend_height(list(outcomes.values()), 2) + 0.47 * (place + 0.1)
    figure, axes = canvas.new(title, unit=unit, period=period, height=height)
    for place, (late, text), row in zip(rows, placed, frame.itertuples(index=False), strict=True):
        begin, end, is_open = _wait(row, last)
        look = looks[str(row.outcome)]
        ends = [begin.to_datetime64(), end.to_datetime64()]
        style = "--" if is_open else "-"
        axes.plot(ends, [place] * 2, color=look.colour, linestyle=style, zorder=2)
        axes.plot(
            ends[:1],
            [place],
            marker="o",
            markersize=8,
            markerfacecolor=canvas.PAPER,
            markeredgecolor=look.colour,
            markeredgewidth=2,
            zorder=3,
        )
        mark: dict[str, Any] = {"marker": look.marker, "markersize": 9, "color": look.colour}
        axes.plot(ends[1:], [place], zorder=4, **mark)
        canvas.write(
            axes,
            text,
            (end if late else begin, place),
            (5 if late else -5, 8),
            ha="right" if late else "left",
            va="bottom",
            linespacing=1.05,
        )
    axes.set_ylim(rows[-1] + 0.4, -0.9)
    canvas.across_only(axes)
    axes.margins(x=0.05)
    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=6 if canvas.narrow() else 9))  # type: ignore[no-untyped-call]
    handles = [canvas.mark(looks[name], words) for name, words in outcomes.items()]
    canvas.legend(figure, handles, 2)
    return figure, axes


def _wait(row: Any, last: "pd.Timestamp") -> "tuple[pd.Timestamp, pd.Timestamp, bool]":
    """Return the two ends of a wait, and whether the second is only that of observation."""
    import pandas as pd

    is_open = str(row.end) == "NaT"
    end = last if is_open else pd.Timestamp(str(row.end))
    return pd.Timestamp(str(row.start)), end, is_open


def _waited(row: Any, first: "pd.Timestamp", last: "pd.Timestamp") -> tuple[bool, str]:
    """Return whether the words of a wait end at its end, and not begin with it; and the words."""
    begin, end, is_open = _wait(row, last)
    if end < begin:
        raise CourseError(f"{row.what!r} ends before it begins. Change the two dates.")
    months = (end - begin).days / _DAYS_IN_A_MONTH
    length = f"{months:.0f} months" if months < 18 else f"{months / 12:.1f} years"
    waited = f"up to {length}" if row.rough else length
    words = f"{row.what}: {waited}{', still open' if is_open else ''}"
    begins, ends = ((day - first) / (last - first) for day in (begin, end))
    late = begins > 0.4
    return late, canvas.fitted(words, (canvas.width() - 34) * (ends if late else 1 - begins))
