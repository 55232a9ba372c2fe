"""Periods of any start and width: the same tools, counted in other bins."""

import pandas as pd

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.explorers import periods as counted
from pfp_course.figures import show
from pfp_course.figures.bars import bars

__all__ = ["explore_periods", "tools_by_year"]

_EARLIEST = 1990
_START, _WIDTH = 1990, 5


def tools_by_year(course: Course) -> pd.DataFrame:
    """Return the tools that were introduced in 1990 or later, by ``introduced_year``."""
    tools = load("tools", course)
    return tools[tools["introduced_year"] >= _EARLIEST].sort_values("introduced_year")


@shown
def explore_periods(course: Course) -> Explorer:
    """Explore periods: drag where the first begins, and how wide they are."""
    tools = tools_by_year(course)
    rows = counted([int(year) for year in tools["introduced_year"]], _START, _WIDTH)
    figure, _ = bars(
        pd.Series({f"{first}\u2013{last}": count for first, last, count in rows}),
        title="How many tools began in each period?",
        unit="tools introduced",
    )
    words = _sentence(rows, len(tools))
    still = show(
        figure,
        alt=f"Bars of the number of tools introduced in periods of five years. {words}",
        caption="Every picture of it counts the same tools. Only the borders move.",
        source=tools,
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "tools": [
                [
                    int(row["introduced_year"]),
                    str(row["acronym"] if row["acronym"] else row["name"]),
                ]
                for row in tools.fillna({"acronym": ""}).to_dict("records")
            ],
        },
        state={"start": str(_START), "width": str(_WIDTH)},
    )


def _sentence(rows: list[tuple[int, int, int]], whole: int) -> str:
    most = max(count for _, _, count in rows)
    peaks = [f"{first}\u2013{last}" for first, last, count in rows if count == most]
    return (
        f"{whole} tools since {_EARLIEST}, in periods of {_WIDTH} years that begin in {_START}. "
        f"Most began in {' and in '.join(peaks)}: {most}."
    )
