from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from courses import COURSE

from pfp_course import cite, load, tables
from pfp_course.data import DataError, about, package, sources, world
from pfp_course.data.package import Table
from pfp_course.data.tables import read_table
from pfp_course.data.validation import rows_of


def test_load_gives_types_that_can_be_compared_and_counted() -> None:
    frame = load("signatories")
    assert len(frame) == 34
    assert pd.api.types.is_datetime64_any_dtype(frame["signed"])
    assert frame["order_signed"].dtype == "Int64"
    assert frame["neutral"].dtype == "boolean"
    assert frame["nato_accession"].isna().sum() == (frame["status_2024"] != "member").sum()


def test_a_state_has_its_code_and_its_name() -> None:
    frame = load("signatories").set_index("iso3")
    assert frame.loc["KAZ", "country"] == "Kazakhstan"
    assert frame["country"].notna().all()


def test_a_date_of_varying_precision_keeps_its_text_and_gains_a_date() -> None:
    frame = load("timeline").set_index("event")
    cell = frame.loc["Partnership Coordination Cell"]
    assert cell["date"] == "1994"
    assert cell["date_parsed"] == pd.Timestamp("1994-01-01")
    assert cell["date_precision"] == "year"
    assert frame.loc["PARP begins", "date_precision"] == "month"
    assert set(frame["date_precision"]) == {"year", "month", "day"}


def test_changing_a_table_does_not_change_the_next_load() -> None:
    frame = load("signatories")
    del frame["signed"]
    assert "signed" in load("signatories")


def test_an_unknown_table_names_the_nearest_and_lists_all() -> None:
    with pytest.raises(DataError, match="Did you mean 'signatories'") as caught:
        load("signatorees")
    assert all(name in str(caught.value) for name in package(COURSE).tables)


def _broken(tmp_path: Path, content: bytes) -> Table:
    path = tmp_path / "tools.csv"
    path.write_bytes(content)
    return replace(package(COURSE).table("tools"), path=path)


def test_a_row_with_too_many_cells_is_named_with_its_line(tmp_path: Path) -> None:
    lines = (
        package(COURSE).table("tools").path.read_text(encoding="utf-8").splitlines(keepends=True)
    )
    lines[4] = lines[4].rstrip("\r\n") + ",one too many\n"
    with pytest.raises(DataError, match=r"tools\.csv:5: the row has \d+ cells.*quotes"):
        read_table(_broken(tmp_path, "".join(lines).encode()))


def test_a_table_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    text = package(COURSE).table("tools").path.read_text(encoding="utf-8")
    with pytest.raises(DataError, match="UTF-8"):
        read_table(_broken(tmp_path, text.encode() + b"\xff\xfe"))


def test_every_table_loads_and_is_listed() -> None:
    listed = tables()
    assert list(listed["table"]) == list(package(COURSE).tables)
    assert (listed["rows"] > 0).all()


def test_a_data_card_counts_gaps_and_confidence_from_the_table() -> None:
    card = about("participation")
    assert card.rows == len(load("participation"))
    assert card.missing["joined_year"] == load("participation")["joined_year"].isna().sum() > 0
    assert sum(card.confidence.values()) == card.rows
    assert "object at 0x" not in str(card)
    assert "Creative Commons Attribution 4.0" in card._repr_html_()


def test_every_tool_with_states_says_how_complete_its_list_is() -> None:
    tools = load("tools").set_index("id")["list_completeness"]
    assert tools[load("participation")["tool_id"].unique()].notna().all()


def test_a_strength_is_people_at_one_time_and_that_of_isaf_stands_in_its_own_table() -> None:
    rows = load("operations")
    assert set(rows["measure"].dropna()) == {"stock"}
    afghanistan = rows[(rows["operation"] == "ISAF") & (rows["strength"] > 0)]
    dated = load("isaf").rename(columns={"troops": "strength", "date": "strength_date"})
    both = afghanistan.merge(dated, on=["iso3", "strength", "strength_date"])
    assert set(both["iso3"]) == set(afghanistan["iso3"])


def test_every_source_but_background_says_what_kind_it_is() -> None:
    assert {key for key, source in sources(COURSE).items() if not source.kind} == {"background"}


