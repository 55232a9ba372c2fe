"""An assignment: the same request gives the same bytes, and an exam's zip holds no key."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pfp_course.assignments.assignment import (
    Assignment,
    AssignmentRequest,
    assign,
    moment,
    read_key,
)
from pfp_course.assignments.handout import handout, until, write_assignment
from pfp_course.chapters import chapter, chapters
from pfp_course.course import Course, default_course
from pfp_course.errors import CourseError
from pfp_course.files import packed
from pfp_course.questions import mark, read_bank
from pfp_course.questions.bank import bank_version
from pfp_course.questions.kinds import form_of
from pfp_course.questions.seeds import assigned

COURSE = default_course()

BANK = Path(__file__).with_name("exam.yml")
DUE = "2027-02-15"
REQUEST = AssignmentRequest((chapter("3", COURSE), chapter("7", COURSE)), DUE, "Paths")
EXAM = replace(REQUEST, mode="exam", seed_by="student", banks=(BANK,))


def everything(content: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield every member, and every member of the wheel inside, by name."""
    for name, raw in content.items():
        yield name, raw
        if name.endswith((".whl", ".zip")):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                yield from everything({f"{name}/{n}": archive.read(n) for n in archive.namelist()})


@pytest.fixture(scope="module")
def exam() -> dict[str, bytes]:
    return handout(assign(EXAM, COURSE))


@pytest.fixture(scope="module")
def practice() -> dict[str, bytes]:
    return handout(assign(REQUEST, COURSE))


def secrets(path: Path) -> set[str]:
    """All that a bank says to nobody but the instructor before the exam is over."""
    found = set()
    for question in read_bank(path, COURSE).questions:
        told = question.model_dump()
        found |= {told["because"], told.get("otherwise", ""), *told["hints"]}
        found |= {one["say"] for one in told.get("choices") or []}
        for criterion in told.get("rubric") or []:
            found |= {criterion["text"], *criterion["levels"]}
    return {text for text in found if len(text) > 8}


def test_no_member_of_an_exams_zip_holds_a_key_a_hint_or_a_reply(exam: dict[str, bytes]) -> None:
    words = {text.encode() for text in secrets(BANK)}
    assert len(words) > 12
    marks = [*words, b"ZEBRA", b"country == state"]
    for name, raw in everything(exam):
        assert [word for word in marks if word in raw] == [], name
        # JSON may write a letter as an escape.
        if name.endswith((".json", ".ipynb")):
            text = json.dumps(json.loads(raw), ensure_ascii=False).encode()
            assert [word for word in marks if word in text] == [], name


def test_the_wheel_of_an_exam_holds_no_question_of_the_course(exam: dict[str, bytes]) -> None:
    members = dict(everything(exam))
    banks = [name for name in members if re.search(r"data/questions/\d\d\.yml$", name)]
    assert len(banks) == len(chapters(COURSE))
    for name in banks:
        assert json.loads(members[name])["questions"] == []
        assert "exercises" not in json.loads(members[name])
    for function in COURSE.extras("KEY_FUNCTIONS").values():
        module = f"{function.__module__.replace('.', '/')}.py"
        assert [name for name in members if name.endswith(module)] == []
    replies = {
        text.encode() for one in chapters(COURSE) for text in secrets(COURSE.bank(one.number))
    }
    assert len(replies) > 500
    for name, raw in members.items():
        if not name.endswith((".csv", ".whl")) and "/notebooks/" not in name:
            assert [text for text in replies if len(text) > 40 and text in raw] == [], name
    for name, raw in members.items():
        if name.endswith(".ipynb") and not name.endswith("exam.ipynb"):
            code = [
                "".join(cell["source"])
                for cell in json.loads(raw)["cells"]
                if cell["cell_type"] == "code"
            ]
            assert not any(re.search(r"\b(quiz|check|review)\(", cell) for cell in code), name


