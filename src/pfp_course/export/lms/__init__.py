"""Exports to learning management systems: a neutral model, and a class for each target.

A module of this package that holds a class with `register` is a target: `targets` finds it.
"""

from importlib import import_module
from pkgutil import iter_modules

from pfp_course.export.lms.target import TARGETS, Target

__all__ = ["Target", "targets"]


def targets() -> dict[str, type[Target]]:
    """Return the classes of all targets by their names, in alphabetical order."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(TARGETS.items()))
