"""Common Cartridge 1.1: a page, two quizzes and a link for each chapter."""

from html import escape
from types import MappingProxyType

from pfp_course.export.lms import Target, qti12, register
from pfp_course.export.lms.model import Quiz, Section
from pfp_course.export.lms.qti12 import fields, questions
from pfp_course.export.lms.reduction import Feature
from pfp_course.export.lms.render import Texts
from pfp_course.export.lms.xml import ContentPackage, Element, document, element, leaves
from pfp_course.questions.interactions import Choose, Essay, WriteText

__all__ = ["CommonCartridge"]


class _CartridgeItem(qti12.ItemWriter):
    """Writes one item: single or multiple choice, a text to fill in, or an essay."""

    right = "correct"

    def document(self) -> Element:
        """Return the item as a whole."""
        ask = self.item.form.ask
        match self.item.asks:
            case Choose() as asks:
                self.always(self.texts.reason(self.item))
                kind = "multiple_response" if asks.many else "multiple_choice"
                answer = self.choose(asks)
            case WriteText() as asks:
                self.always(self.texts.reason(self.item))
                kind, answer = "fib", self._typed(asks)
            case Essay() as asks:
                self.add("general_fb", self.texts.rubric(self.item))
                kind, answer, ask = "essay", qti12.line(), ask + asks.demand
            case _:
                raise TypeError(self.item.asks)
        weight = str(max(1, round(self.item.points)))
        return self.written(ask, [answer], cc_profile=f"cc.{kind}.v0p1", cc_weighting=weight)

    def _typed(self, asks: WriteText) -> Element:
        for one in asks.different(case=asks.case, right=True):
            self.earn(qti12.equal(one.text, case="Yes" if asks.case else "No"))
        return qti12.line(prompt="Dashline")


_PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_METADATA = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
_LINK = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"
_QUIZ = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
_BANK = "imsqti_xmlv1p2/imscc_xmlv1p1/question-bank"


@register
class CommonCartridge(Target):
    """A zip of pages, quizzes and links in a table of contents."""

    name = "cc"
    title = "Common Cartridge 1.1"
    purpose = "Canvas, Blackboard, Brightspace, Sakai, Schoology: pages, quizzes and links"
    asks = frozenset({Choose, WriteText, Essay})
    says = frozenset({Feature.option_reply, Feature.item_reply, Feature.order_reply})
    instead = MappingProxyType(
        {Feature.drawn_variant: "the quiz asks the first; the others are in the question bank"}
    )

    def written(self) -> dict[str, bytes]:
        """Return one cartridge."""
        self.texts = Texts(address=lambda name: f"$IMS-CC-FILEBASE$/images/{name}")
        self.content = ContentPackage(self.package.course.languages[0])
        self.others: list[Element] = []  # the variants that no quiz asks, for a question bank
        chapters = [self._section(section) for section in self.package.sections]
        if self.others:
            name = f"{self.package.name}-variants"
            bank = element("objectbank", {"ident": name}, *self.others)
            self.content.add(name, _BANK, f"{name}/bank.xml", questions(bank))
        self.content.add_pictures(self.texts.pictures)
        contents = element("item", {"identifier": "contents"}, *chapters)
        structure = {"identifier": "organization", "structure": "rooted-hierarchy"}
        organization = element("organization", structure, contents)
        name = f"{self.package.name}-cartridge"
        made = self.content.packed(name, _PACKAGE, self._metadata(), organization)
        return {f"{self.package.name}.imscc": made}

    def _metadata(self) -> list[Element]:
        def said(tag: str, text: str) -> Element:
            inside = element("string", {"language": self.content.language}, text)
            return element(tag, {"xmlns": _METADATA}, inside)

        course = self.package.course
        general = element(
            "general",
            {"xmlns": _METADATA},
            said("title", self.package.title),
            said("description", f"By {course.byline}. {course.terms_of_use}"),
        )
        schema = leaves(schema="IMS Common Cartridge", schemaversion="1.1.0")
        return [*schema, element("lom", {"xmlns": _METADATA}, general)]

    def _section(self, section: Section) -> Element:
        """Write what belongs to a chapter, and return its place in the table of contents."""
        name, chapter = section.identifier, section.chapter
        entries = [_entry(f"{name}-page", "What this chapter is about")]
        self.content.add(f"{name}-page", "webcontent", f"pages/{name}.html", self._page(section))
        if self.package.address and chapter:
            address = f"{self.package.address}notebooks/{chapter.notebook.stem}.html"
            made = element(
                "webLink",
                {"xmlns": _LINK},
                element("title", section.title),
                element("url", {"href": address, "target": "_blank"}),
            )
            content = document(made)
            self.content.add(f"{name}-link", "imswl_xmlv1p1", f"links/{name}.xml", content)
            entries.append(_entry(f"{name}-link", "The chapter in the web book"))
        elif chapter:
            what = "a link to the chapter in the web book"
            self.report.tell("page", section.title, what, "there is none without --address")
        for quiz in section.quizzes():
            entries.append(_entry(quiz.identifier, quiz.title))
            self._quiz(quiz)
        title = element("title", section.title)
        return element("item", {"identifier": f"{name}-contents"}, title, *entries)

    def _page(self, section: Section) -> bytes:
        bank = section.bank
        promise = section.chapter.promise if section.chapter else ""
        goals = "".join(f"<li>{self.texts.html(text)}</li>" for text in bank.objectives.values())
        course = self.package.course
        body = (
            f"<h1>{escape(section.title)}</h1>"
            + (f"<p>{self.texts.html(promise)}</p>" if promise else "")
            + f"<p>{escape(bank.part)}. Plan {bank.minutes} minutes.</p>"
            + f"<h2>After this chapter</h2><ul>{goals}</ul>"
            + f"<p>{escape(course.title)}. {escape(course.terms_of_use)}</p>"
        )
        return (
            f'<!DOCTYPE html>\n<html lang="{self.content.language}"><head><meta charset="utf-8"/>'
            f"<title>{escape(section.title)}</title></head><body>{body}</body></html>\n"
        ).encode()

    def _quiz(self, quiz: Quiz) -> None:
        items: list[Element] = []
        for group in quiz.groups:
            for number, item in enumerate(group):
                written = [_CartridgeItem(one, self.texts).document() for one in self.sayable(item)]
                # A quiz asks the first of several variants.
                (self.others if number else items).extend(written)
        root = element("section", {"ident": "root_section"}, *items)
        about = fields(
            cc_profile="cc.exam.v0p1",
            qmd_assessmenttype="Examination",
            qmd_scoretype="Percentage",
            qmd_feedbackpermitted="Yes",
            qmd_hintspermitted="No",
            qmd_solutionspermitted="Yes",
            cc_maxattempts="unlimited",
        )
        titles = {"ident": quiz.identifier, "title": quiz.title}
        content = questions(element("assessment", titles, about, root))
        self.content.add(quiz.identifier, _QUIZ, f"{quiz.identifier}/assessment.xml", content)


def _entry(resource: str, title: str) -> Element:
    return element(
        "item",
        {"identifier": f"{resource}-entry", "identifierref": resource},
        element("title", title),
    )
