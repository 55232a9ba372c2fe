"""Assignments: chapters are assigned, and answers are handed in."""

from pfp_course.assignments.handin import hand_in, submit

__all__ = ["hand_in", "submit"]
