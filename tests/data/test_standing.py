"""A source says how sure the rows are that rest on it."""

from collections import Counter

from courses import COURSE

from pfp_course.data import cite, load, package, source, sources, standing


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
