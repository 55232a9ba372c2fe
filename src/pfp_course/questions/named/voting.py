"""Votes in the General Assembly, for keys of chapter 11."""

from pfp_course.data import load
from pfp_course.errors import CourseError

__all__ = ["mean_agreement", "years_below", "years_surely_below"]

_FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def mean_agreement(column: str, votes: int) -> dict[str, float]:
    """Return the mean of a column of `unga_ideal_points` for each state of Central Asia.

    Parameters
    ----------
    column : str
        A column of shares, such as ``agree_usa_share``.
    votes : int
        Sessions in which the state cast fewer votes are left out.
    """
    table = load("unga_ideal_points")
    if column not in table:
        raise CourseError(f"unga_ideal_points has no column {column!r}.")
    kept = table[table["iso3"].isin(_FIVE) & (table["n_votes"] >= votes)]
    return {str(code): float(mean) for code, mean in kept.groupby("iso3")[column].mean().items()}


def years_below(lower: str, upper: str) -> int:
    """Return the number of years in which one state's ideal point lies below another's."""
    return _count(lower, upper, "ideal_point", "ideal_point")


def years_surely_below(lower: str, upper: str) -> int:
    """Return the number of years in which a state's whole interval lies below another's."""
    return _count(lower, upper, "ideal_point_q95", "ideal_point_q05")


def _count(lower: str, upper: str, low_column: str, high_column: str) -> int:
    table = load("unga_ideal_points")
    both = table[table["iso3"] == lower].merge(
        table[table["iso3"] == upper], on="year", suffixes=("_low", "_high")
    )
    return int((both[f"{low_column}_low"] < both[f"{high_column}_high"]).sum())
