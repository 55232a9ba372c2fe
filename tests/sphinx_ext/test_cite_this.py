"""The course and its chapters are cited from one file, course.toml."""

import html
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from courses import COURSE
from environment import ROOT
from pybtex.database import parse_string

from pfp_course.chapters import chapters
from pfp_course.course import Author, read_course
from pfp_course.sphinx_ext.cite_this import (
    Work,
    bibtex,
    box,
    cff,
    citation_faults,
    in_words,
    ris,
    work_of,
)

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


def test_the_course_is_cited_as_its_own_file_describes_it() -> None:
    work = work_of(read_course(ROOT))
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


def test_the_citation_file_of_the_project_says_what_the_course_says() -> None:
    for root in (ROOT, ROOT / "tests" / "sample_course"):
        assert citation_faults(read_course(root)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [", "this is not YAML"),
        ("- a", "course.toml says otherwise"),
        ("", "course.toml says otherwise"),
    ],
)
def test_a_citation_file_that_says_otherwise_is_named_with_the_mend(
    tmp_path: Path, text: str, said: str
) -> None:
    shutil.copy(ROOT / "course.toml", tmp_path)
    assert citation_faults(read_course(tmp_path)) == [], "none is needed"
    (tmp_path / "CITATION.cff").write_text(text, encoding="utf-8")
    (problem,) = citation_faults(read_course(tmp_path))
    assert said in problem
    assert "pfp cite --as cff > CITATION.cff" in problem


def test_a_citation_file_is_written_as_the_format_asks() -> None:
    told = yaml.safe_load(cff(PEOPLE))
    assert told["authors"] == [
        {"family-names": "Nurlan", "given-names": "Aigerim"},
        {"family-names": "von Berg", "given-names": "Bo"},
        {"name": "The Team"},
    ]
    assert (told["cff-version"], told["type"], told["doi"]) == ("1.2.0", "software", PEOPLE.doi)
    assert told["date-released"] == "2027-05-09"


def test_each_chapter_offers_its_own_reference_as_text_and_as_files(book: Path) -> None:
    for chapter in chapters(COURSE):
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
    words = html.escape(in_words(work_of(read_course(ROOT))))
    for name in ("book/licence.html", "index.html"):
        page = (book / name).read_text(encoding="utf-8")
        assert words.rstrip(".") in page, name
