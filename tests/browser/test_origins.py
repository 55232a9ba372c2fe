"""One record for each course of an origin, whatever its clocks, windows and addresses do."""

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from browser.conftest import Watch, chapter_pages, wait_until
from browser.serving import served
from browser.test_quiz import KEY, by_kind, form_of, give, right_answer, wrong_answer
from playwright.sync_api import Page, expect

from pfp_course.questions import frontend
from pfp_course.questions.record_model import Answer, Draft, newer
from pfp_course.sphinx_ext import assets

CHAPTER = next(name for name in chapter_pages() if "/02-" in name) if chapter_pages() else ""
CLOCK = """() => {
  const Real = Date;
  const by = Number(sessionStorage.getItem('by') || 0);
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + by); }
    static now() { return Real.now() + by; }
  };
}"""


def record(page: Page, key: str = KEY) -> dict[str, Any]:
    text = page.evaluate("(key) => localStorage.getItem(key)", key)
    return dict(json.loads(text)) if text else {"answers": {}}


@pytest.mark.parametrize("hours", [5, -5, 24 * 400])
def test_the_newer_answer_stays_when_the_clock_is_set(watch: Watch, site: str, hours: int) -> None:
    page = watch().page
    page.add_init_script(f"({CLOCK})()")
    page.goto(site + CHAPTER)
    numeric, word = by_kind("numeric"), by_kind("text")
    page.evaluate("(by) => sessionStorage.setItem('by', by)", hours * 3600_000)
    page.reload()
    give(form_of(page, numeric), numeric, "1")
    form_of(page, word).get_by_role("textbox").fill("first")
    page.evaluate("() => sessionStorage.setItem('by', 0)")
    page.reload()
    give(form_of(page, numeric), numeric, "34")
    form_of(page, word).get_by_role("textbox").fill("second")
    page.reload()
    expect(form_of(page, numeric).get_by_role("textbox")).to_have_value("34")
    expect(form_of(page, word).get_by_role("textbox")).to_have_value("second")
    kept = record(page)["answers"][numeric["id"]]
    assert (kept["response"], kept["attempts"], kept["revision"]) == ("34", 2, 2)


def delete_all(page: Page, site: str) -> None:
    page.goto(f"{site}book/progress.html")
    page.get_by_role("button", name="Delete all my answers").click()
    page.get_by_role("button", name="Yes, delete all").click()
    expect(page.get_by_text("All answers are deleted.")).to_be_visible()


@pytest.mark.parametrize("hears", [True, False])
def test_what_is_deleted_stays_deleted_with_other_windows_open(
    watch: Watch, site: str, hears: bool
) -> None:
    page = watch(accept_downloads=True).page
    if not hears:  # as a window that the browser had put to sleep
        page.add_init_script(
            "addEventListener('storage', (event) => event.stopImmediatePropagation(), true)"
        )
    page.goto(site + CHAPTER)
    numeric, word, single = by_kind("numeric"), by_kind("text"), by_kind("single")
    give(form_of(page, numeric), numeric, "1")
    form_of(page, word).get_by_role("textbox").fill("a draft")
    hand_in = page.get_by_role("group", name="Hand in")
    hand_in.get_by_label("Your name or id").fill("Dina")
    hand_in.get_by_label("Your name or id").press("Enter")
    expect(hand_in.get_by_role("status")).to_contain_text("1 answer is")
    other = page.context.new_page()
    delete_all(other, site)
    assert record(other) == {"answers": {}}
    # Windows may be processes of their own, and what one stores reaches the other a little later.
    wait_until(page, lambda: record(page) == {"answers": {}})
    if hears:
        expect(form_of(page, numeric).get_by_role("textbox")).to_have_value("")
        expect(form_of(page, word).get_by_role("textbox")).to_have_value("")
        expect(form_of(page, numeric).locator(".pfp-q-feedback")).to_be_empty()
    give(form_of(page, single), single, right_answer(single)[0])
    kept = record(page)
    assert set(kept["answers"]) == {single["id"]}
    assert "student" not in kept
    # Twice, and with the record of before loaded again by hand.
    delete_all(other, site)
    page.reload()
    expect(form_of(page, single).locator(".pfp-q-feedback")).to_be_empty()
    other.get_by_label("Load a record").set_input_files(
        {"name": "kept.json", "mimeType": "application/json", "buffer": json.dumps(kept).encode()}
    )
    expect(other.get_by_text("1 answers were read")).to_be_visible()
    if not hears:
        page.reload()
    expect(form_of(page, single).locator(".pfp-q-feedback")).to_contain_text("Right.")


def test_a_window_that_missed_the_news_counts_on_from_them(watch: Watch, site: str) -> None:
    page = watch().page
    page.add_init_script(
        "addEventListener('storage', (event) => event.stopImmediatePropagation(), true)"
    )
    page.goto(site + CHAPTER)
    other = page.context.new_page()
    other.goto(site + CHAPTER)
    numeric = by_kind("numeric")
    for text in ("101", "102", "103"):
        give(form_of(other, numeric), numeric, text)
    give(form_of(page, numeric), numeric, "104")
    assert record(page)["answers"][numeric["id"]]["response"] == "104"
    page.reload()
    expect(form_of(page, numeric).get_by_role("textbox")).to_have_value("104")


