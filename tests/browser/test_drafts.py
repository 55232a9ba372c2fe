"""What is written or chosen and not checked survives whatever becomes of the page."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Watch, violations
from browser.test_quiz import KEY, address, form_of, give, right_answer, specs, wrong_answer
from playwright.sync_api import BrowserContext, Dialog, Error, Locator, Page, expect

from pfp_course.course import default_course

Spec = dict[str, Any]
TEXT = "Half an hour of thought. " * 30
REST = 600  # milliseconds, in which a draft is kept


BANKS = sorted(default_course().questions.glob("*.yml"))


def one_of_each_kind() -> dict[str, tuple[str, Spec]]:
    """A question of each kind that the course asks, with its chapter."""
    found: dict[str, tuple[str, Spec]] = {}
    for path in BANKS:
        for spec in specs(path.stem):
            found.setdefault(spec["kind"], (path.stem, spec))
    return found


KINDS = one_of_each_kind()


def write(form: Locator, spec: Spec) -> None:
    """Write or choose something, and do not check it."""
    if "choices" in spec:
        form.locator("input:not([name*=sure])").first.check()
    elif spec["kind"] == "order":
        form.locator("button:has-text('\u2193')").first.click()
    elif "options" in spec:
        form.locator("select").first.select_option(index=1)
    elif spec["kind"] == "open":
        form.get_by_role("textbox").fill(TEXT)
    else:
        for box in form.get_by_role("textbox").all():
            box.fill("123")


READ = """(form) => [...form.querySelectorAll('input, select, textarea, ol > li > :first-child')]
  .map((one) => /radio|checkbox/.test(one.type) ? one.checked : one.value ?? one.textContent)"""


def reading(form: Locator) -> Any:
    """What stands in the question."""
    return form.evaluate(READ)


def reload(page: Page, place: str) -> Page:
    page.reload()
    return page


def go_and_come_back(page: Page, place: str) -> Page:
    page.locator(".pfp-next a").last.click()
    page.wait_for_url(lambda url: url.split("?")[0] != place.split("?")[0])
    page.go_back()
    return page


def close_the_tab(page: Page, place: str) -> Page:
    context = page.context
    page.close(run_before_unload=True)
    return opened_again(context, place)


def crash(page: Page, place: str) -> Page:
    context = page.context
    page.wait_for_timeout(REST)
    other = context.new_page()
    crashed: list[bool] = []
    page.on("crash", lambda _: crashed.append(True))
    # Chromium answers neither a crash nor a visit of this address.
    with suppress(Error):
        page.goto("chrome://crash", timeout=2000)
    for _ in range(40):
        if crashed:
            break
        other.wait_for_timeout(50)
    assert crashed
    other.goto(place)
    return other


def opened_again(context: BrowserContext, place: str) -> Page:
    page = context.new_page()
    page.goto(place)
    return page


def by_chapter() -> dict[str, list[Spec]]:
    """A question of each kind, on as few pages as hold them all."""
    asked = {path.stem: {spec["kind"]: spec for spec in specs(path.stem)} for path in BANKS}
    missing, pages = set(KINDS), dict[str, list[Spec]]()
    while missing:
        chapter = max(asked, key=lambda name: len(missing & asked[name].keys()))
        pages[chapter] = [asked[chapter][kind] for kind in sorted(missing & asked[chapter].keys())]
        missing -= asked[chapter].keys()
    return pages


PAGES = by_chapter()
WAYS = [(way, "http") for way in (reload, go_and_come_back, close_the_tab, crash)]


@pytest.mark.parametrize(("way", "where"), [*WAYS, (close_the_tab, "file")])
@pytest.mark.parametrize("chapter", PAGES)
def test_a_draft_of_every_kind_survives(
    watch: Watch, book: Path, site: str, chapter: str, way: Callable[..., Page], where: str
) -> None:
    watched = watch()
    page = watched.page
    place = address(book, site, where, chapter)
    page.goto(place)
    written = {}
    for spec in PAGES[chapter]:
        form = form_of(page, spec)
        untouched = reading(form)
        write(form, spec)
        written[spec["id"]] = reading(form)
        assert written[spec["id"]] != untouched
    page = way(page, place)
    for spec in PAGES[chapter]:
        form = form_of(page, spec)
        expect(form.locator(".pfp-q-kept")).to_have_text("A draft: not checked yet.")
        assert reading(form) == written[spec["id"]]
    kept = json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))
    assert not written.keys() & kept["answers"].keys(), "a draft is no answer"
    assert watched.errors == []


def test_nothing_is_left_of_a_draft_that_was_taken_back_checked_or_deleted(
    watch: Watch, book: Path, site: str
) -> None:
    watched = watch()
    page = watched.page
    chapter, spec = KINDS["numeric"]
    page.goto(address(book, site, "http", chapter))
    form = form_of(page, spec)
    for end in ("taken back", "checked", "deleted"):
        box = form.get_by_role("textbox")
        before = box.input_value()
        box.fill("77")
        page.wait_for_timeout(REST)
        if end == "taken back":
            box.fill(before)
        elif end == "checked":
            box.press("Enter")
        else:
            quiz = page.locator(".pfp-quiz-live").filter(has=form)
            quiz.get_by_role("button", name="Start again").click()
            quiz.get_by_role("button", name="Yes, delete my answers").click()
        page.wait_for_timeout(REST)
        page.reload()
        shown = {"taken back": before, "checked": "77", "deleted": ""}[end]
        expect(box).to_have_value(shown)
        expect(form.locator(".pfp-q-kept")).to_have_text("" if end == "taken back" else "Saved.")
    assert watched.errors == []


def test_a_draft_stays_where_a_hint_or_another_window_changes_the_answer(
    watch: Watch, book: Path, site: str
) -> None:
    watched = watch()
    page = watched.page
    chapter, spec = next((c, s) for c, s in KINDS.values() if s["kind"] == "text" and s["hints"])
    place = address(book, site, "http", chapter)
    page.goto(place)
    form = form_of(page, spec)
    form.get_by_role("textbox").fill("Atlan")
    form.get_by_role("button", name="Hint").click()
    page.reload()
    expect(form.get_by_role("textbox")).to_have_value("Atlan")
    expect(form.locator(".pfp-q-hints li")).to_have_count(1)
    other = page.context.new_page()
    other.goto(place)
    give(form_of(other, spec), spec, "Lemuria")
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Not right yet.")
    expect(form.get_by_role("textbox")).to_have_value("Atlan")
    page.reload()
    expect(form.get_by_role("textbox")).to_have_value("Atlan")
    give(form, spec, "Atlantis")
    other.reload()
    expect(form_of(other, spec).get_by_role("textbox")).to_have_value("Atlantis")


def test_whoever_hands_in_is_told_of_drafts_and_they_are_not_in_the_file(
    watch: Watch, book: Path, site: str
) -> None:
    watched = watch(accept_downloads=True)
    page = watched.page
    page.goto(address(book, site, "http", "02"))
    numeric, word, single = (
        next(one for one in specs("02") if one["kind"] == kind)
        for kind in ("numeric", "text", "single")
    )
    form_of(page, numeric).get_by_role("textbox").fill("12")
    hand_in = page.get_by_role("group", name="Hand in")
    hand_in.get_by_label("Your name or id").fill("Dina")
    button = hand_in.get_by_role("button", name="Download my answers")
    button.click()
    expect(hand_in.get_by_role("status")).to_contain_text("There is no answer yet.")
    expect(hand_in.get_by_role("status")).to_contain_text("1 answer is written but not checked")
    give(form_of(page, single), single, right_answer(single)[0])
    form_of(page, word).get_by_role("textbox").fill("Lat")
    with page.expect_download() as download:
        button.click()
    expect(hand_in.get_by_role("status")).to_contain_text("2 answers are written but not checked")
    receipt = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert set(receipt["answers"]) == {single["id"]}
    assert violations(page) == []
    assert watched.errors == []


def test_where_nothing_can_be_kept_the_reader_is_warned_before_the_page_goes(
    watch: Watch, book: Path, site: str
) -> None:
    watched = watch()
    page = watched.page
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    chapter, spec = KINDS["open"]
    place = address(book, site, "http", chapter)
    page.goto(place)
    form_of(page, spec).get_by_role("textbox").fill(TEXT)
    page.reload()
    assert asked == [], "what is kept needs no warning"
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"
    )
    page.reload()
    form_of(page, spec).get_by_role("textbox").fill(TEXT + "more")
    page.wait_for_timeout(REST)
    expect(page.get_by_text("Your answers are not kept").first).to_be_visible()
    page.reload()
    assert asked == ["beforeunload"]


def test_a_wrong_answer_given_again_spends_no_attempt(watch: Watch, book: Path, site: str) -> None:
    page = watch().page
    chapter, spec = KINDS["numeric"]
    page.goto(address(book, site, "http", chapter))
    form = form_of(page, spec)
    for text, attempts, again in [
        *[("123456", 1, False), ("123456", 1, True), (" 123456.0 ", 1, True)],
        *[("654321", 2, False), ("123456", 2, True), ("654321", 2, True)],
    ]:
        give(form, spec, text)
        expect(form.locator(".pfp-q-feedback")).to_contain_text("Not right yet.")
        words = form.locator(".pfp-q-feedback").filter(has_text="given this answer already")
        expect(words).to_have_count(1 if again else 0)
        kept = json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))["answers"][spec["id"]]
        assert (kept["attempts"], kept["response"]) == (attempts, kept["response"])
        page.reload()
    for kind, (chapter, spec) in KINDS.items():
        if kind == "open":
            continue
        page.goto(address(book, site, "http", chapter))
        form = form_of(page, spec)
        for _ in range(3):
            give(form, spec, wrong_answer(spec))
        kept = json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))["answers"][spec["id"]]
        if kind != "numeric":
            assert kept["attempts"] == 1, kind
