"""SCORM 1.2 and SCORM 2004: a zip for each chapter, with its page and quizzes as in the book.

The manifests hold to the SCORM 1.2 content aggregation model (2001) and to that of SCORM 2004, 4th
edition: one organisation with one chapter, and what is known of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any, ClassVar
from xml.sax.saxutils import escape as escape_xml
from xml.sax.saxutils import quoteattr

from pfp_course._version import __version__
from pfp_course.chapters import Chapter
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.export.lms import Report, Target, register
from pfp_course.export.lms.model import Section
from pfp_course.export.lms.reduction import Feature
from pfp_course.export.lms.scorm_page import BuiltBook
from pfp_course.export.lms.scorm_questions import Version, is_worded, reported
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
        made = {}
        for section in package.sections:
            chapter = _chapter_of(section)
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
        files = book.page(chapter, told, self._panel(told, section.exercises))
        goals = [goal["id"] for goal in told["objectives"]]
        listed = _manifest(name, chapter, course, goals, files, self.version)
        return {"imsmanifest.xml": listed.encode(), **files}

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
                self.tell(item, feature.what, self.instead[feature])

    def _tell_of_pages(self) -> None:
        link = (
            "links to other pages of the book lead to its address"
            if self.package.address
            else "links to other pages of the book are plain text; give its address with --address"
        )
        self.report.tell("page", "", "the other pages of the book", link, left_out=True)


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


_START = "index.html"
_SPACES = {
    "1.2": (
        'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" '
        'xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"'
    ),
    "2004": (
        'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" '
        'xmlns:imsss="http://www.imsglobal.org/xsd/imsss" '
        'xmlns:lom="http://ltsc.ieee.org/xsd/LOM"'
    ),
}


def _manifest(
    name: str,
    chapter: Chapter,
    course: Course,
    goals: Sequence[str],
    files: Iterable[str],
    version: Version,
) -> str:
    """Return ``imsmanifest.xml`` of a package, which lists the names of all its other files.

    ``goals`` are the identifiers of the objectives, as the script reports them.
    """
    is_2004 = version == "2004"
    names = sorted(files, key=lambda name: (name != _START, name))
    listed = "\n".join(f"      <file href={quoteattr(name)}/>" for name in names)
    kind = "scormType" if is_2004 else "scormtype"
    edition = "2004 4th Edition" if is_2004 else "1.2"
    flow = (
        "\n      <imsss:sequencing>"
        '<imsss:controlMode choice="true" flow="true"/></imsss:sequencing>'
        if is_2004
        else ""
    )
    title = escape_xml(chapter.heading)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="{name}-manifest" version="1.0" {_SPACES[version]}>
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>{edition}</schemaversion>
{_lom(chapter, course, version)}
  </metadata>
  <organizations default="{name}-organization">
    <organization identifier="{name}-organization">
      <title>{title}</title>
      <item identifier="{name}-item" identifierref="{name}-page">
        <title>{title}</title>{_sequencing(name, goals) if is_2004 else ""}
      </item>{flow}
    </organization>
  </organizations>
  <resources>
    <resource identifier="{name}-page" type="webcontent" adlcp:{kind}="sco"
      href="{_START}">
{listed}
    </resource>
  </resources>
</manifest>
"""


def _sequencing(name: str, goals: Iterable[str]) -> str:
    """Return who decides on success and completion, the content, and what is learnt."""
    objectives = "".join(
        f"\n            <imsss:objective objectiveID={quoteattr(goal)}/>" for goal in goals
    )
    return f"""
        <imsss:sequencing>
          <imsss:objectives>
            <imsss:primaryObjective objectiveID="{name}-chapter"/>{objectives}
          </imsss:objectives>
          <imsss:deliveryControls tracked="true" completionSetByContent="true"
            objectiveSetByContent="true"/>
        </imsss:sequencing>"""


_LOM = """    <lom:lom>
      <lom:general>
        <lom:title>{title}</lom:title>
        <lom:language>{language}</lom:language>
        <lom:description>{promise}</lom:description>
        <lom:keyword>{course}</lom:keyword>
      </lom:general>
      <lom:lifeCycle>
        <lom:version>{version}</lom:version>
        <lom:contribute>
          <lom:role>{role}</lom:role>
          {author}
        </lom:contribute>
      </lom:lifeCycle>
      <lom:educational>
        <lom:typicalLearningTime>{time}</lom:typicalLearningTime>
      </lom:educational>
      <lom:rights>
        <lom:copyrightAndOtherRestrictions>{restricted}</lom:copyrightAndOtherRestrictions>
        <lom:description>{rights}</lom:description>
      </lom:rights>
    </lom:lom>"""


def _lom(chapter: Chapter, course: Course, version: Version) -> str:
    """Return the metadata of a chapter (LOM), whose names SCORM 1.2 has in small letters."""
    language = course.languages[0]
    card = _card(course.byline)
    time = f"PT{chapter.minutes // 60}H{chapter.minutes % 60}M"  # ISO 8601
    if version == "2004":
        frame, role = _LOM, "author"
        said = f"<lom:string language={quoteattr(language)}>{{}}</lom:string>"
        word = "<lom:source>LOMv1.0</lom:source><lom:value>{}</lom:value>"
        author = f"<lom:entity>{card}</lom:entity>"
        time = f"<lom:duration>{time}</lom:duration>"
    else:
        frame = re.sub(r"</?lom:\w+", lambda tag: tag[0].lower().replace("lom:", "imsmd:"), _LOM)
        role = "Author"
        said = f"<imsmd:langstring xml:lang={quoteattr(language)}>{{}}</imsmd:langstring>"
        any_language = '<imsmd:langstring xml:lang="x-none">{}</imsmd:langstring>'
        source = f"<imsmd:source>{any_language.format('LOMv1.0')}</imsmd:source>"
        word = f"{source}<imsmd:value>{any_language}</imsmd:value>"
        author = f"<imsmd:centity><imsmd:vcard>{card}</imsmd:vcard></imsmd:centity>"
        time = f"<imsmd:datetime>{time}</imsmd:datetime>"

    def text(value: str) -> str:
        return said.format(escape_xml(value))

    return frame.format(
        title=text(chapter.heading),
        language=escape_xml(language),
        promise=text(chapter.promise),
        course=text(course.title),
        version=text(__version__),
        role=word.format(role),
        author=author,
        time=time,
        restricted=word.format("yes"),
        rights=text(f"{course.licence.replace('-', ' ')}. © {course.byline}"),
    )


def _card(name: str) -> str:
    """Return a name as a vCard (RFC 2426)."""
    plain = name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return escape_xml(f"BEGIN:VCARD\nVERSION:3.0\nFN:{plain}\nN:{plain};;;;\nEND:VCARD")
