"""What belongs to this course alone: functions for its keys, figures, colours, explorers.

The engine finds it by the line ``extension`` of ``course.toml`` and knows no name of it.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from pfp_course.palette import Meanings

__all__ = ["EXPLORERS", "FIGURES", "KEY_FUNCTIONS", "MEANINGS"]

# What a key may call by name, where an answer takes more than a column: the public functions of
# the modules `key_…`, whose first argument is the course. They are not in what students of an
# examination are given.
KEY_FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: function
    for module in (
        import_module(f"{__name__}.{found.name}")
        for found in iter_modules(__path__)
        if found.name.startswith("key_")
    )
    for name, function in vars(module).items()
    if not name.startswith("_") and getattr(function, "__module__", "") == module.__name__
}
# The front ends of the explorers, by their names: each beside its module of Python.
EXPLORERS = {path.stem: path for path in sorted(Path(__file__).parent.glob("explorers/*.js"))}
# What ``figures`` offers besides the charts of the engine, with the module that has it.
FIGURES = {
    **dict.fromkeys(("MAP_NOTE", "explore_country", "signature_map"), f"{__name__}.figures"),
    **{f"explore_{name}": f"{__name__}.explorers.{name}" for name in EXPLORERS},
}

# What a colour means: one look for each thing, in every figure and on the cover. Blue stands for
# the United States, for NATO and what it founded; red for Russia, its organisation and what was
# broken off; ochre for China; the blue-green of its flag for Kazakhstan and nothing else. Things
# that never meet in one figure may share a colour, but no thing has two. Orange points out, and
# slate is a count without a meaning of its own.
MEANINGS: Meanings = {
    # States
    "Kazakhstan": ("s3", ()),
    "Kyrgyzstan": ("s8", ()),
    "Tajikistan": ("s9", ()),
    "Turkmenistan": ("s6", ()),
    "Uzbekistan": ("s10", ()),
    "United States": ("s1", ("with the United States", "with the USA", "like the United States")),
    "Russia": ("s7", ("with Russia", "like Russia")),
    "China": ("s5", ("with China",)),
    "both powers": ("s4", ("with both",)),
    "neither power": ("s6", ("with neither",)),
    "Germany": ("s4", ()),
    "Azerbaijan": ("s2", ()),
    "Afghanistan": ("s2", ()),
    "Central Asia": ("s2", ()),
    # Paths
    "member of NATO": ("s1", ("member", "became Allies", "Central & Eastern Europe, Baltic")),
    "partner": ("s4", ("partners", "other partners", "all other signatories")),
    "neutral": ("s6", ()),
    "suspended": ("s7", ()),
    "partners in practice": ("s6", ("in practice",)),
    # Bodies
    "Partnership for Peace": ("s1", ("PfP",)),
    "CSTO": ("s7", ()),
    "SCO": ("s5", ()),
    # Events
    "tool": ("s1", ("documents and tools",)),
    "policy": ("s4", ()),
    "summit": ("s8", ("units and centres",)),
    "enlargement": ("s5", ()),
    "operation": ("s10", ("missions",)),
    "crisis": ("s7", ()),
    "exercise": ("s9", ("exercises",)),
    # Deeds
    "said": ("s4", ()),
    "established": ("s8", ()),
    "used": ("s9", ()),
    "refused": ("s7", ()),
    "open": ("s6", ()),
    # Verdicts
    "supported": ("s9", ("for", "speaks for it")),
    "partly": ("s5", ()),
    "contradicted": ("s7", ("against", "speaks against it")),
    "opinion": ("s4", ()),
    "unverifiable": ("s6", ()),
}
