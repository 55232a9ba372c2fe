"""The one place where the version of the course is written."""

__version__ = "0.1.0"
