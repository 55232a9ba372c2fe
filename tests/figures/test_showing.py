"""A figure is shown with its words and sources, in the colours of the page."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from courses import COURSE
from matplotlib.figure import Figure

from pfp_course import figures
from pfp_course.data import load, package, source
from pfp_course.errors import CourseError
from pfp_course.figures.picture import svg
from pfp_course.palette import DARK, LIGHT, LOOKS, contrast
from pfp_course.pfp.figures import signature_map
from pfp_course.vector import presentation

ALT = "Bars of the number of signatories in each region, from most to fewest."
SVG = "{http://www.w3.org/2000/svg}"


def regions(alt: str = ALT) -> figures.Shown:
    figure, _ = figures.bars(
        load("signatories")["region"].value_counts(),
        title="Which region signed most often?",
        unit="states",
        highlight=["Central Asia"],
    )
    return figures.show(figure, alt=alt, caption="Counted by region.", source="wiki_pfp")


def test_a_figure_is_well_formed_and_has_words() -> None:
    shown = regions()
    root = ET.fromstring(shown.picture)
    assert root.attrib["role"] == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert (title.text, title.attrib["id"]) == (ALT, root.attrib["aria-labelledby"])
    texts = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert "5 ◀" in texts
    # The title and the line below it stand over the picture, as words of the page.
    assert "Which region signed most often?" not in texts
    html = shown._repr_html_()
    assert '<p class="pfp-figure-title">Which region signed most often?</p>' in html
    assert '<p class="pfp-figure-line">states</p>' in html
    assert "<summary>Sources</summary><p>Source: Wikipedia contributors 2021.</p>" in html
    assert '<figcaption><b class="pfp-figure-number"></b>Counted by region.' in html
    assert str(shown).startswith(f"Which region signed most often?\n[Figure: {ALT}]")


def test_a_page_has_a_picture_for_narrow_screens_and_a_notebook_has_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "pfp-figure-narrow" not in regions()._repr_html_()
    monkeypatch.setattr("pfp_course.course._static", True)
    shown = regions()
    wide, narrow = (
        float(ET.fromstring(one).attrib["viewBox"].split()[2])
        for one in (shown.picture, shown.narrow)
    )
    assert (wide, narrow) == (432, 270)
    # A canvas of the same size keeps the place of each while it is not laid out.
    kept = re.findall(r'</svg></div><canvas width="(\d+)" height="(\d+)"', shown._repr_html_())
    drawn = [one.split('"', 2)[1].split()[2:] for one in (shown.picture, shown.narrow)]
    assert kept == [tuple(f"{float(side):.0f}" for side in size) for size in drawn]
    # No picture for narrow screens is shown of a figure that somebody changed afterwards.
    figure, axes = figures.bars(load("signatories")["region"].value_counts(), title="?", unit="n")
    axes.axvline(3)
    assert not figures.show(figure, alt=ALT, caption="C.", source="wiki_pfp").narrow


def test_a_figure_that_counts_a_table_of_ours_names_the_table() -> None:
    figure, _ = figures.bars(load("lessons")["origin"].value_counts(), title="?", unit="lessons")
    shown = figures.show(figure, alt=ALT, caption="Counted.", source=["data:lessons", "background"])
    assert shown.sources == (
        "our table lessons, whose rows name their sources; background knowledge"
    )
    with pytest.raises(CourseError, match="lesons"):
        figures.show(figure, alt=ALT, caption="Counted.", source="data:lesons")


def test_a_figure_names_the_sources_that_its_rows_carry() -> None:
    states = load("signatories")
    few = states[states["source"] == states["source"].iloc[0]].head(2)
    named = "; ".join(
        dict.fromkeys(source(key, COURSE).short for key in states["source"].iloc[0].split(";"))
    )
    figure, _ = figures.bars(states["region"].value_counts(), title="?", unit="states")
    shown = figures.show(figure, alt=ALT, caption="Counted.", source=few)
    assert shown.sources == named.removesuffix(".")
    # Many sources are in the table, which is named instead; rows that were changed still know it.
    lessons = load("lessons").assign(short=True).query("short").reset_index()
    assert lessons["source"].str.split(";").explode().nunique() > 6
    shown = figures.show(figure, alt=ALT, caption="Counted.", source=[lessons, "ours"])
    assert shown.sources == "our table lessons, whose rows name their sources; our own judgement"
    no_column = load("democracy")
    assert "source" not in no_column
    shown = figures.show(figure, alt=ALT, caption="Counted.", source=no_column)
    keys = package(COURSE).tables["democracy"].source_keys
    assert shown.sources == "; ".join(source(key, COURSE).short for key in keys).removesuffix(".")
    tools = load("tools")
    shown = figures.show(figure, alt=ALT, caption="Counted.", source=[lessons, "ours", tools])
    assert shown.sources == (
        "our tables lessons and tools, whose rows name their sources; our own judgement"
    )
    shown = figures.show(figure, alt=ALT, caption="Counted.", source=load("sources"))
    assert shown.sources == "our table sources"
    with pytest.raises(CourseError, match="no column 'source'"):
        figures.show(figure, alt=ALT, caption="Counted.", source=pd.DataFrame({"a": [1]}))


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
    ids = [set(re.findall(r'\bid="([^"]+)"', regions(alt).picture)) for alt in (ALT, f"{ALT}!")]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("draw", ["map", "bars", "paths"])
def test_every_reference_is_met_and_every_colour_can_change(draw: str) -> None:
    table = load("signatories")
    drawn = {
        "map": lambda: signature_map(title="Who?"),
        "bars": lambda: figures.bars(table["region"].value_counts(), title="W", unit="n"),
        "paths": lambda: figures.paths(
            table, title="Where?", start="status_2014", end="status_2024"
        ),
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
        for name in ("focus", *LOOKS):
            assert contrast(scheme[name], scheme[paper]) >= 3, (name, paper)
    assert contrast(scheme["accent"], scheme["accent-ink"]) >= 4.5


def _drawings() -> list[Figure]:
    """Figures of every sort of mark that Matplotlib draws: lines, areas, hatches, text, images."""
    made: list[Figure] = []
    for number in range(6):
        figure, axes = figures.new("What is drawn?")
        if number == 0:
            axes.plot([1, 2, 3], [3, 1, 2], linestyle="--", marker="o", label="a line")
            axes.legend()
        elif number == 1:
            axes.bar([1, 2], [2, 1], hatch="//", edgecolor="white")
        elif number == 2:
            axes.fill_between([1, 2, 3], [1, 2, 1], alpha=0.4)
            axes.scatter([1, 2], [1, 2], s=40)
        elif number == 3:
            axes.text(0.5, 0.5, "italic", style="italic", weight="bold", rotation=30)
            axes.annotate("here", (0, 0), (0.5, 0.2), arrowprops={"arrowstyle": "->"})
        elif number == 4:
            axes.errorbar([1, 2], [1, 2], yerr=[0.1, 0.2], capsize=3)
            axes.axvspan(1, 1.5, alpha=0.2)
        else:
            axes.pie([1, 2, 3], labels=["a", "b", "c"])
        made.append(figure)
    return made


def test_no_picture_needs_a_style_that_a_server_may_forbid() -> None:
    for figure in _drawings():
        text = svg(figure, ALT)
        assert " style=" not in text
        assert "<style" not in text
        ET.fromstring(text)  # no attribute stands twice
        assert ' fill="' in text


@pytest.mark.parametrize(
    ("style", "rules"),
    [
        ("fill: none", {"fill": "none"}),
        ("fill: none; stroke: #123", {"fill": "none", "stroke": "#123"}),
        ("", {}),
        (
            "font: italic 700 10px 'A B', serif; text-anchor: end",
            {
                "font-size": "10px",
                "font-family": "'A B', serif",
                "font-style": "italic",
                "font-weight": "700",
                "text-anchor": "end",
            },
        ),
    ],
)
def test_rules_of_style_become_attributes(style: str, rules: dict[str, str]) -> None:
    assert presentation(style) == rules
