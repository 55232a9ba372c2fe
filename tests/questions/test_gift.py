"""Moodle's format GIFT: a question is taken over as it is, or named with its line and reason."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import earned, only, specs_of, written

from pfp_course.errors import CourseError
from pfp_course.questions import check_bank
from pfp_course.questions.authoring import read_gift
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.texts import as_plain


def one(text: str) -> dict[str, Any]:
    """The public form of the one question of a text, taken over without a loss."""
    return only(read_gift(text, COURSE))


def shares(spec: dict[str, Any]) -> list[float]:
    """What each choice of a single choice earns."""
    return [earned(spec, place) for place in range(len(spec["choices"]))]


def test_a_choice_with_replies_is_taken_over() -> None:
    spec = one("::First:: Which? {\n=Romania#Yes.\n~Lithuania#One day later.\n~Poland\n}")
    assert (spec["id"], spec["kind"], spec["ask"]) == ("08.first", "single", "Which?")
    assert [choice["text"] for choice in spec["choices"]] == ["Romania", "Lithuania", "Poland"]
    assert [choice["say"] for choice in spec["choices"]] == [
        "Yes.",
        "One day later.",
        UNWRITTEN,
    ]
    assert shares(spec) == [1, 0, 0]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("=a ~%50%b ~c", [1, 0.5, 0]),
        ("=a ~%-50%b ~c", [1, 0, 0]),
        ("=a =b ~c", [1, 1, 0]),
        ("~ %25% a ~b =c", [0.25, 0, 1]),
        ("=%100%a ~%33.33333%b ~c", [1, 0.333333, 0]),
        ("=a ~b -> c ~d", [1, 0, 0]),
        ("=visa -> customs ~customs -> visa", [1, 0]),
        ("=a=b~c", None),
    ],
)
def test_weights_of_a_single_choice(answers: str, expected: list[float] | None) -> None:
    if expected is None:
        assert read_gift(f"Which? {{{answers}}}", COURSE).lost
    else:
        assert shares(one(f"Which? {{{answers}}}")) == expected


@pytest.mark.parametrize(
    ("answers", "cases"),
    [
        ("~%50%a ~%50%b ~%-100%c", [([0, 1], 1), ([0], 0.5), ([0, 2], 0), ([0, 1, 2], 0)]),
        ("~%50%a ~%50%b ~c", [([0, 1], 1), ([0, 2], 0.5), ([2], 0)]),
        ("~%50%a ~%50%b ~%-50%c ~%-50%d", [([0, 1], 1), ([0, 2], 0), ([0, 1, 2], 0.5)]),
        ("~%33.33333%a ~%33.33333%b ~%33.33333%c ~d", [([0, 1, 2], 1), ([0, 1], 0.666666)]),
        ("~%100%a ~%0%b", [([0], 1), ([1], 0), ([0, 1], 1)]),
        ("~%50%a ~%50%b", [([0], 0.5), ([0, 1], 1)]),
        ("~%-100% c ~ %50% a ~ %50% b", [([1, 2], 1), ([0, 1, 2], 0)]),
    ],
)
def test_weights_of_a_multiple_choice(answers: str, cases: list[tuple[list[int], float]]) -> None:
    spec = one(f"Which? {{{answers}}}")
    assert spec["kind"] == "multiple"
    for response, share in cases:
        assert earned(spec, response) == share, response


@pytest.mark.parametrize(
    ("answers", "cases"),
    [
        ("#23", [("23", 1), ("23.1", 0)]),
        ("#23:1", [("22", 1), ("24", 1), ("24.1", 0)]),
        ("#3.1..3.2", [("3.1", 1), ("3.15", 1), ("3.2", 1), ("3.21", 0)]),
        ("#=%100%9:0#yes =%0%8:0#no", [("9", 1), ("8", 0)]),
        ("#=%100%3:0 =%50%3:2", [("3", 1), ("5", 0.5), ("1", 0.5), ("5.1", 0)]),
        ("#=1994:0#exact =%50%1994:1#near ~#far", [("1994", 1), ("1995", 0.5), ("1996", 0)]),
        ("#=5:0 =7:0.5", [("5", 1), ("7.5", 1), ("6", 0)]),
        ("#-12.5:0.5", [("-12.5", 1), ("-13", 1), ("12.5", 0)]),
        ("#6.02e23:1e22", [("6.02e23", 1), ("6.1e23", 1), ("6.2e23", 0)]),
        ("#1e-7", [("1e-7", 1), ("0", 0)]),
        ("#= 4 : 1 ", [("5", 1), ("6", 0)]),
        ("# 0,5 : 0,1", [("0.5", 1), ("0.6", 1), ("0.7", 0)]),
    ],
)
def test_numbers(answers: str, cases: list[tuple[str, float]]) -> None:
    spec = one(f"How many? {{{answers}}}")
    assert spec["kind"] == "numeric"
    for response, share in cases:
        assert earned(spec, response) == share, response


@pytest.mark.parametrize(
    ("answers", "cases"),
    [
        ("=NACC =North Council", [("nacc", 1), ("North council", 1), ("NATO", 0)]),
        ("=Port Alba =%0%Old Harbour#no", [("port alba", 1), ("old harbour", 0)]),
        ("=%100%Almaty =%50%Alma-Ata", [("Almaty", 1), ("Alma-Ata", 0.5), ("x", 0)]),
        ("=2031-05-27", [("2031-05-27", 1), ("2031-05-28", 0)]),
        ("=C++ =%0%C", [("C++", 1), ("c++", 1), ("C", 0)]),
        ("\\=\\= =%0%\\=", [("==", 1), ("=", 0)]),
        ("=a ~b", None),
        ("Paris", [("paris", 1)]),
        ("=\\{a\\: 1\\}", [("{a: 1}", 1), ("a 1", 1)]),
        ("=[html]<p>Port&nbsp;Alba</p>", [("Port Alba", 1)]),
        ("=Riga =%0%*#Look again.", [("Riga", 1), ("Oslo", 0)]),
    ],
)
def test_short_answers(answers: str, cases: list[tuple[str, float]] | None) -> None:
    spec = one(f"Which? {{{answers}}}")
    assert spec["kind"] == ("text" if cases is not None else "single")
    for response, share in cases or []:
        assert earned(spec, response) == share, response


def test_replies_and_the_reason_are_kept() -> None:
    spec = one("Who? {=The council#Yes. ~The office#It prepares. ####Article 3 \\# says so.}")
    assert spec["because"] == "Article 3 # says so."
    spec = one("How many? {#=9#Nine. =%0%8#You forgot one. ~#Count. ####There are nine.}")
    assert (spec["say"], spec["otherwise"]) == ("Nine.", "Count.")
    assert spec["traps"] == [{"value": 8.0, "say": "You forgot one."}]
    spec = one("It came first. {F#It did not.#Right.####Look at the dates.}")
    assert [choice["say"] for choice in spec["choices"]] == ["It did not.", "Right."]
    assert shares(spec) == [0, 1]
    spec = one("Where? {=Riga#Yes. =Rīga pilsēta#Longer. =%0%*#Look at the map.}")
    assert spec["says"] == {"riga": "Yes.", "riga pilseta": "Longer."}
    assert spec["otherwise"] == "Look at the map."


def test_pairs_gaps_and_embedded_answers() -> None:
    spec = one("Match. {=A -> \\{b\\} =2*3 -> x->y = -> LIE}")
    assert [item["text"] for item in spec["items"]] == ["A", "2*3"]
    assert [as_plain(option) for option in spec["options"]] == ["LIE", "x->y", "{b}"]
    spec = one("Alba lies {=north ~south} of the Olsha and {=east ~%50%south-east ~west} of it.")
    assert spec["ask"] == "Alba lies [[1]] of the Olsha and [[2]] of it."
    choices = [[choice["text"] for choice in gap["choices"]] for gap in spec["gaps"]]
    assert choices == [["north", "south"], ["east", "south-east", "west"]]
    assert earned(spec, [0, 0]) == 1
    assert earned(spec, [0, 1]) == 0.75
    spec = one(
        "In {1:SA:=spring~%50%summer#later} by {2:NM:=3:0~%25%4:1} "
        "and {:MC:~a#no~=b} {1:SAC:=Riga}."
    )
    assert spec["points"] == 5
    assert earned(spec, ["spring", "3", 1, "Riga"]) == 1
    assert earned(spec, ["summer", "4", 0, "Riga"]) == 0.4
    assert spec["gaps"][3]["case"] is True
    spec = one("The capital is {1:SAC:%100%Rome~%50%rome#small~*#no} of Italy.")
    assert [earned(spec, [text]) for text in ("Rome", "rome", "Paris")] == [1, 0.5, 0]
    assert spec["gaps"][0]["otherwise"] == "no"


def test_texts_keep_their_form_and_their_signs() -> None:
    ask: Callable[[str], str] = lambda text: one(f"{text} {{T}}")["ask"]  # noqa: E731
    assert (
        as_plain(ask("2*3*4 and *x* `y` \\{z\\} C\\:\\\\temp")) == "2*3*4 and *x* `y` {z} C:\\temp"
    )
    assert ask("[markdown]An *old* `law` of **Riga**") == "An *old* `law` of *Riga*"
    assert ask("[html]<p>a &lt; b &amp; c</p><p>d</p>") == "a < b & c\nd"
    assert ask("[plain]<b>a</b>") == "<b>a</b>"
    assert ask("a<b and c>d") == "a<b and c>d"
    assert ask("one\\ntwo") == "one\ntwo"
    assert ask("[html]H<sub>2</sub>O, m<sup>2</sup>") == "H₂O, m²"
    assert ask("[html]<ul><li>a</li><li>b</li></ul>c") == "• a\n• b\nc"
    spec = one("[html]<pre>for x in y\\:\\n    z(\\{\\})</pre>{T}")
    assert spec["ask"] == "```\nfor x in y:\n    z({})\n```"
    for formula in (
        "\\(\\\\frac\\{1\\}\\{2\\}\\)",
        "\\(\\frac{1}{2}\\)",
        "$$\\frac\\{1\\}\\{2\\}$$",
    ):
        spec = one(f"What is {formula}? {{=a half ~two}}")
        assert spec["ask"] == "What is \\(\\frac{1}{2}\\)?"
        assert list(spec["math"]) == ["\\frac{1}{2}"]


# A text, and what the report says of what cannot be taken over.
REFUSED = [
    ("Read on.", "a text without a question"),
    ("A {=b", "a brace { is not closed"),
    ("A } b {T}", "a brace } is not opened"),
    ("Which? {=Eston* =Latvia}", "stands for any letters"),
    ("Which? {=*}", "any answer at all would be right"),
    ("Which? {~a ~b}", "no choice is right"),
    ("Match. {=a -> b}", "2 or more"),
    ("Match. {=a -> b =c}", "no arrow"),
    ("How? {#x}", "is not understood"),
    ("How? {#1,234}", "in two ways"),
    ("How? {#%50%3:5 =3}", "stands before one that earns all"),
    ("How? {#=%50%3}", "no number of it earns all"),
    ("Which? {=%50%a}", "no answer of it earns all"),
    ("Which? {~%30%a ~%30%b ~c}", "add up to 0.6"),
    ("{T}", "it has answers and no text"),
    ("a [[1]] {=b ~c} {=d ~e}", "would be a gap"),
    ("a {1:MULTIRESPONSE:=b~c} d", "MULTIRESPONSE"),
    ("a {=b ~c} and {a text->x =y->z}", "gap 2"),
    ("[html]<math><mi>x</mi></math> {T}", "MathML"),
    ("Which? {=a ~a}", "stands twice"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_cannot_be_taken_over_is_named(text: str, words: str) -> None:
    taken = read_gift(f"// a comment\n\n::Name:: {text}\n\n::Next:: Is it? {{T}}", COURSE)
    [note] = taken.left
    assert words in note.text, note.text
    assert (note.line, note.name) == (3, "Name")
    assert [question["ask"] for question in taken.questions] == ["Is it?"]


LOST = [
    ("[html]<b>a</b> {T}", "bold"),
    ('[html]<span style\\="color\\:red">a</span> {T}', "colours and styles"),
    ('[html]<img src\\="@@PLUGINFILE@@/a b.png" alt\\="map"> {T}', "a-b.png is not in the file"),
    ("[html]<video></video>a {T}", "a recording (<video>)"),
    ("[html]<table><tr><td>a</td><td>b</td></tr></table> {T}", "line by line"),
    ("What is \\(\\\\nosuch\\{x\\}\\)? {T}", "there is no \\nosuch"),
    ("Which? {=a ~%-50%b}", "the minus of a wrong choice"),
    ("How many? {#9:1 =%50%9:0}", "which another one before it covers"),
    ("a {T}\nB is {F}", "no blank line"),
    ("$CATEGORY: x\na {T}", "categories"),
    ("::Title:: a\n\nb {T}", "a blank line stands within it"),
]


@pytest.mark.parametrize(("text", "words"), LOST)
def test_what_is_lost_is_named(text: str, words: str) -> None:
    taken = read_gift(text, COURSE)
    assert not taken.left
    assert [note for note in taken.lost if words in note.text], taken.lost


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_no_question_is_swallowed(end: str) -> None:
    lines = [
        "$CATEGORY: top/a",
        "::A:: One? {T}",
        "::B:: Two? {",
        "// a comment",
        "=a",
        "",
        "~b // no comment",
        "}",
        "",
        "$CATEGORY: top/b",
        "Three? {#3}",
        "Four? {=a ~b}",
        "and five stands within {=c ~d}",
        "",
        "// question: 9  name: Six",
        "::Six:: Six",
        "in two lines? {F}",
    ]
    taken = read_gift(end.join(lines), COURSE)
    assert not taken.left
    asked = [question["ask"] for question in taken.questions]
    assert asked == [
        "One?",
        "Two?",
        "Three?",
        "Four? [[1]]\nand five stands within [[2]]",
        "Six\nin two lines?",
    ]
    assert taken.questions[1]["choices"][1]["text"] == "b // no comment"


def test_an_open_brace_costs_only_its_own_question() -> None:
    taken = read_gift("::A:: One? {=a ~b\n\n::B:: Two? {T}\n\n::C:: Three? {F}", COURSE)
    assert [note.name for note in taken.left] == ["A"]
    assert [question["ask"] for question in taken.questions] == ["Two?", "Three?"]


def test_what_an_import_leaves_unwritten_is_found(tmp_path: Path) -> None:
    taken = read_gift("One? {=a ~b#No.}\n\nTwo? {#2}\n\nThree? {}", COURSE)
    problems = [problem.text for problem in check_bank(written(taken, tmp_path), COURSE)]
    assert len([text for text in problems if UNWRITTEN in text]) == 3


@settings(max_examples=500)
@given(st.text("{}=~#%\\:->/ \n$ab1.*[]()<&*`", max_size=60) | st.text(max_size=60))
def test_any_text_is_gift_or_refused(text: str) -> None:
    try:
        taken = read_gift(text, COURSE)
    except CourseError:
        return
    assert taken.questions or taken.left or taken.lost
    specs_of(taken)


# A model of questions, written as GIFT: what the model says is what the bank must mark.
SIGNS = st.text("abc xyz*`_![](){}=~#:\\<>&$-1é€", min_size=1, max_size=14)
WORDS = SIGNS.map(lambda text: " ".join(text.split())).filter(
    lambda text: any(letter.isalpha() for letter in text)
)
WEIGHTS = st.sampled_from([100, 75, 66.66667, 50, 33.33333, 25, 20, 10, 0])


def escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\~=#{}:" else sign for sign in text)


def is_sound(text: str) -> bool:
    """Whether Moodle's own form would show the text as it is: no tag, entity or formula."""
    return not any(
        begin in text for begin in ("<", "&", "\\(", "\\[", "$$", "[[", "->", "//", "[]")
    ) and not text.startswith(("[", "//", "$CATEGORY", "::", "%"))


