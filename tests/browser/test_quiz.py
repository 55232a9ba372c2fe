"""The questions on the built pages: each kind, rightly, wrongly and by keyboard; kept on reload."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Watch, Watched, chapter_pages, violations
from courses import COURSE
from playwright.sync_api import Locator, Page, expect

from pfp_course.questions import read_bank
from pfp_course.questions.spec import public

Spec = dict[str, Any]
KEY = "pfp-course/progress"


def specs(chapter: str) -> list[Spec]:
    return [public(question) for question in read_bank(COURSE.bank(chapter), COURSE).questions]


def address(book: Path, site: str, place: str, chapter: str) -> str:
    name = next(name for name in chapter_pages() if f"/{chapter}-" in name)
    return site + name if place == "http" else (book / name).as_uri()


@pytest.fixture(params=["http", "file"])
def opened(
    request: pytest.FixtureRequest, watch: Watch, book: Path, site: str
) -> Iterator[Watched]:
    watched = watch()
    watched.page.goto(address(book, site, request.param, "02"))
    yield watched
    assert watched.errors == []
    assert watched.outside == []


def form_of(page: Page, spec: Spec) -> Locator:
    """The form that asks a question, found by its words as a reader would find it."""
    # Of a text with gaps, the words between two of them.
    words = max(re.split(r"\[\[\d+\]\]", plain(spec["ask"])), key=len).strip()
    return page.locator("form.pfp-q").filter(has_text=words)


def plain(text: str) -> str:
    return re.sub(r"[`*]", "", text)


def wrong_answer(spec: Spec) -> Any:
    if "gaps" in spec:
        return [wrong_answer(gap) for gap in spec["gaps"]]
    if "choices" in spec:
        return next(i for i, choice in enumerate(spec["choices"]) if not choice["right"])
    if spec["kind"] == "order":
        return list(reversed(range(len(spec["items"]))))
    if "options" in spec:
        return [(item["right"] + 1) % len(spec["options"]) for item in spec["items"]]
    return {"numeric": "123456", "date": "1 January 1950"}.get(spec["kind"], "Atlantis")


def right_answer(spec: Spec) -> Any:
    if "gaps" in spec:
        return [right_answer(gap) for gap in spec["gaps"]]
    if "choices" in spec:
        return [i for i, choice in enumerate(spec["choices"]) if choice["right"]]
    if spec["kind"] == "order":
        return list(range(len(spec["items"])))
    if "options" in spec:
        return [item["right"] for item in spec["items"]]
    return repr(round(spec["key"], 6)) if spec["kind"] == "numeric" else spec["answer"]


def box(form: Locator, position: int) -> Locator:
    """The choice at a position of the bank; on the page they stand shuffled."""
    return form.locator(f"input[value='{position}']")


def give(form: Locator, spec: Spec, answer: Any) -> None:
    if "choices" in spec:
        wanted = answer if isinstance(answer, list) else [answer]
        for position in range(len(spec["choices"])):
            if position in wanted:
                box(form, position).check()
            elif spec["kind"] == "multiple":
                box(form, position).uncheck()
    elif spec["kind"] == "order":
        arrange(form, [spec["items"][position] for position in answer])
    elif "options" in spec:
        for place, position in enumerate(answer):
            form.locator("select").nth(place).select_option(index=position + 1)
    elif "gaps" in spec:
        for place, text in enumerate(answer):
            form.get_by_role("textbox").nth(place).fill(text)
    else:
        form.get_by_role("textbox").fill(answer)
    form.get_by_role("button", name="Check").click()


def arrange(form: Locator, wanted: list[str]) -> None:
    # What stands where it belongs is kept there, and the others move past it.
    for place, item in enumerate(wanted):
        while form.locator("li > :first-child").all_text_contents().index(item) > place:
            form.get_by_role("button", name=f"Move up: {item}").click()


def write_and_judge(form: Locator, spec: Spec) -> None:
    """Write a text, save it, and give it the highest level of each line of the rubric."""
    counts = form.locator(".pfp-q-criteria")
    expect(counts.get_by_role("listitem")).to_have_text(
        [plain(criterion["text"]) for criterion in spec["rubric"]]
    )
    form.get_by_role("textbox").fill("word " * spec["words"])
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Saved.")
    expect(counts).to_be_hidden()
    for criterion in spec["rubric"]:
        group = form.get_by_role("group", name=plain(criterion["text"]))
        group.get_by_role("radio").last.check()
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".pfp-q-feedback")).to_contain_text("This is your own judgement.")


def reply(spec: Spec) -> str:
    """What a wrong answer is told."""
    if "choices" in spec:
        return plain(spec["choices"][wrong_answer(spec)]["say"])
    return plain(spec["items"][0]["say"] if "options" in spec else spec["otherwise"])


def record(page: Page) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))
    return kept


@pytest.mark.parametrize("chapter", ["01", "02", "03"])
def test_every_question_is_answered_wrongly_and_rightly(
    watch: Watch, book: Path, site: str, chapter: str
) -> None:
    watched = watch()
    page = watched.page
    page.goto(address(book, site, "http", chapter))
    for spec in specs(chapter):
        form = form_of(page, spec)
        expect(form).to_have_count(1)
        feedback = form.locator(".pfp-q-feedback")
        if spec["kind"] == "open":
            write_and_judge(form, spec)
        else:
            give(form, spec, wrong_answer(spec))
            expect(feedback).to_contain_text("Not right yet.")
            expect(feedback).to_contain_text(reply(spec))
            give(form, spec, right_answer(spec))
            expect(feedback).to_contain_text("Right.")
        expect(feedback).to_contain_text(plain(spec["because"]))
        expect(feedback).to_contain_text("Sources:")
        expect(form.get_by_role("button", name="Hint")).to_be_hidden()
        in_quiz = page.locator(".pfp-q-list").filter(has=form).locator("form.pfp-q").count() > 1
        shown = form.locator(".pfp-q-buttons").get_by_role("button")
        expect(shown).to_have_text(["Next"] if in_quiz else ["Check"])
    close = page.get_by_role("region", name="What you have reached")
    expect(close).to_contain_text(re.compile(r"^.*?(\d+) of \1 points"))
    expect(close.locator("li")).to_contain_text(["met"] * close.locator("li").count())
    expect(close.get_by_role("link", name="Review")).to_be_visible()
    answers = record(page)["answers"]
    assert {spec["id"] for spec in specs(chapter)} == set(answers)
    assert all(answer["score"] == answer["points"] for answer in answers.values())
    tries = {spec["id"]: 1 if spec["kind"] == "open" else 2 for spec in specs(chapter)}
    assert {name: answer["attempts"] for name, answer in answers.items()} == tries
    expect(page.locator(".pfp-q-summary").last).to_contain_text("All questions are done.")
    assert watched.errors == []


def by_kind(kind: str) -> Spec:
    return next(spec for spec in specs("02") if spec["kind"] == kind)


def focus_first(form: Locator, page: Page) -> None:
    """Come from before the form with the Tab key, as a keyboard does."""
    form.locator("input").first.evaluate(
        """(input) => {
            const stops = [...document.querySelectorAll('a[href], button, input, summary')]
              .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0);
            stops[stops.indexOf(input) - 1].focus();
        }"""
    )
    # A table or a line of code that scrolls may be a stop in between.
    inside = "(form) => form.contains(document.activeElement)"
    for _ in range(5):
        page.keyboard.press("Tab")
        if form.evaluate(inside):
            return
    pytest.fail("the Tab key does not reach the question")


@pytest.mark.parametrize("kind", ["single", "multiple", "numeric", "text"])
def test_each_kind_is_answered_by_keyboard_alone(opened: Watched, kind: str) -> None:
    page, spec = opened.page, by_kind(kind)
    form = form_of(page, spec)
    feedback = form.locator(".pfp-q-feedback")
    focus_first(form, page)
    if kind == "single":
        shown = form.locator("input").evaluate_all("(all) => all.map((one) => one.value)")
        place = shown.index(str(right_answer(spec)[0]))
        page.keyboard.press("Space")
        for _ in range((place + 1) % len(shown)):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")  # the next choice after the right one: a wrong answer
        expect(feedback).to_contain_text("Not right yet.")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
    elif kind == "multiple":
        for value in form.locator("input").evaluate_all("(all) => all.map((one) => one.value)"):
            if not spec["choices"][int(value)]["right"]:
                page.keyboard.press("Space")
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(feedback).to_contain_text("Not right yet.")
        for _ in spec["choices"]:
            page.keyboard.press("Shift+Tab")
        for _ in spec["choices"]:
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    else:
        page.keyboard.type(wrong_answer(spec))
        page.keyboard.press("Enter")
        expect(feedback).to_contain_text("Not right yet.")
        page.keyboard.press("Control+a")
        page.keyboard.type(right_answer(spec))
        page.keyboard.press("Enter")
    expect(feedback).to_contain_text("Right.")
    focused = page.evaluate("document.activeElement.closest('form') !== null")
    assert focused, "the focus stays in the question"
    if kind in ("single", "multiple"):
        before = form.locator("input:checked").count()
        page.keyboard.press("ArrowDown")
        form.locator("input").first.click(force=True)
        form.locator("label").last.click(force=True)
        expect(form.locator("input:checked")).to_have_count(before)
        for position in right_answer(spec):
            expect(box(form, position)).to_be_checked()


def test_hint_and_solution_are_reached_by_keyboard_and_cost_the_points(opened: Watched) -> None:
    page, spec = opened.page, by_kind("text")
    form = form_of(page, spec)
    expect(form.get_by_role("button", name="Show the answer")).to_be_hidden()
    focus_first(form, page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.locator(".pfp-q-hints li")).to_have_text([plain(spec["hints"][0])])
    give(form, spec, wrong_answer(spec))
    form.get_by_role("button", name="Show the answer").press("Enter")
    expect(form.locator(".pfp-q-feedback")).to_contain_text(spec["answer"])
    kept = record(page)["answers"][spec["id"]]
    assert (kept["shown"], kept["score"], kept["hints"]) == (True, 0, 1)


def test_answers_are_back_after_a_reload_and_can_be_deleted(opened: Watched) -> None:
    page, spec = opened.page, by_kind("single")
    give(form_of(page, spec), spec, right_answer(spec)[0])
    other = by_kind("numeric")
    give(form_of(page, other), other, wrong_answer(other))
    page.reload()
    expect(form_of(page, spec).locator(".pfp-q-feedback")).to_contain_text("Right.")
    expect(box(form_of(page, spec), right_answer(spec)[0])).to_be_checked()
    expect(form_of(page, other).get_by_role("textbox")).to_have_value(wrong_answer(other))
    quiz = page.locator(".pfp-quiz-live").filter(has=form_of(page, spec))
    quiz.get_by_role("button", name="Start again").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # "No, keep them"
    expect(form_of(page, spec).locator(".pfp-q-feedback")).to_contain_text("Right.")
    quiz.get_by_role("button", name="Start again").press("Enter")
    page.keyboard.press("Enter")  # "Yes, delete my answers"
    expect(form_of(page, spec).locator(".pfp-q-feedback")).to_be_empty()
    page.reload()
    expect(form_of(page, spec).locator(".pfp-q-feedback")).to_be_empty()
    expect(form_of(page, other).get_by_role("textbox")).to_have_value(wrong_answer(other))


def test_an_ambiguous_or_near_answer_costs_no_attempt(opened: Watched) -> None:
    page, number, word = opened.page, by_kind("numeric"), by_kind("text")
    form = form_of(page, number)
    for text, words in [("", "Write a number"), ("1,234", "in two ways"), ("ten", "not a number")]:
        give(form, number, text)
        expect(form.locator(".pfp-q-feedback")).to_contain_text(words)
    near = word["answer"][:-2] + word["answer"][-1]
    give(form_of(page, word), word, near)
    expect(form_of(page, word).locator(".pfp-q-feedback")).to_contain_text("Very close")
    page.reload()
    expect(form_of(page, word).get_by_role("textbox")).to_have_value(near)
    assert record(page)["answers"] == {}, "what is kept of it is a draft"


@pytest.mark.parametrize(
    "text", ["{", "null", '{"format": "other"}', '{"format": "pfp-course/progress", "version": 9}']
)
def test_a_damaged_or_foreign_record_is_set_aside(opened: Watched, text: str) -> None:
    page, spec = opened.page, by_kind("single")
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.reload()
    expect(page.get_by_text("could not be read").first).to_be_visible()
    aside = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.includes('set-aside'))"
        ".map((key) => localStorage.getItem(key))"
    )
    assert aside == [text]
    give(form_of(page, spec), spec, right_answer(spec)[0])
    assert spec["id"] in record(page)["answers"]


def test_an_answer_to_another_wording_is_not_restored(opened: Watched) -> None:
    page, spec = opened.page, by_kind("single")
    give(form_of(page, spec), spec, right_answer(spec)[0])
    page.evaluate(
        """([key, id]) => {
            const record = JSON.parse(localStorage.getItem(key));
            record.answers[id].fingerprint = "0000000000000000";
            localStorage.setItem(key, JSON.stringify(record));
        }""",
        [KEY, spec["id"]],
    )
    page.reload()
    expect(form_of(page, spec).locator(".pfp-q-feedback")).to_be_empty()
    expect(page.locator("input:checked")).to_have_count(1)  # the colour scheme


def test_without_storage_the_page_says_so_and_works(watch: Watch, book: Path, site: str) -> None:
    watched = watch()
    page, spec = watched.page, by_kind("single")
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"
    )
    page.goto(address(book, site, "http", "02"))
    give(form_of(page, spec), spec, right_answer(spec)[0])
    expect(form_of(page, spec).locator(".pfp-q-feedback")).to_contain_text("Right.")
    expect(page.get_by_text("Your answers are not kept").first).to_be_visible()


def test_two_windows_share_their_answers(watch: Watch, book: Path, site: str) -> None:
    watched = watch()
    page, spec = watched.page, by_kind("single")
    page.goto(address(book, site, "http", "02"))
    second = page.context.new_page()
    second.goto(address(book, site, "http", "02"))
    give(form_of(page, spec), spec, right_answer(spec)[0])
    expect(form_of(second, spec).locator(".pfp-q-feedback")).to_contain_text("Right.")


def test_without_scripts_the_questions_can_be_read(watch: Watch, book: Path, site: str) -> None:
    watched = watch(java_script_enabled=False)
    watched.page.goto(address(book, site, "http", "02"))
    for spec in specs("02"):
        shown = watched.page.locator(".pfp-quiz-plain").filter(has_text=plain(spec["ask"]))
        expect(shown).to_be_visible()


def test_in_print_the_questions_are_there_and_the_buttons_are_not(
    watch: Watch, book: Path, site: str
) -> None:
    watched = watch()
    watched.page.goto(address(book, site, "http", "02"))
    watched.page.emulate_media(media="print")
    width = watched.page.locator("article").evaluate("(e) => e.getBoundingClientRect().width")
    assert width > 900, "on wide paper the text has the width of the paper"
    expect(form_of(watched.page, by_kind("single"))).to_be_visible()
    assert watched.page.get_by_role("button", name="Check").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_feedback_hints_and_the_question_before_deleting_pass_axe_on_a_phone(
    watch: Watch, book: Path, site: str, scheme: str
) -> None:
    watched = watch(color_scheme=scheme, viewport={"width": 320, "height": 700})
    page = watched.page
    page.goto(address(book, site, "http", "02"))
    for number, spec in enumerate(specs("02")):
        form = form_of(page, spec)
        if spec["kind"] == "open":
            write_and_judge(form, spec)
            continue
        form.get_by_role("button", name="Hint").click()
        give(form, spec, wrong_answer(spec))
        if number % 3 == 0:
            give(form, spec, right_answer(spec))
        elif number % 3 == 1:
            form.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name="Start again").last.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
