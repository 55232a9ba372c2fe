"""How far two readers agree, for keys of chapter 12."""

from collections import Counter

from pfp_course.data import load
from pfp_course.errors import CourseError

__all__ = ["agreement", "kappa", "share_supported"]


def _verdicts(one: str, other: str) -> tuple[list[str], list[str]]:
    first, second = one.split(), other.split()
    if not first or len(first) != len(second):
        raise CourseError("Two readers need the same number of verdicts, one or more.")
    return first, second


def agreement(one: str, other: str) -> float:
    """Return the share of cases in which two readers gave the same verdict.

    Parameters
    ----------
    one, other : str
        The verdicts of each reader, in the same order, with spaces between them.
    """
    first, second = _verdicts(one, other)
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def kappa(one: str, other: str) -> float:
    """Return Cohen's kappa of two readers; see `agreement` for the parameters.

    Source: Cohen, J. (1960), A coefficient of agreement for nominal scales.
    """
    first, second = _verdicts(one, other)
    counts, others = Counter(first), Counter(second)
    luck = sum(counts[word] * others[word] for word in counts) / len(first) ** 2
    if luck == 1:
        raise CourseError("Both readers used one word only, so that kappa has no value.")
    return (agreement(one, other) - luck) / (1 - luck)


def share_supported() -> dict[str, float]:
    """Return the share of supported claims in each section of the article."""
    claims = load("claims")
    shares = (claims["verdict"] == "supported").groupby(claims["section"]).mean()
    return {str(section): float(share) for section, share in shares.items()}
