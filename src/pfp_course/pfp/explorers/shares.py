"""A share of what: the same troops, by inhabitants and by income."""

import pandas as pd

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.figures import show
from pfp_course.figures.bars import bars

__all__ = ["contingents", "explore_shares"]

_DAY = "2010-11-15"  # a full list of contingents, which the chapter uses
_SHOWN = 12


def contingents(course: Course) -> pd.DataFrame:
    """Return the contingents of November 2010 with inhabitants and GDP (current US$) of 2010."""
    economy = load("economy", course)
    year = economy[economy["year"] == int(_DAY[:4])]
    columns = ["iso3", "population_persons", "gdp_current_usd"]
    listed = load("isaf", course).query("date == @_DAY")
    both = listed.merge(year[columns].dropna(), on="iso3")
    return both.assign(
        people=both["troops"] / both["population_persons"] * 1e6,
        income=both["troops"] / both["gdp_current_usd"] * 1e9,
    )


@shown
def explore_shares(course: Course) -> Explorer:
    """Explore the contingents of ISAF: troops, per million inhabitants, by income."""
    both = contingents(course).sort_values(["people", "iso3"], ascending=[False, True])
    others = both[both["iso3"] != "USA"]
    top = others.head(_SHOWN)
    places = list(others["iso3"])
    figure, _ = bars(
        top.set_index("country")["people"].astype(float).round(0).astype(int),
        title="Who gave most to ISAF in November 2010, per million inhabitants?",
        unit="troops per million inhabitants",
        highlight=list(top["country"][top["framework"] == "EAPC/PfP"]),
    )
    words = (
        f"{len(others)} contingents of November 2010, without the United States. Per million "
        f"inhabitants {others['country'].iloc[0]} is first with {others['people'].iloc[0]:.0f} "
        f"troops. Germany is number {places.index('DEU') + 1} of {len(places)}."
    )
    still = show(
        figure,
        alt=f"Bars of the {_SHOWN} states that gave most troops per million inhabitants. {words}",
        caption="Bars with an arrow are partners in PfP. Contingents of states that our table of "
        "populations does not hold are left out, and so are losses, costs and tasks.",
        source=[load("isaf", course).query("date == @_DAY"), load("economy", course)],
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "contingents": [
                [
                    row["iso3"],
                    row["country"],
                    int(row["framework"] == "EAPC/PfP"),
                    int(row["troops"]),
                    int(row["population_persons"]),
                    round(float(row["gdp_current_usd"]) / 1e6),
                ]
                for row in both.to_dict("records")
            ],
        },
        state={"measure": "people", "chosen": "DEU", "usa": "no", "shown": str(_SHOWN)},
    )
