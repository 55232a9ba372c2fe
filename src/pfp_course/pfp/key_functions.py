"""Keys about states: when they signed and joined, their index, their tools, their votes.

A state is named by its ISO 3166 alpha-3 code, or by the name in the table; a day is an ISO 8601
date; a path is ``member``, ``neutral`` or ``partner``. An interval has two ends, the quantiles 0.05
and 0.95; ``without`` names a state that is left out. What draws is loaded when a key needs it.
"""

from datetime import date
from typing import TYPE_CHECKING

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

_DAYS_IN_A_YEAR = 365.25
_INVITED = date(1994, 1, 10)


def _changes(course: Course, first: int, last: int, status: int = 2014) -> "pd.DataFrame":
    # It draws, too: what draws is loaded when a key needs it.
    from pfp_course.pfp.explorers.bootstrap import index_changes

    return index_changes(course, first, last, status)


def mean_index_change(
    course: Course, first: int, last: int, status: int = 2014
) -> dict[str, float]:
    """Return the mean change of the index between two years, for each path.

    The path of a state is taken at the end of the year ``status``, 2014 or 2024.
    """
    means = _changes(course, first, last, status).groupby("path")["change"].mean()
    return {str(path): float(mean) for path, mean in means.items()}


def mean_change_of(course: Course, path: str, first: int, last: int) -> float:
    """Return the mean change of the index between two years on one path, as of 2014."""
    return mean_index_change(course, first, last)[path]


def heaviest_in_mean(course: Course, path: str) -> str:
    """Return the state without which the mean change from 1994 to 2014 of a path moves most."""
    table = _changes(course, 1994, 2014)
    changes = table[table["path"] == path].set_index("country")["change"]
    moved = {str(name): abs(changes.drop(name).mean() - changes.mean()) for name in changes.index}
    return max(moved, key=lambda name: moved[name])


def resampled_end(course: Course, path: str, quantile: float, without: str = "") -> float:
    """Return an end of the bootstrap interval of the mean change from 1994 to 2014."""
    import pandas as pd

    table = _changes(course, 1994, 2014)
    changes = table[(table["path"] == path) & (table.index != without)]["change"]
    draws = (changes.sample(frac=1, replace=True, random_state=seed) for seed in range(1000))
    means = [draw.mean() for draw in draws]
    return float(pd.Series(means).quantile(quantile))


def drawn_end(course: Course, path: str, quantile: float, without: str = "") -> float:
    """Return an end of the interval that the explorer of the bootstrap shows at 1000 draws."""
    from pfp_course.pfp.explorers.bootstrap import changes_of, means_of

    return float(means_of(changes_of(course, path, without)).quantile(quantile))


def years_without_signature(course: Course) -> int:
    """Return in how many years between the first and the last signature no state signed."""
    years = {int(year) for year in load("signatories", course)["signed"].dt.year}
    return max(years) - min(years) + 1 - len(years)


def days_that_differ(course: Course, days: list[str], without: list[str]) -> list[str]:
    """Return the days on which fewer states would have signed without some of them."""
    states = load("signatories", course)
    signed = states.loc[states["iso3"].isin(without), "signed"]
    return [day for day in days if (signed <= day).any()]


def states_that_asked(course: Course) -> int:
    """Return how many signatories asked to join NATO, each counted once."""
    return int(load("signatories", course)["iso3"].isin(load("applications", course)["iso3"]).sum())


def status_by_request(course: Course, *, asked: bool) -> dict[str, int]:
    """Return the status at the end of 2024 of the signatories that asked, or of the others."""
    states = load("signatories", course)
    chosen = states["iso3"].isin(load("applications", course)["iso3"]) == asked
    counts = states.loc[chosen, "status_2024"].value_counts()
    return {str(status): int(number) for status, number in counts.items()}


def partners_on(course: Course, day: str) -> int:
    """Return how many signatories were partners on a day, by the form, and not Allies.

    A state that had withdrawn on this day is not counted.
    """
    states = load("signatories", course)
    inside = (states["signed"] <= day) & ~(states["nato_accession"] <= day)
    away = (states["withdrew"] <= day) & ~(states["rejoined"] <= day)
    return int((inside & ~away).sum())


def days_to_sign(course: Course, country: str) -> int:
    """Return the days from the invitation of 10 January 1994 to a state's signature."""
    signed = load("signatories", course).set_index("iso3")["signed"]
    if country not in signed.index:
        raise CourseError(f"{country!r} is no signatory.")
    return int((signed[country].date() - _INVITED).days)


def waiting_years(course: Course, country: str) -> float:
    """Return the years from a state's signature of the Framework Document to its accession."""
    joined = load("signatories", course).dropna(subset=["nato_accession"]).set_index("iso3")
    if country not in joined.index:
        raise CourseError(f"{country!r} is no signatory that joined NATO.")
    return float((joined["nato_accession"] - joined["signed"])[country].days / _DAYS_IN_A_YEAR)


def median_wait_seen(course: Course, day: str) -> float:
    """Return the median years that those waited who had joined NATO by a day."""
    from pfp_course.pfp.explorers.waiting import observed

    seen = observed(course, day)
    return float(seen.loc[seen["joined"], "years"].median())


