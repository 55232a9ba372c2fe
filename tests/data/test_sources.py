"""Documents and sources: what is shown of each, and how sure the rows are that rest on it."""

import re
from collections import Counter

import pytest
from courses import COURSE

from pfp_course import cite, document, load
from pfp_course.data import DataError, documents, package, source, sources, standing
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


def test_the_rows_that_name_a_source_are_counted_by_their_confidence() -> None:
    counts: Counter[str] = Counter()
    for name in package(COURSE).tables:
        frame = load(name)
        if {"source", "confidence"} <= set(frame.columns):
            named = frame["source"].fillna("").str.split(r"\s*;\s*")
            rows = frame[[("wiki_pfp" in keys) for keys in named]]
            counts.update(str(word) for word in rows["confidence"])
    total = sum(counts.values())
    assert total > 1
    said = ", ".join(f"{counts[w]} {w}" for w in ("seen", "known", "uncertain") if counts[w])
    assert standing("wiki_pfp", COURSE) == f"{total} rows of our data rest on it: {said}."


def test_a_source_that_no_row_names_says_nothing() -> None:
    assert standing("no-such-key", COURSE) == ""


def test_a_list_of_sources_names_each_by_its_anchor_and_says_how_it_was_read() -> None:
    html = cite("wiki_pfp")._repr_html_()
    assert 'data-source="wiki-pfp"' in html
    assert source("wiki_pfp", COURSE).read in html
    assert standing("wiki_pfp", COURSE) in html


def test_no_two_sources_share_an_anchor() -> None:
    assert len({one.anchor for one in sources(COURSE).values()}) == len(sources(COURSE))


def test_no_two_sources_share_an_address() -> None:
    # One page under two keys would be counted as two witnesses.
    addresses = Counter(one.url for one in sources(COURSE).values() if one.url)
    assert [address for address, count in addresses.items() if count > 1] == []
