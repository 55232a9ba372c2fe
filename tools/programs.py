"""Find the programs that the tests use beside Python, and install what is missing: `make test`.

Nothing is asked: without the rights to install, the tests of a missing program are skipped, and
they say so. Under ``CI=true`` a missing program is an error.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from pfp_course.errors import CourseError
from pfp_course.export.printing import installed_browser

__all__ = [
    "EPUBCHECK",
    "PROGRAMS",
    "QTI_PLAYER",
    "Program",
    "driven_browser",
    "in_ci",
    "mend",
    "missing",
    "packages",
    "why_not",
]

EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
# Where Debian puts its Chromium, and the package of the one without windows.
_DEBIANS = "/usr/bin/chromium"
_WINDOWLESS = "chromium-headless-shell"
# A player of QTI; it is under the GPL, and so it is fetched and no part of the project.
_PLAYER = "@citolab/qti-components@7.27.4"
_PLAYER_HOME = Path(__file__).resolve().parents[1] / ".venv" / "qti-player"
QTI_PLAYER = _PLAYER_HOME / "node_modules/@citolab/qti-components/cdn/index.global.js"
_PATIENCE = 120  # seconds for a program to say its version
_INSTALL = 3600  # seconds to fetch and install
_CONNECT = 5  # seconds for a server to answer


@dataclass(frozen=True)
class Program:
    """A program, what the tests do with it, its packages in Debian, and a look at it.

    ``look`` returns what is wrong, or nothing if it works. A package of ``npm`` is fetched into
    the environment with npm, which the packages of Debian bring where it is missing.
    """

    purpose: str
    packages: tuple[str, ...]
    look: Callable[[], str]
    npm: str = ""


def say(text: str) -> None:
    """Print a line at once, also into a file."""
    print(text, flush=True)


def in_ci() -> bool:
    """Return whether this is a run of continuous integration, in which nothing is skipped."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _run(*words: str, patience: float = _PATIENCE) -> str:
    """Run a program and return what is wrong with it."""
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=patience,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = (done.stderr or done.stdout).strip().splitlines()
    return (lines[-1] if lines else f"it ended with {done.returncode}") if done.returncode else ""


def _on_path(name: str, *words: str) -> str:
    path = shutil.which(name)
    return _run(path, *words) if path else f"{name} is not installed"


def _driver() -> str:
    return _run(sys.executable, "-m", "playwright", "--version")


_OPEN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    playwright.chromium.launch(args=["--no-sandbox"]).close()
"""


def _browser() -> str:
    try:
        path = installed_browser()
    except CourseError as error:
        return str(error)
    if path is None:
        wrong = _driver() or _run(sys.executable, "-c", _OPEN)
        return "no Chromium is installed" if wrong else ""
    # On Windows a browser that is asked for its version opens a window.
    return "" if os.name == "nt" else _run(path, "--version")


def driven_browser() -> str | None:
    """Return the path of the Chromium that the tests drive, or None for the one of Playwright.

    Where Debian's Chromium is installed, the one without windows beside it is taken. It is built
    from the same sources, shows the same pages, and opens one with a fifth of the work: no window
    is made around each. Playwright does the same with the browsers that it brings itself.
    """
    found = installed_browser()
    return (shutil.which(_WINDOWLESS) if found == _DEBIANS else None) or found


def _epubcheck() -> str:
    if not EPUBCHECK.is_file():
        return "epubcheck is not installed"
    return _on_path("java", "-version")


PROGRAMS = {
    "chromium": Program("opens and prints the pages", ("chromium", "fonts-dejavu-core"), _browser),
    "playwright": Program("drives the browser", ("libatomic1",), _driver),
    "bubblewrap": Program(
        "is the sandbox of students' notebooks",
        ("bubblewrap",),
        lambda: _on_path("bwrap", "--version"),
    ),
    "poppler": Program(
        "reads the printed pages", ("poppler-utils",), lambda: _on_path("pdftotext", "-v")
    ),
    "qti-player": Program(
        "plays the exported QTI",
        ("npm",),
        lambda: "" if QTI_PLAYER.is_file() else "the player of QTI is not installed",
        _PLAYER,
    ),
    "java": Program(
        "runs the checker of HTML", ("default-jre-headless",), lambda: _on_path("java", "-version")
    ),
    "epubcheck": Program("checks the ePub", ("epubcheck", "default-jre-headless"), _epubcheck),
}


@functools.cache
def why_not(name: str) -> str:
    """Return why a program of the table cannot be used, or nothing if it can."""
    return PROGRAMS[name].look()


def missing() -> list[str]:
    """Return the names of the programs that cannot be used."""
    return [name for name in PROGRAMS if why_not(name)]


def packages(names: Iterable[str]) -> list[str]:
    """Return the packages of Debian that hold programs; not npm where it is there already."""
    wanted = dict.fromkeys(package for name in names for package in PROGRAMS[name].packages)
    return [package for package in wanted if package != "npm" or not shutil.which("npm")]


def _npm_line(names: Iterable[str]) -> list[str]:
    """Return the command that fetches the programs of npm, or nothing where there are none."""
    wanted = [PROGRAMS[name].npm for name in names if PROGRAMS[name].npm]
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(_PLAYER_HOME)]
    return ["npm", "install", *options, *wanted] if wanted else []


def mend(names: Iterable[str]) -> str:
    """Return the one command that brings programs, or what to do where none is known."""
    names = list(names)
    fetch = " ".join(_npm_line(names))
    if shutil.which("npm") and fetch and all(PROGRAMS[name].npm for name in names):
        return fetch
    if shutil.which("apt-get"):
        install = " ".join(["sudo apt-get install -y", *packages(names)])
        return f"{install} && {fetch}" if fetch else install
    if {*names} <= {"chromium", "playwright"}:
        return f"{sys.executable} -m playwright install --with-deps chromium"
    return f"install {', '.join(names)} with the package manager of your system"


def rights() -> list[str] | None:
    """Return what stands before a command that installs packages; None if nothing allows it."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if not _on_path("sudo", "-n", "true") else None


