"""The parts of the points that Moodle knows."""

from collections.abc import Callable

__all__ = ["moodle_percent"]

# In question/engine/bank.php of Moodle, from 1 to 1/20; a weight that is none of them is refused.
_KNOWN = (
    *(100, 90, 500 / 6, 80, 75, 70, 200 / 3, 60, 50, 40, 100 / 3, 30, 25, 20, 100 / 6),
    *(100 / 7, 12.5, 100 / 9, 10, 5, 0),
)


def moodle_percent(share: float, tell: Callable[[str, str], None]) -> str:
    """Return a share in percent as Moodle writes it; another is told, and the nearest taken."""
    percent = abs(share) * 100
    nearest = min(_KNOWN, key=lambda known: abs(known - percent))
    if abs(nearest - percent) > 1e-3:
        tell("a part of the points that Moodle does not know", "the nearest that it knows is taken")
    sign = "-" if share < 0 and nearest else ""
    return sign + (f"{nearest:.5f}".rstrip("0").rstrip("."))
