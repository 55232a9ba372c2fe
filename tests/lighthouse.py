"""Measure the landing page and every chapter with Lighthouse, as on a slow phone.

Writes ``book/measured/lighthouse.json``, which the book shows. Run it with ``make lighthouse``;
the book must be built, and Node.js 18.20 or newer must be there, which nothing else here needs.
Names of pages can be given, to measure those alone and keep what is known of the others.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from browser.conftest import HTML, chapter_pages
from environment import ROOT

from pfp_course import __version__
from pfp_course.cli.serve import Site
from pfp_course.export.printing import installed_browser

RESULTS = ROOT / "book" / "measured" / "lighthouse.json"
PACKAGE = "lighthouse@12.8.2"  # the newest that Node.js 18 and 20 run
TOOLS = ROOT / "_build" / "tools"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Of a page that is below 100 the median of as many runs counts: another program may have had
# the processor.
RUNS = 3
_METRICS = {
    "first_paint_ms": "first-contentful-paint",
    "largest_paint_ms": "largest-contentful-paint",
    "blocked_ms": "total-blocking-time",
    "shift": "cumulative-layout-shift",
    "bytes": "total-byte-weight",
}


def lighthouse() -> Path:
    """Return the program, installed for this folder alone.

    Raises
    ------
    SystemExit
        If Node.js is missing, or npm cannot install it.
    """
    program = TOOLS / "node_modules" / ".bin" / "lighthouse"
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise SystemExit("Lighthouse needs Node.js 18.20 or newer and npm. Install them first.")
    if not program.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-save", "--silent", "--prefix", str(TOOLS), PACKAGE]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit(f"npm could not install {PACKAGE}. Its message is above.")
    return program


def once(program: Path, address: str) -> dict[str, Any]:
    """Return what Lighthouse says of a page on its simulated slow phone."""
    environment = dict(os.environ)
    if browser := installed_browser():
        environment["CHROME_PATH"] = browser
    flags = "--headless=new --no-sandbox --disable-background-networking"
    command = [str(program), address, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=180
    )
    if done.returncode:
        raise SystemExit(f"Lighthouse failed on {address}:\n{done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def measured(program: Path, site: str, page: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a row of the table for a page, and the last report."""
    reports = [once(program, site + page)]
    while len(reports) < RUNS and _scores(reports[0]) != [100] * len(CATEGORIES):
        reports.append(once(program, site + page))
    row: dict[str, Any] = {"page": page, "runs": len(reports)}
    for name, scores in zip(CATEGORIES, zip(*map(_scores, reports), strict=True), strict=True):
        row[name] = round(median(scores))
    for name, audit in _METRICS.items():
        value = median(report["audits"][audit]["numericValue"] for report in reports)
        row[name] = round(value, 3) if name == "shift" else round(value)
    requests = reports[-1]["audits"]["network-requests"]["details"]["items"]
    row["requests"] = sum(not one["url"].startswith("data:") for one in requests)
    return row, reports[-1]


def _scores(report: dict[str, Any]) -> list[int]:
    return [round(100 * report["categories"][name]["score"]) for name in CATEGORIES]


def main(wanted: list[str]) -> int:
    """Measure, write the table; the exit code is 1 if a page is below 100 anywhere."""
    if not (HTML / "index.html").is_file():
        raise SystemExit("There is no book yet. Build it first: make book")
    program = lighthouse()
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if wanted and RESULTS.exists() else {}
    rows = {row["page"]: row for row in known.get("pages", [])}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(HTML)))
    Thread(target=server.serve_forever, daemon=True).start()
    report: dict[str, Any] = {}
    for page in wanted or ["index.html", *chapter_pages()]:
        rows[page], report = measured(program, f"http://127.0.0.1:{server.server_port}/", page)
        print(json.dumps(rows[page]), flush=True)  # noqa: T201
    server.shutdown()
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "version": __version__,
        "lighthouse": report["lighthouseVersion"],
        "browser": report["environment"]["hostUserAgent"].split("Chrome/")[1].split(" ")[0],
        "device": "slow phone, simulated: 1.6 Mbit/s, 150 ms, a processor 4 times slower",
        "pages": [rows[page] for page in sorted(rows)],
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"The results are in {RESULTS.relative_to(ROOT)}.")  # noqa: T201
    return int(any(row[name] < 100 for row in rows.values() for name in CATEGORIES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
