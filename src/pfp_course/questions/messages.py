"""Say what is wrong with a value in a bank in a teacher's words: what is expected, what stands."""

from typing import Any

from pydantic_core import ErrorDetails

__all__ = ["ABOUT", "sentence"]

_EXAMPLES = {
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
_LIMITS = {
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "less than or equal to {le}",
    "greater_than": "more than {gt}",
    "less_than": "less than {lt}",
    "string_too_long": "a text of at most {max_length} characters",
    "too_short": "a list of {min_length} or more",
    "too_long": "a list of {max_length} or less",
}
_WORDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number that is not infinite",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "fields, each with a name",
    "model_type": "fields, each with a name",
    "model_attributes_type": "fields, each with a name",
    "tagged-union": "fields, each with a name",
    "none_required": "empty",
}


def sentence(details: ErrorDetails, whole: Any, *, kinds: str = "") -> str:
    """Return what is wrong with a value, and the mend.

    Parameters
    ----------
    details : ErrorDetails
        What the validator says of the value.
    whole : Any
        All values, in which a field's neighbours are looked up.
    kinds : str
        The kinds of question, for one that has none.
    """
    place = details["loc"]
    name = _name(place)
    kind, context = details["type"], details.get("ctx", {})
    match kind:
        case "missing":
            return f"{name} is missing. Add it.{_about(place)}"
        case "extra_forbidden":
            return f"there is no field {name} here. Correct its name, or delete it."
        case "union_tag_invalid":
            expected = str(context["expected_tags"]).replace("'", "")
            if context["tag"] in (None, "", "None"):
                return f"'kind' is empty. Write one of: {expected}."
            return f"the kind {_quoted(context['tag'])} is unknown. Use one of: {expected}."
        case "union_tag_not_found":
            return f"'kind' is missing. Add it: {kinds or 'text, numeric, date or single'}."
        case "value_error":
            return f"{name}: {context['error']!s}."
    mend = "Put it in quotes" if kind == "string_type" else "Mend the value"
    holds = _holds(details["input"], mend)
    return f"{name} should be {_expected(kind, context)}{_like(place)}; {holds}."


def _name(place: tuple[str | int, ...]) -> str:
    if not place:
        return "the file"
    if isinstance(place[-1], int):
        owner = next((part for part in reversed(place) if isinstance(part, str)), "the list")
        return f"number {place[-1] + 1} of {owner!r}"
    return repr(place[-1])


def _expected(kind: str, context: dict[str, Any]) -> str:
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in _LIMITS:
        return _LIMITS[kind].format(**context)
    match kind:
        case "string_too_short":
            return "a text that is not empty"
        case "string_pattern_mismatch":
            return _pattern(str(context["pattern"]))
    return "another value"


def _pattern(pattern: str) -> str:
    if pattern == "^[0-9]{2}$":
        return "two digits in quotes, such as '07'"
    return "two digits, a point, and small letters, digits or hyphens, such as 07.first-signature"


def _about(place: tuple[str | int, ...]) -> str:
    about = ABOUT.get(str(place[-1])) if place else None
    return f" {about}" if about else ""


def _like(place: tuple[str | int, ...]) -> str:
    example = _EXAMPLES.get(str(place[-1])) if place else "version: 1, chapter: '07', ..."
    return f", such as {example}" if example else ""


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
    return f"it holds {_quoted(value)}. Mend the value"


def _quoted(value: Any) -> str:
    return repr(str(value)[:40])
