"""Versions stand beside each other, and a folder is replaced as a whole or not at all."""

import json
import os
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from deploy.conftest import write_book

from pfp_course.course import Author
from pfp_course.deploy.site import assemble, replace_folder, without_version
from pfp_course.deploy.versions import Catalogue, read_catalogue, version_key
from pfp_course.errors import CourseError
from pfp_course.sphinx_ext.cite_this import Work, bibtex, box, in_words, ris

DAY = date(2027, 1, 31)
BASE = "https://example.org/course/"


def publish(
    site: Path, book: Path, version: str, base: str = BASE, files: tuple[Path, ...] = ()
) -> Catalogue:
    def make(new: Path, old: Path | None) -> Catalogue:
        return assemble(new, old, book, version=version, base=base, day=DAY, downloads=files)

    return replace_folder(site, make, project=site.parent / "project")


def drop(site: Path, version: str, base: str = BASE) -> Catalogue:
    def make(new: Path, old: Path | None) -> Catalogue:
        assert old is not None
        return without_version(new, old, version=version, base=base)

    return replace_folder(site, make, project=site.parent / "project")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def read(site: Path, name: str) -> str:
    return (site / name).read_text(encoding="utf-8")


def canonical(site: Path, name: str) -> str:
    found = re.findall(r'<link rel="canonical" href="([^"]+)">', read(site, name))
    assert len(found) <= 1
    return str(found[0]) if found else ""


@pytest.fixture
def site(tmp_path: Path, small_book: Path) -> Path:
    """Two versions; the older one has a page more."""
    site = tmp_path / "site"
    publish(site, small_book, "1.9")
    publish(site, write_book(tmp_path / "next", without=("book/data.html",)), "1.10")
    return site


def test_the_newest_version_is_at_the_root_and_each_in_its_folder(site: Path) -> None:
    catalogue = read_catalogue(site)
    assert catalogue is not None
    assert [one.version for one in catalogue.releases] == ["1.10", "1.9"]
    assert not (site / "book" / "data.html").exists()
    assert (site / "v1.9" / "book" / "data.html").is_file()
    assert (site / "v1.10" / "index.html").is_file()
    assert (site / ".nojekyll").is_file()
    listed = json.loads(read(site, "versions.json"))
    assert listed["newest"] == "1.10"
    assert [one["path"] for one in listed["versions"]] == ["v1.10/", "v1.9/"]
    assert listed["versions"][0]["published"] == "2027-01-31"


def test_an_old_page_says_so_and_leads_to_the_newest(site: Path) -> None:
    page = read(site, "v1.9/notebooks/02-two.html")
    assert "This is version 1.9 of the course" in page
    assert '<a href="../../notebooks/02-two.html">this page in it</a>' in page
    gone = read(site, "v1.9/book/data.html")
    assert '<a href="../../index.html">its start; it has no such page</a>' in gone
    for name in ("index.html", "v1.10/index.html"):
        assert "pfp-old" not in read(site, name)


def test_pages_of_all_versions_name_the_newest_as_canonical(site: Path) -> None:
    for name in ("", "v1.9/", "v1.10/"):
        assert canonical(site, f"{name}index.html") == BASE
        assert canonical(site, f"{name}notebooks/02-two.html") == f"{BASE}notebooks/02-two.html"
        assert canonical(site, f"{name}search.html") == ""
    assert canonical(site, "v1.9/book/data.html") == f"{BASE}v1.9/book/data.html"


def test_without_an_address_an_old_page_still_names_the_newest(
    tmp_path: Path, small_book: Path
) -> None:
    site = tmp_path / "site"
    publish(site, small_book, "1.0", "")
    publish(site, small_book, "1.1", "")
    assert canonical(site, "v1.0/book/data.html") == "../../book/data.html"
    assert canonical(site, "book/data.html") == ""


def test_every_page_has_a_switch_that_works_without_scripts(site: Path) -> None:
    for name, up in (("index.html", "./"), ("v1.9/book/data.html", "../../")):
        page = read(site, name)
        assert f'data-root="{up}"' in page
        assert f'<a href="{up}versions.html">All versions' in page
    table = read(site, "versions.html")
    assert table.index("v1.10/index.html") < table.index("v1.9/index.html")
    assert "<title>Versions of the course</title>" in table


def test_a_single_version_has_no_switch(tmp_path: Path, small_book: Path) -> None:
    site = tmp_path / "site"
    publish(site, small_book, "1.0")
    assert "pfp-versions" not in read(site, "index.html")


