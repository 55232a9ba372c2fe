"""What `make book` and `make test` do before any library is there: decisions, one by one."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import install
import lock
import needs
import programs
import pytest
from environment import ROOT
from hypothesis import given
from hypothesis import strategies as st

UV = "/usr/local/bin/uv"


def program(folder: Path, name: str, script: str = "exit 0") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that the set-up runs; a command fails if its first word ends in ``broken``."""
    commands: list[list[str]] = []

    def run(command: list[str], settings: dict[str, str] | None = None) -> str:
        commands.append(command)
        if command[0].endswith("broken"):
            raise install.InstallError("error: a long story\ncause: no such index")
        return ""

    monkeypatch.setattr(install, "run", run)
    return commands


def test_uv_installs_what_is_locked_and_the_course(
    ran: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "fetch_uv", lambda folder: UV)
    install.install("book")
    (_, locked, course) = ran
    assert locked[:3] == course[:3] == [UV, "pip", "install"]
    assert "--require-hashes" in locked
    assert locked[locked.index("--requirement") + 1].endswith("requirements.lock")
    assert "--no-build-isolation" in course, "nothing is fetched that is not locked"
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("where", ["fetched", "used"])
def test_where_uv_cannot_be_used_pip_installs_with_the_same_hashes(
    where: str,
    ran: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fetch(folder: Path) -> str:
        if where == "fetched":
            raise install.InstallError("cause: no such index")
        return "/broken"

    monkeypatch.setattr(install, "fetch_uv", fetch)
    install.install("dev")
    locked, course = ran[-2:]
    assert locked[1:4] == course[1:4] == ["-m", "pip", "install"]
    assert {"--require-hashes", "--no-deps"} <= {*locked}
    assert locked[-1].endswith("requirements-dev.lock")
    said = capsys.readouterr().out.splitlines()
    assert len([line for line in said if "no such index" in line]) == 1
    assert "pip installs" in said[-1]


def test_the_wheel_of_uv_is_the_locked_one(
    ran: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install, "VENV", tmp_path / "venv")
    with pytest.raises(install.InstallError, match="holds no program"):
        install.fetch_uv(tmp_path)
    (command,) = ran
    assert {"--require-hashes", "--no-deps", ":all:"} <= {*command}
    (pin,) = lock.pins((tmp_path / "uv.txt").read_text())
    assert pin in lock.pins((ROOT / "requirements-dev.lock").read_text())
    program(tmp_path, "uv")
    assert install.fetch_uv(tmp_path) == str(tmp_path / "uv"), "one that is installed comes first"


@pytest.mark.parametrize(
    ("config", "environ", "wanted"),
    [
        ("", {}, {}),
        ("global.timeout='180'\n", {}, {}),
        (
            "global.index-url='https://a.invalid/simple'\n",
            {},
            {"UV_DEFAULT_INDEX": "https://a.invalid/simple"},
        ),
        # The variable counts more than the file, in whatever order they are listed.
        (
            ":env:.index-url='https://b.invalid/'\nglobal.index-url='https://a.invalid/'\n",
            {},
            {"UV_DEFAULT_INDEX": "https://b.invalid/"},
        ),
        (
            "install.extra-index-url='https://a.invalid/\\nhttps://b.invalid/'\n",
            {},
            {
                "UV_INDEX": "https://a.invalid/ https://b.invalid/",
                "UV_INDEX_STRATEGY": "unsafe-best-match",
            },
        ),
        # pip passes over folders that are not there; uv would stop at them.
        ("global.extra-index-url='file:///no/such/folder'\n", {}, {}),
        ("global.find-links='/no/such/folder /tmp'\n", {}, {"UV_FIND_LINKS": "/tmp"}),
        ("global.no-index='true'\n", {}, {"UV_NO_INDEX": "1"}),
        ("global.no-index='false'\n", {}, {}),
        ("global.trusted-host='a.invalid'\n", {}, {"UV_INSECURE_HOST": "a.invalid"}),
        # Who has set up uv, or a variable of its own, has decided.
        ("global.index-url='https://a.invalid/'\n", {"UV_INDEX_URL": "https://u.invalid/"}, {}),
        ("global.proxy='http://p.invalid'\n", {"ALL_PROXY": "http://q.invalid"}, {}),
    ],
)
def test_uv_takes_the_index_that_pip_is_set_up_for(
    config: str, environ: dict[str, str], wanted: dict[str, str]
) -> None:
    assert install.uv_settings(config, environ) == wanted


@given(st.text())
def test_no_setting_of_pip_stops_the_set_up(value: str) -> None:
    for key in ("index-url", "extra-index-url", "find-links", "no-index", "cert"):
        settings = install.uv_settings(f"global.{key}={value!r}\n", {})
        assert all(settings.values()), "an empty variable would hide a default of uv"


def test_a_python_that_is_too_old_finds_a_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(install.__file__).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 8))  # such a Python reads the file
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert install.main(["book"]) == 1
    assert "Python 3.11 or newer is needed" in capsys.readouterr().out
    program(tmp_path, "python3.12", "exit 1")
    program(tmp_path, "python3.11", '[ "$2" = book ] && exit 7; exit 0')
    assert install.main(["book"]) == 7


