"""How long it takes: the estimate of Kaplan and Meier, and its picture."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from pfp_course.errors import CourseError
from pfp_course.figures.style import SERIES, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["kaplan_meier", "survival"]

_STYLES = ("-", "--", "-.", ":")


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


def kaplan_meier(
    curves: dict[str, "pd.DataFrame"], *, title: str, event: str
) -> tuple[Figure, Axes]:
    """Draw one or more curves of `survival`; each has its own line style and its name.

    Parameters
    ----------
    curves : dict
        Tables of `survival` by name, four at most. A small upright stroke marks a state that
        was still waiting when observation ended.
    title, event : str
        The question that the figure answers; the event that is waited for, as "joined NATO".
    """
    if not 1 <= len(curves) <= len(_STYLES):
        raise CourseError(f"Draw one to {len(_STYLES)} curves, so that they can be told apart.")
    figure, axes = new(title, height=3.8)
    with mpl.rc_context(house_style):
        for number, (name, table) in enumerate(curves.items()):
            colour = SERIES[number]
            axes.step(
                table["years"],
                table["share"],
                where="post",
                color=colour,
                linestyle=_STYLES[number],
                label=name,
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
        axes.set_ylabel(f"share that has not {event}")
        axes.set_xlabel("years after signing the Framework Document")
        axes.grid(axis="y")
        figure.legend(loc="outside lower left", ncols=2, handlelength=3)
    return figure, axes
