"""QTI 1.2 as Canvas reads it: a zip with a quiz for the text and one for the end of a chapter."""

from pfp_course.export.lms.canvas_items import CanvasItem
from pfp_course.export.lms.features import Feature
from pfp_course.export.lms.model import Item, Quiz
from pfp_course.export.lms.packaging import ContentPackage, Resource
from pfp_course.export.lms.qti12_items import fields, questions
from pfp_course.export.lms.target import Target, register
from pfp_course.export.lms.texts import Texts
from pfp_course.export.lms.xml import Element, document, element, leaves
from pfp_course.questions.interactions import (
    Choose,
    Essay,
    Fill,
    Pair,
    WriteNumber,
    WriteText,
)

__all__ = ["Qti12"]

_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"


@register
class Qti12(Target):
    """A zip that holds a file for each quiz, the settings of the quiz, and the pictures."""

    name = "qti12"
    title = "QTI 1.2 for Canvas"
    purpose = "Canvas, and older systems that read QTI 1.2"
    asks = frozenset({Choose, WriteText, WriteNumber, Pair, Essay, Fill})
    says = frozenset(
        {
            Feature.option_reply,
            Feature.other_reply,
            Feature.order_reply,
            Feature.points,
            Feature.drawn_variant,
        }
    )

    def can_say(self, feature: Feature, item: Item) -> bool:
        """Tell whether Canvas has a feature; of weights it has those that are all alike."""
        if feature is Feature.weights and isinstance(item.asks, Choose) and item.asks.many:
            return len({round(abs(one.share), 6) for one in item.asks.options}) == 1
        return super().can_say(feature, item)

    def written(self) -> dict[str, bytes]:
        """Return one zip."""
        self.texts = Texts(address=lambda name: f"$IMS-CC-FILEBASE$/images/{name}", latex=True)
        self.content = ContentPackage(self.package.course.languages[0])
        for section in self.package.sections:
            for quiz in section.quizzes():
                self._quiz(quiz)
        self.content.add_pictures(self.texts.pictures)
        schema = leaves(schema="IMS Content", schemaversion="1.1.3")
        name = self.package.name
        made = self.content.packed(f"{name}-manifest", _PACKAGE, schema, None)
        return {f"{name}.qti12.zip": made}

    def _quiz(self, quiz: Quiz) -> None:
        root = element("section", {"ident": "root_section"})
        points = 0.0
        for group in quiz.groups:
            written = [one for item in group for one in self.sayable(item)]
            items = [CanvasItem(one, self.texts, self.tell).document() for one in written]
            if len(group) > 1:
                root.append(_drawn(group[0], items, len(written) // len(group)))
                points += group[0].points
            else:
                root.extend(items)
                points += sum(one.points for one in written)
        attempts = fields((("cc_maxattempts", "unlimited"),))
        titles = {"ident": quiz.identifier, "title": quiz.title}
        assessment = element("assessment", titles, attempts, root)
        name = f"{quiz.identifier}/{quiz.identifier}.xml"
        settings = f"{quiz.identifier}/assessment_meta.xml"
        self.content.members[name] = questions(assessment)
        meta = f"{quiz.identifier}-settings"
        kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        self.content.resources += [
            Resource(quiz.identifier, "imsqti_xmlv1p2", (name,), (meta,), href=False),
            Resource(meta, kind, (settings,)),
        ]
        self.content.members[settings] = document(_settings(quiz, points))


def _drawn(item: Item, items: list[Element], count: int) -> Element:
    """Return a group of which one variant is asked."""
    points = element(
        "selection_extension", None, *leaves(points_per_item=f"{item.points / count:g}")
    )
    selection = element("selection", None, *leaves(selection_number=str(count)), points)
    return element(
        "section",
        {"ident": f"{item.family}-variants", "title": item.name},
        element("selection_ordering", None, selection),
        *items,
    )


def _settings(quiz: Quiz, points: float) -> Element:
    inline = quiz.identifier.endswith("-text")
    values = leaves(
        title=quiz.title,
        description="",
        shuffle_answers="false",
        scoring_policy="keep_highest",
        quiz_type="practice_quiz" if inline else "assignment",
        points_possible=f"{points:g}",
        show_correct_answers="true",
        allowed_attempts="-1",
    )
    return element("quiz", {"xmlns": _CANVAS, "identifier": quiz.identifier}, *values)
