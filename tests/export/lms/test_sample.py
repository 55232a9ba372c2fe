"""Every kind of question in every target, with texts that would do harm as HTML."""

import io
import zipfile
from dataclasses import replace

import pytest
from environment import ROOT
from lxml import etree

from pfp_course.export.export_tables import survey
from pfp_course.export.lms import Report, targets
from pfp_course.export.lms.model import Package, safe_name
from pfp_course.export.lms.reduction import Feature, as_text, features_of, reduced
from pfp_course.questions.interactions import (
    Arrange,
    Choose,
    Essay,
    Fill,
    Option,
    Range,
    WriteNumber,
    WriteText,
)

OURS = ("cc", "gift", "moodle-xml", "qti12", "qti21")
SCHEMAS = ROOT.parent / "shared" / "schemas"
SCHEMA = {
    "qti21": ("items/", "qti21/qtiv2p1/imsqti_v2p1.xsd"),
    "qti12": ("bank-99-", "qti12/ims_qtiasiv1p2.xsd"),
    "cc": ("bank-99-", "qti12/ccv1p1_qtiasiv1p2p1_v1p0.xsd"),
}


def texts(package: Package, name: str) -> dict[str, str]:
    found = {}
    for file, content in targets()[name](package).files().items():
        if not file.endswith((".zip", ".imscc")):
            return {file: content.decode()}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                if member.endswith((".xml", ".html")):
                    found[member] = archive.read(member).decode()
    return found


@pytest.mark.parametrize("name", OURS)
def test_html_of_a_text_stays_text(name: str, sample: Package) -> None:
    shown = "".join(texts(sample, name).values())
    assert "<script" not in shown
    assert "<img src=x" not in shown
    parsed = [
        etree.fromstring(text.encode())
        for file, text in texts(sample, name).items()
        if file.endswith(".xml")
    ]
    for root in parsed:
        for node in root.iter("{*}text", "{*}mattext"):
            if node.text and "<" in node.text:
                html = etree.fromstring(f"<div>{node.text}</div>")
                assert not list(html.iter("script"))
                assert all(one.get("src", "").startswith(("$", "@@")) for one in html.iter("img"))
                assert not any(key.startswith("on") for one in html.iter() for key in one.attrib)


@pytest.mark.parametrize("name", SCHEMA)
def test_every_kind_holds_to_the_schema(name: str, sample: Package) -> None:
    begin, path = SCHEMA[name]
    if not (SCHEMAS / path).is_file():
        pytest.skip(f"{path} is not here: the schemas are no part of the project")
    sound = etree.XMLSchema(etree.parse(str(SCHEMAS / path)))
    count = 0
    for member, text in texts(sample, name).items():
        if member.startswith(begin) and "meta" not in member:
            count += 1
            assert sound.validate(etree.fromstring(text.encode())), (member, sound.error_log[0])
    assert count


def told(package: Package, name: str) -> dict[str, list[str]]:
    target = targets()[name](package)
    target.files()
    found: dict[str, list[str]] = {}
    for note, names in target.report.found.items():
        for one in names:
            found.setdefault(one, []).append(note.what)
    return found


def test_moodle_xml_and_qti_2_1_ask_every_kind_as_it_is(sample: Package) -> None:
    for name in ("moodle-xml", "qti21"):
        target = targets()[name](sample)
        for item in sample.items:
            assert [one.identifier for one in target.sayable(item)] == [item.identifier]


