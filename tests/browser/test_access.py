"""Promises to readers who use a keyboard, large type, own colours, little motion, or paper."""

from pathlib import Path

import pytest
from browser.conftest import WHOLE, Watch, Watched, chapter_pages, pages, violations
from playwright.sync_api import Page, expect

PHONE = {"width": 360, "height": 740}

# Every control of a page that the Tab key must reach: of a group of radio buttons one.
CONTROLS = """() => {
  const groups = new Set();
  return [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0
      && !e.closest('[inert]'))
    .filter(e => {
      if (e.type !== 'radio') return true;
      const group = [...document.getElementsByName(e.name)];
      const stop = group.find(one => one.checked) ?? group[0];
      return e === stop && !groups.has(e.name) && groups.add(e.name);
    });
}"""
# Notes each stop of the keyboard: its number among the controls, and whether the focus is seen.
WALK = f"""() => {{
  const controls = ({CONTROLS})();
  const numbers = new Map(controls.map((control, number) => [control, number]));
  window.walked = [];
  window.unseen = [];
  const seen = (element) => {{
    const style = getComputedStyle(element);
    // A radio button that is drawn by its label shows the focus there.
    const drawn = element.nextElementSibling?.matches('.pfp-choice')
      ? getComputedStyle(element.nextElementSibling) : style;
    return drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) >= 2;
  }};
  document.addEventListener('focusin', ({{ target }}) => {{
    if (target.closest('.pfp-source')) return;
    window.walked.push(numbers.get(target) ?? -1);
    if (!seen(target)) window.unseen.push(target.outerHTML.slice(0, 120));
  }});
  return controls.length;
}}"""


def opened(watched: Watched, address: str) -> Page:
    watched.page.goto(address)
    watched.page.wait_for_load_state("load")
    # The last quiz is alive, if there is one.
    watched.page.wait_for_function("!document.querySelector('.pfp-quiz-plain, .pfp-progress > p')")
    # So are the explorers, which wait until a reader is near.
    watched.page.evaluate("document.querySelector('.pfp-explorer')?.scrollIntoView()")
    watched.page.wait_for_function("!document.querySelector('.pfp-explorer:not(.pfp-explorer-on)')")
    watched.page.evaluate("scrollTo(0, 0)")
    return watched.page


@pytest.fixture(scope="module", autouse=True)
def _built(book: Path) -> None:
    assert pages(book), "the book has pages"


@pytest.mark.timeout(600)
@pytest.mark.accessibility(
    "On every page the Tab key reaches each link, button and field, in the order of the page; "
    "the place of the focus is always seen, and no part of a page holds the focus fast."
)
@pytest.mark.slow
def test_the_tab_key_walks_through_every_page(watch: Watch, site: str) -> None:
    watched = watch(reduced_motion="reduce", viewport={"width": 1300, "height": 900})
    for name in pages():
        page = opened(watched, site + name)
        wanted = page.evaluate(WALK)
        # From the top of the page, whatever the page has put the focus on.
        page.evaluate("document.body.tabIndex = -1; document.body.focus()")
        page.evaluate("document.body.removeAttribute('tabindex')")
        # A citation opens its source beside it, with one stop at most.
        for pressed in range(wanted * 2):
            page.keyboard.press("Tab")
            if pressed >= wanted - 1 and page.evaluate("window.walked.at(-1)") == wanted - 1:
                break
        walked = [stop for stop in page.evaluate("window.walked") if stop >= 0]
        missed = sorted(set(range(wanted)) - set(walked))
        assert not missed, (
            name,
            page.evaluate(f"n => ({CONTROLS})()[n].outerHTML.slice(0, 200)", missed[0]),
        )
        assert walked == sorted(walked), name
        assert page.evaluate("window.unseen") == [], name
        page.evaluate("window.last = document.activeElement")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== window.last"), name


@pytest.mark.accessibility(
    "On a narrow screen the menu is opened and closed with the keyboard; Escape closes it and "
    "gives the focus back."
)
def test_the_menu_of_a_phone_is_used_by_keyboard(watch: Watch, site: str) -> None:
    page = opened(watch(viewport=PHONE), site + chapter_pages()[1])
    button = page.get_by_role("button", name="Menu")
    side = page.get_by_role("complementary", name="The course")
    expect(side).to_be_hidden()
    button.press("Enter")
    expect(side).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.wait_for_function("!!document.activeElement.closest('#pfp-side')")
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    expect(button).to_be_focused()
    contents = page.get_by_role("button", name="On this page")
    contents.press("Enter")
    expect(contents).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.wait_for_function("!!document.activeElement.closest('.pfp-toc-list')")


