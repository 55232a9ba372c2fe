"""IMS content packages: the resources of a package, their files, and the manifest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pfp_course.export.lms.xml import Element, element

__all__ = ["Resource", "keywords", "manifest_resources"]


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


def manifest_resources(
    resources: Iterable[Resource], *, language: str, metadata: str = ""
) -> Element:
    """Return the element ``resources`` of a manifest.

    Parameters
    ----------
    resources
        The resources in their order.
    language : str
        The language of titles and keywords.
    metadata : str
        The namespace of metadata, for resources that have keywords; without it there is none.
    """
    made = element("resources")
    for one in resources:
        attributes: dict[str, object] = {"identifier": one.identifier, "type": one.type}
        if one.files and one.href:
            attributes["href"] = one.files[0]
        about = (
            element("metadata", None, keywords(one.title, one.keywords, language, metadata))
            if metadata and one.keywords
            else None
        )
        made.append(
            element(
                "resource",
                attributes,
                about,
                *(element("file", {"href": name}) for name in one.files),
                *(element("dependency", {"identifierref": name}) for name in one.needs),
            )
        )
    return made


def keywords(title: str, words: Sequence[str], language: str, namespace: str) -> Element:
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
