"""Every kind of question on a page of its own: answered by mouse and by keyboard alone."""

import html
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Watch, violations
from courses import COURSE
from playwright.sync_api import Locator, Page, expect
from traitlets import Dict, Int, List, Unicode

from pfp_course import palette
from pfp_course.questions import frontend, read_bank
from pfp_course.questions.spec import as_page, public, public_form
from pfp_course.questions.widget import QuizWidget

BANK = read_bank(Path(__file__).parents[1] / "questions" / "sample.yml", COURSE)
SPECS: dict[str, dict[str, Any]] = {question.kind: public(question) for question in BANK.questions}

# What the widget tells its front end before a student has done anything.
STATE = {
    name: trait.default()
    for name, trait in QuizWidget.class_traits(sync=True).items()
    if isinstance(trait, (Dict, Int, List, Unicode)) and not name.startswith("_")
}


def page_of(questions: list[dict[str, Any]], path: Path) -> str:
    spec = {"id": "99", "title": "All kinds", "course": "0", "seed": "", "questions": questions}
    colours = palette.properties("html", palette.LIGHT, "light") + (
        "@media (prefers-color-scheme: dark) {"
        + palette.properties("html", palette.DARK, "dark")
        + "}body { background: var(--pfp-paper); color: var(--pfp-ink) }"
    )
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>All kinds</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{colours}{frontend.stylesheet()}</style><main><h1>All kinds</h1>"
        f"{as_page(spec)}</main><script>{frontend.page_script()}</script></html>",
        encoding="utf-8",
    )
    return path.as_uri()


@pytest.fixture
def quiz_page(tmp_path: Path) -> str:
    """The address of a page with all questions of the sample bank."""
    return page_of([public(question) for question in BANK.questions], tmp_path / "quiz.html")


@pytest.fixture
def exam_page(tmp_path: Path) -> str:
    """The same questions as they are released for an exam."""
    questions = [public_form(question).release().as_json() for question in BANK.questions]
    return page_of(questions, tmp_path / "exam.html")


def form_of(page: Page, kind: str) -> Locator:
    return page.locator("form.pfp-q").filter(has_text=re.sub("[*`]", "", SPECS[kind]["ask"]))


def tab_into(page: Page, form: Locator) -> None:
    form.evaluate(
        """(form) => {
            const stop = document.createElement("button");
            form.before(stop);
            stop.focus();
        }"""
    )
    page.keyboard.press("Tab")


def options(page: Page, values: list[str]) -> None:
    """Choose in one list after the other by typing the beginning of an option."""
    for value in values:
        page.keyboard.type(value)
        page.keyboard.press("Tab")


def order_by_keys(page: Page, form: Locator) -> None:
    names = [html.unescape(item) for item in SPECS["order"]["items"]]
    for place, name in enumerate(names):
        for _ in names:
            shown = form.locator("li > :first-child").all_inner_texts()
            if shown.index(name) == place:
                break
            form.get_by_role("button", name=f"Move up: {name}").focus()
            page.keyboard.press("Enter")
            expect(form.locator("[aria-live]").first).to_contain_text(f"{name}: place")


def check_by_keys(page: Page, form: Locator) -> None:
    form.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")


def right_by_keys(page: Page, form: Locator, kind: str) -> None:
    spec = SPECS[kind]
    if kind == "date":
        page.keyboard.type(spec["answer"])
    elif kind == "order":
        order_by_keys(page, form)
    elif kind in ("match", "classify"):
        options(page, [spec["options"][item["right"]] for item in spec["items"]])
    elif kind in ("place", "point"):
        place = next(i for i, choice in enumerate(spec["choices"]) if choice["right"])
        page.keyboard.press("Space")
        for _ in range(place):
            page.keyboard.press("ArrowDown")
    elif kind == "open":
        page.keyboard.type("One summit can outweigh ten signatures.")
        check_by_keys(page, form)
        expect(form.locator(".pfp-q-feedback")).to_contain_text("Saved.")
        form.get_by_label("yes").first.focus()
        page.keyboard.press("Space")
        form.get_by_label("yes").last.focus()
        page.keyboard.press("Space")
    check_by_keys(page, form)


def wrong_by_keys(page: Page, form: Locator, kind: str) -> None:
    spec = SPECS[kind]
    if kind == "date":
        page.keyboard.type("1 January 1950")
    elif kind == "order":
        # As it is shown it would count as not answered.
        form.get_by_role("button", name="Move down").first.focus()
        page.keyboard.press("Enter")
    elif kind in ("match", "classify"):
        rights = [item["right"] for item in spec["items"]]
        options(page, [spec["options"][(right + 1) % len(spec["options"])] for right in rights])
    elif kind in ("place", "point"):
        page.keyboard.press("Space")
        if spec["choices"][0]["right"]:
            page.keyboard.press("ArrowDown")
    check_by_keys(page, form)


