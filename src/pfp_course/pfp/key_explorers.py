"""What a reader finds by using the explorers, for keys.

What draws is loaded when a key needs it.
"""

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.errors import CourseError

__all__ = [
    "drawn_end",
    "kappa_of_ten",
    "lowest_peak",
    "median_wait_seen",
    "partners_met",
    "place_by_share",
    "years_without_signature",
]


def median_wait_seen(course: Course, day: str) -> float:
    """Return the median years that those waited who had joined NATO by a day (ISO 8601)."""
    from pfp_course.pfp.explorers.waiting import observed

    seen = observed(course, day)
    return float(seen.loc[seen["joined"], "years"].median())


def years_without_signature(course: Course) -> int:
    """Return in how many years between the first and the last signature no state signed."""
    years = {int(year) for year in load("signatories", course)["signed"].dt.year}
    return max(years) - min(years) + 1 - len(years)


def kappa_of_ten(course: Course, believed: str, changed: str = "", word: str = "") -> float:
    """Return Cohen's kappa of the course and a reader who gives all ten claims one verdict.

    Parameters
    ----------
    believed : str
        The verdict of the reader.
    changed, word : str, optional
        The id of one claim, and the other verdict that the reader gives to it.
    """
    from pfp_course.pfp.explorers.claims import ten_claims
    from pfp_course.pfp.key_statistics import kappa

    ours = {str(name): str(verdict) for name, verdict in ten_claims(course)["verdict"].items()}
    if changed and changed not in ours:
        raise CourseError(f"{changed!r} is none of the ten claims: {', '.join(ours)}.")
    mine = [word if name == changed else believed for name in ours]
    return kappa(" ".join(mine), " ".join(ours.values()))


def partners_met(course: Course, iso3: str, least: int, power: str = "") -> int:
    """Return with how many states a state met in a number of exercises.

    Parameters
    ----------
    iso3 : str
        ISO 3166 alpha-3 code of the state.
    least : int
        How often, at least.
    power : str, optional
        ``has_usa``, ``has_russia`` or ``has_china``, for the exercises with this power.
    """
    from pfp_course.figures.networks import ties

    table = load("military_exercises", course)
    if power and power not in table:
        raise CourseError(f"{power!r} is no column of the table military_exercises.")
    pairs = ties((table[table[power]] if power else table)["participants_iso3"])
    pairs = pairs[(pairs["one"] == iso3) | (pairs["other"] == iso3)]
    return int((pairs["together"] >= least).sum())


def lowest_peak(course: Course, width: int) -> int:
    """Return how many tools the fullest period has, for the start at which it has fewest.

    Parameters
    ----------
    width : int
        Years in a period.
    """
    from pfp_course.explorers.statistics import periods
    from pfp_course.pfp.explorers.periods import years_of_tools

    years = years_of_tools(course)
    return min(
        max(count for _, _, count in periods(years, min(years) + shift, width))
        for shift in range(width)
    )


def place_by_share(course: Course, iso3: str, measure: str) -> int:
    """Return the place of a contingent of November 2010, without the United States.

    Parameters
    ----------
    iso3 : str
        ISO 3166 alpha-3 code of the state.
    measure : str
        ``troops``, ``people`` (per million inhabitants) or ``income`` (per thousand million US
        dollars of GDP).
    """
    from pfp_course.pfp.explorers.shares import contingents

    both = contingents(course)
    if measure not in ("troops", "people", "income"):
        raise CourseError(f"{measure!r} is no measure. There are: troops, people, income.")
    ordered = both[both["iso3"] != "USA"].sort_values([measure, "iso3"], ascending=[False, True])
    return list(ordered["iso3"]).index(iso3) + 1


def drawn_end(course: Course, path: str, quantile: float, without: str = "") -> float:
    """Return an end of the interval that the explorer of the bootstrap shows at a thousand draws.

    Parameters
    ----------
    path : str
        ``member``, ``neutral`` or ``partner``.
    quantile : float
        Which end: 0.05 for the lower, 0.95 for the upper.
    without : str, optional
        ISO 3166 alpha-3 code of a state that is left out.
    """
    from pfp_course.pfp.explorers.bootstrap import changes_of, means_of

    return float(means_of(changes_of(course, path, without)).quantile(quantile))
