"""A teacher who breaks a bank is told everything at once: file, line, question and mend."""

from pathlib import Path

import pytest

from pfp_course.course import default_course, read_course
from pfp_course.questions import BankError, check_bank, read_bank
from pfp_course.questions.kinds.choice import Single
from pfp_course.questions.reading import read_document
from pfp_course.questions.spec import public

COURSE = default_course()

SAMPLE = Path(__file__).with_name("sample.yml")


def broken(folder: Path, old: str, new: str) -> Path:
    text = SAMPLE.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path = folder / "99.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    return path.read_text(encoding="utf-8").split(text)[0].count("\n") + 1


def test_the_sample_is_in_order() -> None:
    assert check_bank(SAMPLE, COURSE) == []


def test_a_bank_asks_the_data_of_the_course_that_is_given() -> None:
    course = read_course(Path(__file__).parents[1] / "sample_course")
    path = course.bank("01")
    assert check_bank(path, course) == []
    assert any("there is no table 'lakes'" in str(problem) for problem in check_bank(path, COURSE))
    bank = read_bank(path, course)
    count = next(question for question in bank.questions if question.id == "01.count")
    assert public(count)["key"] == 3
    assert bank.exercises[0].resolved().key > 0


def test_keys_come_from_the_data() -> None:
    first, _, count, share, last = (
        public(question) for question in read_bank(SAMPLE, COURSE).questions[:5]
    )
    assert [choice["right"] for choice in first["choices"]] == [True, False, False]
    assert first["because"] == "Romania signed on 26 January 1994."
    assert (count["key"], count["tolerance"]) == (23.0, 0.0)
    assert share["key"] == pytest.approx(100 * 23 / 34)
    assert last["answer"] == "Tajikistan"


# What is broken, the line that the message names, and words of the message.
BROKEN = [
    ("kind: single", "kind: singel", "kind: singel", "question 99.first: the kind 'singel'"),
    ("    otherwise: Filter by region first.\n", "", "99.last", "'otherwise' is missing. Add it."),
    ("hints: [Filter", "hint: [Filter", "hint: [Filter", "there is no field 'hint' here"),
    ("points: 3", "points: 300", "points: 300", "less than or equal to 10"),
    ("id: 99.first", "id: 98.first", "id: 98.first", "must begin with '99.'"),
    (
        "id: 99.baltic",
        "id: 99.first",
        "- id: 99.first\n    objective: O99.1\n    kind: m",
        "used twice",
    ),
    ("objective: O99.2", "objective: O99.3", "objective: O99.3", "Did you mean 'O99.2'?"),
    (", say: Malta lies in the Mediterranean.", "", "- {text: Malta}", "'Malta' says nothing"),
    ("{text: Malta, say", "{text: Malta, right: true, say", None, None),
    ("{text: Latvia, right", "{text: Estonia, right", "{text: Estonia, right: true, say", "twice"),
    ("version: 1", "version: 2", "version: 2", "'version' should be 1; it holds 2."),
    ("title: A bank", "title: 7\ntitle: A bank", "title: A bank", "the key 'title' stands twice"),
    ("title: A bank", "title: C # or D", "title: C # or D", "what follows ' #' is a comment"),
    ("minutes: 10", "minutes: ten", "minutes: ten", "it holds 'ten'"),
    (
        "count: signatories, where: 'signed",
        'count: signatories, where: \'__import__("os")',
        None,
        None,
    ),
    (
        "where: 'signed <=",
        "where: 'signed +",
        "key: {count: signatories, where: 'signed +",
        "may compare columns only",
    ),
    (
        "{count: signatories}, say",
        "{cuont: signatories}, say",
        "- {value: {cuont",
        "begins with one of",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "words"), BROKEN)
def test_a_broken_bank_says_where_and_how_to_mend(
    tmp_path: Path, old: str, new: str, place: str | None, words: str | None
) -> None:
    path = broken(tmp_path, old, new)
    problems = check_bank(path, COURSE)
    if place is None or words is None:
        assert (problems == []) == ("right: true" in new)
        return
    assert any(words in problem.text for problem in problems), problems
    assert line_of(path, place) in [problem.line for problem in problems]
    assert str(problems[0]).startswith(f"{path}:{problems[0].line}: ")