def test_an_exam_from_the_courses_own_questions_holds_no_key_either() -> None:
    content = handout(assign(replace(REQUEST, mode="exam", seed_by="student"), COURSE))
    assert "chapter-07.json" in content
    replies = {text.encode() for n in ("03", "07") for text in secrets(COURSE.bank(n))}
    for name, raw in everything(content):
        if "/notebooks/" in name or name.endswith((".csv", ".whl", ".ipynb")):
            continue  # the text of the chapters is to be read
        assert [text for text in replies if len(text) > 40 and text in raw] == [], name


def test_an_exam_asks_the_instructors_questions_alone(exam: dict[str, bytes]) -> None:
    key = assign(EXAM, COURSE).key
    assert [question.id for question in key.questions] == [
        "91.first",
        "91.when",
        "91.count",
        "91.why",
    ]
    sheet = json.loads(exam["exam.ipynb"])
    code = ["".join(cell["source"]) for cell in sheet["cells"] if cell["cell_type"] == "code"]
    assert 'quiz("exam.json")' in code
    assert any("submit()" in cell for cell in code)
    told = json.loads(exam["assignment.json"])
    assert told["questions"] == [question.id for question in key.questions]
    assert (told["id"], told["banks"], told["mode"]) == (key.id, key.banks, "exam")


def test_a_mended_key_changes_the_key_file_alone(tmp_path: Path) -> None:
    mended = tmp_path / BANK.name
    text = BANK.read_text(encoding="utf-8")
    assert 'status_2024 == "member"' in text
    mended.write_text(
        text.replace('status_2024 == "member"', 'status_2024 == "suspended"'), "utf-8"
    )
    first, second = assign(EXAM, COURSE), assign(replace(EXAM, banks=(mended,)), COURSE)
    assert handout(first) == handout(second)
    assert first.key.id == second.key.id
    assert first.key != second.key


def test_the_key_marks_what_a_student_of_the_exam_answers(exam: dict[str, bytes]) -> None:
    key = assign(EXAM, COURSE).key
    file = json.loads(exam["exam.json"])
    question = key.questions[0]
    (shown,) = file["questions"][0]["variants"]
    assert shown["fingerprint"] == question.variants[0].fingerprint
    texts = [choice["text"] for choice in shown["choices"]]
    spec = question.variants[0].spec
    assert mark(spec, form_of(spec).restore(texts.index("Poland"))).state == "right"
    assert mark(spec, form_of(spec).restore(texts.index("Tajikistan"))).state == "wrong"
    drawn = {key.questions[1].drawn(key.seed_for(f"Student {n}")).fingerprint for n in range(40)}
    assert drawn == {variant.fingerprint for variant in key.questions[1].variants}
    assert key.seed_for("  ДИНА ") == key.seed_for("дина")


def test_practice_brings_the_chapters_their_tables_and_their_banks(
    practice: dict[str, bytes],
) -> None:
    for number in ("03", "07"):
        one = chapter(number, COURSE)
        assert one.notebook.name in practice
        for table in one.data:
            assert practice[f"data/{table}.csv"] == (COURSE.data / f"{table}.csv").read_bytes()
        assert practice[f"data/questions/{number}.yml"] == COURSE.bank(number).read_bytes()
        cells = json.loads(practice[one.notebook.name])["cells"]
        whole = json.loads(one.notebook.read_bytes())["cells"]
        assert cells[: len(whole)] == whole
        assert "submit()" in "".join(cells[-1]["source"])
    key = assign(REQUEST, COURSE).key
    assert key.banks == {n: bank_version(COURSE.bank(n)) for n in ("03", "07")}
    asked = [q.id for n in ("03", "07") for q in read_bank(COURSE.bank(n), COURSE).questions]
    assert [question.id for question in key.questions] == asked


def test_practice_with_a_bank_of_ones_own_asks_both() -> None:
    made = assign(replace(REQUEST, banks=(BANK,)), COURSE)
    content = handout(made)
    assert content["exam.yml"] == BANK.read_bytes()
    code = "".join(json.dumps(json.loads(content["questions.ipynb"])))
    assert r"quiz(\"exam.yml\")" in code
    assert made.key.banks["exam.yml"] == bank_version(BANK)
    assert {q.chapter for q in made.key.questions} == {"03", "07", "91"}