def test_a_broken_environment_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path / "venv")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to("/no/such/python")
    install.make_venv()
    assert install.run([str(install.in_venv("python")), "-m", "pip", "--version"])
    assert capsys.readouterr().out.startswith("Making .venv with Python")
    install.make_venv()
    assert capsys.readouterr().out == "", "one that works is kept"


def test_a_python_without_venv_is_told_with_the_package_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path / "venv")
    monkeypatch.setattr(
        sys, "executable", str(program(tmp_path, "python3", "echo ensurepip is missing; exit 1"))
    )
    with pytest.raises(install.InstallError, match=r"ensurepip is missing\n.* python3-venv"):
        install.make_venv()
    assert not (tmp_path / "venv").exists(), "nothing half-made is left"


def test_one_resolution_is_divided_into_two_files() -> None:
    a, b, c = ("a==1 \\\n    --hash=sha256:aa\n", "b-x==2 ; x \\\n    --hash=sha256:b\n", "c==3\n")
    older = "a==0 ; python_version < '3' \\\n    --hash=sha256:a0\n"
    book, dev = lock.split(a + older + b + c, "a==1\nc==3\n")
    assert book == a + older + c
    assert dev == "-r requirements.lock\n" + b


Ran = list[tuple[str, ...]]


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """A computer on which programs are missing; what is run on it is noted."""

    which = shutil.which

    def make(*, rights: list[str] | None, reached: bool = False, works_after: str = "") -> Ran:
        done: Ran = []

        def run(*words: str, patience: float = 0) -> str:
            done.append(words)
            return ""

        def browser() -> str:
            return "" if any(works_after in words for words in done) else "no library"

        monkeypatch.setattr(programs, "_run", run)
        monkeypatch.setattr(programs, "rights", lambda: rights)
        monkeypatch.setattr(programs, "_downloads", lambda: reached)
        monkeypatch.setattr(programs, "_browser", browser)
        monkeypatch.setattr(programs, "why_not", Known())
        monkeypatch.setattr(shutil, "which", lambda name: None if name == "npm" else which(name))
        return done

    return make


class Known:
    """Says that each program works."""

    def __call__(self, name: str) -> str:
        return ""

    def cache_clear(self) -> None:
        """Do nothing."""


def said(done: Ran) -> list[str]:
    return [" ".join(words).partition("DPkg::Lock::Timeout=300 ")[2] or words[-2] for words in done]


@pytest.mark.parametrize("rights", [[], ["sudo", "-n"]])
def test_what_is_missing_is_installed_by_whoever_may(
    rights: list[str], system: Callable[..., Ran], capsys: pytest.CaptureFixture[str]
) -> None:
    done = system(rights=rights)
    programs.bring([*programs.PROGRAMS])
    assert said(done) == [
        "update",
        "install -y --no-install-recommends libatomic1 bubblewrap poppler-utils npm "
        "default-jre-headless epubcheck",
        "update",
        "install -y --no-install-recommends chromium fonts-dejavu-core",
    ]
    for words in done:
        assert list(words[: len(rights)]) == rights
        assert "DEBIAN_FRONTEND=noninteractive" in words, "it asks nothing"
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "bubblewrap is the sandbox" in lines[0]
    assert "chromium opens and prints the pages" in lines[1]


