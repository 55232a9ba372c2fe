"""Drawings in few bytes: rings cut at a window, paths of SVG in relative steps."""

import re
from collections.abc import Iterable, Iterator

__all__ = ["compact", "cut", "path", "places", "presentation"]

Point = tuple[float, float]
_TOKEN = re.compile(r"([A-Za-z])|(-?\d*\.?\d+)")
_STEP = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_PAIRS = {"M": 1, "L": 1, "Q": 2, "C": 3}


def cut(ring: Iterable[Point], window: tuple[float, float, float, float]) -> list[Point]:
    """Cut a closed ring at the sides of a window (Sutherland and Hodgman 1974).

    The ring is its corners, in order; the window west, east, south and north in the same units.
    """
    west, east, south, north = window
    points = list(ring)
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        kept: list[Point] = []
        for before, point in zip([points[-1], *points] if points else [], points, strict=False):
            inside, was_inside = (sign * (end[axis] - limit) >= 0 for end in (point, before))
            if inside != was_inside:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append(
                    (
                        before[0] + share * (point[0] - before[0]),
                        before[1] + share * (point[1] - before[1]),
                    )
                )
            if inside:
                kept.append(point)
        points = kept
    return points


def path(points: Iterable[Point], places: int = 0) -> str:
    """Return a closed path of SVG through points, rounded to decimal places."""
    corners = "L".join(f"{x:.{places}f} {y:.{places}f}" for x, y in points)
    return compact(f"M{corners}Z", places)


def compact(data: str, places: int = 1) -> str:
    """Return the data of an SVG path in relative steps, rounded to decimal places.

    A shape that is repeated, as the dots of a hatching are, is then the same text each time,
    which gzip stores once. The steps are differences of rounded places, so that no error grows.

    Raises
    ------
    ValueError
        If the path has other commands than M, L, Q, C and Z with absolute places.
    """
    scale = 10**places
    said: list[str] = []
    last = ""
    here = start = (0, 0)
    for command, pairs in _commands(data):
        if command == "Z":
            said.append("z")
            here, last = start, "z"
            continue
        ends = [(round(x * scale), round(y * scale)) for x, y in pairs]
        if command == "L" and ends[0] == here:
            continue
        steps = [(x - here[0], y - here[1]) for x, y in ends]
        name = command.lower()
        # Steps that follow a move are lines by themselves.
        said.append("" if name == last or (name == "l" and last == "m") else name)
        said.append(_numbers(steps, scale, places, glued=bool(said[-1])))
        here, last = ends[-1], name
        if command == "M":
            start = here
    return "".join(said)


def places(data: str) -> list[Point]:
    """Return where the steps of a compact path lead, as a browser reads them.

    Of a curve this is its end; its handles are left out.
    """
    here = start = (0.0, 0.0)
    found: list[Point] = []
    for name, rest in re.findall(r"([mlqcz])([^mlqcz]*)", data):
        if name == "z":
            here = start
            continue
        values = [float(value) for value in _STEP.findall(rest)]
        size = 2 * _PAIRS[name.upper()]
        for end in range(size, len(values) + 1, size):
            here = (here[0] + values[end - 2], here[1] + values[end - 1])
            found.append(here)
            if name == "m" and end == size:
                start = here
    return found


def _commands(data: str) -> Iterator[tuple[str, list[Point]]]:
    command, numbers = "", [0.0][:0]
    for letter, number in _TOKEN.findall(data):
        if letter:
            command = letter.upper() if letter in "zZ" else letter
            if command == "Z":
                yield command, []
            elif command not in _PAIRS:
                raise ValueError(f"a path with {letter!r} cannot be made compact")
            continue
        numbers.append(float(number))
        if len(numbers) == 2 * _PAIRS[command]:
            yield command, list(zip(numbers[::2], numbers[1::2], strict=True))
            numbers = []
            command = "L" if command == "M" else command


def _numbers(steps: list[tuple[int, int]], scale: int, places: int, *, glued: bool) -> str:
    text = ""
    for value in (part for step in steps for part in step):
        number = f"{value / scale:.{places}f}"
        if places:
            number = number.rstrip("0").rstrip(".")
        number = re.sub(r"^(-?)0\.", r"\1.", number) if number not in ("", "-0") else "0"
        # A minus divides numbers by itself; so does the first letter.
        text += number if number.startswith("-") or (glued and not text) else f" {number}"
    return text


_FONT_SIZE = re.compile(r"(?:^|\s)(?P<size>\d[\d.]*(?:px|pt|em|rem|%))(?:/\S+)?\s+(?P<family>.+)$")


def presentation(style: str) -> dict[str, str]:
    """Return rules of style as the attributes of SVG that say the same.

    A page whose server allows no styles inside it (``Content-Security-Policy: style-src``) would
    draw every shape without its rules: filled, and black. ``style`` is its value as Matplotlib
    writes it, with properties that SVG knows as attributes, and ``font``.
    """
    rules: dict[str, str] = {}
    for rule in style.split(";"):
        name, separator, value = (part.strip() for part in rule.partition(":"))
        if separator:
            rules |= _font(value) if name == "font" else {name: value}
    return rules


def _font(value: str) -> dict[str, str]:
    found = _FONT_SIZE.search(value)
    if found is None:
        return {}
    rules = {"font-size": found["size"], "font-family": found["family"]}
    for word in value[: found.start()].split():
        if word in ("italic", "oblique"):
            rules["font-style"] = word
        elif word in ("bold", "bolder", "lighter") or word.isdigit():
            rules["font-weight"] = word
    return rules
