"""Reached by key, by link and by search: shortcuts, questions, phrases, code to copy."""

import re
from pathlib import Path

import pytest
from browser.conftest import AT_REST, Watch, chapter_pages, violations
from browser.test_drafts import KINDS
from browser.test_quiz import address, form_of, specs, wrong_answer
from courses import COURSE
from playwright.sync_api import Page, expect

from pfp_course.questions import read_bank
from pfp_course.questions.exercises import PREFIX

# What the key in the place of the Latin K gives, by layout.
LAYOUTS = {
    "English": "k",
    "English, capitals": "K",
    "Russian": "\u043b",
    "Russian, capitals": "\u041b",
    "Greek": "\u03ba",
    "Hebrew": "\u05dc",
    "Arabic": "\u0646",
    "Georgian": "\u10d9",
    "Armenian": "\u056f",
    "unnamed": "Unidentified",
}
PRESS = """([key, code, held]) => {
  document.activeElement.blur();
  const init = { key, code, bubbles: true, cancelable: true, ...held };
  const event = new KeyboardEvent('keydown', init);
  document.body.dispatchEvent(event);
  return document.activeElement.id;
}"""


@pytest.mark.parametrize("modifier", ["ctrlKey", "metaKey"])
def test_the_key_for_the_search_works_on_every_layout(
    watch: Watch, site: str, modifier: str
) -> None:
    page = watch().page
    page.goto(site + chapter_pages()[1])
    for layout, key in LAYOUTS.items():
        assert page.evaluate(PRESS, [key, "KeyK", {modifier: True}]) == "pfp-query", layout
        # Where the Latin K stands elsewhere, its letter counts and not its old place.
        assert page.evaluate(PRESS, ["k", "KeyV", {modifier: True}]) == "pfp-query", layout
        assert page.evaluate(PRESS, ["t", "KeyK", {modifier: True}]) != "pfp-query", layout
        assert page.evaluate(PRESS, [key, "KeyK", {}]) != "pfp-query", layout


OLD = "delete HTMLFormElement.prototype.requestSubmit; delete Element.prototype.checkVisibility;"


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind in ("numeric", "text", "date", "single")]
)
def test_enter_checks_an_answer_in_a_browser_without_request_submit(
    watch: Watch, book: Path, site: str, kind: str
) -> None:
    chapter, spec = KINDS[kind]
    watched = watch(accept_downloads=True)
    page = watched.page
    page.add_init_script(OLD)
    page.goto(address(book, site, "http", chapter))
    form = form_of(page, spec)
    if kind == "single":
        form.locator(f"input[value='{wrong_answer(spec)}']").check()
        page.keyboard.press("Enter")
    else:
        form.get_by_role("textbox").fill(wrong_answer(spec))
        form.get_by_role("textbox").press("Enter")
    expect(form.locator(".pfp-q-feedback")).to_contain_text("Not right yet.")
    name = page.get_by_role("group", name="Hand in").get_by_label("Your name or id")
    name.fill("Dina")
    with page.expect_download():
        name.press("Enter")
    assert watched.errors == []


def test_enter_ends_the_writing_of_a_word_and_does_not_check_it(
    watch: Watch, book: Path, site: str
) -> None:
    chapter, spec = KINDS["text"]
    page = watch().page
    page.goto(address(book, site, "http", chapter))
    box = form_of(page, spec).get_by_role("textbox")
    box.fill("\u304b\u306a")
    box.evaluate(
        "(e) => e.dispatchEvent(new KeyboardEvent('keydown', "
        "{ key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"
    )
    expect(form_of(page, spec).locator(".pfp-q-feedback")).to_be_empty()