@pytest.mark.accessibility(
    "The choice of colours and the choices of a question are made with the arrow keys."
)
def test_arrow_keys_move_in_a_group_of_radio_buttons(watch: Watch, site: str) -> None:
    page = opened(watch(viewport={"width": 1300, "height": 900}), site + chapter_pages()[1])
    page.get_by_label("Auto").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Light", exact=True)).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    choices = page.locator(".pfp-q-list fieldset").filter(has=page.get_by_role("radio")).first
    radios = choices.get_by_role("radio")
    radios.first.focus()
    page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_focused()
    expect(radios.nth(1)).to_be_checked()


@pytest.mark.accessibility(
    "No page moves sideways in a window 320 pixels wide, at a zoom of 200 percent, or with "
    "letters of twice the size."
)
@pytest.mark.slow
def test_no_page_scrolls_sideways_however_large_it_is_set(watch: Watch, site: str) -> None:
    watched = watch(viewport={"width": 320, "height": 640})
    for name in pages():
        page = opened(watched, site + name)
        page.add_style_tag(content=WHOLE)  # what is cut at the edge of a section is too wide, too
        for width, letters in ((320, ""), (640, ""), (1280, "34px")):
            page.set_viewport_size({"width": width, "height": 640})
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", letters)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, width, letters, wide)


@pytest.mark.accessibility(
    "In the forced colours of the system every button and field has a border, the focus is seen, "
    "and the rules of axe find no fault."
)
def test_forced_colours_leave_every_control_its_border(watch: Watch, site: str) -> None:
    watched = watch(forced_colors="active", viewport={"width": 1300, "height": 900})
    for name in ["index.html", chapter_pages()[4], "book/progress.html", "search.html"]:
        page = opened(watched, site + name)
        bare = page.evaluate(
            """() => [...document.querySelectorAll('button, input, select, textarea')]
              .filter(e => e.checkVisibility({visibilityProperty: true})
                && !e.matches('.pfp-hidden, [type=radio], [type=checkbox], [type=file]'))
              .filter(e => parseFloat(getComputedStyle(e).borderTopWidth) < 1)
              .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert bare == [], name
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", name
        assert violations(page) == [], name


@pytest.mark.accessibility("Nothing on a page moves if the reader's device asks for less motion.")
def test_nothing_moves_where_less_motion_is_asked_for(watch: Watch, site: str) -> None:
    moving = """() => [...document.querySelectorAll('*')].filter(e => {
        const style = getComputedStyle(e);
        const times = `${style.transitionDuration},${style.animationDuration}`.split(',');
        return times.some(time => parseFloat(time) > 0) && style.transitionProperty !== 'none'
          || style.scrollBehavior === 'smooth';
      }).map(e => e.outerHTML.slice(0, 120))"""
    for name in ["index.html", chapter_pages()[1]]:
        calm = opened(watch(reduced_motion="reduce", viewport=PHONE), site + name)
        assert calm.evaluate(moving) == [], name
        usual = opened(watch(reduced_motion="no-preference", viewport=PHONE), site + name)
        assert usual.evaluate(moving) != [], "the test sees motion where there is some"


@pytest.mark.accessibility(
    "Printed pages are dark on white whatever the screen shows; they hold the questions and "
    "figures whole and nothing that only a screen can use."
)
def test_paper_is_white_and_holds_no_menu(watch: Watch, site: str) -> None:
    watched = watch(color_scheme="dark", viewport={"width": 700, "height": 900})
    for name in chapter_pages():
        page = opened(watched, site + name)
        page.emulate_media(media="print", color_scheme="dark")
        paper = "getComputedStyle(document.documentElement)"
        assert page.evaluate(f"{paper}.backgroundColor") == "rgb(255, 255, 255)", name
        assert page.evaluate(f"{paper}.getPropertyValue('--pfp-paper').trim()") == "#ffffff", name
        for gone in (".pfp-side", ".pfp-bar", ".pfp-toc", ".pfp-next", ".pfp-q-check"):
            assert page.locator(f"{gone}:visible").count() == 0, (name, gone)
        assert page.locator(".pfp-q-ask:visible").count() > 0, name
        cut = page.evaluate(
            """() => [...document.querySelectorAll(
                '.pfp-figure svg, .pfp-quiz-live, article table')]
              .filter(e => e.checkVisibility())
              .filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"""
        )
        assert cut == 0, name
        page.emulate_media(media="screen")
