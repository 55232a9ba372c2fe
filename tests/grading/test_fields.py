"""Any file of a student may cost only itself, whatever is changed in it; honest work costs nothing.

Two numbers are counted here: how many inputs were tried, and how many points honest students lost.
"""

import csv
import io
import json
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from classes import Work, make_key, work
from courses import COURSE
from hostile import DATES, mutations, odd_answers, resealed, wrappings

from pfp_course.assignments.assignment import Key
from pfp_course.grading import Late, Settings, grade
from pfp_course.grading.collect import collect
from pfp_course.grading.rows import FileRow
from pfp_course.grading.submitted_files import SubmittedFile
from pfp_course.grading.workers import Worker

HONEST = 12


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("03", "07", seed_by="student", manual=False)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def honest(key: Key) -> list[Work]:
    return [work(key, f"Honest Student {number}", number=number) for number in range(HONEST)]


def lost(works: list[Work], out: Path) -> float:
    """Return how many points honest students have less than their answers are worth."""
    book = {row["name"]: row for row in rows(out / "gradebook.csv")}
    for one in works:
        assert book[one.student]["status"] == "graded", one.student
    return sum(max(0.0, one.total - float(book[one.student]["points"]) - 1e-3) for one in works)


def test_no_change_of_any_field_stops_the_batch_or_costs_an_honest_point(
    key: Key, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    works = honest(key)
    for number, one in enumerate(works):
        (folder / f"honest-{number}.json").write_text(one.text, encoding="utf-8")
    hostile = work(key, "Hostile", number=77, skill=1.0).text
    inputs = [text for _, text in mutations(hostile)]
    inputs += list(odd_answers(key, "Odd Answers"))
    for number, text in enumerate(inputs):
        path = folder / f"hostile-{number:05}.json"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for number, (name, raw) in enumerate(wrappings(hostile)):
        (folder / f"w{number}-{name}").write_bytes(raw)
    assert len(inputs) > 1500
    grade(folder, tmp_path / "g", Settings(key=key, late="penalty"), COURSE)
    points = lost(works, tmp_path / "g")
    report = rows(tmp_path / "g" / "report.csv")
    assert not [row for row in report if "mistake in this command" in row["what"]]
    with capsys.disabled():
        sys.stdout.write(f"\n{len(inputs)} inputs tried, {points:g} honest points lost\n")
    assert points == 0


def test_each_changed_field_is_a_receipt_or_a_line_with_its_reason(key: Key) -> None:
    worker = Worker(Settings(key=key), COURSE, Path())
    kinds = set()
    for what, text in mutations(work(key, "Hostile", number=78, skill=1.0).text):
        raw = text.encode("utf-8", "surrogatepass")
        ((read, _),) = worker.read([(1, SubmittedFile("a.json", None, "file", raw))])
        assert read.kind != "failed", (what, read.note)
        assert read.kind == "receipt" or read.note, what
        assert "pattern" not in read.note, what
        kinds.add(read.kind)
    assert {"receipt", "damaged", "assignment"} <= kinds


@pytest.mark.parametrize("late", ["accept", "penalty", "refuse"])
def test_no_date_costs_a_point_and_none_that_cannot_be_passes_for_in_time(
    key: Key, tmp_path: Path, late: Late
) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    works = []
    for number, date in enumerate(DATES):
        one = work(key, f"Clock {number}", number=number, skill=1.0)
        works.append(one)
        (folder / f"{number}.json").write_text(resealed(one.text, made=date), encoding="utf-8")
    grade(folder, tmp_path / "g", Settings(key=key, late=late), COURSE)
    book = {row["name"]: row for row in rows(tmp_path / "g" / "gradebook.csv")}
    report = rows(tmp_path / "g" / "report.csv")
    canvas = {row["Student"]: row[key.title] for row in rows(tmp_path / "g" / "canvas.csv")}
    for number, one in enumerate(works):
        what = {row["what"] for row in report if row["file"] == f"{number}.json"}
        assert what & {"A date that cannot be", "It cannot be read"}, DATES[number]
        if row := book.get(one.student):
            assert row["status"] == "a receipt waits for your decision", DATES[number]
            assert float(row["points"]) == pytest.approx(one.total)
            assert row["taken off"] == row["days late"] == ""
            assert canvas[one.student] == ""


def test_a_receipt_from_before_the_assignment_is_held_unless_the_key_was_written_anew(
    key: Key, tmp_path: Path
) -> None:
    dated = key.model_copy(update={"made": "2027-02-01"})
    (tmp_path / "r").mkdir()
    early = work(key, "Early Bird", number=99, made="2027-01-20T10:00:00.000Z")
    (tmp_path / "r" / "early.json").write_text(early.text)
    for number, one in enumerate(honest(key)):
        (tmp_path / "r" / f"{number}.json").write_text(one.text)
    grade(tmp_path / "r", tmp_path / "g", Settings(key=dated), COURSE)
    (line,) = rows(tmp_path / "g" / "report.csv")
    assert "before the assignment was made (2027-02-01)" in line["found"]
    anew = key.model_copy(update={"made": "2027-02-16"})
    grade(tmp_path / "r", tmp_path / "g2", Settings(key=anew), COURSE)
    assert rows(tmp_path / "g2" / "report.csv") == []


@pytest.mark.parametrize("student", ["Ann Lee", "Иван Петров", "Әсел Сейітқали"])
def test_a_receipt_is_found_in_whatever_wrapped_it(key: Key, tmp_path: Path, student: str) -> None:
    worker = Worker(Settings(key=key), COURSE, Path())
    one = work(key, student, number=5)
    _, wanted = worker.marker.read(FileRow(1, "", "file"), one.text.encode())
    for name, raw in wrappings(one.text):
        (tmp_path / name).write_bytes(raw)
    seen = 0
    for file in collect(tmp_path):
        if "_MACOSX" in file.path:
            continue
        ((read, content),) = worker.read([(1, file)])
        assert read.kind == "receipt", (file.path, file.note, read.note)
        assert (read.signed, content.responses) == (student, wanted.responses), file.path
        seen += 1
    assert seen == len(list(wrappings(one.text)))


def test_what_only_mentions_a_receipt_is_told_in_one_line(key: Key, tmp_path: Path) -> None:
    one, other = (work(key, name).text for name in ("Ann Lee", "Bob Ray"))
    cut = one[: len(one) // 2]
    for name, text in {
        "two.html": f"<p>{one}</p><p>{other}</p>",
        "changed.html": f"<p>{one.replace('Ann Lee', 'Ann Leo')}</p>",
        "cut.html": f"<p>{cut}",
        "source.js": 'const FORMAT = "pfp-course/receipt";',
        "empty.docx": "PK",
    }.items():
        (tmp_path / "r").mkdir(exist_ok=True)
        (tmp_path / "r" / name).write_text(text, encoding="utf-8")
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE)
    report = rows(tmp_path / "g" / "report.csv")
    assert sorted(row["file"] for row in report) == [
        *("changed.html", "cut.html", "empty.docx", "source.js", "two.html")
    ]
    assert rows(tmp_path / "g" / "gradebook.csv") == []


def test_a_checksum_that_fits_is_all_that_a_wrapper_is_believed(key: Key) -> None:
    """A word processor may change quotes; it may not change an answer."""
    worker = Worker(Settings(key=key), COURSE, Path())
    receipt = json.loads(work(key, "Ann “Annie” Lee").text)
    smart = json.dumps(receipt, ensure_ascii=False).replace('"', "“")
    row, _ = worker.marker.read(FileRow(1, "", "file"), smart.encode())
    assert row.kind == "damaged"


def test_a_receipt_that_is_attached_to_a_saved_mail_is_found(key: Key, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ann@example.org", "Week 3"
    mail.set_content("Here it is: ä")
    raw = work(key, "Ann Lee", number=1).text.encode()
    mail.add_attachment(raw, maintype="application", subtype="json", filename="receipt.json")
    folder = io.BytesIO()
    with zipfile.ZipFile(folder, "w") as archive:
        archive.writestr("work/", "")
        archive.writestr("__MACOSX/._work", "x")
    (tmp_path / "r").mkdir()
    for name, content in {
        "mail.eml": mail.as_bytes(),
        "empty.zip": b"PK\x05\x06" + bytes(18),
        "folder.zip": folder.getvalue(),
        "note.txt": b"Name: Ann Lee\nAssignment: Week 3\n",
    }.items():
        (tmp_path / "r" / name).write_bytes(content)
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE)
    (row,) = rows(tmp_path / "g" / "gradebook.csv")
    assert row["name"] == "Ann Lee"
    assert row["points"]
    told = {row["file"]: row for row in rows(tmp_path / "g" / "report.csv")}
    for name in ("empty.zip", "folder.zip"):
        assert told[name]["found"] == "it is an archive without a file in it"
    assert told["note.txt"]["found"] == "it is no receipt"
