"""What Moodle's two formats have in common: paths of categories, and parts of the points."""

from pfp_course.export.lms.model import Item
from pfp_course.export.lms.target import Target

__all__ = ["category_path", "percent"]

# In question/engine/bank.php of Moodle, from 1 to 1/20; a weight that is none of them is refused.
_KNOWN = (
    *(100, 90, 500 / 6, 80, 75, 70, 200 / 3, 60, 50, 40, 100 / 3, 30, 25, 20, 100 / 6),
    *(100 / 7, 12.5, 100 / 9, 10, 5, 0),
)


def category_path(*names: str) -> str:
    """Return the path of a category, in whose names a stroke is written twice."""
    inside = (" ".join(name.split()).replace("/", "//") for name in names)
    return "/".join(["$course$", "top", *inside])


def percent(share: float, item: Item, target: Target) -> str:
    """Return a share in percent as Moodle writes it; another is told, and the nearest taken."""
    wanted = abs(share) * 100
    nearest = min(_KNOWN, key=lambda known: abs(known - wanted))
    if abs(nearest - wanted) > 1e-3:
        what = "a part of the points that Moodle does not know"
        target.tell(item, what, "the nearest that it knows is taken")
    sign = "-" if share < 0 and nearest else ""
    return sign + (f"{nearest:.5f}".rstrip("0").rstrip("."))
