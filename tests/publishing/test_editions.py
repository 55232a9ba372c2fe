"""The editions of the built book: PDF, ePub and zip, as a reader gets them."""

import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from environment import ROOT

from pfp_course.chapters import chapters
from pfp_course.publishing.epub import make_epub
from pfp_course.publishing.offline import make_offline
from pfp_course.publishing.pdf import make_pdfs

TITLE = "Partnership for Peace: a course in notebooks"
DAY = date(2026, 11, 24)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def pdfs(book: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    told: list[tuple[int, int, str]] = []
    made = make_pdfs(
        book,
        tmp_path_factory.mktemp("pdf"),
        title=TITLE,
        base="",
        day=DAY,
        tell=lambda *step: told.append(step),
    )
    assert told[-1][0] == told[-1][1], "the bar ends full"
    return made


def outline(pdf: pikepdf.Pdf) -> list[str]:
    with pdf.open_outline() as tree:
        return [str(item.title) for item in tree.root]


def links(pdf: pikepdf.Pdf) -> list[Any]:
    return [
        note
        for page in pdf.pages
        for note in page.get("/Annots", [])
        if note.get("/Subtype") == "/Link"
    ]


@pytest.mark.timeout(600)
def test_the_course_is_one_tagged_pdf_with_bookmarks(pdfs: list[Path]) -> None:
    assert len(pdfs) == 1 + len(chapters())
    with pikepdf.open(pdfs[0]) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en"
        assert str(pdf.open_metadata()["dc:title"]) == TITLE
        titles = outline(pdf)
    # Where a title is broken on the page, its bookmark has no space.
    joined = [re.sub(r"\s", "", title).replace("’", "'") for title in titles]
    for chapter in chapters():
        assert re.sub(r"\s", "", chapter.heading).replace("’", "'") in joined, titles
    assert titles[-1] == "Answers"


def test_every_chapter_by_itself_has_its_answers_and_its_notes(pdfs: list[Path]) -> None:
    for path in pdfs[1:]:
        with pikepdf.open(path) as pdf:
            assert outline(pdf)[-2:] == ["Notes", "Answers"], path.name


def test_links_inside_a_pdf_lead_somewhere(pdfs: list[Path]) -> None:
    for path in pdfs:
        with pikepdf.open(path) as pdf:
            known = set(pdf.Root.Dests.keys())
            inner = [str(note.Dest) for note in links(pdf) if "/Dest" in note]
            outer = [str(note.A.URI) for note in links(pdf) if "/A" in note]
        assert inner, path.name
        assert {f"/{name.lstrip('/')}" for name in inner} <= known, path.name
        assert not [address for address in outer if not address.startswith("http")], path.name


def test_figures_are_printed_as_vectors(pdfs: list[Path]) -> None:
    for path in pdfs:
        with pikepdf.open(path) as pdf:
            pictures = [
                one
                for one in pdf.objects
                if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
            ]
        assert not pictures, f"{path.name} holds {len(pictures)} images"


def test_the_contents_name_the_page_on_which_a_chapter_begins(pdfs: list[Path]) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, so printed words cannot be read")

    def words(first: int, last: int) -> str:
        command = ["pdftotext", "-f", str(first), "-l", str(last), "-layout", str(pdfs[0]), "-"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    listed = dict(re.findall(r"^\s*(\d+\. .+?)\s{2,}(\d+)$", words(2, 3), re.MULTILINE))
    assert len(listed) == len(chapters())
    for title, number in listed.items():
        page = words(int(number), int(number))
        assert title.split()[1] in page, title
        assert re.search(rf"^\s*{number}\s*$", page, re.MULTILINE), "its number stands below"


def test_questions_are_printed_and_the_answers_come_last(pdfs: list[Path]) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, so printed words cannot be read")
    command = ["pdftotext", "-layout", str(pdfs[2]), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    question = "The last three states signed on the same day. When?"
    assert text.count(question) == 2, "once asked, once answered"
    assert "( ) 14 December 2006" in text
    answer = text[text.rindex(question) :].splitlines()[1]
    assert answer.strip() == "14 December 2006"


@pytest.fixture(scope="module")
def epub(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("epub") / "course.epub"
    cover = ROOT / "book" / "assets" / "cover.svg"
    return make_epub(book, target, title=TITLE, cover=cover, base="", day=DAY)


def test_every_file_of_the_epub_is_well_formed_and_every_link_leads_somewhere(epub: Path) -> None:
    with zipfile.ZipFile(epub) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        pages = {
            name.removeprefix("EPUB/"): book.read(name).decode()
            for name in book.namelist()
            if name.endswith((".xhtml", ".opf"))
        }
    ids = {name: set(re.findall(r' id="([^"]+)"', text)) for name, text in pages.items()}
    for name, text in pages.items():
        ElementTree.fromstring(text)
        for page, _, place in (
            one.partition("#") for one in re.findall(r'<a[^>]* href="([^"]+)"', text)
        ):
            if not page.startswith("http"):
                assert not place or place in ids[page or name], f"{name}: {page}#{place}"
        assert "var(--" not in text, "old reading systems know no custom properties"
        assert "<script" not in text


def test_the_epub_passes_epubcheck(epub: Path) -> None:
    jar = Path("/usr/share/java/epubcheck.jar")
    if not jar.is_file() or shutil.which("java") is None:
        pytest.skip("epubcheck is not installed (Debian: apt-get install epubcheck)")
    command = ["java", "-jar", str(jar), "--failonwarnings", str(epub)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_same_book_gives_the_same_epub_and_the_same_zip(
    book: Path, epub: Path, tmp_path: Path
) -> None:
    cover = ROOT / "book" / "assets" / "cover.svg"
    again = make_epub(book, tmp_path / "a.epub", title=TITLE, cover=cover, base="", day=DAY)
    assert again.read_bytes() == epub.read_bytes()
    zips = [make_offline(book, tmp_path / name / "course.zip") for name in ("one", "two")]
    assert zips[0].read_bytes() == zips[1].read_bytes()


def test_the_zip_holds_the_whole_book_in_one_folder(book: Path, tmp_path: Path) -> None:
    target = make_offline(book, tmp_path / "course.zip")
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
        assert archive.read("course/index.html") == (book / "index.html").read_bytes()
    files = {
        f"course/{path.relative_to(book).as_posix()}" for path in book.rglob("*") if path.is_file()
    }
    assert names == files | {"course/README.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["course.zip"], "nothing else is left"
