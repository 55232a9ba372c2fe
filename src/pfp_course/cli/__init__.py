"""The command ``pfp``: a thin floor above the rooms that do the work."""

from pfp_course.cli.app import app

__all__ = ["app"]
