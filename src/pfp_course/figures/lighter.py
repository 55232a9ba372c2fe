"""What a picture says more than once is said once: it is read faster, and drawn faster."""

from collections.abc import Iterable
from itertools import groupby
from xml.etree.ElementTree import Element

from pfp_course.vector import places

__all__ = ["lighten"]

# What a shape takes from its group.
_TAKEN = (
    *("fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap", "stroke-dasharray"),
    *("font-size", "font-weight", "font-style", "text-anchor"),
)
_SHORTEST = 3  # shapes that are alike, one after the other
_EDGE = 0.5  # points: what is cut off of a line that lies on the edge of its axes is not seen
_Box = tuple[float, float, float, float]


def lighten(picture: Element) -> None:
    """Leave out what a picture says without need, with short attributes and compact paths.

    A clip that cuts nothing goes; a use of a shape does not say what the shape says itself; shapes
    with the same colours and lines, one after the other, become a group that says them.
    """
    shapes = {one.attrib["id"]: one for one in picture.iter() if "id" in one.attrib}
    clips = {name: box for name, one in shapes.items() if (box := _rectangle(one))}
    for element in picture.iter():
        clip = element.get("clip-path", "").removeprefix("url(#").removesuffix(")")
        if clip in clips and _is_inside(element, clips[clip], shapes):
            del element.attrib["clip-path"]
        if element.tag == "use":
            shape = shapes[element.attrib["xlink:href"].removeprefix("#")]
            for name in set(_TAKEN) & set(shape.attrib):
                element.attrib.pop(name, None)
    used = {value for one in picture.iter() for value in one.attrib.values()}
    _drop(picture, {shapes[name] for name in clips if f"url(#{name})" not in used})
    _group(picture)


def _rectangle(element: Element) -> _Box | None:
    """Return the left, top, right and bottom of a clip that is one rectangle."""
    if element.tag != "clipPath" or len(element) != 1 or element[0].tag != "rect":
        return None
    x, y, width, height = (float(element[0].attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _is_inside(element: Element, box: _Box, shapes: dict[str, Element]) -> bool:
    """Tell whether all corners of a shape, or of the shapes of a group, are in a box."""
    if "transform" in element.attrib:
        return False
    if element.tag == "g":
        return all(_is_inside(child, box, shapes) for child in element)
    across, down = 0.0, 0.0
    is_use = element.tag == "use"
    if is_use:
        across, down = (float(element.get(name, "0")) for name in ("x", "y"))
        element = shapes[element.attrib["xlink:href"].removeprefix("#")]
    if element.tag != "path" or "transform" in element.attrib:
        return False
    # A curve may swing out further than its ends; the round marks of figures do not.
    if not is_use and set(element.attrib["d"]) & {"c", "q"}:
        return False
    left, top, right, bottom = box
    return all(
        left - _EDGE <= x + across <= right + _EDGE and top - _EDGE <= y + down <= bottom + _EDGE
        for x, y in places(element.attrib["d"])
    )


def _drop(element: Element, unused: set[Element]) -> None:
    element[:] = [child for child in element if child not in unused]
    for child in element:
        _drop(child, unused)
    element[:] = [child for child in element if child.tag != "defs" or len(child)]


def _group(element: Element) -> None:
    for child in element:
        if child.tag in ("g", "svg"):
            _group(child)
    flat = [one for child in element for one in _opened(child)]
    grouped: list[Element] = []
    for (_tag, taken), alike in groupby(flat, key=_taken):
        same = list(alike)
        if len(same) < _SHORTEST or not taken:
            grouped += same
            continue
        group = Element("g", dict(taken))
        for one in same:
            for name, _ in taken:
                del one.attrib[name]
        group[:] = same
        grouped.append(group)
        group.tail, same[-1].tail = same[-1].tail, None
    element[:] = grouped


def _opened(child: Element) -> Iterable[Element]:
    """Return the children of a group that says nothing, and else the child."""
    return list(child) if child.tag == "g" and not child.attrib and not child.text else [child]


def _taken(element: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the tag of a shape, and what it could take from a group."""
    # The lines of a hatching would take them, too.
    if element.tag not in ("path", "use", "text") or "url(" in element.get("fill", ""):
        return element.tag, ()
    return element.tag, tuple(
        (name, element.attrib[name]) for name in _TAKEN if name in element.attrib
    )
