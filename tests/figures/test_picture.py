"""A picture says once what it said often, and looks as it did."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from pfp_course.figures.picture import lighten

CLIP = '<defs><clipPath id="c"><rect x="0" y="0" width="100" height="50"/></clipPath></defs>'


def lightened(inside: str) -> Element:
    picture = ElementTree.fromstring(f"<svg>{inside.replace('href', 'xlink-href')}</svg>")
    for one in picture.iter():
        if "xlink-href" in one.attrib:
            one.attrib["xlink:href"] = one.attrib.pop("xlink-href")
    lighten(picture)
    return picture


@pytest.mark.parametrize(
    ("shape", "is_clipped"),
    [
        ('<path d="m10 10 80 0 0 30z" clip-path="url(#c)"/>', False),
        ('<path d="m10 10 95 0 0 30z" clip-path="url(#c)"/>', True),
        ('<path d="m10 10c0 60 80 60 80 0" clip-path="url(#c)"/>', True),
        ('<path d="m10 10 80 0" transform="scale(2)" clip-path="url(#c)"/>', True),
        ('<g clip-path="url(#c)"><path d="m10 10 80 0"/></g>', False),
        ('<g clip-path="url(#c)"><path d="m10 10 80 60"/></g>', True),
        ('<g clip-path="url(#c)"><text x="10" y="10">a</text></g>', True),
    ],
)
def test_a_clip_that_cuts_nothing_goes_with_its_definition(shape: str, is_clipped: bool) -> None:
    picture = lightened(CLIP + shape)
    assert (picture.find(".//*[@clip-path]") is not None) == is_clipped
    assert (picture.find(".//clipPath") is not None) == is_clipped


def test_a_mark_at_the_edge_is_cut_as_before() -> None:
    mark = '<defs><path id="m" d="m-3-3 6 0 0 6-6 0z"/></defs>'
    inside, outside = (f'<use href="#m" x="{x}" y="20" clip-path="url(#c)"/>' for x in (50, 99))
    held = lightened(CLIP + mark + inside + outside).findall("use")
    assert ["clip-path" in one.attrib for one in held] == [False, True]


def test_shapes_that_are_alike_take_their_colours_from_a_group() -> None:
    alike = "".join(f'<path d="m0 {y} 9 0" fill="red" stroke="blue"/>' for y in range(3))
    picture = lightened(f'{alike}<path d="m0 9 9 0" fill="green"/>')
    group, other = picture
    assert (group.tag, group.attrib) == ("g", {"fill": "red", "stroke": "blue"})
    assert [one.attrib for one in group] == [{"d": f"m0 {y} 9 0"} for y in range(3)]
    assert other.attrib["fill"] == "green"


def test_a_hatched_shape_keeps_its_own_fill() -> None:
    hatched = '<path d="m0 0 9 0 0 9z" fill="url(#h)"/>' * 3
    assert [one.attrib["fill"] for one in lightened(hatched)] == ["url(#h)"] * 3


def test_a_use_leaves_out_what_its_shape_says_itself() -> None:
    shape = '<defs><path id="m" d="m0 0 3 0" stroke="blue"/></defs>'
    (use,) = lightened(f'{shape}<use href="#m" x="1" y="1" fill="red" stroke="red"/>').findall(
        "use"
    )
    assert use.attrib == {"xlink:href": "#m", "x": "1", "y": "1", "fill": "red"}
