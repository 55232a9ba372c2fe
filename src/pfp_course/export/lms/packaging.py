"""IMS content packages: the resources of a package, their files, and the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pfp_course.export.lms.xml import Element, document, element
from pfp_course.files import packed

__all__ = ["ContentPackage", "Resource"]


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
    """A package as it is made.

    Attributes
    ----------
    language : str
        The language of titles and keywords.
    lom : str
        The namespace of metadata, for resources that have keywords; without it there is none.
    members : dict of str to bytes
        Its files by their names.
    resources : list of Resource
        What the manifest lists, in its order.
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
        self, identifier: str, namespace: str, metadata: Sequence[Element], contents: Element | None
    ) -> bytes:
        """Return the package as a zip with its manifest."""
        manifest = element(
            "manifest",
            {"xmlns": namespace, "identifier": identifier},
            element("metadata", None, *metadata),
            element("organizations", None, contents),
            element("resources", None, *map(self._listed, self.resources)),
        )
        return packed({**self.members, "imsmanifest.xml": document(manifest)})

    def _listed(self, one: Resource) -> Element:
        attributes: dict[str, object] = {"identifier": one.identifier, "type": one.type}
        if one.files and one.href:
            attributes["href"] = one.files[0]
        about = None
        if self.lom and one.keywords:
            keywords = _keywords(one.title, one.keywords, self.language, self.lom)
            about = element("metadata", None, keywords)
        return element(
            "resource",
            attributes,
            about,
            *(element("file", {"href": name}) for name in one.files),
            *(element("dependency", {"identifierref": name}) for name in one.needs),
        )


def _keywords(title: str, words: Sequence[str], language: str, namespace: str) -> Element:
    """Return metadata (LOM) that say a title and keywords."""

    def said(text: str) -> Element:
        return element("langstring", {"xml:lang": language}, text)

    general = element(
        "general",
        None,
        element("title", None, said(title)),
        *(element("keyword", None, said(word)) for word in words),
    )
    return element("lom", {"xmlns": namespace}, general)
