"""``pfp publish`` as a publisher types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from deploy.conftest import write_book
from typer.testing import CliRunner

from pfp_course.cli import app
from pfp_course.cli import build as building
from pfp_course.cli import publish as publishing
from pfp_course.errors import CourseError
from pfp_course.linkcheck.asking import Answer, Manners, Verdict

RUN = CliRunner()
HERE = "3.4"
BASE = "https://example.org/course/"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose book is built in no time."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "_config.yml").write_text("title: Peace\nhtml:\n  baseurl: ''\n")
    (folder / "_toc.yml").write_text("root: index\n")
    (folder / "course.toml").write_text(
        'title = "Peace"\nshort_title = "Peace"\nslug = "peace"\nauthors = ["A"]\n'
        'licence = "CC-BY-4.0"\nlanguages = ["en"]\nversion = "3.4.5"\n'
    )

    def build(root: Path, *, fresh: bool, base: str, version: str) -> None:
        more = f"<p>built for [{base}]</p>"
        write_book(root / "_build" / "html", more=more, states=(version or "3.4.5", base))

    def make(
        root: Path, *, pdf: bool, epub: bool, offline: bool, base: str, version: str
    ) -> list[Path]:
        made = []
        for wanted, name in ((pdf, "peace.pdf"), (epub, "peace.epub"), (offline, "peace.zip")):
            if wanted:
                (root / "_build" / name).write_bytes(b"x")
                made.append(root / "_build" / name)
        return made

    monkeypatch.setattr(building, "build", build)
    monkeypatch.setattr(building, "make_editions", make)
    return folder


def test_the_command_explains_itself() -> None:
    text = RUN.invoke(app, ["publish", "--help"], env={"COLUMNS": "120"}).output
    for word in ("--to", "gh-pages", "--version", "--with", "--drop", "--push", "--force"):
        assert word in text
    assert "publish" in RUN.invoke(app, ["--help"]).output


def test_a_place_is_needed() -> None:
    result = RUN.invoke(app, ["publish"])
    assert result.exit_code == 2
    assert "--to" in result.output


def test_a_book_is_built_and_published_under_the_version_of_the_course(
    project: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    command = ["publish", str(project), "--to", str(site), "--with", "pdf, epub"]
    result = RUN.invoke(app, [*command, "--base", "https://example.org/course"])
    assert result.exit_code == 0, result.output
    assert f"The newest version is {HERE}." in result.output
    (release,) = json.loads((site / "versions.json").read_text("utf-8"))["versions"]
    assert release["version"] == HERE
    assert [one["file"] for one in release["downloads"]] == ["peace.pdf", "peace.epub"]
    page = (site / "index.html").read_text("utf-8")
    assert "built for [https://example.org/course/]" in page


def test_a_version_that_is_asked_for_is_the_one_that_the_pages_state(
    project: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    command = ["publish", str(project), "--to", str(site), "--base", BASE]
    for version, stated in (("3.4", "3.4.5"), ("9.1", "9.1")):
        result = RUN.invoke(app, [*command, "--version", version])
        assert result.exit_code == 0, result.output
        told = json.loads((site / f"v{version}" / "book.json").read_text("utf-8"))
        assert told == {"title": "Peace", "version": stated, "address": BASE}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--version", "1.3"], "name version 1.2.3, and not 1.3"),
        (["--base", "https://other.org/"], f"name the address {BASE}, and not https://other.org/"),
        (["--version", "2.0", "--base", "https://other.org/"], "and not 2.0; its pages name"),
    ],
)
def test_a_built_book_that_names_others_is_to_be_built_again(
    project: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    book = write_book(tmp_path / "book", states=("1.2.3", BASE))
    site = tmp_path / "site"
    command = ["publish", str(project), "--to", str(site), "--book", str(book)]
    result = RUN.invoke(app, [*command, *options])
    assert result.exit_code == 1
    assert said in str(result.exception)
    assert "Build it again, in its project: pfp build --base" in str(result.exception)
    assert not site.exists()
    # What it says itself is taken where nothing is asked for.
    result = RUN.invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "The newest version is 1.2." in result.output
    assert json.loads((site / "versions.json").read_text("utf-8"))["address"] == BASE


def test_a_book_without_an_address_is_not_published_under_one(
    project: Path, tmp_path: Path
) -> None:
    book = write_book(tmp_path / "book", states=("1.2.3", ""))
    command = ["publish", str(project), "--to", str(tmp_path / "site"), "--book", str(book)]
    result = RUN.invoke(app, [*command, "--base", BASE])
    assert result.exit_code == 1
    assert f"name no address, and not {BASE}" in str(result.exception)
    assert f"pfp build --base {BASE} --version 1.2" in str(result.exception)


def test_versions_that_name_an_older_address_are_to_be_built_again(
    project: Path, tmp_path: Path
) -> None:
    command = ["publish", str(project), "--to", str(tmp_path / "site")]
    assert RUN.invoke(app, [*command, "--base", BASE, "--version", "3.3"]).exit_code == 0
    result = RUN.invoke(app, [*command, "--base", "https://other.org/"])
    assert result.exit_code == 0, result.output
    told = " ".join(result.output.split())
    assert f"Version 3.3 names {BASE} in its references" in told
    assert "Version 3.4 names" not in told


def test_a_book_of_an_older_pfp_is_published_with_a_word(project: Path, tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    command = ["publish", str(project), "--to", str(tmp_path / "site"), "--book", str(book)]
    result = RUN.invoke(app, [*command, "--version", "1.0"])
    assert result.exit_code == 0, result.output
    assert "does not say for which address and version it was built" in result.output


def test_a_book_that_does_not_know_its_address_is_said_to(project: Path, tmp_path: Path) -> None:
    result = RUN.invoke(app, ["publish", str(project), "--to", str(tmp_path / "site")])
    assert result.exit_code == 0, result.output
    assert "does not know its address" in result.output


def test_a_built_book_is_taken_as_it_is_and_a_version_taken_back(
    project: Path, tmp_path: Path
) -> None:
    site = str(tmp_path / "site")
    book = write_book(tmp_path / "book")
    for version in ("1.0", "v1.1"):
        publishing.publish(
            project,
            publishing.Order(to=site, version=version, book=book),
        )
    assert not (project / "_build").exists()
    result = RUN.invoke(app, ["publish", str(project), "--to", site, "--drop", "1.1"])
    assert result.exit_code == 0, result.output
    assert "The newest version is 1.0." in result.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "site", "--push"], "--push goes with --to gh-pages only"),
        (["--to", "gh-pages", "--force"], "--force is for folders"),
        (["--to", "site", "--drop", "1.0", "--version", "1.1"], "Use it alone"),
        (["--to", "site", "--book", "b", "--with", "pdf"], "Leave out --book, or --with"),
        (["--to", "site", "--with", "docx"], "It takes pdf, epub, offline"),
        (["--to", "site", "--base", "example.org"], "Give the whole address"),
        (["--to", "site", "--book", "no-such-book"], "There is no book in no-such-book"),
        (["--to", "site", "--version", "one"], "two or three numbers"),
        (["--to", "site", "--drop", "1.0"], "holds no published course"),
        (["--to", "gh-pages"], "not under git"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_one_message(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = RUN.invoke(app, ["publish", str(project), *options])
    assert result.exit_code == 1
    assert isinstance(result.exception, (CourseError, SystemExit))
    assert said in str(result.exception) + result.output
    assert not (tmp_path / "site").exists()
    assert not (project / "_build").exists(), "it is refused before the build"


def test_links_that_are_dead_are_named_with_their_rows(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "index.md").write_text("https://a.int/1 https://b.int/2 https://c.int/3\n")

    def ask(
        addresses: list[str], manners: Manners, tell: Callable[[Answer], None]
    ) -> dict[str, Answer]:
        answers = {
            "https://a.int/1": Answer("https://a.int/1", Verdict.dead, 404, reason="gone"),
            "https://b.int/2": Answer("https://b.int/2", Verdict.moved, 200, "https://b.int/3"),
            "https://c.int/3": Answer("https://c.int/3", Verdict.works, 200),
        }
        for address in addresses:
            tell(answers[address])
        asked.append(addresses)
        return {address: answers[address] for address in addresses}

    asked: list[list[str]] = []
    monkeypatch.setattr("pfp_course.linkcheck.asking.ask_all", ask)
    for _ in range(2):
        result = RUN.invoke(app, ["links", str(project)], env={"COLUMNS": "200"})
        assert result.exit_code == 1
        assert "dead  https://a.int/1: gone" in result.output
        assert "moved  https://b.int/2 → https://b.int/3" in result.output
        assert "3 addresses: 1 works, 1 moved, 1 dead, 0 uncertain." in result.output
    assert asked == [["https://a.int/1", "https://b.int/2", "https://c.int/3"], ["https://a.int/1"]]
    assert "2 answers were remembered" in result.output
    report = (project / "_build" / "links" / "links.md").read_text("utf-8")
    assert "`index.md:1`" in report
    assert RUN.invoke(app, ["links", str(project), "--only", "c.int"]).exit_code == 0


def test_without_a_connection_nothing_is_said_of_the_links(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "index.md").write_text("".join(f"https://{name}.invalid2/ " for name in "abc"))

    def ask(
        addresses: list[str], manners: Manners, tell: Callable[[Answer], None]
    ) -> dict[str, Answer]:
        gone = "there is no such host"
        return {one: Answer(one, Verdict.dead, reason=gone) for one in addresses}

    monkeypatch.setattr("pfp_course.linkcheck.asking.ask_all", ask)
    result = RUN.invoke(app, ["links", str(project)])
    assert result.exit_code == 1
    assert "Is this computer connected?" in str(result.exception) + result.output
    assert not (project / "_build" / "links").exists()


def test_who_breaks_off_keeps_the_answers(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "index.md").write_text("https://a.int/1 https://b.int/2\n")

    def ask(
        addresses: list[str], manners: Manners, tell: Callable[[Answer], None]
    ) -> dict[str, Answer]:
        tell(Answer(addresses[0], Verdict.works, 200))
        raise KeyboardInterrupt

    monkeypatch.setattr("pfp_course.linkcheck.asking.ask_all", ask)
    RUN.invoke(app, ["links", str(project)])
    kept = (project / "_build" / "links" / "answers.json").read_text("utf-8")
    assert "https://a.int/1" in kept
