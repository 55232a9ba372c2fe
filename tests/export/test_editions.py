"""The editions of the built book: PDF, ePub and zip, as a reader gets them."""

import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from environment import ROOT
from programs import EPUBCHECK

from pfp_course.chapters import chapters
from pfp_course.course import read_course
from pfp_course.export.archives import make_epub, make_offline
from pfp_course.export.book_pages import page_list, read_page
from pfp_course.export.pdf import document, make_pdfs
from pfp_course.export.printing import filled, find_chromium, page_numbers, print_document

COURSE = read_course(ROOT)
DAY = date(2026, 11, 24)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def pdfs(printer: None, book: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    told: list[tuple[int, int, str]] = []
    made = make_pdfs(
        book,
        tmp_path_factory.mktemp("pdf"),
        COURSE,
        base="",
        day=DAY,
        kept=tmp_path_factory.mktemp("kept") / "printed.json",
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
    assert len(pdfs) == 2 + len(chapters(COURSE))
    with pikepdf.open(pdfs[0]) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en"
        assert str(pdf.open_metadata()["dc:title"]) == COURSE.title
        titles = outline(pdf)
    # The page sets the apostrophe as a printer does.
    words = [title.replace("’", "'") for title in titles]
    for chapter in chapters(COURSE):
        assert chapter.heading.replace("’", "'") in words, titles
    assert titles[-1] == "Answers"


def test_the_edition_for_students_lacks_the_pages_for_teachers(
    pdfs: list[Path], book: Path
) -> None:
    assert pdfs[1].name == f"{COURSE.slug}-students.pdf"
    of_teachers = {page.title for page in page_list(book) if page.name in COURSE.for_teachers}
    assert len(of_teachers) == len(COURSE.for_teachers)
    with pikepdf.open(pdfs[0]) as whole, pikepdf.open(pdfs[1]) as part:
        left_out = {*outline(whole)} - {*outline(part)}
        assert of_teachers <= left_out
        assert all(chapter.heading not in left_out for chapter in chapters(COURSE))
        assert len(part.pages) < len(whole.pages)


def test_the_same_book_gives_the_same_pdf(
    printer: None, pdfs: list[Path], book: Path, tmp_path: Path
) -> None:
    page = next(one for one in page_list(book) if one.chapter == "01")
    text = document(page.title, [read_page(book, page)], COURSE, base="")
    text = filled(text, DAY, {})
    made = [tmp_path / name for name in ("one.pdf", "two.pdf")]
    for path in made:
        print_document(find_chromium(), text, path, page.title, COURSE, DAY)
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.needs("poppler")
def test_no_word_of_a_table_is_broken_on_paper(pdfs: list[Path]) -> None:
    chapter = next(path for path in pdfs if path.name.startswith("05-"))
    command = ["pdftotext", "-layout", str(chapter), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    heads = re.search(r"^.*\bANP\b.*\bDCB\b.*\bSOFA\b.*\bTF\b.*$", text, re.MULTILINE)
    assert heads, "the table of fourteen columns stands in one line of heads"
    assert re.search(r"^\s*country\b", text, re.MULTILINE)


def test_the_references_take_few_pages(pdfs: list[Path]) -> None:
    with pikepdf.open(pdfs[0]) as pdf:
        starts = list(page_numbers(pdfs[0], ["references", "accessibility"]).values())
        assert starts[1] - starts[0] < 0.06 * len(pdf.pages)


def test_every_chapter_by_itself_has_its_answers_and_its_notes(pdfs: list[Path]) -> None:
    for path in pdfs[2:]:
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


@pytest.mark.needs("poppler")
def test_the_contents_name_the_page_on_which_a_chapter_begins(pdfs: list[Path]) -> None:
    def words(first: int, last: int) -> str:
        command = ["pdftotext", "-f", str(first), "-l", str(last), "-layout", str(pdfs[0]), "-"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    listed = dict(re.findall(r"^\s*(\d+\. .+?)\s{2,}(\d+)$", words(2, 3), re.MULTILINE))
    assert len(listed) == len(chapters(COURSE))
    for title, number in listed.items():
        page = words(int(number), int(number))
        assert title.split()[1] in page, title
        assert re.search(rf"^\s*{number}\s*$", page, re.MULTILINE), "its number stands below"


@pytest.mark.needs("poppler")
def test_questions_are_printed_and_the_answers_come_last(pdfs: list[Path]) -> None:
    command = ["pdftotext", "-layout", str(pdfs[3]), "-"]
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
    return make_epub(book, target, COURSE, cover=cover, base="", day=DAY)


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


@pytest.mark.needs("epubcheck")
def test_the_epub_passes_epubcheck(epub: Path) -> None:
    command = ["java", "-jar", str(EPUBCHECK), "--failonwarnings", str(epub)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_same_book_gives_the_same_epub_and_the_same_zip(
    book: Path, epub: Path, tmp_path: Path
) -> None:
    cover = ROOT / "book" / "assets" / "cover.svg"
    again = make_epub(book, tmp_path / "a.epub", COURSE, cover=cover, base="", day=DAY)
    assert again.read_bytes() == epub.read_bytes()
    zips = [make_offline(book, tmp_path / name / "course.zip", COURSE) for name in ("one", "two")]
    assert zips[0].read_bytes() == zips[1].read_bytes()


def test_the_zip_holds_the_whole_book_in_one_folder(book: Path, tmp_path: Path) -> None:
    target = make_offline(book, tmp_path / "course.zip", COURSE)
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
        assert COURSE.title in archive.read("course/README.txt").decode()
        assert archive.read("course/index.html") == (book / "index.html").read_bytes()
    files = {
        f"course/{path.relative_to(book).as_posix()}" for path in book.rglob("*") if path.is_file()
    }
    assert names == files | {"course/README.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["course.zip"], "nothing else is left"
