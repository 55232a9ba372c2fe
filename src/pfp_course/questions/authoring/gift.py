"""Read the questions of Moodle's text format GIFT."""

import re
from typing import Any

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.questions.authoring.gift_parts import (
    FORM,
    Answer,
    Block,
    Group,
    Texts,
    blocks,
    groups,
    hide,
    number_answers,
    numbers,
    other_number,
    show,
    split,
    weighed,
    with_share,
)
from pfp_course.questions.authoring.importing import (
    Note,
    Taken,
    Wording,
    braced_literal,
    finished,
    plain_rubric,
    without_sources,
)
from pfp_course.questions.bank import UNWRITTEN
from pfp_course.questions.kinds.gaps import GAP
from pfp_course.questions.kinds.text import compared

__all__ = ["gift_question", "read_gift", "text_answers", "weighted"]

_TITLE = re.compile(r"^::(?P<title>.*?)::", re.DOTALL)
_EMBEDDED = re.compile(
    r"^\s*(?P<weight>[0-9]*)\s*:\s*(?P<kind>[A-Za-z_]+)\s*:(?P<answers>.*)$", re.DOTALL
)
_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), "text"),
    **dict.fromkeys(("NUMERICAL", "NM"), "numeric"),
    **{
        f"{name}{end}": "single"
        for name in ("MULTICHOICE", "MC")
        for end in ("", "_V", "V", "_H", "H", "_S", "S", "_VS", "VS", "_HS", "HS")
    },
}
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")


