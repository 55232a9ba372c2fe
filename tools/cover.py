"""The cover, ``book/assets/cover.svg``, drawn from the table of signatories; ``--check`` compares.

One line is one state: on the left in the order of signature, on the right where it stood by the
end of 2024. Its title says who signed when, and what became of it.
"""

import sys
from pathlib import Path
from typing import Any

from pfp_course.data import load
from pfp_course.palette import LIGHT
from pfp_course.pfp import MEANINGS
from pfp_course.questions.texts import spoken

ROOT = Path(__file__).resolve().parents[1]
COVER = ROOT / "book" / "assets" / "cover.svg"
# Each outcome in the order of the right side: its colour, and what is said of a state.
OUTCOMES = {
    "member": (MEANINGS["member of NATO"][0], "It joined NATO on {day}."),
    "partner": (MEANINGS["partner"][0], "By the end of 2024 it was a partner."),
    "suspended": (
        MEANINGS["suspended"][0],
        "By the end of 2024 its partnership was suspended.",
    ),
}
LIT = "KAZ"  # the course follows this state
_TOP, _BOTTOM, _GAP = 34.0, 366.0, 46.0
_LEFT, _RIGHT = 24, 936


def cover() -> str:
    """Return the drawing as SVG, whose colours are those of the page that holds it."""
    table = load("signatories").sort_values(["signed", "order_signed"], kind="stable")
    states: list[Any] = table.to_dict("records")
    starts = _steps(len(states), _TOP, _BOTTOM)
    step = (_BOTTOM - _TOP - _GAP * (len(OUTCOMES) - 1)) / (len(states) - len(OUTCOMES))
    groups, place, counts = [], _TOP, []
    for outcome, (colour, words) in OUTCOMES.items():
        of_outcome = [(n, one) for n, one in enumerate(states) if one["status_2024"] == outcome]
        drawn = []
        for number, state in of_outcome:
            drawn.append(_line(state, number + 1, len(states), words, (starts[number], place)))
            place += step
        place += _GAP - step
        counts.append(len(of_outcome))
        lines = "\n".join(drawn)
        groups.append(f'<g stroke="var(--pfp-{colour}, {LIGHT[colour]})">\n{lines}\n</g>')
    title = (
        f"{len(states)} lines, one for each state that signed the Framework Document. They begin "
        f"in the order of signature, from {states[0]['signed'].year} to "
        f"{states[-1]['signed'].year}, and end in three groups by 2024: {counts[0]} members of "
        f"NATO, {counts[1]} partners and {counts[2]} states whose partnership is suspended."
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 400" '
        'preserveAspectRatio="none" role="img" '
        f'aria-labelledby="pfp-cover-title">\n<title id="pfp-cover-title">{title}</title>\n'
        + '<g fill="none" stroke-width="2.4" stroke-linecap="round">\n'
        + "\n".join(groups)
        + "\n</g>\n</svg>\n"
    )


def _day(moment: Any) -> str:
    return spoken(f"{moment:%Y-%m-%d}") if moment == moment else ""


def _steps(count: int, low: float, high: float) -> list[float]:
    return [low + (high - low) * number / (count - 1) for number in range(count)]


def _line(state: Any, number: int, count: int, outcome: str, ends: tuple[float, float]) -> str:
    left, right = ends
    said = outcome.format(day=_day(state["nato_accession"]))
    day = _day(state["signed"])
    words = f"{state['country']} signed on {day}, place {number} of {count}. {said}"
    lit = " pfp-lit" if state["iso3"] == LIT else ""
    curve = f"H94C454 {left:.1f} 506 {right:.1f} 866 {right:.1f}"
    # The two points are strokes, too: on a page they keep their width when the drawing is scaled.
    return (
        f'<g class="pfp-line{lit}"><title>{words}</title>'
        f'<path d="M{_LEFT} {left:.1f}{curve}H{_RIGHT}"/>'
        f'<path stroke-width="7" d="M{_LEFT} {left:.1f}h0M{_RIGHT} {right:.1f}h0"/></g>'
    )


if __name__ == "__main__":
    if "--check" in sys.argv:
        if COVER.read_text(encoding="utf-8") != cover():
            sys.exit("The cover is not that of the data. Draw it anew: make cover")
    else:
        COVER.write_text(cover(), encoding="utf-8")
