"""Compile the lock files and environment.yml from pyproject.toml: `make lock`.

``requirements.lock`` holds what builds the book, ``requirements-dev.lock`` what the tests need
beside it. Both come from one resolution, so that no library has two versions.
"""

import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOK, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==.*(?:\n +.*)*\n", re.MULTILINE)
_OPTIONS = (
    *("--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-annotate", "--no-header"),
)


def pins(text: str) -> list[tuple[str, str]]:
    """Return each library of a lock file, with its lines: the version, a marker, the hashes.

    One library has several where systems need different versions.
    """
    return [(found[1], found[0]) for found in _PIN.finditer(text)]


def split(everything: str, book: str) -> tuple[str, str]:
    """Return both lock files, from the lock of everything and a lock of the book alone."""
    names = {name for name, _ in pins(book)}
    locked = pins(everything)
    return (
        "".join(lines for name, lines in locked if name in names),
        "-r requirements.lock\n" + "".join(lines for name, lines in locked if name not in names),
    )


def _compiled(target: Path, *options: str) -> str:
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    command = [str(uv), "pip", "compile", "pyproject.toml", *_OPTIONS, *options]
    subprocess.run([*command, "--output-file", str(target)], cwd=ROOT, check=True)
    return target.read_text(encoding="utf-8")


def main() -> None:
    """Write the three files. A version that is locked stays, unless pyproject.toml forbids it."""
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "everything.txt", Path(folder) / "book.txt"
        locked = [pins(path.read_text(encoding="utf-8")) for path in (BOOK, DEV) if path.is_file()]
        whole.write_text("".join(lines for pinned in locked for _, lines in pinned))
        everything = _compiled(whole, "--extra", "dev")
        extras = ("--extra", "book", "--extra", "build")
        book = _compiled(part, *extras, "--constraint", str(whole))
    for path, text in zip((BOOK, DEV), split(everything, book), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    conda = [sys.executable, str(ROOT / "tests" / "environment.py")]
    text = subprocess.run(conda, check=True, capture_output=True, text=True).stdout
    (ROOT / "environment.yml").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
