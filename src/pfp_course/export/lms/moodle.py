"""What Moodle's two formats have in common: paths of categories, and parts of the points."""

import re
from collections.abc import Callable, Iterator
from html import escape

from pfp_course.export.lms.model import Item
from pfp_course.export.lms.target import Target
from pfp_course.export.lms.texts import Texts, plain_line
from pfp_course.questions.interactions import Choose, Fill, Gap, WriteNumber, WriteText
from pfp_course.questions.kinds.gaps import GAP

__all__ = ["category_path", "cloze_text", "percent"]

# In question/engine/bank.php of Moodle, from 1 to 1/20; a weight that is none of them is refused.
_KNOWN = (
    *(100, 90, 500 / 6, 80, 75, 70, 200 / 3, 60, 50, 40, 100 / 3, 30, 25, 20, 100 / 6),
    *(100 / 7, 12.5, 100 / 9, 10, 5, 0),
)


def category_path(*names: str) -> str:
    """Return the path of a category, in whose names a stroke is written twice."""
    inside = (" ".join(name.split()).replace("/", "//") for name in names)
    return "/".join(["$course$", "top", *inside])


def percent(share: float, item: Item, target: Target) -> str:
    """Return a share in percent as Moodle writes it; another is told, and the nearest taken."""
    wanted = abs(share) * 100
    nearest = min(_KNOWN, key=lambda known: abs(known - wanted))
    if abs(nearest - wanted) > 1e-3:
        what = "a part of the points that Moodle does not know"
        target.tell(item, what, "the nearest that it knows is taken")
    sign = "-" if share < 0 and nearest else ""
    return sign + (f"{nearest:.5f}".rstrip("0").rstrip("."))


_SIGNS = re.compile(r"([\\}#~])")
Percent = Callable[[float], str]


def cloze_text(item: Item, texts: Texts, percent: Percent) -> str:
    """Return the text of a question with gaps as HTML with its answers in it.

    Parameters
    ----------
    item : Item
        A question that asks a `Fill`.
    texts : Texts
        Writes the texts.
    percent : callable
        Gives a share in percent as Moodle writes it.
    """
    asks = item.asks
    assert isinstance(asks, Fill), "only a text with gaps has embedded answers"
    html = texts.html(item.form.ask)

    def gap(found: re.Match[str]) -> str:
        return _gap(asks.gaps[int(found[1]) - 1], asks.otherwise, texts, percent)

    return f"<div>{GAP.sub(gap, html)}</div>"


def _gap(gap: Gap, otherwise: str, texts: Texts, percent: Percent) -> str:
    match gap.asks:
        case Choose() as asks:
            kind, answers = "MULTICHOICE", _choices(asks, texts, percent)
        case WriteText() as asks:
            kind = "SHORTANSWER_C" if asks.case else "SHORTANSWER"
            answers = _typed(asks, otherwise, texts, percent)
        case WriteNumber() as asks:
            kind, answers = "NUMERICAL", _numbers(asks, otherwise, texts, percent)
    return f"{{{gap.weight}:{kind}:{'~'.join(answers)}}}"


def _answer(percent: str, text: str, say: str, texts: Texts) -> str:
    weight = "=" if percent == "100" else f"%{percent}%"
    said = f"#{_escaped(texts.html(say))}" if say else ""
    return f"{weight}{text}{said}"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)


def _choices(asks: Choose, texts: Texts, percent: Percent) -> Iterator[str]:
    for one in asks.options:
        # A list to choose from shows no marks.
        text = escape(plain_line(one.text), quote=False)
        yield _answer(percent(one.share), _escaped(text), one.say, texts)


def _typed(asks: WriteText, otherwise: str, texts: Texts, percent: Percent) -> Iterator[str]:
    for one in asks.different(case=asks.case):
        # It stands in HTML, and Moodle reads its entities.
        text = _escaped(escape(one.text, quote=False)).replace("*", "\\*")
        yield _answer(percent(one.share), text, one.say, texts)
    if rest := asks.otherwise or otherwise:
        yield _answer("0", "*", rest, texts)


def _numbers(asks: WriteNumber, otherwise: str, texts: Texts, percent: Percent) -> Iterator[str]:
    for one in asks.ranges:
        text = f"{one.middle:.12g}:{one.high - one.middle:.12g}"
        yield _answer(percent(one.share), text, one.say, texts)
    if rest := asks.otherwise or otherwise:
        yield _answer("0", "*", rest, texts)
