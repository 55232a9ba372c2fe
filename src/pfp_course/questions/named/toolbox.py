"""Which partners are in which tools, for keys of chapter 5."""

from typing import TYPE_CHECKING

from pfp_course.data import load

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "confirmed_in_both",
    "confirmed_rows",
    "only_confirmed_in",
    "rows_lost_in_merge",
    "tools_by_state",
    "tools_of",
]

# Rows of the table that tell of an offer and not of a participation.
_OFFERS = ("SRB-ID", "KAZ-PII")


def _confirmed(region: str | None = None) -> "pd.DataFrame":
    rows = load("participation").merge(load("signatories")[["iso3", "region"]], on="iso3")
    rows = rows[rows["confidence"] != "uncertain"]
    rows = rows[~(rows["iso3"] + "-" + rows["tool_id"]).isin(_OFFERS)]
    return rows if region is None else rows[rows["region"] == region]


def confirmed_rows(region: str | None = None) -> int:
    """Return how many rows confirm that a signatory took part in a tool."""
    return len(_confirmed(region))


def tools_by_state(region: str | None = None) -> dict[str, int]:
    """Return the number of tools in which each signatory is confirmed, of any kind."""
    return {str(name): int(n) for name, n in _confirmed(region)["country"].value_counts().items()}


def only_confirmed_in(country: str, region: str) -> list[str]:
    """Return the tools in which one state of a region is confirmed and no other is."""
    rows = _confirmed(region)
    own = set(rows.loc[rows["country"] == country, "tool_id"])
    return sorted(own - set(rows.loc[rows["country"] != country, "tool_id"]))


def tools_of(country: str) -> list[str]:
    """Return the tools in which a signatory is confirmed, of any kind."""
    rows = _confirmed()
    return sorted(set(rows.loc[rows["country"] == country, "tool_id"]))


def confirmed_in_both(first: str, second: str) -> int:
    """Return how many signatories are confirmed in both of two tools."""
    rows = _confirmed()
    return len(
        set(rows.loc[rows["tool_id"] == first, "iso3"])
        & set(rows.loc[rows["tool_id"] == second, "iso3"])
    )


def rows_lost_in_merge() -> int:
    """Return how many rows of participation belong to no signatory."""
    states = set(load("signatories")["iso3"])
    return int((~load("participation")["iso3"].isin(states)).sum())
