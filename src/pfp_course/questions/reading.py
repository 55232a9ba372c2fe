"""Read a YAML file that a teacher wrote, with the line of each value; say what is wrong in it."""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic_core import ErrorDetails
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from pfp_course.errors import CourseError

__all__ = ["ABOUT", "DOUBTFUL", "BankError", "Document", "Problem", "read_document", "sentence"]

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
    doubtful: dict[tuple[str | int, ...], str]
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
    ("null", r"~|null|", ("~", "n", "")),
):
    _Loader.add_implicit_resolver(_TAG + _tag, re.compile(f"^(?:{_pattern})$"), list(_first))
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
        text = f"the file cannot be read ({reason}). Check its name and rights."
        raise _unusable(path, 1, text) from None
    if len(raw) > _LARGEST:
        raise _unusable(path, 1, "the file is larger than 1 MB. Split the bank.")
    try:
        text = raw.decode("utf-8")
        loader, node = _composed(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unusable(path, line, "the text is not UTF-8. Save it as UTF-8.") from None
    except _RefusedError as error:
        raise _unusable(path, error.line, str(error)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        text = (
            f"this is not valid YAML: {reason}. "
            "Look at the indentation, and put text that holds ': ' in quotes."
        )
        raise _unusable(path, mark.line + 1 if mark else 1, text) from None
    except yaml.YAMLError as error:
        raise _unusable(path, 1, f"this is not valid YAML: {error}.") from None
    if node is None:
        raise _unusable(path, 1, "the file is empty. Write a bank, or delete the file.")
    return _document(path, loader, node, text.split("\n"))


def _unusable(path: Path, line: int, text: str) -> BankError:
    return BankError([Problem(path, line, text)])


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


def _document(path: Path, loader: Any, root: yaml.Node, source: list[str]) -> Document:
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

    result = value(root, ())
    if problems:
        raise BankError(problems)
    return Document(path, result, lines, doubtful)


_EXAMPLES = {
    "": "version: 1, chapter: '07', ...",  # the whole file
    "tolerance": "{abs: 1}, {rel: 0.05} or {digits: 2}",
    "traps": "- {value: 12, say: That is a dozen.}",
    "choices": "- {text: Romania, right: true}",
    "items": "- {text: Latvia, with: LVA, say: Its code begins with LV.}",
    "rubric": "- {text: You give a reason., levels: [not yet, partly, fully]}",
    "gaps": "- {kind: text, key: north}",
    "chart": "{table: signatories, x: signed, y: nato_accession, ...}",
    "let": "{total: {count: signatories}}",
    "vary": "{state: [Poland, Latvia]}",
    "objectives": "{O7.1: Read a table.}",
    "source": "[background]",
    "questions": "- {id: 07.first, kind: single, ...}",
    "exercises": "- {id: 07.e1, kind: value, ...}",
}
# What a field is for, told to one who left it out, and to an editor.
ABOUT = {
    "version": "Write: version: 1",
    "chapter": "Write two digits in quotes, such as chapter: '07'; every id begins with them.",
    "title": "It is the title of the chapter.",
    "part": "It is the part of the book to which the chapter belongs: part: My own chapters",
    "minutes": "It is how long a reader needs, such as minutes: 45",
    "objectives": "It names what a student learns, such as {O7.1: Read a table.}",
    "questions": "It is the list of questions; it may be empty: []",
    "objective": "It is the name of one of the bank's objectives.",
    "id": "It never changes: two digits, a point and words, such as 07.first-signature",
    "ask": "It is the question.",
    "because": "It is the reason, shown with the answer.",
    "otherwise": "It is what a student is told whose wrong answer you did not foresee.",
    "source": "It is a list of keys of sources; write source: [background] for what is known.",
    "key": "It is the right answer: a value, or an expression over the data.",
    "say": "It is what a student is told who gives this answer.",
    "among": "It is the list of codes to choose from, such as [KAZ, KGZ, TJK].",
    "compare": "Write number, text, set, list, table or frame.",
    "choices": "They are written: - {text: Romania, right: true}",
    "with": "It is the option that belongs to the item.",
    "points": "It is what the question is worth, from 1 to 10; 1 if not given.",
    "inline": "True for a question inside the text of a chapter.",
    "attempts": "It is how many tries there are; no limit if not given.",
    "confidence": "True asks how sure the student is, before the answer is marked.",
    "hints": "They are given one at a time, when they are asked for.",
    "vary": "It holds lists of values; a seed draws one of each, and texts name it as {name}.",
    "let": "It holds values that texts name as {name}.",
    "share": "It is the part of the points that this answer earns, such as 0.5.",
    "pin": "True keeps the choice in its place when the others are shuffled.",
    "tolerance": "It is how near is right: {abs: 0.5}, {rel: 0.05} or {digits: 2}.",
    "abs": "It is how far a number may be from the key, in units.",
    "rel": "It is how far a number may be from the key, as a share of it.",
    "digits": "It asks for the key rounded to so many significant digits.",
    "range": "It has two ends, such as [1.5, 2.5].",
    "open": "True leaves the upper end of the range out.",
    "unit": "It is shown behind the field; a student may write it, and need not.",
    "traps": "They are wrong answers that you foresee, each with what to say.",
    "accept": "They are further right answers.",
    "case": "True if capital letters matter.",
    "signs": "True if accents and punctuation matter.",
    "gaps": "Each has a kind; the text names them as [[1]], [[2]].",
    "weight": "It is the gap's part of the points, from 1 to 10.",
    "ends": "They are the words above and below the list, such as [the earliest, the latest].",
    "others": "They are options that belong to no item.",
    "categories": "They are offered for every item.",
    "words": "It is the least number of words.",
    "rubric": "Each point has a text and levels, from the lowest to the highest.",
    "needs": "It lists chapters that are read before, such as ['01'].",
    "data": "It lists the tables that the chapter uses.",
}
_EXPECTED = {
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "less than or equal to {le}",
    "greater_than": "more than {gt}",
    "less_than": "less than {lt}",
    "string_too_long": "a text of at most {max_length} characters",
    "string_too_short": "a text that is not empty",
    "too_short": "a list of {min_length} or more",
    "too_long": "a list of {max_length} or less",
    "string_type": "text",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    "finite_number": "a number that is not infinite",
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    "list_type": "a list",
    **dict.fromkeys(
        ("dict_type", "model_type", "model_attributes_type", "tagged-union"),
        "fields, each with a name",
    ),
    "none_required": "empty",
}


def sentence(details: ErrorDetails, *, kinds: str = "") -> str:
    """Return what is wrong with a value, in a teacher's words, and the mend.

    Parameters
    ----------
    details : ErrorDetails
        What the validator says of the value.
    kinds : str
        The kinds of question, for one that has none.
    """
    place = details["loc"]
    field = str(place[-1]) if place else ""
    name = _name(place)
    kind, context = details["type"], details.get("ctx", {})
    match kind:
        case "missing":
            return " ".join(filter(None, [f"{name} is missing. Add it.", ABOUT.get(field)]))
        case "extra_forbidden":
            return f"there is no field {name} here. Correct its name, or delete it."
        case "union_tag_invalid":
            expected = str(context["expected_tags"]).replace("'", "")
            if context["tag"] in (None, "", "None"):
                return f"'kind' is empty. Write one of: {expected}."
            return f"the kind {str(context['tag'])[:40]!r} is unknown. Use one of: {expected}."
        case "union_tag_not_found":
            return f"'kind' is missing. Add it: {kinds or 'text, numeric, date or single'}."
        case "value_error":
            return f"{name}: {context['error']!s}."
    mend = "Put it in quotes" if kind == "string_type" else "Mend the value"
    like = f", such as {_EXAMPLES[field]}" if field in _EXAMPLES else ""
    return f"{name} should be {_expected(kind, context)}{like}; {_holds(details['input'], mend)}."


def _name(place: tuple[str | int, ...]) -> str:
    if not place:
        return "the file"
    if isinstance(place[-1], int):
        owner = next((part for part in reversed(place) if isinstance(part, str)), "the list")
        return f"number {place[-1] + 1} of {owner!r}"
    return repr(place[-1])


def _expected(kind: str, context: dict[str, Any]) -> str:
    if kind != "string_pattern_mismatch":
        return _EXPECTED.get(kind, "another value").format(**context)
    if context["pattern"] == "^[0-9]{2}$":
        return "two digits in quotes, such as '07'"
    return "two digits, a point, and small letters, digits or hyphens, such as 07.first-signature"


def _holds(value: Any, mend: str) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return "it is empty. Fill it"
    if isinstance(value, dict):
        return f"it holds the fields {', '.join(map(str, list(value)[:4]))[:60]}. Mend the value"
    if isinstance(value, list):
        number = "1 item" if len(value) == 1 else f"{len(value)} items"
        return f"it holds a list of {number}. Mend the value"
    if isinstance(value, bool):
        return f"it holds {str(value).lower()}. {mend}"
    if isinstance(value, int | float):
        return f"it holds {value!s:.40}. {mend}"
    return f"it holds {str(value)[:40]!r}. Mend the value"
