"""Another's player shows our QTI 2.1, and scores right and wrong answers as we do.

It is @citolab/qti-components, which plays QTI 3; its makers' converter turns 2.1 into 3.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from environment import ROOT
from lxml import etree
from needs import need
from programs import QTI_PLAYER
from qti_convert import upgrade_qti2_to_qti3

from pfp_course.course import read_course
from pfp_course.export.lms.model import Item, Package, of_bank
from pfp_course.export.lms.qti21 import Qti21
from pfp_course.questions.authoring import new_bank_text
from pfp_course.questions.interactions import Essay

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A page holds elements of HTML, and not those of another namespace.
_SHOW = """
async (xml) => {
    const made = (node) => {
        if (node.nodeType !== 1) return document.importNode(node, true);
        if (node.localName.startsWith("math")) return document.importNode(node, true);
        const element = document.createElement(node.localName);
        for (const one of node.attributes) element.setAttribute(one.name, one.value);
        for (const child of node.childNodes) element.append(made(child));
        return element;
    };
    const item = made(new DOMParser().parseFromString(xml, "application/xml").documentElement);
    document.body.replaceChildren(item);
    await item.updateComplete;
    await new Promise((done) => setTimeout(done, 0));
    window.item = item;
    return item.querySelector("qti-item-body").innerText;
}
"""
_SCORE = """
(responses) => {
    for (const [name, value] of Object.entries(responses)) {
        window.item.updateResponseVariable(name, value);
    }
    window.item.processResponse();
    const found = window.item.variables.filter((one) => one.type === "outcome");
    return Object.fromEntries(found.map((one) => [one.identifier, one.value]));
}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    course = read_course(ROOT)
    banks = {
        "98.yml": new_bank_text("98", "Every kind", "98.yml"),
        "99.yml": (ROOT / "tests" / "questions" / "sample.yml").read_text(encoding="utf-8"),
    }
    folder: Path = tmp_path_factory.mktemp("banks")
    for name, text in banks.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Package("t", "T", course, tuple(of_bank(folder / name, course) for name in banks))


@pytest.fixture(scope="module")
def items(package: Package) -> dict[str, bytes]:
    [content] = Qti21(package).files().values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            Path(name).stem: archive.read(name)
            for name in archive.namelist()
            if name.startswith("items/")
        }


@pytest.fixture(scope="module")
def page(chromium: "Browser") -> Iterator["Page"]:
    need("qti-player")
    page = chromium.new_page()
    page.set_content("<!doctype html><title>QTI</title>")
    page.add_script_tag(content=QTI_PLAYER.read_text(encoding="utf-8"))
    yield page
    page.close()


def responses(raw: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the right response to an item, and a wrong one."""
    right: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for node in etree.fromstring(raw).iter("{*}responseDeclaration"):
        name, single = node.get("identifier"), node.get("cardinality") == "single"
        values = [value.text for value in node.iter("{*}value")]
        right[name] = values[0] if single else values
        kind = node.get("baseType")
        if kind == "float":
            wrong[name] = str(float(values[0]) + 1e6)
        elif kind == "string":
            wrong[name] = "no such answer"
        elif kind == "identifier" and single:
            prefix = values[0][0]
            wrong[name] = next(f"{prefix}{n}" for n in range(1, 9) if f"{prefix}{n}" != values[0])
        elif node.get("cardinality") == "ordered":
            wrong[name] = [*values[1:], values[0]]
        else:
            wrong[name] = []
    return right, wrong


def test_it_shows_and_scores_every_kind(
    package: Package, items: dict[str, bytes], page: "Page"
) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    kinds = set()
    for item in package.items:
        raw = items[item.identifier]
        xml = str(upgrade_qti2_to_qti3(raw.decode()))
        assert page.evaluate(_SHOW, xml).strip(), item.name
        if isinstance(item.asks, Essay):
            continue
        right, wrong = responses(raw)
        outcomes = page.evaluate(_SCORE, right)
        assert float(outcomes["SCORE"]) == pytest.approx(item.points, abs=1e-3), item.name
        assert outcomes["REASON"] == "reason"
        page.evaluate(_SHOW, xml)
        outcomes = page.evaluate(_SCORE, wrong)
        assert float(outcomes["SCORE"] or 0) < item.points, item.name
        kinds.add(item.form.kind)
    assert kinds >= {"single", "multiple", "numeric", "text", "date", "gaps", "order", "match"}
    assert kinds >= {"classify", "place", "point"}
    assert faults == []
    # The sample holds HTML in its texts, which must be no HTML here.
    assert page.evaluate("window.hacked") is None


def first(package: Package, name: str) -> Item:
    return next(item for item in package.items if item.name == name)


def test_a_student_answers_by_mouse_and_keyboard_and_is_told_why(
    package: Package, items: dict[str, bytes], page: "Page"
) -> None:
    item = first(package, "99.first")
    page.evaluate(_SHOW, str(upgrade_qti2_to_qti3(items[item.identifier].decode())))
    page.get_by_text("Albania", exact=True).click()
    outcomes = page.evaluate(_SCORE, {})
    assert float(outcomes["SCORE"]) == 0
    page.get_by_text("It came later.").wait_for()
    page.evaluate(_SHOW, str(upgrade_qti2_to_qti3(items[item.identifier].decode())))
    page.get_by_text("Romania", exact=True).click()
    assert float(page.evaluate(_SCORE, {})["SCORE"]) == item.points

    item = first(package, "99.count")
    page.evaluate(_SHOW, str(upgrade_qti2_to_qti3(items[item.identifier].decode())))
    right, _ = responses(items[item.identifier])
    page.locator("qti-text-entry-interaction input").press_sequentially(right["RESPONSE"])
    assert float(page.evaluate(_SCORE, {})["SCORE"]) == item.points
