"""Who trained with whom, for keys of chapter 6."""

from pfp_course.data import load

__all__ = ["partners_in_training", "trained_without"]

_FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def partners_in_training(iso3: str) -> int:
    """Return with how many other states a state took part in at least one exercise.

    Parameters
    ----------
    iso3 : str
        ISO 3166 alpha-3 code of the state.
    """
    lists = load("military_exercises")["participants_iso3"].str.split(";")
    together = {name for names in lists if iso3 in names for name in names}
    return len(together - {iso3})


def trained_without(column: str, other: str) -> dict[str, int]:
    """Return for each state of Central Asia its exercises with one power and without another.

    Parameters
    ----------
    column, other : str
        Columns such as ``has_russia`` and ``has_usa``.
    """
    table = load("military_exercises")
    kept = table[table[column] & ~table[other]]["participants_iso3"].str.split(";")
    counted = {code: sum(code in names for names in kept) for code in _FIVE}
    return {code: number for code, number in counted.items() if number}
