"""The branch that GitHub Pages shows, written through a worktree that is taken away afterwards."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pfp_course.deploy.versions import FILE, parse_catalogue, read_catalogue
from pfp_course.errors import CourseError

__all__ = ["BRANCH", "Branch", "address_of", "publish_branch"]

BRANCH = "gh-pages"
_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?github\.com/|git@github\.com:|ssh://git@github\.com/)"
    r"(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/?"
)


@dataclass(frozen=True)
class Branch:
    """What became of the branch: its commit, whether it is new, and whether it was pushed."""

    commit: str
    changed: bool
    pushed: bool


def address_of(project: Path, remote: str = "origin") -> str:
    """Return where GitHub Pages shows a project; empty if that cannot be known.

    A domain of its own, in the file ``CNAME`` of the branch, comes first, then what the list of
    versions remembers, then GitHub's own.

    Raises
    ------
    CourseError
        If the project is not under git.
    """
    _require_git(project)
    branches = (BRANCH, f"{remote}/{BRANCH}")
    domain = next(filter(None, (_try(project, "show", f"{one}:CNAME") for one in branches)), "")
    if re.fullmatch(r"[A-Za-z0-9.-]+", domain):
        return f"https://{domain}/"
    for branch in branches:
        try:
            if known := parse_catalogue(_try(project, "show", f"{branch}:{FILE}")).address:
                return known
        except ValueError:
            continue
    found = _GITHUB.fullmatch(_try(project, "remote", "get-url", remote))
    if found is None:
        return ""
    owner, name = found["owner"].lower(), found["name"]
    return f"https://{owner}.github.io/" + (
        "" if name.lower() == f"{owner}.github.io" else f"{name}/"
    )


def publish_branch(
    project: Path,
    make: Callable[[Path, Path | None], object],
    *,
    message: str,
    remote: str = "origin",
    push: bool = False,
) -> Branch:
    """Write a site into the branch ``gh-pages`` of a clone, and push it if that is wanted.

    ``make`` is as for `site.replace_folder`. The branch comes from the ``remote`` if the clone does
    not have it, and is sent there with ``push``; otherwise nothing leaves this computer.

    Raises
    ------
    CourseError
        If this is no clone, the branch holds something else, or git refuses.
    """
    _require_git(project)
    if push:
        _bring_up_to_date(project, remote)
    with _worktree(project, remote) as tree, tempfile.TemporaryDirectory() as scratch:
        held = [path for path in tree.iterdir() if path.name != ".git"]
        old = tree if held else None
        if old and read_catalogue(old) is None:
            raise CourseError(
                f"The branch {BRANCH} holds files that are no published course. Rename the branch, "
                f"or delete it, and publish again: git branch -m {BRANCH} {BRANCH}-old"
            )
        new = Path(scratch) / "site"
        new.mkdir()
        make(new, old)
        for path in held:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        shutil.copytree(new, tree, dirs_exist_ok=True)
        # Whatever the rules of the clone leave out belongs to the site.
        _git(tree, "add", "--all", "--force")
        changed = bool(_git(tree, "status", "--porcelain"))
        if changed:
            _git(tree, "commit", "--quiet", "--no-verify", "--message", message)
        commit = _git(tree, "rev-parse", "HEAD")
    if push:
        _git(project, "push", "--quiet", remote, f"{BRANCH}:{BRANCH}")
    return Branch(commit=commit, changed=changed, pushed=push)


def _require_git(project: Path) -> None:
    if not _try(project, "rev-parse", "--git-dir"):
        raise CourseError(
            f"{project} is not under git, so it has no branch {BRANCH}. Publish into a folder: "
            "pfp publish --to DIR"
        )


def _bring_up_to_date(project: Path, remote: str) -> None:
    """Take over what others have published, so that nothing of theirs is lost."""
    if not _git(project, "ls-remote", "--heads", remote, f"refs/heads/{BRANCH}"):
        return
    _git(
        project, "fetch", "--quiet", remote, f"+refs/heads/{BRANCH}:refs/remotes/{remote}/{BRANCH}"
    )
    here, there = f"refs/heads/{BRANCH}", f"refs/remotes/{remote}/{BRANCH}"
    if not _try(project, "rev-parse", "--verify", here):
        return
    if _succeeds(project, "merge-base", "--is-ancestor", here, there):
        _git(project, "update-ref", here, there)
    elif not _succeeds(project, "merge-base", "--is-ancestor", there, here):
        raise CourseError(
            f"The branch {BRANCH} here and on {remote} have parted. Keep the one on {remote}: "
            f"git branch -f {BRANCH} {remote}/{BRANCH}"
        )


@contextmanager
def _worktree(project: Path, remote: str) -> Iterator[Path]:
    """Give the branch in a folder of its own; it is gone afterwards, whatever happened."""
    _git(project, "worktree", "prune")
    with tempfile.TemporaryDirectory(prefix="pfp-pages-") as scratch:
        tree = Path(scratch) / "tree"
        there = f"refs/remotes/{remote}/{BRANCH}"
        try:
            if _try(project, "rev-parse", "--verify", f"refs/heads/{BRANCH}"):
                _git(project, "worktree", "add", "--quiet", str(tree), BRANCH)
            elif _try(project, "rev-parse", "--verify", there):
                _git(project, "worktree", "add", "--quiet", "-b", BRANCH, str(tree), there)
            else:
                # Git can begin a branch without a past only where something is checked out.
                _git(project, "worktree", "add", "--quiet", "--detach", str(tree), "HEAD")
                _git(tree, "checkout", "--quiet", "--orphan", BRANCH)
                _git(tree, "rm", "-r", "--quiet", "--force", ".")
            yield tree
        finally:
            _try(project, "worktree", "remove", "--force", str(tree))
    _try(project, "worktree", "prune")


def _run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *command],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise CourseError(
            "git is not installed, and the branch needs it. Install it, or publish into a folder."
        ) from None


def _succeeds(folder: Path, *command: str) -> bool:
    return _run(folder, *command).returncode == 0


def _try(folder: Path, *command: str) -> str:
    done = _run(folder, *command)
    return "" if done.returncode else done.stdout.strip()


def _git(folder: Path, *command: str) -> str:
    done = _run(folder, *command)
    if done.returncode:
        said = (done.stderr or done.stdout).strip() or "it does not say why"
        raise CourseError(f"git {command[0]} failed: {said}")
    return done.stdout.strip()
