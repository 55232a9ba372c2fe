"""Elements of QTI 2.1: declarations, rules of response processing, spots of a picture, tests."""

from collections.abc import Iterable, Sequence

from pfp_course.export.lms.model import Item, Quiz
from pfp_course.export.lms.render import Circle, Polygon
from pfp_course.export.lms.xml import Element, element
from pfp_course.questions.interactions import Answer, Range

__all__ = [
    *("NAMESPACE", "add_score", "any_of", "chain", "declared", "drawn", "in_range", "is_text"),
    *("mapping", "outcome", "same", "set_value", "spot", "test", "value", "variable"),
]

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"


def declared(
    name: str,
    cardinality: str,
    kind: str,
    correct: Sequence[str] = (),
    mapped: Element | None = None,
) -> Element:
    """Return the declaration of a response with its correct value and what it earns."""
    right = element("correctResponse", *(element("value", text) for text in correct))
    return element(
        "responseDeclaration",
        {"identifier": name, "cardinality": cardinality, "baseType": kind},
        right if correct else None,
        mapped,
    )


def mapping(earned: Iterable[tuple[str, float]], most: float) -> Element:
    """Return what each value of a response earns; the sum is kept from 0 to the most."""
    return element(
        "mapping",
        {"lowerBound": "0", "upperBound": f"{most:g}", "defaultValue": "0"},
        *(
            element("mapEntry", {"mapKey": key, "mappedValue": f"{points:.6g}"})
            for key, points in earned
        ),
    )


def outcome(
    name: str, kind: str, *, cardinality: str = "single", default: str = "", most: float = 0
) -> Element:
    """Return the declaration of an outcome."""
    attributes: dict[str, object] = {
        "identifier": name,
        "cardinality": cardinality,
        "baseType": kind,
    }
    if most:
        attributes["normalMaximum"] = f"{most:g}"
    initial = element("defaultValue", element("value", default)) if default else None
    return element("outcomeDeclaration", attributes, initial)


def variable(name: str) -> Element:
    """Return the value of a variable."""
    return element("variable", {"identifier": name})


def value(kind: str, text: str) -> Element:
    """Return a value."""
    return element("baseValue", {"baseType": kind}, text)


def set_value(name: str, expression: Element) -> Element:
    """Return the rule that sets an outcome."""
    return element("setOutcomeValue", {"identifier": name}, expression)


def add_score(points: float) -> Element:
    """Return the rule that adds points to the score."""
    added = value("float", f"{points:.6g}")
    return set_value("SCORE", element("sum", variable("SCORE"), added))


def chain(branches: Sequence[tuple[Element, list[Element]]], rest: list[Element]) -> Element:
    """Return a condition: the rules of the first branch that holds, or those of the rest."""
    made = element("responseCondition")
    for number, (condition, rules) in enumerate(branches):
        tag = "responseElseIf" if number else "responseIf"
        made.append(element(tag, condition, *rules))
    if rest:
        made.append(element("responseElse", *rest))
    return made


def same(name: str, choice: str) -> Element:
    """Return whether a response is a choice."""
    return element("match", variable(name), value("identifier", choice))


def any_of(conditions: Sequence[Element]) -> Element:
    """Return whether one of several conditions holds."""
    return conditions[0] if len(conditions) == 1 else element("or", *conditions)


def is_text(name: str, answer: Answer, *, case: bool) -> Element:
    """Return whether a response is a text."""
    return element(
        "stringMatch",
        {"caseSensitive": "true" if case else "false", "substring": "false"},
        variable(name),
        value("string", answer.text),
    )


def in_range(name: str, one: Range) -> Element:
    """Return whether a response lies in a range, with the slack of decimal fractions."""
    slack = 1e-9 * max(abs(one.low), abs(one.high))
    above = element("gte", variable(name), value("float", repr(one.low - slack)))
    end = one.high - slack if one.open else one.high + slack
    below = element("lt" if one.open else "lte", None, variable(name), value("float", repr(end)))
    return element("and", above, below)


def spot(name: str, label: str, area: Polygon | Circle) -> Element:
    """Return an area of a picture that can be picked."""
    if isinstance(area, Circle):
        shape, coords = "circle", f"{area.x},{area.y},{area.radius}"
    else:
        shape = "poly"
        coords = ",".join(f"{x:.0f},{y:.0f}" for x, y in area.corners)
    return element(
        "hotspotChoice",
        {"identifier": name, "shape": shape, "coords": coords, "hotspotLabel": label},
    )


def drawn(item: Item, references: list[Element]) -> Element:
    """Return a section that asks one of the variants of a question."""
    return element(
        "assessmentSection",
        {"identifier": f"{item.family}-variants", "title": item.name, "visible": "false"},
        element("selection", {"select": "1"}),
        *references,
    )


def test(quiz: Quiz, groups: list[Element]) -> Element:
    """Return a test that asks the questions of a quiz."""
    score = element("testVariables", {"variableIdentifier": "SCORE"})
    return element(
        "assessmentTest",
        {"xmlns": NAMESPACE, "identifier": quiz.identifier, "title": quiz.title},
        outcome("SCORE", "float"),
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
        element("outcomeProcessing", set_value("SCORE", element("sum", score))),
    )
