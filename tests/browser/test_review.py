"""Review: what was missed comes back after 1, 3, 7 and 21 days."""

import json
from datetime import datetime
from typing import Any

import pytest
from browser.conftest import Watch, violations
from browser.test_quiz import KEY, by_kind, give, plain, record, right_answer, wrong_answer
from courses import answered
from playwright.sync_api import Page, expect


def day(number: int) -> str:
    return f"2026-03-{number:02}T12:00:00.000Z"


def missed(spec: dict[str, Any], at: str, **more: Any) -> dict[str, Any]:
    return answered(spec["fingerprint"], None, **{"points": spec["points"], "at": at, **more})


@pytest.fixture(scope="module")
def rules(in_javascript: Any) -> Any:
    """The functions of the front end, called with JSON."""
    code = "([name, given]) => course[name](...given)"
    return lambda name, *given: in_javascript(code, [name, list(given)])


def milliseconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def test_right_answers_stretch_the_time_and_a_wrong_one_begins_again(rules: Any) -> None:
    state: Any = None
    for stage, wait in [(1, 3), (2, 7), (3, 21)]:
        state = rules("nextReview", state, True, milliseconds(day(1)))
        assert (state["stage"], state["due"]) == (stage, day(1 + wait))
    assert rules("nextReview", state, True, milliseconds(day(1)))["stage"] == 4
    again = rules("nextReview", state, False, milliseconds(day(1)))
    assert (again["stage"], again["due"]) == (0, day(2))


def due(rules: Any, answers: Any, reviews: Any, now: str) -> list[str]:
    spec = {
        "questions": [{"id": f"01.q{number}", "fingerprint": "f"} for number in range(14)],
        "cards": [{"id": "term:NACC", "chapter": "01"}, {"id": "term:MAP", "chapter": "03"}],
    }
    found = rules("dueItems", spec, answers, reviews, milliseconds(now))
    return [item["id"] for item in found["due"]]


def test_a_missed_question_is_due_after_a_day_and_a_right_one_never(rules: Any) -> None:
    f = {"fingerprint": "f", "points": 1}
    answers = {
        "01.q0": missed(f, day(1)),
        "01.q1": missed(f, day(1), score=1),
        "01.q2": missed(f, day(1), score=1, attempts=2),
        "01.q3": missed(f, day(1), score=1, shown=True),
        "01.q4": missed({"fingerprint": "old", "points": 1}, day(1)),
    }
    assert due(rules, answers, {}, day(1)) == ["term:NACC"]
    assert set(due(rules, answers, {}, day(2))) == {"01.q0", "01.q2", "01.q3", "term:NACC"}
    done = {"01.q0": {"stage": 4, "due": day(2), "at": day(1)}}
    later = {"01.q2": {"stage": 1, "due": day(9), "at": day(1)}}
    assert set(due(rules, answers, {**done, **later}, day(3))) == {"01.q3", "term:NACC"}


def test_terms_come_with_the_chapters_that_were_begun_and_ten_things_at_a_time(rules: Any) -> None:
    f = {"fingerprint": "f", "points": 1}
    assert due(rules, {}, {}, day(1)) == []
    answers = {f"01.q{number}": missed(f, day(1)) for number in range(14)}
    assert len(due(rules, answers, {}, day(5))) == 10


def first_right(spec: dict[str, Any]) -> Any:
    answer = right_answer(spec)
    return answer[0] if spec["kind"] == "single" else answer


def open_review(page: Page, site: str, answers: dict[str, Any]) -> None:
    kept = {"format": KEY, "version": 1, "course": "0", "answers": answers}
    page.goto(f"{site}book/review.html")
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps(kept)])
    page.reload()


def test_the_page_asks_what_is_due_and_keeps_where_it_stands(watch: Watch, site: str) -> None:
    watched = watch()
    page = watched.page
    page.goto(f"{site}book/review.html")
    expect(page.get_by_role("status").first).to_contain_text("Nothing is due today.")
    single, number = by_kind("single"), by_kind("numeric")
    answers = {spec["id"]: missed(spec, day(1)) for spec in (single, number)}
    open_review(page, site, answers)
    expect(page.get_by_role("status").first).to_contain_text("10 of 10 to do.")
    forward = page.get_by_role("button", name="Next", exact=True)
    for place in range(2):  # the two questions, in the order in which they are due
        form = page.locator("form.pfp-q")
        expect(form).to_have_count(1)
        expect(forward).to_be_hidden()
        spec = single if plain(single["ask"]) in form.inner_text() else number
        if spec is number:
            give(form, number, wrong_answer(number))
        give(form, spec, first_right(spec))
        expect(form.locator(".pfp-q-feedback")).to_contain_text("Right.")
        expect(page.get_by_role("status").first).to_contain_text(f"{9 - place} of 10 to do.")
        forward.press("Enter")
    page.get_by_role("button", name="Show the meaning").press("Enter")
    card = page.locator("div.pfp-q")
    expect(card.locator("[lang=kk]")).to_be_visible()
    expect(card.locator("[lang=ru]")).to_be_visible()
    page.keyboard.press("Enter")  # "I knew it" has the focus, and then "Next"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show the meaning").click()
    page.get_by_role("button", name="I did not know it").click()
    expect(page.get_by_role("status").first).to_contain_text("6 of 10 to do.")
    assert violations(page) == []
    kept = record(page)
    stages = {name: one["stage"] for name, one in kept["reviews"].items()}
    assert stages[single["id"]] == 1
    assert stages[number["id"]] == 0
    assert sorted(stage for name, stage in stages.items() if name.startswith("term:")) == [0, 1]
    assert kept["answers"][single["id"]]["score"] == 0, "review changes no mark"
    page.reload()
    expect(page.get_by_role("status").first).to_contain_text("8 of 8 to do.")
    expect(page.locator("form.pfp-q")).to_have_count(0)
    expect(page.locator("div.pfp-q")).to_have_count(1)
    assert watched.errors == []
