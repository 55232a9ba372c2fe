"""The engine serves any course: a second, tiny one is used from its own folder."""

import csv
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from environment import ROOT

pytestmark = pytest.mark.slow

COURSE = Path(__file__).with_name("sample_course")
# Of the first course, no word may be needed.
FOREIGN = ("Partnership for Peace", "Kazakhstan", "NATO", "partnership-for-peace")
PFP = [sys.executable, "-c", "from pfp_course.cli import app; app()"]
ANSWERED = """
import json
from pfp_course.assignments.receipt import hand_in
from pfp_course.course import default_course
from pfp_course.questions import read_bank
from pfp_course.questions.spec import public
from pathlib import Path

answers, course = {}, default_course()
for chapter, given in {"01": {"01.count": "3"}, "02": {"02.order": [0, 1]}}.items():
    for question in read_bank(course.bank(chapter), course).questions:
        if question.id in given:
            answers[question.id] = {
                "fingerprint": public(question, "")["fingerprint"],
                "response": given[question.id],
                "attempts": 1,
                "at": "2027-02-14T10:11:12.345Z",
            }
record = {"format": "pfp-course/progress", "version": 1, "answers": answers}
Path("pfp-progress.json").write_text(json.dumps(record))
print(hand_in(Path(), course, "Dina").path)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere") / "lakes"
    shutil.copytree(COURSE, folder)
    return folder


def pfp(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [*PFP, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_checked_against_its_own_data(course: Path, tmp_path: Path) -> None:
    told = pfp(course, "check")
    assert ("questions: 2 files, ok" in told, "notebooks: 2 files, ok" in told) == (True, True)
    # From elsewhere too, where the folder says which course is meant.
    assert told == pfp(tmp_path, "check", "--folder", str(course))
    assert "questions: 14 files" in pfp(tmp_path, "check", "questions")


def test_it_is_built_and_holds_no_word_of_another_course(course: Path) -> None:
    pfp(course, "build")
    html = course / "_build" / "html"
    page = (html / "notebooks" / "01-how-deep.html").read_text("utf-8")
    assert "Office of Waters 2020" in page
    assert "Which lake is the deepest?" in page
    for path in html.rglob("*"):
        if path.suffix in {".html", ".js", ".json", ".svg", ".webmanifest", ".xml", ".txt", ".bib"}:
            text = path.read_text("utf-8")
            assert [word for word in FOREIGN if word in text] == [], path


def test_a_chapter_that_is_taken_out_of_the_contents_is_nowhere_on_the_site(
    course: Path, tmp_path: Path
) -> None:
    site, contents = tmp_path / "site", course / "_toc.yml"
    publish = ("publish", "--to", str(site), "--base", "https://example.org/lakes/")
    pfp(course, *publish)
    before = contents.read_text("utf-8")
    assert (site / "notebooks" / "02-rising-or-falling.html").is_file()
    contents.write_text(before.replace("  - file: notebooks/02-rising-or-falling\n", ""))
    try:
        pfp(course, *publish)
        left = [path for path in site.rglob("*") if "02" in path.name]
        assert left == []
        for path in site.rglob("*"):
            if path.suffix in {".html", ".json", ".xml", ".bib", ".ris", ".webmanifest", ".js"}:
                assert "ising or falling" not in path.read_text("utf-8"), path
                assert "02-rising" not in path.read_text("utf-8"), path
    finally:
        contents.write_text(before)


def test_it_is_assigned_and_graded(course: Path, tmp_path: Path) -> None:
    pfp(course, "assign", "1", "2", "--due", "2090-02-15", "--out", str(tmp_path / "out"))
    (zipped,) = (tmp_path / "out").glob("*.zip")
    (key,) = (tmp_path / "out").glob("*.key.json")
    student = tmp_path / "student"
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(student)
    (wheel,) = student.rglob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        names = archive.namelist()
        assert not any("signatories" in name for name in names)
    folder = wheel.parent
    for path in folder.iterdir():
        if path.suffix in {".html", ".ipynb", ".json", ".md", ".txt"}:
            text = path.read_text("utf-8")
            assert [word for word in FOREIGN if word in text] == [], path
    done = subprocess.run(
        [sys.executable, "-c", ANSWERED],
        cwd=folder,
        env={"PYTHONPATH": str(site), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    receipts = tmp_path / "receipts"
    receipts.mkdir()
    shutil.copy(folder / Path(done.stdout.strip()).name, receipts)
    pfp(
        course,
        *("grade", str(receipts), "--assignment", str(key), "--out", str(tmp_path / "grades")),
    )
    with (tmp_path / "grades" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["01.count"] == "1"
    assert float(row["02.order"]) > 0
    assert json.loads(key.read_text("utf-8"))["questions"]
    assert (ROOT / "course.toml").read_text("utf-8") != (course / "course.toml").read_text("utf-8")
