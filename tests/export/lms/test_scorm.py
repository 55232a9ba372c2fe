"""SCORM packages: valid manifests, pages that stand alone, and what a system is told."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from courses import COURSE
from environment import ROOT
from lxml import etree

from pfp_course.chapters import chapter, chapters
from pfp_course.cli.export import chosen
from pfp_course.deploy.checks import problems
from pfp_course.errors import CourseError
from pfp_course.export.lms import targets
from pfp_course.export.lms.model import Package
from pfp_course.export.lms.scorm_questions import Version
from pfp_course.questions.exercises import PREFIX

SCHEMAS = ROOT.parent / "shared" / "schemas"
NUMBERS = [chapter.number for chapter in chapters(COURSE)]
VERSIONS: tuple[Version, ...] = ("1.2", "2004")
NAMES = {"1.2": "scorm12", "2004": "scorm2004"}


@pytest.fixture(scope="module")
def packages(book: Path, whole: Package) -> dict[str, dict[str, dict[str, bytes]]]:
    """The files of the packages of all chapters, by version and number."""
    made: dict[str, dict[str, dict[str, bytes]]] = {}
    for version in VERSIONS:
        files = targets()[NAMES[version]](whole).files()
        assert len(files) == len(NUMBERS)
        made[version] = {}
        for number, content in zip(NUMBERS, files.values(), strict=True):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                made[version][number] = {name: archive.read(name) for name in archive.namelist()}
    return made


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Version], etree.XMLSchema]:
    """The schemas of a version, as libxml2 can read them."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"the schemas of SCORM are not here: {SCHEMAS}")
    folder = tmp_path_factory.mktemp("schemas")
    for name in ("scorm12", "scorm2004"):
        shutil.copytree(SCHEMAS / name, folder / name)
    # It takes no schema whose default namespace is that of XML, and none that is ambiguous.
    for name, wrong, right in (
        ("ims_xml.xsd", ' xmlns="http://www.w3.org/XML/1998/namespace"', ""),
        ("imsmd_rootv1p2p1.xsd", "##any", "##other"),
    ):
        path = folder / "scorm12" / name
        text = path.read_text(encoding="utf-8")
        assert wrong in text
        path.write_text(text.replace(wrong, right), encoding="utf-8")
    parts = {
        "1.2": ["imscp_rootv1p1p2", "adlcp_rootv1p2", "imsmd_rootv1p2p1"],
        "2004": ["imscp_v1p1", "adlcp_v1p3", "imsss_v1p0", "adlseq_v1p3", "adlnav_v1p3"],
    }

    def schema(version: Version) -> etree.XMLSchema:
        paths = [folder / NAMES[version] / f"{name}.xsd" for name in parts[version]]
        spaces = [etree.parse(path).getroot().get("targetNamespace") for path in paths]
        imports = "".join(
            f'<xs:import namespace="{space}" schemaLocation="{path.as_uri()}"/>'
            for space, path in zip(spaces, paths, strict=True)
        )
        xs = "http://www.w3.org/2001/XMLSchema"
        return etree.XMLSchema(
            etree.fromstring(f'<xs:schema xmlns:xs="{xs}">{imports}</xs:schema>')
        )

    return schema


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid(
    packages: dict[str, Any], schemas: Callable[[Version], etree.XMLSchema], version: Version
) -> None:
    schema = schemas(version)
    for files in packages[version].values():
        manifest = etree.fromstring(files["imsmanifest.xml"])
        assert schema.validate(manifest), schema.error_log


@pytest.mark.parametrize("version", VERSIONS)
def test_a_manifest_lists_every_file_and_none_lies_outside(
    packages: dict[str, Any], version: Version
) -> None:
    for number, files in packages[version].items():
        manifest = etree.fromstring(files["imsmanifest.xml"])
        [resource] = manifest.findall(".//{*}resource")
        listed = [file.get("href") for file in resource.findall("{*}file")]
        assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"})
        assert resource.get("href") == "index.html"
        for name in files:
            path = PurePosixPath(name)
            assert not path.is_absolute()
            assert ".." not in path.parts
            assert re.fullmatch(r"[\w./-]+", name), "a name that a system may refuse"
        [item] = manifest.findall(".//{*}item")
        assert item.get("identifierref") == resource.get("identifier")
        assert item.findtext("{*}title") == chapters(COURSE)[int(number) - 1].heading
        assert b"CC BY 4.0" in files["imsmanifest.xml"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_link_of_a_page_leads_somewhere_and_nothing_is_fetched_from_elsewhere(
    packages: dict[str, Any], tmp_path: Path, version: Version
) -> None:
    # Both versions have the same pages; the second is looked at in some of them.
    for number in NUMBERS if version == "1.2" else NUMBERS[::6]:
        for name, content in packages[version][number].items():
            path = tmp_path / number / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        assert problems(tmp_path / number) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_a_page_asks_every_question_that_is_reported_of_it(
    packages: dict[str, Any], number: str
) -> None:
    text = packages["1.2"][number]["index.html"].decode()
    told = json.loads(_between(text, 'id="pfp-lms-data">', "</script>"))
    asked: dict[str, set[str]] = {}
    for spec in re.findall(r'class="pfp-quiz-data">(.*?)</script>', text, re.DOTALL):
        for one in json.loads(spec)["questions"]:
            if one["id"].startswith(PREFIX):
                continue  # an exercise, which is practice
            forms = one.get("variants", [one])
            asked.setdefault(one["id"], set()).update(form["fingerprint"] for form in forms)
    assert {one["name"] for one in told["questions"]} == set(asked)
    assert all(one["fingerprint"] in asked[one["name"]] for one in told["questions"])
    assert "<h2>Terms of this chapter</h2>" in text
    assert '<a class="reference internal" href="#terms-of-this-chapter">' in text
    assert 'href="#cite-' in text
    assert "pfp-run" not in text
    # Another page of the book is read where the book is published.
    assert 'href="https://example.org/pfp/book/data.html#data-' in text


def test_the_same_course_gives_the_same_bytes_and_without_an_address_links_become_text(
    book: Path,
) -> None:
    package = chosen(["3"], COURSE)
    for name in NAMES.values():
        one, other = (targets()[name](package).files() for _ in range(2))
        assert one == other
    [content] = one.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        page = archive.read("index.html").decode()
    tables = ", ".join(f"<code>{name}</code>" for name in chapter("03", COURSE).data)
    assert f"<dd>{tables}</dd>" in page


def test_a_package_holds_a_whole_chapter_of_the_book(tmp_path: Path) -> None:
    course = COURSE
    with pytest.raises(CourseError, match="Name the chapter in place of its question: 3"):
        targets()["scorm12"](chosen(["3.flow"], course)).check()
    bank = tmp_path / "mine.yml"
    bank.write_bytes(course.bank("03").read_bytes())
    with pytest.raises(CourseError, match=r"mine\.yml is no chapter of the book"):
        targets()["scorm2004"](chosen([str(bank)], course)).check()


def test_what_a_package_cannot_say_is_in_its_report(book: Path) -> None:
    target = targets()["scorm12"](chosen(["3"], COURSE))
    target.files()
    lines = "\n".join(target.report.lines())
    assert "its first 255 characters are reported, as neutral" in lines
    assert "changed: exercises in Python: the page asks what the code would give" in lines
    assert "the other pages of the book" in lines
    assert "03.judge" in lines


def _between(text: str, begin: str, end: str) -> str:
    start = text.index(begin) + len(begin)
    return text[start : text.index(end, start)]
