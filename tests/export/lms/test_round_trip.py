"""What is exported to Moodle and read back asks the same, and marks the same."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfp_course.course import Course
from pfp_course.export.lms import targets
from pfp_course.export.lms.model import Item, Package, Section
from pfp_course.questions import read_bank
from pfp_course.questions.authoring import Taken, read_gift, read_moodle_xml
from pfp_course.questions.authoring.importing import _adapter, braced_literal
from pfp_course.questions.kinds import Form
from pfp_course.questions.spec import variant_forms

READERS: dict[str, Callable[[str, Course], Taken]] = {
    "gift": read_gift,
    "moodle-xml": read_moodle_xml,
}
# What a kind is when it comes back; the places to pick come back as a list, or stay away.
BACK = {"classify": "match", "date": "text"}
AWAY = {"place", "point"}


def taken(package: Package, name: str) -> dict[str, Form]:
    """Return what a reader makes of an export, by the names of the questions."""
    [content] = targets()[name](package).files().values()
    read = READERS[name](content.decode(), package.course)
    forms = {}
    for question in read.questions:
        if "](picture-" in question["ask"]:
            continue  # of the kinds that stay away; the file would have to be saved first
        body = dict(question) | {"id": f"99.{question['id']}", "objective": "O"}
        for choice in body.get("choices", []):
            choice.setdefault("say", "" if choice.get("right") else "No.")
        [form] = variant_forms(_adapter().validate_python(body, context={"course": package.course}))
        forms[question["id"]] = form
    return forms


def answers(form: Form, seed: int) -> list[Any]:
    """Return responses to a form, right ones and others."""
    draw = random.Random(seed)
    fields = form.as_json()
    match form.kind:
        case "single":
            return list(range(len(fields["choices"])))
        case "multiple":
            count = len(fields["choices"])
            return [[n for n in range(count) if draw.random() < 0.5] or [0] for _ in range(8)]
        case "match" | "classify":
            options, items = len(fields["options"]), len(fields["items"])
            right = [item["right"] for item in fields["items"]]
            return [right, *([draw.randrange(options) for _ in range(items)] for _ in range(5))]
        case "order":
            places = list(range(len(fields["items"])))
            return [places, *(draw.sample(places, len(places)) for _ in range(5))]
        case "numeric":
            key, margin = fields["key"], fields["tolerance"]
            traps = [trap["value"] for trap in fields["traps"] if trap.get("value") is not None]
            steps = (0, 0.9 * margin, -0.9 * margin, 1.5 * margin + 1)
            return [f"{value:.9f}" for value in (*(key + step for step in steps), *traps)]
        case "text":
            return [
                *fields["accept"],
                fields["answer"],
                "zzz",
                *(t["text"] for t in fields["traps"]),
            ]
        case "date":
            return [fields["answer"], fields["key"], "1 January 1901"]
    return []


def moved(before: Form, after: Form, response: Any) -> Any:
    """Return a response to a form as one to what came back, whose options stand elsewhere."""
    if before.kind in ("match", "classify"):
        old, new = before.as_json()["options"], after.as_json()["options"]
        return [new.index(old[place]) for place in response]
    return response


@pytest.mark.parametrize("name", READERS)
def test_the_questions_of_all_chapters_come_back_and_mark_the_same(
    name: str, whole: Package
) -> None:
    forms = taken(whole, name)
    compared = 0
    for number, item in enumerate(whole.items):
        title = item.title.replace(".", "-").replace(" (", "-").rstrip(")")
        # GIFT has no ordering, and asks for each gap in a question of its own.
        if item.form.kind in AWAY or (item.form.kind in ("order", "gaps") and name == "gift"):
            continue
        assert title in forms, title
        back = forms[title]
        assert back.kind == BACK.get(item.form.kind, item.form.kind)
        for response in answers(item.form, number):
            mark = item.form.mark(response)
            again = back.mark(moved(item.form, back, response))
            assert again.share == pytest.approx(mark.share, abs=1e-4), (title, response)
            compared += 1
    assert compared > 500


def test_an_essay_comes_back_with_its_rubric_and_gaps_with_their_weights(sample: Package) -> None:
    forms = taken(sample, "moodle-xml")
    before = {item.name.partition(".")[2]: item.form.as_json() for item in sample.items}
    assert forms["99-open"].as_json()["rubric"] == before["open"]["rubric"]
    assert forms["99-open"].as_json()["words"] == before["open"]["words"]
    gaps, old = forms["99-gaps"].as_json()["gaps"], before["gaps"]["gaps"]
    assert [gap.get("weight", 1) for gap in gaps] == [gap.get("weight", 1) for gap in old]
    assert forms["99-count"].as_json()["unit"] == "states"
    assert forms["99-first"].as_json()["hints"] == before["first"]["hints"]


# Moodle itself takes these for the beginning of a formula, wherever they stand, and knows no way to
# write them as they are: such a text comes back as the formula.
FORMULA = re.compile(r"\\[(\[]|\$\$")
TEXTS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1
).filter(lambda text: not FORMULA.search(text))


def odd(texts: list[str], course: Course) -> Package:
    """Return a package with one question of these texts."""
    ask, first, second, say, because = map(braced_literal, texts)
    body = {
        "id": "98.odd",
        "objective": "O98.1",
        "kind": "single",
        "ask": ask,
        "choices": [{"text": first, "right": True}, {"text": second, "say": say}],
        "because": because,
        "source": ["wh_pfp_1994"],
    }
    context = {"course": course, "folder": course.questions}
    question = _adapter().validate_python(body, context=context)
    [form] = variant_forms(question)
    item = Item("odd", "98.odd", 1, 1, True, "", form, form.interaction(), 1.0)
    bank = read_bank(course.bank("01"), course)
    section = Section("odd", "Odd", bank, course.bank("01"), (item,), None, 0)
    return Package("odd", "Odd", course, (section,))


@pytest.mark.parametrize("name", READERS)
@given(texts=st.lists(TEXTS.filter(str.strip), min_size=5, max_size=5, unique_by=str.strip))
@settings(max_examples=40)
def test_any_text_comes_back_as_it_was(name: str, texts: list[str], course: Course) -> None:
    package = odd([" ".join(text.split()) for text in texts], course)
    [before] = package.items
    [back] = taken(package, name).values()
    old, new = before.form.as_json(), back.as_json()
    assert new["ask"] == old["ask"]
    assert new["choices"] == old["choices"]
    assert new["because"] == old["because"]