def test_without_rights_nothing_is_installed(system: Callable[..., Ran]) -> None:
    done = system(rights=None)
    programs.bring([*programs.PROGRAMS])
    assert done == []


def test_a_program_of_npm_needs_npm_and_no_rights(
    system: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = system(rights=None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    programs.bring(["qti-player"])
    assert done[0][:2] == ("/usr/bin/npm", "install")
    assert done[0][-1] == programs.PROGRAMS["qti-player"].npm
    assert programs.mend(["qti-player"]).startswith("npm install")


@pytest.mark.parametrize(
    ("rights", "works_after", "wanted"),
    [
        (None, "install", ["install"]),  # the last word but one of `playwright install chromium`
        (None, "nothing", ["install"]),
        (["sudo", "-n"], "install", ["install"]),
        (["sudo", "-n"], "install-deps", ["install", "install-deps"]),
    ],
)
def test_playwrights_own_browser_comes_before_a_package(
    rights: list[str] | None, works_after: str, wanted: list[str], system: Callable[..., Ran]
) -> None:
    done = system(rights=rights, reached=True, works_after=works_after)
    programs.bring(["chromium"])
    assert said(done) == wanted


def test_a_browser_that_lacks_libraries_gives_way_to_a_package(system: Callable[..., Ran]) -> None:
    done = system(rights=[], reached=True, works_after="nothing")
    programs.bring(["chromium"])
    assert said(done)[:2] == ["install", "install-deps"]
    assert said(done)[-1].endswith("chromium fonts-dejavu-core")


@pytest.mark.needs("playwright")
def test_a_server_that_does_not_answer_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    monkeypatch.setattr(programs, "_CONNECT", 0.5)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as silent, HTTPServer(("127.0.0.1", 0), Answer) as server:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        Thread(target=server.serve_forever, daemon=True).start()
        for port, answers in ((silent.getsockname()[1], False), (server.server_port, True)):
            monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", f"http://127.0.0.1:{port}")
            assert programs._downloads() is answers
        server.shutdown()


def test_a_program_that_is_there_and_does_not_run_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    look = programs.PROGRAMS["poppler"].look
    assert look() == "pdftotext is not installed"
    lost = "error while loading shared libraries: libpoppler.so.1"
    program(tmp_path, "pdftotext", f"echo {lost} >&2; exit 127")
    assert look() == lost
    program(tmp_path, "pdftotext")
    assert look() == ""


def test_what_is_still_missing_is_told_and_is_an_error_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("bring", "bring_windowless"):
        monkeypatch.setattr(programs, name, lambda *names: None)
    monkeypatch.setattr(programs, "missing", lambda: ["bubblewrap"])
    monkeypatch.setattr("shutil.which", lambda name, path=None: f"/usr/bin/{name}")
    monkeypatch.delenv("CI", raising=False)
    assert programs.main() == 0
    assert "Without bubblewrap" in (out := capsys.readouterr().out)
    assert out.endswith("To run them: sudo apt-get install -y bubblewrap\n")
    monkeypatch.setenv("CI", "true")
    assert programs.main() == 1


SKIPPING = """
import pytest

@pytest.mark.needs("bubblewrap")
def test_walls() -> None: ...

@pytest.mark.needs("poppler", "bubblewrap")
def test_both() -> None: ...

@pytest.mark.skip(reason="another reason")
def test_other() -> None: ...
"""


@pytest.mark.parametrize("ci", ["", "true"])
def test_tests_without_their_program_are_skipped_and_counted_in_the_last_lines(
    ci: str, tmp_path: Path
) -> None:
    (tmp_path / "test_some.py").write_text(SKIPPING)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "conftest", "-c", str(ROOT / "pyproject.toml")),
            *("--rootdir", str(tmp_path), str(tmp_path)),
        ],
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT / 'tools'}",
            "PATH": str(tmp_path),
            "CI": ci,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    *_, told, last = done.stdout.splitlines()
    if ci:
        assert done.returncode == 1
        assert "1 skipped, 2 errors" in last
        return
    assert done.returncode == 0, done.stdout
    assert "3 skipped" in last
    assert told.startswith("2 tests were skipped for want of bubblewrap, poppler. To run all: ")
    assert "This needs bubblewrap, which is the sandbox" in done.stdout


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert needs.summary(["this is not a git checkout"]) == ""
