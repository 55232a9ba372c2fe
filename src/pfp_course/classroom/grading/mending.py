"""A mended key: its answers hold, while students' responses still count the old choices."""

from typing import Any

from pfp_course.classroom.assignment import Key
from pfp_course.errors import CourseError
from pfp_course.questions.kinds import Spec

__all__ = ["mended_specs", "moved"]


def mended_specs(key: Key, mended: Key | None) -> list[list[Spec]]:
    """Return the questions by which answers are marked, in all variants.

    Parameters
    ----------
    key : Key
        The key as students got its questions.
    mended : Key, optional
        A later key of the same questions.

    Raises
    ------
    CourseError
        If a question of the mended key asks for another thing.
    """
    if mended is None:
        return [[dict(one.spec) for one in question.variants] for question in key.questions]
    later = {question.id: question for question in mended.questions}
    found = []
    for question in key.questions:
        other = later.get(question.id)
        if other is None or len(other.variants) != len(question.variants):
            raise _changed(question.id)
        pairs = zip(question.variants, other.variants, strict=True)
        found.append([_mended(old.spec, new.spec) for old, new in pairs])
    return found


def _changed(name: str) -> CourseError:
    return CourseError(
        f"Question {name!r} of the mended key is another question, or has other choices. "
        f"Take its old form into the mended key, or leave it out of the grade: --drop {name}"
    )


def _mended(old: Spec, new: Spec) -> Spec:
    """Return the mended form, its choices and items in the order in which responses count."""
    if old["kind"] != new["kind"] or old["points"] != new["points"]:
        raise _changed(old["id"])
    mended = dict(new)
    if old["kind"] == "order":
        if sorted(old["items"]) != sorted(new["items"]):
            raise _changed(old["id"])
        return mended
    for field in ("choices", "items"):
        if field in old:
            mended[field] = _in_order(old, new[field], field)
    if "options" in old:
        for item in mended["items"]:
            text = new["options"][item["right"]]
            if text not in old["options"]:
                raise _changed(old["id"])
            item["right"] = old["options"].index(text)
        mended["options"] = old["options"]
    return mended


def _in_order(old: Spec, later: list[dict[str, Any]], field: str) -> list[dict[str, Any]]:
    if len(later) != len(old[field]):
        raise _changed(old["id"])
    by_text = {one["text"]: one for one in later}
    if all(one["text"] in by_text for one in old[field]):
        return [dict(by_text[one["text"]]) for one in old[field]]
    return [dict(one) for one in later]  # a word was mended; the places are the same


def moved(old: Spec, new: Spec, response: Any) -> Any:
    """Return a response to a question of order as one to its mended form.

    A response that does not fit comes back as it is, and is marked as unread.
    """
    if old["kind"] != "order" or old["items"] == new["items"] or not isinstance(response, list):
        return response
    places = [new["items"].index(item) for item in old["items"]]
    if any(type(one) is not int or not 0 <= one < len(places) for one in response):
        return response
    return [places[one] for one in response]