TEXTS = WORDS.filter(is_sound)


@settings(max_examples=150)
@given(
    TEXTS,
    st.lists(TEXTS, min_size=2, max_size=5, unique=True),
    st.data(),
)
def test_a_choice_marks_as_its_model(ask: str, texts: list[str], data: st.DataObject) -> None:
    weights = [100, *(data.draw(WEIGHTS | WEIGHTS.map(lambda w: -w)) for _ in texts[1:])]
    parts = [f"={escaped(texts[0])}"]
    parts += [f"~%{w}%{escaped(t)}" for w, t in zip(weights[1:], texts[1:], strict=True)]
    spec = one(f"{escaped(ask)} {{{' '.join(parts)}}}")
    assert as_plain(spec["ask"]) == ask
    assert [as_plain(choice["text"]) for choice in spec["choices"]] == texts
    for place, weight in enumerate(weights):
        assert earned(spec, place) == pytest.approx(max(0, weight) / 100, abs=1e-5)


@settings(max_examples=150)
@given(st.lists(TEXTS, min_size=3, max_size=5, unique=True), st.data())
def test_a_multiple_choice_marks_as_its_model(texts: list[str], data: st.DataObject) -> None:
    rights = data.draw(st.integers(1, len(texts) - 1))
    minus = st.sampled_from([0, 10, 25, 50, 100])
    weights = [100 / rights] * rights + [-data.draw(minus) for _ in texts[rights:]]
    parts = [f"~%{w:.5f}%{escaped(t)}" for w, t in zip(weights, texts, strict=True)]
    spec = one(f"Which? {{{' '.join(parts)}}}")
    for size in range(1, len(texts) + 1):
        for response in itertools.combinations(range(len(texts)), size):
            total = sum(weights[place] for place in response) / 100
            assert earned(spec, list(response)) == pytest.approx(min(1, max(0, total)), abs=1e-4)


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.decimals(-999, 999, places=2), st.decimals(0, 3, places=1), WEIGHTS),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.decimals(-999, 999, places=2), max_size=5),
)
def test_numbers_mark_as_their_model(model: list[Any], others: list[Any]) -> None:
    model[0] = (*model[0][:2], 100)
    answers = " ".join(f"=%{weight}%{value}:{error}" for value, error, weight in model)
    taken = read_gift(f"How many? {{#{answers}}}", COURSE)
    if taken.left:
        assert "stands before one" in taken.left[0].text
        return
    [spec] = specs_of(taken)
    for response in [*(value for value, _, _ in model), *others]:
        fits = [weight for value, error, weight in model if abs(response - value) <= error]
        expected = fits[0] / 100 if fits else 0
        assert earned(spec, str(response)) == pytest.approx(expected, abs=1e-5), response


# A star is a joker in a short answer. It is left out before a text is found sound: without it,
# `a-*>` would be the arrow of a matching question.
SHORT = WORDS.map(lambda text: text.replace("*", "").strip()).filter(bool).filter(is_sound)


@settings(max_examples=150)
@given(st.lists(st.tuples(SHORT, WEIGHTS), min_size=1, max_size=4, unique_by=lambda one: one[0]))
def test_short_answers_mark_as_their_model(model: list[tuple[str, float]]) -> None:
    plain = [(model[0][0], 100.0), *model[1:]]
    answers = " ".join(f"=%{weight}%{escaped(text)}" for text, weight in plain)
    taken = read_gift(f"Which? {{{answers}}}", COURSE)
    if taken.left:
        assert "right and wrong" in taken.left[0].text or "no answer" in taken.left[0].text
        return
    [spec] = specs_of(taken)
    for text, weight in plain:
        alike = [w for other, w in plain if other.lower() == text.lower()]
        if len(alike) == 1 and ("signs" in spec or weight == 100):
            assert earned(spec, text) == pytest.approx(weight / 100, abs=1e-5), text
