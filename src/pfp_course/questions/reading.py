"""Read a YAML file that a teacher wrote: values, and the line on which each stands."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from pfp_course.errors import CourseError

__all__ = ["DOUBTFUL", "BankError", "Document", "Problem", "read_document"]

_LARGEST = 1_000_000  # bytes; the longest bank of the course is below a tenth of it
_DEEPEST = 12

# What one reader of YAML takes for a truth value or a number, and another for text.
DOUBTFUL = re.compile(
    r"y|n|yes|no|on|off|true|false|null|none|~"
    r"|[-+]?(?:0[0-9_]+|0o[0-7_]+|0x[0-9a-f_]+|0b[01_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)"
    r"|[-+]?[0-9]+_[0-9_]*(?:\.[0-9_]*)?|\+[0-9.]+|[-+]?\.[0-9_]+|[-+]?[0-9]+\."
    r"|[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)e[-+]?[0-9]+|[-+]?\.(?:inf|nan)",
    re.IGNORECASE,
)

# Fields whose text is shown to students.
_SENTENCES = ("ask", "because", "say", "text", "title")
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Problem:
    """What is wrong in a bank, where it stands, and how to mend it."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class BankError(CourseError):
    """A question bank that cannot be used; the message lists every problem, one a line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Document:
    """A file's values, and the line of each value by its path of keys and positions."""

    path: Path
    value: Any
    lines: dict[tuple[str | int, ...], int]
    doubtful: dict[tuple[str | int, ...], str] = field(default_factory=dict)
    """Values without quotes that readers of YAML take for different things."""

    def line(self, place: tuple[str | int, ...]) -> int:
        """Return the line of a place, or of the nearest place around it.

        Steps that the file does not have are passed over, because a validator's place can
        name the kind of a question between its position and its field.
        """
        found: tuple[str | int, ...] = ()
        for step in place:
            if (*found, step) in self.lines:
                found = (*found, step)
        return self.lines.get(found, 1)


class _RefusedError(Exception):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


class _Strict:
    """YAML without its traps: ``no`` and ``1994-05-27`` stay text, and nothing is repeated."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[attr-defined]
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError(line, "an alias (*name) is not understood. Write the text again.")
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > _DEEPEST:
            raise _RefusedError(line, "the lists are nested too deep. Flatten them.")
        node: yaml.Node | None = super().compose_node(parent, index)  # type: ignore[misc]
        self.depth -= 1
        return node


class _Loader(_Strict, yaml.SafeLoader):
    """The reader in Python, which tells best what is wrong."""


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _FastLoader(_Strict, Composer, CParser, SafeConstructor, Resolver):
        """The same over the parser in C, in a third of the time."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-0123456789"),
):
    _Loader.add_implicit_resolver(_TAG + _tag, re.compile(f"^(?:{_pattern})$"), list(_first))
_Loader.add_implicit_resolver(_TAG + "null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
if yaml.__with_libyaml__:
    _FastLoader.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def read_document(path: Path) -> Document:
    """Read a YAML file.

    Raises
    ------
    BankError
        If the file is missing, too large, not UTF-8 or not YAML, or repeats a key.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BankError(
            [Problem(path, 1, f"the file cannot be read ({reason}). Check its name and rights.")]
        ) from None
    if len(raw) > _LARGEST:
        raise BankError([Problem(path, 1, "the file is larger than 1 MB. Split the bank.")])
    try:
        text = raw.decode("utf-8")
        loader, node = _composed(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BankError([Problem(path, line, "the text is not UTF-8. Save it as UTF-8.")]) from None
    except _RefusedError as error:
        raise BankError([Problem(path, error.line, str(error))]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        raise BankError(
            [
                Problem(
                    path,
                    mark.line + 1 if mark else 1,
                    f"this is not valid YAML: {reason}. "
                    "Look at the indentation, and put text that holds ': ' in quotes.",
                )
            ]
        ) from None
    except yaml.YAMLError as error:
        raise BankError([Problem(path, 1, f"this is not valid YAML: {error}.")]) from None
    return _document(path, loader, node, text.split("\n"))


def _composed(text: str) -> tuple[Any, yaml.Node | None]:
    """Return a loader and the node of a text."""
    if yaml.__with_libyaml__:
        fast = _FastLoader(text)
        # What is wrong is told by the reader in Python.
        with suppress(yaml.YAMLError):
            return fast, fast.get_single_node()
    loader = _Loader(text)
    return loader, loader.get_single_node()


def _cut(path: Path, key: str, node: yaml.Node, source: list[str]) -> list[Problem]:
    """Return what is wrong with a text without quotes that a comment follows.

    A teacher may have meant it as text, as in ``ask: C # or D?``.
    """
    if key not in _SENTENCES or not isinstance(node, yaml.ScalarNode) or node.style:
        return []
    mark = node.end_mark
    rest = source[mark.line][mark.column :] if mark.line < len(source) else ""
    if not rest.lstrip(" \t").startswith("#"):
        return []
    text = (
        f"in {key!r}, what follows ' #' is a comment and would not be shown. "
        "Put the text in quotes, or the comment on a line of its own."
    )
    return [Problem(path, mark.line + 1, text)]


def _document(path: Path, loader: Any, root: yaml.Node | None, source: list[str]) -> Document:
    lines: dict[tuple[str | int, ...], int] = {}
    doubtful: dict[tuple[str | int, ...], str] = {}
    problems: list[Problem] = []

    def value(node: yaml.Node, place: tuple[str | int, ...]) -> Any:
        lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                line = key_node.start_mark.line + 1
                if key in found:
                    text = f"the key {key!r} stands twice. Keep one of them."
                    problems.append(Problem(path, line, text))
                found[key] = value(value_node, (*place, key))
                lines[(*place, key)] = line
                problems.extend(_cut(path, key, value_node, source))
            return found
        if isinstance(node, yaml.SequenceNode):
            return [value(item, (*place, number)) for number, item in enumerate(node.value)]
        text = str(node.value)
        plain = not getattr(node, "style", None)
        if plain and node.tag == _TAG + "str" and DOUBTFUL.fullmatch(text):
            doubtful[place] = text
        try:
            return loader.construct_object(node)
        except (yaml.YAMLError, ValueError):
            text = f"the tag {node.tag!r} is not understood. Write plain text or a number."
            problems.append(Problem(path, lines[place], text))
            return None

    if root is None:
        raise BankError([Problem(path, 1, "the file is empty. Write a bank, or delete the file.")])
    result = value(root, ())
    if problems:
        raise BankError(problems)
    return Document(path, result, lines, doubtful)
