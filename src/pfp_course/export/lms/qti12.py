"""QTI 1.2: items for Canvas and Common Cartridge, and a zip with the quizzes for Canvas."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar

from pfp_course.export.lms import Target, register
from pfp_course.export.lms.model import Item, Quiz
from pfp_course.export.lms.reduction import Feature, as_text
from pfp_course.export.lms.render import Texts, plain_line
from pfp_course.export.lms.xml import ContentPackage, Element, Resource, document, element, leaves
from pfp_course.questions.interactions import Choose, Essay, Fill, Gap, Pair, WriteNumber, WriteText
from pfp_course.questions.kinds.gaps import GAP
from pfp_course.questions.seeds import shuffled

__all__ = ["ItemWriter", "Qti12", "equal", "fields", "line", "questions"]

_RESPONSE = "response1"
_NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"


def questions(root: Element) -> bytes:
    """Return an assessment or a bank as a whole document."""
    return document(element("questestinterop", {"xmlns": _NAMESPACE}, root))


def fields(**values: str) -> Element:
    """Return metadata as labels and entries."""
    pairs = (leaves(fieldlabel=label, fieldentry=entry) for label, entry in values.items())
    return element("qtimetadata", *(element("qtimetadatafield", *pair) for pair in pairs))


def material(text: str, kind: str = "html") -> Element:
    """Return HTML, or a text of another kind, as a text of an item."""
    return element("material", element("mattext", {"texttype": f"text/{kind}"}, text))


def choices(
    name: str,
    labels: Iterable[tuple[str, Element]],
    *,
    many: bool = False,
    about: Element | None = None,
) -> Element:
    """Return a list to choose from: identifiers, and the text of each."""
    shown = (element("response_label", {"ident": one}, text) for one, text in labels)
    render = element("render_choice", *shown)
    cardinality = {"ident": name, "rcardinality": "Multiple" if many else "Single"}
    return element("response_lid", cardinality, about, render)


def line(**attributes: object) -> Element:
    """Return a line to type into."""
    label = element("response_label", {"ident": f"{_RESPONSE}_line", "rshuffle": "No"})
    render = element("render_fib", attributes, label)
    return element("response_str", {"ident": _RESPONSE, "rcardinality": "Single"}, render)


def decimal(number: float) -> str:
    """Return a number with as few digits as are needed, and no exponent."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return text if float(text or 0) == number or number == 0 else f"{number:.12f}".rstrip("0")


def equal(text: str, name: str = _RESPONSE, **attributes: object) -> Element:
    """Return the condition that a response is a value."""
    return element("varequal", {"respident": name, **attributes}, text)


def condition(
    *tests: Element,
    score: str = "",
    action: str = "Set",
    feedback: Sequence[str] = (),
    more: bool = False,
    title: str = "",
) -> Element:
    """Return a rule: where the tests hold, a score in percent, and what is said.

    ``more`` says that the rules after it are tried, too.
    """
    attributes = {"continue": "Yes" if more else "No"} | ({"title": title} if title else {})
    said = (
        element("displayfeedback", {"feedbacktype": "Response", "linkrefid": name})
        for name in feedback
    )
    earned = element("setvar", {"action": action, "varname": "SCORE"}, score) if score else None
    return element("respcondition", attributes, element("conditionvar", *tests), earned, *said)


