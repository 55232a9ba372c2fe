"""``pfp questions``, as an author uses it."""

import json
from pathlib import Path

import pytest
from courses import COURSE
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.course import default_course
from pfp_course.errors import CourseError
from pfp_course.questions import read_bank

RUN = CliRunner()


def run(*arguments: str) -> str:
    result = RUN.invoke(app, ["questions", *arguments])
    if isinstance(result.exception, CourseError):
        raise result.exception
    return result.output


def test_an_author_begins_checks_and_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "07.yml is ready" in run("new", "07.yml", "--title", "The Black Sea")
    assert json.loads(Path("bank.schema.json").read_text())["title"] == "Bank"
    assert "1 bank: ok" in run("check", "07.yml")
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    run("preview", "07.yml", "--id", "07.how-many", "--to", "page.html")
    assert opened == [(tmp_path / "page.html").as_uri()]
    assert "How many states had signed" in Path("page.html").read_text(encoding="utf-8")
    with pytest.raises(CourseError, match="already there"):
        run("new", "07.yml")
    with pytest.raises(CourseError, match=r"There are: 07\.first-signature, 07\.who-invited"):
        run("preview", "07.yml", "--id", "07.x", "--no-open")
    with pytest.raises(CourseError, match="say --chapter 07"):
        run("new", "mine.yml")


def test_the_course_s_own_banks_are_checked_if_none_is_named() -> None:
    banks = len(list(default_course().questions.glob("*.yml")))
    assert f"{banks} banks: ok" in run("check")


def test_a_file_of_another_tool_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.gift").write_text("Which? {=Romania ~Poland#Third.}\n\nNothing.\n")
    said = run("import", "m.gift", "--to", "08.yml")
    for words in (
        "question 2: it is not taken over: it is a text without a question",
        "1 taken over, 1 left out",
        "it still says",
    ):
        assert words in said
    with pytest.raises(CourseError, match="cannot be read"):
        run("import", "no.json", "--to", "09.yml")
    Path("bad.json").write_text("{")
    with pytest.raises(CourseError, match=r"bad\.json: This is not JSON"):
        run("import", "bad.json", "--to", "09.yml")
    assert not Path("09.yml").exists()


def test_the_schema_can_be_printed() -> None:
    assert json.loads(run("schema"))["title"] == "Bank"


def test_the_answer_key_is_one_page_with_every_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "answers.html holds the answers of" in run("answers")
    page = Path("answers.html").read_text(encoding="utf-8")
    for path in sorted(COURSE.questions.glob("*.yml")):
        bank = read_bank(path, COURSE)
        for task in (*bank.questions, *bank.exercises):
            assert task.id in page
    assert "How many partners of 2014 were members at the end of 2024?" in page
    with pytest.raises(CourseError, match="already there"):
        run("answers")
