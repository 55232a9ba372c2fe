"""Who was a partner on a day, for keys of chapter 4."""

from pfp_course.data import load

__all__ = ["partners_on", "tools_by_kind"]


def partners_on(day: str) -> int:
    """Return how many signatories were partners on a day, by the form, and not Allies.

    Parameters
    ----------
    day : str
        ISO 8601 date. A state that had withdrawn on this day is not counted.
    """
    states = load("signatories")
    inside = (states["signed"] <= day) & ~(states["nato_accession"] <= day)
    away = (states["withdrew"] <= day) & ~(states["rejoined"] <= day)
    return int((inside & ~away).sum())


def tools_by_kind(first: int, last: int) -> dict[str, int]:
    """Return how many tools of each kind were introduced between two years, both included."""
    tools = load("tools")
    kept = tools[tools["introduced_year"].between(first, last)]
    return {str(kind): int(number) for kind, number in kept["kind"].value_counts().items()}
