"""From the receipts of a class to grades: collected, marked anew, looked at as a group."""

from pfp_course.grading.marks import Late, Settings
from pfp_course.grading.run import Outcome, grade

__all__ = ["Late", "Outcome", "Settings", "grade"]
