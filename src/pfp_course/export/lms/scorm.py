"""SCORM 1.2 and SCORM 2004: a zip for each chapter, with its page and quizzes as in the book."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any, ClassVar

from pfp_course import __version__
from pfp_course.chapters import Chapter
from pfp_course.errors import CourseError
from pfp_course.export.lms.features import Feature
from pfp_course.export.lms.model import Section
from pfp_course.export.lms.scorm_manifest import Described, manifest
from pfp_course.export.lms.scorm_page import BuiltBook
from pfp_course.export.lms.scorm_questions import Version, is_worded, reported
from pfp_course.export.lms.target import Report, Target, register
from pfp_course.files import packed

__all__ = ["Scorm12", "Scorm2004"]

_ROOM = {"1.2": 4096, "2004": 64000}  # characters of suspend data
_ESSAY = {"1.2": 255, "2004": 4000}  # characters of a text that is told


class _Scorm(Target):
    """What both versions have in common."""

    version: ClassVar[Version]
    needs_book = True
    # The quizzes are the course's own.
    says = frozenset(Feature) - {Feature.drawn_variant}

    instead = MappingProxyType({Feature.drawn_variant: "all students are asked the same one"})

    def check(self) -> None:
        """Raise `CourseError` where a section is no whole chapter."""
        for section in self.package.sections:
            _chapter_of(section)

    def survey(self) -> Report:
        """Return what is reported otherwise; the pages themselves are not needed for that."""
        for section in self.package.sections:
            self._tell_of(section)
        return self.report

    def written(self) -> dict[str, bytes]:
        """Return a zip for each chapter."""
        package = self.package
        book = BuiltBook(package.course.root / "_build" / "html", package.course, package.address)
        chapters = [_chapter_of(section) for section in package.sections]
        made = {}
        for section, chapter in zip(package.sections, chapters, strict=True):
            name = f"{package.course.slug}-{chapter.number}-{self.name}"
            made[f"{name}.zip"] = packed(self._members(section, chapter, book, name))
            self._tell_of(section)
        self._tell_of_pages()
        return made

    def _members(
        self, section: Section, chapter: Chapter, book: BuiltBook, name: str
    ) -> dict[str, bytes]:
        course = self.package.course
        told = {
            "version": self.version,
            "name": name,
            "room": _ROOM[self.version],
            "pass": self.package.pass_mark / 100,
            **reported(section, self.version, course.slug),
        }
        page = book.page(chapter, told, self._panel(told, section.exercises))
        about = Described(
            name=name,
            title=chapter.heading,
            course=course.title,
            promise=chapter.promise,
            language=course.languages[0],
            version=__version__,
            rights=f"{course.licence.replace('-', ' ')}. © {course.byline}",
            author=course.byline,
            minutes=chapter.minutes,
            objectives=tuple(goal["id"] for goal in told["objectives"]),
        )
        listed = manifest(about, page.files, self.version)
        return {"imsmanifest.xml": listed.encode(), **page.files}

    def _panel(self, told: Mapping[str, Any], exercises: int) -> str:
        """Return what the reader is told of the report, as HTML; the script writes over it."""
        questions, most = told["questions"], f"{_ESSAY[self.version]:,}"
        points = sum(one["points"] for one in questions if one["scored"])
        texts = sum(not one["scored"] for one in questions)
        asked = "1 question asks" if texts == 1 else f"{texts} questions ask"
        facts = [
            f"Your best score, of {points} points. It does not fall when you start again. You "
            f"pass with {self.package.pass_mark} %, unless your teacher has set another mark.",
            f"Whether you have answered all {len(questions)} questions, and how long it took.",
            "Your newest answer to each question, whether it is right, and when you gave it.",
            f"{asked} for a text: its first {most} characters. Your own judgement of it earns no "
            "points here.",
        ]
        practice = (
            " The exercises are for practice: your answers to them are not kept, and your teacher "
            "does not see them."
            if exercises
            else ""
        )
        items = "".join(f"<li>{escape(fact)}</li>" for fact in facts[: None if texts else -1])
        return (
            '<section class="pfp-lms" aria-label="Your school’s system">'
            f"<details><summary>What your teacher sees</summary><ul>{items}</ul>"
            "<p>Links to other sites open in a new tab. The other pages of the book are not in "
            f"here.{practice}</p></details></section>"
        )

    def _tell_of(self, section: Section) -> None:
        """Note what is reported otherwise than it is asked."""
        most = _ESSAY[self.version]
        for item in section.items:
            if item.form.is_manual:
                what = "a text that a person marks"
                instead = f"its first {most:,} characters are reported, as neutral, without points"
                self.tell(item, what, instead)
            if is_worded(item.asks, self.version):
                what = "more choices than SCORM 1.2 has signs for"
                self.tell(item, what, "the answer is reported in words")
            if item.variants > 1 and item.variant == 1:
                feature = Feature.drawn_variant
                self.tell(item, feature.value, self.instead[feature])

    def _tell_of_pages(self) -> None:
        link = (
            "links to other pages of the book lead to its address"
            if self.package.address
            else "links to other pages of the book are plain text; give its address with --address"
        )
        self.report.tell(
            "page",
            "",
            "the other pages of the book",
            link,
            left_out=True,
        )


def _chapter_of(section: Section) -> Chapter:
    """Return the chapter of a section, or say that it is no whole chapter."""
    if section.chapter is None:
        raise CourseError(
            f"{section.path.name} is no chapter of the book, so it has no page to be packed. "
            "Export it as qti21, moodle-xml or another format of questions."
        )
    if len({item.name for item in section.items}) < len(section.bank.questions):
        number = int(section.chapter.number)
        raise CourseError(
            "A SCORM package holds a whole chapter. Name the chapter in place of its question: "
            f"{number}"
        )
    return section.chapter


@register
class Scorm12(_Scorm):
    """Packages of SCORM 1.2, which nearly every system plays."""

    name = "scorm12"
    title = "SCORM 1.2"
    purpose = "any system that plays SCORM 1.2"
    version = "1.2"


@register
class Scorm2004(_Scorm):
    """Packages of SCORM 2004, 4th edition: a finer report, and room for long texts."""

    name = "scorm2004"
    title = "SCORM 2004 4th edition"
    purpose = "systems that play SCORM 2004"
    version = "2004"
