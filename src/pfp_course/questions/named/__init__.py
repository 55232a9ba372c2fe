"""Functions that a key may call by name, where an answer takes more than a column.

Each module of this folder serves one chapter, or a few that share a measure; its public
functions are listed in `FUNCTIONS` by their names.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

__all__ = ["FUNCTIONS"]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(module, name)
    for module in (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    for name in module.__all__
}
