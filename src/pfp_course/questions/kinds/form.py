"""The public form of a question, and what a kind does with it: read, mark, release, print."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeAlias, TypeGuard, TypeVar

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from pfp_course.questions.interactions import Essay, Interaction
from pfp_course.questions.texts import formulas_in, literal, tree

__all__ = [
    "ChangedError",
    "Form",
    "Line",
    "Mark",
    "Mistake",
    "Part",
    "Spec",
    "State",
    "TypedForm",
    "UnreadError",
    "are_positions",
    "bare",
    "in_order",
    "moved",
    "plain",
    "position",
]

Spec: TypeAlias = dict[str, Any]
"""A public form as JSON, as it stands in a page, a key or a released file; see `Form`."""
State: TypeAlias = Literal["right", "part", "wrong", "near", "unread", "saved"]
"""``near`` and ``unread`` answers cost no attempt: the first is misspelt, the second is not
understood or empty. A ``saved`` answer is kept and not marked, or not yet."""


@dataclass(frozen=True)
class Mark:
    """What an answer earned: its state, its share of the points (0 to 1), and what to say."""

    state: State
    share: float
    says: tuple[str, ...]

    @classmethod
    def partial(cls, share: float, *says: str) -> "Mark":
        """Return the mark of an answer that is not right; empty texts are not said."""
        return cls("part" if share else "wrong", share, tuple(say for say in says if say))

    def as_dict(self) -> dict[str, Any]:
        """Return the mark in the form that the front end and the test vectors use."""
        return {**asdict(self), "says": list(self.says)}


class UnreadError(ValueError):
    """A response that is not understood, or could mean two things.

    Each argument is a sentence that asks the student for another response.
    """


class ChangedError(ValueError):
    """A corrected question that asks for something else than the question before it."""


class Mistake(NamedTuple):
    """A wrong answer that a question knows: its text, its share of the points, the reply.

    ``where`` names the part of the question, or is empty.
    """

    text: str
    share: float
    say: str
    where: str = ""


class Line(NamedTuple):
    """A line under a printed question: a sign for the pen, and the text beside it."""

    sign: str
    text: str


class Part(BaseModel):
    """A frozen part of a public form. As JSON it has the fields that it was given, no others."""

    model_config = ConfigDict(frozen=True)


class SourceLine(Part):
    """A source: its short name, its whole reference, and its address or an empty text."""

    label: str
    text: str
    url: str


_T = TypeVar("_T", bound=Part)
_LAST = ("answer", "otherwise", "fingerprint", "math")  # written after the fields of the kind
_COMMON = ("id", "kind", "objective", "points", "ask")  # shown in a released form


class Form(Part):
    """A question in its public form: what a front end, a page or an export needs, and no more.

    A kind adds its own fields and says how a response is read (`parse`) and marked (`score`). A
    released form (``exam`` is true) has no key, no replies and no reasons; it still reads a
    response. A gap within a text is a form without the fields that all questions have.
    """

    id: str = ""
    kind: str
    weight: int = 1
    objective: str = ""
    points: int = 1
    attempts: int = 0  # 0 for no limit
    confidence: bool = False
    ask: str = ""
    hints: tuple[str, ...] = ()
    because: str = ""
    sources: tuple[SourceLine, ...] = ()
    exam: bool = False
    otherwise: str = ""
    fingerprint: str = ""
    math: dict[str, Any] = {}

    # Whether a response is the text that was typed.
    is_typed: ClassVar[bool] = False
    # Whether a person has to judge a response.
    is_manual: ClassVar[bool] = False
    # The fields on which a mark depends; a change of one of them makes an old mark void.
    decisive: ClassVar[tuple[str, ...]] = ("kind", "ask", "points")

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = handler(self)
        last = {name: fields.pop(name) for name in _LAST if name in fields}
        return {**fields, **last}

    def as_json(self) -> Spec:
        """Return the form as JSON-ready data."""
        return self.model_dump(mode="json", exclude_unset=True)

    def parse(self, response: Any) -> Any:
        """Return a response as `score` takes it; a released form can do this, too.

        Raises
        ------
        UnreadError
            If it cannot be read; each argument is a sentence for the student.
        """
        raise NotImplementedError

    def score(self, answer: Any) -> Mark:
        """Return the mark of a response that `parse` has read."""
        raise NotImplementedError

    def mark(self, response: Any) -> Mark:
        """Mark a response; one to a released form is saved. It never raises for any response."""
        try:
            answer = self.parse(response)
        except UnreadError as error:
            return Mark("unread", 0.0, error.args)
        return Mark("saved", 0.0, ()) if self.exam else self.score(answer)

    def shown(self) -> dict[str, Any]:
        """Return the fields of this kind that a released form shows, as JSON-ready data."""
        return {}

    def release(self) -> Self:
        """Return the released form: without key and replies, in an order that gives nothing away.

        Its fingerprint is that of what it shows alone.
        """
        common = {name: value for name, value in self.as_json().items() if name in _COMMON}
        shown = {**common, "exam": True, **self.shown()}
        return type(self).model_validate(shown).sealed(shown)

    def restore(self, response: Any) -> Any:
        """Return a response to the released form as a response to this form.

        A response that does not fit comes back as it is, and is marked as unread.
        """
        return response

    def deciding(self) -> dict[str, Any]:
        """Return the fields on which a mark depends, as JSON-ready data."""
        fields = self.as_json()
        parts = {name: fields[name] for name in self.decisive if name in fields}
        if any("share" in trap for trap in fields.get("traps", [])):
            parts["traps"] = fields["traps"]
        return parts

    def sealed(self, parts: Mapping[str, Any]) -> Self:
        """Return the form with the fingerprint of these parts, and with its formulas drawn.

        Raises
        ------
        FormulaError
            If a formula is not understood.
        """
        texts = _texts(self.as_json())
        formulas = {formula.content for text in texts for formula in formulas_in(text)}
        # Drawn here and not by the front end; LaTeX alone decides on a mark. A released form has
        # only the formulas of what it shows: others may stand in a reply.
        drawn = {"math": {latex: tree(latex) for latex in sorted(formulas)}} if formulas else {}
        return self.model_copy(update={"fingerprint": _fingerprint(parts), **drawn})

    def solution(self) -> list[str]:
        """Return the right answer, a text with marks for each of its parts."""
        raise NotImplementedError

    def answer_line(self) -> str | None:
        """Return the right answer in one line, by which variants are told apart, or None."""
        return ", ".join(self.solution())

    def mistakes(self) -> Iterator[Mistake]:
        """Yield the wrong answers that the question knows."""
        yield from ()

    def in_words(self, response: Any) -> str:
        """Return a response that fits the question in words.

        Raises
        ------
        TypeError, ValueError, LookupError, AttributeError
            If it does not fit.
        """
        return str(response)

    def describe(self, response: Any) -> str:
        """Return a response in words; one that does not fit the question, as it was written."""
        try:
            return self.in_words(response)
        except (TypeError, ValueError, LookupError, AttributeError):
            return json.dumps(response, ensure_ascii=False)[:500]

    def canonical(self, response: Any) -> Any:
        """Return a response such that two which say the same in another order are equal."""
        return response

    def comparable(self, response: Any) -> Any:
        """Return a response such that two which are the same answer are equal."""
        if isinstance(response, str):
            return " ".join(response.split())
        if isinstance(response, list):
            return [self.comparable(part) if isinstance(part, str) else part for part in response]
        return response

    def same(self, one: Any, other: Any) -> bool:
        """Tell whether two responses are the same answer, however each is written."""
        if one is None or other is None or self.comparable(one) != self.comparable(other):
            return False
        # A kind may tell apart what is written alike here.
        first, second = self.mark(one), self.mark(other)
        return (first.state, first.share) == (second.state, second.share)

    def interaction(self) -> Interaction:
        """Return what is asked, as an export to a learning management system writes it.

        A kind that does not say it is asked as a text, which a person marks by its solution.
        """
        return Essay(known=tuple(self.solution()))

    def print_ask(self, rendered: str) -> str:
        """Return the rendered text of the question with a line to write on for each gap."""
        return rendered

    def print_lines(self, seed: str) -> list[Line]:
        """Return the lines under the printed question, in the order that a seed decides."""
        return [Line("________", "")]

    def print_gap(self, number: int) -> Line:
        """Return the line under a printed text for a gap of it."""
        [line] = self.print_lines("")
        return Line(f"({number}) {line.sign}", line.text)

    def print_options(self) -> Sequence[str]:
        """Return what stands to choose from under the printed lines."""
        return ()

    def corrected(self, later: "Form") -> "Form":
        """Return a later form, by whose key responses to this form are marked.

        Raises
        ------
        ChangedError
            If it asks for something else.
        """
        if self.kind != later.kind or self.points != later.points:
            raise ChangedError
        return self.aligned(later)

    def aligned(self, later: Any) -> "Form":
        """Return a later form of this kind, its choices in the order in which responses count."""
        form: Form = later
        return form

    def move(self, response: Any, later: Any) -> Any:
        """Return a response to this form as one to a corrected form.

        A response that does not fit comes back as it is, and is marked as unread.
        """
        return response


class TypedForm(Form):
    """A question, or a gap, whose response is the text that was typed.

    ``answer`` is the key as it is shown; what is to be typed is no markup.
    """

    answer: str = ""

    is_typed = True

    def solution(self) -> list[str]:
        """Return the key."""
        return [literal(self.answer)]

    def answer_line(self) -> str:
        """Return the key."""
        return self.answer


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and "\\" in value:
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _fingerprint(parts: Mapping[str, Any]) -> str:
    """Return 16 hexadecimal digits that change when what decides a mark changes."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def in_order(before: Sequence[_T], later: Sequence[_T]) -> tuple[_T, ...]:
    """Return the later parts in the order of those before, found by their ``text``.

    Raise `ChangedError` where there are more or fewer of them.
    """
    if len(before) != len(later):
        raise ChangedError
    by_text = {getattr(part, "text", ""): part for part in later}
    wanted = [getattr(part, "text", "") for part in before]
    if all(text in by_text for text in wanted):
        return tuple(by_text[text] for text in wanted)
    return tuple(later)  # a word was mended; the positions are the same


def are_positions(response: Any, count: int) -> TypeGuard[list[int]]:
    """Tell whether a response is a list of positions from 0 to below ``count``."""
    return isinstance(response, list) and all(
        type(place) is int and 0 <= place < count for place in response
    )


def moved(response: Any, positions: Sequence[int]) -> Any:
    """Return a list of positions as the new positions of the same things.

    A response that is no such list comes back as it is.
    """
    if not are_positions(response, len(positions)):
        return response
    return [positions[place] for place in response]


def position(value: Any) -> int:
    """Return a position from 0, or raise `LookupError` where it is none."""
    if type(value) is not int or value < 0:
        raise LookupError(value)
    return value


def plain(text: str) -> str:
    """Return a text in lower case, without accents and punctuation, single-spaced."""
    return " ".join(bare(text).lower().split())


def bare(text: str) -> str:
    """Return a text without accents and punctuation, single-spaced."""
    spaced = "".join(
        letter if unicodedata.category(letter)[0] in "LN" else " "
        for letter in unicodedata.normalize("NFKD", text)
        if unicodedata.category(letter)[0] != "M"
    )
    return " ".join(spaced.split())
