"""Two readers of the same claims: the reader of the page, and the course."""

from typing import Any

import pandas as pd

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.figures import show
from pfp_course.figures.matrices import matrix

__all__ = ["explore_claims", "ten_claims"]

VERDICTS = ("supported", "partly", "contradicted", "opinion", "unverifiable")
# Ten that the chapter does not discuss before: of each verdict that has been read in a source.
_TEN = ("C16", "C17", "C26", "C30", "C41", "C43", "C69", "C81", "C97", "C103")


def ten_claims(course: Course) -> pd.DataFrame:
    """Return the ten claims with the verdicts of the course, by id."""
    return load("claims", course).set_index("id").loc[list(_TEN)]


@shown
def explore_claims(course: Course) -> Explorer:
    """Judge ten claims, and watch the agreement with the course."""
    ten = ten_claims(course)
    equal = int((ten["verdict"] == "supported").sum())
    square = pd.DataFrame(0, index=list(VERDICTS), columns=list(VERDICTS))
    square.loc["supported"] += ten["verdict"].value_counts().reindex(VERDICTS, fill_value=0)
    figure, _ = matrix(
        square,
        title="Where do a reader who believes everything and the course agree?",
        rows="the reader",
        columns="the course",
    )
    share = equal * 100 // len(ten)
    words = (
        f"{len(ten)} of {len(ten)} claims are judged. The two readers agree on {equal} of them: "
        f"{share}%. Luck alone would give {share}%. Kappa is 0.00; nine in ten of a thousand "
        "draws lie between 0.00 and 0.00."
    )
    still = show(
        figure,
        alt="A square of five by five verdicts. All ten claims stand in the row supported. "
        + words,
        caption="Squares on the diagonal are agreement. The verdicts of the course are our "
        "judgement. The claims were chosen by hand; they are no random sample.",
        source=ten,
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "verdicts": VERDICTS,
            "claims": [
                {
                    "id": str(row.Index),
                    "claim": row.claim,
                    "verdict": row.verdict,
                    "alternative": _text(row.alternative),
                    "for": _text(row.evidence_for),
                    "against": _text(row.evidence_against),
                }
                for row in ten.itertuples()
            ],
        },
        state=dict.fromkeys(_TEN, "none"),
        printed=dict.fromkeys(_TEN, "supported"),
    )


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else ""