def test_the_last_chapter_brings_its_template() -> None:
    content = handout(assign(AssignmentRequest((chapter("14", COURSE),), DUE), COURSE))
    assert "policy-memo.ipynb" in content


def test_the_same_request_gives_the_same_bytes(
    tmp_path: Path, practice: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_assignment(assign(REQUEST, COURSE), tmp_path / "a")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("TZ", "Asia/Almaty")
    second = write_assignment(assign(REQUEST, COURSE), tmp_path / "b")
    assert first.zip.read_bytes() == second.zip.read_bytes() == packed(practice)
    assert first.key.read_bytes() == second.key.read_bytes()
    assert write_assignment(assign(REQUEST, COURSE), tmp_path / "a").unchanged
    with zipfile.ZipFile(first.zip) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {info.date_time for info in archive.infolist()} == {(2020, 2, 2, 0, 0, 0)}
        assert archive.testzip() is None
    assert read_key(first.key) == assign(REQUEST, COURSE).key


@pytest.mark.parametrize(
    "change",
    [
        {"due": "2027-02-16"},
        {"title": "Other"},
        {"seed": "7b"},
        {"seed_by": "student"},
        {"chapters": (chapter("3", COURSE),)},
        {"banks": (BANK,)},
        {"mode": "exam"},
    ],
    ids=str,
)
def test_every_setting_has_a_part_in_the_id(change: dict[str, Any]) -> None:
    assert assign(replace(REQUEST, **change), COURSE).key.id != assign(REQUEST, COURSE).key.id


def test_what_is_handed_out_is_not_overwritten_unasked(tmp_path: Path) -> None:
    written = write_assignment(assign(REQUEST, COURSE), tmp_path)
    before = written.zip.read_bytes()
    other = assign(replace(REQUEST, due="2027-03-01"), COURSE)
    with pytest.raises(CourseError, match=r"there already, with other content.*--replace"):
        write_assignment(other, tmp_path)
    assert written.zip.read_bytes() == before
    write_assignment(other, tmp_path, replace=True)
    assert read_key(written.key).due == "2027-03-01"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "partnership-for-peace-3-7-practice.key.json",
        "partnership-for-peace-3-7-practice.zip",
    ]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CourseError, match="No space left"):
        write_assignment(assign(REQUEST, COURSE), tmp_path)
    assert list(tmp_path.iterdir()) == []


def bank_with(tmp_path: Path, name: str, old: str, new: str) -> Path:
    path = tmp_path / name
    text = BANK.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_what_cannot_be_assigned_says_why(tmp_path: Path) -> None:
    def refused(words: str, **change: Any) -> None:
        with pytest.raises(CourseError, match=words):
            handout(assign(replace(REQUEST, **change), COURSE))

    for due in ("soon", "2027-02-30", "20270215", "2027-02-15 18:00", ""):
        refused("is no day", due=due)
    refused("--seed is for --seed-by class", seed_by="student", seed="7b")
    refused("longer than 200", title="x" * 201)
    refused("name must end in .yml", banks=(tmp_path / "exam.json",))
    refused("cannot be read", banks=(tmp_path / "none.yml",))
    refused("Two banks are named EXAM", banks=(BANK, tmp_path / "EXAM.yml"))
    refused("'because' is missing", banks=(bank_with(tmp_path, "a.yml", "because:", "becouse:"),))
    refused("91.first stands in two", banks=(BANK, bank_with(tmp_path, "b.yml", "E1", "E1")))
    clash = bank_with(tmp_path, "c.yml", "E1", "O3.1")
    refused("O3.1 has two meanings", banks=(clash,))
    taken = bank_with(tmp_path, "assignment.yml", "E1", "E1")
    refused("would be named assignment.json", mode="exam", banks=(taken,))


