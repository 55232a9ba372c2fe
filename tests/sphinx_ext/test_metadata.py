"""Others find a page, know what it holds, and can name it."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import rdflib.namespace as vocabulary
from environment import ROOT
from PIL import Image

from pfp_course.chapters import chapter, chapters
from pfp_course.course import Author, default_course
from pfp_course.data import load, package
from pfp_course.sphinx_ext import linked_data
from pfp_course.sphinx_ext.cite_this import Work
from pfp_course.sphinx_ext.metadata import (
    PREVIEW_SIZE,
    describe,
    draw_previews,
    last_changes,
    robots,
    shortened,
    sitemap,
    title_of,
)
from pfp_course.sphinx_ext.settings import address, problem

BASE = "https://example.org/course/"
WORK = Work(
    title="Peace: a course",
    authors=(Author("Some authors"),),
    version="1.2.3",
    released=date(2027, 1, 31),
    abstract="About peace.",
    licences=("CC-BY-4.0",),
    keywords=("peace",),
)


COURSE = default_course()


def site(base: str) -> linked_data.Site:
    return linked_data.Site(base, "book/data", WORK)


def things(value: Any) -> Iterator[dict[str, Any]]:
    """Return every thing of linked data, those inside others too."""
    if isinstance(value, list):
        for one in value:
            yield from things(one)
    elif isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from things(inner)


def on_page(path: Path) -> Any:
    found = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', path.read_text("utf-8"), re.DOTALL
    )
    assert len(found) <= 1, path
    return json.loads(found[0]) if found else None


def meta(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page)
    return {name: html.unescape(content) for name, content in found}


def everything(base: str) -> list[dict[str, Any]]:
    tables = [*package(COURSE).tables.values(), *package(COURSE).files.values()]
    return [
        linked_data.describe_course(site(base), chapters(COURSE)),
        *(linked_data.describe_chapter(site(base), one, tables[:2]) for one in chapters(COURSE)),
        *(linked_data.describe_table(site(base), table, "All", COURSE) for table in tables),
    ]


@pytest.mark.parametrize("base", ["", BASE])
def test_linked_data_uses_the_words_of_schema_org_alone(base: str) -> None:
    for thing in things(everything(base)):
        words = {thing["@type"], *(name for name in thing if not name.startswith("@"))}
        assert {word for word in words if word not in vocabulary.SDO} == set()


def test_without_an_address_no_place_of_the_book_is_named() -> None:
    for thing in things(everything("")):
        assert not {"@id", "contentUrl"} & set(thing)
        if thing["@type"] in ("Course", "LearningResource", "Dataset"):
            assert "url" not in thing


def test_with_an_address_every_place_is_absolute_and_every_reference_is_answered() -> None:
    made = everything(BASE)
    for thing in things(made):
        for name in ("@id", "url", "contentUrl"):
            assert str(thing.get(name, "https://")).startswith(("https://", "http://")), thing
    defined = {thing["@id"] for thing in made}
    assert {thing["@id"] for thing in things(made) if "@id" in thing} <= defined


def test_a_course_says_what_a_search_engine_asks_of_it() -> None:
    course = linked_data.describe_course(site(BASE), chapters(COURSE))
    for name in ("name", "description", "provider", "offers", "hasCourseInstance", "license"):
        assert course[name], name
    assert course["offers"]["category"] == "Free"
    assert course["hasCourseInstance"]["courseMode"]
    minutes = sum(one.minutes for one in chapters(COURSE))
    assert course["hasCourseInstance"]["courseWorkload"] == f"PT{minutes // 60}H" + (
        f"{minutes % 60}M" if minutes % 60 else ""
    )
    assert [part["position"] for part in course["hasPart"]] == [
        int(c.number) for c in chapters(COURSE)
    ]


def test_a_chapter_says_its_time_its_objectives_and_its_data() -> None:
    one = chapter("02", COURSE)
    thing = linked_data.describe_chapter(site(BASE), one, [package(COURSE).table("tools")])
    time = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", thing["timeRequired"])
    assert time is not None
    hours, minutes = time.groups("0")
    assert 60 * int(hours) + int(minutes) == one.minutes
    assert thing["teaches"] == list(one.objectives.values())
    assert thing["isPartOf"]["@id"] == f"{BASE}#course"
    assert thing["isBasedOn"]["url"] == f"{BASE}book/data.html#data-tools"


def test_each_table_is_a_data_set_with_its_own_licence_and_file() -> None:
    for table in package(COURSE).tables.values():
        thing = linked_data.describe_table(site(BASE), table, "All", COURSE)
        assert 50 <= len(thing["description"]) <= 5000, table.name
        licence = thing["license"]
        assert licence == (table.licences[0].path or table.licences[0].title)
        assert thing["distribution"]["contentUrl"] == f"{BASE}data/{table.path.name}"
        assert thing["distribution"]["encodingFormat"] == "text/csv"
        named = [one["name"] for one in things(thing["variableMeasured"])]
        assert named == [field.name for field in table.fields]


def test_the_years_of_a_table_are_counted_from_its_rows() -> None:
    years = load("democracy")["year"]
    table = package(COURSE).table("democracy")
    assert linked_data.coverage(table, COURSE) == f"{years.min()}/{years.max()}"
    assert linked_data.coverage(package(COURSE).table("further_reading"), COURSE) == ""
    assert linked_data.coverage(package(COURSE).table("glossary"), COURSE) == ""


def test_a_text_of_the_data_cannot_end_the_script() -> None:
    script = linked_data.as_script({"name": "</script><b>"})
    assert script.count("</script>") == 1
    assert json.loads(script.partition(">")[2].removesuffix("</script>"))["name"] == (
        "</script><b>"
    )


def test_a_title_fits_and_a_description_ends_at_a_clause() -> None:
    assert title_of("One", "Peace") == "One · Peace"
    assert title_of("x" * 58, "Peace") == "x" * 58
    long = "One clause of some length that says a good deal of what is here, " * 4
    assert shortened(long).endswith("what is here…")
    assert len(shortened(long)) <= 160
    assert len(shortened("word" * 100)) <= 160
    assert describe(["Short.", "Then a longer sentence that tells what the page is for."]) == (
        "Short. Then a longer sentence that tells what the page is for."
    )


@pytest.mark.parametrize(
    ("base", "right"),
    [
        ("", True),
        ("https://example.org", True),
        ("https://example.org/course/", True),
        ("example.org/course", False),
        ("ftp://example.org/", False),
        ("https://example.org/?a=1", False),
    ],
)
def test_an_address_that_is_none_is_refused(base: str, right: bool) -> None:
    assert (problem(base) == "") == right


def test_pages_and_files_have_addresses_under_the_base() -> None:
    assert address("", "book/data") == ""
    assert address(BASE) == BASE
    assert address(BASE, "book/data") == f"{BASE}book/data.html"
    assert address(BASE, "data/tools.csv") == f"{BASE}data/tools.csv"


def test_the_sitemap_lists_every_page_once() -> None:
    tree = ElementTree.fromstring(
        sitemap(BASE, ["index", "book/a&b"], {"index": date(2027, 1, 31)})
    )
    found = [one.text for one in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert sorted(map(str, found)) == [BASE, f"{BASE}book/a&b.html"]
    assert f"Sitemap: {BASE}sitemap.xml" in robots(BASE)
    assert "Sitemap" not in robots("")


def test_every_picture_is_small_and_of_the_size_the_networks_ask_for(tmp_path: Path) -> None:
    draw_previews(tmp_path, chapters(COURSE), COURSE)
    made = sorted((tmp_path / "previews").iterdir())
    assert len(made) == len(chapters(COURSE)) + 1
    for path in made:
        assert path.stat().st_size < 40_000, path
        with Image.open(path) as picture:
            assert picture.size == PREVIEW_SIZE
            # A title was drawn: more than paper and rules stands in its place.
            assert len(set(picture.crop((80, 190, 700, 340)).convert("L").tobytes())) > 5


def test_every_page_has_a_good_title_and_description_of_its_own(book: Path) -> None:
    titles, descriptions = [], []
    for path in sorted(book.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        (title,) = re.findall(r"<title>(.*?)</title>", page.partition("</head>")[0])
        title = html.unescape(title)
        assert 5 <= len(title) <= 60, (path, title)
        titles.append(title)
        if meta(page).get("robots") == "noindex":
            continue
        text = meta(page)["description"]
        assert 50 <= len(text) <= 160, (path, text)
        assert meta(page)["og:description"] == text
        descriptions.append(text)
    assert len(set(titles)) == len(titles)
    assert len(set(descriptions)) == len(descriptions)
    assert len(descriptions) > len(chapters(COURSE))


def test_the_pages_hold_the_linked_data_of_what_they_show(book: Path) -> None:
    kinds = {
        str(path.relative_to(book)): linked.get("@type", "graph")
        for path in book.rglob("*.html")
        if (linked := on_page(path))
    }
    of_chapters = {
        f"notebooks/{one.notebook.stem}.html": "LearningResource" for one in chapters(COURSE)
    }
    assert kinds == {"index.html": "Course", "book/data.html": "graph", **of_chapters}
    described = on_page(book / "book" / "data.html")["@graph"]
    assert len(described) == len(package(COURSE).tables) + len(package(COURSE).files)


def test_every_table_can_be_fetched_as_a_file(book: Path) -> None:
    page = (book / "book" / "data.html").read_text(encoding="utf-8")
    for table in (*package(COURSE).tables.values(), *package(COURSE).files.values()):
        assert f'href="../data/{table.path.name}"' in page
        assert (book / "data" / table.path.name).read_bytes() == table.path.read_bytes()
    assert json.loads((book / "data" / "datapackage.json").read_text("utf-8"))["resources"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A book of its landing page, one chapter and the references."""
    for name in ("_config.yml", "course.toml", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("book/assets", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    files = ["notebooks/02-thirty-four-signatures", "book/data", "refs"]
    listed = "".join(f"- file: {name}\n" for name in files)
    (tmp_path / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{listed}")
    (tmp_path / "index.md").write_text("# One\n\nA landing page of a book that is very small.\n")
    (tmp_path / "refs.md").write_text("# References\n\n```{references}\n```\n")
    shutil.copy(ROOT / "book" / "data.md", tmp_path / "book")
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A chapter\n\n*So.*"}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    content = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks").mkdir()
    (tmp_path / f"{files[0]}.ipynb").write_text(json.dumps(content))
    return tmp_path


def build(folder: Path, base: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            *(sys.executable, "-c", "from pfp_course.cli import app; app()"),
            *("build", str(folder), "--base", base),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
    )


@pytest.mark.slow
def test_with_an_address_pages_are_canonical_have_pictures_and_are_listed(small: Path) -> None:
    result = build(small, BASE.rstrip("/"))
    assert result.returncode == 0, result.stdout + result.stderr
    built = small / "_build" / "html"
    names = ["index.html", "book/data.html", "refs.html"]
    names.append("notebooks/02-thirty-four-signatures.html")
    listed = re.findall("<loc>(.*?)</loc>", (built / "sitemap.xml").read_text("utf-8"))
    wanted = {BASE if name == "index.html" else BASE + name for name in names}
    assert set(listed) == wanted
    for name in names:
        page = (built / name).read_text(encoding="utf-8")
        (canonical,) = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
        assert canonical in wanted
        assert meta(page)["og:url"] == canonical
        picture = meta(page)["og:image"]
        assert (built / picture.removeprefix(BASE)).is_file()
        assert ("02.png" in picture) == name.startswith("notebooks/")
        assert meta(page)["twitter:card"] == "summary_large_image"
    assert "canonical" not in (built / "search.html").read_text("utf-8")


@pytest.mark.slow
def test_an_address_without_its_scheme_stops_the_build(small: Path) -> None:
    result = build(small, "example.org/course")
    assert result.returncode == 1
    assert "html.baseurl is 'example.org/course'" in result.stdout + result.stderr


def test_a_book_without_an_address_names_none(book: Path) -> None:
    if (book / "sitemap.xml").is_file():
        pytest.skip("this book was built for an address")
    for path in book.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert 'rel="canonical"' not in page
        assert not {"og:url", "og:image"} & set(meta(page))


TODAY = date(2027, 3, 4)


def git(folder: Path, *words: str, day: str = "") -> None:
    variables = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    options = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", "-C", str(folder), *options, *words],
        check=True,
        capture_output=True,
        env={**os.environ, **(variables if day else {})},
    )


@pytest.mark.parametrize("inside", ["", "courses/mine"])
def test_the_day_is_that_of_the_last_change_of_any_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    root = tmp_path / inside
    root.mkdir(parents=True, exist_ok=True)
    pages = {name: root / f"{name}.md" for name in ("one", "two", "three", "Кіріспе")}
    bank = root / "bank.yml"
    git(tmp_path, "init", "--quiet")
    for path in (*pages.values(), bank):
        path.write_text("a")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "all", day="2027-01-01")
    bank.write_text("b")
    git(tmp_path, "commit", "--quiet", "-am", "bank", day="2027-02-02")
    pages["three"].write_text("b")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1804118400")
    sources = {name: [path] for name, path in pages.items()}
    sources["two"].append(bank)
    sources["new"] = [root / "new.md"]
    assert last_changes(root, sources) == {
        "one": date(2027, 1, 1),
        "two": date(2027, 2, 2),
        "three": TODAY,
        "Кіріспе": date(2027, 1, 1),
    }


def test_without_git_no_day_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert last_changes(tmp_path, {"one": [tmp_path / "one.md"]}) == {}
    monkeypatch.setenv("PATH", "")
    assert last_changes(tmp_path, {"one": [tmp_path / "one.md"]}) == {}


def test_a_known_day_stands_in_the_list_as_the_protocol_wants_it() -> None:
    text = sitemap("https://example.org/", ["one", "two"], {"one": TODAY})
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    told = {
        str(url.findtext(f"{space}loc")): url.findtext(f"{space}lastmod")
        for url in ElementTree.fromstring(text)
    }
    assert told == {
        "https://example.org/one.html": "2027-03-04",
        "https://example.org/two.html": None,
    }
