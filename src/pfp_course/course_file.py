"""What ``course.toml`` may say, and what is wrong with one that says something else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from pfp_course.palette import DARK, LIGHT, contrast

__all__ = ["OPTIONAL", "SCHEMES", "TEXTS", "Author", "author", "problems"]

TEXTS = ("title", "short_title", "slug", "licence")
OPTIONAL = ("version", "abstract", "url", "doi", "code_licence", "extension")
_LOOK = ("logo", "favicon", "cover")
SCHEMES = {"light": LIGHT, "dark": DARK}
_KNOWN = {
    *(*TEXTS, *OPTIONAL, "authors", "languages", "keywords", "released", "for_teachers"),
    *("pages", "look", "colours"),
}
_VERSION = re.compile(r"\d+(\.\d+){1,2}")


@dataclass(frozen=True)
class Author:
    """A person with family and given names, or a body whose name is ``family``."""

    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """The name as it is spoken."""
        return f"{self.given} {self.family}".strip()

    @property
    def sorted(self) -> str:
        """The name with what it is sorted by first."""
        return f"{self.family}, {self.given}" if self.given else self.family


def problems(raw: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a description, and the mend; the first is the one to be told."""
    for name in sorted(raw.keys() - _KNOWN):
        close = get_close_matches(name, _KNOWN, n=1)
        yield f"{name} is no property of a course.{f' Did you mean {close[0]}?' if close else ''}"
    for name in TEXTS:
        if not _is_text(raw.get(name)):
            yield f'{name} is needed, a text: {name} = "…". Add it.'
    for name in OPTIONAL:
        if name in raw and not _is_text(raw[name]):
            yield f'{name} takes a text: {name} = "…". Correct it, or take the line out.'
    if not _are_texts(raw.get("languages")):
        yield 'languages is needed, a list of texts: languages = ["…"]. Add it.'
    yield from _identity_problems(raw)
    yield from _table_problems(raw)


def _identity_problems(raw: dict[str, Any]) -> Iterator[str]:
    authors = raw.get("authors")
    if not isinstance(authors, list) or not authors or not all(map(author, authors)):
        yield (
            'authors is needed, a list of names: authors = ["A body", {given = "Dana", family = '
            '"Omarova"}]. Add it.'
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", raw["slug"]):
        yield (
            "slug names files, so it takes lower-case letters, digits and hyphens, such as "
            f'"my-course"; {raw["slug"]!r} does not fit. Change it.'
        )
    if not _VERSION.fullmatch(raw.get("version", "1.0")):
        yield f'version takes two or three numbers: version = "1.2". Not: {raw["version"]!r}.'
    if type(raw.get("released", date.min)) is not date:
        yield "released takes a day, without quotes: released = 2027-01-31. Correct it."
    for name in ("keywords", "for_teachers"):
        if name in raw and not _are_texts(raw[name]):
            yield f'{name} takes a list of texts: {name} = ["…"]. Correct it.'


def _table_problems(raw: dict[str, Any]) -> Iterator[str]:
    for name, example in (("pages", 'glossary = "book/glossary"'), ("look", 'logo = "logo.svg"')):
        held = raw.get(name, {})
        if not isinstance(held, dict) or not all(map(_is_text, held.values())):
            yield f"[{name}] takes lines such as {example}."
    for name in _keys(raw.get("look")) - set(_LOOK):
        yield f"[look] does not know {name}. It takes {', '.join(_LOOK)}."
    yield from _colour_problems(raw.get("colours", {}))


# What is written or drawn, what it stands on, and the contrast that WCAG 2.2 asks for.
_CONTRASTS = (
    *((name, "paper", 4.5) for name in ("ink", "ink-soft", "accent", "good", "bad", "warn")),
    ("accent-ink", "accent", 4.5),
    *((name, "paper", 3.0) for name in ("focus", *(f"s{number}" for number in range(1, 8)))),
)


def _colour_problems(colours: Any) -> Iterator[str]:
    if not isinstance(colours, dict) or colours.keys() - SCHEMES.keys():
        yield "[colours] takes two tables: [colours.light] and [colours.dark]."
        return
    for scheme, own in colours.items():
        if not isinstance(own, dict):
            yield f'[colours.{scheme}] takes lines such as accent = "#12507b".'
            return
        for name, value in own.items():
            if name not in LIGHT:
                known = ", ".join(LIGHT)
                yield f"[colours.{scheme}] does not know {name}. Its names are: {known}."
            elif not re.fullmatch(r"#[0-9a-fA-F]{6}", str(value)):
                yield f'[colours.{scheme}]: {name} takes six digits: {name} = "#12507b".'
        all_of_them = {**SCHEMES[scheme], **own}
        for name, under, least in _CONTRASTS:
            if {name, under} & own.keys():
                reached = contrast(all_of_them[name], all_of_them[under])
                if reached < least:
                    yield (
                        f"[colours.{scheme}]: {name} on {under} has a contrast of {reached:.1f}, "
                        f"and readers need {least} (WCAG 2.2). Choose colours further apart."
                    )


def author(entry: object) -> Author | None:
    """Return who is meant by an entry of ``authors``, or None where it names nobody."""
    if _is_text(entry):
        return Author(str(entry))
    if not isinstance(entry, dict) or entry.keys() != {"given", "family"}:
        return None
    return Author(entry["family"], entry["given"]) if all(map(_is_text, entry.values())) else None


def _keys(value: object) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
