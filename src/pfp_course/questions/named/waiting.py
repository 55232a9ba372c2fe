"""How long signatories waited for NATO, for keys of chapter 3."""

import statistics

from pfp_course.data import load
from pfp_course.errors import CourseError

__all__ = [
    "mean_waiting_years",
    "median_waiting_years",
    "share_waiting",
    "waiting_years",
]

_DAYS_IN_A_YEAR = 365.25
_END_OF_OBSERVATION = "2024-12-31"  # the data set describes the states at the end of that year


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


def mean_waiting_years() -> float:
    """Return the mean of `waiting_years` over all signatories that joined NATO."""
    return statistics.fmean(_waits().values())


def share_waiting(region: str, years: float) -> float:
    """Return the Kaplan-Meier estimate of the share that has not joined NATO after some years.

    Parameters
    ----------
    region : str
        A region of the table of signatories.
    years : float
        Years after the signature. States that have not joined are observed to the end of 2024.
    """
    import pandas as pd

    states = load("signatories").query("region == @region")
    until = states["nato_accession"].fillna(pd.Timestamp(_END_OF_OBSERVATION))
    waits = (until - states["signed"]).dt.days / _DAYS_IN_A_YEAR
    joined = waits[states["nato_accession"].notna()]
    share = 1.0
    for wait in sorted(joined[joined <= years].unique()):
        share *= 1 - int((joined == wait).sum()) / int((waits >= wait).sum())
    return share
