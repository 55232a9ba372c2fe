"""A word or a short phrase, and how it is compared."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from pfp_course.errors import CourseError
from pfp_course.questions.interactions import Answer, WriteText
from pfp_course.questions.kinds import (
    Expression,
    Problems,
    Question,
    Strict,
    Text,
    Trap,
    Values,
    register,
)
from pfp_course.questions.kinds.form import Mark, Mistake, Part, TypedForm, UnreadError, bare, plain
from pfp_course.questions.texts import literal, spoken

__all__ = [
    "ShortText",
    "TextForm",
    "TextPart",
    "TextTrap",
    "compared",
    "is_near",
]


class TextTrap(Part):
    """A wrong text in the form in which it is compared, what it earns, and the reply to it."""

    text: str
    share: float = 0.0
    say: str = ""


class TextForm(TypedForm):
    """A question of a text, or a gap for one.

    ``accept`` holds what is right in the form in which it is compared, ``says`` the reply to
    some of it. ``written`` holds what is right as its author wrote it, for an export; it is no
    part of the form as JSON.
    """

    kind: Literal["text"]
    accept: tuple[str, ...] = ()
    traps: tuple[TextTrap, ...] = ()
    case: bool = False
    signs: bool = False
    says: dict[str, str] = {}
    written: Annotated[tuple[str, ...], Field(exclude=True)] = ()

    decisive = (*TypedForm.decisive, "accept", "case", "signs")

    def parse(self, response: Any) -> str:
        """Return the text in the form in which it is compared."""
        text = self._form(response) if isinstance(response, str) else ""
        if not text:
            raise UnreadError("Write an answer first.")
        return text

    def _form(self, text: str) -> str:
        return compared(text, case=self.case, signs=self.signs)

    def score(self, answer: str) -> Mark:
        """Return the mark of a text; one letter off is near, where signs do not matter."""
        if answer in self.accept:
            say = self.says.get(answer)
            return Mark("right", 1.0, (say,) if say else ())
        for trap in self.traps:
            if answer == trap.text:
                return Mark.partial(trap.share, trap.say)
        if self.signs:
            return Mark.partial(0.0, self.otherwise)
        if self.case and any(plain(answer) == plain(right) for right in self.accept):
            return Mark("near", 0.0, ("Very close. Look at the capital and small letters.",))
        if any(is_near(answer, right) for right in self.accept):
            return Mark("near", 0.0, ("Very close. Look at the spelling.",))
        return Mark.partial(0.0, self.otherwise)

    def shown(self) -> dict[str, Any]:
        """Return what decides whether a text can be read at all."""
        return {name: True for name in ("case", "signs") if getattr(self, name)}

    def mistakes(self) -> Iterator[Mistake]:
        """Yield the wrong texts."""
        for trap in self.traps:
            yield Mistake(literal(trap.text), trap.share, trap.say)

    def interaction(self) -> WriteText:
        """Return what is right, as it was written and as it is compared, and what is not."""
        texts = dict.fromkeys(text for text in (self.answer, *self.written, *self.accept) if text)
        right = [Answer(text, 1.0, self.says.get(self._form(text), "")) for text in texts]
        traps = [Answer(trap.text, trap.share, trap.say) for trap in self.traps]
        return WriteText((*right, *traps), self.case, self.signs, self.otherwise)

    def comparable(self, response: Any) -> Any:
        """Return the text without what may not matter; `same` marks both all the same."""
        if isinstance(response, str) and (text := plain(response)):
            return text
        return super().comparable(response)


class AcceptedText(Strict):
    """A further right form, and what to say to it."""

    text: Text
    say: str = ""


def _with_text(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Accepted: TypeAlias = Annotated[
    AcceptedText, BeforeValidator(_with_text, json_schema_input_type=str | AcceptedText)
]


class TextPart(Strict):
    """What a text in a question or in a gap has: its key, and what counts as the same.

    Capital letters matter where ``case`` is true; accents and punctuation matter where
    ``signs`` is true.
    """

    key: Expression
    accept: list[Accepted] = []
    case: bool = False
    signs: bool = False
    traps: list[Trap] = []
    say: str = ""

    def problems(self) -> Problems:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a text, or an expression over the data."
        if isinstance(self.key, bool):
            yield ("key",), "the key is true or false, not a text. Put it in quotes."
        for number, trap in enumerate(self.traps):
            if trap.text is None or trap.tolerance is not None or trap.range is not None:
                yield ("traps", number), "a trap of a text needs a 'text'."

    def public(self, values: Values, common: Any) -> TextForm:
        """Return the public form; no form may be empty, and no trap count as right."""
        key = values.evaluate(self.key)
        # What an author wrote is shown as it is; 2031-05-27 may be asked for in this form.
        answer = key if isinstance(self.key, str) else spoken(key)
        further = [accepted.text for accepted in self.accept]
        accept = [self._form(text) for text in (answer, spoken(key), str(key), *further)]
        if not all(text.strip() for text in accept):
            raise CourseError(
                "an accepted form has no letter or digit. Mend it, or give 'signs: true'."
            )
        says = {self._form(answer): self.say}
        says |= {self._form(accepted.text): accepted.say for accepted in self.accept}
        says = {text: values.fill(say) for text, say in says.items() if say}
        traps = []
        for trap in self.traps:
            wrong = self._form(values.fill(trap.text or "", marks=False))
            if wrong in accept:
                raise CourseError(f"the trap {wrong!r} counts as right. Mend it.")
            traps.append(TextTrap(text=wrong, **trap.reply(values)))
        strict: dict[str, Any] = {name: True for name in ("case", "signs") if getattr(self, name)}
        if says:
            strict["says"] = says
        return TextForm(
            **common,
            **strict,
            accept=tuple(dict.fromkeys(accept)),
            traps=tuple(traps),
            answer=answer,
            written=tuple(dict.fromkeys((answer, *further))),
        )

    def _form(self, text: str) -> str:
        return compared(text, case=self.case, signs=self.signs)


@register
class ShortText(TextPart, Question):
    """A text that matches the key or an accepted form. A response is the text typed.

    Case, accents, punctuation and spacing do not matter, unless ``case`` or ``signs`` says so.
    An answer one letter off is named as near and can be mended; it is not accepted, and costs
    no attempt.
    """

    kind: Literal["text"]
    otherwise: Text

    form = TextForm
    front_end = "text"

    def public(self, values: Values, common: Any) -> TextForm:
        """Return the public form."""
        return super().public(values, {**common, "otherwise": values.fill(self.otherwise)})


_SHORTEST_NEAR = 5  # in a shorter word one letter can make another word
# What is space in Python or in JavaScript, so that both read a text alike.
_SPACE = re.compile("[\\s\x1c-\x1f\x85\ufeff]+")


def compared(text: str, *, case: bool = False, signs: bool = False) -> str:
    """Return a text, as it was typed or is right, in the form in which it is compared.

    Capital letters matter where ``case`` is true; accents and punctuation matter where
    ``signs`` is true.
    """
    if signs:
        spaced = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
        return spaced if case else spaced.lower()
    return bare(text) if case else plain(text)


def is_near(one: str, other: str) -> bool:
    """Tell whether two plain texts are one slip apart: a letter more, fewer or other."""
    if one == other or min(len(one), len(other)) < _SHORTEST_NEAR:
        return False
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = (
        short[start : start + 2] == long[start : start + 2][::-1]
        and short[start + 2 :] == long[start + 2 :]
    )
    return swapped or short[start + 1 :] == long[start + 1 :]
