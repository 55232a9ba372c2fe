"""Who exercised with whom: ties of a chosen strength, with one power or another."""

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.figures import show
from pfp_course.figures.networks import network, ties

__all__ = ["explore_exercises"]

_POWERS = ("has_usa", "has_russia", "has_china")
_FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
_LEAST = 15


@shown
def explore_exercises(course: Course) -> Explorer:
    """Explore who exercised with whom: powers, a threshold, a state."""
    table = load("military_exercises", course)
    lists = [sorted(set(text.split(";"))) for text in table["participants_iso3"]]
    places = load("countries", course).set_index("iso3")["name"]
    codes = sorted({code for names in lists for code in names}, key=lambda code: places[code])
    codes = [*_FIVE, *(code for code in codes if code not in _FIVE)]
    pairs = ties(table["participants_iso3"])
    strong = pairs[pairs["together"] >= _LEAST]
    tied = [code for code in codes if code in {*strong["one"], *strong["other"]}]
    own = strong[(strong["one"] == "KAZ") | (strong["other"] == "KAZ")]
    met = [
        (str(row.other if row.one == "KAZ" else row.one), int(str(row.together)))
        for row in own.itertuples()
    ]
    met.sort(key=lambda pair: (-pair[1], places[pair[0]]))
    words = (
        f"All {len(table)} exercises of the table, from {table['year'].min()} to "
        f"{table['year'].max()}. {len(strong)} pairs of states met in {_LEAST} or more of them. "
        f"Kazakhstan did so with {len(met)} states: "
        + ", ".join(f"{places[code]} {count}" for code, count in met[:5])
        + "."
    )
    figure, _ = network(
        pairs,
        title=f"Which states met in {_LEAST} or more exercises?",
        names={code: str(places[code]) for code in tied},
        groups={code: "Central Asia" if code in _FIVE else "other states" for code in tied},
        least=_LEAST,
    )
    still = show(
        figure,
        alt=f"States on a circle, joined by lines. {words}",
        caption="The wider the line, the more exercises both were in. Each exercise has at least "
        "one state of Central Asia, so the ties of the others are those that cross the region.",
        source=table,
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "first": int(table["year"].min()),
            "last": int(table["year"].max()),
            "five": _FIVE,
            "states": [[code, str(places[code])] for code in codes],
            "exercises": [
                [
                    [codes.index(code) for code in names],
                    [number for number, power in enumerate(_POWERS) if getattr(row, power)],
                ]
                for names, row in zip(lists, table.itertuples(), strict=True)
            ],
        },
        state={"power": "any", "least": str(_LEAST), "chosen": "KAZ"},
    )
