"""Errors that a user can cause and mend."""

__all__ = ["CourseError"]


class CourseError(Exception):
    """A problem with a clear message: what is wrong, where, and how to mend it."""

    def _render_traceback_(self) -> list[str]:
        # In a notebook IPython asks for this: a student needs the message, and not the
        # course's own lines that led to it.
        return [f"{type(self).__name__}: {self}"]
