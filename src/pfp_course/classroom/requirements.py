"""What a student installs: the course's dependencies alone, at the versions it is tested with."""

import re
from collections.abc import Iterator
from importlib import metadata

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pfp_course.content import lock_path

__all__ = ["reached", "requirements_text"]

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<rest>[^\\\n]+?)\s*\\?$", re.MULTILINE)


def requirements_text(wheel: str) -> str:
    """Return a requirements file: a pin for each library, and the wheel beside the file.

    The pins come from the course's lock file, which serves all systems. They name no index, and
    carry no hashes: where a mirror has built a library anew, a student could do nothing about it.

    Parameters
    ----------
    wheel : str
        File name of the course's wheel.
    """
    wanted = reached("pfp-course")
    text = lock_path().read_text(encoding="utf-8")
    pins = [
        f"{found['name']}=={found['rest']}"
        for found in _PIN.finditer(text)
        if canonicalize_name(found["name"]) in wanted
    ]
    return "\n".join(["# Written by `pfp assign`.", *pins, f"./{wheel}"]) + "\n"


def reached(name: str) -> set[str]:
    """Return the names of all that a library needs, on whatever system."""
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = [(name, frozenset[str]())]
    while queue:
        one = queue.pop()
        if one not in seen:
            seen.add(one)
            queue.extend(_needs(*one))
    return {name for name, _ in seen} - {name}


def _needs(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    try:
        needs = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return  # needed on another system alone, where it needs nothing further
    for need in map(Requirement, needs):
        # What a marker says of systems is left to the lock file; what it says of extras counts.
        if _counts(need.marker, extras):
            yield canonicalize_name(need.name), frozenset(need.extras)


def _counts(marker: Marker | None, extras: frozenset[str]) -> bool:
    if marker is None or "extra" not in str(marker):
        return True
    return any(marker.evaluate({"extra": extra}) for extra in extras)
