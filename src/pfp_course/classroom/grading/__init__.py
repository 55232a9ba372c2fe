"""From the receipts of a class to grades: collected, marked anew, looked at as a group."""

from pfp_course.classroom.grading.run import Outcome, Progress, grade
from pfp_course.classroom.grading.settings import Late, Settings, Variants

__all__ = ["Late", "Outcome", "Progress", "Settings", "Variants", "grade"]
