"""The command ``pfp``: a thin floor above the rooms that do the work."""

from pfp_course.cli.terminal import stoppable

with stoppable("Stopped."):
    try:
        from pfp_course.cli.app import app
    except Exception as error:  # a library that is missing or broken can fail in any way
        from pfp_course.cli.installation import without_libraries

        app = without_libraries(error)  # type: ignore[assignment]

__all__ = ["app"]
