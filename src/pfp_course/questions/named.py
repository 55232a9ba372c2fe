"""Functions that a key may call by name, where an answer takes more than a column."""

import statistics
from collections.abc import Callable
from typing import Any

from pfp_course.data import load
from pfp_course.errors import CourseError

__all__ = ["FUNCTIONS", "median_waiting_years", "waiting_years"]

_DAYS_IN_A_YEAR = 365.25


def _waits() -> dict[str, float]:
    joined = load("signatories").dropna(subset=["nato_accession"])
    years = (joined["nato_accession"] - joined["signed"]).dt.days / _DAYS_IN_A_YEAR
    return {str(country): float(wait) for country, wait in zip(joined["iso3"], years, strict=True)}


def waiting_years(country: str) -> float:
    """Return the years from a state's signature of the Framework Document to its accession.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3 code of a signatory that joined NATO.
    """
    waits = _waits()
    if country not in waits:
        raise CourseError(f"{country!r} is no signatory that joined NATO.")
    return waits[country]


def median_waiting_years() -> float:
    """Return the median of `waiting_years` over all signatories that joined NATO."""
    return statistics.median(_waits().values())


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "median_waiting_years": median_waiting_years,
    "waiting_years": waiting_years,
}
