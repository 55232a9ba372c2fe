"""Which Chromium the tests drive, and who brings the one without windows."""

import shutil
from pathlib import Path

import programs
import pytest


class System:
    """A computer with some programs, on which what is run is noted."""

    def __init__(self, *found: str, refuses: str = "") -> None:
        self.found = found
        self.refuses = refuses
        self.done: list[tuple[str, ...]] = []

    def which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.found else None

    def run(self, *words: str, patience: float = 0) -> str:
        self.done.append(words)
        return self.refuses

    def be(self, monkeypatch: pytest.MonkeyPatch, rights: list[str] | None) -> None:
        """Let the programs under test find this computer."""
        monkeypatch.delenv("PFP_CHROMIUM", raising=False)
        monkeypatch.setattr(shutil, "which", self.which)
        monkeypatch.setattr(programs, "_run", self.run)
        monkeypatch.setattr(programs, "rights", lambda: rights)


@pytest.mark.parametrize(
    ("found", "driven"),
    [
        (["chromium", "chromium-headless-shell"], "/usr/bin/chromium-headless-shell"),
        (["chromium"], "/usr/bin/chromium"),
        # Another browser may be of another version.
        (["google-chrome", "chromium-headless-shell"], "/usr/bin/google-chrome"),
    ],
)
def test_the_browser_without_windows_is_driven_beside_its_own(
    found: list[str], driven: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    System(*found).be(monkeypatch, None)
    assert programs.driven_browser() == driven


def test_a_browser_that_is_named_is_the_one_that_is_driven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    System("chromium", "chromium-headless-shell").be(monkeypatch, None)
    named = tmp_path / "chromium"
    named.touch()
    monkeypatch.setenv("PFP_CHROMIUM", str(named))
    assert programs.driven_browser() == str(named)


@pytest.mark.parametrize("rights", [[], ["sudo", "-n"]])
def test_the_browser_without_windows_is_installed_by_whoever_may(
    rights: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    system = System("chromium")
    system.be(monkeypatch, rights)
    programs.bring_windowless()
    assert [words[-1] for words in system.done] == ["update", "chromium-headless-shell"]
    for words in system.done:
        assert list(words[: len(rights)]) == rights
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize(
    ("found", "rights"),
    [
        (["chromium"], None),
        (["chromium", "chromium-headless-shell"], []),
        (["google-chrome"], []),
    ],
)
def test_nothing_is_installed_without_rights_or_need(
    found: list[str], rights: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System(*found)
    system.be(monkeypatch, rights)
    programs.bring_windowless()
    assert system.done == []


def test_a_package_that_cannot_be_had_is_told_and_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    system = System("chromium", refuses="E: Unable to locate package chromium-headless-shell")
    system.be(monkeypatch, [])
    monkeypatch.setattr(programs, "missing", list)
    monkeypatch.setenv("CI", "true")
    assert programs.main() == 0
    told = capsys.readouterr().out
    assert "the tests do without it: E: Unable to locate" in told
    assert told.endswith("The tests drive /usr/bin/chromium.\n")
