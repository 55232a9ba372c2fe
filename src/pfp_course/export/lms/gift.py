"""Moodle's text format GIFT."""

import re
from collections.abc import Iterator
from types import MappingProxyType

from pfp_course.export.lms import Target, register
from pfp_course.export.lms.model import Item, Section
from pfp_course.export.lms.moodle import category_path, percent
from pfp_course.export.lms.reduction import USUAL, Feature
from pfp_course.export.lms.render import Texts
from pfp_course.questions.interactions import Choose, Essay, Pair, Range, WriteNumber, WriteText
from pfp_course.questions.texts import as_plain

__all__ = ["Gift"]

_SIGNS = re.compile(r"([\\~=#{}:])")


def _escaped(text: str) -> str:
    """Return a text in which no sign is one of GIFT."""
    return _SIGNS.sub(r"\\\1", text).replace("\n", "\\n")


@register
class Gift(Target):
    """One text file with a category for each chapter, and one for each question's variants."""

    name = "gift"
    title = "GIFT"
    purpose = "Moodle, as a text that people can read and edit"
    asks = frozenset({Choose, WriteText, WriteNumber, Pair, Essay})
    says = USUAL
    instead = MappingProxyType({Feature.item_reply: "they are left out"})

    def written(self) -> dict[str, bytes]:
        """Return one file of text."""
        self.texts = Texts(latex=True)
        lines = [line for section in self.package.sections for line in self._section(section)]
        return {f"{self.package.name}.gift": ("\n".join(lines) + "\n").encode()}

    def _section(self, section: Section) -> Iterator[str]:
        names = (self.package.course.short_title, section.title)
        category = ""
        for quiz in section.quizzes():
            for item in quiz.items:
                wanted = category_path(*names, *([item.name] if item.variants > 1 else []))
                if wanted != category:
                    yield f"$CATEGORY: {wanted}\n"
                    category = wanted
                for one in self.sayable(item):
                    yield self._question(one)

    def _question(self, item: Item) -> str:
        tag = f" [tag:{item.form.objective}]" if item.form.objective else ""
        essay = isinstance(item.asks, Essay)
        reason = self.texts.rubric(item) if essay else self.texts.reason(item)
        body = "\n".join([*self._answers(item), *([f"####{_escaped(reason)}"] if reason else [])])
        return (
            f"// [id:{item.identifier}]{tag}\n"
            f"::{_escaped(item.title)}::[html]{self._ask(item)}{{\n{body}\n}}\n"
        )

    def _ask(self, item: Item) -> str:
        demand = item.asks.demand if isinstance(item.asks, WriteNumber | Essay) else ""
        return _escaped(self.texts.block(item.form.ask + demand))

    def _text(self, text: str) -> str:
        return _escaped(self.texts.html(text))

    def _said(self, say: str) -> str:
        return f"#{self._text(say)}" if say else ""

    def _answers(self, item: Item) -> Iterator[str]:
        match item.asks:
            case Choose():
                yield from self._choices(item, item.asks)
            case WriteText():
                yield from self._typed(item, item.asks)
            case WriteNumber():
                yield from self._numbers(item, item.asks)
            case Pair():
                yield from self._pairs(item.asks)

    def _choices(self, item: Item, asks: Choose) -> Iterator[str]:
        for option in asks.options:
            right = option.share == 1 and not asks.many
            bare = right or (option.share <= 0 and not asks.many)
            weight = "" if bare else f"%{percent(option.share, item, self)}%"
            answer = self._text(option.text) + self._said(option.say)
            yield f"{'=' if right else '~'}{weight}{answer}"

    def _typed(self, item: Item, asks: WriteText) -> Iterator[str]:
        if asks.case:
            self.tell(item, "a text whose capital letters matter", "they do not matter")
        for answer in asks.different():
            share = percent(answer.share, item, self)
            text = _escaped(answer.text.replace("*", "\\*"))
            yield f"=%{share}%{text}{self._said(answer.say)}"
        if asks.otherwise:
            yield f"=%0%*{self._said(asks.otherwise)}"

    def _numbers(self, item: Item, asks: WriteNumber) -> Iterator[str]:
        yield "#"
        for one in asks.ranges:
            yield f"=%{percent(one.share, item, self)}%{_number(one)}{self._said(one.say)}"
        if asks.otherwise:
            yield f"~{self._said(asks.otherwise)}"

    def _pairs(self, asks: Pair) -> Iterator[str]:
        for one in asks.items:
            option = _escaped(as_plain(asks.options[one.right]))
            yield f"={self._text(one.text)} -> {option}"
        for unused in asks.unused:
            yield f"= -> {_escaped(as_plain(unused))}"


def _number(one: Range) -> str:
    if one.value is not None:
        tolerance = one.high - one.value
        return f"{one.value:.12g}" + (f":{tolerance:.12g}" if tolerance else "")
    return f"{one.low:.12g}..{one.high:.12g}"