NEW = ["date", "order", "match", "classify", "place", "point"]


@pytest.mark.accessibility(
    "Each kind of question is answered with the keyboard alone, first wrongly and then rightly."
)
@pytest.mark.parametrize("kind", NEW)
def test_a_kind_is_answered_wrongly_and_rightly_by_keyboard_alone(
    watch: Watch, quiz_page: str, kind: str
) -> None:
    watched = watch()
    page = watched.page
    page.goto(quiz_page)
    form = form_of(page, kind)
    tab_into(page, form)
    wrong_by_keys(page, form, kind)
    feedback = form.locator(".pfp-q-feedback")
    expect(feedback).to_contain_text("right")
    expect(feedback).not_to_contain_text("✓ Right.")
    if kind == "date":
        form.get_by_role("textbox").fill("")
        form.get_by_role("textbox").focus()
    else:
        tab_into(page, form)
    right_by_keys(page, form, kind)
    expect(feedback).to_contain_text("Right.")
    page.wait_for_function("document.activeElement.closest('form') !== null")
    page.reload()
    expect(form_of(page, kind).locator(".pfp-q-feedback")).to_contain_text("Right.")
    assert watched.errors == []


def test_an_open_answer_is_saved_and_then_judged_by_its_author(
    watch: Watch, quiz_page: str
) -> None:
    page = watch().page
    page.goto(quiz_page)
    form = form_of(page, "open")
    check_by_keys(page, form)
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Write at least 5 words")
    form.get_by_role("textbox").focus()
    right_by_keys(page, form, "open")
    expect(form.locator(".pfp-q-feedback")).to_contain_text("This is your own judgement.")
    page.reload()
    expect(form_of(page, "open").get_by_role("textbox")).to_have_value(
        "One summit can outweigh ten signatures."
    )


def test_a_click_in_the_drawing_picks_in_the_list(watch: Watch, quiz_page: str) -> None:
    page = watch(has_touch=True).page
    page.goto(quiz_page)
    for kind, shape in (("place", "path.pfp-q-shape"), ("point", "circle")):
        form = form_of(page, kind)
        right = next(i for i, one in enumerate(SPECS[kind]["choices"]) if one["right"])
        name = SPECS[kind]["choices"][right]["text"]
        form.locator(shape).filter(has_text=name).dispatch_event("click")
        expect(form.get_by_role("radio", name=name)).to_be_checked()
        form.get_by_role("button", name="Check").tap()
        expect(form.locator(".pfp-q-feedback")).to_contain_text("Right.")


