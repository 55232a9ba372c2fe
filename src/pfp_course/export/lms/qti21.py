"""QTI 2.1: a content package with an item for each question and a test for each quiz."""

from pfp_course.export.lms.features import USUAL, Feature
from pfp_course.export.lms.model import Item, Quiz
from pfp_course.export.lms.packaging import ContentPackage, Resource
from pfp_course.export.lms.qti21_items import ItemWriter
from pfp_course.export.lms.target import Target, register
from pfp_course.export.lms.texts import Texts
from pfp_course.export.lms.xml import Element, document, element, leaves

__all__ = ["Qti21"]

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_METADATA = "http://www.imsglobal.org/xsd/imsmd_v1p2"


@register
class Qti21(Target):
    """A zip that holds the items, the tests, the pictures and a manifest."""

    name = "qti21"
    title = "QTI 2.1"
    purpose = "systems that read QTI 2.1: OpenOlat, TAO, ILIAS, Inspera and others"
    says = USUAL | {
        Feature.attempts,
        Feature.unit,
        Feature.half_open,
        Feature.order_reply,
        Feature.item_reply,
        Feature.points,
    }

    def written(self) -> dict[str, bytes]:
        """Return one zip."""
        self.content = ContentPackage(self.package.course.languages[0], _METADATA)
        for section in self.package.sections:
            for quiz in section.quizzes():
                self._quiz(quiz)
        schema = leaves(schema="QTIv2.1 Package", schemaversion="1.0.0")
        name = self.package.name
        made = self.content.packed(f"{name}-manifest", _PACKAGE, schema, None)
        return {f"{name}.qti21.zip": made}

    def _quiz(self, quiz: Quiz) -> None:
        items: list[str] = []
        groups: list[Element] = []
        for group in quiz.groups:
            written = [one for item in group for one in self.sayable(item)]
            references = [self._item(one) for one in written]
            items += [one.identifier for one in written]
            if len(written) > 1:
                groups.append(_drawn(group[0], references))
            else:
                groups += references
        name = f"tests/{quiz.identifier}.xml"
        self.content.members[name] = document(_test(quiz, groups))
        needs = tuple(dict.fromkeys(items))
        test = Resource(quiz.identifier, "imsqti_test_xmlv2p1", (name,), needs, quiz.title)
        self.content.resources.insert(0, test)

    def _item(self, item: Item) -> Element:
        """Write an item, and return the reference to it in a test."""
        texts = Texts(address=lambda name: f"../images/{name}")
        writer = ItemWriter(item, texts)
        name = f"items/{item.identifier}.xml"
        self.content.members[name] = document(writer.document(_QTI, self.content.language))
        pictures = {f"images/{file}": content for file, content in texts.pictures.items()}
        self.content.members |= pictures
        words = (item.form.objective, item.goal) if item.form.objective else ()
        resource = Resource(
            item.identifier,
            "imsqti_item_xmlv2p1",
            (name, *pictures),
            title=item.title,
            keywords=tuple(word for word in words if word),
        )
        self.content.resources.append(resource)
        attempts = element("itemSessionControl", {"maxAttempts": item.form.attempts})
        reference = {"identifier": item.identifier, "href": f"../{name}"}
        return element("assessmentItemRef", reference, attempts)


def _drawn(item: Item, references: list[Element]) -> Element:
    """Return a section that asks one of the variants of a question."""
    return element(
        "assessmentSection",
        {"identifier": f"{item.family}-variants", "title": item.name, "visible": "false"},
        element("selection", {"select": "1"}),
        *references,
    )


def _test(quiz: Quiz, groups: list[Element]) -> Element:
    score = element("testVariables", {"variableIdentifier": "SCORE"})
    return element(
        "assessmentTest",
        {"xmlns": _QTI, "identifier": quiz.identifier, "title": quiz.title},
        element(
            "outcomeDeclaration",
            {"identifier": "SCORE", "cardinality": "single", "baseType": "float"},
        ),
        element(
            "testPart",
            {
                "identifier": f"{quiz.identifier}-part",
                "navigationMode": "nonlinear",
                "submissionMode": "individual",
            },
            element("itemSessionControl", {"maxAttempts": "0", "showFeedback": "true"}),
            element(
                "assessmentSection",
                {
                    "identifier": f"{quiz.identifier}-section",
                    "title": quiz.title,
                    "visible": "true",
                },
                *groups,
            ),
        ),
        element(
            "outcomeProcessing",
            None,
            element("setOutcomeValue", {"identifier": "SCORE"}, element("sum", None, score)),
        ),
    )
