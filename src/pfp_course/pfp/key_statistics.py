"""Shares and ratios over a named whole, for keys of chapter 9."""

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "days_between",
    "days_to_sign",
    "evidence_kind",
    "kappa_of_close_calls",
    "most_at_one_time",
    "served_for_each_serving",
    "share_of_cargo",
    "share_supported",
    "size_of_steppe_eagle",
    "troops_left",
    "troops_share",
    "troops_shares",
    "waiting_years",
    "years_of_trade",
]


_INVITED = date(1994, 1, 10)
_ALL_CARGO = "percent of all cargo"
_CENTRAL_ASIA = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def share_of_cargo(course: Course, route: str, without: str = "") -> float:
    """Return a route's share of the cargo into Afghanistan in December 2011, in percent.

    Parameters
    ----------
    route : str
        ``NDN``, ``air`` or ``Pakistan``.
    without : str
        A route that is taken out of the whole; none if empty.
    """
    table = load("ndn", course)
    found = table[(table["volume_unit"] == _ALL_CARGO) & (table["route"] != without)]
    amounts = dict(zip(found["route"], found["volume_number"].astype(float), strict=True))
    if route not in amounts:
        raise CourseError(f"{route!r} is no part of that cargo.")
    return float(amounts[route] / sum(amounts.values()) * 100)


def _troops(course: Course) -> Any:
    return load("us_troops", course).rename(columns={"us_troops_active_duty": "troops"})


def troops_shares(
    course: Course, first: int, last: int, *, together: bool = False
) -> dict[int, float]:
    """Return the US troops in the five states as a percentage of those in Afghanistan, by year.

    Parameters
    ----------
    first, last : int
        The years.
    together : bool
        Divide by the troops in Afghanistan and in the five states together.
    """
    table = _troops(course)
    table = table[table["year"].between(first, last)]
    here = table[table["iso3"].isin(_CENTRAL_ASIA)].groupby("year")["troops"].sum()
    whole = table[table["iso3"] == "AFG"].set_index("year")["troops"]
    if together:
        whole = whole + here
    return {int(year): float(share) for year, share in (here / whole * 100).items()}


def troops_share(course: Course, year: int, *, together: bool = False) -> float:
    """Return the value of `troops_shares` for one year."""
    return troops_shares(course, year, year, together=together)[year]


def troops_left(
    course: Course, before: int, after: int, *, of_all: bool = False
) -> dict[str, float]:
    """Return the reported troops of a later year as a percentage of an earlier one, by state.

    Parameters
    ----------
    before, after : int
        The two years.
    of_all : bool
        Divide by the earlier troops of all five states together, and not of the state.
    """
    table = _troops(course)
    table = table[table["iso3"].isin(_CENTRAL_ASIA)]
    early = table[table["year"] == before].set_index("iso3")["troops"]
    late = table[table["year"] == after].set_index("iso3")["troops"]
    whole = early.sum() if of_all else early
    return {str(state): float(left) for state, left in (late / whole * 100).items()}


def _verdicts(one: str, other: str) -> tuple[list[str], list[str]]:
    first, second = one.split(), other.split()
    if not first or len(first) != len(second):
        raise CourseError("Two readers need the same number of verdicts, one or more.")
    return first, second


def agreement(one: str, other: str) -> float:
    """Return the share of cases in which two readers gave the same verdict.

    Parameters
    ----------
    one, other : str
        The verdicts of each reader, in the same order, with spaces between them.
    """
    first, second = _verdicts(one, other)
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def kappa(one: str, other: str) -> float:
    """Return Cohen's kappa of two readers; see `agreement` for the parameters.

    Source: Cohen, J. (1960), A coefficient of agreement for nominal scales.
    """
    first, second = _verdicts(one, other)
    counts, others = Counter(first), Counter(second)
    luck = sum(counts[word] * others[word] for word in counts) / len(first) ** 2
    if luck == 1:
        raise CourseError("Both readers used one word only, so that kappa has no value.")
    return (agreement(one, other) - luck) / (1 - luck)


