"""Waiting and censoring: the same states, seen on another day."""

from datetime import date
from typing import Any

import pandas as pd

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.figures import show
from pfp_course.figures.canvas import look_of
from pfp_course.figures.distributions import kaplan_meier, survival

__all__ = ["explore_waiting", "observed"]

_DAYS_IN_A_YEAR = 365.25
_LAST = "2024-12-31"  # the data set describes the states at the end of that year


def observed(course: Course, day: str) -> pd.DataFrame:
    """Return the signatories as an observer on a day (ISO 8601) sees them.

    The columns are ``country``, ``years`` from the signature to the accession or to the day, and
    ``joined``. States that had not signed by then are left out.
    """
    end = pd.Timestamp(day)
    states = load("signatories", course)
    states = states[states["signed"] <= end]
    joined = (states["nato_accession"] <= end).fillna(value=False)
    until = states["nato_accession"].where(joined, end)
    years = (until - states["signed"]).dt.days / _DAYS_IN_A_YEAR
    return states[["country"]].assign(years=years, joined=joined)


@shown
def explore_waiting(course: Course) -> Explorer:
    """Explore waiting times: drag the day of observation."""
    states = load("signatories", course).sort_values(["signed", "order_signed"])
    seen = observed(course, _LAST)
    curve = survival(seen["years"], seen["joined"])
    figure, _ = kaplan_meier(
        {"all signatories": curve},
        title="How long did signatories stay outside NATO, seen at the end of 2024?",
        event="joined NATO",
        since="signing the Framework Document",
    )
    joined = seen[seen["joined"]]
    words = (
        f"Seen on 31 December 2024: {len(seen)} states had signed, {len(joined)} of them had "
        f"joined NATO, and {len(seen) - len(joined)} were outside. The median wait of those who "
        f"had joined was {joined['years'].median():.1f} years. The curve ends at "
        f"{curve['share'].iloc[-1] * 100:.1f}%; it does not reach one half."
    )
    still = show(
        figure,
        alt=f"A falling line of steps from 100%. {words}",
        caption="Kaplan-Meier estimate. Small strokes: states still outside on the day of "
        "observation. The curve does not show who wanted to join.",
        source=states,
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "states": [
                [row.country, _day(row.signed), _day(row.nato_accession)]
                for row in states.itertuples()
            ],
            "joined": look_of("member of NATO").slot,
            "outside": look_of("partner").slot,
        },
        state={"day": str(2024 * 12 + 11), "order": "signature"},
    )


def _day(moment: Any) -> int | None:
    """Return the days from 1 January 1970, as JavaScript counts them; None for no day."""
    return None if moment != moment else int((moment.date() - date(1970, 1, 1)).days)
