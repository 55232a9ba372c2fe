"""How old sources and lists are, for keys of chapter 7."""

from pfp_course.data import load

__all__ = ["in_list_of_2021", "median_year_of_sources"]


def in_list_of_2021() -> list[str]:
    """Return the codes of the states in the list of DEEP of February 2021, by the notes."""
    rows = load("participation").query('tool_id == "DEEP" and confidence != "uncertain"')
    inside = rows["note"].str.contains("2021") & ~rows["note"].str.contains("not of 2021")
    return sorted(str(code) for code in rows[inside]["iso3"])


def median_year_of_sources(*, nato: bool) -> float:
    """Return the median year of the dated sources that NATO published, or of all others."""
    import pandas as pd

    sources = load("sources")
    # A source without a publisher belongs to the others.
    of_nato = sources["publisher"].fillna("") == "NATO"
    years = pd.to_numeric(sources["date"].str[:4], errors="coerce")
    return float(years[of_nato == nato].dropna().median())
