from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pfp_course import cite, load, tables
from pfp_course.data import DataError, about, package, sources, world
from pfp_course.data.package import Table
from pfp_course.data.tables import read_table


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
    assert all(name in str(caught.value) for name in package().tables)


def _broken(tmp_path: Path, content: bytes) -> Table:
    path = tmp_path / "tools.csv"
    path.write_bytes(content)
    return replace(package().table("tools"), path=path)


def test_a_row_with_too_many_cells_is_named_with_its_line(tmp_path: Path) -> None:
    lines = package().table("tools").path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[4] = lines[4].rstrip("\r\n") + ",one too many\n"
    with pytest.raises(DataError, match=r"tools\.csv:5: the row has \d+ cells.*quotes"):
        read_table(_broken(tmp_path, "".join(lines).encode()))


def test_a_table_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    text = package().table("tools").path.read_text(encoding="utf-8")
    with pytest.raises(DataError, match="UTF-8"):
        read_table(_broken(tmp_path, text.encode() + b"\xff\xfe"))


def test_every_table_loads_and_is_listed() -> None:
    listed = tables()
    assert list(listed["table"]) == list(package().tables)
    assert (listed["rows"] > 0).all()


def test_a_data_card_counts_gaps_and_confidence_from_the_table() -> None:
    card = about("participation")
    assert card.rows == len(load("participation"))
    assert card.missing["joined_year"] == load("participation")["joined_year"].isna().sum() > 0
    assert sum(card.confidence.values()) == card.rows
    assert "object at 0x" not in str(card)
    assert "Creative Commons Attribution 4.0" in card._repr_html_()


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
    for key in sources():
        assert cite(key)._repr_html_()
        assert cite(key)._repr_markdown_()


def test_every_signatory_but_malta_has_an_outline() -> None:
    drawn = {outline.iso3 for outline in world()}
    assert set(load("signatories")["iso3"]) - drawn == {"MLT"}
