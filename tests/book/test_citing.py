"""The course and its chapters are cited from one file."""

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from environment import ROOT
from pybtex.database import parse_string

from pfp_course.book.citation import Author, Work, bibtex, in_words, read_citation, ris
from pfp_course.book.citing import box
from pfp_course.chapters import chapters
from pfp_course.errors import CourseError

PEOPLE = Work(
    title="Peace & war: 100 % {of} it",
    authors=(Author("Nurlan", "Aigerim"), Author("von Berg", "Bo"), Author("The Team")),
    version="1.2.0",
    released=date(2027, 5, 9),
    abstract="Two\nlines.",
    keywords=("a", "b"),
    url="https://example.org/a_b/",
    doi="10.1/x_y",
)


def test_the_course_is_read_from_its_citation_file() -> None:
    work = read_citation(ROOT / "CITATION.cff")
    assert work.title == "Partnership for Peace: a course in notebooks"
    assert work.licences == ("BSD-3-Clause", "CC-BY-4.0")
    assert in_words(work).startswith(f"{work.authors[0].name} ({work.released.year}). {work.title}")


def test_a_reference_names_people_in_their_order() -> None:
    assert in_words(PEOPLE) == (
        "Aigerim Nurlan, Bo von Berg and The Team (2027). Peace & war: 100 % {of} it. "
        "Version 1.2.0. https://doi.org/10.1/x_y"
    )


def test_bibtex_is_read_back_as_it_was_meant() -> None:
    (entry,) = parse_string(bibtex(PEOPLE), "bibtex").entries.values()
    people = entry.persons["author"]
    assert [str(person) for person in people] == ["Nurlan, Aigerim", "von Berg, Bo", "{The Team}"]
    assert entry.fields["title"] == r"{Peace \& war: 100 \% \textbraceleft{}of\textbraceright{} it}"
    assert entry.fields["year"] == "2027"
    assert entry.fields["url"] == r"https://example.org/a\_b/"


def test_a_chapter_is_a_part_of_the_course() -> None:
    part = PEOPLE.of_chapter(2, "Signatures", "Who?", "https://example.org/2.html")
    (entry,) = parse_string(bibtex(part), "bibtex").entries.values()
    assert entry.type == "incollection"
    assert entry.fields["chapter"] == "2"
    assert entry.fields["booktitle"].startswith("{Peace")
    assert "doi" not in entry.fields
    assert "Chapter 2 of Peace" in in_words(part)
    assert "TY  - ECHAP\r\n" in ris(part)


def test_ris_has_one_field_a_line_and_ends_as_the_format_asks() -> None:
    lines = ris(PEOPLE).split("\r\n")
    assert lines[0] == "TY  - EBOOK"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    assert [line[6:] for line in lines if line.startswith("AU")] == [
        "Nurlan, Aigerim",
        "von Berg, Bo",
        "The Team",
    ]
    assert "AB  - Two lines." in lines


def test_a_title_with_signs_of_html_stays_text() -> None:
    shown = box(replace(PEOPLE, title="</pre><script>x</script>"), "cite/course")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [", "cff:1: this is not YAML"),
        ("- a", "no citation file"),
        ("title: A", "'authors' is missing"),
        ("title: A\nauthors: [{x: y}]\nversion: 1\ndate-released: 2027-01-01", "an author needs"),
        ("title: A\nauthors: [{name: B}]\nversion: 1\ndate-released: soon", "Write a day"),
    ],
)
def test_a_citation_file_with_an_error_names_the_mend(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(said)):
        read_citation(path)


def test_a_missing_citation_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="Restore it"):
        read_citation(tmp_path / "CITATION.cff")


def test_each_chapter_offers_its_own_reference_as_text_and_as_files(book: Path) -> None:
    for chapter in chapters():
        page = (book / "notebooks" / f"{chapter.notebook.stem}.html").read_text(encoding="utf-8")
        shown = html.unescape(page)
        assert f"{chapter.title}. Chapter {int(chapter.number)} of " in shown
        for suffix in ("bib", "ris"):
            name = f"_static/cite/chapter-{chapter.number}.{suffix}"
            assert f'href="../{name}" download' in page
            assert chapter.title in (book / name).read_text(encoding="utf-8")


def test_the_licence_page_and_the_landing_page_offer_the_reference_of_the_course(
    book: Path,
) -> None:
    words = html.escape(in_words(read_citation(ROOT / "CITATION.cff")))
    for name in ("book/licence.html", "index.html"):
        page = (book / name).read_text(encoding="utf-8")
        assert words.rstrip(".") in page, name