def test_two_courses_of_one_origin_know_nothing_of_each_other(watch: Watch, book: Path) -> None:
    watched = watch(accept_downloads=True)
    page = watched.page
    single, numeric = by_kind("single"), by_kind("numeric")
    with served(book, prefixes={"/2026/": book, "/2027/": book}) as origin:
        page.goto(f"{origin}2026/{CHAPTER}?assignment=a-1111111111&seed=aaaa")
        give(form_of(page, single), single, right_answer(single)[0])
        page.goto(f"{origin}2027/{CHAPTER}")
        expect(form_of(page, single).locator(".pfp-q-feedback")).to_be_empty()
        assert page.locator(".pfp-reached:not(:empty)").count() == 0
        give(form_of(page, numeric), numeric, "12")
        hand_in = page.get_by_role("group", name="Hand in")
        hand_in.get_by_label("Your name or id").fill("Erlan Olshin")
        with page.expect_download() as download:
            hand_in.get_by_role("button", name="Download my answers").click()
        receipt = json.loads(download.value.path().read_text(encoding="utf-8"))
        assert (receipt["assignment"], receipt["seed"]) == ("", "")
        assert set(receipt["answers"]) == {numeric["id"]}
        page.goto(f"{origin}{CHAPTER}")  # a third course, at the root
        expect(form_of(page, numeric).get_by_role("textbox")).to_have_value("")
        delete_all(page, f"{origin}2027/")
        page.goto(f"{origin}2026/{CHAPTER}")
        expect(form_of(page, single).locator(".pfp-q-feedback")).to_contain_text("Right.")
        expect(page.locator(".pfp-reached[data-chapter='02']")).not_to_be_empty()
    assert watched.errors == []


@pytest.mark.parametrize("first", ["2026/", ""])
def test_a_record_of_before_is_taken_over_by_the_course_that_is_opened_first(
    watch: Watch, book: Path, first: str
) -> None:
    page = watch().page
    single = by_kind("single")
    with served(book, prefixes={"/2026/": book, "/2027/": book}) as origin:
        page.goto(f"{origin}{first}index.html")
        old = {
            "fingerprint": single["fingerprint"],
            "response": right_answer(single)[0],
            "attempts": 1,
            "hints": 0,
            "score": 1,
            "at": "2026-01-01T00:00:00.000Z",
        }
        answers = {single["id"]: old}
        before = {"format": KEY, "version": 1, "answers": answers, "seed": "7b"}
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps(before)])
        page.goto(f"{origin}{first}{CHAPTER}")
        expect(form_of(page, single).locator(".pfp-q-feedback")).to_contain_text("Right.")
        page.goto(f"{origin}2027/{CHAPTER}")
        expect(form_of(page, single).locator(".pfp-q-feedback")).to_be_empty()
        page.goto(f"{origin}{first}{CHAPTER}")
        expect(form_of(page, single).locator(".pfp-q-feedback")).to_contain_text("Right.")


def test_the_versions_of_one_course_share_their_record(watch: Watch, book: Path) -> None:
    page = watch().page
    single = by_kind("single")
    text = (book / CHAPTER).read_text(encoding="utf-8")
    boxed = {
        f"/pfp/{folder}{CHAPTER}": text.replace(
            "<!--pfp:versions-->",
            f'<details class="pfp-versions" data-root="{up}"><summary>Versions</summary></details>',
        )
        for folder, up in (("", "../"), ("v0.1/", "../../"))
    }
    with served(book, prefixes={"/pfp/v0.1/": book, "/pfp/": book}, pages=boxed) as origin:
        page.goto(f"{origin}pfp/{CHAPTER}")
        give(form_of(page, single), single, wrong_answer(single))
        page.goto(f"{origin}pfp/v0.1/{CHAPTER}")
        expect(form_of(page, single).locator(".pfp-q-feedback")).to_contain_text("Not right")


DAYS = [f"20{year}-01-01T00:00:00.000Z" for year in ("16", "26", "36")]


def test_python_and_the_page_agree_on_what_is_newer(watch: Watch, site: str) -> None:
    page = watch().page
    page.goto(f"{site}404.html")
    code = frontend.joined(frontend.FOLDER / "record.js")
    chance = Random(13)
    cases = []
    for _ in range(400):
        one, other = (
            {
                "fingerprint": "f",
                "response": side,
                "revision": chance.randrange(3),
                "base": chance.randrange(3),
                "count": chance.randrange(3),
                "at": chance.choice(DAYS),
            }
            for side in (1, 2)
        )
        for side in (one, other):
            if chance.random() < 0.2:
                del side["revision"]
        cases.append([one, other])
    told = page.evaluate(
        f"(cases) => {{ {code}\n return cases.map(([one, other]) => "
        "[isNewer(one, other), isNewerDraft(one, other)]); }",
        cases,
    )
    for (one, other), (answer, draft) in zip(cases, told, strict=True):
        kept = newer({"a": Answer.model_validate(other)}, {"a": Answer.model_validate(one)})
        assert (kept["a"].response == 1) == answer, (one, other)
        written = newer({"a": Draft.model_validate(other)}, {"a": Draft.model_validate(one)})
        assert (written["a"].response == 1) == draft, (one, other)


def test_the_script_of_the_book_names_the_record_as_the_quiz_does() -> None:
    named = frontend.joined(frontend.FOLDER / "record_key.js")
    assert re.search(r"function recordKey\(", named)
    assert named in frontend.page_script()
    assert named in assets.script({"marks.js": "setUpMarks"})