def test_a_target_reduces_what_it_cannot_ask_and_tells_it(sample: Package) -> None:
    items = {item.name.partition(".")[2]: item for item in sample.items}
    said: list[str] = []

    def tell(item: object, what: str, instead: str, *, left_out: bool = False) -> None:
        said.append(what)

    only = frozenset({Choose})
    places = list(reduced(items["order"], only, tell))
    assert len(places) == len(items["order"].form.as_json()["items"])
    assert sum(one.points for one in places) == pytest.approx(items["order"].points, abs=1e-3)
    assert len({one.identifier for one in places}) == len(places)
    assert all(isinstance(one.asks, Choose) for one in places)
    pairs = list(reduced(items["match"], only, tell))
    assert [one.asks.options for one in pairs if isinstance(one.asks, Choose)]
    [picked] = reduced(items["place"], only, tell)
    assert "](data:image/png;base64," in picked.form.ask
    assert list(reduced(items["open"], only, tell)) == []
    gaps = list(reduced(items["gaps"], frozenset({Choose, WriteText}), tell))
    assert [type(one.asks) for one in gaps] == [WriteText, WriteText, WriteText, Choose]
    assert sum(one.points for one in gaps) == pytest.approx(items["gaps"].points, abs=1e-3)
    assert set(said) >= {
        "putting things into their order",
        "matching items with options",
        "picking in a picture",
        "a text that a person marks",
        "several gaps in one text",
        "a number within a tolerance",
    }


def test_a_number_as_text_accepts_what_lies_within_its_tolerance() -> None:
    asks = WriteNumber((Range(9.0, 11.0, 1.0, "", value=10.0),), "km", "No.", "10 km")
    answers = {one.text for one in as_text(asks).answers}
    assert answers >= {"10", "9", "11", "10 km", "9 km"}
    assert "12" not in answers


def test_features_are_found_also_within_gaps(sample: Package) -> None:
    gaps = next(item for item in sample.items if isinstance(item.asks, Fill))
    assert {Feature.number, Feature.spelling, Feature.date} <= set(features_of(gaps))
    order = next(item for item in sample.items if isinstance(item.asks, Arrange))
    assert Feature.order_share in features_of(order)


def test_every_target_tells_of_a_part_of_the_points_that_it_cannot_give(sample: Package) -> None:
    item = next(item for item in sample.items if item.name == "99.first")
    options = (Option("A", 1.0), Option("B", 0.35), Option("C", 0.0))
    odd = replace(item, asks=Choose(options))
    section = replace(sample.sections[0], items=(odd,))
    package = replace(sample, sections=(section,))
    moodle = "a part of the points that Moodle does not know"
    assert moodle in told(package, "moodle-xml")["99.first"]
    assert moodle in told(package, "gift")["99.first"]
    for name in ("qti12", "cc"):
        assert Feature.weights.what in told(package, name)["99.first"]
    assert Feature.weights.what not in told(package, "qti21")["99.first"]


def test_a_kind_that_does_not_say_how_it_is_exported_is_an_essay_with_its_solution(
    sample: Package,
) -> None:
    item = next(item for item in sample.items if item.form.kind == "single")
    essay = replace(item, asks=Essay(known=tuple(item.form.solution())))
    package = replace(sample, sections=(replace(sample.sections[0], items=(essay,)),))
    assert 'type="essay"' in "".join(texts(package, "moodle-xml").values())
    for name in OURS:
        assert item.form.solution()[0] in "".join(texts(package, name).values())


def test_the_report_joins_questions_and_shortens_them_on_the_screen() -> None:
    report = Report()
    for number in range(9):
        report.tell("single", f"01.q{number}", "a thing", "nothing")
    report.tell("open", "01.essay", "a text", "it is not in the file", left_out=True)
    first, second = report.lines()
    assert first.startswith("left out: a text: it is not in the file. (1: 01.essay)")
    assert second.endswith("01.q5 and 3 more)")
    assert "01.q8" in list(report.lines(whole=True))[1]


def test_names_of_files_and_identifiers_are_plain() -> None:
    assert safe_name("../My exam: №1") == "My-exam-1"
    assert safe_name("Экзамен") == "x"


def test_the_tables_of_the_book_name_every_kind_and_target(sample: Package) -> None:
    found = survey(sample.course)
    assert set(OURS) <= set(found.targets)
    assert set(found.kinds) == {item.form.kind for item in sample.items}
    assert found.notes["qti21", "single"] == ()
    assert any(note.left_out is False for note in found.notes["gift", "gaps"])
    assert len(found.numbered()) > 8