def test_publishing_the_same_again_changes_nothing(
    site: Path, tmp_path: Path, small_book: Path
) -> None:
    before = files(site)
    publish(site, small_book, "1.9")
    assert files(site) == before


def test_a_file_that_is_as_it_was_keeps_its_time(site: Path, tmp_path: Path) -> None:
    for path in site.rglob("*"):
        os.utime(path, (1, 1))
    book = write_book(tmp_path / "mended", without=("book/data.html",))
    page = book / "search.html"
    page.write_text(page.read_text("utf-8").replace("Search", "Find"), encoding="utf-8")
    publish(site, book, "1.10")
    new = {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and path.stat().st_mtime != 1
    }
    assert new == {"search.html", "v1.10/search.html"}


def test_an_older_version_can_be_mended_without_moving_the_root(site: Path, tmp_path: Path) -> None:
    publish(site, write_book(tmp_path / "mended", more="<p>mended</p>"), "1.9")
    assert "mended" in read(site, "v1.9/index.html")
    assert "mended" not in read(site, "index.html")


def test_a_version_is_taken_back_and_the_one_before_it_returns_to_the_root(site: Path) -> None:
    catalogue = drop(site, "1.10")
    assert [one.version for one in catalogue.releases] == ["1.9"]
    assert not (site / "v1.10").exists()
    assert "pfp-old" not in read(site, "v1.9/index.html")
    assert (site / "book" / "data.html").is_file()
    with pytest.raises(CourseError, match=re.escape("no version 3.0. Its versions: 1.9")):
        drop(site, "3.0")
    with pytest.raises(CourseError, match="the only version"):
        drop(site, "1.9")


def test_the_address_is_remembered(site: Path, small_book: Path) -> None:
    assert json.loads(read(site, "versions.json"))["address"] == BASE
    drop(site, "1.10", "")
    assert canonical(site, "index.html") == BASE
    publish(site, small_book, "2.0", "")
    assert canonical(site, "v1.9/index.html") == BASE


def test_the_page_for_lost_readers_works_at_any_depth(site: Path) -> None:
    page = read(site, "404.html")
    assert 'href="/course/_static/a.css"' in page
    assert 'href="/course/index.html"' in page
    assert 'href="#top"' in page
    assert 'data-root="/course/"' in page
    relative = re.findall(r'(?:href|src|action)="(?!/|#|https?:)[^"]*"', page)
    assert relative == []


def test_downloads_are_offered_only_where_they_were_made(tmp_path: Path, small_book: Path) -> None:
    site = tmp_path / "site"
    for name in ("peace.pdf", "02-two.pdf", "peace.zip"):
        (tmp_path / name).write_bytes(b"x" * 1_200_000)
    made = tuple(tmp_path / name for name in ("peace.pdf", "02-two.pdf", "peace.zip"))
    publish(site, small_book, "1.0", files=made)
    publish(site, small_book, "1.1")
    assert "Downloads" not in read(site, "index.html")
    old = read(site, "v1.0/index.html")
    assert '<a href="downloads/peace.pdf" download>The course to print, as PDF</a> (1.2 MB)' in old
    assert '<a href="downloads/02-two.pdf" download>2. “Two” &amp; more</a>' in old
    drop(site, "1.1")
    assert 'href="v1.0/downloads/peace.zip"' in read(site, "index.html")
    assert not (site / "downloads").exists()


def test_what_a_publisher_keeps_beside_the_book_stays(site: Path, small_book: Path) -> None:
    (site / "CNAME").write_text("course.example.org\n")
    (site / ".well-known").mkdir()
    (site / ".well-known" / "security.txt").write_text("x")
    publish(site, small_book, "2.0")
    assert read(site, "CNAME") == "course.example.org\n"
    assert read(site, ".well-known/security.txt") == "x"


def test_a_book_with_a_dead_link_leaves_everything_as_it_was(site: Path, tmp_path: Path) -> None:
    before = files(site)
    broken = write_book(tmp_path / "broken", more='<a href="no.html">x</a>')
    with pytest.raises(CourseError, match=r"Nothing was published(.|\n)*no.html does not exist"):
        publish(site, broken, "2.0")
    assert files(site) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_failure_half_way_leaves_everything_as_it_was(
    site: Path, monkeypatch: pytest.MonkeyPatch, small_book: Path
) -> None:
    before = files(site)
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(CourseError, match="No space left"):
        publish(site, small_book, "2.0")
    assert files(site) == before


