"""A question with gaps in Chromium: by keyboard, for a screen reader, and kept on reload."""

from pathlib import Path
from typing import Any

from courses import COURSE

from pfp_course.questions import read_bank
from pfp_course.questions.kinds import form_of
from pfp_course.questions.spec import public

SAMPLE = Path(__file__).parents[1] / "questions" / "sample.yml"
GAPS = next(one for one in read_bank(SAMPLE, COURSE).questions if one.kind == "gaps")


def test_gaps_are_filled_by_keyboard_and_marked_one_by_one(open_question: Any) -> None:
    page = open_question(public(GAPS))
    for number in range(1, 5):
        assert page.get_by_label(f"Gap {number} of 4").count() == 1
    assert page.get_by_label("Gap 2 of 4, in states").count() == 1
    # The fourth gap stands within a program, whose lines are kept.
    program = page.locator("code.pfp-q-code")
    assert program.locator("select").count() == 1
    assert program.evaluate("(node) => getComputedStyle(node).whiteSpace") == "pre"
    page.get_by_label("Gap 1 of 4").focus()
    page.keyboard.type("Poland")
    page.keyboard.press("Tab")
    page.keyboard.type("23")
    page.keyboard.press("Tab")
    page.keyboard.type("27 May 1994")
    page.keyboard.press("Enter")
    feedback = page.locator(".pfp-q-feedback")
    assert "Gap 4: Choose an answer first." in feedback.inner_text()
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.keyboard.type("l")
    page.get_by_role("button", name="Check").click()
    assert "Gap 1: Nearly." in feedback.inner_text()
    signs = page.locator(".pfp-q-gaps .pfp-q-verdict").all_inner_texts()
    assert ["".join(sign.split()) for sign in signs] == [
        "◐partlyright",
        "✓right",
        "✓right",
        "✓right",
    ]
    page.get_by_label("Gap 1 of 4").fill("Romania")
    page.get_by_role("button", name="Check").click()
    assert "Right." in feedback.inner_text()
    assert page.locator(".pfp-q-feedback math mo").first.text_content() == "∑"
    page.reload()
    page.wait_for_selector(".pfp-q-gap")
    assert page.get_by_label("Gap 1 of 4").input_value() == "Romania"
    assert page.get_by_label("Gap 4 of 4").input_value() == "0"


def test_in_an_exam_gaps_are_saved_and_not_marked(open_question: Any) -> None:
    page = open_question(form_of(public(GAPS)).release().as_json())
    for number, text in enumerate(("x", "1", "1 May 1994"), 1):
        page.get_by_label(f"Gap {number} of 4").fill(text)
    page.get_by_label("Gap 4 of 4").select_option("1")
    page.get_by_role("button", name="Save").click()
    assert "Saved." in page.locator(".pfp-q-feedback").inner_text()
    assert page.locator(".pfp-q-gaps .pfp-q-verdict").all_inner_texts() == [""] * 4
