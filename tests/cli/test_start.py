import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pfp_course.cli import app, start
from pfp_course.cli.start import copy_notebooks, open_jupyterlab
from pfp_course.course import default_course
from pfp_course.errors import CourseError

NAMES = sorted(path.name for path in default_course().notebooks.glob("*.ipynb"))
TEMPLATES = sorted(path.name for path in (default_course().notebooks / "templates").glob("*.ipynb"))


def test_start_copies_every_chapter_and_template(tmp_path: Path) -> None:
    copied, kept = copy_notebooks(tmp_path / "mine", [])
    assert TEMPLATES
    assert [path.name for path in copied] == NAMES + TEMPLATES
    assert kept == []
    assert copied[0].read_bytes() == (default_course().notebooks / NAMES[0]).read_bytes()


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


def test_without_a_browser_jupyterlab_tells_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[bytes]":
        seen.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    for option in ("--no-browser", "--open", "--no-open"):
        assert CliRunner().invoke(app, ["start", str(tmp_path), option]).exit_code == 0
    assert ["--no-browser" in command for command in seen] == [True, False]


@pytest.mark.parametrize("user", [0, 1000])
def test_where_jupyterlab_does_not_start_the_line_that_helps_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int
) -> None:
    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr("os.geteuid", lambda: user, raising=False)
    with pytest.raises(CourseError, match="with doctor in the place of start") as told:
        open_jupyterlab(tmp_path, tmp_path / "02-x.ipynb")
    assert ("use your own account" in str(told.value)) == (user == 0)


def test_jupyterlab_follows_the_system_s_dark_setting() -> None:
    settings = json.loads((Path(start.__file__).parent / "lab" / "overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:themes"] == {"adaptive-theme": True}
    (schema,) = Path(sys.prefix).glob(
        "share/jupyter/lab/schemas/@jupyterlab/apputils-extension/themes.json"
    )
    assert json.loads(schema.read_text(encoding="utf-8"))["properties"]["adaptive-theme"]


def test_jupyterlab_starts_without_what_a_student_does_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "run", run)
        open_jupyterlab(tmp_path, tmp_path / "02-x.ipynb")
    (wanted,) = (word for word in commands[0] if word.startswith("--ServerApp.jpserver_extensions"))
    # As JupyterLab itself reads it, from its own configuration and this option.
    code = (
        "import sys\n"
        "from jupyter_server.serverapp import ServerApp\n"
        "server = ServerApp()\n"
        "server.load_config_file()\n"
        "server.parse_command_line(sys.argv[1:])\n"
        "server.find_server_extensions()\n"
        "print(*(name for name, on in server.jpserver_extensions.items() if on))"
    )
    done = subprocess.run([sys.executable, "-c", code, wanted], capture_output=True, text=True)
    loaded = done.stdout.split()
    assert "jupyterlab" in loaded, done.stderr
    assert not [name for name in loaded if "nbgrader" in name or "lsp" in name or "shim" in name]