# These can be seen only when the data are asked.
UNFIT = [
    ("column: country, by: signed}", "column: nation, by: signed}", "no column 'nation'"),
    ("{first: signatories, column: country", "{first: signatoris, column: country", "signatoris"),
    ("- text: Romania", "- text: Rumania", "the data say 'Romania', but no choice does"),
    ("value: {count: signatories}", "value: 23", "the trap 23 counts as right"),
    ("text: Montenegro", "text: tajikistan", "counts as right"),
    ("It signed on {date}.", "It signed on {day}.", "nothing fills {day}"),
    ("It signed on {date}.", "It signed on {date.real}.", "nothing fills {date.real}"),
    ("It signed on {date}.", "It signed on {date", "cannot be filled"),
    ("source: [wh_pfp_1994]", "source: [wh_pfp_1995]", "no source 'wh_pfp_1995'"),
    ("data: [signatories]", "data: [signatures]", "Did you mean 'signatories'?"),
    ("  O99.2: Count rows.", "  O99.2: Count rows.\n  O99.3: Sing.", "nothing asks for O99.3"),
    ("[{value: 13,", "[{value: 34,", "the trap 34 counts as right"),
    ("compare: number", "compare: list", "cannot be compared as list"),
]


@pytest.mark.parametrize(("old", "new", "words"), UNFIT)
def test_a_bank_that_does_not_fit_the_data_says_so(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    problems = check_bank(broken(tmp_path, old, new), COURSE)
    assert [problem for problem in problems if words in problem.text], problems


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    path = broken(tmp_path, "kind: numeric", "kind: number")
    path.write_text(
        path.read_text().replace("points: 3", "points: -1", 1).replace("part: H", "prt: H")
    )
    with pytest.raises(BankError) as caught:
        read_bank(path, COURSE)
    assert len(caught.value.problems) == 4
    assert str(caught.value).count(str(path)) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"a: [1, 2", "not valid YAML"),
        (b"a: b: c", "put text that holds ': ' in quotes"),
        (b"a: \xff\xfe", "not UTF-8"),
        (b"a: &x [1]\nb: *x", "an alias"),
        (b"a: !!python/object:os.system x", "is not understood"),
        (b"[" * 400 + b"]" * 400, "nested too deep"),
        (b"# " + b"x" * 1_100_000, "larger than 1 MB"),
        (b"- 1\n- 2\n", "the file should be fields, each with a name"),
    ],
)
def test_a_file_that_is_no_bank_gives_one_message(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "99.yml"
    path.write_bytes(content)
    problems = check_bank(path, COURSE)
    assert len(problems) == 1
    assert words in str(problems[0])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    [problem] = check_bank(tmp_path / "41.yml", COURSE)
    assert "41.yml:1: the file cannot be read" in str(problem)


def test_words_that_yaml_would_change_stay_text(tmp_path: Path) -> None:
    path = broken(tmp_path, "- text: Albania", "- text: no")
    read = read_bank(broken(tmp_path, "- text: Albania", "- text: no"), COURSE).questions[0]
    assert isinstance(read, Single)
    assert read.choices[1].text == "no"
    assert path.is_file()


def test_a_mark_is_void_when_the_question_changes_and_not_when_its_hint_does(
    tmp_path: Path,
) -> None:
    before = public(read_bank(SAMPLE, COURSE).questions[0])["fingerprint"]
    hint = broken(tmp_path, "Sort the table.", "Sort the whole table.")
    assert public(read_bank(hint, COURSE).questions[0])["fingerprint"] == before
    other = broken(tmp_path, "- text: Albania", "- text: Algeria")
    assert public(read_bank(other, COURSE).questions[0])["fingerprint"] != before


@pytest.mark.parametrize("path", sorted(COURSE.questions.glob("*.yml")), ids=lambda path: path.stem)
def test_the_reader_in_c_gives_what_the_reader_in_python_gives(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = read_document(path)
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    assert read_document(path) == fast
