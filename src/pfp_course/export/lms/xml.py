"""XML for the targets: elements with their children, HTML within them, and whole documents."""

from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

__all__ = ["Element", "document", "element", "inner", "leaves"]

_MATHML = "{http://www.w3.org/1998/Math/MathML}"


def element(
    tag: str, attributes: Mapping[str, object] | None = None, *children: Element | str | None
) -> Element:
    """Return an element with its attributes and children; a child that is None is left out.

    A name stands as it is written; a namespace is an attribute ``xmlns``.
    """
    made = Element(tag, {name: str(value) for name, value in (attributes or {}).items()})
    for child in children:
        if isinstance(child, str):
            _append_text(made, child)
        elif child is not None:
            made.append(child)
    return made


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def inner(
    html: str, *, tag: str = "div", attributes: Mapping[str, object] | None = None
) -> Element:
    """Return an element that holds HTML, which must be well-formed.

    MathML in it declares its namespace itself.
    """
    made = ElementTree.fromstring(f"<{tag}>{html}</{tag}>")
    for name, value in (attributes or {}).items():
        made.set(name, str(value))
    for part in made.iter():
        if part.tag.startswith(_MATHML):
            part.tag = part.tag.removeprefix(_MATHML)
            if part.tag == "math":
                part.set("xmlns", _MATHML.strip("{}"))
    return made


def leaves(**texts: str) -> list[Element]:
    """Return elements that hold nothing but a text."""
    return [element(tag, None, text) for tag, text in texts.items()]


def document(root: Element) -> bytes:
    """Return a whole document in UTF-8."""
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
