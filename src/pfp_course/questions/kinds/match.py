"""Matching: each item has a partner."""

from collections.abc import Iterator
from typing import Literal

from pfp_course.questions.kinds.common import Facts, Spec
from pfp_course.questions.kinds.pairing import Pairing

__all__ = ["Match"]


class Match(Pairing):
    """Each item belongs to another option; ``others`` are options that belong to none."""

    kind: Literal["match"]
    others: list[str] = []

    def extra_options(self) -> list[str]:
        """Return the options that belong to no item."""
        return self.others

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the items."""
        yield from super().complaints()
        if len(self.others) > 6:
            yield ("others",), "more than six further options confuse. Take some out."

    def answer(self, facts: Facts) -> Spec:
        """Return the items and the options in alphabetical order, which gives nothing away."""
        spec = super().answer(facts)
        options = sorted(spec["options"], key=str.casefold)
        for item in spec["items"]:
            item["right"] = options.index(spec["options"][item["right"]])
        return {**spec, "options": options}
