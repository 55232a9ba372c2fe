"""QTI 2.1: a content package with an item for each question and a test for each quiz."""

from collections.abc import Iterable

from pfp_course.export.lms import Target, register
from pfp_course.export.lms import qti21_elements as qti
from pfp_course.export.lms.model import Item, Quiz
from pfp_course.export.lms.reduction import USUAL, Feature, gaps_of
from pfp_course.export.lms.render import Texts, outlines, picture, plain_line, right_areas
from pfp_course.export.lms.xml import (
    ContentPackage,
    Element,
    Resource,
    document,
    element,
    inner,
    leaves,
)
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

__all__ = ["Qti21"]

_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_METADATA = "http://www.imsglobal.org/xsd/imsmd_v1p2"
_RESPONSE = "RESPONSE"


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
        for quiz in self.package.quizzes:
            self._quiz(quiz)
        schema = leaves(schema="QTIv2.1 Package", schemaversion="1.0.0")
        name = self.package.name
        made = self.content.packed(f"{name}-manifest", _PACKAGE, schema)
        return {f"{name}.qti21.zip": made}

    def _quiz(self, quiz: Quiz) -> None:
        items: list[str] = []
        groups: list[Element] = []
        for group in quiz.groups:
            written = [one for item in group for one in self.sayable(item)]
            references = [self._item(one) for one in written]
            items += [one.identifier for one in written]
            if len(written) > 1:
                groups.append(qti.drawn(group[0], references))
            else:
                groups += references
        name = f"tests/{quiz.identifier}.xml"
        self.content.members[name] = document(qti.test(quiz, groups))
        needs = tuple(dict.fromkeys(items))
        test = Resource(quiz.identifier, "imsqti_test_xmlv2p1", (name,), needs, quiz.title)
        self.content.resources.insert(0, test)

    def _item(self, item: Item) -> Element:
        """Write an item, and return the reference to it in a test."""
        texts = Texts(address=lambda name: f"../images/{name}")
        writer = _ItemWriter(item, texts)
        name = f"items/{item.identifier}.xml"
        self.content.members[name] = document(writer.document(self.content.language))
        pictures = {f"images/{file}": content for file, content in texts.pictures.items()}
        self.content.members |= pictures
        resource = Resource(
            item.identifier,
            "imsqti_item_xmlv2p1",
            (name, *pictures),
            title=item.title,
            keywords=tuple(filter(None, (item.form.objective, item.goal))),
        )
        self.content.resources.append(resource)
        attempts = element("itemSessionControl", {"maxAttempts": item.form.attempts})
        reference = {"identifier": item.identifier, "href": f"../{name}"}
        return element("assessmentItemRef", reference, attempts)


