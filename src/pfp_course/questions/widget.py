"""The quiz as a widget of a live notebook."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from pfp_course.questions.frontend import widget_module, widget_stylesheet
from pfp_course.questions.marking import valid_answers, valid_reviews
from pfp_course.questions.plain import as_text
from pfp_course.questions.record import Store

__all__ = ["QuizWidget", "make_widget", "store_of"]


class QuizWidget(anywidget.AnyWidget):
    """A quiz whose answers are kept beside the notebook.

    The front end sends answers; they are marked anew here, saved, and only then believed.
    """

    _esm = widget_module()
    _css = widget_stylesheet()

    spec = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    reviews = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, spec: dict[str, Any], store: Store) -> None:
        self._store = store
        reviews = {name: one.model_dump() for name, one in store.reviews().items()}
        super().__init__(
            spec=spec, answers=_kept(spec, store), reviews=reviews, notice=store.notice
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

    def __repr__(self) -> str:
        return as_text(self.spec)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle: Any = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        # What GitHub, a terminal or a printer shows, where no widget can be.
        return {**data, "text/plain": as_text(self.spec)}, metadata


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
