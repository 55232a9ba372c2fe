"""Elements of QTI 1.2 that Canvas and Common Cartridge share."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from pfp_course.export.lms.model import Item
from pfp_course.export.lms.texts import Texts
from pfp_course.export.lms.xml import Element, document, element, leaves
from pfp_course.questions.interactions import Choose
from pfp_course.questions.seeds import shuffled

__all__ = [
    "RESPONSE",
    "ItemWriter",
    "choices",
    "condition",
    "decimal",
    "equal",
    "fields",
    "line",
    "material",
    "questions",
]

RESPONSE = "response1"
_NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"


def questions(root: Element) -> bytes:
    """Return an assessment or a bank as a whole document."""
    return document(element("questestinterop", {"xmlns": _NAMESPACE}, root))


def fields(values: Iterable[tuple[str, str]]) -> Element:
    """Return metadata as labels and entries."""
    return element(
        "qtimetadata",
        None,
        *(
            element(
                "qtimetadatafield",
                None,
                *leaves(fieldlabel=label, fieldentry=entry),
            )
            for label, entry in values
        ),
    )


def material(html: str) -> Element:
    """Return HTML as a text of an item."""
    return element("material", None, element("mattext", {"texttype": "text/html"}, html))


def plain(text: str) -> Element:
    """Return plain text as a text of an item."""
    return element("material", None, element("mattext", {"texttype": "text/plain"}, text))


def choices(
    name: str,
    labels: Iterable[tuple[str, Element]],
    *,
    many: bool = False,
    about: Element | None = None,
) -> Element:
    """Return a list to choose from: identifiers, and the text of each."""
    render = element(
        "render_choice",
        None,
        *(element("response_label", {"ident": one}, text) for one, text in labels),
    )
    cardinality = {"ident": name, "rcardinality": "Multiple" if many else "Single"}
    return element("response_lid", cardinality, about, render)


def line(name: str, **attributes: object) -> Element:
    """Return a line to type into."""
    label = element("response_label", {"ident": f"{name}_line", "rshuffle": "No"})
    render = element("render_fib", attributes, label)
    return element("response_str", {"ident": name, "rcardinality": "Single"}, render)


def decimal(number: float) -> str:
    """Return a number with as few digits as are needed, and no exponent."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return text if float(text or 0) == number or number == 0 else f"{number:.12f}".rstrip("0")


def equal(name: str, text: str, **attributes: object) -> Element:
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
    return element(
        "respcondition", attributes, element("conditionvar", None, *tests), earned, *said
    )


class ItemWriter:
    """Writes one item; a subclass says what is asked.

    Attributes
    ----------
    item : Item
        The question.
    texts : Texts
        Writes its texts, and keeps their pictures.
    rules : list of Element
        What an answer earns, and what is said to it.
    said : dict of str to str
        The texts that are said after an answer, by their names, as HTML.
    right : str
        What the rule of a right answer is called.
    """

    right: ClassVar[str] = ""

    def __init__(self, item: Item, texts: Texts) -> None:
        self.item, self.texts = item, texts
        self.rules: list[Element] = []
        self.said: dict[str, str] = {}

    def written(
        self, about: Sequence[tuple[str, str]], ask: str, answers: Sequence[Element]
    ) -> Element:
        """Return the item as a whole: what is known of it, its text, where it is answered."""
        score = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
        outcomes = element("outcomes", None, element("decvar", score))
        said = (
            element("itemfeedback", {"ident": name}, element("flow_mat", None, material(html)))
            for name, html in self.said.items()
        )
        return element(
            "item",
            {"ident": self.item.identifier, "title": self.item.title},
            element("itemmetadata", None, fields(about)),
            element("presentation", None, material(self.texts.block(ask)), *answers),
            element("resprocessing", None, outcomes, *self.rules) if self.rules else None,
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
                self.rules.append(condition(equal(RESPONSE, name), feedback=said, more=True))
        if asks.many:
            tests = [(equal(RESPONSE, name), one.is_right) for name, one in options]
            parts = (test if right else element("not", None, test) for test, right in tests)
            self.earn(element("and", None, *parts))
        else:
            self.earn(equal(RESPONSE, max(options, key=lambda one: one[1].share)[0]))
        labels = [(name, material(self.texts.html(one.text))) for name, one in options]
        return choices(RESPONSE, labels, many=asks.many)

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
