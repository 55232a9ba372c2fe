"""Find the browser that the tests drive, and fetch one where there is none."""

import subprocess
import sys

from pfp_course.errors import CourseError
from pfp_course.publishing.chromium import installed_browser

__all__ = ["installed_browser", "main"]


def main() -> None:
    """Report the browser that was found; let Playwright fetch its own if there is none."""
    try:
        found = installed_browser()
    except CourseError as error:
        raise SystemExit(str(error)) from None
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
