"""A figure as SVG in few bytes, in the colours and the type of the page."""

import re
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from io import BytesIO
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib as mpl
from matplotlib.figure import Figure

from pfp_course.figures.canvas import Drawing, house_style
from pfp_course.palette import LIGHT
from pfp_course.typeface import FAMILY
from pfp_course.vector import compact, places, presentation

__all__ = ["svg"]


# Ids that Matplotlib gives to parts which nothing refers to.
_UNUSED = (
    *("figure", "axes", "patch", "line2d", "text", "matplotlib", "xtick", "ytick", "legend"),
    *("PolyCollection", "PathCollection", "LineCollection", "FillBetween"),
)
_UPRIGHT = ("rotate(0 ", "rotate(-0 ")
_NUMBER = re.compile(r"-?\d+\.\d+")
_NAMESPACES = {
    "http://www.w3.org/2000/svg": "",
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
# Each of the other colours has a twin among these.
_NAMED_COLOURS = {
    colour: f"var(--pfp-{name}, {colour})"
    for name, colour in LIGHT.items()
    if name not in ("accent", "accent-ink", "bad", "focus")
}
# Where the page says nothing of type, as in a notebook or an ePub.
_TYPE = f"var(--pfp-sans, '{FAMILY}', 'Source Sans 3', system-ui, sans-serif)"
# What a shape takes from its group.
_TAKEN = (
    *("fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap", "stroke-dasharray"),
    *("font-size", "font-weight", "font-style", "text-anchor"),
)
_SHORTEST = 3  # shapes that are alike, one after the other
_EDGE = 0.5  # points: what is cut off of a line that lies on the edge of its axes is not seen
_Box = tuple[float, float, float, float]


def svg(figure: Figure, alt: str, *, titled: bool = False) -> str:
    """Return a figure as an SVG element whose colours are the page's.

    The same figure gives the same text; two different figures share no id. The title of a figure
    of ours is left out, for it stands over the picture, unless it is to be ``titled``.
    """
    out = BytesIO()
    title = [] if titled or not isinstance(figure, Drawing) else figure.texts[:1]
    for words in title:
        words.set(visible=False, in_layout=False)
    with mpl.rc_context(house_style):
        figure.savefig(
            out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    for words in title:
        words.set(visible=True, in_layout=True)
    drawn = ElementTree.fromstring(out.getvalue())
    view = drawn.attrib["viewBox"]
    # Matplotlib's one rule, for every element of the page, becomes two attributes of the picture.
    drawn.attrib.clear()
    _tidy(drawn)
    lighten(drawn)
    mark = "f" + sha256((_written(drawn) + alt).encode()).hexdigest()[:8]
    for element in drawn.iter():
        _mark_ids(element, f"{mark}-")
    return (
        f'<svg viewBox="{view}" role="img" aria-labelledby="{mark}-title" '
        f'stroke-linejoin="round" stroke-linecap="butt" font-family="{_TYPE}" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{mark}-title">{escape(" ".join(alt.split()))}</title>{_written(drawn)}</svg>'
    )


def _name(name: str) -> str:
    """Return the name of an element or an attribute as it is written in a page."""
    namespace, _, local = name.removeprefix("{").rpartition("}")
    # What has another namespace, as the description of the drawing, is left out.
    return _NAMESPACES.get(namespace, "") + local


def _tidy(element: ElementTree.Element) -> None:
    """Give an element and those in it short attributes, in the colours and type of the page."""
    element.tag = _name(element.tag)
    if element.tag == "pattern":
        _cut_tile(element)
    for child in element:
        _tidy(child)
    element[:] = [child for child in element if not _is_unseen(child)]
    attributes = {_name(name): value for name, value in element.attrib.items()}
    rules = presentation(attributes.pop("style", ""))
    if attributes.get("id", "").startswith(_UNUSED):
        del attributes["id"]
    if attributes.get("transform", "").startswith(_UPRIGHT):
        del attributes["transform"]
    for name in attributes.keys() & {"x", "y", "transform"}:
        attributes[name] = _NUMBER.sub(_rounded, attributes[name])
    if "d" in attributes:
        attributes["d"] = compact(attributes["d"])
    # A rule of style outweighs the attribute.
    attributes = {name: value for name, value in attributes.items() if name not in rules} | rules
    element.attrib.clear()
    for name, value in attributes.items():
        # The whole picture has the type of the page.
        if name != "font-family" or f"'{FAMILY}'" not in value:
            element.set(name, _NAMED_COLOURS.get(value, value))


def _is_unseen(element: ElementTree.Element) -> bool:
    if element.tag == "path":
        return element.get("fill") == "none" and "stroke" not in element.attrib
    return element.tag in ("metadata", "style") or (element.tag == "defs" and not len(element))


def _mark_ids(element: ElementTree.Element, mark: str) -> None:
    for name, value in element.attrib.items():
        if name == "id":
            element.set(name, f"{mark}{value}")
        elif name == "xlink:href":
            element.set(name, f"#{mark}{value.removeprefix('#')}")
        elif "url(#" in value:
            element.set(name, value.replace("url(#", f"url(#{mark}"))


def _written(element: ElementTree.Element) -> str:
    """Return the inside of an element; groups that say nothing are left out.

    A browser would keep a node for each.
    """
    parts = [_words(element.text)]
    for child in element:
        inside = _written(child)
        attributes = "".join(
            f' {name}="{escape(value, quote=False).replace(chr(34), "&quot;")}"'
            for name, value in child.attrib.items()
        )
        if child.tag == "g" and not attributes:
            parts.append(inside)
        elif inside:
            parts.append(f"<{child.tag}{attributes}>{inside}</{child.tag}>")
        else:
            parts.append(f"<{child.tag}{attributes}/>")
        parts.append(_words(child.tail))
    return "".join(parts)


def _words(text: str | None) -> str:
    return "" if text is None or text.isspace() else escape(text.replace("\n", " "), quote=False)


def _cut_tile(pattern: ElementTree.Element) -> None:
    """Cut a tile of hatching to a ninth: all of Matplotlib's repeat after a third of its side."""
    side, edge = 24.0, 2.0
    background, lines = pattern
    for element, size in ((pattern, "24"), (background, "25")):
        element.set("width", size)
        element.set("height", size)
    kept = []
    for piece in re.findall(r"M[^M]+", lines.attrib["d"]):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", piece)]
        ranges = ((min(numbers[axis::2]), max(numbers[axis::2])) for axis in (0, 1))
        if all(low <= side + edge and high >= -edge for low, high in ranges):
            kept.append(piece)
    lines.set("d", "".join(kept))


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


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
