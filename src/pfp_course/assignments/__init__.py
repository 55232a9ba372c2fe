"""Assignments: chapters are assigned, and answers are handed in."""

from pfp_course.assignments.receipt import hand_in, submit

__all__ = ["hand_in", "submit"]
