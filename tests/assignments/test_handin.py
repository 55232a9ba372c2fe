"""To hand in: the receipt of a folder, under one name, and never half-written."""

import json
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE

from pfp_course.assignments.assignment import AssignmentRequest, assign
from pfp_course.assignments.handout import handout
from pfp_course.assignments.receipt import EXPLAIN, Receipt, hand_in, read_receipt, submit
from pfp_course.chapters import chapter
from pfp_course.course import default_course
from pfp_course.errors import CourseError
from pfp_course.questions import check, frontend, quiz, read_bank
from pfp_course.questions.bank import bank_version
from pfp_course.questions.comparison import differs, received
from pfp_course.questions.record import Store
from pfp_course.questions.record_file import FILE_NAME
from pfp_course.questions.spec import public
from pfp_course.questions.widget import FormWidget, QuizWidget, WaitingQuiz

BANK = Path(__file__).with_name("exam.yml")
LATER = "2090-02-15"
AT = "2027-02-14T10:11:12.345Z"
PRACTICE = AssignmentRequest((chapter("2", COURSE),), LATER, "Signatures", seed_by="student")
EXAM = AssignmentRequest((chapter("2", COURSE),), LATER, "An exam", mode="exam", banks=(BANK,))


def folder_of(request: AssignmentRequest, folder: Path) -> Path:
    """Lay the small files of an assignment into a folder, as its zip does."""
    for name, content in handout(assign(request, COURSE)).items():
        if name.endswith((".json", ".yml")) and "/" not in name:
            (folder / name).write_bytes(content)
    return folder


def answer(fingerprint: str, response: Any = 1, **rest: Any) -> dict[str, Any]:
    return {"fingerprint": fingerprint, "response": response, "attempts": 1, "at": AT, **rest}


def keep(folder: Path, answers: dict[str, Any], **rest: Any) -> None:
    record = {"format": "pfp-course/progress", "version": 1, "answers": answers, **rest}
    (folder / FILE_NAME).write_text(json.dumps(record), encoding="utf-8")


def receipt_of(path: Path) -> Receipt:
    return read_receipt(path.read_bytes())


def test_drafts_are_not_handed_in_and_the_student_is_told(tmp_path: Path) -> None:
    folder = folder_of(PRACTICE, tmp_path)
    draft = {"fingerprint": "a" * 16, "response": "Half a thought", "base": 0, "count": 1, "at": AT}
    over = {**draft, "base": 0}
    drafts = {"02.first-year": draft, "02.last": over, "01.row": draft}
    keep(folder, {"02.last": answer("a" * 16, revision=1)}, drafts=drafts)
    done = hand_in(folder, COURSE, "Dina")
    assert done.drafts == ("02.first-year",)
    assert "1 answer is written but not checked, and not in the receipt" in str(done)
    assert set(receipt_of(done.path).answers) == {"02.last"}
    keep(folder, {}, drafts=drafts)
    with pytest.raises(CourseError, match=r"no answer yet.*2 answers are written but not checked"):
        hand_in(folder, COURSE, "Dina")


def test_a_receipt_holds_the_answers_that_were_assigned_and_no_marks(tmp_path: Path) -> None:
    folder = folder_of(PRACTICE, tmp_path)
    keep(
        folder,
        {
            "02.last": answer("a" * 16, score=1.0, points=1, seconds=33, hints=1, confidence=2),
            "02.first-year": answer("b" * 16, None, shown=True),
            "01.row": answer("c" * 16),
        },
    )
    done = hand_in(folder, COURSE, " Дина  Оспанова ")
    receipt = receipt_of(done.path)
    assert set(receipt.answers) == {"02.last", "02.first-year"}
    assert receipt.answers["02.last"] == {
        "fingerprint": "a" * 16,
        "response": 1,
        "attempts": 1,
        "hints": 1,
        "shown": False,
        "confidence": 2,
        "seconds": 33,
        "at": AT,
    }
    assert (receipt.student, receipt.seed) == ("Дина Оспанова", "дина оспанова")
    assert receipt.banks == {"02": bank_version(default_course().bank("02"))}
    assert done.answered == 2
    count = len(read_bank(default_course().bank("02"), COURSE).questions)
    assert f"Without an answer: {count - 2} (" in str(done)
    assert done.late == ""


