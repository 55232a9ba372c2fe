"""Run the checks that the accessibility statement speaks of, and write down what they found.

The statement in the book is made from the file that this writes: it says what was checked, when
and with what, and no more. Run it with ``make accessibility``; the book must be built.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import pages
from environment import ROOT
from playwright.sync_api import sync_playwright

from pfp_course import __version__
from pfp_course.export.printing import installed_browser

RESULTS = ROOT / "book" / "measured" / "accessibility.json"
MARKER = "accessibility"


class Recorder:
    """A plugin of pytest: of each check, whether all its tests passed."""

    def __init__(self) -> None:
        self.checks: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers(MARKER):
                self._names[item.nodeid] = str(mark.args[0])
                self.checks.setdefault(str(mark.args[0]), [])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        check = self._names.get(report.nodeid)
        if check and (report.when == "call" or report.outcome != "passed"):
            self.checks[check].append(report.outcome)

    def results(self) -> list[dict[str, str | int]]:
        """Return the checks in their order; one that did not run to its end has not passed."""
        return [
            {
                "check": check,
                "result": "passed" if set(found) == {"passed"} else "failed",
                "tests": len(found),
            }
            for check, found in self.checks.items()
        ]


def versions() -> dict[str, str]:
    """Return the versions of the browser and of axe."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_browser(), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.set_content("<title>x</title>")
        axe = Axe().run(page).response["testEngine"]["version"]
        found = {"browser": f"Chromium {browser.version}", "axe": f"axe-core {axe}"}
        browser.close()
    return found


def main() -> int:
    """Run the checks and write their results; the exit code is that of the tests."""
    recorder = Recorder()
    code = pytest.main(["-q", "-m", MARKER, str(Path(__file__).with_name("browser"))], [recorder])
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "version": __version__,
        "pages": len(pages()),
        **versions(),
        "checks": recorder.results(),
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"The results are in {RESULTS.relative_to(ROOT)}.")  # noqa: T201
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
