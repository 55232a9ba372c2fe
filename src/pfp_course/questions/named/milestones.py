"""How milestones of Kazakhstan's partnership are coded, for keys of chapter 10.

The rule and the corrections are those that the chapter shows; a test compares the two.
"""

from datetime import date
from typing import Any

from pfp_course.data import load
from pfp_course.errors import CourseError

__all__ = ["days_between", "evidence_kind", "evidence_kinds", "training_and_missions"]

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
    "Lower house approves four officers for ISAF headquarters": "said",
    "Senate rejects the ISAF deployment": "refused",
    "Chicago summit; foreign minister Kazykhanov present": "said",
    "Analyst calls KAZBRIG a brigade on paper": "said",
    "Analyst calls the training centre in Almaty largely symbolic": "said",
    "Parliament approves observers for four UN missions": "established",
    "NATO evaluates KAZBAT during Steppe Eagle": "used",
    "Aim stated: a full brigade in NATO-led operations by 2015": "said",
    "Ministry chooses 20 observers for UN missions": "said",
}
_ARTICLE = "2014-11-01"


def _official() -> Any:
    table = load("kazakhstan")
    return table[(table["date_parsed"] < _ARTICLE) & (table["confidence"] != "uncertain")]


def _coded() -> Any:
    official = _official()
    by_rule = official["category"].map(RULE).fillna("established")
    return official.assign(rule=by_rule, kind=official["event"].map(READING).fillna(by_rule))


def evidence_kind(event: str) -> str:
    """Return how a milestone is coded after reading.

    Parameters
    ----------
    event : str
        The milestone, as the table ``kazakhstan`` names it.
    """
    found = _coded().query("event == @event")["kind"]
    if len(found) != 1:
        raise CourseError(f"{event!r} is no coded milestone.")
    return str(found.iloc[0])


def evidence_kinds(categories: list[str], column: str = "kind") -> dict[str, int]:
    """Return how many milestones of some categories there are of each kind.

    Parameters
    ----------
    categories : list of str
        Categories of the table ``kazakhstan``.
    column : str
        ``kind``, after reading, or ``rule``, before it.
    """
    coded = _coded()
    counts = coded[coded["category"].isin(categories)][column].value_counts()
    return {str(kind): int(count) for kind, count in counts.items()}


def days_between(first: str, second: str) -> int:
    """Return the days from one milestone to another, both with a full date.

    Parameters
    ----------
    first, second : str
        Milestones, as the table ``kazakhstan`` names them.
    """
    table = load("kazakhstan")
    full = table[table["date_precision"] == "day"]
    days = dict(zip(full["event"], full["date"], strict=True))
    for event in (first, second):
        if event not in days:
            raise CourseError(f"{event!r} is no milestone with a full date.")
    return (date.fromisoformat(days[second]) - date.fromisoformat(days[first])).days


def training_and_missions(state: str) -> dict[str, Any]:
    """Return the years to 2014 with a confirmed Steppe Eagle, and a state's peacekeepers then.

    Parameters
    ----------
    state : str
        ISO 3166 alpha-3 code of a state of the table ``un_peacekeeping``.
    """
    exercises = load("exercises")
    is_eagle = exercises["name"].str.contains("Steppe Eagle") & (exercises["year"] <= 2014)
    years = exercises[is_eagle & (exercises["confidence"] == "seen")]["year"].unique()
    people = load("un_peacekeeping")
    found = people[(people["iso3"] == state) & people["year"].isin(years)]
    columns = ["year", "total_personnel_peak_month"]
    return {
        "columns": columns,
        "rows": [[int(cell) for cell in row] for row in found[columns].to_numpy().tolist()],
        "ordered": False,
    }
