"""The commands of an instructor and of a student who hands in."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pfp_course.assignments.assignment import read_key
from pfp_course.assignments.receipt import read_receipt
from pfp_course.cli import app
from pfp_course.questions.record_file import FILE_NAME

BANK = Path(__file__).parents[1] / "assignments" / "exam.yml"


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, (result.output, result.exception)
    return " ".join(result.output.split())


def refused(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code != 0
    return str(result.exception)


ALONE = """
import sys
from importlib.metadata import packages_distributions
from pfp_course.assignments.wheel import reached
installed = reached("pfp-course") | {"pfp-course"}
ours = {name for name, of in packages_distributions().items()
        if {one.lower().replace("_", "-").replace(".", "-") for one in of} & installed}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in ours and top in packages_distributions() and not top.startswith("_"):
            raise ModuleNotFoundError(f"a student has no {name}", name=name)
sys.meta_path.insert(0, Refuse())
from pfp_course.cli import app
folder = sys.argv[1]
for words in (
    ["--help"],
    ["syllabus", "--start", "2027-01-18"],
    ["start", folder, "--no-open"],
    ["grade", "--help"],
    ["submit", folder, "--name", "x"],
):
    try:
        app(words)
    except SystemExit:
        pass
try:
    import sphinx
except ModuleNotFoundError:
    print("sphinx was kept away")
"""


def test_the_commands_need_no_library_that_a_student_does_not_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert "a student has no" not in done.stderr, done.stderr[-2000:]
    assert "Your notebooks are in" in done.stdout
    assert "no answer yet" in done.stderr
    assert "sphinx was kept away" in done.stdout


def test_assign_writes_two_files_and_says_what_each_is(tmp_path: Path) -> None:
    out = str(tmp_path / "week-5")
    command = ("assign", "7", "3", "3", "--due", "2027-02-15", "--title", "Paths", "--out", out)
    said = run(*command)
    zipped, key = sorted((tmp_path / "week-5").iterdir(), key=lambda path: path.suffix)[::-1]
    assert (zipped.name, key.name) == (
        "partnership-for-peace-3-7-practice.zip",
        "partnership-for-peace-3-7-practice.key.json",
    )
    found = read_key(key)
    assert f"For students: {zipped}" in said
    assert f"For you alone: {key}" in said
    assert f"{len(found.questions)} questions" in said
    assert f"?assignment={found.id}&seed={found.seed}" in said
    assert "the same content" in run(*command)
    assert "--replace" in refused(*command[:-3], "Other", "--out", out)
    run(*command[:-3], "Other", "--out", out, "--replace")
    assert read_key(key).title == "Other"


def test_the_secrecy_of_an_exam_is_said_as_it_is(tmp_path: Path) -> None:
    exam = ("--due", "2027-02-15T18:00+05:00", "--mode", "exam", "--seed-by", "student")
    said = run("assign", "3", "7", *exam, "--out", str(tmp_path / "a"))
    assert "their keys are public with the course's source" in said
    assert "--bank my-exam.yml" in said
    own = run("assign", "3", *exam, "--bank", str(BANK), "--out", str(tmp_path / "b"))
    assert "holds no key, hint or reply to these questions. Keep your bank secret." in own
    assert "18:00 (UTC+05:00)" in own
    assert "public" not in own
    assert "?assignment" not in own


def test_a_chapter_that_does_not_exist_lists_those_that_do(tmp_path: Path) -> None:
    told = refused("assign", "99", "--due", "2027-02-15", "--out", str(tmp_path))
    assert "The chapters are: 01, 02" in told


def test_a_students_folder_is_opened_and_handed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("assign", "3", "--due", "2090-02-15", "--title", "[red]", "--out", str(tmp_path / "out"))
    with zipfile.ZipFile(tmp_path / "out" / "partnership-for-peace-3-practice.zip") as archive:
        archive.extractall(tmp_path / "mine")
    mine = tmp_path / "mine"
    before = {path.name for path in mine.iterdir()}
    assert "Assigned here: [red]" in run("start", str(mine), "--no-open")
    assert {path.name for path in mine.iterdir()} == before
    opened: list[Path] = []
    monkeypatch.setattr(
        "pfp_course.cli.start.open_jupyterlab",
        lambda folder, notebook, *, browser: opened.append(notebook),
    )
    run("start", str(mine))
    assert opened == [mine / "03-three-paths.ipynb"]

    monkeypatch.chdir(mine)
    assert "no answer yet" in refused("submit", "--name", "Дина")
    record = {
        "format": "pfp-course/progress",
        "version": 1,
        "answers": {
            "03.flow": {"fingerprint": "a" * 16, "response": "4", "at": "2027-01-01T00:00:00.000Z"}
        },
    }
    Path(FILE_NAME).write_text(json.dumps(record), encoding="utf-8")
    assert "Your name or id is missing" in refused("submit")
    said = run("submit", "--name", "Дина")
    assert "1 answer is in the receipt receipt-a-" in said
    assert "it proves nothing about who answered" in said
    (path,) = mine.glob("receipt-*")
    assert read_receipt(path.read_bytes()).student == "Дина"
    assert "1 answer" in run("submit", ".")
    assert "There is no folder" in refused("submit", "elsewhere")


def test_an_exam_begins_with_its_own_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = ("--due", "2090-02-15", "--mode", "exam", "--bank", str(BANK))
    run("assign", "3", *exam, "--out", str(tmp_path))
    with zipfile.ZipFile(tmp_path / "partnership-for-peace-3-exam.zip") as archive:
        archive.extractall(tmp_path / "mine")
    opened: list[Path] = []
    monkeypatch.setattr(
        "pfp_course.cli.start.open_jupyterlab",
        lambda folder, notebook, *, browser: opened.append(notebook),
    )
    run("start", str(tmp_path / "mine"))
    assert opened == [tmp_path / "mine" / "exam.ipynb"]


def test_a_syllabus_is_shown_or_written_in_three_forms(tmp_path: Path) -> None:
    plan = ("syllabus", "--start", "2027-01-18", "--weeks", "7", "--days", "mon,thu")
    assert "| 7 | Thursday, 2027-03-04 | 14." in run(*plan)
    run(*plan, "--out", str(tmp_path / "plan"))
    files = {path.name: path.read_bytes() for path in (tmp_path / "plan").iterdir()}
    assert set(files) == {"syllabus.md", "syllabus.ics", "syllabus.csv"}
    assert files["syllabus.ics"].startswith(b"BEGIN:VCALENDAR\r\n")
    run(*plan, "--out", str(tmp_path / "again"))
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    few = run(*plan, "--chapters", "1-3,9", "--out", str(tmp_path / "few"))
    assert "4 chapters fill 4 of 7 weeks; the rest is free." in few


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--start", "2027-1-18"), "is no day. Write it as 2027-01-18"),
        (("--start", "2027-02-30"), "is no day"),
        (("--start", "2027-01-18", "--days", "foo"), "no day of the week"),
        (("--start", "2027-01-18", "--chapters", "a"), "names no chapters"),
        (("--start", "2027-01-18", "--chapters", "1-"), "names no chapters"),
        (("--start", "2027-01-18", "--chapters", "3-1"), "No chapter is named"),
        (("--start", "2027-01-18", "--chapters", "1-99999"), "names no chapters"),
        (("--start", "2027-01-18", "--chapters", "14-15"), "There is no chapter"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(words: tuple[str, ...], told: str) -> None:
    assert told in refused("syllabus", *words)
