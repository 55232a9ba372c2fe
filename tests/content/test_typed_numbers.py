"""A number that a table holds is computed, so that prose and tables cannot come apart."""

import fnmatch
from collections import defaultdict

import pytest
from content.typed_numbers import Passage, passages, spoken, typed

# Where a number may stand typed, what may stand there (``*`` for any), and why. A place is the
# file with the id of the cell or question; a star stands for any.
_CLOSED = "the list of signatories has been closed since 2006, and the title of chapter 2 names it"
_MEMO = "the memos are texts of made-up authors, and the chapter judges the numbers in them"
_DRAWS = "the share of the draws is chosen by the method and stands in no table"
_WORDS = "the length of a memo is a task for the reader and not a fact"
ALLOWED = [
    ("*", "thirty-four states", _CLOSED),
    ("*", "thirty-four signatures", _CLOSED),
    ("*", "thirty-four signatories", _CLOSED),
    ("02-*: say-test", "twenty", "what NATO's ministers counted on that day is a quotation"),
    ("06-*: size-heading", "1300", "an example of how a cell with a plus sign is written"),
    ("08-*: draw-intervals", "90", _DRAWS),
    ("11-*: draw-points", "90", _DRAWS),
    ("09-*: kilos-words", "1,000", "a tonne has a thousand kilograms by definition of the unit"),
    ("09-*: say-opium", "90", "the share of the world's opium stands in the survey and in no cell"),
    ("14-*: memo-fair", "*", _MEMO),
    ("14-*: memo-strong", "*", _MEMO),
    ("14-*: memo-weak", "*", _MEMO),
    ("14-*: write-heading", "700", _WORDS),
    ("14.yml: 14.memo", "700", _WORDS),
    ("accessibility.md", "2.2", "the number of the version is part of the guideline's name"),
    ("facts.md", "*", "errors of ours are told with the numbers that stood there"),
    ("marked-answers.md", "*", "answers of made-up students, whose numbers are what is marked"),
    ("licence.md", "4.0", "the number of the version is part of the licence's name"),
    ("running-code.md", "200", "a limit that the program sets, and no number of a table"),
    ("lms.md", "2.1", "the version of a format"),
    ("scorm.md", "110", "the size of a package, as measured"),
    ("scorm.md", "4,000", "the room that the format gives"),
    ("scorm.md", "64,000", "the room that the format gives"),
    ("scorm.md", "1,500", "the length of a text, as an example"),
    ("scorm.md", "400", "the length of a text, as an example"),
]


def allowed(place: str, token: str) -> bool:
    return any(
        fnmatch.fnmatch(place, where) and what in ("*", token.lower()) for where, what, _ in ALLOWED
    )


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    numbers: dict[str, list[str]] = defaultdict(list)
    for passage in passages():
        numbers[passage.place] += typed(passage)
    return numbers


def test_no_number_is_typed_that_a_table_holds(found: dict[str, list[str]]) -> None:
    strays = {
        place: rest
        for place, tokens in found.items()
        if (rest := [token for token in tokens if not allowed(place, token)])
    }
    assert not strays, (
        "compute these from the table, name the source beside them, or list them in ALLOWED with "
        "a reason"
    )


def test_what_is_allowed_is_still_there_and_has_a_reason(found: dict[str, list[str]]) -> None:
    for where, what, why in ALLOWED:
        assert len(why.split()) > 4, (where, "say why in a sentence")
        assert any(
            fnmatch.fnmatch(place, where)
            and tokens
            and (what == "*" or what in [token.lower() for token in tokens])
            for place, tokens in found.items()
        ), (where, what, "is typed no more: take it off the list")


@pytest.mark.parametrize(
    ("kind", "text", "tokens"),
    [
        ("figure", "Bars: 23 centres in 2012, twenty-six in 2014.", ["twenty-six", "23"]),
        ("figure", "The line stays near 0.7 from 1994 to 2 May 2014.", ["0.7"]),
        ("figure", "The line ends at 71%, five states are left.", ["71"]),
        ("figure", "Three bars for five states in 2014.", []),
        ("say", "Of the claims, more than 50 are right.", ["50"]),
        ("prose", "Steppe Eagle 2019 had about 400 people.", ["400"]),
        ("prose", "Steppe Eagle 2019 had about 400 people [@arcent19].", []),
        ("prose", "The article has thirty-four signatories.", ["thirty-four signatories"]),
        ("page", "A course of 34 signatories, from 1994 on.", ["34 signatories"]),
        ("question", "Was it 1,500 people?", ["1,500"]),
    ],
)
def test_each_kind_of_typed_number_is_found(kind: str, text: str, tokens: list[str]) -> None:
    assert typed(Passage("here", kind, text, ("exercises",))) == tokens


def test_a_question_that_names_its_source_may_quote_a_number() -> None:
    text = "Was it 1,500 people?"
    assert typed(Passage("here", "question", text, ("exercises",), sourced=True)) == []


def test_fixed_parts_of_computed_texts_are_read_and_computed_ones_are_not() -> None:
    cell = 'say(f"**{n:.2f}** of 50")\nfigures.show(f, alt=f"{a[0]} bars" + "; 12 of them")'
    assert list(spoken(cell)) == [
        ("say", "**"),
        ("say", "** of 50"),
        ("figure", " bars"),
        ("figure", "; 12 of them"),
    ]
