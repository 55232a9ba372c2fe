"""Questions of Moodle's XML become questions of a bank, or are named with line and reason."""

import base64

import pytest
from courses import COURSE

from pfp_course.errors import CourseError
from pfp_course.questions.authoring import Taken, read_moodle_xml
from pfp_course.questions.bank import UNWRITTEN

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


def question(kind: str, body: str, name: str = "Q") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[<p>What?</p>]]></text></questiontext>'
        f"{body}</question>\n"
    )


def read(*questions: str) -> Taken:
    return read_moodle_xml(
        '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(questions) + "</quiz>", COURSE
    )


def answer(fraction: float, text: str, say: str = "", more: str = "") -> str:
    feedback = f'<feedback format="html"><text>{say}</text></feedback>' if say else ""
    return f'<answer fraction="{fraction}"><text>{text}</text>{feedback}{more}</answer>'


def one(kind: str, body: str) -> dict[str, object]:
    taken = read(question(kind, body))
    assert taken.left == []
    [found] = taken.questions
    return found


def test_choices_keep_their_weights_and_replies() -> None:
    body = "<single>true</single>" + answer(100, "A") + answer(50, "B", "Half.") + answer(0, "C")
    found = one("multichoice", body)
    assert found["kind"] == "single"
    assert found["choices"] == [
        {"text": "A", "right": True},
        {"text": "B", "share": 0.5, "say": "Half."},
        {"text": "C"},
    ]
    body = "<single>false</single><shuffleanswers>false</shuffleanswers>"
    body += answer(50, "A") + answer(50, "B") + answer(-50, "C")
    found = one("multichoice", body)
    assert (found["kind"], found["shuffle"]) == ("multiple", False)
    assert found["choices"] == [
        {"text": "A", "right": True},
        {"text": "B", "right": True},
        {"text": "C"},
    ]
    found = one("truefalse", answer(100, "true", "Yes.") + answer(0, "false", "No."))
    assert found["choices"] == [
        {"text": "True", "right": True, "say": "Yes."},
        {"text": "False", "say": "No."},
    ]


def test_texts_numbers_units_and_their_replies() -> None:
    body = "<usecase>1</usecase>" + answer(100, "NATO") + answer(0, "nato", "Capitals.")
    found = one("shortanswer", body + answer(0, "*", "Look again."))
    assert (found["key"], found["case"], found["otherwise"]) == ("NATO", True, "Look again.")
    assert found["traps"] == [{"text": "nato", "say": "Capitals."}]
    within = "<tolerance>0.5</tolerance>"
    units = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
    found = one("numerical", answer(100, "12", more=within) + answer(0, "*", "No.") + units)
    assert (found["key"], found["tolerance"], found["unit"]) == (12, {"abs": 0.5}, "km")
    assert found["otherwise"] == "No."


def test_matching_ordering_essays_and_embedded_answers() -> None:
    pair = (
        "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
    )
    found = one("match", pair.format("A", "1") + pair.format("B", "2") + pair.format("", "3"))
    assert [item["with"] for item in found["items"]] == ["1", "2"]  # type: ignore[attr-defined]
    assert found["others"] == ["3"]
    found = one("ordering", answer(2, "b") + answer(1, "a") + answer(3, "c"))
    assert found["items"] == ["a", "b", "c"]
    rubric = "<ul><li>Clear<ol><li>no</li><li>yes; all of it</li></ol></li></ul>"
    info = f"<graderinfo format='html'><text><![CDATA[{rubric}]]></text></graderinfo>"
    found = one("essay", info + "<minwordlimit>40</minwordlimit>")
    assert found["words"] == 40
    assert found["rubric"] == [{"text": "Clear", "levels": ["no", "yes; all of it"]}]
    taken = read(question("cloze", "").replace("<p>What?", "<p>{1:SA:=Oslo} and {2:NM:=4:1}"))
    [found] = taken.questions
    assert found["ask"] == "[[1]] and [[2]]"
    assert found["gaps"] == [
        {"kind": "text", "key": "Oslo"},
        {"kind": "numeric", "weight": 2, "key": 4, "tolerance": {"abs": 1}},
    ]


def test_hints_points_reasons_and_pictures_come_along() -> None:
    encoded = base64.b64encode(PNG).decode()
    text = '<![CDATA[<p>See <img src="@@PLUGINFILE@@/a%20map.png" alt="A map"/>?</p>]]>'
    body = (
        answer(100, "A")
        + answer(0, "B")
        + "<hint format='html'><text>Look.</text></hint><defaultgrade>2.0</defaultgrade>"
        + "<generalfeedback format='html'><text>So.</text></generalfeedback>"
    )
    whole = question("multichoice", body).replace("<![CDATA[<p>What?</p>]]>", text)
    whole = whole.replace(
        "</questiontext>",
        f"<file name='a%20map.png' path='/' encoding='base64'>{encoded}</file></questiontext>",
    )
    taken = read(whole)
    [found] = taken.questions
    assert found["ask"] == "See ![A map](picture-1.png)?"
    assert taken.pictures == {"picture-1.png": PNG}
    assert (found["hints"], found["points"], found["because"]) == (["Look."], 2, "So.")
    assert found["source"] == ["background"]
    assert one("essay", "")["because"] == UNWRITTEN


def test_what_is_not_taken_over_is_named_with_its_line() -> None:
    taken = read(
        question("category", ""),
        question("essay", "", "Fine"),
        question("ddmarker", "", "Where"),
        question("calculated", "", "Sum"),
        question("description", "", "Text"),
        question("shortanswer", answer(50, "x"), "Half"),
        question("numerical", answer(100, "many"), "Number"),
    )
    assert [note.line for note in taken.left] == [5, 6, 7, 8, 9]
    said = "\n".join(map(str, taken.left))
    for words in (
        "Where: it is not taken over: a picture with markers has no kind here",
        "a bank has nothing like the type 'calculated'",
        "a text without a question",
        "no answer of it earns all of the points",
        "its number 'many:0' is not understood",
    ):
        assert words in said
    assert "1 categories" in str(taken.lost[-1])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<quiz><question></quiz>", "this is not XML"),
        ("<html/>", "begins with <html>"),
        ("<quiz/>", "holds no question"),
        ('<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "declares a document type"),
    ],
)
def test_another_file_is_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        read_moodle_xml(text, COURSE)
