"""The branch of GitHub Pages is written through a worktree that is taken away."""

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from deploy.conftest import write_book

from pfp_course.deploy.branch import Branch, address_of, publish_branch
from pfp_course.deploy.site import assemble
from pfp_course.errors import CourseError


def git(folder: Path, *command: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    done = subprocess.run(
        ["git", *who, "-C", str(folder), *command], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository."""
    path = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(path))
    return path


@pytest.fixture
def clone(tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one commit."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.org")
    path = tmp_path / "clone"
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", str(path))
    git(path, "remote", "add", "origin", str(remote))
    (path / "source.md").write_text("source")
    (path / ".gitignore").write_text("*.html\n")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--message", "First")
    git(path, "push", "--quiet", "origin", "main")
    return path


def publish(clone: Path, book: Path, version: str, *, push: bool = False) -> Branch:
    def make(new: Path, old: Path | None) -> None:
        assemble(new, old, book, version=version, base="", day=date(2027, 1, 31))

    return publish_branch(clone, make, message=f"Publish {version}", push=push)


def listed(folder: Path, branch: str = "gh-pages") -> set[str]:
    return set(git(folder, "ls-tree", "-r", "--name-only", branch).splitlines())


def test_the_first_time_the_branch_begins_without_the_sources(
    clone: Path, small_book: Path
) -> None:
    done = publish(clone, small_book, "1.0")
    assert done.changed
    assert not done.pushed
    names = listed(clone)
    assert {"index.html", "v1.0/index.html", ".nojekyll", "versions.json"} <= names
    assert not {"source.md", ".gitignore"} & names
    assert git(clone, "log", "--format=%s", "gh-pages") == "Publish 1.0"
    assert git(clone, "rev-parse", "--abbrev-ref", "HEAD") == "main"
    assert git(clone, "status", "--porcelain") == ""
    assert len(git(clone, "worktree", "list").splitlines()) == 1


def test_nothing_leaves_the_computer_without_being_told(
    clone: Path, remote: Path, small_book: Path
) -> None:
    publish(clone, small_book, "1.0")
    assert "gh-pages" not in git(remote, "branch", "--list")
    publish(clone, small_book, "1.0", push=True)
    assert "gh-pages" in git(remote, "branch", "--list")


def test_a_second_version_keeps_the_first_and_the_same_again_is_no_commit(
    clone: Path, small_book: Path
) -> None:
    publish(clone, small_book, "1.0")
    publish(clone, small_book, "1.1")
    assert {"v1.0/index.html", "v1.1/index.html"} <= listed(clone)
    again = publish(clone, small_book, "1.1")
    assert not again.changed
    assert git(clone, "rev-list", "--count", "gh-pages") == "2"


def test_what_others_have_published_is_taken_over(
    clone: Path, remote: Path, tmp_path: Path, small_book: Path
) -> None:
    publish(clone, small_book, "1.0", push=True)
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(remote), "other")
    publish(tmp_path / "other", small_book, "1.1", push=True)
    publish(clone, small_book, "1.2", push=True)
    assert {f"v1.{n}/index.html" for n in range(3)} <= listed(remote)


def test_branches_that_have_parted_are_not_forced(
    clone: Path, remote: Path, tmp_path: Path, small_book: Path
) -> None:
    publish(clone, small_book, "1.0", push=True)
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(remote), "other")
    publish(tmp_path / "other", small_book, "1.1", push=True)
    publish(clone, small_book, "1.2")
    with pytest.raises(CourseError, match="have parted"):
        publish(clone, small_book, "1.3", push=True)


def test_a_branch_with_something_else_is_refused(clone: Path, small_book: Path) -> None:
    git(clone, "branch", "gh-pages")
    with pytest.raises(CourseError, match="no published course"):
        publish(clone, small_book, "1.0")
    assert "source.md" in listed(clone)


def test_a_branch_that_is_checked_out_is_not_pulled_from_under_its_owner(
    clone: Path, small_book: Path
) -> None:
    publish(clone, small_book, "1.0")
    git(clone, "checkout", "--quiet", "gh-pages")
    with pytest.raises(CourseError, match=r"already checked out|already used by"):
        publish(clone, small_book, "1.1")


def test_a_fault_leaves_the_branch_as_it_was(clone: Path, tmp_path: Path, small_book: Path) -> None:
    first = publish(clone, small_book, "1.0").commit
    broken = write_book(tmp_path / "broken", more='<a href="no.html">x</a>')
    with pytest.raises(CourseError, match=re.escape("no.html does not exist")):
        publish(clone, broken, "1.1")
    assert git(clone, "rev-parse", "gh-pages") == first
    assert len(git(clone, "worktree", "list").splitlines()) == 1


def test_a_fault_the_first_time_leaves_no_branch(clone: Path, tmp_path: Path) -> None:
    broken = write_book(tmp_path / "broken", more='<a href="no.html">x</a>')
    with pytest.raises(CourseError, match="Nothing was published"):
        publish(clone, broken, "1.1")
    assert git(clone, "branch", "--list", "gh-pages") == ""


def test_a_folder_without_git_has_no_branch(tmp_path: Path, small_book: Path) -> None:
    with pytest.raises(CourseError, match="not under git"):
        publish(tmp_path, small_book, "1.0")


@pytest.mark.parametrize(
    ("remote_url", "address"),
    [
        ("https://github.com/Owner/course.git", "https://owner.github.io/course/"),
        ("git@github.com:owner/course.git", "https://owner.github.io/course/"),
        ("https://token@github.com/owner/owner.github.io", "https://owner.github.io/"),
        ("https://example.org/owner/course.git", ""),
    ],
)
def test_the_address_of_a_project_on_github_is_known(
    clone: Path, remote_url: str, address: str
) -> None:
    git(clone, "remote", "set-url", "origin", remote_url)
    assert address_of(clone) == address


def test_the_address_is_remembered_by_the_branch(clone: Path, small_book: Path) -> None:
    def make(new: Path, old: Path | None) -> None:
        base = "https://example.org/course/"
        assemble(new, old, small_book, version="1.0", base=base, day=date(2027, 1, 31))

    publish_branch(clone, make, message="Publish")
    assert address_of(clone) == "https://example.org/course/"


def test_a_domain_of_its_own_comes_first(clone: Path, small_book: Path) -> None:
    def make(new: Path, old: Path | None) -> None:
        assemble(new, old, small_book, version="1.0", base="", day=date(2027, 1, 31))
        (new / "CNAME").write_text("course.example.org\n")

    publish_branch(clone, make, message="Publish")
    git(clone, "remote", "set-url", "origin", "https://github.com/owner/course.git")
    assert address_of(clone) == "https://course.example.org/"
