"""What a notebook shows of its chapter: the opener, and sentences with computed numbers."""

from dataclasses import dataclass
from html import escape

from pfp_course.chapters.outline import Chapter, chapter
from pfp_course.course import default_course, on_static_page
from pfp_course.errors import CourseError, clear_errors, described

__all__ = ["Opener", "Prose", "opener", "say"]


@dataclass(frozen=True)
class Opener:
    """The card at the head of a chapter: time, needs, data, objectives."""

    chapter: Chapter

    def __str__(self) -> str:
        objectives = [f"  {key}  {text}" for key, text in self.chapter.objectives.items()]
        return "\n".join(
            [
                f"Time: about {self.chapter.minutes} minutes",
                f"You need: {self.chapter.needed}",
                f"Data: {', '.join(self.chapter.data)} (see about(...))",
                "After this chapter you can:",
                *objectives,
            ]
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        tables = ", ".join(_table(name) for name in self.chapter.data)
        objectives = "".join(
            f'<li><span class="pfp-objective">{escape(key)}</span> {escape(text)}</li>'
            for key, text in self.chapter.objectives.items()
        )
        return (
            '<div class="pfp-opener"><dl>'
            f"<dt>Time</dt><dd>about {self.chapter.minutes} minutes</dd>"
            f"<dt>You need</dt><dd>{escape(self.chapter.needed)}</dd>"
            f"<dt>Data</dt><dd>{tables}</dd></dl>"
            f"<p>After this chapter you can</p><ul>{objectives}</ul></div>"
        )


def _table(name: str) -> str:
    code = f"<code>{escape(name)}</code>"
    # Only the book has a page of data cards; in a notebook about("...") shows the same card.
    return (
        f'<a href="../book/data.html#data-{escape(name)}">{code}</a>' if on_static_page() else code
    )


@clear_errors
def opener(number: str) -> Opener:
    """Return the card at the head of a chapter, to be shown by its first cell.

    Raises
    ------
    CourseError
        If there is no such chapter.
    """
    return Opener(chapter(number, default_course()))


@dataclass(frozen=True)
class Prose:
    """A sentence or more in Markdown, with numbers that were computed."""

    text: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return self.text


@clear_errors
def say(text: str) -> Prose:
    """Return text as Markdown, so that a sentence can hold numbers from the data.

    Examples
    --------
    >>> say(f"**{3 + 4}** states signed.")
    **7** states signed.
    """
    if isinstance(text, str):
        return Prose(text)
    if isinstance(text, int | float):
        return Prose(str(text))
    raise CourseError(
        f'say() shows a text in quotes, such as say("Hello"). It was given {described(text)}. To '
        "see a table, a column or a value, write its name alone on the last line of the cell."
    )