def test_a_data_card_counts_each_source_of_its_table_once_by_kind() -> None:
    cells = load("signatories")["source"].str.split(";")
    keys = {key.strip() for cell in cells for key in cell} - {"background"}
    card = about("signatories")
    assert sum(card.kinds.values()) == len(keys)
    assert card.kinds["encyclopaedia"] == sum(
        sources(COURSE)[k].kind == "encyclopaedia" for k in keys
    )
    for text in (str(card), card._repr_html_()):
        assert f"{card.kinds['official']} official" in text
    assert about("countries").kinds == {}, "a table that names no source has no mix"


def test_a_citation_names_author_year_title_and_address() -> None:
    text = str(cite("crs_94_351"))
    for part in ("Paul E. Gallis", "(1994)", "CRS Report 94-351", "9 August 1994", "http"):
        assert part in text


def test_a_cell_of_the_source_column_can_be_cited_as_it_is() -> None:
    assert len(cite(load("signatories")["source"].iloc[0]).sources) == 3


def test_an_invented_item_is_never_shown_as_a_source() -> None:
    assert "FALSE" in str(cite("fake23"))
    assert "FALSE" in cite("fake23")._repr_html_()


@pytest.mark.parametrize("keys", [(), ("",), ("no_such_key",)])
def test_citing_nothing_or_an_unknown_key_says_what_to_do(keys: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match=r"cite|sources"):
        cite(*keys)


def test_a_reference_of_every_source_can_be_rendered() -> None:
    for key in sources(COURSE):
        assert cite(key)._repr_html_()
        assert cite(key)._repr_markdown_()


def test_every_signatory_but_malta_has_an_outline() -> None:
    drawn = {outline.iso3 for outline in world(COURSE)}
    assert set(load("signatories")["iso3"]) - drawn == {"MLT"}


def test_an_event_stands_once_in_the_timeline_and_in_the_order_of_time() -> None:
    timeline = load("timeline")
    assert timeline["date"].is_monotonic_increasing
    names = timeline.assign(year=timeline["date"].str[:4])
    assert not names.duplicated(["year", "event"]).any()


def test_the_table_of_opium_has_every_year_from_the_first_to_the_last() -> None:
    years = load("opium")["year"].tolist()
    assert years == list(range(years[0], years[-1] + 1))
    assert (
        load("opium")[["opium_cultivation_hectares", "opium_production_tonnes"]]
        .notna()
        .all(axis=None)
    )


def test_the_editions_of_steppe_eagle_agree_with_the_table_of_exercises() -> None:
    exercises = load("exercises")
    exercises = exercises[exercises["name"].str.contains("Steppe Eagle")]
    editions = load("steppe_eagle")
    columns = ["year", "host_iso3", "confidence"]
    assert editions[columns].to_numpy().tolist() == exercises[columns].to_numpy().tolist()


def test_the_table_of_gaps_quotes_the_series_that_it_corrects() -> None:
    deaths = load("conflict_deaths").set_index(["iso3", "year"])["total_deaths_best"]
    gaps = load("conflict_gaps")
    none = gaps[gaps["series_value"].str.fullmatch(r"[A-Z]{3} \d{4}: 0")]
    assert len(none) > 5
    for iso3, said in zip(none["iso3"], none["series_value"], strict=True):
        assert deaths[iso3, int(said[4:8])] == 0, said


def test_the_rows_that_were_checked_are_there_and_each_fault_is_told() -> None:
    checked = load("fact_check")
    for name, key in zip(checked["table"], checked["row"], strict=True):
        table = package(COURSE).table(name)
        keys = {
            " | ".join(row[column] for column in table.primary_key)
            for _, row in rows_of(table.path)
        }
        assert key in keys, f"{name}: no row {key!r}"
    faults = checked["verdict"].isin(["wrong", "misframed"])
    assert faults.any()
    assert (checked["mended"].notna() == faults).all()


def test_a_confirmed_translation_rests_on_an_official_text() -> None:
    kinds = load("sources").set_index("key")["kind"]
    glossary = load("glossary").set_index("term")
    confirmed = glossary[glossary["translation"] == "confirmed"]
    assert not confirmed.empty
    for term, keys in confirmed["source"].str.split(";").items():
        assert {"primary", "official"} & set(kinds.reindex(keys)), term
