"""What belongs to this course alone: functions for its keys, maps, explorers.

The engine finds it by the line ``extension`` of ``course.toml`` and knows no name of it.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from pfp_course.pfp.meanings import MEANINGS

__all__ = ["EXPLORERS", "FIGURES", "KEY_FUNCTIONS", "MEANINGS"]

_EXPLORERS = Path(__file__).with_name("explorers")

# What a key may call by name, where an answer takes more than a column: the functions of the
# modules `key_…`, whose first argument is the course. They are not in what students
# of an examination are given.
KEY_FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(module, name)
    for module in (
        import_module(f"{__name__}.{found.name}")
        for found in iter_modules(__path__)
        if found.name.startswith("key_")
    )
    for name in module.__all__
}
# What ``figures`` offers besides the charts of the engine: the module and the name in it.
FIGURES = {
    "MAP_NOTE": "pfp_course.pfp.maps",
    "explore_country": "pfp_course.pfp.country",
    "signature_map": "pfp_course.pfp.maps",
    **{
        f"explore_{found.name}": f"{__name__}.explorers.{found.name}"
        for found in iter_modules([str(_EXPLORERS)])
    },
}
# The front ends of the explorers, by their names.
EXPLORERS = {path.stem: path for path in sorted(_EXPLORERS.glob("*.js"))}
