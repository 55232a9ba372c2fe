"""A figure is shown with its words and sources, in the colours of the page."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from pfp_course import figures
from pfp_course.data import load
from pfp_course.errors import CourseError
from pfp_course.palette import DARK, LIGHT, contrast

ALT = "Bars of the number of signatories in each region, from most to fewest."
SVG = "{http://www.w3.org/2000/svg}"


def regions(title: str = "Which region signed most often?") -> figures.Shown:
    figure, _ = figures.bars(
        load("signatories")["region"].value_counts(),
        title=title,
        unit="states",
        highlight=["Central Asia"],
    )
    return figures.show(figure, alt=ALT, caption="Counted by region.", source="wiki_pfp")


def test_a_figure_is_well_formed_and_has_words() -> None:
    shown = regions()
    root = ET.fromstring(shown.picture)
    assert root.attrib["role"] == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert (title.text, title.attrib["id"]) == (ALT, root.attrib["aria-labelledby"])
    texts = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert "Which region signed most often?" in texts
    assert "5 ◀" in texts
    html = shown._repr_html_()
    assert "Source: Wikipedia contributors 2021." in html
    assert "<figcaption>Counted by region." in html
    assert str(shown).startswith(f"[Figure: {ALT}]")


def test_a_figure_that_counts_a_table_of_ours_names_the_table() -> None:
    figure, _ = figures.bars(load("lessons")["origin"].value_counts(), title="?", unit="lessons")
    shown = figures.show(figure, alt=ALT, caption="Counted.", source=["data:lessons", "background"])
    assert shown.sources == (
        "our table lessons, whose rows name their sources; background knowledge"
    )
    with pytest.raises(CourseError, match="lesons"):
        figures.show(figure, alt=ALT, caption="Counted.", source="data:lesons")


def test_a_figure_of_our_own_judgement_says_so() -> None:
    figure, _ = figures.bars(load("lessons")["origin"].value_counts(), title="?", unit="lessons")
    shown = figures.show(figure, alt=ALT, caption="Judged.", source="ours")
    assert str(shown).endswith("Source: our own judgement.")


def test_the_data_of_a_figure_have_dates_in_one_form_and_empty_cells_empty() -> None:
    figure, _ = figures.bars(load("lessons")["origin"].value_counts(), title="?", unit="lessons")
    table = pd.DataFrame(
        {"day": [pd.Timestamp("2014-11-01"), pd.NaT], "share": [0.5, None], "word": ["a", None]}
    )
    html = figures.show(
        figure, alt=ALT, caption="Counted.", source="background", table=table
    )._repr_html_()
    assert "<td>2014-11-01</td><td>0.50</td><td>a</td>" in html
    assert "<td></td><td></td><td></td>" in html


def test_the_same_figure_is_the_same_text_and_two_figures_share_no_id() -> None:
    assert regions().picture == regions().picture
    ids = [set(re.findall(r'\bid="([^"]+)"', regions(title).picture)) for title in ("A?", "B?")]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("draw", ["map", "bars", "flow"])
def test_every_reference_is_met_and_every_colour_can_change(draw: str) -> None:
    table = load("signatories")
    drawn = {
        "map": lambda: figures.signature_map(title="Who?"),
        "bars": lambda: figures.bars(table["region"].value_counts(), title="W", unit="n"),
        "flow": lambda: figures.flow(table, title="Where?"),
    }[draw]()
    text = figures.show(drawn[0], alt=ALT, caption="C.", source="wiki_pfp").picture
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    named = re.findall(r'(?:href="#|url\(#)([^")]+)|aria-labelledby="([^"]+)', text)
    assert {one or other for one, other in named} <= ids
    left = re.sub(r"var\(--pfp-[\w-]+, #[0-9a-f]{6}\)", "", text)
    assert not re.findall(r"#[0-9a-f]{6}(?=[;\"])", left)
    assert "<style" not in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"alt": "A chart."}, "shorter than 40 characters"),
        ({"caption": " "}, "no caption"),
        ({"source": ""}, "no source"),
        ({"source": ["wiki_pfp", "wiki_pf"]}, "wiki_pf"),
    ],
)
def test_a_figure_without_words_or_source_is_refused(change: dict[str, str], words: str) -> None:
    figure, _ = figures.new("Why?")
    given: dict[str, Any] = {"alt": ALT, "caption": "C.", "source": "wiki_pfp", **change}
    with pytest.raises(CourseError, match=words):
        figures.show(figure, **given)


def test_the_data_of_a_figure_can_be_opened() -> None:
    figure, _ = figures.new("Why?")
    table = pd.DataFrame({"state": ["<b>"], "years": [1.25]})
    html = figures.show(figure, alt=ALT, caption="C.", source="wiki_pfp", table=table)._repr_html_()
    assert '<th scope="col">state</th>' in html
    assert "<td>&lt;b&gt;</td><td>1.25</td>" in html


@pytest.mark.parametrize("hatch", ["/", "////", "--", "...", "xx", "ooo"])
def test_a_hatching_is_a_small_tile_that_still_draws(hatch: str) -> None:
    figure, axes = figures.new("Why?")
    axes.bar(["one"], [1.0], color=LIGHT["s1"], hatch=hatch)
    picture = figures.show(figure, alt=ALT, caption="C.", source="wiki_pfp").picture
    tile = re.search(r'<pattern[^>]*width="24" height="24">.*? d="([^"]+)"', picture)
    assert tile is not None
    assert 1 <= tile[1].count("m") <= 100
    assert len(picture) < 20_000


def test_nothing_is_left_with_pyplot() -> None:
    from matplotlib import pyplot

    regions()
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_from_the_paper(scheme: dict[str, str]) -> None:
    for paper in ("paper", "paper-raised"):
        for ink in ("ink", "ink-soft", "accent", "good", "bad", "warn"):
            assert contrast(scheme[ink], scheme[paper]) >= 4.5, (ink, paper)
        for name in ("focus", *(f"s{number}" for number in range(1, 8))):
            assert contrast(scheme[name], scheme[paper]) >= 3, (name, paper)
    assert contrast(scheme["accent"], scheme["accent-ink"]) >= 4.5
