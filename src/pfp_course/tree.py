"""What a project rests on: its sources, merge marks and lines in them, installed libraries."""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

__all__ = [
    *("NO_SOURCES", "files_in", "installed_versions", "line_of", "merge_marks", "source_files"),
]

# Folders of a project that no page is made of.
NO_SOURCES = ("_build", "dist", "site", "tests", "benchmarks", "node_modules")
_TEXTS = {
    *(".bib", ".cff", ".css", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".py", ".svg"),
    *(".toml", ".txt", ".yaml", ".yml"),
}
# Git begins these lines at the edge; in a notebook the line may be one of a cell, in quotes.
_MARK = re.compile(r"""^(?:[ \t]*")?(?P<mark><{7}|>{7}|\|{7})(?=[ "\r\n]|\\n|$)""", re.MULTILINE)


def files_in(folder: Path, left_out: Iterable[str] = ()) -> Iterator[Path]:
    """Return the files in a folder, without hidden ones, links to folders and compiled ones.

    ``left_out`` names folders at the top that are passed over.
    """
    for base, folders, names in os.walk(folder):
        here = Path(base)
        skipped = {*left_out} if here == folder else set()
        folders[:] = [
            name
            for name in folders
            if not name.startswith((".", "__pycache__"))
            and name not in skipped
            # An environment, whatever its name.
            and not (here / name / "pyvenv.cfg").is_file()
        ]
        paths = (here / name for name in names if not name.startswith("."))
        yield from (path for path in paths if path.is_file())


def source_files(root: Path) -> list[Path]:
    """Return the files of a project that its book can rest on, in order."""
    return sorted(files_in(root, NO_SOURCES))


def merge_marks(paths: Iterable[Path]) -> list[str]:
    """Name each file that holds the marks of a merge, with the line of the first.

    Git writes them where two versions of a line do not agree. A file that is no text is passed
    over.
    """
    problems = []
    for path in paths:
        if path.suffix not in _TEXTS:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # told by whatever reads it
        if found := _MARK.search(text):
            line = text.count("\n", 0, found.start()) + 1
            problems.append(
                f"{path}:{line}: a merge is not finished: the line begins with {found['mark']}. "
                "Keep one of the two versions, and delete the lines that git put around them."
            )
    return problems


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line, from 1, on which a value stands in a text of YAML or JSON.

    Parameters
    ----------
    text : str
        The whole text.
    path
        The keys and numbers that lead to the value. Where one is missing, the line is that of
        what it is missing from.
    """
    import yaml

    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return 1
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            held = [pair for pair in node.value if pair[0].value == str(step)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            held = [(one, one) for one in node.value[step : step + 1]]
        else:
            held = []
        if not held:
            break
        key, node = held[0]
        line = key.start_mark.line + 1
    return line


@cache
def installed_versions() -> str:
    """Return the versions of Python and of all libraries that are installed, as a text."""
    folders = [Path(entry) for entry in sys.path if entry.endswith("site-packages")]
    installed = sorted(path.name for folder in folders for path in folder.glob("*.dist-info"))
    return json.dumps([sys.version, installed])