class _ItemWriter:
    """Writes one item: its declarations, its body, its rules and its feedback."""

    def __init__(self, item: Item, texts: Texts) -> None:
        self.item, self.texts = item, texts
        self.responses: list[Element] = []
        self.outcomes = [qti.outcome("SCORE", "float", default="0", most=item.points)]
        self.body: list[Element] = []
        self.steps: list[Element] = []
        self.feedback: list[Element] = []

    def document(self, language: str) -> Element:
        """Return the item as a whole."""
        ask = self.item.form.ask
        if not isinstance(self.item.asks, Fill):
            self.body.append(self._block(ask))
        self._asked()
        if reason := self.texts.reason(self.item):
            self.outcomes.append(qti.outcome("REASON", "identifier"))
            self.steps.append(qti.set_value("REASON", qti.value("identifier", "reason")))
            self._said("REASON", "reason", reason)
        return element(
            "assessmentItem",
            {
                "xmlns": qti.NAMESPACE,
                "identifier": self.item.identifier,
                "title": self.item.title,
                "adaptive": "false",
                "timeDependent": "false",
                "xml:lang": language,
            },
            *self.responses,
            *self.outcomes,
            element("itemBody", *self.body),
            element("responseProcessing", *self.steps),
            *self.feedback,
        )

    def _asked(self) -> None:
        match self.item.asks:
            case Choose() as asks:
                self._choices(asks)
            case WriteText() | WriteNumber() as asks:
                self.body.append(element("p", self._entry(_RESPONSE, asks)))
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
        shown = {"outcomeIdentifier": outcome, "identifier": identifier, "showHide": "show"}
        self.feedback.append(inner(html, "modalFeedback", **shown))

    def _map(
        self, cardinality: str, kind: str, right: list[str], earned: list[tuple[str, float]]
    ) -> None:
        """Add the declaration of a response whose values earn points, and their sum as score."""
        mapped = qti.mapping(earned, self.item.points)
        self.responses.append(qti.declared(_RESPONSE, cardinality, kind, right, mapped))
        score = element("mapResponse", {"identifier": _RESPONSE})
        self.steps.append(qti.set_value("SCORE", score))

    def _choices(self, asks: Choose) -> None:
        cardinality = "multiple" if asks.many else "single"
        options = [(f"c{number}", one) for number, one in enumerate(asks.options, 1)]
        right = [name for name, one in options if _best(asks, one)]
        earned = [(name, one.share * self.item.points) for name, one in options if one.share]
        self._map(cardinality, "identifier", right, earned)
        choices = (
            self._choice(name, one.text, **({"fixed": "true"} if one.pin else {}))
            for name, one in options
        )
        attributes = {
            "responseIdentifier": _RESPONSE,
            "shuffle": "true" if asks.shuffle else "false",
            "maxChoices": "0" if asks.many else "1",
        }
        self.body.append(element("choiceInteraction", attributes, *choices))
        if any(one.say for one in asks.options):
            self.outcomes.append(qti.outcome("FEEDBACK", "identifier", cardinality=cardinality))
            self.steps.append(qti.set_value("FEEDBACK", qti.variable(_RESPONSE)))
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
        return element("span", entry, unit) if unit else entry

    def _typed(
        self, name: str, asks: WriteText | WriteNumber, points: float, feedback: str
    ) -> None:
        """Add the declaration, the rules and the replies of something that is typed."""
        if isinstance(asks, WriteText):
            correct, kind = asks.answers[0].text, "string"
            found = [
                (qti.is_text(name, one, case=asks.case), one.share, one.say)
                for one in asks.different(case=asks.case)
            ]
        else:
            correct, kind = f"{asks.ranges[0].middle:.12g}", "float"
            found = [(qti.in_range(name, one), one.share, one.say) for one in asks.ranges]
        self.responses.append(qti.declared(name, "single", kind, [correct]))
        replies: dict[tuple[float, str], list[Element]] = {}
        for condition, share, say in found:
            replies.setdefault((share, say), []).append(condition)
        branches = [
            (qti.any_of(conditions), f"a{number}", share * points, say)
            for number, ((share, say), conditions) in enumerate(replies.items(), 1)
        ]
        rest = [qti.set_value(feedback, qti.value("identifier", "other"))]
        self._branches(feedback, branches, rest)
        if asks.otherwise:
            self._said(feedback, "other", self.texts.block(asks.otherwise))

    def _branches(
        self, feedback: str, found: Iterable[tuple[Element, str, float, str]], rest: list[Element]
    ) -> None:
        """Add the rules of answers: where one holds, its name, its points and its reply."""
        self.outcomes.append(qti.outcome(feedback, "identifier"))
        branches = []
        for condition, name, points, say in found:
            done = [qti.add_score(points)] if points else []
            done.append(qti.set_value(feedback, qti.value("identifier", name)))
            branches.append((condition, done))
            if say:
                self._said(feedback, name, self.texts.block(say))
        self.steps.append(qti.chain(branches, rest))

    def _pairs(self, asks: Pair) -> None:
        names = [f"i{number} o{one.right + 1}" for number, one in enumerate(asks.items, 1)]
        part = self.item.points / len(names)
        self._map("multiple", "directedPair", names, [(name, part) for name in names])
        kind = "simpleAssociableChoice"
        items = (
            self._choice(f"i{number}", one.text, kind, matchMax="1")
            for number, one in enumerate(asks.items, 1)
        )
        options = (
            self._choice(f"o{number}", text, kind, matchMax=f"{len(asks.items)}")
            for number, text in enumerate(asks.options, 1)
        )
        attributes = {
            "responseIdentifier": _RESPONSE,
            "shuffle": "false",
            "maxAssociations": len(asks.items),
        }
        sets = (element("simpleMatchSet", *choices) for choices in (items, options))
        self.body.append(element("matchInteraction", attributes, *sets))
        for number, (name, one) in enumerate(zip(names, asks.items, strict=True), 1):
            if one.say:
                outcome = f"FEEDBACK_{number}"
                self.outcomes.append(qti.outcome(outcome, "identifier"))
                pair = qti.value("directedPair", name)
                paired = element("member", pair, qti.variable(_RESPONSE))
                wrong = qti.set_value(outcome, qti.value("identifier", "wrong"))
                self.steps.append(qti.chain([(element("not", paired), [wrong])], []))
                self._said(outcome, "wrong", self.texts.block(one.say))

    def _choice(
        self, name: str, text: str, tag: str = "simpleChoice", **attributes: str
    ) -> Element:
        return inner(self.texts.html(text), tag, identifier=name, **attributes)

    def _order(self, asks: Arrange) -> None:
        names = [f"c{number}" for number in range(1, len(asks.items) + 1)]
        self.responses.append(qti.declared(_RESPONSE, "ordered", "identifier", names))
        self._demand(asks.demand)
        shown = sorted(range(len(names)), key=lambda place: asks.items[place])
        choices = (self._choice(names[place], asks.items[place]) for place in shown)
        attributes = {"responseIdentifier": _RESPONSE, "shuffle": "true"}
        self.body.append(element("orderInteraction", attributes, *choices))
        part = self.item.points / len(names)
        steps = []
        for place, name in enumerate(names, 1):
            there = element("index", {"n": place}, qti.variable(_RESPONSE))
            right = element("match", there, qti.value("identifier", name))
            steps.append(qti.chain([(right, [qti.add_score(part)])], []))
        if asks.otherwise:
            self.outcomes.append(qti.outcome("FEEDBACK", "identifier"))
            steps.append(qti.set_value("FEEDBACK", qti.value("identifier", "wrong")))
            self._said("FEEDBACK", "wrong", self.texts.block(asks.otherwise))
        # The parts of the points need not add up to the whole.
        correct = element("correct", {"identifier": _RESPONSE})
        whole = qti.set_value("SCORE", qti.value("float", f"{self.item.points:g}"))
        found = element("match", qti.variable(_RESPONSE), correct)
        self.steps.append(qti.chain([(found, [whole])], steps))

    def _hotspot(self, asks: Pick) -> None:
        shown = picture(asks.drawing)
        name = self.texts.store(shown.content)
        address = self.texts.address(name) if self.texts.address else name
        areas = list(outlines(asks.drawing))
        spots: dict[int, list[Element]] = {}
        choices = []
        for number, area in enumerate(areas, 1):
            name = f"h{number}"
            spots.setdefault(area.choice, []).append(qti.same(_RESPONSE, name))
            choices.append(qti.spot(name, plain_line(asks.options[area.choice].text), area))
        correct = f"h{areas.index(right_areas(asks)[0]) + 1}"
        self.responses.append(qti.declared(_RESPONSE, "single", "identifier", [correct]))
        drawn = element(
            "object",
            {"type": "image/png", "data": address, "width": shown.width, "height": shown.height},
            shown.words,
        )
        attributes = {"responseIdentifier": _RESPONSE, "maxChoices": "1"}
        self.body.append(element("hotspotInteraction", attributes, drawn, *choices))
        picked = ((found, choice, asks.options[choice]) for choice, found in sorted(spots.items()))
        replies = (
            (qti.any_of(found), f"c{choice + 1}", one.share * self.item.points, one.say)
            for found, choice, one in picked
        )
        self._branches("FEEDBACK", replies, [])

    def _essay(self, asks: Essay) -> None:
        self.responses.append(qti.declared(_RESPONSE, "single", "string"))
        attributes = {"responseIdentifier": _RESPONSE, "expectedLength": max(asks.words * 12, 200)}
        self._demand(asks.demand)
        self.body.append(element("extendedTextInteraction", attributes))
        if rubric := self.texts.rubric(self.item):
            self.body.append(inner(rubric, "rubricBlock", view="scorer"))

    def _gaps(self, asks: Fill) -> None:
        gaps = list(gaps_of(asks))
        body = inner(GAP.sub(r'<span class="gap-\1"></span>', self.texts.html(self.item.form.ask)))
        for part in list(body.iter("span")):
            number = int(part.attrib.pop("class").removeprefix("gap-"))
            asked, share = gaps[number - 1]
            name, feedback = f"{_RESPONSE}_{number}", f"FEEDBACK_{number}"
            points = self.item.points * share
            if isinstance(asked, Choose):
                part.append(self._inline_choices(name, asked, points, feedback))
            else:
                part.append(self._entry(name, asked))
                self._typed(name, asked, points, feedback)
        self.body.append(body)

    def _inline_choices(self, name: str, asks: Choose, points: float, feedback: str) -> Element:
        pairs = [(f"c{number}", option) for number, option in enumerate(asks.options, 1)]
        right = next(one for one, option in pairs if _best(asks, option))
        self.responses.append(qti.declared(name, "single", "identifier", [right]))
        replies = (
            (qti.same(name, one), one, option.share * points, option.say) for one, option in pairs
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
