"""Twelve pages look as they did when they were last looked at, as far as their layout goes.

Each is shown in one font that every machine of the tests has, and made small by averaging, so that
words become grey and letters do not count; pixelmatch compares what is left. A changed sentence
passes; a column, a rule or a colour in another place does not. After a change that is meant, look
at the pictures in ``_build/pictures`` and run ``make pictures``, which keeps them.
"""

import os
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from browser.conftest import AT_REST, Watch
from environment import ROOT
from PIL import Image
from pixelmatch.contrib.PIL import pixelmatch
from playwright.sync_api import Page

KEPT = Path(__file__).with_name("pictures")
SEEN = ROOT / "_build" / "pictures"
SMALLER = 4  # times
NOTICED = 0.08  # of the difference between black and white
LIMIT = 0.06  # of all pixels
FONT = """*, *::before, *::after { transition: none !important; animation: none !important;
  caret-color: transparent !important; }
html { --pfp-serif: "DejaVu Serif" !important; --pfp-sans: "DejaVu Sans" !important;
  --pfp-mono: "DejaVu Sans Mono" !important; scroll-behavior: auto !important; }"""


class Picture(NamedTuple):
    """A part of a page, on a screen of some width or on paper."""

    name: str
    address: str
    width: int
    scheme: str = "light"
    place: str = ""
    media: str = "screen"


CHAPTER = "notebooks/02-thirty-four-signatures.html"
PICTURES = [
    Picture("landing-wide", "index.html", 1280),
    Picture("landing-phone-dark", "index.html", 390, "dark"),
    Picture("cards-widest", "index.html", 1440, place=".pfp-parts"),
    Picture("chapter-wide", CHAPTER, 1280),
    Picture("chapter-small-phone", CHAPTER, 320),
    Picture("exercises-dark", CHAPTER, 820, "dark", "[id^=exercises]"),
    Picture("questions-phone", CHAPTER, 390, place="#questions"),
    Picture("chapter-paper", CHAPTER, 794, media="print"),
    Picture("glossary-phone", "book/glossary.html", 390),
    Picture("references-wide-dark", "book/references.html", 1280, "dark"),
    Picture("search-tablet", "search.html?q=Kazakhstan", 820),
    Picture("progress-wide", "book/progress.html", 1280),
]


def taken(page: Page, picture: Picture) -> Image.Image:
    """Return what is seen of a page, small."""
    page.add_style_tag(content=FONT)
    if picture.place:
        page.locator(picture.place).first.evaluate("(node) => node.scrollIntoView()")
    page.evaluate("document.fonts.ready.then(() => null)")
    if picture.place:
        page.evaluate(AT_REST, page.locator(picture.place).first.element_handle())
    page.evaluate(
        "Promise.all([...document.images].filter((one) => one.loading !== 'lazy')"
        ".map((one) => one.decode().catch(() => null)))"
    )
    whole = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    size = (whole.width // SMALLER, whole.height // SMALLER)
    return whole.resize(size, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the share of the pixels that differ, which is all where the sizes do."""
    if one.size != other.size:
        return 1.0
    return pixelmatch(one, other, threshold=NOTICED) / (one.width * one.height)


def opened(watch: Watch, site: str, picture: Picture) -> Page:
    page = watch(
        viewport={"width": picture.width, "height": 900},
        color_scheme=picture.scheme,
        service_workers="block",
    ).page
    page.emulate_media(media=picture.media)  # type: ignore[arg-type]
    page.goto(site + picture.address)
    # Where the font comes late, the first visit does without it.
    page.reload()
    return page


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.name)
def test_a_page_looks_as_it_did(watch: Watch, site: str, picture: Picture) -> None:
    now = taken(opened(watch, site, picture), picture)
    kept = KEPT / f"{picture.name}.png"
    if os.environ.get("PFP_PICTURES") == "keep":
        now.quantize(64, dither=Image.Dither.NONE).save(kept, optimize=True)
    before = Image.open(kept).convert("RGB")
    differs = difference(before, now)
    if differs > LIMIT:
        SEEN.mkdir(parents=True, exist_ok=True)
        now.save(SEEN / kept.name)
    assert differs <= LIMIT, (
        f"{differs:.1%} of {picture.name} differ. Compare {kept.relative_to(ROOT)} with "
        f"_build/pictures/{kept.name}; if it is as you mean it, run `make pictures`."
    )


@pytest.mark.parametrize(
    "fault",
    [
        "article { margin-inline-start: 12rem !important; }",
        ".pfp-side { display: none !important; }",
        "html { --pfp-paper: #ffe9c9 !important; }",
        "h1 { margin-block-end: 14rem !important; }",
    ],
)
def test_a_fault_of_the_layout_is_noticed(watch: Watch, site: str, fault: str) -> None:
    picture = PICTURES[3]
    page = opened(watch, site, picture)
    page.add_style_tag(content=fault)
    before = Image.open(KEPT / f"{picture.name}.png").convert("RGB")
    assert difference(before, taken(page, picture)) > LIMIT
