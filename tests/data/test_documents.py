"""Documents: what document() shows, and what it says when there is none."""

import re

import pytest
from courses import COURSE

from pfp_course import document, load
from pfp_course.data import DataError, documents
from pfp_course.sphinx_ext.references import _anchor


def test_every_document_is_shown_with_its_day_place_speaker_source_and_certainty() -> None:
    for found in documents(COURSE).values():
        text, html = str(found), found._repr_html_()
        for part in (found.quotation, found.speaker, found.place, found.when, found.sure):
            assert part in text
        assert all(source.reference() in text for source in found.sources)
        assert html.count("<figure") == html.count("</figure>") == 1
        assert html.index("<blockquote") < html.index("</blockquote>") < html.index("<figcaption")
        assert "How sure we are: " in html
        assert ("In our English" in html) == bool(found.translation)


def test_words_in_another_language_say_so_and_are_translated() -> None:
    foreign = [found for found in documents(COURSE).values() if found.language != "en"]
    assert foreign
    for found in foreign:
        assert found.translation
        assert f'<p lang="{found.language}">' in found._repr_html_()


def test_marks_of_html_in_a_quotation_are_text() -> None:
    quoted = next(found for found in documents(COURSE).values() if "'" in found.quotation)
    inside = re.search(r"<p[^>]*>(.*?)</p>", quoted._repr_html_())
    assert inside is not None
    assert "'" not in inside[1]


def test_a_link_leads_to_the_source_and_in_the_book_to_its_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = document("D009")
    (source,) = found.sources
    monkeypatch.setattr("pfp_course.course._static", False)
    assert f'<a href="{source.url}">' in found._repr_html_()
    monkeypatch.setattr("pfp_course.course._static", True)
    assert f'<a href="../book/references.html#{_anchor(source)}">' in found._repr_html_()


@pytest.mark.parametrize("name", ["D003", "d003", "D3", " 3 "])
def test_a_document_is_found_however_its_identifier_is_written(name: str) -> None:
    assert document(name).id == "D003"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("D128", "'D127' and 'D129'"),
        ("D999", " and ".join(map(repr, sorted(documents(COURSE))[-2:]))),
        ("X003", "Did you mean 'D003'"),
    ],
)
def test_an_unknown_identifier_names_those_near_it(name: str, near: str) -> None:
    with pytest.raises(DataError, match=near) as caught:
        document(name)
    assert name in str(caught.value)
    assert 'load("documents")' in str(caught.value)


def test_the_identifiers_are_those_of_the_table() -> None:
    assert list(documents(COURSE)) == list(load("documents")["id"])
