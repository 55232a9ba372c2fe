"""What a target cannot say of a question, and what was done instead."""

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Note", "Report"]

_SHOWN = 6  # names in one line on the screen


@dataclass(frozen=True)
class Note:
    """What cannot be said, what was done instead, and for which kind of question.

    ``left_out`` is true where the question is not in the export at all.
    """

    kind: str
    what: str
    instead: str
    left_out: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.instead}."


@dataclass
class Report:
    """The notes of an export, each with the names of its questions in their order."""

    found: dict[Note, dict[str, None]] = field(default_factory=dict)

    def tell(
        self, kind: str, name: str, what: str, instead: str, *, left_out: bool = False
    ) -> None:
        """Add a note on a question."""
        self.found.setdefault(Note(kind, what, instead, left_out), {})[name] = None

    def lines(self, *, whole: bool = False) -> Iterator[str]:
        """Yield a line for each note, with the names of all its questions, or of the first."""
        by_text: dict[tuple[str, bool], dict[str, None]] = {}
        for note, names in self.found.items():
            by_text.setdefault((str(note), note.left_out), {}).update(names)
        for (text, left_out), names in sorted(by_text.items(), key=lambda one: not one[0][1]):
            known = [name for name in names if name]
            shown = known if whole else known[:_SHOWN]
            more = f" and {len(known) - len(shown)} more" if len(shown) < len(known) else ""
            sign = "left out" if left_out else "changed"
            where = f" ({len(known)}: {', '.join(shown)}{more})" if known else ""
            yield f"{sign}: {text}{where}"
