"""What survives an export, as tables of the book: made by exporting a bank with every kind.

It is an extension of Sphinx of its own, named in ``_config.yml``: the book's own extension lies
below the exports and cannot know them.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course._version import __version__
from pfp_course.course import Course
from pfp_course.export.lms import Note, Target, targets
from pfp_course.export.lms.model import Package, of_bank
from pfp_course.export.lms.reduction import COMMON, Feature
from pfp_course.questions.authoring import new_bank_text
from pfp_course.questions.kinds import KINDS
from pfp_course.sphinx_ext import course_of
from pfp_course.sphinx_ext.listings import grid

__all__ = ["setup", "survey"]

_CHAPTER = "99"


@dataclass(frozen=True)
class _Survey:
    """What each target said of a bank that holds every kind of question.

    ``notes`` holds, by the name of a target and by a kind, what was changed or left out, but for
    what a question of any kind may have.
    """

    targets: dict[str, type[Target]]
    kinds: tuple[str, ...]
    notes: dict[tuple[str, str], tuple[Note, ...]]

    def numbered(self) -> dict[str, int]:
        """Return all notes as sentences, numbered from 1 in the order of the table."""
        found = (
            str(note)
            for kind in self.kinds
            for name in self.targets
            for note in self.notes[name, kind]
        )
        return {text: number for number, text in enumerate(dict.fromkeys(found), 1)}


@cache
def survey(course: Course) -> _Survey:
    """Return what each target says of a bank with an example of every kind."""
    with TemporaryDirectory(prefix="pfp-") as folder:
        path = Path(folder) / f"{_CHAPTER}.yml"
        path.write_text(new_bank_text(_CHAPTER, "Every kind", path.name), encoding="utf-8")
        section = of_bank(path, course)
    package = Package("every-kind", "Every kind", course, (section,))
    asked = {item.form.kind for item in section.items}
    kinds = tuple(kind for kind in KINDS if kind in asked)
    common = {feature.what for feature in COMMON}
    known = targets()
    notes: dict[tuple[str, str], tuple[Note, ...]] = {}
    for name, target in known.items():
        report = target(package).survey()
        for kind in kinds:
            notes[name, kind] = tuple(
                note for note in report.found if note.kind == kind and note.what not in common
            )
    return _Survey(known, kinds, notes)


def _first_sentence(kind: str) -> str:
    """Return what a kind of question is, in the first words of its description."""
    text = " ".join((KINDS[kind].__doc__ or kind).replace("`", "").split())
    return re.split(r"(?<=\w)[.:;] |\.$", text)[0]


class _Kinds(SphinxDirective):
    """Kind by kind and target by target, what survives, with numbered notes below."""

    def run(self) -> list[nodes.Node]:
        found = survey(course_of(self.env.app))
        numbers = found.numbered()
        head = ["Kind of question", *(target.title for target in found.targets.values())]
        rows = [
            [
                nodes.inline("", _first_sentence(kind)),
                *(_cell(found, name, kind, numbers) for name in found.targets),
            ]
            for kind in found.kinds
        ]
        listing = nodes.enumerated_list()
        for text in numbers:
            listing += nodes.list_item("", nodes.paragraph("", f"{text[:1].upper()}{text[1:]}"))
        table = grid(head, rows, label="What each format keeps")
        return [
            table,
            nodes.paragraph("", "The numbers in the table stand for these changes:"),
            listing,
        ]


def _cell(found: _Survey, name: str, kind: str, numbers: dict[str, int]) -> nodes.Node:
    notes = found.notes[name, kind]
    if not notes:
        return nodes.inline("", "whole")
    word = "not in it" if any(note.left_out for note in notes) else "changed"
    said = ", ".join(str(number) for number in sorted(numbers[str(note)] for note in notes))
    return nodes.inline("", f"{word}: {said}")


class _Features(SphinxDirective):
    """What a question of any kind may have, and what each target does with it."""

    def run(self) -> list[nodes.Node]:
        found = targets()
        head = ["What a question may have", *(target.title for target in found.values())]
        rows = [
            [
                nodes.inline("", feature.what[:1].upper() + feature.what[1:]),
                *(nodes.inline("", _kept(feature, target)) for target in found.values()),
            ]
            for feature in COMMON
        ]
        return [grid(head, rows, label="What each format keeps of any question")]


def _kept(feature: Feature, target: type[Target]) -> str:
    if feature in target.says:
        return "kept"
    return target.instead.get(feature, feature.instead)


class _Targets(SphinxDirective):
    """The targets by name, and for whom each is."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[nodes.Node]] = [
            [
                nodes.literal("", f"--to {name}"),
                nodes.inline("", target.title),
                nodes.inline("", target.purpose),
            ]
            for name, target in targets().items()
        ]
        head = ["You write", "Format", "For"]
        return [grid(head, rows, label="The formats", classes=["pfp-stack"])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("export-targets", _Targets)
    app.add_directive("export-kinds", _Kinds)
    app.add_directive("export-features", _Features)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
