"""The classroom: chapters are assigned, answers handed in, marked and looked at as a group."""

from pfp_course.classroom.handin import hand_in, submit

__all__ = ["hand_in", "submit"]
