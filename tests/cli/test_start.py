from pathlib import Path

import pytest
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.cli.starting import copy_notebooks
from pfp_course.content import notebooks_dir
from pfp_course.errors import CourseError

NAMES = sorted(path.name for path in notebooks_dir().glob("*.ipynb"))
TEMPLATES = sorted(path.name for path in (notebooks_dir() / "templates").glob("*.ipynb"))


def test_start_copies_every_chapter_and_template(tmp_path: Path) -> None:
    copied, kept = copy_notebooks(tmp_path / "mine", [])
    assert TEMPLATES
    assert [path.name for path in copied] == NAMES + TEMPLATES
    assert kept == []
    assert copied[0].read_bytes() == (notebooks_dir() / NAMES[0]).read_bytes()


def test_start_never_writes_over_a_students_work(tmp_path: Path) -> None:
    mine = tmp_path / NAMES[0]
    mine.write_text("my own work", encoding="utf-8")
    copied, kept = copy_notebooks(tmp_path, [])
    assert mine.read_text(encoding="utf-8") == "my own work"
    assert kept == [mine]
    assert mine not in copied


def test_start_does_not_write_through_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).symlink_to(tmp_path / "elsewhere")
    copy_notebooks(tmp_path, [])
    assert not (tmp_path / "elsewhere").exists()


def test_one_chapter_can_be_started_alone(tmp_path: Path) -> None:
    copied, _ = copy_notebooks(tmp_path, ["2"])
    assert [path.name[:2] for path in copied] == ["02"]
    copied, _ = copy_notebooks(tmp_path / "last", [NAMES[-1][:2]])
    assert [path.name for path in copied] == [NAMES[-1], *TEMPLATES]


def test_an_unknown_chapter_lists_the_chapters(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no chapter 99.*The chapters are: 1, 2, 3"):
        copy_notebooks(tmp_path, ["99"])


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(CourseError, match="is a file, not a folder"):
        copy_notebooks(tmp_path / "taken", [])


def test_a_full_disk_leaves_no_half_written_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CourseError, match="No space left on device"):
        copy_notebooks(tmp_path, [])
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_is_new_and_what_is_yours(tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(app, ["start", str(tmp_path), "--no-open"])
    assert result.exit_code == 0, result.output
    assert f"yours {NAMES[0]}" in result.output
    assert f"new   {NAMES[1]}" in result.output
