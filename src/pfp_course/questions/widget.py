"""The quiz as a widget of a live notebook, and the form for a name."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any
from uuid import uuid4

import anywidget
import traitlets
from IPython.core.getipython import get_ipython
from IPython.display import display
from pydantic import BaseModel

from pfp_course.errors import CourseError
from pfp_course.questions.frontend import widget_module, widget_stylesheet
from pfp_course.questions.record import Store
from pfp_course.questions.record_model import Answer, Draft
from pfp_course.questions.seeds import normal, other_name, seed_of
from pfp_course.questions.spec import as_saved, as_text
from pfp_course.questions.student_progress import (
    once_counted,
    valid_answers,
    valid_drafts,
    valid_reviews,
)

__all__ = ["FormWidget", "QuizWidget", "WaitingQuiz"]

_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class _Shown(anywidget.AnyWidget):
    """What is drawn by the course's front end, and has words where no widget can be."""

    _esm = widget_module()
    _css = widget_stylesheet()

    spec = traitlets.Dict().tag(sync=True)
    # The name of the text that stands in the notebook for readers without a kernel; the front
    # end hides it.
    stand_in = traitlets.Unicode().tag(sync=True)

    def __init__(self, store: Store, **traits: Any) -> None:
        self._store = store
        super().__init__(**traits)
        store.listeners.append(self._record_changed)
        _close_earlier(self)

    def close(self) -> None:
        """End the widget here and on the page; its answers stay in the record."""
        with suppress(ValueError):  # closed before
            self._store.listeners.remove(self._record_changed)
        super().close()

    def _record_changed(self) -> None:
        """Take in that the record was written, or could not be."""

    def __repr__(self) -> str:
        return as_text(self.spec)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle: Any = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        # What GitHub, a terminal or a printer shows.
        return {**data, "text/plain": as_text(self.spec)}, metadata

    def _ipython_display_(self) -> None:
        """Show the questions as text, which a saved notebook keeps, and then the live quiz.

        Of one output JupyterLab shows the widget's view and nothing else, even where its model
        is gone with the kernel.
        """
        if not self.stand_in:
            self.stand_in = f"pfp-{uuid4().hex[:12]}"
        words = {
            "text/html": as_saved(self.spec, self.stand_in),
            "text/plain": as_text(self.spec),
        }
        data, _ = self._repr_mimebundle_()
        display(words, raw=True)  # type: ignore[no-untyped-call]
        if _WIDGET_VIEW in data:
            live = {_WIDGET_VIEW: data[_WIDGET_VIEW], "text/plain": ""}
            display(live, raw=True)  # type: ignore[no-untyped-call]


# By cell of the notebook, the run that made widgets, and these.
_made: dict[str, tuple[str, list[_Shown]]] = {}


def _close_earlier(widget: _Shown) -> None:
    """Close what an earlier run of the same cell has made: the output that showed it is gone.

    ipywidgets holds each widget until it is closed. A program that does not name the cell in its
    messages leaves them open.
    """
    message: Mapping[str, Any] = getattr(get_ipython(), "get_parent", dict)() or {}
    cell = message.get("metadata", {}).get("cellId", "")
    run = message.get("header", {}).get("msg_id", "")
    if not cell:
        return
    earlier, widgets = _made.get(cell, (run, []))
    if earlier != run:
        for one in widgets:
            one.close()
        widgets = []
    _made[cell] = (run, [*widgets, widget])


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

    def __init__(self, act: Callable[[str], str], store: Store, **traits: Any) -> None:
        self._given = act
        super().__init__(store, student=store.student, **traits)

    def _act(self, student: str) -> str:
        return self._given(student)

    def _record_changed(self) -> None:
        # Who has given the name in another form need not give it again.
        self.student = self.student or self._store.student


