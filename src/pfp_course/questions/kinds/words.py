"""Compare short texts as a patient reader does."""

import unicodedata

__all__ = ["is_near", "plain"]

_SHORTEST_NEAR = 5  # in a shorter word one letter can make another word


def plain(text: str) -> str:
    """Return a text in lower case, without accents and punctuation, single-spaced."""
    letters = [
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.category(letter).startswith("M")
    ]
    spaced = "".join(
        letter if unicodedata.category(letter)[0] in "LN" else " " for letter in letters
    )
    return " ".join(spaced.lower().split())


def is_near(one: str, other: str) -> bool:
    """Tell whether two plain texts are one slip apart: a letter more, fewer or other."""
    if one == other or min(len(one), len(other)) < _SHORTEST_NEAR:
        return False
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = (
        short[start : start + 2] == long[start : start + 2][::-1]
        and short[start + 2 :] == long[start + 2 :]
    )
    return swapped or short[start + 1 :] == long[start + 1 :]
