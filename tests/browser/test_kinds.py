"""Every kind of question on a page of its own: answered by mouse and by keyboard alone."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Watched, violations
from playwright.sync_api import Locator, Page, expect

from pfp_course import palette
from pfp_course.questions import frontend, read_bank
from pfp_course.questions.exam import released
from pfp_course.questions.plain import as_page
from pfp_course.questions.public import public

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]
BANK = read_bank(Path(__file__).parents[1] / "questions" / "sample.yml")
SPECS: dict[str, dict[str, Any]] = {question.kind: public(question) for question in BANK.questions}


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
    questions = [released(public(question)) for question in BANK.questions]
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
    assert page.evaluate("document.activeElement.closest('form') !== null")
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
    assert page.locator(".pfp-quiz-live img, .pfp-quiz-live script").count() == 0
    assert page.evaluate("window.hacked") is None


def test_roles_and_names_are_what_a_screen_reader_needs(watch: Watch, quiz_page: str) -> None:
    page = watch().page
    page.goto(quiz_page)
    assert page.get_by_role("group", name="All kinds").count() == 1
    for kind in ("single", "multiple", "match", "classify", "place", "point", "order"):
        ask = SPECS[kind]["ask"].replace("*", "").replace("`", "")
        assert page.get_by_role("group", name=ask).count() == 1, kind
    for kind in ("text", "date", "open"):
        assert page.get_by_role("textbox", name=SPECS[kind]["ask"]).count() == 1, kind
    assert page.get_by_role("combobox", name="Finland").count() == 1
    assert page.get_by_role("button", name="Move up: Romania").count() == 1
    assert page.get_by_role("radio", name=re.compile("Albania.*signed: 23 Feb")).count() == 1
    assert page.locator("form [role=status]").count() == len(BANK.questions)


def test_fifty_questions_are_drawn_and_answered_without_a_pause(
    watch: Watch, quiz_page: str
) -> None:
    page = watch().page
    page.goto(quiz_page)
    drawn, answered = page.evaluate(
        """async ([text, specs]) => {
            const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
            const { default: quiz } = await import(url);
            const questions = Array.from({length: 50}, (_, n) =>
                ({...specs[n % specs.length], id: `99.q${n}`}));
            const spec = {id: "x", title: "x", seed: "", questions};
            const state = {spec, answers: {}, notice: ""};
            const model = {get: (k) => state[k], set: (k, v) => { state[k] = v; }, on() {},
                           off() {}, save_changes() {}};
            const el = document.body.appendChild(document.createElement("div"));
            const times = [];
            for (let n = 0; n < 5; n += 1) {
                el.replaceChildren();
                const start = performance.now();
                quiz.render({model, el});
                el.getBoundingClientRect();
                times.push(performance.now() - start);
            }
            const clicks = [...el.querySelectorAll("form")].map((form) => {
                const start = performance.now();
                form.requestSubmit();
                el.getBoundingClientRect();
                return performance.now() - start;
            });
            const middle = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
            return [middle(times), middle(clicks)];
        }""",
        [frontend.widget_module(), list(SPECS.values())],
    )
    print(f"50 questions drawn in {drawn:.1f} ms; a click answered in {answered:.2f} ms")  # noqa: T201
    assert drawn < 100
    assert answered < 16


def test_in_an_exam_answers_are_saved_and_nothing_is_told(watch: Watch, exam_page: str) -> None:
    watched = watch()
    page = watched.page
    page.goto(exam_page)
    forms = page.locator("form.pfp-q")
    for number in range(forms.count()):
        form = forms.nth(number)
        if form.get_by_role("textbox").count():
            form.get_by_role("textbox").fill("27 May 1994" if number == 5 else "23 or more words")
            if form.locator("input[inputmode=decimal]").count():
                form.get_by_role("textbox").fill("23")
        for select in form.locator("select").all():
            select.select_option(index=1)
        if form.locator("input[type=radio], input[type=checkbox]").count():
            form.locator("input").first.check()
        form.get_by_role("button", name="Save").click()
        said = form.locator(".pfp-q-feedback").inner_text()
        assert said.split() in (["✎", "Saved."], ["?", "One", "moment.", *said.split()[3:]]), said
        for button in ("Hint", "Show the answer"):
            expect(form.get_by_role("button", name=button)).to_be_hidden()
        assert form.locator(".pfp-q-right, .pfp-q-wrong").count() == 0
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