@pytest.mark.accessibility(
    "Each kind of question, answered, is examined with the rules of axe: on a narrow screen, in "
    "both schemes, in forced colours too."
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_every_kind_passes_axe_answered_on_a_phone(
    watch: Watch, quiz_page: str, scheme: str, forced: str
) -> None:
    watched = watch(
        color_scheme=scheme,
        forced_colors=forced,
        reduced_motion="reduce",
        viewport={"width": 320, "height": 700},
    )
    page = watched.page
    page.goto(quiz_page)
    assert violations(page) == []
    for kind in NEW:
        form = form_of(page, kind)
        tab_into(page, form)
        wrong_by_keys(page, form, kind)
    page.evaluate(
        "document.querySelectorAll('main button:not([class])').forEach((b) => b.remove())"
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert watched.errors == []


def test_no_text_of_an_author_becomes_an_element(watch: Watch, quiz_page: str) -> None:
    page = watch().page
    page.goto(quiz_page)
    form = form_of(page, "single")
    form.get_by_role("radio", name="<img src=x").check()
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".pfp-q-feedback")).to_contain_text("<script>window.hacked=1</script>")
    expect(page.locator(".pfp-quiz-live img, .pfp-quiz-live script")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_roles_and_names_are_what_a_screen_reader_needs(watch: Watch, quiz_page: str) -> None:
    page = watch().page
    page.goto(quiz_page)
    expect(page.get_by_role("group", name="All kinds")).to_have_count(1)
    for kind in ("single", "multiple", "match", "classify", "place", "point", "order"):
        ask = SPECS[kind]["ask"].replace("*", "").replace("`", "")
        expect(page.get_by_role("group", name=ask)).to_have_count(1)
    for kind in ("text", "date", "open"):
        expect(page.get_by_role("textbox", name=SPECS[kind]["ask"])).to_have_count(1)
    expect(page.get_by_role("combobox", name="Finland")).to_have_count(1)
    expect(page.get_by_role("button", name="Move up: Romania")).to_have_count(1)
    expect(page.get_by_role("radio", name=re.compile("Albania.*signed: 23 Feb"))).to_have_count(1)
    expect(page.locator("form [role=status]")).to_have_count(len(BANK.questions))


def test_fifty_questions_are_drawn_in_parts_and_a_click_changes_its_own_alone(
    watch: Watch, quiz_page: str
) -> None:
    page = watch().page
    page.goto(quiz_page)
    parts, order, elsewhere, summary = page.evaluate(
        """async ([text, specs, state]) => {
            const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
            const { default: quiz } = await import(url);
            const questions = Array.from({length: 50}, (_, n) =>
                ({...specs[n % specs.length], id: `99.q${n}`, ask: `Question ${n}.`}));
            state.spec = {id: "x", title: "x", seed: "", questions};
            const model = {get: (k) => state[k], set: (k, v) => { state[k] = v; }, on() {},
                           off() {}, save_changes() {}};
            const el = document.body.appendChild(document.createElement("div"));
            // A clock of its own: one millisecond goes by whenever it is looked at.
            let now = 0;
            performance.now = () => (now += 1);
            const parts = [];
            const observer = new MutationObserver(() => {
                const drawn = el.querySelectorAll("form").length;
                if (drawn !== parts.at(-1)) parts.push(drawn);
            });
            observer.observe(el, {childList: true, subtree: true});
            quiz.render({model, el});
            const end = Date.now() + 60000;
            while (el.querySelectorAll("form").length < 50 && Date.now() < end)
                await new Promise((done) => setTimeout(done, 5));
            observer.disconnect();
            const forms = [...el.querySelectorAll("form")];
            const elsewhere = forms.map((form) => {
                const seen = new MutationObserver(() => {});
                seen.observe(el, {childList: true, subtree: true, attributes: true,
                                  characterData: true});
                form.requestSubmit();
                return seen.takeRecords().filter(({target}) =>
                    !form.contains(target) && !target.closest?.(".pfp-q-foot")).length;
            });
            const order = forms.map((form) => form.textContent.match(/Question (\\d+)/)[1]);
            const summary = el.querySelector(".pfp-q-summary").textContent;
            return [parts, order, elsewhere, summary];
        }""",
        [frontend.widget_module(), list(SPECS.values()), STATE],
    )
    # Between two parts the browser can answer the reader.
    assert max(after - before for before, after in pairwise([0, *parts])) <= 21
    assert order == [str(number) for number in range(50)]
    assert set(elsewhere) == {0}
    assert summary.startswith("0 of 50 questions")


def test_in_an_exam_answers_are_saved_and_nothing_is_told(watch: Watch, exam_page: str) -> None:
    watched = watch()
    page = watched.page
    page.goto(exam_page)
    forms = page.locator("form.pfp-q")
    for number in range(forms.count()):
        form = forms.nth(number)
        for box in form.get_by_role("textbox").all():
            dated = number == 5 or (box.get_attribute("aria-label") or "").startswith("Gap 3")
            counted = box.get_attribute("inputmode") == "decimal"
            box.fill("27 May 1994" if dated else "23" if counted else "23 or more words")
        for select in form.locator("select").all():
            select.select_option(index=1)
        if form.locator("input[type=radio], input[type=checkbox]").count():
            form.locator("input").first.check()
        form.get_by_role("button", name="Save").click()
        expect(form.locator(".pfp-q-feedback")).not_to_be_empty()
        said = form.locator(".pfp-q-feedback").inner_text()
        assert said.split() in (["✎", "Saved."], ["?", "One", "moment.", *said.split()[3:]]), said
        for button in ("Hint", "Show the answer"):
            expect(form.get_by_role("button", name=button)).to_be_hidden()
        expect(form.locator(".pfp-q-right, .pfp-q-wrong")).to_have_count(0)
    count = forms.count()
    expect(page.locator(".pfp-q-summary")).to_contain_text(f"of {count} questions saved.")
    page.reload()
    expect(forms.first.locator(".pfp-q-feedback")).to_contain_text("Saved.")
    assert watched.errors == []


def test_how_sure_is_kept_and_attempts_run_out(watch: Watch, quiz_page: str) -> None:
    page = watch().page
    page.goto(quiz_page)
    form = form_of(page, "text")
    expect(form).to_contain_text("1 point, 2 attempts")
    form.get_by_role("radio", name="certain").check()
    form.get_by_role("textbox").fill("Atlantis")
    form.get_by_role("textbox").press("Enter")
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Filter by region first.")
    expect(form.get_by_role("radio", name="certain")).to_be_checked()
    form.get_by_role("textbox").fill("Utopia")
    form.get_by_role("textbox").press("Enter")
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Tajikistan signed last.")
    form.get_by_role("textbox").press("Enter")
    kept = page.evaluate("JSON.parse(localStorage.getItem('pfp-course/progress')).answers")
    answer = kept["99.last"]
    assert (answer["confidence"], answer["attempts"], answer["score"]) == (2, 2, 0)
    page.reload()
    expect(form_of(page, "text").get_by_role("radio", name="certain")).to_be_checked()
    expect(form_of(page, "text").get_by_role("textbox")).not_to_be_editable()
