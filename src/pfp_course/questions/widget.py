"""The quiz as a widget of a live notebook, and the form for a name."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

import anywidget
import traitlets

from pfp_course.errors import CourseError
from pfp_course.questions.assigned import normal, other_name, seed_of
from pfp_course.questions.frontend import widget_module, widget_stylesheet
from pfp_course.questions.marking import valid_answers, valid_reviews
from pfp_course.questions.plain import as_text
from pfp_course.questions.record import Store

__all__ = ["FormWidget", "QuizWidget", "WaitingQuiz", "make_widget", "store_of"]


class _Shown(anywidget.AnyWidget):
    """What is drawn by the course's front end, and has words where no widget can be."""

    _esm = widget_module()
    _css = widget_stylesheet()

    spec = traitlets.Dict().tag(sync=True)

    def __repr__(self) -> str:
        return as_text(self.spec)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle: Any = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        # What GitHub, a terminal or a printer shows.
        return {**data, "text/plain": as_text(self.spec)}, metadata


class _Form(traitlets.HasTraits):
    """The traits of a form for a name; `_act` is told the name and returns what is said."""

    student = traitlets.Unicode().tag(sync=True)
    asked = traitlets.Int().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    heard = traitlets.Int().tag(sync=True)

    @traitlets.observe("asked")
    def _hear(self, change: Mapping[str, Any]) -> None:
        try:
            self.said = self._act(self.student)
        except CourseError as error:
            self.said = str(error)
        self.heard = change["new"]

    def _act(self, student: str) -> str:
        raise NotImplementedError


class FormWidget(_Form, _Shown):
    """A form for a name; ``act`` is told the name, and what it returns is said to the student."""

    shown: "WeakSet[FormWidget]" = WeakSet()

    def __init__(self, act: Callable[[str], str], **traits: Any) -> None:
        self._given = act
        super().__init__(**traits)
        self.shown.add(self)

    def _act(self, student: str) -> str:
        return self._given(student)


class QuizWidget(_Shown):
    """A quiz whose answers are kept beside the notebook.

    The front end sends answers; they are marked anew here, saved, and only then believed.
    """

    answers = traitlets.Dict().tag(sync=True)
    reviews = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, spec: dict[str, Any], store: Store, **traits: Any) -> None:
        self._store = store
        reviews = {name: one.model_dump() for name, one in store.reviews().items()}
        super().__init__(
            spec=spec,
            answers=_kept(spec, store),
            reviews=reviews,
            notice=store.notice,
            **traits,
        )
        self.observe(self._save, names="answers")
        self.observe(self._save_reviews, names="reviews")

    def _save_reviews(self, change: Mapping[str, Any]) -> None:
        self._store.save({}, valid_reviews(change["new"]))
        self.notice = self._store.notice

    def _save(self, change: Mapping[str, Any]) -> None:
        answers = valid_answers(self.spec["questions"], change["new"])
        self._store.save(answers)
        self.notice = self._store.notice


_BEGIN = {
    "form": True,
    "id": "begin",
    "title": "Before you begin",
    "button": "Begin",
    "explain": "Your name or id decides which variant of a question you get. Write it as you "
    "will hand in; it is kept beside this notebook, and goes nowhere else.",
    "questions": [],
}


class WaitingQuiz(_Form, QuizWidget):
    """A quiz that asks for a name first, because the name decides on its variants."""

    waiting: "WeakSet[WaitingQuiz]" = WeakSet()

    def __init__(self, questions: Callable[[str], dict[str, Any]], store: Store) -> None:
        self._questions = questions
        super().__init__(_BEGIN, store, student=store.student)
        self.waiting.add(self)

    def _act(self, student: str) -> str:
        name = " ".join(student.split())
        if self._store.student and normal(self._store.student) != normal(name):
            return other_name(self._store.student)
        self._store.sign(name, seed_of(name))
        # One name for all: what else waits in this notebook begins, too.
        for other in [one for one in self.waiting if one._store is self._store]:
            other._ask(name)
        # And a form further down need not be told again.
        for form in list(FormWidget.shown):
            form.student = form.student or name
        return ""

    def _ask(self, name: str) -> None:
        self.waiting.discard(self)
        spec = self._questions(seed_of(name))
        with self.hold_trait_notifications():
            self.answers = _kept(spec, self._store)
            self.spec = spec
            self.notice = self._store.notice


def _kept(spec: dict[str, Any], store: Store) -> dict[str, Any]:
    kept = {name: answer.model_dump() for name, answer in store.answers().items()}
    found = valid_answers(spec["questions"], kept)
    return {name: answer.model_dump() for name, answer in found.items()}


@cache
def store_of(folder: Path) -> Store:
    """Return the record of a folder."""
    # One for each folder: answers that could not be written are shared by all its quizzes.
    return Store(folder)


def make_widget(spec: dict[str, Any], store: Store) -> QuizWidget:
    """Return the widget of a quiz, with the answers kept in the store."""
    return QuizWidget(spec, store)