def test_a_folder_with_something_else_is_refused_unless_told(
    tmp_path: Path, small_book: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="--force"):
        publish(other, small_book, "1.0")
    assert read(other, "thesis.txt") == "years of work"

    def make(new: Path, old: Path | None) -> Catalogue:
        assert old is None
        return assemble(new, old, small_book, version="1.0", base="", day=DAY)

    replace_folder(other, make, project=tmp_path / "project", over=True)
    assert not (other / "thesis.txt").exists()
    assert (other / "index.html").is_file()


def test_the_project_and_the_built_book_are_never_replaced(
    tmp_path: Path, small_book: Path
) -> None:
    project = tmp_path / "project"
    (project / "_build" / "html").mkdir(parents=True)

    def make(new: Path, old: Path | None) -> None:
        raise AssertionError("nothing is made")

    for target in (project, tmp_path, project / "_build" / "html" / "site"):
        with pytest.raises(CourseError, match=r"holds the project|inside the built book"):
            replace_folder(target, make, project=project, over=True)


def test_a_published_folder_can_be_read_by_the_web_server(site: Path) -> None:
    assert site.stat().st_mode & 0o055 == 0o055 & ~_umask()


def _umask() -> int:
    import os

    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 2}',
        '{"format": 1, "address": "", "versions": [{"version": "../x"}]}',
        '{"format": 1, "address": "javascript:x", "versions": []}',
    ],
)
def test_a_damaged_list_of_versions_is_said_to_be_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "versions.json").write_text(text)
    with pytest.raises(CourseError, match="damaged"):
        read_catalogue(tmp_path)


@pytest.mark.parametrize("page", ["../../x.html", "/etc/x.html", "a/../../x.html"])
def test_no_name_in_a_list_of_versions_leads_out_of_its_folder(site: Path, page: str) -> None:
    content = json.loads(read(site, "versions.json"))
    content["versions"][1]["pages"] = [page]
    (site / "versions.json").write_text(json.dumps(content))
    with pytest.raises(CourseError, match="damaged"):
        read_catalogue(site)


def test_a_link_in_an_old_version_is_not_followed_out_of_it(
    site: Path, tmp_path: Path, small_book: Path
) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text("secret")
    (site / "v1.9" / "leak.html").symlink_to(secret)
    publish(site, small_book, "2.0")
    assert not (site / "v1.9" / "leak.html").exists()


@pytest.mark.parametrize("version", ["", "1", "1.x", "v1.0", "../1.0", "1.0/../.."])
def test_a_version_is_two_or_three_numbers(version: str) -> None:
    with pytest.raises(CourseError, match="two or three numbers"):
        version_key(version)


@pytest.mark.parametrize("base", [BASE, "https://example.org/a_course~x/", ""])
def test_references_name_the_lasting_address_of_their_version(tmp_path: Path, base: str) -> None:
    person = Work("Peace", (Author("A"),), "1.2.3", DAY, url=base)
    part = person.of_chapter(2, "Two", "", f"{base}notebooks/02-two.html" if base else "")
    book = write_book(tmp_path / "book", more=box(part, "_static/a"), states=("1.2.3", base))
    (book / "_static" / "cite").mkdir()
    (book / "_static" / "a.bib").touch()
    (book / "_static" / "a.ris").touch()
    for suffix, form in (("bib", bibtex), ("ris", ris)):
        (book / "_static" / "cite" / f"course.{suffix}").write_text(form(part), newline="")
    for page in book.rglob("*.html"):
        # The links of the box lead from each page to the files.
        up = "../" * len(page.relative_to(book).parts[1:])
        page.write_text(page.read_text().replace('"_static/a.', f'"{up}_static/a.'))
    site = tmp_path / "site"
    publish(site, book, "1.2", base)
    lasting = f"{base}v1.2/" if base else ""
    wanted = replace(part, url=part.url.replace(base, lasting) if base else "")
    for folder in ("", "v1.2/"):
        shown = unescape(read(site, f"{folder}notebooks/02-two.html"))
        assert in_words(wanted) in shown
        assert bibtex(wanted).strip() in shown
        assert read(site, f"{folder}_static/cite/course.bib") == bibtex(wanted)
        assert (site / folder / "_static/cite/course.ris").read_bytes().decode() == ris(wanted)
    before = files(site)
    publish(site, book, "1.2", base)
    assert files(site) == before