@pytest.mark.parametrize("where", ["http", "file"])
@pytest.mark.slow
def test_every_question_has_a_link_that_leads_to_it(
    watch: Watch, book: Path, site: str, where: str
) -> None:
    watched = watch(viewport={"width": 390, "height": 740})
    page = watched.page
    place = address(book, site, where, "02")
    # The place of a file in the address is the same affair for all: some questions show it.
    for spec in specs("02")[:: 1 if where == "http" else 4]:
        page.goto("about:blank")
        page.goto(f"{place}?x=1#q-{spec['id']}")
        form = form_of(page, spec)
        expect(form.locator(":focus")).to_have_count(1)
        expect(form.locator(".pfp-q-ask, legend").first).to_be_in_viewport()
        link = form.get_by_role("link", name="Link to question")
        assert str(link.get_attribute("href")) == f"#q-{spec['id']}"
    # Without scripts the place is there, too.
    text = (book / next(n for n in chapter_pages() if "/02-" in n)).read_text(encoding="utf-8")
    ids = re.findall(r'<li id="(q-[^"]+)"', text)
    exercises = read_bank(COURSE.bank("02"), COURSE).exercises
    names = [*(spec["id"] for spec in specs("02")), *(PREFIX + one.id for one in exercises)]
    assert sorted(ids) == sorted(f"q-{name}" for name in names)
    page.goto(place)
    last = form_of(page, specs("02")[-1])
    last.get_by_role("link", name="Link to question").press("Enter")
    assert page.url.endswith(f"#q-{specs('02')[-1]['id']}")
    expect(last.locator(":focus")).to_have_count(1)
    page.goto(f"{place}#q-%E0%A4%A")  # no address of a question at all
    assert watched.errors == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_link_to_a_section_leads_to_its_heading(watch: Watch, site: str, width: int) -> None:
    """Also where the sections before it are laid out only while the page moves."""
    watched = watch(viewport={"width": width, "height": 800})
    page = watched.page
    page.goto(site + chapter_pages()[2])
    anchors = page.evaluate("[...document.querySelectorAll('.pfp-toc a')].map(a => a.hash)")
    assert len(anchors) > 8
    for anchor in reversed(anchors):
        page.evaluate("scrollTo(0, 0)")
        page.evaluate(
            "hash => document.querySelector(`.pfp-toc a[href='${hash}']`).click()", anchor
        )
        heading = page.locator(f"{anchor} > :is(h2, h3)")
        at = page.evaluate(AT_REST, heading.element_handle())
        assert 0 <= at < 400, (anchor, at)


def copied_by(page: Page, how: str) -> None:
    if how == "refused":
        page.add_init_script(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
            "document.execCommand = () => false;"
        )
    elif how == "old":
        page.add_init_script(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
            "document.addEventListener('copy', () => { window.copied = String(getSelection()); });"
        )
    else:
        page.add_init_script(
            "navigator.clipboard.writeText = async (text) => { window.copied = text; };"
        )


@pytest.mark.parametrize("where", ["http", "file"])
@pytest.mark.parametrize("how", ["new", "old", "refused"])
def test_code_is_copied_with_the_keyboard_and_the_page_says_so(
    watch: Watch, book: Path, site: str, where: str, how: str
) -> None:
    watched = watch()
    page = watched.page
    copied_by(page, how)
    page.goto(address(book, site, where, "02"))
    for pre in page.locator("article .cell_input pre:visible").all()[:3]:
        box = pre.locator("xpath=..")
        button = box.get_by_role("button", name="Copy this code")
        button.press("Enter")
        told = box.get_by_role("status")
        if how == "refused":
            expect(told).to_contain_text("Press Ctrl+C")
            assert page.evaluate("String(getSelection())").strip() == pre.inner_text().strip()
        else:
            expect(told).to_have_text("Copied")
            assert page.evaluate("window.copied").strip() == pre.inner_text().strip()
    assert watched.errors == []
    if where == "http":  # on a disk axe may not read the style sheets
        assert violations(page) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"Framework Document"', True),
        ('"Document Framework"', False),
        ('"framework  document"', True),
        ("\u201cFramework Document\u201d", True),
        ("\u00abFramework Document\u00bb", True),
        ("\u201eFramework Document\u201c", True),
        ('"Framework Document" signed', True),
        ('"Framework Document" "Document Framework"', False),
        ("Document Framework", True),
        ('"ramework Documen"', False),
        ('"Framework Document', True),
        ('"" Framework', True),
        ('"', False),
    ],
)
def test_words_in_quotes_are_a_phrase(watch: Watch, site: str, query: str, found: bool) -> None:
    watched = watch()
    watched.page.goto(f"{site}search.html")
    watched.page.locator("#pfp-query").fill(query)
    told = watched.page.locator("#pfp-found")
    expect(told).to_contain_text("Found in " if found else re.compile("Found nowhere|Type a word"))
    assert watched.errors == []
