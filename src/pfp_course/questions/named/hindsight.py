"""What came after, for keys of chapter 13."""

from pfp_course.data import load

__all__ = ["contradicted_after"]


def contradicted_after(year: int) -> dict[str, int]:
    """Return how many lessons of each origin name a later year in what speaks against them.

    Parameters
    ----------
    year : int
        Only lessons whose latest year is after it are counted.
    """
    lessons = load("lessons")
    named = lessons["counter_evidence"].str.findall(r"\b[12]\d{3}\b")
    latest = named.map(lambda years: max(map(int, years), default=0))
    counted = lessons.loc[latest > year, "origin"].value_counts()
    return {str(origin): int(number) for origin, number in counted.items()}
