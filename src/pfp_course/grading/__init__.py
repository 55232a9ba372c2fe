"""From the receipts of a class to grades: collected, marked anew, looked at as a group."""

from pfp_course.grading.rules import Late, Settings, Variants
from pfp_course.grading.run import Outcome, Progress, grade

__all__ = ["Late", "Outcome", "Progress", "Settings", "Variants", "grade"]
