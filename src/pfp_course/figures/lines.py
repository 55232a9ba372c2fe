"""Lines over time, named at their ends, with bands of uncertainty where there are any."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import PercentFormatter

from pfp_course.errors import CourseError
from pfp_course.figures import canvas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["kaplan_meier", "lines", "paths", "spread_out", "survival"]

_APART = 0.062  # of the height: two names nearer than that would touch
_NAME = 64  # points that the name of a line may take on a narrow figure


@canvas.two_layouts
def lines(
    curves: "Mapping[str, pd.Series | pd.DataFrame]",
    *,
    title: str,
    unit: str,
    marks: Mapping[float, str] | None = None,
    zero: bool = False,
) -> tuple[Figure, Axes]:
    """Draw a line for each curve; its name stands at its right end.

    Parameters
    ----------
    curves : mapping of str to pandas.Series or pandas.DataFrame
        Values by year in the index (ten curves at most). A frame has
        the columns ``value``, ``low`` and ``high``; the last two are drawn as a band.
    title, unit : str
        The question that the figure answers; what the upright axis measures.
    marks : mapping of float to str, optional
        Years to point out by an upright line, and the words at its top.
    zero : bool
        Begin the upright axis at zero.
    """
    if not curves:
        raise CourseError("There are no lines to draw. Look at your filter.")
    looks = canvas.looks_of(curves)
    years = [int(year) for curve in curves.values() for year in curve.index]
    period = canvas.period_of(min(years), max(years)) if years else ""
    figure, axes = canvas.new(title, unit=unit, period=period, height=3.6)
    ends = []
    for name, curve in curves.items():
        values = (curve if curve.ndim == 1 else curve["value"]).dropna().astype(float)
        if values.empty:
            raise CourseError(f"The line {name!r} has no values. Look at your filter.")
        look = looks[name]
        if curve.ndim == 2:
            band = curve.loc[values.index, ["low", "high"]].astype(float)
            axes.fill_between(
                list(band.index),
                band["low"],
                band["high"],
                color=look.colour,
                alpha=0.18,
                linewidth=0,
            )
        axes.plot(
            list(values.index),
            list(values),
            color=look.colour,
            dashes=look.dashes,
            marker=look.marker,
            markersize=5,
            markevery=max(1, len(values) // 6),
        )
        ends.append((float(list(values.index)[-1]), float(list(values)[-1]), name, look.colour))
    if zero:
        axes.set_ylim(bottom=0)
    if marks:
        # Room above the lines for the words.
        bottom, top = axes.get_ylim()
        axes.set_ylim(bottom, top + 0.07 * (top - bottom))
    _name(axes, ends)
    for year, words in (marks or {}).items():
        axes.axvline(year, color=canvas.SOFT, linewidth=1, linestyle=(0, (2, 2)), zorder=0)
        axes.annotate(
            words,
            (year, 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, -2),
            textcoords="offset points",
            va="top",
            fontsize=canvas.SMALL,
            color=canvas.SOFT,
        )
    axes.xaxis.set_major_locator(canvas.ticks(6))
    axes.grid(axis="y")
    return figure, axes


def _name(axes: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    low, high = axes.get_ylim()
    names = [canvas.fitted(name, _NAME) if canvas.narrow() else name for _, _, name, _ in ends]
    apart = _APART * (1 + max(name.count("\n") for name in names))
    heights = spread_out([(value - low) / (high - low) for _, value, _, _ in ends], apart)
    # Clear of the axis.
    heights = [max(height, 0.4 * apart) for height in heights]
    last = max(end for end, _, _, _ in ends)
    for height, name, (_, _, _, colour) in zip(heights, names, ends, strict=True):
        axes.annotate(
            name,
            (last, low + height * (high - low)),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            linespacing=1.0,
            fontweight="semibold",
            color=colour,
            annotation_clip=False,
        )


def spread_out(places: Sequence[float], apart: float) -> list[float]:
    """Return places moved as little as need be, so that no two are nearer than ``apart``."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for _ in range(100):
        close = False
        for below, above in pairwise(order):
            gap = apart - (moved[above] - moved[below])
            if gap > 1e-9:
                moved[below] -= gap / 2
                moved[above] += gap / 2
                close = True
        if not close:
            break
    return moved


