"""Hatched areas of a picture as lines: a browser prints a pattern of SVG as an image."""

import re
from itertools import count
from math import floor

from pfp_course.vector import places

__all__ = ["drawn_hatches"]

_PATTERN = re.compile(
    r'<pattern id="(?P<id>[^"]+)"[^>]*? width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"[^>]*>'
    r"(?P<inside>.*?)</pattern>",
    re.DOTALL,
)
_HATCHED = re.compile(
    r'<path d="(?P<path>[^"]+)"(?P<between>[^>]*?)style="'
    r'(?P<style>[^"]*?fill: url\(#(?P<id>[^)]+)\)[^"]*)"'
    r"(?P<after>[^>]*)/>"
)


def drawn_hatches(svg: str) -> str:
    """Return a picture with the lines of its hatches drawn and cut to their areas.

    Parameters
    ----------
    svg : str
        An SVG element as `figures.show` gives it: patterns in the picture's own units whose
        tiles begin at 0, paths in relative steps. Another picture comes back as it is.
    """
    tiles = {found["id"]: found for found in _PATTERN.finditer(svg)}
    if not tiles:
        return svg
    numbers = count()

    def draw(area: re.Match[str]) -> str:
        tile = tiles.get(area["id"])
        if tile is None:
            return area[0]
        name = f"{area['id']}-a{next(numbers)}"
        outline = re.sub(r"fill: url\([^)]*\)", "fill: none", area["style"])
        lines = "".join(
            f'<use href="#{area["id"]}-tile" x="{x:g}" y="{y:g}"/>'
            for x, y in _places(area["path"], float(tile["width"]), float(tile["height"]))
        )
        return (
            f'<clipPath id="{name}"><path d="{area["path"]}"/></clipPath>'
            f'<g{area["between"]}{area["after"]}><g clip-path="url(#{name})">{lines}</g>'
            f'<path d="{area["path"]}" style="{outline}"/></g>'
        )

    # Patterns stand in `defs`, so that a tile is drawn where it is used and nowhere else.
    kept = _PATTERN.sub(lambda one: f'<g id="{one["id"]}-tile">{one["inside"]}</g>', svg)
    return _HATCHED.sub(draw, kept)


def _places(path: str, width: float, height: float) -> list[tuple[float, float]]:
    """Return where tiles lie that cover a path's box."""
    across, down = zip(*places(path), strict=True)
    columns = range(floor(min(across) / width), floor(max(across) / width) + 1)
    rows = range(floor(min(down) / height), floor(max(down) / height) + 1)
    return [(column * width, row * height) for row in rows for column in columns]