class ItemWriter:
    """Writes one item; a subclass says what is asked."""

    right: ClassVar[str] = ""  # what the rule of a right answer is called

    def __init__(self, item: Item, texts: Texts) -> None:
        self.item, self.texts = item, texts
        self.rules: list[Element] = []  # what an answer earns, and what is said to it
        self.said: dict[str, str] = {}  # by their names, the texts after an answer, as HTML

    def written(self, ask: str, answers: Iterable[Element], **about: str) -> Element:
        """Return the item as a whole: its text, where it is answered, what is known of it."""
        score = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
        outcomes = element("outcomes", element("decvar", score))
        said = (
            element("itemfeedback", {"ident": name}, element("flow_mat", material(html)))
            for name, html in self.said.items()
        )
        return element(
            "item",
            {"ident": self.item.identifier, "title": self.item.title},
            element("itemmetadata", fields(**about)),
            element("presentation", material(self.texts.block(ask)), *answers),
            element("resprocessing", outcomes, *self.rules) if self.rules else None,
            *said,
        )

    def choose(self, asks: Choose) -> Element:
        """Return the options, in a mixed order that stays the same; it is right as a whole."""
        count = len(asks.options)
        pinned = [place for place, one in enumerate(asks.options) if one.pin]
        seed = self.item.identifier
        order = shuffled(count, seed, "", pinned) if asks.shuffle else range(count)
        options = [(f"c{place + 1}", asks.options[place]) for place in order]
        for name, one in options:
            if said := self.reply(f"{name}_fb", one.say):
                self.rules.append(condition(equal(name), feedback=said, more=True))
        if asks.many:
            tests = [(equal(name), one.is_right) for name, one in options]
            parts = (test if right else element("not", test) for test, right in tests)
            self.earn(element("and", *parts))
        else:
            self.earn(equal(max(options, key=lambda one: one[1].share)[0]))
        labels = [(name, material(self.texts.html(one.text))) for name, one in options]
        return choices(_RESPONSE, labels, many=asks.many)

    def earn(self, *tests: Element) -> None:
        """Add the rule that gives all points where one of the tests holds."""
        self.rules.append(condition(*tests, score="100", title=self.right))

    def always(self, html: str) -> None:
        """Add what is said after every answer."""
        if said := self.add("general_fb", html):
            self.rules.append(condition(element("other"), feedback=said, more=True))

    def add(self, name: str, html: str) -> list[str]:
        """Add a text under a name; return the names to show, none for an empty text."""
        if not html:
            return []
        self.said[name] = html
        return [name]

    def reply(self, name: str, text: str) -> list[str]:
        """Add a text of a bank under a name."""
        return self.add(name, self.texts.block(text))