def _installing(before: list[str]) -> list[str]:
    """Have the lists of packages read anew; return the command that installs what follows it."""
    # Nothing is asked, and another installer that is at work is waited for.
    apt = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    _run(*apt, "update", patience=_INSTALL)
    return [*apt, "install", "-y", "--no-install-recommends"]


def _apt(before: list[str], names: list[str]) -> None:
    say(
        f"Installing {' '.join(packages(names))} with apt-get, for the tests: "
        + "; ".join(f"{name} {PROGRAMS[name].purpose}" for name in names)
        + "."
    )
    install = _installing(before)
    wrong = _run(*install, *packages(names), patience=_INSTALL)
    if wrong:
        # One that cannot be had must not keep the others away.
        for name in names:
            if wrong := _run(*install, *packages([name]), patience=_INSTALL):
                say(f"{name} could not be installed: {wrong}")


def _downloads() -> bool:
    """Return whether the server answers from which Playwright takes its browser."""
    ask = [sys.executable, "-m", "playwright", "install", "--dry-run", "chromium"]
    told = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    found = re.search(r"https?://\S+", told)
    if found is None:
        return False
    try:
        urlopen(Request(found[0], method="HEAD"), timeout=_CONNECT).close()
    except (OSError, ValueError):
        return False
    return True


def _playwrights_own(before: list[str] | None) -> bool:
    """Fetch the Chromium of Playwright, and its libraries; return whether it works."""
    if why_not("playwright") or not _downloads():
        return False
    say("Fetching Playwright's Chromium, about 300 MB: no browser for the tests is installed.")
    fetch = [sys.executable, "-m", "playwright"]
    wrong = _run(*fetch, "install", "chromium", patience=_INSTALL)
    if not wrong and _browser() and before is not None:
        say("Installing the libraries of the system that Playwright's Chromium uses.")
        _run(*before, *fetch, "install-deps", "chromium", patience=_INSTALL)
    return not wrong and not _browser()


def bring(names: list[str]) -> None:
    """Install programs, as far as this user may."""
    before = rights()
    others = [name for name in names if name != "chromium" and packages([name])]
    if others and before is not None:
        _apt(before, others)
        why_not.cache_clear()
    if (line := _npm_line(names)) and (npm := shutil.which("npm")):
        say("Fetching the player of QTI with npm, 10 MB.")
        if wrong := _run(npm, *line[1:], patience=_INSTALL):
            say(f"It could not be fetched: {wrong}")
        why_not.cache_clear()
    if "chromium" in names and not _playwrights_own(before) and before is not None:
        _apt(before, ["chromium"])


def bring_windowless() -> None:
    """Install the Chromium without windows beside Debian's own, as far as this user may.

    Without it all tests run too, only slower.
    """
    before = rights()
    if before is None or driven_browser() != _DEBIANS:
        return
    say(f"Installing {_WINDOWLESS} with apt-get: it runs the tests with less work.")
    if wrong := _run(*_installing(before), _WINDOWLESS, patience=_INSTALL):
        say(f"It could not be installed, and the tests do without it: {wrong}")


def main() -> int:
    """Bring what is missing, and tell what the tests will do; return the exit code."""
    if wanted := missing():
        bring(wanted)
        why_not.cache_clear()
    left = missing()
    if "chromium" not in left:
        bring_windowless()
    if not left:
        say(f"The tests drive {driven_browser() or 'the Chromium of Playwright'}.")
        return 0
    for name in left:
        say(f"Without {name}, which {PROGRAMS[name].purpose}, tests are skipped: {why_not(name)}")
    say(f"To run them: {mend(left)}")
    if in_ci():
        say("CI is set, and there no test may be skipped for want of a program.")
    return int(in_ci())


if __name__ == "__main__":
    sys.exit(main())
