"""What the readers of other tools' questions share: their reports, and the test of a question."""

import codecs
import re
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.questions.authoring.wording import Wording
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.kinds import AnyQuestion, Question
from pfp_course.questions.reading import sentence
from pfp_course.questions.spec import PictureError, variant_forms

__all__ = ["Note", "Taken", "decoded", "finished", "neat", "share_of", "without_sources"]


_CHAPTER = "00"


@dataclass(frozen=True)
class Note:
    """What is to be said of a question: the line where it begins, its name, and a sentence."""

    line: int
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.line}: {self.name}: {self.text}" if self.line else self.text


@dataclass
class Taken:
    """Questions in the form of a bank, and a report on the file from which they come.

    ``left`` names each question that could not be taken over; ``lost`` what a question that was
    taken over had and has no more; ``pictures`` are the files to lie beside the bank, with
    their bytes where the questions held them.
    """

    course: Course
    questions: list[dict[str, Any]] = field(default_factory=list)
    left: list[Note] = field(default_factory=list)
    lost: list[Note] = field(default_factory=list)
    pictures: dict[str, bytes | None] = field(default_factory=dict)

    def add(self, question: dict[str, Any], line: int, name: str, wording: Wording) -> None:
        """Take a question over, if it is sound, and say what it lost.

        Raises
        ------
        CourseError
            If a bank could not hold the question as it is.
        """
        _check(question, self.course)
        question["id"] = self._identifier(name, len(self.questions) + 1)
        self.questions.append(question)
        self.lost += [Note(line, name, f"not kept: {loss.rstrip('.')}.") for loss in wording.losses]
        for picture, content in wording.pictures.items():
            if content is None and picture not in self.pictures:
                text = f"its picture {picture} is not in the file. Save it beside the bank."
                self.lost.append(Note(line, name, text))
            self.pictures.setdefault(picture, content)

    def _identifier(self, name: str, number: int) -> str:
        words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") if name.isascii() else ""
        used = {question["id"] for question in self.questions}
        wanted = words[:40].strip("-")
        if not wanted or wanted.startswith("question-") or wanted in used:
            wanted = f"q{number}"
        return wanted if wanted not in used else f"q{number}-{len(used)}"


@cache
def _adapter() -> TypeAdapter[Question]:
    return TypeAdapter(AnyQuestion)


def _check(question: dict[str, Any], course: Course) -> None:
    """Raise `CourseError` if a bank could not hold a question, but for what is not written."""
    tried = deepcopy(question) | {"id": f"{_CHAPTER}.q", "objective": "O"}
    for choice in tried.get("choices", []):
        choice.setdefault("say", UNWRITTEN)
    try:
        read = _adapter().validate_python(tried, context={"course": course})
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        raise CourseError(f"{sentence(details)}") from None
    for _, problem in read.problems():
        raise CourseError(problem)
    try:
        variant_forms(read)
    except PictureError:
        return  # the file may come later; the check of the bank asks for it


def finished(body: dict[str, Any], ask: str, because: str = "") -> dict[str, Any]:
    """Return a question of a bank from its body, its text and its reason."""
    kind = body.pop("kind")
    return {
        "id": "",
        "objective": "",
        "kind": kind,
        "ask": ask,
        **body,
        "because": because or UNWRITTEN,
        "source": ["background"],
    }


# In GIFT the sign = is hidden within a tag.
_SOURCES = re.compile(r'<div class[^<>]{1,2}"pfp-sources">.*?</div>', re.DOTALL)


def without_sources(text: str, wording: Wording) -> str:
    """Return a reason without the line of sources that an export of ours adds."""
    kept = _SOURCES.sub("", text)
    if kept != text:
        wording.lose("the line of its sources; name them as 'source'")
    return kept


def share_of(percent: float) -> float:
    """Return a weight in percent as a share; 33.33333 percent is a third."""
    share = percent / 100
    for parts in range(1, 21):
        nearest = round(share * parts) / parts
        if abs(share - nearest) < 5e-5:
            return round(nearest, 6)
    return round(share, 6)


def neat(number: float) -> float:
    """Return a number, as a whole one where it is whole."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NAMES = {
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252 (Western Europe)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "CP866 (Cyrillic)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_USUAL = re.compile("[а-яё]")
_WORD = re.compile("[А-ЯЁа-яё]{2,}")
_UNUSUAL = re.compile("[\\x80-\\x9f\u2500-\u259f\u00a4\u00a6\u00ac\ufffd]|[а-яё][А-ЯЁ]")
_LATIN = re.compile("[à-öø-ÿÀ-ÖØ-ß][A-Za-z]|[A-Za-z][à-öø-ÿÀ-ÖØ-ß]")


def decoded(raw: bytes) -> tuple[str, str]:
    """Return the text of a file, and the name of its encoding where that had to be guessed.

    Raises
    ------
    CourseError
        If it is no text.
    """
    for mark, name in _MARKS.items():
        if raw.startswith(mark):
            return _strictly(raw, name), ""
    sides = [raw[0::2].count(0), raw[1::2].count(0)]
    if max(sides) > len(raw) // 8:
        name = "utf-16-be" if sides[0] > sides[1] else "utf-16-le"
        return _strictly(raw, name), _NAMES[name]
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    if b"\0" in raw:
        raise CourseError("it holds bytes that no text holds.")
    name = max(("cp1252", "cp1251", "koi8-r", "cp866"), key=lambda one: _score(raw, one))
    return raw.decode(name, "replace"), _NAMES[name]


def _strictly(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise CourseError(f"it begins as {name.upper()}, and is not.") from None


def _score(raw: bytes, name: str) -> int:
    """Return how much a text read in an encoding looks like words."""
    text = raw.decode(name, "replace")
    unusual = 3 * len(_UNUSUAL.findall(text))
    if name == "cp1252":
        return 3 * len(_LATIN.findall(text)) - unusual
    words = sum(map(len, _WORD.findall(text)))
    return words + len(_USUAL.findall(text)) - unusual