class _CanvasItem(ItemWriter):
    """Writes one item as Canvas reads it; ``tell`` is told what cannot be said."""

    def __init__(self, item: Item, texts: Texts, tell: Callable[[Item, str, str], None]) -> None:
        super().__init__(item, texts)
        self.tell = tell

    def document(self) -> Element:
        """Return the item as a whole."""
        essay = isinstance(self.item.asks, Essay)
        self.always(self.texts.rubric(self.item) if essay else self.texts.reason(self.item))
        kind, ask, answers = self._asked()
        points = f"{self.item.points:g}"
        return self.written(ask, answers, question_type=kind, points_possible=points)

    def _asked(self) -> tuple[str, str, list[Element]]:
        """Return the type of the question, its text, and where it is answered."""
        ask = self.item.form.ask
        match self.item.asks:
            case Choose() as asks:
                kind = "multiple_answers_question" if asks.many else "multiple_choice_question"
                return kind, ask, [self.choose(asks)]
            case WriteText() as asks:
                return "short_answer_question", ask, [self._typed(asks)]
            case WriteNumber() as asks:
                return "numerical_question", ask + asks.demand, [self._number(asks)]
            case Pair() as asks:
                return "matching_question", ask, list(self._pairs(asks))
            case Essay() as asks:
                self.rules.append(condition(element("other")))
                return "essay_question", ask + asks.demand, [line()]
            case Fill() as asks:
                return self._gaps(asks)
        raise TypeError(self.item.asks)

    def _typed(self, asks: WriteText) -> Element:
        if asks.case:
            self.tell(self.item, "a text whose capital letters matter", "they do not matter")
        self.earn(*(equal(one.text) for one in asks.different(right=True)))
        self._wrong(asks.otherwise)
        return line()

    def _number(self, asks: WriteNumber) -> Element:
        for one in asks.ranges:
            if one.share < 1:
                continue
            low = element("vargte", {"respident": _RESPONSE}, decimal(one.low))
            high = element("varlte", {"respident": _RESPONSE}, decimal(one.high))
            tests = element("and", low, high)
            if one.value is not None:
                exact = equal(decimal(one.value))
                tests = element("or", exact, tests)
            self.earn(tests)
        self._wrong(asks.otherwise)
        return line(fibtype="Decimal")

    def _pairs(self, asks: Pair) -> Iterator[Element]:
        part = 100 / len(asks.items)
        options = [(f"o{number}", plain_line(text)) for number, text in enumerate(asks.options, 1)]
        wrong = "\n".join(one.say for one in asks.items if one.say)
        for number, one in enumerate(asks.items, 1):
            name = f"response_{number}"
            self._earn_part(name, f"o{one.right + 1}", part)
            labels = [(option, material(text, "plain")) for option, text in options]
            yield choices(name, labels, about=material(self.texts.html(one.text)))
        self._wrong(wrong)

    def _earn_part(self, name: str, right: str, percent: float) -> None:
        """Add the rule that gives a part of the points for one of several answers."""
        test = equal(right, name)
        self.rules.append(condition(test, score=decimal(percent), action="Add", more=True))

    def _wrong(self, text: str) -> None:
        """Add what Canvas says to a wrong answer."""
        if said := self.reply("general_incorrect_fb", text):
            self.rules.append(condition(element("other"), feedback=said))

    def _gaps(self, asks: Fill) -> tuple[str, str, list[Element]]:
        dropdowns = all(isinstance(gap.asks, Choose) for gap in asks.gaps)
        if not dropdowns and any(isinstance(gap.asks, Choose) for gap in asks.gaps):
            self.tell(
                self.item,
                "gaps to type into beside gaps with a list",
                "all are typed, and the list stands beside its gap",
            )
        whole = sum(gap.weight for gap in asks.gaps)
        if len({gap.weight for gap in asks.gaps}) > 1:
            self.tell(self.item, "gaps of different weight", "each has the same weight")
        answers = [
            self._gap(number, gap, 100 * gap.weight / whole, dropdowns=dropdowns)
            for number, gap in enumerate(asks.gaps, 1)
        ]

        def blank(number: int) -> str:
            listed = asks.gaps[number - 1].asks
            if dropdowns or not isinstance(listed, Choose):
                return f"[gap{number}]"
            return f"[gap{number}] ({' / '.join(one.text for one in listed.options)})"

        ask = GAP.sub(lambda found: blank(int(found[1])), self.item.form.ask)
        self._wrong(asks.otherwise)
        kind = "multiple_dropdowns" if dropdowns else "fill_in_multiple_blanks"
        return f"{kind}_question", ask, answers

    def _gap(self, number: int, gap: Gap, percent: float, *, dropdowns: bool) -> Element:
        name = f"response_gap{number}"
        if isinstance(gap.asks, Choose):
            texts = [
                (plain_line(one.text), one.is_right)
                for one in gap.asks.options
                if dropdowns or one.is_right
            ]
        else:
            typed = as_text(gap.asks) if isinstance(gap.asks, WriteNumber) else gap.asks
            texts = [(one.text, True) for one in typed.different(right=True)]
        labels = []
        for place, (text, right) in enumerate(texts, 1):
            label = f"gap{number}_{place}"
            labels.append((label, material(text, "plain")))
            if right:
                self._earn_part(name, label, percent)
        return choices(name, labels, about=material(f"gap{number}", "plain"))


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
        for quiz in self.package.quizzes:
            self._quiz(quiz)
        self.content.add_pictures(self.texts.pictures)
        schema = leaves(schema="IMS Content", schemaversion="1.1.3")
        name = self.package.name
        made = self.content.packed(f"{name}-manifest", _PACKAGE, schema)
        return {f"{name}.qti12.zip": made}

    def _quiz(self, quiz: Quiz) -> None:
        root = element("section", {"ident": "root_section"})
        points = 0.0
        for group in quiz.groups:
            written = [one for item in group for one in self.sayable(item)]
            items = [_CanvasItem(one, self.texts, self.tell).document() for one in written]
            if len(group) > 1:
                root.append(_drawn(group[0], items, len(written) // len(group)))
                points += group[0].points
            else:
                root.extend(items)
                points += sum(one.points for one in written)
        attempts = fields(cc_maxattempts="unlimited")
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
    points = element("selection_extension", *leaves(points_per_item=f"{item.points / count:g}"))
    selection = element("selection", *leaves(selection_number=str(count)), points)
    return element(
        "section",
        {"ident": f"{item.family}-variants", "title": item.name},
        element("selection_ordering", selection),
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
