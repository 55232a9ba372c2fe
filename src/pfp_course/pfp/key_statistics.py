"""Keys about what was done and said: cargo, troops, exercises, missions, projects, claims.

A state is named by its ISO 3166 alpha-3 code. What draws is loaded when a key needs it.
"""

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

_ALL_CARGO = "percent of all cargo"
_FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def share_of_cargo(course: Course, route: str, without: str = "") -> float:
    """Return a route's share of the cargo into Afghanistan in December 2011, in percent.

    The route is ``NDN``, ``air`` or ``Pakistan``; one can be taken out of the whole.
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

    ``together`` divides by the troops in Afghanistan and in the five states together.
    """
    table = _troops(course)
    table = table[table["year"].between(first, last)]
    here = table[table["iso3"].isin(_FIVE)].groupby("year")["troops"].sum()
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

    ``of_all`` divides by the earlier troops of all five states together, and not of the state.
    """
    table = _troops(course)
    table = table[table["iso3"].isin(_FIVE)]
    early = table[table["year"] == before].set_index("iso3")["troops"]
    late = table[table["year"] == after].set_index("iso3")["troops"]
    whole = early.sum() if of_all else early
    return {str(state): float(left) for state, left in (late / whole * 100).items()}


def place_by_share(course: Course, iso3: str, measure: str) -> int:
    """Return the place of a contingent of November 2010, without the United States.

    The measure is ``troops``, ``people`` (per million inhabitants) or ``income`` (per thousand
    million US dollars of GDP).
    """
    from pfp_course.pfp.explorers.shares import contingents

    both = contingents(course)
    if measure not in ("troops", "people", "income"):
        raise CourseError(f"{measure!r} is no measure. There are: troops, people, income.")
    ordered = both[both["iso3"] != "USA"].sort_values([measure, "iso3"], ascending=[False, True])
    return list(ordered["iso3"]).index(iso3) + 1


def trained_without(
    course: Course, column: str, other: str, *, once_a_month: bool = False, whole_list: bool = False
) -> dict[str, int]:
    """Return for each state of Central Asia its exercises with one power and without another.

    The powers are columns such as ``has_russia`` and ``has_usa``. ``once_a_month`` counts one such
    exercise for each month in which any of them began; with ``whole_list`` one exercise of any kind
    is kept for each month before choosing.
    """
    table = load("military_exercises", course)
    month = ["year", "start_month"]
    if once_a_month and whole_list:
        table = table.drop_duplicates(month)
    table = table[table[column] & ~table[other]]
    if once_a_month:
        table = table.drop_duplicates(month)
    kept = table["participants_iso3"].str.split(";")
    counted = {code: sum(code in names for names in kept) for code in _FIVE}
    return {code: number for code, number in counted.items() if number}


def partners_met(course: Course, iso3: str, least: int, power: str = "") -> int:
    """Return with how many states a state met in a number of exercises, or more.

    The power is ``has_usa``, ``has_russia`` or ``has_china``, for the exercises with this power.
    """
    from pfp_course.figures.networks import ties

    table = load("military_exercises", course)
    if power and power not in table:
        raise CourseError(f"{power!r} is no column of the table military_exercises.")
    pairs = ties((table[table[power]] if power else table)["participants_iso3"])
    pairs = pairs[(pairs["one"] == iso3) | (pairs["other"] == iso3)]
    return int((pairs["together"] >= least).sum())


def size_of_steppe_eagle(course: Course, *, smallest: bool = False) -> dict[int, int]:
    """Return the people at Steppe Eagle by year, the largest row of a year that has a number.

    ``smallest`` takes the smallest row of a year.
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

    The kind is a word of the column ``count_type``.
    """
    people = load("un_peacekeeping", course).dropna(subset=["total"])
    people = people[(people["iso3"] == state) & (people["count_type"] == kind)]
    most = people[people["year"] >= first].groupby("year")["total"].max()
    return dict(zip(most.index.tolist(), most.tolist(), strict=True))


def served_for_each_serving(
    course: Course, state: str, first: int, *, inverse: bool = False
) -> dict[str, float]:
    """Return how many had served for each one in service, by day on which both counts stand.

    ``inverse`` divides those in service by those who had served.
    """
    people = load("un_peacekeeping", course)
    people = people[(people["iso3"] == state) & (people["year"] >= first)]
    served, serving = (
        people[people["count_type"] == kind].set_index("date")["total"]
        for kind in ("in all since a date", "at one time")
    )
    ratio = (serving / served if inverse else served / serving).dropna()
    return {str(day): float(value) for day, value in ratio.items()}


def years_of_trade(course: Course, *, any_mission: bool = False) -> list[int]:
    """Return the years in which Steppe Eagle shrank and Kazakhstan had more people abroad.

    A year is compared with the year before it that has both numbers. ``any_mission`` takes the
    years in which the exercise shrank, whatever the missions did.
    """
    trained, served = size_of_steppe_eagle(course), most_at_one_time(course, "KAZ", 2009)
    years = sorted(trained.keys() & served.keys())
    return [
        year
        for before, year in pairwise(years)
        if trained[year] < trained[before] and (any_mission or served[year] > served[before])
    ]


def lowest_peak(course: Course, width: int) -> int:
    """Return the fewest tools that the fullest period of ``width`` years can have, at any start."""
    from pfp_course.explorers import periods
    from pfp_course.pfp.explorers.periods import tools_by_year

    years = [int(year) for year in tools_by_year(course)["introduced_year"]]
    return min(
        max(count for _, _, count in periods(years, min(years) + shift, width))
        for shift in range(width)
    )


def _project_steps(course: Course) -> "pd.DataFrame":
    steps = load("project_steps", course)
    days = {
        step: steps[steps["step"] == step].set_index("project")["date_parsed"]
        for step in ("began", "ended")
    }
    return steps.assign(
        began=steps["project"].map(days["began"]), ended=steps["project"].map(days["ended"])
    )


def days_of_projects(course: Course) -> list[int]:
    """Return the days between beginning and end of each project, in the order of the table."""
    once = _project_steps(course).drop_duplicates("project")
    return [int(days) for days in (once["ended"] - once["began"]).dt.days]


def euros_of_projects(course: Course) -> dict[str, int]:
    """Return the euros that sources name for each project, without what came after NATO's part."""
    steps = _project_steps(course)
    kept = steps[(steps["currency"] == "EUR") & (steps["step"] != "taken over")]
    return {str(name): int(sum_) for name, sum_ in kept.groupby("project")["amount"].sum().items()}


