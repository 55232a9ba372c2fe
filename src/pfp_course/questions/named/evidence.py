"""Sources behind an advice, for keys of chapter 14."""

from pfp_course.data import load

__all__ = ["sources_of_lessons"]


def sources_of_lessons(office: str) -> list[str]:
    """Return the keys of all sources of the lessons that are addressed to an office."""
    lessons = load("lessons")
    mine = lessons[lessons["audience"].str.contains(office, regex=False)]
    return sorted({str(key) for keys in mine["source"] for key in keys.split(";")})
