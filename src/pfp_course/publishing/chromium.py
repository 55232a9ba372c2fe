"""Chromium: found on this computer, and asked to print."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from pfp_course.errors import CourseError

__all__ = ["find_chromium", "installed_browser", "print_to_pdf"]

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_OLDEST = 131  # the first that prints the margins of `@page`, where the page numbers stand
_PATIENCE = 600  # seconds


def installed_browser() -> str | None:
    """Return the path of an installed Chromium, or None.

    The variable ``PFP_CHROMIUM`` names one that is not found by itself.

    Raises
    ------
    CourseError
        If ``PFP_CHROMIUM`` names no file.
    """
    named = os.environ.get("PFP_CHROMIUM")
    if named and not Path(named).is_file():
        raise CourseError(f"PFP_CHROMIUM names {named}, which is not a file. Correct or unset it.")
    if named:
        return named
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or next((path for path in _ELSEWHERE if Path(path).is_file()), None)


def find_chromium() -> str:
    """Return a Chromium that can print the book.

    Raises
    ------
    CourseError
        If there is none, or it is too old.
    """
    found = installed_browser()
    if found is None:
        raise CourseError(
            "No Chromium was found, and the PDF is printed by it. Install it (Debian or Ubuntu: "
            "sudo apt-get install chromium; macOS: brew install --cask chromium; Windows: Chrome "
            "will do), or name it in the variable PFP_CHROMIUM."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\b(\d+)\.\d+\.\d+", said)
    if version and int(version[1]) < _OLDEST:
        raise CourseError(
            f"{found} is version {version[1]}. The PDF needs {_OLDEST} or newer: older ones print "
            "no page numbers. Update it, or name another in the variable PFP_CHROMIUM."
        )
    return found


def print_to_pdf(browser: str, page: Path, target: Path) -> None:
    """Print a page of this computer as a tagged PDF with bookmarks.

    Raises
    ------
    CourseError
        If the browser fails or takes longer than ten minutes.
    """
    with tempfile.TemporaryDirectory(prefix="pfp-print-") as profile:
        command = [
            *(browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-sync"),
            *("--disable-background-networking", "--disable-component-update"),
            # Chromium refuses to start its own sandbox for root, as in a container. The page
            # is our own and holds no script.
            *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []),
            f"--user-data-dir={profile}",
            *("--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf"),
            f"--print-to-pdf={target}",
            page.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise CourseError(
                f"{Path(browser).name} did not finish printing in {_PATIENCE // 60} minutes. Close "
                "other programs and try again."
            ) from None
    if done.returncode or not target.is_file():
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise CourseError(
            f"{Path(browser).name} could not print the book: {lines[-1] if lines else 'no reason'}"
        )
