"""What an explorer computes in the page, computed in Python: both pass the same vectors."""

from collections.abc import Sequence

__all__ = ["drawn_places", "periods"]

# The constants of Numerical Recipes, as D3's randomLcg has them.
_FACTOR, _STEP, _SIZE = 1664525, 1013904223, 2**32


def drawn_places(size: int, draws: int, seed: int) -> list[list[int]]:
    """Return draws by lot with replacement, as the places that each draw takes.

    Parameters
    ----------
    size : int
        How many places there are, and how many are drawn each time.
    draws : int
        How many draws.
    seed : int
        Where the linear congruential generator begins; a whole number from 1.
    """
    state = seed % _SIZE
    rows = []
    for _ in range(draws):
        row = []
        for _ in range(size):
            state = (_FACTOR * state + _STEP) % _SIZE
            row.append(int(state / _SIZE * size))
        rows.append(row)
    return rows


def periods(years: Sequence[int], start: int, width: int) -> list[tuple[int, int, int]]:
    """Return how many years fall into each period: first year, last year, count.

    Parameters
    ----------
    years : sequence of int
        One or more years.
    start : int
        A year in which a period begins.
    width : int
        Years in a period.
    """
    begins = [start + (year - start) // width * width for year in years]
    return [
        (first, first + width - 1, begins.count(first))
        for first in range(min(begins), max(begins) + 1, width)
    ]
