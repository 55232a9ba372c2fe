"""Errors that a user can cause and mend."""

__all__ = ["CourseError"]


class CourseError(Exception):
    """A problem with a clear message: what is wrong, where, and how to mend it."""