class QuizWidget(_Shown):
    """A quiz whose answers are kept beside the notebook.

    The front end sends ``answers``, ``drafts`` and ``reviews``, each change under a higher number
    ``sent``. They are marked anew here and written. ``received`` is the number up to which all
    was handled, ``saved`` that up to which all is on disk, and ``refused`` names what could not be
    taken in. ``place`` names the record: what is not saved waits under this name in the browser.
    """

    answers = traitlets.Dict().tag(sync=True)
    drafts = traitlets.Dict().tag(sync=True)
    reviews = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    sent = traitlets.Int().tag(sync=True)
    received = traitlets.Int().tag(sync=True)
    saved = traitlets.Int(-1).tag(sync=True)
    refused = traitlets.List(traitlets.Unicode()).tag(sync=True)
    place = traitlets.Unicode().tag(sync=True)

    def __init__(self, spec: dict[str, Any], store: Store, **traits: Any) -> None:
        # What the front end is known to have.
        self._known = _kept(spec, store)
        super().__init__(
            store,
            spec=spec,
            **self._known,
            place=sha256(str(store.path.resolve()).encode("utf-8", "replace")).hexdigest()[:16],
            **traits,
        )
        self._record_changed()
        self.observe(self._take_in, names=[*_KINDS, "sent"])

    def _take_in(self, _: object) -> None:
        """Write what has changed, and tell the front end up to where all is written.

        Called for each trait of a message, it handles the whole message the first time.
        """
        now = {kind: getattr(self, kind) for kind in _KINDS}
        changed = {
            kind: {n: one for n, one in now[kind].items() if self._known[kind].get(n) != one}
            for kind in _KINDS
        }
        self._known = now
        if any(changed.values()):
            taken = self._save(**changed)
            given = {name for values in changed.values() for name in values}
            self.refused = sorted({*self.refused, *given} - taken)
        with self.hold_sync():
            self.received = self.sent
            self._record_changed()

    def _save(
        self, answers: dict[str, Any], drafts: dict[str, Any], reviews: dict[str, Any]
    ) -> set[str]:
        """Save what is valid as newer than all that is known; return the names of this."""
        specs = {spec["id"]: spec for spec in self.spec["questions"]}
        known, written = self._store.answers(), self._store.drafts()
        new_answers = {
            name: _after(once_counted(specs[name], answer, known.get(name)), known.get(name))
            for name, answer in valid_answers(specs.values(), answers).items()
        }
        new_drafts = {
            name: _upon(draft, written.get(name), new_answers.get(name) or known.get(name))
            for name, draft in valid_drafts(specs.values(), drafts).items()
        }
        new_reviews = valid_reviews(reviews)
        self._store.save(new_answers, new_reviews, new_drafts)
        return {*new_answers, *new_drafts, *new_reviews}

    def _record_changed(self) -> None:
        with self.hold_sync():
            if self._store.saved:
                self.saved = self.received
            self.notice = self._store.notice


_KINDS = ("answers", "drafts", "reviews")


def _after(answer: Answer, known: Answer | None) -> Answer:
    """Return an answer given now as the newest, whatever another window has counted."""
    if known is None or answer.revision > known.revision or answer == known:
        return answer
    return answer.model_copy(update={"revision": known.revision + 1})


def _upon(draft: Draft, known: Draft | None, answer: Answer | None) -> Draft:
    """Return a draft written now as the newest one."""
    base = draft.base if answer is None else max(draft.base, answer.revision)
    count = draft.count if known is None else max(draft.count, known.count + 1)
    return draft.model_copy(update={"base": base, "count": count})


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

    def __init__(self, questions: Callable[[str], dict[str, Any]], store: Store) -> None:
        self._questions: Callable[[str], dict[str, Any]] | None = questions
        super().__init__(_BEGIN, store, student=store.student)

    def _act(self, student: str) -> str:
        name = " ".join(student.split())
        if self._store.student and normal(self._store.student) != normal(name):
            return other_name(self._store.student)
        # One name for all: what else waits for this record begins, too.
        self._store.sign(name, seed_of(name))
        return ""

    def _record_changed(self) -> None:
        super()._record_changed()
        student = self._store.student
        if self._questions and student and self._store.seed == seed_of(student):
            spec = self._questions(seed_of(student))
            self._questions = None
            self._known = _kept(spec, self._store)
            with self.hold_sync():
                for kind, values in self._known.items():
                    setattr(self, kind, values)
                self.spec = spec


def _kept(spec: dict[str, Any], store: Store) -> dict[str, dict[str, Any]]:
    """Return what the record holds for a quiz, as the front end takes it."""
    found: dict[str, Mapping[str, BaseModel]] = {
        "answers": valid_answers(spec["questions"], store.answers()),
        "drafts": valid_drafts(spec["questions"], store.drafts()),
        "reviews": store.reviews(),
    }
    return {
        kind: {name: one.model_dump() for name, one in values.items()}
        for kind, values in found.items()
    }
