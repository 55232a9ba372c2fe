"""A date, and how one is read: as the world writes it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

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
from pfp_course.questions.kinds.form import Mark, Mistake, Part, TypedForm, UnreadError, plain
from pfp_course.questions.texts import literal, spoken

__all__ = ["DateForm", "DatePart", "Day"]

_MORE = {7: "Give the month and the year.", 10: "Give the day, the month and the year."}


class DateTrap(Part):
    """A wrong date as ISO text, what it earns, and the reply to it."""

    value: str
    share: float = 0.0
    say: str = ""


class DateForm(TypedForm):
    """A question of a date, or a gap for one.

    ``key`` is ISO text; its length (4, 7 or 10) is the ``precision`` that is asked for, which
    alone stands in a released form.
    """

    kind: Literal["date"]
    key: str = ""
    traps: tuple[DateTrap, ...] = ()
    say: str = ""
    precision: int = 0

    decisive = (*TypedForm.decisive, "key")

    def parse(self, response: Any) -> str:
        """Return the date as ISO text, as precise as it is asked for."""
        if not isinstance(response, str):
            raise UnreadError("Write a date first.")
        value = _read_date(response)
        size = self.precision or len(self.key)
        if len(value) < size:
            raise UnreadError(_MORE[size])
        return value[:size]

    def score(self, answer: str) -> Mark:
        """Return the mark of a date."""
        if answer == self.key:
            return Mark("right", 1.0, (self.say,) if self.say else ())
        for trap in self.traps:
            if answer == trap.value[: len(answer)]:
                return Mark.partial(trap.share, trap.say)
        return Mark.partial(0.0, self.otherwise)

    def shown(self) -> dict[str, Any]:
        """Return how precise the date must be."""
        return {"precision": len(self.key)}

    def mistakes(self) -> Iterator[Mistake]:
        """Yield the wrong dates."""
        for trap in self.traps:
            yield Mistake(literal(spoken(trap.value)), trap.share, trap.say)

    def interaction(self) -> WriteText:
        """Return the usual ways to write the date, and those of the wrong ones."""
        dates = [
            (self.key, 1.0, self.say),
            *((trap.value, trap.share, trap.say) for trap in self.traps),
        ]
        answers = tuple(
            Answer(text, share, say) for value, share, say in dates for text in usual_forms(value)
        )
        return WriteText(answers, otherwise=self.otherwise, is_date=True)

    def comparable(self, response: Any) -> Any:
        """Return the date that was typed, as precise as the key."""
        if isinstance(response, str):
            try:
                return _read_date(response)[: len(self.key) or 10]
            except UnreadError:
                pass
        return super().comparable(response)


class DatePart(Strict):
    """What a date in a question or in a gap has: its key, and wrong dates with a reply."""

    key: Expression
    traps: list[Trap] = []
    say: str = ""

    def problems(self) -> Problems:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a date, or an expression over the data."
        for number, trap in enumerate(self.traps):
            if trap.value is None or trap.tolerance is not None or trap.range is not None:
                yield ("traps", number), "a trap of a date needs a 'value'."

    def public(self, values: Values, common: Any) -> DateForm:
        """Return the public form; each value must be a date, and no trap count as right."""
        right = _iso(values.evaluate(self.key), "the key")
        traps = []
        for trap in self.traps:
            value = _iso(values.evaluate(trap.value), "a trap")
            if value[: len(right)] == right or len(value) < len(right):
                raise CourseError(f"the trap {value} counts as right, or says too little. Mend it.")
            traps.append(DateTrap(value=value, **trap.reply(values)))
        if self.say:
            common = {**common, "say": values.fill(self.say)}
        return DateForm(**common, key=right, traps=tuple(traps), answer=spoken(right))


@register
class Day(DatePart, Question):
    """A date, as precise as the key: ``1994``, ``1994-05`` or ``1994-05-27``.

    A response is the text typed. One that is more precise than the key is right if it agrees
    with it; one that is less precise is asked for more, and costs no attempt.
    """

    kind: Literal["date"]
    otherwise: Text

    form = DateForm
    front_end = "date"

    def public(self, values: Values, common: Any) -> DateForm:
        """Return the public form."""
        return super().public(values, {**common, "otherwise": values.fill(self.otherwise)})


def usual_forms(iso: str) -> list[str]:
    """Return the usual ways to write a date that is given as ISO text, the ISO text last."""
    if len(iso) == 4:
        return [iso]
    year, month, *day = iso.split("-")
    name = spoken(f"{year}-{month}-01").split()[1]
    if not day:
        return [f"{name} {year}", f"{name[:3]} {year}", iso]
    number = int(day[0])
    return [
        *(f"{number} {name} {year}", f"{name} {number}, {year}", f"{name} {number} {year}"),
        *(f"{number} {name[:3]} {year}", f"{number:02d}.{month}.{year}", iso),
    ]


def _iso(value: Any, what: str) -> str:
    text = str(value)
    try:
        parts = [int(part) for part in text.split("-")]
        day = date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        raise CourseError(f"{what} is {value!r}, not a date. Write it like 1994-05-27.") from None
    return day.isoformat()[: (4, 7, 10)[len(parts) - 1]]


_NAMES = (
    "january jan январь января қаңтар",
    "february feb февраль февраля ақпан",
    "march mar март марта наурыз",
    "april apr апрель апреля сәуір",
    "may май мая мамыр",
    "june jun июнь июня маусым",
    "july jul июль июля шілде",
    "august aug август августа тамыз",
    "september sep sept сентябрь сентября қыркүйек",
    "october oct октябрь октября қазан",
    "november nov ноябрь ноября қараша",
    "december dec декабрь декабря желтоқсан",
)
_MONTHS = {plain(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_SKIPPED = {plain(word) for word in ["of", "the", "г", "год", "года", "ж", "жыл", "жылы"]}
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DIGITS = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})[./]([0-9]{4})")
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_UNKNOWN = "I cannot read this as a date. Write it like 31 March 1999 or 1999-03-31."


def _read_date(text: str) -> str:
    """Return a date as ISO text, as precise as it was given: day, month or year.

    English, Kazakh and Russian names of months are understood. Digits with points have the day
    first; with strokes they could have the month first.

    Raises
    ------
    UnreadError
        If the text is no date, or could be two.
    """
    clean = " ".join(text.split())
    if not clean:
        raise UnreadError("Write a date first.")
    if iso := _ISO.fullmatch(clean):
        return _checked(*(int(part) if part else None for part in iso.groups()))
    if digits := _DIGITS.fullmatch(clean):
        return _by_digits(digits)
    words = [word for word in plain(clean).split() if word not in _SKIPPED]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    years = [int(word) for word in words if re.fullmatch(r"[0-9]{4}", word)]
    rest = [word for word in words if word not in _MONTHS and not re.fullmatch(r"[0-9]{4}", word)]
    days = [int(match[1]) for word in rest if (match := _ORDINAL.fullmatch(word))]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(days) < len(rest):
        raise UnreadError(_UNKNOWN)
    return _checked(years[0], months[0], days[0] if days else None)


def _by_digits(match: re.Match[str]) -> str:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "/" and first <= 12 and second <= 12 and first != second:
        raise UnreadError(
            f"\u201c{match[0]}\u201d can be read in two ways. Write the month as a word."
        )
    if match[2] == "/" and second > 12:
        first, second = second, first
    return _checked(year, second, first)


def _checked(year: int | None, month: int | None = None, day: int | None = None) -> str:
    try:
        moment = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise UnreadError("There is no such day. Look at the day and the month again.") from None
    return moment.isoformat()[: 10 if day else 7 if month else 4]
