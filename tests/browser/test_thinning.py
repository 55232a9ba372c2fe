"""The rules on colours are tried on some elements of each kind, and find a fault of one alone."""

import pytest
from browser.conftest import COLOURS, THINNING, Watch, violations
from playwright.sync_api import Page

# Many definitions, nearly all alike.
PAGE = "book/glossary.html"
# An element that is none of those three of its kind that are looked at.
ONE = """() => {
  const left = [...document.querySelectorAll("dd > p")]
    .filter((one) => one.closest("[data-alike]") && one.textContent.trim().length > 20);
  const one = left[Math.floor(left.length / 3)];
  for (const each of document.querySelectorAll("[data-alike]")) {
    each.removeAttribute("data-alike");
  }
  window.one = one;
  return left.length;
}"""
PALE = "color: rgb(200, 200, 200)"
FAULTS = {
    "an inline style": f"one.style.cssText += '; {PALE} !important'",
    "a class": f"rule('.pale {{ {PALE} !important }}'); one.classList.add('pale')",
    "an attribute": f"rule('[data-pale] {{ {PALE} !important }}'); one.dataset.pale = ''",
    "an id": f"rule('#pale {{ {PALE} !important }}'); one.id = 'pale'",
    "the place": f"""one.parentElement.id = 'here';
        const place = [...one.parentElement.children].indexOf(one) + 1;
        rule(`#here > :nth-child(${{place}}) {{ {PALE} !important }}`)""",
    "the ground": "one.style.cssText += '; background: rgb(90, 90, 90) !important'",
    "the ground of what is around it": """one.innerHTML = `<span>${one.innerHTML}</span>`;
        one.style.cssText += '; background: rgb(90, 90, 90) !important'""",
    "the opacity of what is around it": """one.innerHTML = `<span>${one.innerHTML}</span>`;
        one.style.opacity = '0.4'""",
}
PLANT = """(words) => {
  const rule = (text) => {
    const style = document.createElement("style");
    style.textContent = text;
    document.head.append(style);
  };
  new Function("one", "rule", words)(window.one, rule);
}"""


@pytest.fixture
def page(watch: Watch, site: str) -> Page:
    """Return a page with one element chosen that is not looked at while it is like the others."""
    page = watch().page
    page.goto(site + PAGE)
    told = page.evaluate(THINNING)
    assert told["lost"] == 0
    assert told["left"] < told["texts"] / 10, "there is something to be gained"
    assert page.evaluate(ONE) > 100
    return page


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_colour_of_one_element_is_found(page: Page, fault: str) -> None:
    page.evaluate(PLANT, FAULTS[fault])
    (found, *_) = violations(page, ["color-contrast"])
    assert found.startswith("color-contrast: ")


def test_a_link_that_hardly_differs_from_the_words_around_it_is_found(page: Page) -> None:
    page.evaluate(
        PLANT,
        """one.innerHTML += ' and <a href="#x">one more</a> word';
        one.lastElementChild.style.cssText =
          'all: inherit; display: inline; color: rgb(60, 65, 75)';""",
    )
    (found,) = violations(page, ["link-in-text-block"])
    assert found.startswith("link-in-text-block: ")


def test_without_a_fault_nothing_is_found_and_the_page_stays_as_it_was(page: Page) -> None:
    before = page.evaluate("document.body.outerHTML")
    assert violations(page, COLOURS) == []
    assert page.evaluate("document.body.outerHTML") == before