def test_handing_in_again_writes_the_same_file_anew(tmp_path: Path) -> None:
    folder = folder_of(PRACTICE, tmp_path)
    keep(folder, {"02.last": answer("a" * 16, 1)})
    first = hand_in(folder, COURSE, "Дина").path
    keep(folder, {"02.last": answer("a" * 16, 2)}, student="Дина")
    second = hand_in(folder, COURSE).path
    assert first == second
    assert receipt_of(second).answers["02.last"]["response"] == 2
    assert [path.name for path in folder.glob("receipt-*")] == [first.name]


def test_one_name_for_all_where_the_name_is_the_seed(tmp_path: Path) -> None:
    folder = folder_of(PRACTICE, tmp_path)
    keep(folder, {"02.last": answer("a" * 16)}, student="Дина")
    with pytest.raises(CourseError, match="You began as “Дина”"):
        hand_in(folder, COURSE, "Somebody Else")
    assert hand_in(folder, COURSE, "  ДИНА").path.is_file()
    # A class's seed does not hang on the name.
    other = tmp_path / "class"
    other.mkdir()
    folder_of(AssignmentRequest((chapter("2", COURSE),), LATER, seed="7b"), other)
    keep(other, {"02.last": answer("a" * 16)}, student="Дина", seed="stale")
    receipt = receipt_of(hand_in(other, COURSE, "Somebody Else").path)
    assert (receipt.student, receipt.seed) == ("Somebody Else", "7b")


def test_without_an_assignment_all_answers_are_handed_in(tmp_path: Path) -> None:
    keep(tmp_path, {"02.last": answer("a" * 16), "91.own": answer("b" * 16)}, seed="7b")
    receipt = receipt_of(hand_in(tmp_path, COURSE, "Дина").path)
    assert (receipt.assignment, receipt.seed) == ("", "7b")
    assert receipt.banks == {"02": bank_version(default_course().bank("02")), "91": "missing"}


def test_exercises_are_handed_in_and_suffice_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder_of(PRACTICE, tmp_path))
    exercise = read_bank(default_course().bank("02"), COURSE).exercises[0]
    check("02.e1", -5)
    check("02.e1", exercise.resolved().key)
    check("03.e1", 1)  # not assigned
    done = hand_in(tmp_path, COURSE, "Дина")
    assert "0 answers and 1 exercise are in the receipt" in str(done)
    receipt = receipt_of(done.path)
    assert set(receipt.exercises) == {"02.e1"}
    trial = receipt.exercises["02.e1"]
    assert (trial["attempts"], trial["right"]) == (2, True)
    assert differs(received(trial["value"]), exercise.resolved().key, "number", 0) is None
    assert "last value that you checked" in submit().spec["explain"]


def test_while_the_record_cannot_be_read_no_receipt_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, {"02.last": answer("a" * 16)})
    store = Store(tmp_path, patience=0.01)
    read = Path.read_bytes

    def held(self: Path) -> bytes:
        if self.name == FILE_NAME:
            raise PermissionError(13, "Permission denied")
        return read(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", held)
        with pytest.raises(CourseError, match=r"Permission denied.* No receipt was written"):
            hand_in(tmp_path, COURSE, "Дина", store)
    assert list(tmp_path.glob("receipt-*")) == []
    assert set(receipt_of(hand_in(tmp_path, COURSE, "Дина", store).path).answers) == {"02.last"}


def test_a_receipt_without_exercises_has_no_such_field(tmp_path: Path) -> None:
    keep(tmp_path, {"02.last": answer("a" * 16)})
    path = hand_in(tmp_path, COURSE, "Дина").path
    assert "exercises" not in json.loads(path.read_text(encoding="utf-8"))
    assert receipt_of(path).exercises == {}


def test_work_after_the_deadline_is_handed_in_and_said(tmp_path: Path) -> None:
    folder = folder_of(
        AssignmentRequest((chapter("2", COURSE),), "2020-01-01", seed="7b"), tmp_path
    )
    keep(folder, {"02.last": answer("a" * 16)})
    done = hand_in(folder, COURSE, "Дина")
    assert "The deadline was 2020-01-01; your teacher sees when this was made." in str(done)
    assert done.path.is_file()


@pytest.mark.parametrize(
    ("record", "name", "words"),
    [
        (None, "Дина", "no answer yet"),
        ("{", "Дина", "is damaged.* no answer yet"),
        ('{"format": "pfp-course/progress", "version": 1}', "", "Your name or id is missing"),
        ('{"format": "pfp-course/progress", "version": 1}', "x" * 201, "longer than 200"),
    ],
)
def test_what_cannot_be_handed_in_says_why(
    tmp_path: Path, record: str | None, name: str, words: str
) -> None:
    folder = folder_of(PRACTICE, tmp_path)
    if record is not None:
        (folder / FILE_NAME).write_text(record, encoding="utf-8")
    with pytest.raises(CourseError, match=words):
        hand_in(folder, COURSE, name)
    assert list(folder.glob("receipt-*")) == []


def test_a_damaged_assignment_says_so(tmp_path: Path) -> None:
    (tmp_path / "assignment.json").write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match="Unpack your teacher's zip again"):
        hand_in(tmp_path, COURSE, "Дина")


