"""An order left as it is shown earns nothing, whatever the seed."""

from pathlib import Path
from typing import Any

from courses import COURSE
from hypothesis import given
from hypothesis import strategies as st

from pfp_course.questions import mark, read_bank
from pfp_course.questions.kinds import form_of
from pfp_course.questions.seeds import disordered
from pfp_course.questions.spec import as_text, public

SAMPLE = Path(__file__).with_name("sample.yml")
ORDER = next(one for one in read_bank(SAMPLE, COURSE).questions if one.kind == "order")
SPEC = public(ORDER)


@given(st.integers(3, 8), st.text(max_size=20), st.sampled_from(["99.order", "01.a"]))
def test_the_order_shown_earns_nothing(count: int, seed: str, name: str) -> None:
    shown = disordered(count, seed, name)
    assert sorted(shown) == list(range(count))
    spec = {"kind": "order", "items": list(map(str, range(count))), "otherwise": "x"}
    found = mark(spec, shown)
    assert (found.state, found.share) == ("wrong", 0)


def test_seeds_still_show_different_orders() -> None:
    assert len({tuple(disordered(5, str(seed), "99.order")) for seed in range(60)}) > 20


def test_the_text_shows_the_same_order() -> None:
    quiz = {"id": "99", "title": "x", "course": "0", "seed": "7b", "questions": [SPEC]}
    shown = [line[6:].strip() for line in as_text(quiz).splitlines() if line.startswith("   __")]
    order = disordered(len(SPEC["items"]), "7b", SPEC["id"])
    assert shown == [SPEC["items"][place] for place in order]


def test_javascript_shows_the_same_order(in_javascript: Any) -> None:
    cases: list[Any] = [
        [count, seed, name]
        for count in range(3, 9)
        for seed in ("", "7b", "Айгерім", "student-0042", *map(str, range(12)))
        for name in ("99.order", "01.a")
    ]
    found = in_javascript("(cases) => cases.map((one) => course.disordered(...one))", cases)
    for (count, seed, name), order in zip(cases, found, strict=True):
        assert order == disordered(count, seed, name)


def test_checked_untouched_it_is_not_answered(open_question: Any) -> None:
    page = open_question(SPEC)
    page.get_by_role("button", name="Check").click()
    said = page.locator(".pfp-q-feedback").inner_text()
    assert "As they are shown they are not answered, and earn nothing." in said
    assert page.get_by_role("button", name="Show the answer").is_hidden()
    page.locator(".pfp-q-arrow[aria-label^='Move down']").first.click()
    page.get_by_role("button", name="Check").click()
    assert "right place" in page.locator(".pfp-q-feedback").inner_text()


def test_in_an_exam_an_order_is_saved_once_it_was_touched(open_question: Any) -> None:
    # The order shown may be right by chance, and nobody is told; moving back is an answer.
    page = open_question(form_of(SPEC).release().as_json())
    save = page.get_by_role("button", name="Save")
    save.click()
    assert "Put the items in order first." in page.locator(".pfp-q-feedback").inner_text()
    page.locator(".pfp-q-arrow[aria-label^='Move down']").first.click()
    page.locator(".pfp-q-order li").nth(1).locator("[aria-label^='Move up']").click()
    save.click()
    assert "Saved." in page.locator(".pfp-q-feedback").inner_text()
