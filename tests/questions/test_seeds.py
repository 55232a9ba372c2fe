"""A seed draws the same variant and the same order, in Python and in JavaScript."""

import json
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE

from pfp_course.errors import CourseError
from pfp_course.questions import check_bank, read_bank
from pfp_course.questions.seeds import pick, shuffled
from pfp_course.questions.spec import as_text, public, variants

SAMPLE = Path(__file__).with_name("sample.yml")
DAY = next(one for one in read_bank(SAMPLE, COURSE).questions if one.id == "99.day")
SEEDS = ["", "7b", "Айгерім", "student-0042", "x" * 90]


def test_a_seed_repeats_and_seeds_differ() -> None:
    asked = {seed: public(DAY, seed)["ask"] for seed in map(str, range(40))}
    assert asked == {seed: public(DAY, seed)["ask"] for seed in asked}
    assert set(asked.values()) == {spec["ask"] for spec in variants(DAY)}


def test_a_shuffle_keeps_all_and_leaves_the_pinned_in_place() -> None:
    for seed in SEEDS:
        order = shuffled(6, seed, "02.first", pinned=[5])
        assert sorted(order) == list(range(6))
        assert order[5] == 5
    assert len({tuple(shuffled(6, str(seed), "02.first")) for seed in range(50)}) > 30


def test_javascript_draws_the_same(in_javascript: Any) -> None:
    cases: list[Any] = [
        [count, seed, name, pinned]
        for count in (2, 3, 7, 10)
        for seed in SEEDS
        for name in ("01.row", "99.day")
        for pinned in ([], [count - 1])
    ]
    found = in_javascript(
        """(cases) => cases.map(([count, seed, name, pinned]) =>
            [course.pick(count, seed, name), course.shuffled(count, seed, name, pinned)])""",
        cases,
    )
    for (count, seed, name, pinned), (picked, order) in zip(cases, found, strict=True):
        assert picked == pick(count, seed, name)
        assert order == shuffled(count, seed, name, pinned)


def test_the_plain_text_shows_the_variant_of_its_seed() -> None:
    spec: dict[str, Any] = {"id": "99", "title": "A quiz", "seed": "7b"}
    spec["questions"] = [{"id": DAY.id, "variants": variants(DAY)}]
    assert public(DAY, "7b")["ask"] in as_text(spec)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("[Poland, Poland]", "two variants ask the same"),
        ("[Finland, Sweden]", "two variants have the same answer"),
        ("[Poland]", "needs a list of two values"),
        ("Poland", "needs a list of two values"),
        ("[Poland, Atlantis]", "no row of"),
        ("{list: signatories, column: country}", "have the same answer"),
        ("{list: sources, column: key}", "variants are too many"),
    ],
)
def test_variants_that_do_not_differ_are_refused(tmp_path: Path, state: str, words: str) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "99.yml"
    path.write_text(text.replace("[Poland, Latvia, Malta]", state), encoding="utf-8")
    problems = check_bank(path, COURSE)
    assert [problem for problem in problems if words in problem.text], problems


def test_a_variant_that_holds_its_answer_is_refused(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "99.yml"
    path.write_text(text.replace("When did {state} sign?", "Did {state} sign on {key}?"), "utf-8")
    assert any("holds its answer" in problem.text for problem in check_bank(path, COURSE))
    broken = next(one for one in read_bank(path, COURSE).questions if one.id == "99.day")
    with pytest.raises(CourseError):
        variants(broken)


def test_the_public_form_is_ready_for_json() -> None:
    for question in read_bank(SAMPLE, COURSE).questions:
        spec = public(question)
        assert json.loads(json.dumps(spec)) == spec