def test_a_full_disk_leaves_the_receipt_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(PRACTICE, tmp_path)
    keep(folder, {"02.last": answer("a" * 16)}, student="Дина")
    before = hand_in(folder, COURSE).path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CourseError, match="No space left"):
        hand_in(folder, COURSE)
    (path,) = folder.glob("receipt-*")
    assert path.read_bytes() == before


def begin(waiting: FormWidget | WaitingQuiz, name: str) -> str:
    waiting.student = name
    waiting.asked += 1
    said: str = waiting.said
    assert waiting.heard == waiting.asked
    return said


def test_a_quiz_waits_for_the_name_and_all_quizzes_begin_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder_of(PRACTICE, tmp_path))
    closing, one, form = quiz("02"), quiz("02.last"), submit()
    assert isinstance(closing, WaitingQuiz)
    assert isinstance(form, FormWidget)
    assert "Your name or id decides" in repr(closing)
    with pytest.raises(CourseError, match="no question"):
        quiz("02.nothing")
    assert begin(one, "Дина Оспанова") == ""
    assert form.student == "Дина Оспанова"
    seed = "дина оспанова"
    bank = read_bank(default_course().bank("02"), COURSE)
    asked = {question.id: public(question, seed) for question in bank.questions}
    assert one.spec["questions"] == [asked["02.last"]]
    assert all(spec == asked[spec["id"]] for spec in closing.spec["questions"])
    assert one.spec["seed"] == seed
    # Answers are kept from then on, and a later quiz asks at once.
    spec = one.spec["questions"][0]
    one.answers = {spec["id"]: answer(spec["fingerprint"], 0, score=0, points=1, hints=0)}
    assert isinstance(quiz("02"), QuizWidget)
    assert not isinstance(quiz("02"), WaitingQuiz)
    assert "Give this file to your teacher." in begin(form, "Дина Оспанова")
    (path,) = tmp_path.glob("receipt-*")
    assert set(receipt_of(path).answers) == {"02.last"}
    assert "You began as" in begin(form, "Somebody Else")


def test_another_notebook_of_the_folder_keeps_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder_of(PRACTICE, tmp_path))
    waiting = quiz("02")
    keep(tmp_path, {}, student="Дина")  # begun in the other notebook meanwhile
    assert "You began as “Дина”" in begin(waiting, "Somebody Else")
    assert waiting.spec["form"] is True
    assert begin(waiting, "дина") == ""
    assert waiting.spec["seed"] == "дина"


def test_an_exam_of_a_class_asks_at_once_with_the_classs_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder_of(EXAM, tmp_path))
    key = assign(EXAM, COURSE).key
    widget = quiz("exam.json")
    drawn = [question.drawn(key.seed).fingerprint for question in key.questions]
    assert [spec["fingerprint"] for spec in widget.spec["questions"]] == drawn
    spec = widget.spec["questions"][0]
    widget.answers = {spec["id"]: answer(spec["fingerprint"], 2, score=0, points=1, hints=0)}
    receipt = receipt_of(hand_in(tmp_path, COURSE, "Дина").path)
    assert receipt.banks == key.banks
    assert receipt.answers["91.first"]["response"] == 2


def test_on_a_static_page_no_form_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pfp_course.course._static", True)
    assert submit() is None


def test_the_page_says_of_a_receipt_what_the_notebook_says() -> None:
    text = (Path(frontend.__file__).parent / "receipt.js").read_text(encoding="utf-8")
    start = text.index("EXPLAIN =")
    parts = text[start : text.index(";\n", start)].split('"')[1::2]
    assert "".join(parts) == EXPLAIN
