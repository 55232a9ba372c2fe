"""Mark answers anew: what a record claims is never believed."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from pydantic import ValidationError

from pfp_course.questions.exam import saved
from pfp_course.questions.kinds import Spec, mark
from pfp_course.questions.record import Answer, Review

__all__ = ["remarked", "valid_answers", "valid_reviews"]


def remarked(spec: Spec, answer: Answer) -> Answer:
    """Return an answer with points and score computed from its response.

    An answer that was shown before it was found earns nothing.
    """
    earns = answer.response is not None and not answer.shown
    marker = saved if spec.get("exam") else mark
    share = marker(spec, answer.response).share if earns else 0.0
    fresh = {"points": spec["points"], "score": round(share * spec["points"], 4)}
    return answer.model_copy(update=fresh)


def valid_answers(specs: Iterable[Spec], answers: Mapping[str, object]) -> dict[str, Answer]:
    """Return the readable answers to these questions, marked anew.

    An answer to a question that has since changed is left out: it may mean something else now.

    Parameters
    ----------
    specs
        Questions in their public form.
    answers
        Answers by id, as a front end sent them or a record holds them.
    """
    found = {}
    for spec in specs:
        try:
            answer = Answer.model_validate(answers[spec["id"]])
        except (KeyError, ValidationError):
            continue
        if answer.fingerprint == spec["fingerprint"]:
            found[spec["id"]] = remarked(spec, answer)
    return found


def valid_reviews(reviews: Mapping[str, object]) -> dict[str, Review]:
    """Return the readable states of review, as a front end sent them."""
    found = {}
    for name, value in reviews.items():
        with suppress(ValidationError):
            found[name] = Review.model_validate(value)
    return found