def known_after(course: Course, days: int) -> list[str]:
    """Return the projects of which the table holds a step more than so many days after the end."""
    steps = _project_steps(course)
    late = (steps["date_parsed"] - steps["ended"]).dt.days > days
    return sorted({str(name) for name in steps.loc[late, "project"]})


def _other_reader(course: Course) -> "pd.Series[str]":
    """Return the verdicts of a reader who takes each close call the other way."""
    claims = load("claims", course)
    return claims["alternative"].fillna(claims["verdict"])


def share_supported(course: Course, *, other: bool = False) -> dict[str, float]:
    """Return the share of supported claims by section; ``other`` turns each close call."""
    claims = load("claims", course)
    verdicts = _other_reader(course) if other else claims["verdict"]
    shares = (verdicts == "supported").groupby(claims["section"]).mean()
    return {str(section): float(share) for section, share in shares.items()}


def kappa_of_close_calls(course: Course) -> float:
    """Return Cohen's kappa of our verdicts and of those with each close call the other way."""
    from pfp_course.explorers import kappa

    return kappa(list(load("claims", course)["verdict"]), list(_other_reader(course)))


def kappa_of_ten(course: Course, believed: str, changed: str = "", word: str = "") -> float:
    """Return Cohen's kappa of the course and a reader who gives all ten claims one verdict.

    The reader gives the verdict ``believed``; to the claim with the id ``changed``, if there is
    one, the verdict ``word``.
    """
    from pfp_course.explorers import kappa
    from pfp_course.pfp.explorers.claims import ten_claims

    ours = {str(name): str(verdict) for name, verdict in ten_claims(course)["verdict"].items()}
    if changed and changed not in ours:
        raise CourseError(f"{changed!r} is none of the ten claims: {', '.join(ours)}.")
    mine = [word if name == changed else believed for name in ours]
    return kappa(mine, list(ours.values()))


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


def _coded(course: Course) -> Any:
    table = load("kazakhstan", course)
    official = table[(table["date_parsed"] < _ARTICLE) & (table["confidence"] != "uncertain")]
    by_rule = official["category"].map(RULE).fillna("established")
    return official.assign(rule=by_rule, kind=official["event"].map(READING).fillna(by_rule))


def evidence_kind(course: Course, event: str) -> str:
    """Return how a milestone of the table ``kazakhstan`` is coded after reading."""
    found = _coded(course).query("event == @event")["kind"]
    if len(found) != 1:
        raise CourseError(f"{event!r} is no coded milestone.")
    return str(found.iloc[0])


def days_between(course: Course, first: str, second: str) -> int:
    """Return the days from one milestone of the table ``kazakhstan`` to another, by full dates."""
    table = load("kazakhstan", course)
    full = table[table["date_precision"] == "day"]
    days = dict(zip(full["event"], full["date"], strict=True))
    for event in (first, second):
        if event not in days:
            raise CourseError(f"{event!r} is no milestone with a full date.")
    return (date.fromisoformat(days[second]) - date.fromisoformat(days[first])).days
