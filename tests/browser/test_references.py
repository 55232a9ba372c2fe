"""The reference of a page is copied with the keyboard, and the page says so."""

from browser.conftest import Watch, chapter_pages


def test_a_reference_is_copied_by_keyboard_and_the_page_says_so(watch: Watch, site: str) -> None:
    watched = watch(permissions=["clipboard-read", "clipboard-write"])
    page = watched.page
    page.goto(site + chapter_pages()[1])
    summary = page.locator(".pfp-cite-fold > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_text("BibTeX", exact=True).focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Copy BibTeX")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="BibTeX is copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@incollection{")
    assert copied == page.locator("[data-copy=BibTeX]").text_content()
    assert watched.errors == []


def test_a_browser_that_keeps_its_clipboard_closed_selects_the_text(
    watch: Watch, site: str
) -> None:
    watched = watch()
    page = watched.page
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => false;"
    )
    page.goto(site + "book/licence.html")
    page.get_by_role("button", name="Copy the reference").click()
    page.get_by_role("status").filter(has_text="press Ctrl+C").wait_for()
    assert page.evaluate("getSelection().toString()").startswith("The Partnership for Peace")
    assert watched.errors == []


def test_no_word_of_a_reference_is_broken_in_its_middle_on_a_phone(watch: Watch, site: str) -> None:
    """Addresses may be broken; words that have room in a line of their own may not."""
    page = watch(viewport={"width": 390, "height": 844}).page
    page.goto(site + "book/references.html")
    broken = page.evaluate(
        """() => [...document.querySelectorAll("div.citation > p")].flatMap((entry) => {
            const text = entry.firstChild;
            if (text?.nodeType !== Node.TEXT_NODE) return [];
            return [...text.data.matchAll(/[\\p{L}\\p{N}]+/gu)].filter((word) => {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                return new Set([...range.getClientRects()].map((box) => box.top)).size > 1;
            }).map((word) => word[0]);
        })"""
    )
    assert page.locator("div.citation").count() > 100
    assert broken == []
