"""Find the browser that the tests drive, and fetch one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed_browser() -> str | None:
    """Return the Chromium that the tests use, or None to take Playwright's own."""
    named = os.environ.get("PFP_CHROMIUM")
    if named and not Path(named).is_file():
        raise SystemExit(f"PFP_CHROMIUM names {named}, which is not a file. Correct or unset it.")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    """Report the browser that was found; let Playwright fetch its own if there is none."""
    found = installed_browser()
    if found:
        print(f"The tests use {found}.")  # noqa: T201
        return
    print("No Chromium was found; Playwright fetches its own.")  # noqa: T201
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(
            "Chromium could not be fetched. Install it with your system's packages, for example "
            "`sudo apt-get install chromium`, or name it in the variable PFP_CHROMIUM."
        )


if __name__ == "__main__":
    main()
