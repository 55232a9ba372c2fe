"""The list for search engines says when a page was last changed, as git remembers it."""

import os
import subprocess
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pfp_course.sphinx_ext.metadata import last_changes, sitemap

TODAY = date(2027, 3, 4)


def git(folder: Path, *words: str, day: str = "") -> None:
    variables = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    options = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", "-C", str(folder), *options, *words],
        check=True,
        capture_output=True,
        env={**os.environ, **(variables if day else {})},
    )


@pytest.mark.parametrize("inside", ["", "courses/mine"])
def test_the_day_is_that_of_the_last_change_of_any_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    root = tmp_path / inside
    root.mkdir(parents=True, exist_ok=True)
    pages = {name: root / f"{name}.md" for name in ("one", "two", "three", "Кіріспе")}
    bank = root / "bank.yml"
    git(tmp_path, "init", "--quiet")
    for path in (*pages.values(), bank):
        path.write_text("a")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "all", day="2027-01-01")
    bank.write_text("b")
    git(tmp_path, "commit", "--quiet", "-am", "bank", day="2027-02-02")
    pages["three"].write_text("b")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1804118400")
    sources = {name: [path] for name, path in pages.items()}
    sources["two"].append(bank)
    sources["new"] = [root / "new.md"]
    assert last_changes(root, sources) == {
        "one": date(2027, 1, 1),
        "two": date(2027, 2, 2),
        "three": TODAY,
        "Кіріспе": date(2027, 1, 1),
    }


def test_without_git_no_day_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert last_changes(tmp_path, {"one": [tmp_path / "one.md"]}) == {}
    monkeypatch.setenv("PATH", "")
    assert last_changes(tmp_path, {"one": [tmp_path / "one.md"]}) == {}


def test_a_known_day_stands_in_the_list_as_the_protocol_wants_it() -> None:
    text = sitemap("https://example.org/", ["one", "two"], {"one": TODAY})
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    told = {
        str(url.findtext(f"{space}loc")): url.findtext(f"{space}lastmod")
        for url in ElementTree.fromstring(text)
    }
    assert told == {
        "https://example.org/one.html": "2027-03-04",
        "https://example.org/two.html": None,
    }
