"""Every target writes all chapters: quickly, twice the same, sound, and told where it differs."""

import io
import re
import time
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from environment import ROOT
from lxml import etree
from moodle_xml_parser.parser import parse_bytes

from pfp_course.export.lms import targets
from pfp_course.export.lms.model import Package
from pfp_course.export.lms.render import picture
from pfp_course.questions.interactions import Choose

SCHEMAS = ROOT.parent / "shared" / "schemas"
OURS = ("cc", "gift", "moodle-xml", "qti12", "qti21")
Written = dict[str, tuple[dict[str, bytes], list[str]]]


@pytest.fixture(scope="module")
def written(whole: Package) -> Written:
    """The files and the report of each target."""
    found = {}
    for name in OURS:
        target = targets()[name](whole)
        files = target.files()
        found[name] = files, list(target.report.lines(whole=True))
    return found


def members(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, content in files.items():
        if not name.endswith((".zip", ".imscc")):
            yield name, content
            continue
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member, archive.read(member)


def test_each_target_writes_all_chapters_twice_the_same_and_within_seconds(
    whole: Package, written: Written
) -> None:
    picture.cache_clear()
    begin = time.process_time()
    for name in OURS:
        assert targets()[name](whole).files() == written[name][0], name
    # The promise is 60 seconds for all of them on two processors; this is the part of writing.
    assert time.process_time() - begin < 40


@pytest.mark.parametrize("name", OURS)
def test_every_question_is_in_the_file_or_told(name: str, whole: Package, written: Written) -> None:
    files, report = written[name]
    text = "\n".join(
        content.decode() for member, content in members(files) if not member.endswith(".png")
    )
    left_out = "\n".join(line for line in report if line.startswith("left out"))
    absent = {item.name for item in whole.items if item.identifier not in text}
    assert all(re.search(rf"[ :]{re.escape(one)}\b", left_out) for one in absent), absent
    assert "exercises in Python" in left_out


@pytest.mark.parametrize("name", OURS)
def test_nothing_in_it_runs_as_a_script_and_names_are_plain(name: str, written: Written) -> None:
    for member, content in members(written[name][0]):
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", member), member
        assert not member.startswith("/")
        assert ".." not in member
        if member.endswith((".xml", ".html", ".gift")):
            text = content.decode().lower()
            assert "<script" not in text
            assert not re.search(r"(<|&lt;)[a-z][^<>&]* on[a-z]+ *=", text), member


def schema(path: str) -> Any:
    file = SCHEMAS / path
    if not file.is_file():
        pytest.skip(f"{path} is not here: the schemas are no part of the project")
    return _schema(file)


@cache
def _schema(file: Path) -> Any:
    return etree.XMLSchema(etree.parse(str(file)))


@pytest.mark.parametrize(
    ("name", "pattern", "path"),
    [
        ("qti21", r"(items|tests)/.*\.xml", "qti21/qtiv2p1/imsqti_v2p1.xsd"),
        ("qti21", r"imsmanifest\.xml", "qti21/imscp_v1p1.xsd"),
        ("qti12", r".*-(text|quiz)\.xml", "qti12/ims_qtiasiv1p2.xsd"),
        ("qti12", r"imsmanifest\.xml", "qti21/imscp_v1p1.xsd"),
        ("cc", r".*/(assessment|bank)\.xml", "qti12/ccv1p1_qtiasiv1p2p1_v1p0.xsd"),
    ],
)
def test_every_file_holds_to_its_schema(
    name: str, pattern: str, path: str, written: Written
) -> None:
    sound = schema(path)
    count = 0
    for member, content in members(written[name][0]):
        if re.fullmatch(pattern, member):
            count += 1
            assert sound.validate(etree.fromstring(content)), (member, sound.error_log[0])
    assert count


@pytest.mark.parametrize("name", ["qti21", "qti12", "cc"])
def test_a_package_lists_all_its_files_and_nothing_else(name: str, written: Written) -> None:
    held = dict(members(written[name][0]))
    manifest = etree.fromstring(held["imsmanifest.xml"])
    files = {node.get("href") for node in manifest.iter("{*}file")}
    assert files == set(held) - {"imsmanifest.xml"}
    ids = [node.get("identifier") for node in manifest.iter("{*}resource")]
    assert len(ids) == len(set(ids))
    needed = {node.get("identifierref") for node in manifest.iter("{*}dependency", "{*}item")}
    assert needed - {None} <= set(ids)
    for content in held.values():
        for picture_file in re.findall(rb"images/([0-9a-f]{16}\.png)", content):
            assert f"images/{picture_file.decode()}" in held


def test_another_reader_of_moodle_xml_finds_the_choices_and_their_weights(
    whole: Package, written: Written
) -> None:
    [content] = written["moodle-xml"][0].values()
    read = {question.name: question for question in parse_bytes(content)["multichoice"]}
    asked = [item for item in whole.items if isinstance(item.asks, Choose)]
    assert len(read) == len(asked) > 50
    for item in asked:
        assert isinstance(item.asks, Choose)
        options = read[item.title].options
        fractions = [option.score_fraction for option in options]
        # It reads whole numbers of percent.
        assert fractions == pytest.approx([100 * one.share for one in item.asks.options], abs=1)


def test_moodle_has_a_category_for_each_chapter_and_one_for_the_variants_of_a_question(
    whole: Package, written: Written
) -> None:
    [content] = written["moodle-xml"][0].values()
    root = etree.fromstring(content)
    paths = [node.text for node in root.findall("question/category/text")]
    varied = {item.name for item in whole.items if item.variants > 1}
    assert len(paths) == len(set(paths)) == len(whole.sections) + len(varied)
    numbers = [node.text for node in root.findall("question/idnumber")]
    assert len(numbers) == len(set(numbers))
    assert {node.text for node in root.findall("question/tags/tag/text")} == {
        item.form.objective for item in whole.items
    }


def test_a_cartridge_links_the_chapters_of_the_published_book(written: Written) -> None:
    held = dict(members(written["cc"][0]))
    links = [content.decode() for name, content in held.items() if name.startswith("links/")]
    assert len(links) == 14
    stem = next((ROOT / "notebooks").glob("02-*.ipynb")).stem
    assert any(f'href="https://example.org/pfp/notebooks/{stem}.html"' in link for link in links)
