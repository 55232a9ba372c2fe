"""``pfp export``, as an instructor uses it."""

import re
import zipfile
from pathlib import Path

import pytest
from courses import COURSE
from environment import ROOT
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.errors import CourseError
from pfp_course.export.lms import targets
from pfp_course.questions import read_bank
from pfp_course.questions.bank import release
from pfp_course.questions.spec import variants

RUN = CliRunner()
SAMPLE = ROOT / "tests" / "questions" / "sample.yml"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> str:
    result = RUN.invoke(app, ["export", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def fails(match: str, *arguments: str) -> None:
    with pytest.raises(CourseError, match=match):
        run(*arguments)


def test_a_chapter_and_a_bank_of_one_s_own_are_written_with_a_report(tmp_path: Path) -> None:
    bank = Path("99.yml")
    bank.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    said = run("--to", "gift", "2", "99.yml", "--out", "out")
    [file] = Path("out").glob("*.gift")
    assert file.name == "partnership-for-peace-2-99.gift"
    assert str(file) in said
    text = file.read_text(encoding="utf-8")
    assert "partnership-for-peace-02." in text
    assert "bank-99.first" in text
    report = Path("out/report.txt").read_text(encoding="utf-8")
    questions = [
        one for path in (COURSE.bank("02"), bank) for one in read_bank(path, COURSE).questions
    ]
    varied = [len(variants(one)) for one in questions if len(variants(one)) > 1]
    assert report.splitlines()[0].endswith(
        f"as GIFT: {len(questions)} questions, {len(varied)} of them in {sum(varied)} variants."
    )
    assert "changed: several gaps in one text: each gap is a question of its own. (1: 99.gaps)" in (
        report.splitlines()
    )
    assert "left out: exercises in Python: they stay in the notebooks" in report
    before = {path.name: path.read_bytes() for path in Path("out").iterdir()}
    Path("out/mine.txt").write_text("kept", encoding="utf-8")
    run("--to", "gift", "2", "99.yml", "--out", "out")
    after = {path.name: path.read_bytes() for path in Path("out").iterdir()}
    assert after == before | {"mine.txt": b"kept"}


def test_one_question_and_another_of_the_same_chapter_are_one_section() -> None:
    run("--to", "qti21", "3.suspended", "03.reach", "--out", "out")
    [file] = Path("out").glob("*.zip")
    with zipfile.ZipFile(file) as archive:
        items = [name for name in archive.namelist() if name.startswith("items/")]
    assert items == [
        "items/partnership-for-peace-03.reach.xml",
        "items/partnership-for-peace-03.suspended.xml",
    ]


def test_what_is_wrong_is_said_with_the_mend(tmp_path: Path) -> None:
    fails("Say for which format. Write --to and one of: cc, gift", "3")
    fails(r"There is no format 'qti3'", "--to", "qti3", "3")
    fails("There is no chapter '99'", "--to", "gift", "99")
    fails(r"There is no question '03\.no'.*There are: 03\.", "--to", "gift", "3.no")
    fails("cannot be read|not there|no such", "--to", "gift", "no.yml")
    fails("holds no key, and no system could mark it", "--to", "gift", "exam.json")
    fails("is no address of a book", "--to", "cc", "2", "--address", "example.org")
    Path("file").write_text("", encoding="utf-8")
    fails("is a file. Name a folder", "--to", "gift", "2", "--out", "file")
    text = SAMPLE.read_text(encoding="utf-8")
    broken = Path("98.yml")
    broken.write_text(text.replace("Count the rows with", "Count {rows} with"), encoding="utf-8")
    fails(r"98\.yml:\d+: ", "--to", "gift", "98.yml")
    head = text.partition("questions:")[0]
    Path("99.yml").write_text(f"{head}questions: []\n", encoding="utf-8")
    fails("nothing asks for", "--to", "gift", "99.yml")
    Path("a").mkdir()
    Path("b").mkdir()
    for folder in ("a", "b"):
        Path(folder, "99.yml").write_text(text, encoding="utf-8")
    fails("same name", "--to", "gift", "a/99.yml", "b/99.yml")
    assert not Path("exports").exists()


def test_a_file_without_keys_is_refused_whatever_it_holds() -> None:
    bank = Path("99.yml")
    bank.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    Path("exam.json").write_text(release(read_bank(bank, COURSE)), encoding="utf-8")
    fails("Export the bank that it was made from", "--to", "moodle-xml", "exam.json")


def test_help_names_every_format_with_its_purpose() -> None:
    said = run("--help")
    for name in targets():
        assert re.search(rf"^\W*{name} ", said, re.MULTILINE), name