def advice_resting_on(course: Course, outcome: str, iso3: str) -> list[str]:
    """Return the recommendations for a state that rest on a lesson with this ``outcome``."""
    lessons, advice = load("lessons", course), load("recommendations", course)
    such = set(lessons.loc[lessons["outcome"] == outcome, "id"])
    mine = advice[advice["iso3"] == iso3]
    resting = mine["lessons"].map(lambda ids: bool(such & set(ids.split(";"))))
    return sorted(str(name) for name in mine.loc[resting, "id"])


# Rows of the table that tell of an offer and not of a participation.
_OFFERS = ("SRB-ID", "KAZ-PII")


def _confirmed(course: Course, region: str | None = None) -> "pd.DataFrame":
    rows = load("participation", course).merge(
        load("signatories", course)[["iso3", "region"]], on="iso3"
    )
    rows = rows[rows["confidence"] != "uncertain"]
    rows = rows[~(rows["iso3"] + "-" + rows["tool_id"]).isin(_OFFERS)]
    return rows if region is None else rows[rows["region"] == region]


def tools_by_state(
    course: Course, region: str | None = None, completeness: str = ""
) -> dict[str, int]:
    """Return the number of tools in which each signatory is confirmed, of any kind.

    Only signatories of a ``region`` are counted, and only tools whose list of states is known to
    the degree ``completeness`` (see `tools_with_list`), where these are given.
    """
    rows = _confirmed(course, region)
    if completeness:
        rows = rows[rows["tool_id"].isin(tools_with_list(course, completeness))]
    return {str(name): int(n) for name, n in rows["country"].value_counts().items()}


def only_confirmed_in(course: Course, country: str, region: str) -> list[str]:
    """Return the tools in which one state of a region is confirmed and no other is."""
    rows = _confirmed(course, region)
    own = set(rows.loc[rows["country"] == country, "tool_id"])
    return sorted(own - set(rows.loc[rows["country"] != country, "tool_id"]))


def tools_with_list(course: Course, completeness: str) -> list[str]:
    """Return the tools whose list of states is known to that degree.

    It is ``"complete"``, where a state without a row had no part, or ``"partial"`` or
    ``"none found"``, where we do not know.
    """
    tools = load("tools", course)
    return sorted(tools.loc[tools["list_completeness"] == completeness, "id"])


def known_alone(course: Course, country: str, region: str) -> list[str]:
    """Return the tools of which we know that one state of a region was in them, and no other.

    That takes a confirmed row for the state, none for the others, and a complete list.
    """
    return sorted(
        set(only_confirmed_in(course, country, region)) & set(tools_with_list(course, "complete"))
    )


def tools_of(course: Course, country: str) -> list[str]:
    """Return the tools in which a signatory is confirmed, of any kind."""
    rows = _confirmed(course)
    return sorted(set(rows.loc[rows["country"] == country, "tool_id"]))


def confirmed_in_both(course: Course, first: str, second: str) -> int:
    """Return how many signatories are confirmed in both of two tools."""
    rows = _confirmed(course)
    return len(
        set(rows.loc[rows["tool_id"] == first, "iso3"])
        & set(rows.loc[rows["tool_id"] == second, "iso3"])
    )


def _of_outsiders(course: Course) -> "pd.DataFrame":
    rows = load("participation", course)
    return rows[~rows["iso3"].isin(load("signatories", course)["iso3"])]


def outsiders(course: Course) -> int:
    """Return how many states in the table of participation are no signatories."""
    return int(_of_outsiders(course)["iso3"].nunique())


def rows_lost_in_merge(course: Course) -> int:
    """Return how many rows of participation belong to no signatory."""
    return len(_of_outsiders(course))


def years_below(course: Course, lower: str, upper: str) -> int:
    """Return the number of years in which one state's ideal point lies below another's."""
    return _count(course, lower, upper, "ideal_point", "ideal_point")


def years_surely_below(course: Course, lower: str, upper: str) -> int:
    """Return the number of years in which a state's whole interval lies below another's."""
    return _count(course, lower, upper, "ideal_point_q95", "ideal_point_q05")


def years_differently_below(course: Course, lower: str, upper: str) -> int:
    """Return the number of years in which one point lies below another by more than chance.

    The halves of the two 90 percent intervals are added as squares, which holds if the errors of
    the two states are independent.
    """
    both = _of_two(course, lower, upper)
    gap = both["ideal_point_low"] - both["ideal_point_high"]
    room = sum(
        ((both[f"ideal_point_q95_{end}"] - both[f"ideal_point_q05_{end}"]) / 2) ** 2
        for end in ("low", "high")
    )
    return int(((gap < 0) & (gap**2 > room)).sum())


def _count(course: Course, lower: str, upper: str, low_column: str, high_column: str) -> int:
    both = _of_two(course, lower, upper)
    return int((both[f"{low_column}_low"] < both[f"{high_column}_high"]).sum())


def _of_two(course: Course, lower: str, upper: str) -> "pd.DataFrame":
    table = load("unga_ideal_points", course)
    return table[table["iso3"] == lower].merge(
        table[table["iso3"] == upper], on="year", suffixes=("_low", "_high")
    )
