"""XML for the targets: elements, HTML within them, documents, and IMS content packages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from pfp_course.files import packed

__all__ = ["ContentPackage", "Element", "Resource", "document", "element", "inner", "leaves"]

_MATHML = "{http://www.w3.org/1998/Math/MathML}"


def element(tag: str, *parts: Mapping[str, object] | Element | str | None) -> Element:
    """Return an element with its attributes, children and texts; a part that is None is left out.

    A name stands as it is written; a namespace is an attribute ``xmlns``.
    """
    made = Element(tag)
    for part in parts:
        if isinstance(part, Mapping):
            for name, value in part.items():
                made.set(name, str(value))
        elif isinstance(part, str):
            _append_text(made, part)
        elif part is not None:
            made.append(part)
    return made


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def inner(html: str, tag: str = "div", **attributes: str) -> Element:
    """Return an element that holds HTML, which must be well-formed.

    MathML in it declares its namespace itself.
    """
    made = ElementTree.fromstring(f"<{tag}>{html}</{tag}>")
    for name, value in attributes.items():
        made.set(name, value)
    for part in made.iter():
        if part.tag.startswith(_MATHML):
            part.tag = part.tag.removeprefix(_MATHML)
            if part.tag == "math":
                part.set("xmlns", _MATHML.strip("{}"))
    return made


def leaves(**texts: str) -> list[Element]:
    """Return elements that hold nothing but a text."""
    return [element(tag, text) for tag, text in texts.items()]


def document(root: Element) -> bytes:
    """Return a whole document in UTF-8."""
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


@dataclass(frozen=True)
class Resource:
    """A resource of a package: its identifier, its type, its files, and what it needs.

    The first of the files is its main one; a link has none. ``keywords`` say what it is about.
    """

    identifier: str
    type: str
    files: tuple[str, ...]
    needs: tuple[str, ...] = ()
    title: str = ""
    keywords: tuple[str, ...] = ()
    href: bool = True


@dataclass
class ContentPackage:
    """A package as it is made: its files by their names, and what the manifest lists, in order.

    ``language`` is that of titles and keywords; ``lom`` is the namespace of metadata, for resources
    that have keywords. Without it there is none.
    """

    language: str
    lom: str = ""
    members: dict[str, bytes] = field(default_factory=dict)
    resources: list[Resource] = field(default_factory=list)

    def add(self, identifier: str, kind: str, name: str, content: bytes) -> None:
        """Add a file as a resource."""
        self.members[name] = content
        self.resources.append(Resource(identifier, kind, (name,), href=kind == "webcontent"))

    def add_pictures(self, pictures: Mapping[str, bytes]) -> None:
        """Add pictures, each as a resource."""
        for name, content in pictures.items():
            self.add(f"image-{name}", "webcontent", f"images/{name}", content)

    def packed(
        self,
        identifier: str,
        namespace: str,
        metadata: Sequence[Element],
        contents: Element | None = None,
    ) -> bytes:
        """Return the package as a zip with its manifest."""
        manifest = element(
            "manifest",
            {"xmlns": namespace, "identifier": identifier},
            element("metadata", *metadata),
            element("organizations", contents),
            element("resources", *map(self._listed, self.resources)),
        )
        return packed({**self.members, "imsmanifest.xml": document(manifest)})

    def _listed(self, one: Resource) -> Element:
        attributes: dict[str, object] = {"identifier": one.identifier, "type": one.type}
        if one.files and one.href:
            attributes["href"] = one.files[0]
        return element(
            "resource",
            attributes,
            self._about(one) if self.lom and one.keywords else None,
            *(element("file", {"href": name}) for name in one.files),
            *(element("dependency", {"identifierref": name}) for name in one.needs),
        )

    def _about(self, one: Resource) -> Element:
        """Return metadata (LOM) that say a title and keywords."""

        def said(text: str) -> Element:
            return element("langstring", {"xml:lang": self.language}, text)

        general = element(
            "general",
            element("title", said(one.title)),
            *(element("keyword", said(word)) for word in one.keywords),
        )
        return element("metadata", element("lom", {"xmlns": self.lom}, general))
