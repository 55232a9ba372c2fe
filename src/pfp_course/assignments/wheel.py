"""The course's own wheel, made where nothing is published: from a clone or from itself.

In a clone it is built. Of an installed course it is packed again from the files that the
installation lists, each held against its recorded hash. Both give the same bytes.
"""

import ast
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
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pfp_course import __version__
from pfp_course.course import Course, lock_path, source_tree
from pfp_course.errors import CourseError
from pfp_course.files import packed
from pfp_course.questions import read_bank

__all__ = ["course_wheel", "json_file", "reached", "requirements_text", "without_questions"]

_NAME = "pfp_course"
# Written by an installer for this computer, and not part of what was installed.
_OF_THE_COMPUTER = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD", "uv_cache.json")
_CONTENT = f"{_NAME}/_content"
_OWN_CONTENT = Path(__file__).resolve().parents[1] / "_content"
_BANK = re.compile(r"pfp_course/_content/data/questions/.+\.yml")
_NOTEBOOK = re.compile(r"pfp_course/_content/notebooks/.+\.ipynb")
# What the head of a bank tells of its chapter; the rest is questions and keys.
_HEAD_FIELDS = ("version", "chapter", "title", "part", "minutes", "needs", "data", "objectives")

# What asks, checks or shows the questions of a chapter.
_ASKING = {"quiz", "check", "review", "progress", "read_bank", "submit"}
_TASK = re.compile(r"\*\*Exercise \d+\.\*\*|\A## (?:Questions|Hand in)\b|\A#+ [^\n]*\Z")


def course_wheel(course: Course, *, exam: bool = False) -> tuple[str, bytes]:
    """Return the file name and the bytes of a wheel: this package with a course in it.

    Parameters
    ----------
    course : Course
        The course whose data, questions and notebooks it holds.
    exam : bool
        Leave out the questions of the chapters, their keys, and the functions that compute keys.

    Raises
    ------
    CourseError
        If the wheel cannot be built, or the installed files are not those that were installed.
    """
    root = source_tree()
    members = _of_clone(root) if root else _of_installation()
    additions = []
    if course.root != (root or _OWN_CONTENT):
        members = _with_content(members, course)
        additions.append(course.slug.replace("-", "."))
    if exam:
        members = _for_exam(members, course)
        additions.append("exam")
    version = f"{__version__}+{'.'.join(additions)}" if additions else __version__
    info = f"{_NAME}-{version}.dist-info"
    members = _versioned(members, info, version)
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


def _with_content(members: dict[str, bytes], course: Course) -> dict[str, bytes]:
    """Return the members with the files of a course in the place of the package's own."""
    kept = {
        name: content
        for name, content in members.items()
        if not name.startswith((f"{_CONTENT}/data/", f"{_CONTENT}/notebooks/"))
    }
    paths = [course.root / "course.toml"]
    for folder in (course.data, course.notebooks):
        paths += (path for path in folder.rglob("[!.]*") if path.is_file())
    inside = {path.relative_to(course.root) for path in paths}
    return kept | {
        f"{_CONTENT}/{path.as_posix()}": (course.root / path).read_bytes()
        for path in inside
        if not any(part.startswith(".") for part in path.parts)
    }


def _for_exam(members: dict[str, bytes], course: Course) -> dict[str, bytes]:
    """Return the members without questions, keys, and functions that compute keys."""
    functions = {
        f"{function.__module__.replace('.', '/')}.py"
        for function in course.extras("KEY_FUNCTIONS").values()
    }
    kept = {}
    for name, content in members.items():
        if name in functions:
            continue
        if _BANK.fullmatch(name):
            content = _head(course, course.questions / Path(name).name)
        elif _NOTEBOOK.fullmatch(name):
            content = without_questions(content)
        kept[name] = content
    return kept


def without_questions(notebook: bytes) -> bytes:
    """Return a chapter without the cells that ask or check, and without the words of its tasks."""
    content = json.loads(notebook)
    kept: list[dict[str, Any]] = []
    for cell in content["cells"]:
        if not _asks(cell):
            kept.append(cell)
        elif kept and kept[-1]["cell_type"] == "markdown" and _TASK.search(_source(kept[-1])):
            kept.pop()
    content["cells"] = kept
    return json_file(content)


def _asks(cell: dict[str, Any]) -> bool:
    if cell["cell_type"] != "code":
        return False
    calls = (node for node in ast.walk(ast.parse(_source(cell))) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id in _ASKING for call in calls)


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _head(course: Course, bank: Path) -> bytes:
    # JSON is YAML, too.
    head = read_bank(bank, course).model_dump(include=set(_HEAD_FIELDS)) | {"questions": []}
    return json_file(head)


def json_file(content: object, *, sort_keys: bool = False) -> bytes:
    """Return what a file of JSON holds."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=sort_keys)
    return f"{text}\n".encode()


def _versioned(members: dict[str, bytes], info: str, version: str) -> dict[str, bytes]:
    """Return the members with the folder of metadata, and the metadata, of another version."""
    old = f"{_NAME}-{__version__}.dist-info"
    renamed = {name.replace(old, info): content for name, content in members.items()}
    metadata_name = f"{info}/METADATA"
    stated = f"\nVersion: {__version__}\n".encode(), f"\nVersion: {version}\n".encode()
    return renamed | {metadata_name: renamed[metadata_name].replace(*stated, 1)}


_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<rest>[^\\\n]+?)\s*\\?$", re.MULTILINE)


def requirements_text(wheel: str) -> str:
    """Return a requirements file: a pin for each library, and the wheel beside the file.

    The pins come from the course's lock file, which serves all systems. They name no index, and
    carry no hashes: where a mirror has built a library anew, a student could do nothing about it.
    """
    wanted = reached("pfp-course")
    text = lock_path().read_text(encoding="utf-8")
    pins = [
        f"{found['name']}=={found['rest']}"
        for found in _PIN.finditer(text)
        if canonicalize_name(found["name"]) in wanted
    ]
    return "\n".join(["# Written by `pfp assign`.", *pins, f"./{wheel}"]) + "\n"


def reached(name: str, extras: Iterable[str] = ()) -> set[str]:
    """Return the names of all that a library needs with some extras, on whatever system."""
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = [(name, frozenset(extras))]
    while queue:
        need = queue.pop()
        if need not in seen:
            seen.add(need)
            queue.extend(_needs(*need))
    return {name for name, _ in seen} - {name}


def _needs(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    try:
        needs = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return  # needed on another system alone, where it needs nothing further
    for need in map(Requirement, needs):
        # What a marker says of systems is left to the lock file; what it says of extras counts.
        if _counts(need.marker, extras):
            yield canonicalize_name(need.name), frozenset(need.extras)


def _counts(marker: Marker | None, extras: frozenset[str]) -> bool:
    if marker is None or "extra" not in str(marker):
        return True
    return any(marker.evaluate({"extra": extra}) for extra in extras)
