"""Elements of QTI 1.2 that Canvas and Common Cartridge share."""

from collections.abc import Iterable, Sequence

from pfp_course.export.lms.texts import Texts
from pfp_course.export.lms.xml import Element, document, element, leaves
from pfp_course.questions.interactions import Choose, Option
from pfp_course.questions.randomness import shuffled

__all__ = [
    "Feedback",
    "all_chosen",
    "choices",
    "condition",
    "decimal",
    "equal",
    "fields",
    "line",
    "material",
    "mixed",
    "outcomes",
    "questions",
]

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


def mixed(asks: Choose, seed: str) -> list[tuple[str, Option]]:
    """Return the options with their identifiers, in a mixed order that stays the same."""
    count = len(asks.options)
    pinned = [place for place, one in enumerate(asks.options) if one.pin]
    order = shuffled(count, seed, "", pinned) if asks.shuffle else range(count)
    return [(f"c{place + 1}", asks.options[place]) for place in order]


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


def outcomes() -> Element:
    """Return the declaration of the score, in percent."""
    score = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    return element("outcomes", None, element("decvar", score))


def decimal(number: float) -> str:
    """Return a number with as few digits as are needed, and no exponent."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return text if float(text or 0) == number or number == 0 else f"{number:.12f}".rstrip("0")


def equal(name: str, text: str, **attributes: object) -> Element:
    """Return the condition that a response is a value."""
    return element("varequal", {"respident": name, **attributes}, text)


def all_chosen(name: str, options: Sequence[tuple[str, Option]]) -> Element:
    """Return the condition that the right options are chosen, and no other."""
    parts = (
        equal(name, one) if option.is_right else element("not", None, equal(name, one))
        for one, option in options
    )
    return element("and", None, *parts)


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


class Feedback:
    """The texts that are said after an answer, by their names."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.said: dict[str, str] = {}

    def add(self, name: str, html: str) -> list[str]:
        """Add a text under a name; return the names to show, none for an empty text."""
        if not html:
            return []
        self.said[name] = html
        return [name]

    def reply(self, name: str, text: str) -> list[str]:
        """Add a text of a bank under a name."""
        return self.add(name, self.texts.block(text))

    def elements(self) -> list[Element]:
        """Return the elements of the texts."""
        return [
            element("itemfeedback", {"ident": name}, element("flow_mat", None, material(html)))
            for name, html in self.said.items()
        ]