def read_gift(text: str, course: Course) -> Taken:
    """Return questions in the form of a bank, and a report on the others.

    Single and multiple choice with any weights, true or false, short text, numbers and ranges,
    matching, essays, missing words, several gaps and embedded answers (Cloze) are understood.

    Raises
    ------
    CourseError
        If the text holds no question.
    """
    taken = Taken(course)
    found = blocks(text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, block in enumerate(found, start=1):
        name = f"question {number}"
        try:
            title, rest, form = _head(block)
            name = title or name
            if block.broken:
                raise CourseError(block.broken)
            wording = Wording()
            taken.add(gift_question(rest, form, wording), block.line, name, wording)
            taken.lost += [Note(block.line, name, f"{note}.") for note in block.notes]
        except CourseError as error:
            taken.leave(block.line, name, error)
    if not found:
        raise CourseError("This holds no question in the format GIFT.")
    if categories := text.count("$CATEGORY:"):
        taken.lost.append(Note(0, "", f"{categories} categories: a bank has none."))
    return taken


def _head(block: Block) -> tuple[str, str, str]:
    """Return the title of a question, its hidden text without the title, and its form."""
    text = hide(block.text.strip())
    title = _TITLE.match(text)
    rest = text[title.end() :] if title else text
    form = FORM.match(rest)
    rest = rest[form.end() :] if form else rest
    name = " ".join(show(title["title"]).split())[:80] if title else ""
    return name, rest.strip(), form["form"].lower() if form else "moodle"


def gift_question(text: str, form: str, wording: Wording) -> dict[str, Any]:
    """Return a question of a bank for a hidden text with its answers in it.

    Raise `CourseError` where they are not understood, or a bank has nothing like them.
    """
    texts = Texts(form, wording)
    found = groups(text)
    if not found:
        raise CourseError("it is a text without a question. Put it into the chapter's text.")
    if len(found) > 1 or _embedded_in(found[0].body):
        return _gaps(text, found, texts)
    [group] = found
    before, after = text[: group.start], text[group.end :]
    # The place of the answer within a sentence is shown.
    asked = f"{before.rstrip()} \N{HORIZONTAL ELLIPSIS} {after}" if after.strip() else before
    ask = texts.rich(asked)
    if not ask:
        raise CourseError("it has answers and no text. Write what it asks.")
    body, because = _body(group.body, texts)
    return finished(body, ask, because)


def _gaps(text: str, found: list[Group], texts: Texts) -> dict[str, Any]:
    made = [_gap(group.body, texts) for group in found]
    if GAP.search(show(text)):
        raise CourseError("its text holds [[1]], which would be a gap.")
    pieces, gaps, reasons, end = [], [], [], 0
    for number, (group, (gap, because)) in enumerate(zip(found, made, strict=True), start=1):
        if not gap:
            raise CourseError(f"the answers of its gap {number} are not understood.")
        pieces += [text[end : group.start], f"[[{number}]]"]
        gaps.append(gap)
        reasons += [because] if because else []
        end = group.end
    body: dict[str, Any] = {"kind": "gaps", "gaps": gaps}
    weights = sum(gap.get("weight", 1) for gap in gaps)
    if "weight" in str(gaps) or len(gaps) > 1:
        body["points"] = min(10, weights)
    body["otherwise"] = UNWRITTEN
    return finished(body, texts.rich("".join([*pieces, text[end:]])), "\n".join(reasons))


def _body(answers: str, texts: Texts) -> tuple[dict[str, Any], str]:
    """Return the kind of a question with its answers, and its reason."""
    answers, because = _reason(answers, texts)
    if not answers:
        return {"kind": "open", "words": 1, "rubric": plain_rubric()}, because
    if answers.startswith("#"):
        numeric = number_answers(answers[1:], texts) | other_number(answers, texts)
        return {"kind": "numeric", **numeric}, because
    if "=" in answers and "->" in answers and "~" not in answers:
        return _match(answers, texts), because
    body = _simple(answers, texts)
    if body["kind"] == "text":
        body.setdefault("otherwise", UNWRITTEN)
    return body, because


def _gap(answers: str, texts: Texts) -> tuple[dict[str, Any], str]:
    """Return answers within a text as a gap, nothing if they cannot be one, and its reason."""
    if embedded := _embedded_in(answers):
        return _embedded(embedded, texts), ""
    answers, because = _reason(answers, texts)
    if answers.startswith("#"):
        numeric = number_answers(answers[1:], texts) | other_number(answers, texts, empty=True)
        return {"kind": "numeric", **numeric}, because
    if not answers or ("->" in answers and "~" not in answers):
        return {}, because
    body = _simple(answers, texts)
    if body["kind"] == "text":
        return body, because
    if body["kind"] == "multiple":
        return {}, because
    return {"kind": "single", "choices": body["choices"]}, because


def _simple(answers: str, texts: Texts) -> dict[str, Any]:
    """Return the kind and the answers of a choice, of true or false, or of a text."""
    if "~" in answers:
        return _choices(answers, texts)
    return _truth(answers, texts) or {"kind": "text", **text_answers(split(answers, "="), texts)}


def _embedded_in(answers: str) -> re.Match[str] | None:
    found = _EMBEDDED.match(answers)
    name = found["kind"].upper() if found else ""
    return found if name in _KINDS or "MULTIRESPONSE" in name else None


def _embedded(found: re.Match[str], texts: Texts) -> dict[str, Any]:
    name = found["kind"].upper()
    if name not in _KINDS:
        raise CourseError(f"an embedded answer of the type {name} is not known here.")
    answers = _cloze_answers(found["answers"])
    kind = _KINDS[name]
    if kind == "numeric":
        body = numbers(answers, texts)
    elif kind == "single":
        body = {"choices": weighted(answers, texts, single=True)}
    else:
        body = text_answers(answers, texts, case=name.endswith("C"))
    weight = int(found["weight"] or 1)
    if not 1 <= weight <= 10:
        raise CourseError(f"an embedded answer weighs {weight}; from 1 to 10 are known here.")
    return {"kind": kind, **({"weight": weight} if weight > 1 else {}), **body}


def _cloze_answers(text: str) -> list[Answer]:
    found = []
    # An embedded answer escapes these, too.
    for part in re.sub(r'\\(["/])', r"\1", text).split("~"):
        bare = part.strip()
        if not bare:
            continue
        weight, rest = (1.0, bare[1:]) if bare.startswith("=") else weighed(bare, 0.0)
        words, _, say = rest.partition("#")
        found.append(Answer(weight, words.strip(), say.strip(), bare.startswith("=")))
    return found


def _reason(answers: str, texts: Texts) -> tuple[str, str]:
    body, sign, reason = answers.rpartition("####")
    if not sign:
        return answers.strip(), ""
    return body.strip(), texts.rich(without_sources(reason, texts.wording))


def _truth(answers: str, texts: Texts) -> dict[str, Any] | None:
    word, *said = answers.split("#", 2)
    if word.strip().upper() not in (*_TRUE, *_FALSE):
        return None
    wrong, right = (*map(texts.rich, said), "", "")[:2]
    true = word.strip().upper() in _TRUE
    choices: list[dict[str, Any]] = [{"text": "True"}, {"text": "False"}]
    choices[0 if true else 1] |= {"right": True, **({"say": right} if right else {})}
    choices[1 if true else 0] |= {"say": wrong} if wrong else {}
    return {"kind": "single", "choices": choices, "shuffle": False}


def _choices(answers: str, texts: Texts) -> dict[str, Any]:
    found: list[Answer] = []
    for part in re.split(r"(?=[~=])", answers):
        if not part.strip():
            continue
        sign, rest = part[0], part[1:]
        if sign not in "~=":
            raise CourseError(f"its answers begin with {_short(part, texts)}, without a sign.")
        weight, rest = weighed(rest, float(sign == "="))
        text, _, say = rest.partition("#")
        found.append(Answer(weight, text.strip(), say.strip(), sign == "="))
    glued = re.search(r"[^\s{~=](=)[^\s]", re.sub(r"[~=]%-?[0-9.,]+%", "~", answers))
    if glued:
        texts.wording.lose(
            "a sign = within an answer begins another one, as in Moodle; write \\= where it is text"
        )
    single = any(answer.right for answer in found)
    choices = weighted(found, texts, single=single)
    return {"kind": "single" if single else "multiple", "choices": choices}


def weighted(found: list[Answer], texts: Texts, *, single: bool) -> list[dict[str, Any]]:
    """Return choices, with a share where a bank's own rule would give another."""
    rights = [answer for answer in found if answer.weight > 0]
    plain = _single_is_plain(found) if single else _multiple_is_plain(found, len(rights))
    if single and any(answer.weight < 0 for answer in found):
        texts.wording.lose("the minus of a wrong choice: a question earns no less than 0")
    choices = []
    for answer in found:
        choice: dict[str, Any] = {"text": texts.rich(answer.text)}
        if plain:
            choice |= {"right": True} if answer.weight > 0 else {}
        elif answer.weight == 1 and sum(one.weight == 1 for one in found) == 1 and single:
            choice["right"] = True
        elif answer.weight:
            choice["share"] = answer.weight
        if answer.say:
            choice["say"] = texts.rich(answer.say)
        choices.append(choice)
    return choices


def _single_is_plain(found: list[Answer]) -> bool:
    weights = [answer.weight for answer in found]
    return weights.count(1) == 1 and weights.count(0) == len(weights) - 1


def _multiple_is_plain(found: list[Answer], rights: int) -> bool:
    """Tell whether each right one earns its part, and each wrong one takes as much away."""
    part = 1 / rights if rights else 0
    return all(abs(abs(answer.weight) - part) < 1e-5 for answer in found) and rights < len(found)


def _match(answers: str, texts: Texts) -> dict[str, Any]:
    items, others = [], []
    for part in answers.split("=")[1:]:
        item, arrow, option = part.partition("->")
        if not arrow:
            raise CourseError("a pair of it has no arrow ->. Write: =item -> partner.")
        if item.strip():
            partner = braced_literal(texts.typed(option))
            items.append({"text": texts.rich(item), "with": partner, "say": UNWRITTEN})
        else:
            others.append(braced_literal(texts.typed(option)))
    return {"kind": "match", "items": items, **({"others": others} if others else {})}


def text_answers(answers: list[Answer], texts: Texts, *, case: bool = False) -> dict[str, Any]:
    """Return the fields of a text for its answers.

    Raise `CourseError` where one is not understood, or none earns all of the points.
    """
    body: dict[str, Any] = {"key": "", "accept": [], "traps": []}
    for answer in answers:
        raw = answer.text
        if raw.strip() == "*":
            if answer.weight > 0:
                raise CourseError("any answer at all would be right, or in part right.")
            body["otherwise"] = texts.rich(answer.say) or UNWRITTEN
            continue
        if "*" in raw.replace("\\*", ""):
            raise CourseError(f"the star in {_short(raw, texts)} stands for any letters there.")
        text, say = texts.typed(raw.replace("\\*", "*")), texts.rich(answer.say)
        if not text:
            raise CourseError("an answer of it is empty.")
        if answer.weight < 1:
            if "otherwise" in body:
                continue  # Moodle takes the first answer that fits, and all fit before
            trap: dict[str, Any] = {"text": text.replace("{", "{{").replace("}", "}}")}
            body["traps"].append(trap | with_share(answer.weight) | {"say": say or UNWRITTEN})
        elif not body["key"]:
            body |= {"key": text, **({"say": say} if say else {})}
        else:
            body["accept"].append({"text": text, "say": say} if say else text)
    if not body["key"]:
        raise CourseError("no answer of it earns all of the points.")
    return _strict(body, case=case) | ({"case": True} if case else {})


def _strict(body: dict[str, Any], *, case: bool) -> dict[str, Any]:
    """Return a text's answers; signs matter where they alone part a right one from a wrong one."""
    rights = [
        body["key"],
        *(one["text"] if isinstance(one, dict) else one for one in body["accept"]),
    ]
    wrongs = [trap["text"].replace("{{", "{").replace("}}", "}") for trap in body["traps"]]
    bare = {compared(text, case=case) for text in rights}
    if "" in bare or any(compared(text, case=case) in bare | {""} for text in wrongs):
        body["signs"] = True
        exact = {compared(text, case=case, signs=True) for text in rights}
        if any(compared(text, case=case, signs=True) in exact for text in wrongs):
            raise CourseError("the same answer is right and wrong in it.")
    return {name: value for name, value in body.items() if value or name == "key"}


def _short(text: str, texts: Texts) -> str:
    return repr(" ".join(texts.typed(text).split())[:30])
