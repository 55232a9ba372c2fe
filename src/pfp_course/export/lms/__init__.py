"""Exports to learning management systems: a neutral model, and a class for each target.

A module of this package that holds a class with `register` is a target: `targets` finds it. What
every target has in common is here: its name, its report, and what it reduces.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import ClassVar, TypeVar

from pfp_course.export.lms.model import Item, Package
from pfp_course.export.lms.reduction import Feature, features_of, reduced
from pfp_course.questions.interactions import ALL

__all__ = ["Note", "Report", "Target", "register", "targets"]

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


class Target(ABC):
    """A format of export. An object of a target writes one package.

    A subclass sets the class variables, is named by `register`, and defines `written`.

    Attributes
    ----------
    name : str
        What it is called on the command line.
    title : str
        What it is called in a sentence.
    purpose : str
        For which systems it is, in a few words.
    asks : frozenset of type
        The interactions that it can say, by default all. Others are reduced to these before they
        are written.
    says : frozenset of Feature
        What it can say of a question besides. The rest is told in the report.
    instead : mapping of Feature to str
        What it does where it cannot say a feature, if that is not what others do.
    needs_book : bool
        Whether it is made of the built book, and not of the questions alone. Then it has the
        exercises in Python as the page has them.
    report : Report
        What it could not say; complete when `files` has returned.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    purpose: ClassVar[str]
    asks: ClassVar[frozenset[type]] = ALL
    says: ClassVar[frozenset[Feature]] = frozenset()
    instead: ClassVar[Mapping[Feature, str]] = MappingProxyType({})
    needs_book: ClassVar[bool] = False

    def __init__(self, package: Package) -> None:
        self.package = package
        self.report = Report()

    def check(self) -> None:  # noqa: B027 - most formats take every package
        """Raise `CourseError` where the package cannot be written in this format."""

    def survey(self) -> Report:
        """Return what the format does with the questions, and write nothing for others to read."""
        self.files()
        return self.report

    def files(self) -> dict[str, bytes]:
        """Return the files of the export by their names, and fill the report.

        The same package gives the same bytes.
        """
        instead = (
            "the page asks what the code would give, for practice; this is not kept, not reported"
            if self.needs_book
            else "they stay in the notebooks; set them with pfp assign"
        )
        out = not self.needs_book
        for section in self.package.sections:
            if section.exercises:
                name, what = section.title, "exercises in Python"
                self.report.tell("exercise", name, what, instead, left_out=out)
        return self.written()

    @abstractmethod
    def written(self) -> dict[str, bytes]:
        """Return the files, and note in the report what they do not say."""

    def tell(self, item: Item, what: str, instead: str, *, left_out: bool = False) -> None:
        """Note in the report what cannot be said of a question, and what is done instead."""
        name = item.name.partition(",")[0]
        self.report.tell(item.form.kind, name, what, instead, left_out=left_out)

    def can_say(self, feature: Feature, item: Item) -> bool:
        """Tell whether the target can say a feature of a question."""
        return feature in self.says

    def sayable(self, item: Item) -> Iterator[Item]:
        """Yield a question as one or more that the target can say; the report tells of changes."""
        for feature in features_of(item):
            if not self.can_say(feature, item):
                instead = self.instead.get(feature, feature.instead)
                self.tell(item, feature.what, instead)
        yield from reduced(item, self.asks, self.tell)


_TARGETS: dict[str, type[Target]] = {}
_T = TypeVar("_T", bound=Target)


def register(target: type[_T]) -> type[_T]:
    """Make a target known by its name."""
    _TARGETS[target.name] = target
    return target


def targets() -> dict[str, type[Target]]:
    """Return the classes of all targets by their names, in alphabetical order."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_TARGETS.items()))
