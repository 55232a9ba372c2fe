"""The built book says what the data say, and a broken source breaks the build."""

import html
import json
import pickle
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from courses import COURSE
from environment import ROOT

from pfp_course.chapters import chapters
from pfp_course.data import load, package, sources
from pfp_course.sphinx_ext.chapter_pages import docname
from pfp_course.sphinx_ext.listings import terms
from pfp_course.sphinx_ext.references import labels, place

# The page sets the apostrophe as a printer does.
SET = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'"})


def words(path: Path) -> str:
    text = re.sub(r"<(script|style).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_landing_page_is_called_as_the_course_and_its_pages_exist(book: Path) -> None:
    course = COURSE
    page = (book / "index.html").read_text(encoding="utf-8")
    assert f"<title>{course.title}</title>" in page
    assert f"<em>{course.title}</em>" in page
    for role, name in course.pages.items():
        assert (book / f"{name}.html").is_file(), role


def test_the_figures_of_a_chapter_are_numbered_in_their_order(book: Path) -> None:
    for chapter in chapters(COURSE):
        page = (book / f"{docname(chapter)}.html").read_text(encoding="utf-8")
        numbers = re.findall(r'<b class="pfp-figure-number">Figure ([\d.]+)\. </b>', page)
        whole = page.count('<figure class="pfp-figure">')
        assert numbers == [f"{int(chapter.number)}.{place}" for place in range(1, whole + 1)]
        assert whole, chapter.number


def test_a_data_card_counts_the_rows_of_its_table(book: Path) -> None:
    text = words(book / "book" / "data.html")
    for name in package(COURSE).tables:
        assert f"Name {name} Rows {len(load(name))} " in text, name


def test_every_table_names_its_licence(book: Path) -> None:
    page = (book / "book" / "licence.html").read_text(encoding="utf-8")
    rows = re.findall(r"<tr.*?</tr>", page, flags=re.S)
    for table in (*package(COURSE).tables.values(), *package(COURSE).files.values()):
        (row,) = (row for row in rows if f'data.html#data-{table.name}"' in row)
        shown = html.unescape(re.sub(r"<[^>]+>", "", row)).translate(SET)
        for part in (*(licence.title for licence in table.licences), *dict(table.origins)):
            assert part in shown, (table.name, part)


def test_the_glossary_holds_every_term_in_three_languages(book: Path) -> None:
    page = (book / "book" / "glossary.html").read_text(encoding="utf-8")
    for term in terms(COURSE).values():
        assert f'id="{term.anchor}"' in page
        assert set(term.names) == {"kk", "ru"}
        for name in term.names.values():
            assert html.escape(name) in page


def test_the_first_bold_use_of_a_term_leads_to_the_glossary(book: Path) -> None:
    page = next((book / "notebooks").glob("01-*.html")).read_text(encoding="utf-8")
    assert page.count(f'glossary.html#{terms(COURSE)["framework document"].anchor}"') == 1


def test_citations_are_links_to_the_references(book: Path) -> None:
    references = (book / "book" / "references.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'<div class="citation[^"]*" id="([^"]+)"', references))
    for path in (book / "notebooks").glob("*.html"):
        page = path.read_text(encoding="utf-8")
        cited = set(re.findall(r'references\.html#(cite-[^"]+)"', page))
        assert cited
        assert cited <= targets
        assert "[@" not in re.sub(r"<(code|pre).*?</\1>", "", page, flags=re.S)


def test_the_references_are_all_there_in_the_order_of_the_alphabet(book: Path) -> None:
    page = (book / "book" / "references.html").read_text(encoding="utf-8")
    shown = re.findall(r'<span class="label">(.*?)</span>', page)
    known = labels(sources(COURSE).values())
    in_order = sorted(sources(COURSE).values(), key=place)
    assert [html.unescape(text) for text in shown] == [known[source.key] for source in in_order]
    assert [text[0].casefold() for text in shown] == sorted(text[0].casefold() for text in shown)


def test_only_pages_with_questions_load_their_script(book: Path) -> None:
    with_quiz = {
        str(path.relative_to(book))
        for path in book.rglob("*.html")
        if re.search(r"pfp-(quiz|personal)\.js", path.read_text(encoding="utf-8"))
    }
    of_chapters = {f"notebooks/{chapter.notebook.stem}.html" for chapter in chapters(COURSE)}
    assert with_quiz == {*of_chapters, "book/progress.html", "book/review.html"}


def search_index(book: Path) -> list[dict[str, str]]:
    text = (book / "_static" / "pfp-search-index.js").read_text(encoding="utf-8")
    # Names in other languages follow in a statement of their own.
    index, _ = json.JSONDecoder().raw_decode(text.removeprefix("window.pfpSearchIndex="))
    assert isinstance(index, list)
    return index


def test_no_name_of_a_place_stands_twice_on_a_page(book: Path) -> None:
    for path in book.rglob("*.html"):
        places = Counter(re.findall(r'<[a-z][^>]*?\sid="([^"]+)"', path.read_text("utf-8")))
        assert not [place for place, count in places.items() if count > 1], path


def test_no_page_rests_on_a_file_that_is_missing(book: Path) -> None:
    # Sphinx would read it anew at each build.
    kept = book.parent / ".work" / ".doctrees" / "environment.pickle"
    environment = pickle.loads(kept.read_bytes())
    rests = {(page, path) for page, paths in environment.dependencies.items() for path in paths}
    assert len(rests) > 100
    assert not [pair for pair in rests if not (environment.srcdir / pair[1]).is_file()]


def test_the_search_finds_the_sections_of_every_page(book: Path) -> None:
    index = search_index(book)
    for entry in index:
        page = (book / entry["url"]).read_text(encoding="utf-8")
        assert not entry["anchor"] or f'id="{entry["anchor"]}"' in page
    pages = {entry["page"].translate(SET) for entry in index}
    assert {chapter.heading for chapter in chapters(COURSE)} <= pages


def test_the_search_finds_a_term_in_each_language_and_every_reference(book: Path) -> None:
    index = search_index(book)
    entries = {entry["anchor"]: entry for entry in index if entry["page"] == "Glossary"}
    for term in terms(COURSE).values():
        text = entries[term.anchor]["text"].translate(SET)
        for part in (term.definition, *term.names.values()):
            assert part in text, term.term
    references = {entry["title"]: entry for entry in index if entry["page"] == "References"}
    for key, text in labels(sources(COURSE).values()).items():
        # Once: a page that is resolved twice would hold each reference twice.
        assert (
            references[text]["text"].count(sources(COURSE)[key].url or sources(COURSE)[key].title)
            == 1
        ), key


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A book of one page, with the settings and the data of the real one."""
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    (tmp_path / "_config.yml").write_text(settings)
    shutil.copy(ROOT / "course.toml", tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: refs\n")
    (tmp_path / "refs.md").write_text("# References\n\n```{references}\n```\n")
    shutil.copytree(ROOT / "book" / "assets", tmp_path / "book" / "assets")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


def build(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from pfp_course.cli import app; app()", "build"]
    return subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, check=False, timeout=800
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "status", "said"),
    [
        ("# One\n\nA fact [@wiki_pfp].\n", 0, "The book is ready"),
        ("# One\n\nA fact [@wiki_pf].\n", 1, "Did you mean 'wiki_pfp'?"),
        ("# One\n\n[There](no-such-page.md)\n", 1, "no-such-page.md"),
    ],
)
def test_a_page_is_built_only_if_what_it_names_exists(
    small: Path, page: str, status: int, said: str
) -> None:
    (small / "index.md").write_text(page)
    result = build(small)
    assert result.returncode == status, result.stdout + result.stderr
    assert said in result.stdout + result.stderr


CHAPTER = {
    "cells": [
        {"cell_type": "markdown", "id": "opening", "metadata": {}, "source": "# A chapter\n\n*So.*"}
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
LAUNCH = "pfp_launch: {repository: https://github.com/a/b, hub: https://hub.example.org}"


@pytest.mark.slow
def test_a_launch_setting_with_an_error_stops_the_build(small: Path) -> None:
    with (small / "_config.yml").open("a", encoding="utf-8") as file:
        file.write("    pfp_launch: {repository: github.com/a/b}\n")
    (small / "index.md").write_text("# One\n")
    result = build(small)
    assert result.returncode == 1
    assert "repository of pfp_launch is 'github.com/a/b'" in result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["", LAUNCH])
def test_links_to_run_a_chapter_appear_with_the_setting_alone(small: Path, setting: str) -> None:
    settings = (small / "_config.yml").read_text(encoding="utf-8")
    (small / "_config.yml").write_text(f"{settings.rstrip()}\n    {setting}\n")
    (small / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: notebooks/02-one\n- file: refs\n"
    )
    (small / "index.md").write_text("# One\n\n:::{launch-places}\n:::\n")
    (small / "notebooks").mkdir()
    (small / "notebooks" / "02-one.ipynb").write_text(json.dumps(CHAPTER))
    result = build(small)
    assert result.returncode == 0, result.stdout + result.stderr
    html_folder = small / "_build" / "html"
    page = (html_folder / "notebooks" / "02-one.html").read_text(encoding="utf-8")
    links = re.findall(r'href="(https://[^"]+)"[^>]*>Run on (\w+)<', page)
    wanted = {"Colab", "Binder", "JupyterHub"} if setting else set()
    assert {name for _, name in links} == wanted
    assert all("notebooks" in address and "02-one.ipynb" in address for address, _ in links)
    assert ("Run in the cloud" in words(html_folder / "index.html")) == bool(setting)
    (download,) = re.findall(r'href="([^"]+)" download>Download this notebook', page)
    assert (html_folder / "notebooks" / download).resolve().is_file()


def test_the_book_names_no_service_that_is_not_set(book: Path) -> None:
    if yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"].get("pfp_launch"):
        pytest.skip("this book has set where its chapters can be run")
    for path in book.rglob("*.html"):
        assert "Run on" not in path.read_text(encoding="utf-8"), path
