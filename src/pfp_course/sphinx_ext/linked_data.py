"""What a search engine reads on a page: the course, its chapters and its tables in JSON-LD.

The words are those of https://schema.org. Nothing is typed here that the catalogue of chapters,
the data package or the citation file holds. Addresses appear where the book's own is known.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pfp_course.chapters import Chapter
from pfp_course.course import Course
from pfp_course.data import Field, Table, load
from pfp_course.sphinx_ext.chapter_pages import docname
from pfp_course.sphinx_ext.cite_this import Work
from pfp_course.sphinx_ext.settings import TABLES, address

__all__ = ["Site", "as_script", "coverage", "describe_chapter", "describe_course", "describe_table"]

Thing = dict[str, Any]

_LEVEL = "Beginner"
_SHORTEST = 50
_YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True)
class Site:
    """Where the book is published (or empty), its page of data cards, and how it is cited."""

    base: str
    data_page: str
    work: Work


def as_script(things: Thing | list[Thing]) -> str:
    """Return linked data as an element of a page."""
    top: Thing = {"@context": "https://schema.org"}
    top |= {"@graph": things} if isinstance(things, list) else things
    text = json.dumps(top, ensure_ascii=False, separators=(",", ":"))
    # Text of a table must not be able to end the element.
    return f'<script type="application/ld+json">{text.replace("<", chr(92) + "u003c")}</script>'


def describe_course(site: Site, chapters: Iterable[Chapter]) -> Thing:
    """Return the course, with its chapters as parts and the one way in which it is offered."""
    held, work, base = list(chapters), site.work, site.base
    minutes = sum(chapter.minutes for chapter in held)
    return _filled(
        {
            **_identity("Course", base, "index", "#course"),
            **_terms(work),
            "name": work.title,
            "description": work.abstract,
            "version": work.version,
            "datePublished": work.released.isoformat(),
            "keywords": ", ".join(work.keywords),
            "timeRequired": _duration(minutes),
            "teaches": [text for chapter in held for text in chapter.objectives.values()],
            "provider": _authors(work),
            "offers": {"@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "USD"},
            "hasCourseInstance": {
                "@type": "CourseInstance",
                "courseMode": "online",
                "courseWorkload": _duration(minutes),
            },
            "hasPart": [
                {
                    **_identity("LearningResource", base, docname(chapter), "#chapter"),
                    "name": chapter.title,
                    "position": int(chapter.number),
                    "timeRequired": _duration(chapter.minutes),
                }
                for chapter in held
            ],
        }
    )


def describe_chapter(site: Site, chapter: Chapter, tables: Iterable[Table]) -> Thing:
    """Return a chapter as a learning resource, with the tables that it stands on."""
    work, base = site.work, site.base
    return _filled(
        {
            **_identity("LearningResource", base, docname(chapter), "#chapter"),
            **_terms(work),
            "name": chapter.title,
            "description": chapter.promise,
            "position": int(chapter.number),
            "version": work.version,
            "datePublished": work.released.isoformat(),
            "learningResourceType": "lesson",
            "timeRequired": _duration(chapter.minutes),
            "teaches": list(chapter.objectives.values()),
            "keywords": ", ".join(work.keywords),
            "about": {"@type": "Thing", "name": chapter.part},
            "isPartOf": {**_identity("Course", base, "index", "#course"), "name": work.title},
            "isBasedOn": [
                {
                    **_identity("Dataset", base, site.data_page, f"#data-{table.name}"),
                    "name": table.title,
                }
                for table in tables
            ],
        }
    )


def describe_table(site: Site, table: Table, catalogue: str, course: Course) -> Thing:
    """Return a table or another file of a course as a data set, under its own licence.

    The authors of the book compiled it; ``catalogue`` is the title of the data package.
    """
    work = site.work
    return _filled(
        {
            **_identity("Dataset", site.base, site.data_page, f"#data-{table.name}"),
            "name": table.title,
            "alternateName": table.name,
            "description": _told(table),
            "inLanguage": work.language,
            "version": work.version,
            "isAccessibleForFree": True,
            "license": [licence.path or licence.title for licence in table.licences],
            "creator": _authors(work),
            "isBasedOn": [
                {"@type": "CreativeWork", "name": title, "url": path}
                for title, path in table.origins
                if path
            ],
            "citation": table.citation,
            "temporalCoverage": coverage(table, course),
            "variableMeasured": [
                {
                    "@type": "PropertyValue",
                    "name": field.name,
                    "description": field.description,
                    "unitText": field.unit if field.type in ("integer", "number") else "",
                }
                for field in table.fields
            ],
            "includedInDataCatalog": {"@type": "DataCatalog", "name": catalogue},
            "distribution": {
                "@type": "DataDownload",
                "encodingFormat": table.media_type,
                "contentUrl": address(site.base, f"{TABLES}/{table.path.name}"),
            },
        }
    )


def _told(table: Table) -> str:
    """Return what a table is, in the 50 characters or more that search engines ask for."""
    text = f"{table.description} {table.caveats}".strip()
    return text if len(text) >= _SHORTEST else f"{table.title}. {text}"


def coverage(table: Table, course: Course) -> str:
    """Return the years that a table tells of, as ``1994/2024``; empty where it has no dates.

    A column counts if it holds days, parts of days, or years; the date of a source does not.
    """
    if table.kind != "table":
        return ""
    frame = load(table.name, course)
    years: set[int] = set()
    for field in table.fields:
        if _is_time(field):
            values = frame[field.name].dropna().astype(str)
            years |= {int(found[0]) for value in values if (found := _YEAR.match(value))}
    return f"{min(years)}/{max(years)}" if years else ""


def _is_time(field: Field) -> bool:
    # The year in which a book came out says nothing of the time that it tells of.
    year = field.unit == "year" and "publication" not in field.description
    return year or field.type == "date" or field.partial_date


def _identity(kind: str, base: str, page: str, mark: str) -> Thing:
    url = address(base, page)
    if not url:
        return {"@type": kind}
    return {"@type": kind, "@id": url + mark, "url": url + (mark if kind == "Dataset" else "")}


def _terms(work: Work) -> Thing:
    """Return what is the same for the course and for each chapter."""
    return {
        "inLanguage": work.language,
        "isAccessibleForFree": True,
        "educationalLevel": _LEVEL,
        "audience": {"@type": "EducationalAudience", "educationalRole": "student"},
        "license": [f"https://spdx.org/licenses/{name}.html" for name in work.licences],
        "author": _authors(work),
    }


def _authors(work: Work) -> list[Thing]:
    return [
        {
            "@type": "Person" if author.given else "Organization",
            "name": author.name,
            "givenName": author.given,
            "familyName": author.family if author.given else "",
        }
        for author in work.authors
    ]


def _duration(minutes: int) -> str:
    """Return minutes as a duration of ISO 8601, such as ``PT1H15M``."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def _filled(thing: Thing) -> Thing:
    """Return a thing, and what it holds, without what is empty; a list of one is that one."""
    kept: Thing = {}
    for name, value in thing.items():
        held = value if isinstance(value, list) else [value]
        parts = [_filled(part) if isinstance(part, dict) else part for part in held]
        if parts not in ([], [""], [{}], [None]):
            kept[name] = parts[0] if len(parts) == 1 else parts
    return kept
