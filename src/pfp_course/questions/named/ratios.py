"""Shares and ratios over a named whole, for keys of chapter 9."""

from typing import Any

from pfp_course.data import load
from pfp_course.errors import CourseError

__all__ = [
    "share_of_cargo",
    "troops_left",
    "troops_share",
    "troops_shares",
]

_ALL_CARGO = "percent of all cargo"
_CENTRAL_ASIA = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def share_of_cargo(route: str, without: str = "") -> float:
    """Return a route's share of the cargo into Afghanistan in December 2011, in percent.

    Parameters
    ----------
    route : str
        ``NDN``, ``air`` or ``Pakistan``.
    without : str
        A route that is taken out of the whole; none if empty.
    """
    table = load("ndn")
    found = table[(table["volume_unit"] == _ALL_CARGO) & (table["route"] != without)]
    amounts = dict(zip(found["route"], found["volume_number"].astype(float), strict=True))
    if route not in amounts:
        raise CourseError(f"{route!r} is no part of that cargo.")
    return float(amounts[route] / sum(amounts.values()) * 100)


def _troops() -> Any:
    return load("us_troops").rename(columns={"us_troops_active_duty": "troops"})


def troops_shares(first: int, last: int, *, together: bool = False) -> dict[int, float]:
    """Return the US troops in the five states as a percentage of those in Afghanistan, by year.

    Parameters
    ----------
    first, last : int
        The years.
    together : bool
        Divide by the troops in Afghanistan and in the five states together.
    """
    table = _troops()
    table = table[table["year"].between(first, last)]
    here = table[table["iso3"].isin(_CENTRAL_ASIA)].groupby("year")["troops"].sum()
    whole = table[table["iso3"] == "AFG"].set_index("year")["troops"]
    if together:
        whole = whole + here
    return {int(year): float(share) for year, share in (here / whole * 100).items()}


def troops_share(year: int, *, together: bool = False) -> float:
    """Return the value of `troops_shares` for one year."""
    return troops_shares(year, year, together=together)[year]


def troops_left(before: int, after: int, *, of_all: bool = False) -> dict[str, float]:
    """Return the reported troops of a later year as a percentage of an earlier one, by state.

    Parameters
    ----------
    before, after : int
        The two years.
    of_all : bool
        Divide by the earlier troops of all five states together, and not of the state.
    """
    table = _troops()
    table = table[table["iso3"].isin(_CENTRAL_ASIA)]
    early = table[table["year"] == before].set_index("iso3")["troops"]
    late = table[table["year"] == after].set_index("iso3")["troops"]
    whole = early.sum() if of_all else early
    return {str(state): float(left) for state, left in (late / whole * 100).items()}
