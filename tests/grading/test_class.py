"""A class of 500, among them many that harm: nobody honest loses a point."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from classes import Work, make_key, name_of, work
from courses import COURSE
from hostile import FORMULAS, NAMES, bomb, files, odd_answers, special_files, zips

from pfp_course.assignments.assignment import Key
from pfp_course.grading import Outcome, Settings, grade
from pfp_course.grading.collect import _BUDGET, _BUDGET_OF_CLASS
from pfp_course.grading.pages import KINDS

SIZE = 500


@dataclass(frozen=True)
class Graded:
    """A class that was graded."""

    out: Path
    outcome: Outcome
    honest: list[Work]
    expected: list[tuple[str, str]]
    names: list[str]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def hand_in(folder: Path, number: int, one: Work) -> None:
    """Put an honest receipt where Moodle, Canvas, a zip or a teacher's mail would put it."""
    name, raw = one.student, one.text.encode()
    match number % 5:
        case 0:
            place = folder / f"{name}_{7000 + number}_assignsubmission_file_"
            place.mkdir()
            (place / "receipt-1a2b.json").write_bytes(raw)
        case 1:
            squeezed = re.sub(r"[\W_]", "", name.lower())
            late = "_LATE" if number % 10 == 1 else ""
            path = folder / f"{squeezed}{late}_{8000 + number}_{90000 + number}_receipt-1.json"
            path.write_bytes(raw)
        case 2:
            place = folder / f"{name}_{7000 + number}_assignsubmission_file_"
            place.mkdir()
            with zipfile.ZipFile(place / "my work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("work/../notebook.ipynb", b"{}")
                archive.writestr("../../receipt.json", raw)
        case 3:
            (folder / f"{name} receipt (1).json").write_bytes(b"\xef\xbb\xbf" + raw)
        case _:
            (folder / f"receipt-{number}.txt").write_bytes(one.text.encode("utf-16"))


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("03", "07", seed_by="student")


@pytest.fixture(scope="module")
def graded(key: Key, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    base = tmp_path_factory.mktemp("class")
    folder = base / "receipts"
    folder.mkdir()
    secret = base / "secret.json"
    secret.write_text(work(key, "Linked Student", number=1).text)
    expected = special_files(folder, secret)
    for name, raw, kind in (*files(key), *zips(key)):
        (folder / name).write_bytes(raw)
        expected.append((name, kind))
    names = [*FORMULAS, *NAMES]
    for number, name in enumerate(names):
        (folder / f"name-{number}.json").write_text(
            work(key, name, number=600 + number).text, encoding="utf-8"
        )
    for number, text in enumerate(odd_answers(key, "Odd Answers")):
        (folder / f"odd-{number}.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    harm = sum(1 for path in folder.iterdir() if not path.is_dir())
    honest = [work(key, name_of(number), number=number) for number in range(SIZE - harm)]
    for number, one in enumerate(honest):
        hand_in(folder, number, one)
    outcome = grade(folder, base / "grades", Settings(key=key), COURSE)
    assert sorted(path.name for path in base.iterdir()) == ["grades", "receipts", "secret.json"]
    return Graded(base / "grades", outcome, honest, expected, names)


def test_every_honest_student_has_the_points_of_the_answers(graded: Graded) -> None:
    found = {row["name"]: row for row in rows(graded.out / "gradebook.csv")}
    for one in graded.honest:
        row = found[one.student]
        assert float(row["points"]) == pytest.approx(one.total, abs=0.01), one.student
        for question, points in one.worth.items():
            cell = row[question]
            assert (float(cell) if cell else None) == (
                None if points is None else pytest.approx(points, abs=0.001)
            )


def test_every_harmful_file_is_listed_with_what_to_do(graded: Graded) -> None:
    listed = rows(graded.out / "report.csv")
    for name, kind in graded.expected:
        title, todo = KINDS[kind]
        lines = [row for row in listed if row["file"].split("/")[0] == name]
        assert any(row["what"] == title and row["to do"] == todo for row in lines), (name, lines)


def test_no_link_was_followed(graded: Graded) -> None:
    for path in graded.out.rglob("*.*"):
        assert b"Linked Student" not in path.read_bytes()


def test_no_cell_of_any_table_is_a_formula(graded: Graded) -> None:
    formula = re.compile(r"^\s*[=+@＝＋－＠]|^\s*-(?!\d|$)")
    tables = list(graded.out.glob("*.csv"))
    assert len(tables) >= 8
    for path in tables:
        text = path.read_text(encoding="utf-8-sig")
        # A spreadsheet of some languages takes the semicolon for the end of a cell.
        for mark in (",", ";"):
            for row in csv.reader(io.StringIO(text), delimiter=mark):
                for cell in row:
                    assert not formula.match(cell), (path.name, mark, cell)
        assert "\t" not in text
        assert "\r" not in text.replace("\r\n", "")


def test_honest_names_stay_as_they_are(graded: Graded) -> None:
    found = {row["name"] for row in rows(graded.out / "gradebook.csv")}
    assert {one.student for one in graded.honest} <= found
    assert any("O'Brien" in name for name in found)


def test_no_page_runs_or_loads_anything(graded: Graded) -> None:
    pages = list(graded.out.rglob("*.html"))
    assert len(pages) > 400
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in text
        assert not re.search(r"<(script|img|iframe|object|link|base)\b", text), path.name
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200b\ufeff\x00]", text), path.name


def test_pages_have_safe_names_and_one_for_each_student(graded: Graded) -> None:
    book = rows(graded.out / "gradebook.csv")
    pages = [row["feedback"] for row in book if row["feedback"]]
    assert len(set(map(str.casefold, pages))) == len(pages)
    for page in pages:
        assert re.fullmatch(r"feedback/[\w-]+\.html", page)
        assert len(page.encode()) < 200
        assert (graded.out / page).is_file()
    assert len(list((graded.out / "feedback").iterdir())) == len(pages)


def test_a_zip_of_very_many_files_has_a_few_lines_in_the_report(graded: Graded) -> None:
    lines = [row for row in rows(graded.out / "report.csv") if row["file"].startswith("crowd.zip")]
    assert 1 < len(lines) < 50
    assert "19980 more" in lines[0]["found"] + lines[-1]["found"]


def test_who_handed_in_nothing_that_can_be_read_is_blank_and_not_0(
    key: Key, tmp_path: Path
) -> None:
    folder = tmp_path / "r"
    (folder / "Ann Lee_1_assignsubmission_file_").mkdir(parents=True)
    (folder / "Ann Lee_1_assignsubmission_file_" / "receipt.json").write_bytes(b"{")
    roster = tmp_path / "students.csv"
    roster.write_text("name,id\nAnn Lee,1\nBob Ray,2\n")
    grade(folder, tmp_path / "g", Settings(key=key), COURSE, roster=roster)
    book = rows(tmp_path / "g" / "gradebook.csv")
    assert [(row["points"], row["percent"]) for row in book] == [("", ""), ("", "")]
    assert [row["status"] for row in book] == ["look at the report", "nothing handed in"]
    assert {row["Week 3: paths and tools"] for row in rows(tmp_path / "g" / "moodle.csv")} == {""}


def test_an_edited_score_is_worth_nothing(key: Key, tmp_path: Path) -> None:
    from hostile import resealed

    one = work(key, "Ann Lee", number=5, skill=0.3)
    (tmp_path / "r").mkdir()
    text = resealed(one.text, score=100, points=100, grade="A")
    (tmp_path / "r" / "a.json").write_text(text, encoding="utf-8")
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE)
    assert float(rows(tmp_path / "g" / "gradebook.csv")[0]["points"]) == pytest.approx(
        one.total, abs=0.01
    )


def test_of_a_bomb_little_is_unpacked(
    tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked: list[int] = []
    read = zipfile.ZipExtFile.read

    def counted(file: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        data = read(file, size)
        unpacked.append(len(data))
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "bomb.zip").write_bytes(bomb(400_000_000))
    inner, bombs = bomb(20_000_000, "inner.json"), io.BytesIO()
    with zipfile.ZipFile(bombs, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}.zip", inner)
    (tmp_path / "r" / "bombs.zip").write_bytes(bombs.getvalue())
    grade(tmp_path / "r", tmp_path / "g", Settings(key=key), COURSE)
    # They hold 6.4 GB: one is a student's, and one may be a whole class's.
    assert 0 < sum(unpacked) <= _BUDGET + _BUDGET_OF_CLASS
    title, _ = KINDS["large"]
    listed = {row["file"].split("/")[0]: row["what"] for row in rows(tmp_path / "g" / "report.csv")}
    assert listed == {"bomb.zip": title, "bombs.zip": title}