def _other_reader(course: Course) -> "pd.Series[str]":
    """Return the verdicts of a reader who takes each close call the other way."""
    claims = load("claims", course)
    return claims["alternative"].fillna(claims["verdict"])


def share_supported(course: Course, *, other: bool = False) -> dict[str, float]:
    """Return the share of supported claims in each section of the article.

    Parameters
    ----------
    other : bool
        Whether each close call falls the other way.
    """
    claims = load("claims", course)
    verdicts = _other_reader(course) if other else claims["verdict"]
    shares = (verdicts == "supported").groupby(claims["section"]).mean()
    return {str(section): float(share) for section, share in shares.items()}


def kappa_of_close_calls(course: Course) -> float:
    """Return Cohen's kappa of our verdicts and of those with each close call the other way."""
    return kappa(" ".join(load("claims", course)["verdict"]), " ".join(_other_reader(course)))


_DAYS_IN_A_YEAR = 365.25


def _waits(course: Course) -> dict[str, float]:
    joined = load("signatories", course).dropna(subset=["nato_accession"])
    years = (joined["nato_accession"] - joined["signed"]).dt.days / _DAYS_IN_A_YEAR
    return {str(country): float(wait) for country, wait in zip(joined["iso3"], years, strict=True)}


def waiting_years(course: Course, country: str) -> float:
    """Return the years from a state's signature of the Framework Document to its accession.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3 code of a signatory that joined NATO.
    """
    waits = _waits(course)
    if country not in waits:
        raise CourseError(f"{country!r} is no signatory that joined NATO.")
    return waits[country]


RULE = {"visit": "said", "policy": "said", "exercise": "used", "operations": "used"}
READING = {
    "Parliament approves engineers for Iraq": "established",
    "Analysis notes open hostility at home to the Iraq deployment": "said",
    "Over 3,000 coalition flights and 360 emergency landings reported "
    "since the start of the Afghan operation": "used",
    "Ministry calls the brigade KAZBRIG ready for missions abroad": "said",
    "State secretary says that Kazakhstan considers joining ISAF": "said",
    "EAPC Security Forum in Astana": "said",
    "Kazakhstan listed with a pledge of five people for ISAF": "said",
    "Shortage of money and contract soldiers said to slow the brigade": "said",
    "Government sends the ISAF agreement to the lower house": "said",
    "Lower house approves four officers for ISAF headquarters": "said",
    "Senate rejects the ISAF deployment": "refused",
    "Lower house says that it will return the ISAF agreement": "said",
    "Chicago summit; foreign minister Kazykhanov present": "said",
    "Analyst calls KAZBRIG a brigade on paper": "said",
    "Analyst calls the training centre in Almaty largely symbolic": "said",
    "Parliament approves observers for four UN missions": "established",
    "Government withdraws the ISAF bill from the lower house": "refused",
    "NATO evaluates KAZBAT during Steppe Eagle": "used",
    "Aim stated: a full brigade in NATO-led operations by 2015": "said",
    "Ministry chooses 20 observers for UN missions": "said",
    "Kazakhstan abstains on the General Assembly's resolution on Crimea": "said",
}
_ARTICLE = "2014-11-01"


def _official(course: Course) -> Any:
    table = load("kazakhstan", course)
    return table[(table["date_parsed"] < _ARTICLE) & (table["confidence"] != "uncertain")]


def _coded(course: Course) -> Any:
    official = _official(course)
    by_rule = official["category"].map(RULE).fillna("established")
    return official.assign(rule=by_rule, kind=official["event"].map(READING).fillna(by_rule))


def evidence_kind(course: Course, event: str) -> str:
    """Return how a milestone is coded after reading.

    Parameters
    ----------
    event : str
        The milestone, as the table ``kazakhstan`` names it.
    """
    found = _coded(course).query("event == @event")["kind"]
    if len(found) != 1:
        raise CourseError(f"{event!r} is no coded milestone.")
    return str(found.iloc[0])


