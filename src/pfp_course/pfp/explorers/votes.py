"""Votes in the General Assembly: with whom a state votes, on what, and when."""

from typing import Any

import pandas as pd

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.figures import show
from pfp_course.figures.lines import lines
from pfp_course.palette import LOOKS
from pfp_course.pfp import MEANINGS

__all__ = ["explore_votes"]

# The five of Central Asia first, then others of the former Soviet Union, powers, and neighbours.
_STATES = (
    *("KAZ", "KGZ", "TJK", "TKM", "UZB", "ARM", "AZE", "BLR", "GEO", "MDA", "RUS", "UKR"),
    *("CHN", "USA", "DEU", "FRA", "GBR", "POL", "TUR", "AFG", "CHE", "FIN", "IRN", "MNG"),
)
_FEWEST = 20  # votes in a session, as the data card says
_ALL = "All roll calls"
_POWERS = {"usa": "agree_usa_share", "russia": "agree_russia_share", "china": "agree_china_share"}
_FIRST = ("KAZ", "DEU", "TUR")


def _by_year(frame: pd.DataFrame, column: str) -> dict[int, int]:
    """Return a column by year in whole hundredths."""
    kept = frame.dropna(subset=[column])
    pairs = zip(kept["year"], kept[column], strict=True)
    return {int(year): round(float(value) * 100) for year, value in pairs}


def _series(frame: pd.DataFrame, column: str, years: range) -> list[int | None]:
    """Return a column in hundredths for each year, without the sessions of few votes."""
    found = _by_year(frame[frame["n_votes"] >= _FEWEST], column)
    return [found.get(year) for year in years]


@shown
def explore_votes(course: Course) -> Explorer:
    """Explore the votes in the General Assembly: states, subject, years, intervals."""
    points, issues = load("unga_ideal_points", course), load("unga_issues", course)
    years = range(int(points["year"].min()), int(points["year"].max()) + 1)
    subjects = sorted(set(issues["issue"].unique()) - {_ALL})
    states: dict[str, Any] = {}
    for code in _STATES:
        own, by_issue = points[points["iso3"] == code], issues[issues["iso3"] == code]
        states[code] = {
            "name": str(own["country"].iloc[0]),
            "slot": MEANINGS.get(str(own["country"].iloc[0]), (None,))[0],
            **{name: _series(own, column, years) for name, column in _POWERS.items()},
            "point": _series(own, "ideal_point", years),
            "low": _series(own, "ideal_point_q05", years),
            "high": _series(own, "ideal_point_q95", years),
            "subjects": [
                {
                    name: _subject(by_issue[by_issue["issue"] == subject], _POWERS[name], years)
                    for name in ("usa", "russia")
                }
                for subject in subjects
            ],
        }
    curves = {
        states[code]["name"]: points[(points["iso3"] == code) & (points["n_votes"] >= _FEWEST)]
        .set_index("year")["agree_usa_share"]
        .dropna()
        for code in _FIRST
    }
    figure, _ = lines(
        curves,
        title="How often did each state vote like the United States?",
        unit="share of votes",
    )
    words = "Share of votes like the United States, on all subjects. " + " ".join(
        _sentence(states[code]["name"], states[code]["usa"], years) for code in _FIRST
    )
    still = show(
        figure,
        alt=f"Three lines from {years[0]} to {years[-1]}. {words}",
        caption="Share of roll-call votes in which both did the same. Sessions in which a state "
        "cast fewer than 20 votes are left out; the data by subject end in 2019.",
        source=[points, issues],
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "first": years[0],
            "last": years[-1],
            "subjects": subjects,
            "states": states,
            # Lengths of strokes and gaps, for lines two pixels wide.
            "looks": {
                slot: " ".join(f"{2 * length:g}" for length in look.dashes) or "none"
                for slot, look in LOOKS.items()
            },
        },
        state={
            "states": ",".join(_FIRST),
            "measure": "usa",
            "subject": "all",
            "from": str(years[0]),
            "to": str(years[-1]),
            "intervals": "yes",
        },
    )


def _subject(frame: pd.DataFrame, column: str, years: range) -> list[int | None]:
    """Return the percentages of one subject: a session has few votes on each."""
    found = _by_year(frame, column)
    last = max(found, default=years[0])
    return [found.get(year) for year in range(years[0], last + 1)]


def _sentence(name: str, values: list[int | None], years: range) -> str:
    found = {year: value for year, value in zip(years, values, strict=True) if value is not None}
    first, last = min(found), max(found)
    top = max(found, key=lambda year: found[year])
    return (
        f"{name}: {found[first]}% in {first}, {found[last]}% in {last}, "
        f"at most {found[top]}% in {top}."
    )
