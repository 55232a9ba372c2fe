"""The course's own wheel, made where nothing is published: from a clone or from itself.

In a clone it is built. Of an installed course it is packed again from the files that the
installation lists, each held against its recorded hash. Both give the same bytes.
"""

import base64
import csv
import hashlib
import importlib.util
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

from pfp_course._version import __version__
from pfp_course.classroom.worksheets import without_questions
from pfp_course.content import questions_dir, source_tree
from pfp_course.errors import CourseError
from pfp_course.files import packed
from pfp_course.questions import read_bank

__all__ = ["course_wheel"]

_NAME = "pfp_course"
# Written by an installer for this computer, and not part of what was installed.
_OF_THE_COMPUTER = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD", "uv_cache.json")
_BANK = re.compile(r"pfp_course/_content/data/questions/.+\.yml")
_NOTEBOOK = re.compile(r"pfp_course/_content/notebooks/.+\.ipynb")
_NAMED = re.compile(r"pfp_course/questions/named/(?!__init__)\w+\.py")
# What the head of a bank tells of its chapter; the rest is questions and keys.
_HEAD = ("version", "chapter", "title", "part", "minutes", "needs", "data", "objectives")


def course_wheel(*, exam: bool = False) -> tuple[str, bytes]:
    """Return the file name and the bytes of the course's wheel.

    Parameters
    ----------
    exam : bool
        Leave out the questions of the chapters, their keys, and the functions that compute keys.

    Raises
    ------
    CourseError
        If the wheel cannot be built, or the installed files are not those that were installed.
    """
    root = source_tree()
    members = _of_clone(root) if root else _of_installation()
    version = __version__
    if exam:
        version += "+exam"
        members = _for_exam(members, version)
    info = f"{_NAME}-{version}.dist-info"
    return f"{_NAME}-{version}-py3-none-any.whl", packed(
        {**members, f"{info}/RECORD": _record(members, f"{info}/RECORD")}
    )


def _of_clone(root: Path) -> dict[str, bytes]:
    if importlib.util.find_spec("hatchling") is None:
        raise CourseError(
            "The course is run from a clone, and its wheel cannot be built without hatchling. "
            f"Run: {Path(sys.executable).name} -m pip install hatchling"
        )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            raise CourseError(f"The course's wheel cannot be built in {root}:\n{done.stderr}")
        with zipfile.ZipFile(wheels[0]) as archive:
            return {
                name: archive.read(name)
                for name in archive.namelist()
                if not name.endswith(("/", ".dist-info/RECORD"))
            }


def _of_installation() -> dict[str, bytes]:
    found = metadata.distribution("pfp-course")
    members = {}
    for file in found.files or ():
        name = file.as_posix()
        ours = name.startswith((f"{_NAME}/", f"{_NAME}-{__version__}.dist-info/"))
        if not ours or name.endswith(".pyc") or file.name in _OF_THE_COMPUTER:
            continue
        try:
            content = Path(str(file.locate())).read_bytes()
        except OSError:
            content = b""
        if file.hash is None or _digest(content, file.hash.mode) != file.hash.value:
            raise CourseError(
                f"{file.locate()} is missing or was changed after the course was installed, so "
                "it is not handed on. Install the course again: "
                "pip install --force-reinstall --no-deps, and the name of its wheel."
            )
        members[name] = content
    needed = {f"{_NAME}/__init__.py", f"{_NAME}-{__version__}.dist-info/METADATA"}
    if not needed <= set(members):
        raise CourseError(
            "This installation does not list the files of the whole course, so its wheel cannot "
            "be made. Install the course again with pip, from its wheel; the copy that came with "
            "an exam will not do."
        )
    return members


def _digest(content: bytes, mode: str = "sha256") -> str:
    return base64.urlsafe_b64encode(hashlib.new(mode, content).digest()).rstrip(b"=").decode()


def _record(members: dict[str, bytes], own: str) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for name in sorted(members):
        rows.writerow([name, f"sha256={_digest(members[name])}", len(members[name])])
    rows.writerow([own, "", ""])
    return text.getvalue().encode()


def _for_exam(members: dict[str, bytes], version: str) -> dict[str, bytes]:
    """Return the members without questions and keys, under a version that says so."""
    kept = {}
    for name, content in members.items():
        renamed = name.replace(f"{_NAME}-{__version__}.dist-info", f"{_NAME}-{version}.dist-info")
        if _BANK.fullmatch(name):
            content = _head(questions_dir() / Path(name).name)
        elif _NOTEBOOK.fullmatch(name):
            content = without_questions(content)
        elif name.endswith(".dist-info/METADATA"):
            content = _versioned(content, version)
        if not _NAMED.fullmatch(name):
            kept[renamed] = content
    return kept


def _head(bank: Path) -> bytes:
    head = read_bank(bank).model_dump(include=set(_HEAD)) | {"questions": []}
    # JSON is YAML, too.
    return (json.dumps(head, ensure_ascii=False, indent=1) + "\n").encode()


def _versioned(text: bytes, version: str) -> bytes:
    old = f"\nVersion: {__version__}\n".encode()
    return text.replace(old, f"\nVersion: {version}\n".encode(), 1)