def days_between(course: Course, first: str, second: str) -> int:
    """Return the days from one milestone to another, both with a full date.

    Parameters
    ----------
    first, second : str
        Milestones, as the table ``kazakhstan`` names them.
    """
    table = load("kazakhstan", course)
    full = table[table["date_precision"] == "day"]
    days = dict(zip(full["event"], full["date"], strict=True))
    for event in (first, second):
        if event not in days:
            raise CourseError(f"{event!r} is no milestone with a full date.")
    return (date.fromisoformat(days[second]) - date.fromisoformat(days[first])).days


def days_to_sign(course: Course, country: str) -> int:
    """Return the days from the invitation of 10 January 1994 to a state's signature.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3 code of a state of the table ``signatories``.
    """
    signed = load("signatories", course).set_index("iso3")["signed"]
    if country not in signed.index:
        raise CourseError(f"{country!r} is no signatory.")
    return int((signed[country].date() - _INVITED).days)


def served_for_each_serving(
    course: Course, state: str, first: int, *, inverse: bool = False
) -> dict[str, float]:
    """Return how many had served for each one in service, by day on which both counts stand.

    Parameters
    ----------
    state : str
        ISO 3166 alpha-3 code of a state of the table ``un_peacekeeping``.
    first : int
        The first year.
    inverse : bool
        Divide those in service by those who had served.
    """
    people = load("un_peacekeeping", course)
    people = people[(people["iso3"] == state) & (people["year"] >= first)]
    served, serving = (
        people[people["count_type"] == kind].set_index("date")["total"]
        for kind in ("in all since a date", "at one time")
    )
    ratio = (serving / served if inverse else served / serving).dropna()
    return {str(day): float(value) for day, value in ratio.items()}


def size_of_steppe_eagle(course: Course, *, smallest: bool = False) -> dict[int, int]:
    """Return the people at Steppe Eagle by year, the largest row of a year that has a number.

    Parameters
    ----------
    smallest : bool
        Take the smallest row of a year.
    """
    rows = load("exercises", course).dropna(subset=["personnel"])
    rows = rows[rows["name"].str.contains("Steppe Eagle")]
    numbers = rows["personnel"].astype(str).str.extract(r"(\d+)")[0].astype(int)
    by_year = numbers.groupby(rows["year"])
    sizes = by_year.min() if smallest else by_year.max()
    return dict(zip(sizes.index.tolist(), sizes.tolist(), strict=True))


def most_at_one_time(
    course: Course, state: str, first: int, kind: str = "at one time"
) -> dict[int, int]:
    """Return the largest total of a state in UN missions by year, where a row has a total.

    Parameters
    ----------
    state : str
        ISO 3166 alpha-3 code of a state of the table ``un_peacekeeping``.
    first : int
        The first year.
    kind : str, optional
        A word of the column ``count_type``.
    """
    people = load("un_peacekeeping", course).dropna(subset=["total"])
    people = people[(people["iso3"] == state) & (people["count_type"] == kind)]
    most = people[people["year"] >= first].groupby("year")["total"].max()
    return dict(zip(most.index.tolist(), most.tolist(), strict=True))


def years_of_trade(course: Course, *, any_mission: bool = False) -> list[int]:
    """Return the years in which Steppe Eagle shrank and Kazakhstan had more people abroad.

    A year is compared with the year before it that has both numbers.

    Parameters
    ----------
    any_mission : bool
        Take the years in which the exercise shrank, whatever the missions did.
    """
    trained, served = size_of_steppe_eagle(course), most_at_one_time(course, "KAZ", 2009)
    years = sorted(trained.keys() & served.keys())
    return [
        year
        for before, year in pairwise(years)
        if trained[year] < trained[before] and (any_mission or served[year] > served[before])
    ]