@pytest.mark.parametrize("title", ["# x\n\n```python", "<script>alert(1)</script>", "=1+1", "$due"])
def test_a_title_is_a_title_and_nothing_else(title: str, tmp_path: Path) -> None:
    made = assign(replace(EXAM, title=title), COURSE)
    content = handout(made)
    page = content["README.html"].decode()
    assert "<script>" not in page
    (heading, *_) = json.loads(content["exam.ipynb"])["cells"]
    first, blank, *_ = "".join(heading["source"]).split("\n")
    assert first.startswith("# ")
    assert blank == ""
    (tmp_path / "assignment.json").write_bytes(content["assignment.json"])
    here = assigned(tmp_path)
    assert here is not None
    assert here.title == " ".join(title.split())


def test_a_deadline_is_a_moment_and_has_words() -> None:
    assert moment("2027-02-15").isoformat() == "2027-02-15T23:59:59+00:00"
    assert moment("2027-02-15T18:00+05:00").isoformat() == "2027-02-15T13:00:00+00:00"
    assert until("2027-02-15") == "15 February 2027, the end of the day in UTC"
    assert until("2027-02-15T18:00+05:00") == "15 February 2027, 18:00 (UTC+05:00)"
    assert until("2027-02-15T18:00") == "15 February 2027, 18:00 (UTC)"
    assert until("2027-02-15T18:00-03:30") == "15 February 2027, 18:00 (UTC-03:30)"


def test_the_page_for_students_gives_the_commands_of_three_systems(
    practice: dict[str, bytes], exam: dict[str, bytes]
) -> None:
    for content, sheet in ((practice, "03-three-paths.ipynb"), (exam, "exam.ipynb")):
        page = content["README.html"].decode()
        for words in ("Windows", "macOS", "Linux", "py -m venv venv", "python3 -m venv venv"):
            assert words in page
        assert sheet in page
        assert "it proves nothing about who answered" in " ".join(page.split())
        assert not re.search(r"(src|href)=", page), "the page asks for nothing from elsewhere"


def test_the_pins_serve_all_systems_and_name_no_index(practice: dict[str, bytes]) -> None:
    text = practice["requirements.txt"].decode()
    wheel = next(name for name in practice if name.endswith(".whl"))
    lines = text.splitlines()[1:]
    assert lines[-1] == f"./{wheel}"
    assert all(re.fullmatch(r"[a-z0-9-]+==[^=\s]+( ; .+)?", line) for line in lines[:-1])
    assert "://" not in text
    assert "--" not in text
    names = {line.partition("=")[0] for line in lines[:-1]}
    assert {"jupyterlab", "pandas", "anywidget", "pywinpty", "appnope"} <= names
    assert not {"sphinx", "jupyter-book", "playwright", "pytest", "hatchling"} & names


def test_an_assignment_counts_what_is_public() -> None:
    def public(made: Assignment) -> tuple[int, int]:
        return made.public_questions, made.varied

    assert public(assign(EXAM, COURSE)) == (0, 1)
    asked = [one for n in ("03", "07") for one in read_bank(COURSE.bank(n), COURSE).questions]
    varied = sum(bool(question.vary) for question in asked)
    assert public(assign(replace(REQUEST, mode="exam"), COURSE)) == (len(asked), varied)


def without_variants(tmp_path: Path) -> Course:
    """Return a course whose own bank has no variants."""
    vary = "    vary: {state: [Poland, Latvia, Malta, Kazakhstan]}\n"
    bank = bank_with(tmp_path, "plain.yml", vary, "")
    text = bank.read_text(encoding="utf-8").replace("{state}", "Latvia")
    text = text.replace("country == state", 'country == "Latvia"').replace("91", "03")
    course = replace(COURSE, root=tmp_path / "course")
    shutil.copytree(COURSE.data, course.data)
    course.bank("03").write_text(text, "utf-8")
    return course


def test_public_questions_without_variants_are_no_exam(tmp_path: Path) -> None:
    course = without_variants(tmp_path)
    chosen = AssignmentRequest((chapter("3", COURSE),), DUE)
    assert assign(chosen, course).varied == 0
    with pytest.raises(CourseError, match="This would be no examination"):
        assign(replace(chosen, mode="exam"), course)
