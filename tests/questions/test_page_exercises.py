"""Exercises as questions of a page: the same key, the same replies, and the code on demand."""

import random
from pathlib import Path
from typing import Any

import pytest

from pfp_course.course import default_course
from pfp_course.questions import read_bank
from pfp_course.questions.exercises import (
    PREFIX,
    Exercise,
    Resolved,
    page_form,
    page_spec,
    solution,
)
from pfp_course.questions.kinds import Form, form_of

SAMPLE = Path(__file__).with_name("sample.yml")
COURSE = default_course()
CONTEXT = {"course": COURSE}
BANKS = [*sorted(COURSE.questions.glob("*.yml")), SAMPLE]
EXERCISES = [one.resolved() for path in BANKS for one in read_bank(path, COURSE).exercises]


def right_response(form: Any) -> Any:
    if form.kind in ("numeric", "text"):
        return form.answer
    if form.kind == "order":
        return list(range(len(form.items)))
    if form.kind == "gaps":
        return [right_response(gap) for gap in form.gaps]
    right = [place for place, choice in enumerate(form.choices) if choice.right]
    return right if form.kind == "multiple" else right[0]


def assert_sound(resolved: Resolved) -> Form:
    form = form_of(page_spec(resolved))
    assert form.id == PREFIX + resolved.exercise.id
    assert form.mark(right_response(form)).state == "right"
    assert form.hints == resolved.hints
    for group in (getattr(form, "choices", ()), *(g.choices for g in _choice_gaps(form))):
        texts = [choice.text for choice in group]
        assert len(set(texts)) == len(texts)
        assert not texts or 2 <= len(texts) <= 20
    return form


def _choice_gaps(form: Any) -> list[Any]:
    return [gap for gap in getattr(form, "gaps", ()) if gap.kind == "single"]


@pytest.mark.parametrize("resolved", EXERCISES, ids=lambda one: one.exercise.id)
def test_every_exercise_asks_on_the_page_and_knows_its_answer(resolved: Resolved) -> None:
    form = assert_sound(resolved)
    assert solution(resolved.exercise) or resolved.exercise.id.startswith("99.")
    if form.kind == "numeric":
        for value, say in dict(reversed(resolved.traps)).items():
            assert form.mark(repr(value)).says[-1] == say
        if not isinstance(resolved.key, list):  # of a list it asks how many there are
            assert form.mark(str(float(resolved.key) + 1e9)).says[-1] == resolved.otherwise


def exercise(compare: str, key: Any, traps: list[tuple[Any, str]], tolerance: float) -> Resolved:
    spec = {
        "id": "98.e1",
        "objective": "O98.1",
        "kind": "value",
        "ask": "Compute it.",
        "key": 1,
        "compare": compare,
        "otherwise": "Look again.",
        "because": "So it is.",
    }
    return Resolved(
        Exercise.model_validate(spec, context=CONTEXT),
        key,
        tolerance,
        traps,
        "Compute it.",
        "Look again.",
        (),
        "So.",
    )


def any_cell(chance: random.Random, counted: bool) -> float:
    return chance.randint(-50, 5000) if counted else round(chance.uniform(-3, 3), 4)


@pytest.mark.parametrize("seed", range(40))
def test_a_table_of_any_size_has_gaps_that_its_key_fills(seed: int) -> None:
    chance = random.Random(seed)
    counted = chance.random() < 0.5
    names = [f"name {n}" for n in range(chance.randint(1, 20))]
    key = {name: any_cell(chance, counted) for name in names}
    if len(set(key.values())) == 1 and not counted:
        key["another"] = 9.5
    trap = {name: cell + 1 for name, cell in key.items() if chance.random() < 0.8}
    form = assert_sound(exercise("table", key, [(trap, "You added one.")] if trap else [], 0.0))
    assert 1 <= len(form.gaps) <= 6  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(40))
def test_a_set_of_any_size_has_members_to_choose_and_others(seed: int) -> None:
    chance = random.Random(seed)
    key = [f"in {n}" for n in range(chance.randint(1, 40))]
    wrong = [f"out {n}" for n in range(chance.randint(0, 40))]
    form = assert_sound(exercise("set", key, [([*wrong, key[0]], "Too many.")], 0.0))
    if not wrong:
        assert form.kind == "numeric"
        return
    says = [choice.say for choice in form.choices if not choice.right]  # type: ignore[attr-defined]
    assert says
    assert set(says) == {"Too many."}
    assert len(form.choices) <= 12  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("key", "kind"),
    [(["b", "a", "c"], "order"), (["b"], "numeric"), (["a", "a", "b"], "numeric")],
)
def test_a_list_is_put_in_order_where_it_has_one(key: list[str], kind: str) -> None:
    assert assert_sound(exercise("list", key, [], 0.0)).kind == kind


def test_a_long_list_gives_its_first_items() -> None:
    form = assert_sound(exercise("list", list("hgfedcbakl"), [], 0.0))
    assert form.items == tuple("hgfedcba")  # type: ignore[attr-defined]
    assert "the first 8" in form.ask


def test_a_number_that_nobody_counts_is_chosen_among_those_of_wrong_code() -> None:
    traps = [(0.25, "Half of it."), (1.2, "Too much.")]
    form = page_form(exercise("number", 0.5, traps, 0.001))
    assert [(c.text, c.say) for c in form.choices] == [  # type: ignore[attr-defined]
        ("0.25", "Half of it."),
        ("0.50", ""),
        ("1.20", "Too much."),
    ]


def test_the_code_comes_from_the_hints_or_from_the_exercise_itself() -> None:
    spec = {
        "id": "98.e1",
        "objective": "O98.1",
        "kind": "value",
        "ask": "Compute it.",
        "key": 1,
        "compare": "number",
        "otherwise": "No.",
        "because": "So.",
        "hints": ['Begin with `a = t[t["x"] == 1]`, not `t`.', "Then `len(a)`."],
    }
    assert (
        solution(Exercise.model_validate(spec, context=CONTEXT))
        == 'a = t[t["x"] == 1]\nanswer = len(a)'
    )
    own = Exercise.model_validate({**spec, "code": "answer = 1\n"}, context=CONTEXT)
    assert solution(own) == "answer = 1"
    assert list(own.problems()) == []
    for code in ("answer = (", "other = 1"):
        [(place, words)] = Exercise.model_validate(
            {**spec, "code": code}, context=CONTEXT
        ).problems()
        assert place == ("code",)
        assert "gives 'answer' a value" in words


def test_on_a_page_check_asks_and_in_a_notebook_it_shows_the_task(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pfp_course import check

    assert "three dots" in str(check("02.e1", ...))
    monkeypatch.setattr("pfp_course.course._static", True)
    for page in (check("02.e1"), check("02.e1", ...)):
        html = page._repr_html_()
        assert 'data-quiz="02.e1"' in html
        assert "again" not in html
        assert "How many states had signed" in str(page)
