"""Lines of time: events, lanes of milestones, and spans from a beginning to an end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from pfp_course.errors import CourseError
from pfp_course.figures import canvas
from pfp_course.palette import Look

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lanes", "spans", "timeline"]


_ROW = 0.27  # inches for one line of text
_BAR = 0.56  # height of a bar, in rows whose name stands beside it
_BESIDE, _BESIDE_NARROW = 26, 10  # characters: a longer name stands above its bar
_FADING = 0.14  # of the axis: where the end of a bar is not known
_STEPS = 10  # in which a bar fades


@canvas.two_layouts
def timeline(
    frame: "pd.DataFrame",
    *,
    title: str,
    unit: str = "one mark for each event",
    date: str = "date_parsed",
    label: str = "event",
    lane: str = "category",
) -> tuple[Figure, Axes]:
    """Draw events by date, one line each, from the earliest at the top.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each event.
    title, unit : str
        The question that the figure answers; what a mark stands for.
    date, label, lane : str
        Columns: dates as ``datetime64``, the words beside each mark, and the groups that the
        form and colour of the mark tell apart (ten at most).
    """
    import pandas as pd

    events = frame.dropna(subset=[date]).sort_values(date, kind="stable")
    if events.empty:
        raise CourseError("The timeline has no events with a date. Look at your filter.")
    looks = canvas.looks_of(events[lane])
    first, last = events[date].min(), events[date].max()
    # On a narrow figure the words stand above their mark, in two lines where they must.
    placed, rows, place = [], [], 0.0
    for when, text in zip(events[date], events[label], strict=True):
        after, words = when <= first + (last - first) / 2, str(text)
        if canvas.narrow():
            share = (when - first) / max(last - first, pd.Timedelta(1))
            after, words = canvas.beside(share, text, canvas.width() - 28)
            place += 0.55 + 0.5 * words.count("\n")
        placed.append((after, words))
        rows.append(place)
        place += 1.0
    period = canvas.period_of(first, last)
    height = 0.6 + canvas.legend_height(list(looks)) + _ROW * (place + 0.5)
    figure, axes = canvas.new(title, unit=unit, period=period, height=height)
    for name, look in looks.items():
        of_lane = [str(value) == name for value in events[lane]]
        axes.scatter(
            list(events.loc[of_lane, date]),
            [row for row, yes in zip(rows, of_lane, strict=True) if yes],
            s=46,
            marker=look.marker,
            color=look.colour,
            zorder=3,
        )
    for row, when, (after, text) in zip(rows, events[date], placed, strict=True):
        canvas.write(
            axes,
            text,
            (when, row),
            (-4 if after else 4, 6) if canvas.narrow() else (8 if after else -8, 0),
            va="bottom" if canvas.narrow() else "center",
            ha="left" if after else "right",
            linespacing=1.05,
        )
    axes.set_ylim(place - 0.4, -0.8)
    canvas.across_only(axes)
    axes.margins(x=0.05)
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=6))  # type: ignore[no-untyped-call]
    canvas.legend(figure, [canvas.mark(look, name) for name, look in looks.items()])
    return figure, axes


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
    period = canvas.period_of(min(years), max(years))
    height = 0.7 + 0.2 * (sum(tops.values()) + len(order))
    figure, axes = canvas.new(title, unit=unit, period=period, height=height)
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
        words = canvas.fitted(f"{name}: {len(places)}", 74 if canvas.narrow() else 160)
        labels.append((base + (tops[name] - 1) / 2, words))
        base += tops[name] + 0.9
    axes.set_ylim(-0.7, base - 0.6)
    axes.set_yticks([place for place, _ in labels], [words for _, words in labels])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for year, words in (marks or {}).items():
        axes.axvline(year, color=canvas.SOFT, linewidth=1, linestyle=(0, (2, 2)), zorder=0)
        canvas.write(
            axes,
            words,
            (year, base - 0.6),
            (0, 2),
            ha="center",
            va="bottom",
            fontsize=canvas.SMALL,
            color=canvas.SOFT,
        )
    axes.xaxis.set_major_locator(canvas.ticks(7))
    axes.grid(axis="x")
    axes.margins(x=0.04)
    return figure, axes


@dataclass(frozen=True)
class _Span:
    begin: float
    end: float | None
    look: Look | None


@canvas.two_layouts
def spans(
    frame: "pd.DataFrame",
    *,
    title: str,
    label: str,
    start: str,
    end: str,
    until: "int | float | str | pd.Timestamp",
    unit: str = "",
    lane: str | None = None,
    group: str | None = None,
    goes_on: bool = False,
) -> tuple[Figure, Axes]:
    """Draw a bar from the beginning to the end of each thing, in the order of the table.

    The year of the beginning stands before a bar and the year of the end after it. A bar whose
    end is not known fades. Bars with one name, in one group, share a row.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each bar, the first at the top. Rows without a beginning, or with one
        after the last year shown, have no bar; a name that has no other keeps an empty row.
    title, unit : str
        The question that the figure answers; what a bar stands for.
    label, start, end : str
        Columns: the name of the thing, when it began, and when it ended (empty where no end
        is known). Both may hold years or ``datetime64``.
    until : int, float, str or pandas.Timestamp
        The last year or day shown. What ended later counts as open.
    lane : str, optional
        Column of the kinds that the colour and the hatch of a bar tell apart (ten at most).
    group : str, optional
        Column of the headings under which the rows are gathered.
    goes_on : bool
        A bar without an end is known to go on: it has an arrow and does not fade.
    """
    last = _year(until)
    rows, looks = _rows(frame, (label, start, end), last, lane, group)
    begins = [span.begin for held in rows.values() for span in held]
    if not begins:
        raise CourseError("There is nothing with a beginning to draw. Look at your filter.")
    names = [name for _, name in rows]
    above = max(map(len, names)) > (_BESIDE_NARROW if canvas.narrow() else _BESIDE)
    words = [canvas.fitted(name, canvas.width() - 20) if above else name for name in names]
    places, headings, height = _places(list(rows), words, above=above)
    period = canvas.period_of(int(min(begins)), int(last))
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.45 + 0.235 * height)
    # Room for a year before and after a bar.
    room = (0.16 if canvas.narrow() else 0.08) * (last - min(begins))
    axes.set_xlim(min(begins) - room, last + room)
    for place, held in zip(places, rows.values(), strict=True):
        for number, span in enumerate(held):
            after = held[number + 1].begin if number + 1 < len(held) else None
            _draw(
                axes,
                span,
                place,
                last,
                goes_on=goes_on,
                bar=0.8 if above else 2 * _BAR,
                # Two years would stand on each other in a small gap.
                says_end=after is None or after - (span.end or last) > 2.6 * room,
            )
    for place, heading in headings:
        _say(axes, heading, place + 0.35, weight="semibold", inside=above)
        axes.axhline(place - 0.55, color=canvas.LINE, linewidth=0.8, zorder=0)
    for place, text in zip(places, words, strict=True):
        _say(axes, text, place - 0.5 if above else place, weight="normal", inside=above)
    axes.set_ylim(height - (0.1 if above else 0.4), -0.6)
    axes.xaxis.set_major_locator(canvas.ticks(6))
    canvas.across_only(axes)
    if lane:
        handles = [Patch(label=name, **_paint(look)) for name, look in looks.items()]
        canvas.legend(figure, handles, handlelength=2, handleheight=1.1)
    return figure, axes


def _rows(
    frame: "pd.DataFrame", columns: Sequence[str], last: float, lane: str | None, group: str | None
) -> tuple[dict[tuple[str, str], list[_Span]], dict[str, Look]]:
    """Return the spans of each row, by heading and name; and the looks of the lanes."""
    import pandas as pd

    label, start, end = columns
    looks = canvas.looks_of(frame[lane]) if lane else {}
    headings = list(dict.fromkeys(map(str, frame[group]))) if group else [""]
    rows: dict[tuple[str, str], list[_Span]] = {}
    for heading in headings:
        of_group = frame[frame[group].astype(str) == heading] if group else frame
        for row in of_group.to_dict("records"):
            if pd.isna(row[start]):
                if group:
                    rows.setdefault((heading, str(row[label])), [])
                continue
            begin = _year(row[start])
            stop = None if pd.isna(row[end]) or _year(row[end]) > last else _year(row[end])
            if begin > last:
                continue
            if stop is not None and stop < begin:
                raise CourseError(f"{row[label]} ends before it begins. Look at its two years.")
            look = looks[str(row[lane])] if lane else None
            rows.setdefault((heading, str(row[label])), []).append(_Span(begin, stop, look))
    return rows, looks


def _places(
    rows: list[tuple[str, str]], words: list[str], *, above: bool
) -> tuple[list[float], list[tuple[float, str]], float]:
    """Return where rows and headings stand, and the height of all, in lines of text."""
    places: list[float] = []
    headings: list[tuple[float, str]] = []
    place, heading = 0.0, ""
    for (group, _), text in zip(rows, words, strict=True):
        if group != heading:
            place += 0.3 if headings else 0.0
            headings.append((place, group))
            place, heading = place + (1.15 if above else 1.35), group
        lines = text.count("\n") + 1
        place += (0.5 + 0.85 * lines) if above else 0.0
        places.append(place)
        place += 0.7 if above else 1.35
    return places, headings, place


def _draw(
    axes: Axes, span: _Span, row: float, last: float, *, goes_on: bool, bar: float, says_end: bool
) -> None:
    low, high = axes.get_xlim()
    stop = last if span.end is None else span.end
    shown = max(stop - span.begin, (high - low) / 150)
    colour = span.look.colour if span.look else canvas.PLAIN
    fades = span.end is None and not goes_on
    tail = min(shown, _FADING * (high - low)) if fades else 0.0
    paint = _paint(span.look)
    axes.add_patch(Rectangle((span.begin, row - bar / 2), shown - tail, bar, zorder=3, **paint))
    # One over the other, so that no seam shows.
    for step in range(_STEPS if fades else 0):
        axes.add_patch(
            Rectangle(
                (span.begin + shown - tail, row - bar / 2),
                tail * (step + 1) / _STEPS,
                bar,
                facecolor=colour,
                edgecolor="none",
                alpha=0.28,
                zorder=3,
            )
        )
    _note(axes, str(int(span.begin)), span.begin, row, before=True)
    if span.end is not None and says_end:
        _note(axes, str(int(span.end)), span.begin + shown, row, before=False)
    elif span.end is None and goes_on:
        tip: dict[str, Any] = {"marker": ">", "markersize": 8, "color": colour}
        axes.plot([last + (high - low) / 75], [row], zorder=4, **tip)


def _paint(look: Look | None) -> dict[str, Any]:
    hatch, colour = (look.hatch, look.colour) if look else ("", canvas.PLAIN)
    return {
        "facecolor": "none" if hatch else colour,
        "edgecolor": colour if hatch else "none",
        "hatch": hatch,
        "linewidth": 1.2,
    }


def _say(axes: Axes, words: str, place: float, *, weight: str, inside: bool) -> None:
    canvas.write(
        axes,
        words,
        (0, place),
        (2 if inside else -6, 0),
        xycoords=("axes fraction", "data"),
        ha="left" if inside else "right",
        va="bottom" if inside else "center",
        fontweight=weight,
        linespacing=1.05,
    )


def _note(axes: Axes, words: str, x: float, row: float, *, before: bool) -> None:
    canvas.write(
        axes,
        words,
        (x, row),
        (-3 if before else 3, 0),
        ha="right" if before else "left",
        fontsize=canvas.SMALL,
        color=canvas.SOFT,
        bbox={"boxstyle": "square,pad=0.05", "fc": canvas.PAPER, "ec": "none"},
    )


def _year(value: object) -> float:
    """Return a year, or a day as a part of its year."""
    import pandas as pd

    if isinstance(value, str | pd.Timestamp):
        day = pd.Timestamp(value)
        return day.year + (day.day_of_year - 1) / 366
    return float(str(value))
