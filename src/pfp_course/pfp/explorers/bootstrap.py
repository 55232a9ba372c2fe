"""The bootstrap, draw by draw: how far a mean depends on single states."""

import pandas as pd

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, drawn_places, shown
from pfp_course.figures import show
from pfp_course.figures.distributions import intervals

__all__ = ["changes_of", "explore_bootstrap", "index_changes", "means_of"]

_PATHS = {"member": "Allies by 2014", "neutral": "neutral", "partner": "other partners"}
_FIRST, _LAST = 1994, 2014
_DRAWS, _SEED = 1000, 1


def index_changes(course: Course, first: int, last: int, status: int = 2014) -> pd.DataFrame:
    """Return by code the country, path and change of the index between two years.

    The path of a state is taken at the end of the year ``status``, 2014 or 2024.
    """
    states = load("signatories", course)
    path = states[f"status_{status}"].mask(states["neutral"], "neutral")
    states = states.assign(path=path.replace("suspended", "partner"))
    wide = load("democracy", course).pivot(index="iso3", columns="year", values="v2x_polyarchy")
    table = states.set_index("iso3")[["path", "country"]].assign(change=wide[last] - wide[first])
    return table.dropna()


def changes_of(course: Course, path: str, without: str = "") -> pd.Series:
    """Return the change of the index of each state of a path, in thousandths, by its code."""
    table = index_changes(course, _FIRST, _LAST)
    changes = table[(table["path"] == path) & (table.index != without)]["change"]
    return (changes.astype(float) * 1000).round().astype(int)


def means_of(changes: pd.Series) -> pd.Series:
    """Return the mean of each draw from changes in thousandths."""
    values = changes.to_list()
    places = drawn_places(len(values), _DRAWS, _SEED)
    return pd.Series([sum(values[place] for place in row) / len(row) / 1000 for row in places])


@shown
def explore_bootstrap(course: Course) -> Explorer:
    """Explore the bootstrap: one draw, ten, a thousand."""
    names = load("signatories", course).set_index("iso3")["country"]
    changes = changes_of(course, "partner")
    means = means_of(changes)
    low, high = float(means.quantile(0.05)), float(means.quantile(0.95))
    label = _PATHS["partner"]
    figure, _ = intervals(
        pd.DataFrame({"value": [changes.mean() / 1000], "low": [low], "high": [high]}, [label]),
        title="How far does the mean change depend on single states?",
        unit=f"change of the index, {_FIRST} to {_LAST}",
        points=pd.Series(changes.to_numpy() / 1000, [label] * len(changes)),
    )
    words = (
        f"{len(changes)} states: other partners. Their mean change is {_signed(changes.mean())}. "
        f"After {_DRAWS} draws nine in ten means lie between {_signed(low * 1000)} and "
        f"{_signed(high * 1000)}."
    )
    still = show(
        figure,
        alt=f"A mean with an interval, and a ring for each state. {words}",
        caption="Each draw takes as many states as there are, by lot; a state may come again. "
        "The lot is a linear congruential generator (Numerical Recipes), so that the same start "
        "gives the same draws.",
        source=[load("democracy", course), load("signatories", course)],
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "paths": _PATHS,
            "first": _FIRST,
            "last": _LAST,
            "states": {
                path: [
                    [code, str(names[str(code)]), int(change)]
                    for code, change in changes_of(course, path).items()
                ]
                for path in _PATHS
            },
        },
        state={"path": "partner", "without": "none", "draws": "1", "seed": str(_SEED)},
        printed={"draws": str(_DRAWS)},
    )


def _signed(thousandths: float) -> str:
    return f"{thousandths / 1000:+.3f}".replace("-", "\u2212")
