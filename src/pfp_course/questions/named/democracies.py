"""Changes of the index of electoral democracy by path, for keys of chapter 8."""

from typing import TYPE_CHECKING

from pfp_course.data import load
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["index_change", "mean_change_of", "mean_index_change", "resampled_end"]

_DRAWS = 1000


def _changes(first: int, last: int) -> "pd.DataFrame":
    states = load("signatories")
    path = states["status_2024"].mask(states["neutral"], "neutral")
    states = states.assign(path=path.replace("suspended", "partner"))
    wide = load("democracy").pivot(index="iso3", columns="year", values="v2x_polyarchy")
    table = states.set_index("iso3")[["path"]].assign(change=wide[last] - wide[first])
    return table.dropna()


def index_change(iso3: str, first: int, last: int) -> float:
    """Return by how much the index of a signatory changed between two years."""
    changes = _changes(first, last)["change"]
    if iso3 not in changes:
        raise CourseError(f"{iso3!r} has no index in {first} and {last}.")
    return float(changes[iso3])


def mean_index_change(first: int, last: int) -> dict[str, float]:
    """Return the mean change of the index between two years, for each path."""
    means = _changes(first, last).groupby("path")["change"].mean()
    return {str(path): float(mean) for path, mean in means.items()}


def mean_change_of(path: str, first: int, last: int) -> float:
    """Return the mean change of the index between two years on one path."""
    return mean_index_change(first, last)[path]


def resampled_end(path: str, quantile: float) -> float:
    """Return an end of the bootstrap interval of the mean change from 1994 to 2014.

    Parameters
    ----------
    path : str
        ``member``, ``neutral`` or ``partner``.
    quantile : float
        Which end: 0.05 for the lower, 0.95 for the upper.
    """
    import pandas as pd

    table = _changes(1994, 2014)
    changes = table[table["path"] == path]["change"]
    means = [
        changes.sample(frac=1, replace=True, random_state=seed).mean() for seed in range(_DRAWS)
    ]
    return float(pd.Series(means).quantile(quantile))
