"""Questions as items of QTI 2.1."""

from collections.abc import Iterable
from dataclasses import replace

from pfp_course.export.lms import qti21_rules as rules
from pfp_course.export.lms.drawings import Circle, Polygon, outlines, picture, right_areas
from pfp_course.export.lms.model import Item
from pfp_course.export.lms.texts import Texts, plain_line
from pfp_course.export.lms.xml import Element, element, inner
from pfp_course.questions.interactions import (
    Arrange,
    Choose,
    Essay,
    Fill,
    Option,
    Pair,
    Pick,
    WriteNumber,
    WriteText,
)
from pfp_course.questions.kinds.gaps import GAP

__all__ = ["ItemWriter"]

_RESPONSE = "RESPONSE"


class ItemWriter:
    """Writes one item: its declarations, its body, its rules and its feedback.

    Parameters
    ----------
    item : Item
        The question.
    texts : Texts
        Writes its texts, and keeps their pictures.
    """

    def __init__(self, item: Item, texts: Texts) -> None:
        self.item, self.texts = item, texts
        self.responses: list[Element] = []
        self.outcomes = [rules.outcome("SCORE", "float", default="0", most=item.points)]
        self.body: list[Element] = []
        self.steps: list[Element] = []
        self.feedback: list[Element] = []

    def document(self, namespace: str, language: str) -> Element:
        """Return the item as a whole."""
        ask = self.item.form.ask
        if not isinstance(self.item.asks, Fill):
            self.body.append(self._block(ask))
        self._asked()
        if reason := self.texts.reason(self.item):
            self.outcomes.append(rules.outcome("REASON", "identifier"))
            self.steps.append(rules.set_value("REASON", rules.value("identifier", "reason")))
            self._said("REASON", "reason", reason)
        return element(
            "assessmentItem",
            {
                "xmlns": namespace,
                "identifier": self.item.identifier,
                "title": self.item.title,
                "adaptive": "false",
                "timeDependent": "false",
                "xml:lang": language,
            },
            *self.responses,
            *self.outcomes,
            element("itemBody", None, *self.body),
            element("responseProcessing", None, *self.steps),
            *self.feedback,
        )

    def _asked(self) -> None:
        match self.item.asks:
            case Choose() as asks:
                self._choices(asks)
            case WriteText() | WriteNumber() as asks:
                self.body.append(element("p", None, self._entry(_RESPONSE, asks)))
                self._typed(_RESPONSE, asks, self.item.points, "FEEDBACK")
            case Pair() as asks:
                self._pairs(asks)
            case Arrange() as asks:
                self._order(asks)
            case Pick() as asks:
                self._hotspot(asks)
            case Essay() as asks:
                self._essay(asks)
            case Fill() as asks:
                self._gaps(asks)

    def _block(self, text: str) -> Element:
        return inner(self.texts.html(text))

    def _demand(self, text: str) -> None:
        if text:
            self.body.append(self._block(text.strip()))

    def _said(self, outcome: str, identifier: str, html: str) -> None:
        """Add what is shown where an outcome holds an identifier."""
        attributes = {
            "outcomeIdentifier": outcome,
            "identifier": identifier,
            "showHide": "show",
        }
        self.feedback.append(inner(html, tag="modalFeedback", attributes=attributes))

    def _choices(self, asks: Choose) -> None:
        points = self.item.points
        cardinality = "multiple" if asks.many else "single"
        options = [(f"c{number}", one) for number, one in enumerate(asks.options, 1)]
        right = [name for name, one in options if _best(asks, one)]
        earned = [(name, one.share * points) for name, one in options if one.share]
        mapped = rules.mapping(earned, points)
        self.responses.append(rules.declared(_RESPONSE, cardinality, "identifier", right, mapped))
        choices = [
            self._choice(name, one.text, **({"fixed": "true"} if one.pin else {}))
            for name, one in options
        ]
        self.body.append(
            element(
                "choiceInteraction",
                {
                    "responseIdentifier": _RESPONSE,
                    "shuffle": "true" if asks.shuffle else "false",
                    "maxChoices": "0" if asks.many else "1",
                },
                *choices,
            )
        )
        mapped_score = element("mapResponse", {"identifier": _RESPONSE})
        self.steps.append(rules.set_value("SCORE", mapped_score))
        if any(one.say for one in asks.options):
            self.outcomes.append(rules.outcome("FEEDBACK", "identifier", cardinality=cardinality))
            self.steps.append(rules.set_value("FEEDBACK", rules.variable(_RESPONSE)))
        for name, one in options:
            if one.say:
                self._said("FEEDBACK", name, self.texts.block(one.say))

    def _entry(self, name: str, asks: WriteText | WriteNumber) -> Element:
        """Return a line to type into, with the unit behind it."""
        longest = 12
        if isinstance(asks, WriteText):
            longest = max((len(one.text) for one in asks.answers), default=20) + 4
        attributes = {"responseIdentifier": name, "expectedLength": longest}
        entry = element("textEntryInteraction", attributes)
        unit = f" {asks.unit}" if isinstance(asks, WriteNumber) and asks.unit else ""
        return element("span", None, entry, unit) if unit else entry

    def _typed(
        self, name: str, asks: WriteText | WriteNumber, points: float, feedback: str
    ) -> None:
        """Add the declaration, the rules and the replies of something that is typed."""
        if isinstance(asks, WriteText):
            correct, kind = asks.answers[0].text, "string"
            found = [
                (rules.is_text(name, one, case=asks.case), one.share, one.say)
                for one in asks.different(case=asks.case)
            ]
        else:
            correct, kind = f"{asks.ranges[0].middle:.12g}", "float"
            found = [(rules.in_range(name, one), one.share, one.say) for one in asks.ranges]
        self.responses.append(rules.declared(name, "single", kind, [correct]))
        replies: dict[tuple[float, str], list[Element]] = {}
        for condition, share, say in found:
            replies.setdefault((share, say), []).append(condition)
        branches = [
            (rules.any_of(conditions), f"a{number}", share * points, say)
            for number, ((share, say), conditions) in enumerate(replies.items(), 1)
        ]
        rest = [rules.set_value(feedback, rules.value("identifier", "other"))]
        self._branches(feedback, branches, rest)
        if asks.otherwise:
            self._said(feedback, "other", self.texts.block(asks.otherwise))

    def _branches(
        self, feedback: str, found: Iterable[tuple[Element, str, float, str]], rest: list[Element]
    ) -> None:
        """Add the rules of answers: where one holds, its name, its points and its reply."""
        self.outcomes.append(rules.outcome(feedback, "identifier"))
        branches = []
        for condition, name, points, say in found:
            done = [rules.add_score(points)] if points else []
            done.append(rules.set_value(feedback, rules.value("identifier", name)))
            branches.append((condition, done))
            if say:
                self._said(feedback, name, self.texts.block(say))
        self.steps.append(rules.chain(branches, rest))

    def _pairs(self, asks: Pair) -> None:
        names = [f"i{number} o{one.right + 1}" for number, one in enumerate(asks.items, 1)]
        part = self.item.points / len(names)
        mapped = rules.mapping([(name, part) for name in names], self.item.points)
        self.responses.append(rules.declared(_RESPONSE, "multiple", "directedPair", names, mapped))
        kind = "simpleAssociableChoice"
        items = (
            self._choice(f"i{number}", one.text, kind, matchMax="1")
            for number, one in enumerate(asks.items, 1)
        )
        options = (
            self._choice(f"o{number}", text, kind, matchMax=f"{len(asks.items)}")
            for number, text in enumerate(asks.options, 1)
        )
        self.body.append(
            element(
                "matchInteraction",
                {
                    "responseIdentifier": _RESPONSE,
                    "shuffle": "false",
                    "maxAssociations": len(asks.items),
                },
                element("simpleMatchSet", None, *items),
                element("simpleMatchSet", None, *options),
            )
        )
        mapped_score = element("mapResponse", {"identifier": _RESPONSE})
        self.steps.append(rules.set_value("SCORE", mapped_score))
        for number, (name, one) in enumerate(zip(names, asks.items, strict=True), 1):
            if one.say:
                outcome = f"FEEDBACK_{number}"
                self.outcomes.append(rules.outcome(outcome, "identifier"))
                pair = rules.value("directedPair", name)
                paired = element("member", None, pair, rules.variable(_RESPONSE))
                wrong = rules.set_value(outcome, rules.value("identifier", "wrong"))
                self.steps.append(rules.chain([(element("not", None, paired), [wrong])], []))
                self._said(outcome, "wrong", self.texts.block(one.say))

    def _choice(
        self, name: str, text: str, tag: str = "simpleChoice", **attributes: str
    ) -> Element:
        html = self.texts.html(text)
        return inner(html, tag=tag, attributes={"identifier": name, **attributes})

    def _order(self, asks: Arrange) -> None:
        names = [f"c{number}" for number in range(1, len(asks.items) + 1)]
        self.responses.append(rules.declared(_RESPONSE, "ordered", "identifier", names))
        self._demand(asks.demand)
        shown = sorted(range(len(names)), key=lambda place: asks.items[place])
        choices = (self._choice(names[place], asks.items[place]) for place in shown)
        attributes = {"responseIdentifier": _RESPONSE, "shuffle": "true"}
        self.body.append(element("orderInteraction", attributes, *choices))
        part = self.item.points / len(names)
        steps = []
        for place, name in enumerate(names, 1):
            there = element("index", {"n": place}, rules.variable(_RESPONSE))
            right = element("match", None, there, rules.value("identifier", name))
            steps.append(rules.chain([(right, [rules.add_score(part)])], []))
        if asks.otherwise:
            self.outcomes.append(rules.outcome("FEEDBACK", "identifier"))
            steps.append(rules.set_value("FEEDBACK", rules.value("identifier", "wrong")))
            self._said("FEEDBACK", "wrong", self.texts.block(asks.otherwise))
        # The parts of the points need not add up to the whole.
        correct = element("correct", {"identifier": _RESPONSE})
        whole = rules.set_value("SCORE", rules.value("float", f"{self.item.points:g}"))
        found = element("match", None, rules.variable(_RESPONSE), correct)
        self.steps.append(rules.chain([(found, [whole])], steps))

    def _hotspot(self, asks: Pick) -> None:
        shown = picture(asks.drawing)
        name = self.texts.store(shown.content)
        address = self.texts.address(name) if self.texts.address else name
        areas = list(outlines(asks.drawing))
        spots: dict[int, list[Element]] = {}
        choices = []
        for number, area in enumerate(areas, 1):
            name = f"h{number}"
            spots.setdefault(area.choice, []).append(rules.same(_RESPONSE, "identifier", name))
            choices.append(_spot(name, plain_line(asks.options[area.choice].text), area))
        correct = f"h{areas.index(right_areas(asks)[0]) + 1}"
        self.responses.append(rules.declared(_RESPONSE, "single", "identifier", [correct]))
        drawn = element(
            "object",
            {"type": "image/png", "data": address, "width": shown.width, "height": shown.height},
            shown.words,
        )
        attributes = {"responseIdentifier": _RESPONSE, "maxChoices": "1"}
        self.body.append(element("hotspotInteraction", attributes, drawn, *choices))
        picked = ((found, choice, asks.options[choice]) for choice, found in sorted(spots.items()))
        replies = (
            (rules.any_of(found), f"c{choice + 1}", one.share * self.item.points, one.say)
            for found, choice, one in picked
        )
        self._branches("FEEDBACK", replies, [])

    def _essay(self, asks: Essay) -> None:
        self.responses.append(rules.declared(_RESPONSE, "single", "string"))
        attributes = {"responseIdentifier": _RESPONSE, "expectedLength": max(asks.words * 12, 200)}
        self._demand(asks.demand)
        self.body.append(element("extendedTextInteraction", attributes))
        rubric = self.texts.rubric(self.item)
        if rubric:
            self.body.append(inner(rubric, tag="rubricBlock", attributes={"view": "scorer"}))

    def _gaps(self, asks: Fill) -> None:
        whole = sum(gap.weight for gap in asks.gaps)
        html = GAP.sub(r'<span class="gap-\1"></span>', self.texts.html(self.item.form.ask))
        body = inner(html)
        for part in list(body.iter("span")):
            number = int(part.attrib.pop("class").removeprefix("gap-"))
            gap = asks.gaps[number - 1]
            name, feedback = f"{_RESPONSE}_{number}", f"FEEDBACK_{number}"
            points = self.item.points * gap.weight / whole
            if isinstance(gap.asks, Choose):
                part.append(self._inline_choices(name, gap.asks, points, feedback))
                continue
            typed = gap.asks
            if not typed.otherwise:
                typed = replace(typed, otherwise=asks.otherwise)
            part.append(self._entry(name, typed))
            self._typed(name, typed, points, feedback)
        self.body.append(body)

    def _inline_choices(self, name: str, asks: Choose, points: float, feedback: str) -> Element:
        pairs = [(f"c{number}", option) for number, option in enumerate(asks.options, 1)]
        right = next(one for one, option in pairs if _best(asks, option))
        self.responses.append(rules.declared(name, "single", "identifier", [right]))
        replies = (
            (rules.same(name, "identifier", one), one, option.share * points, option.say)
            for one, option in pairs
        )
        self._branches(feedback, replies, [])
        choices = (
            element("inlineChoice", {"identifier": one}, plain_line(option.text))
            for one, option in pairs
        )
        attributes = {"responseIdentifier": name, "shuffle": "false"}
        return element("inlineChoiceInteraction", attributes, *choices)


def _best(asks: Choose, option: Option) -> bool:
    """Tell whether an option belongs to an answer that earns all of the points."""
    if asks.many:
        return option.is_right
    return option.share == max(one.share for one in asks.options)


def _spot(name: str, label: str, area: Polygon | Circle) -> Element:
    if isinstance(area, Circle):
        shape, coords = "circle", f"{area.x},{area.y},{area.radius}"
    else:
        shape = "poly"
        coords = ",".join(f"{x:.0f},{y:.0f}" for x, y in area.corners)
    return element(
        "hotspotChoice",
        {"identifier": name, "shape": shape, "coords": coords, "hotspotLabel": label},
    )