_STYLES: tuple[Any, ...] = ("-", "--", "-.", ":")


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
    for number, (name, table) in enumerate(curves.items()):
        colour = looks[name].colour
        axes.step(
            table["years"],
            table["share"],
            where="post",
            color=colour,
            linestyle=_STYLES[number],
        )
        waiting = table[(table["events"] == 0) & (table["years"] > 0)]
        axes.plot(
            waiting["years"],
            waiting["share"],
            linestyle="none",
            marker="|",
            markersize=10,
            color=colour,
        )
    axes.set_ylim(0, 1.03)
    axes.set_xlim(left=0)
    axes.yaxis.set_major_formatter(PercentFormatter(xmax=1))
    axes.set_xlabel(f"years after {since}")
    axes.xaxis.set_major_locator(canvas.ticks(7))
    axes.grid(axis="y")
    handles = [
        Line2D([], [], color=looks[name].colour, linestyle=style, label=name)
        for name, style in zip(curves, _STYLES, strict=False)
    ]
    canvas.legend(figure, handles, 2, handlelength=2.6)
    return figure, axes


_LINE = 0.163  # inches for a named line


@canvas.two_layouts
def paths(
    frame: "pd.DataFrame",
    *,
    title: str,
    start: str,
    end: str,
    name: str = "country",
    unit: str = "one line for each state",
    period: str = "",
) -> tuple[Figure, Axes]:
    """Draw a line for each thing from the group it was in to the group it is in later.

    Its colour and dashes are those of the later group. A line whose two groups differ is strong,
    and its name is bold.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each thing, in the order in which the lines stand within a group.
    title, unit, period : str
        The question that the figure answers; what a line stands for, and when.
    start, end, name : str
        The columns of the earlier and of the later status, and of the name.
    """
    if frame.empty:
        raise CourseError("There is nothing to draw. Look at your filter.")
    things = frame[[name, start, end]].astype(str)
    groups = sorted(set(things[start]) | set(things[end]))
    looks = canvas.looks_of(groups)
    # Within a group by the other one, so that few lines cross.
    left, lefts = _stacked(things.sort_values([start, end], kind="stable"), name, start)
    right, rights = _stacked(things.sort_values([end, start], kind="stable"), name, end)
    height = max(max(left.values()), max(right.values())) + 1
    figure, axes = canvas.new(title, unit=unit, period=period, height=0.15 + _LINE * height)
    for row in things.to_dict("records"):
        moved = row[start] != row[end]
        look = looks[row[end]]
        a, b = left[row[name]], right[row[name]]
        curve = Path([(0, a), (0.45, a), (0.55, b), (1, b)], [Path.MOVETO, *[Path.CURVE4] * 3])
        axes.add_patch(
            PathPatch(
                curve,
                facecolor="none",
                edgecolor=look.colour,
                linewidth=2.8 if moved else 1.3,
                linestyle=(0, look.dashes) if look.dashes else "-",
            )
        )
        for x, y, side in ((0, a, "right"), (1, b, "left")):
            if side == "left" and canvas.narrow() and not moved:
                continue
            axes.annotate(
                row[name],
                (x, y),
                xytext=(-5 if side == "right" else 5, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=canvas.SMALL,
                fontweight="semibold" if moved else "normal",
            )
    for headings, x, side in ((lefts, 0, "right"), (rights, 1, "left")):
        for group, place, count in headings:
            axes.annotate(
                f"{group}: {count}",
                (x, place),
                xytext=(-5 if side == "right" else 5, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontweight="semibold",
                color=looks[group].colour,
            )
    for x in (0, 1):
        axes.axvline(x, color=canvas.LINE, linewidth=0.8, zorder=0)
    axes.set_xlim(0, 1)
    axes.set_ylim(height, -0.6)
    axes.axis("off")
    return figure, axes


def _stacked(
    things: "pd.DataFrame", name: str, status: str
) -> tuple[dict[str, float], list[tuple[str, float, int]]]:
    """Return the place of each thing, and the headings: group, place, how many."""
    places: dict[str, float] = {}
    headings: list[tuple[str, float, int]] = []
    place = 0.0
    for group, held in things.groupby(status, sort=False):
        place += 0.6 if headings else 0.0
        headings.append((str(group), place, len(held)))
        for thing in held[name]:
            place += 1.0
            places[thing] = place
        place += 1.0
    return places, headings
