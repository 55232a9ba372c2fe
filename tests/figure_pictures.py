"""Pictures of all figures of the book, small enough to be kept, to compare the next ones with.

A figure is drawn by Chromium as a page draws it, wide and narrow, and is made small and grey: what
the smoothing of letters changes is gone, and a bar, a line or a word that moves is not. Write those
that are kept anew with ``make figures``, and look at them before you commit them.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer
from environment import ROOT
from matplotlib.testing.compare import calculate_rms
from PIL import Image

from pfp_course import typeface
from pfp_course.course import read_course
from pfp_course.sphinx_ext.assets import stylesheet

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEPT = Path(__file__).with_name("browser") / "figures"
# Columns in which a page shows the two pictures: of a desk, and of a phone of 390 pixels.
WIDE, NARROW = 608, 358
_SMALL = 96  # pixels: the width of a picture that is kept
_SHADES = 8
_ACROSS = 6  # pictures in a row of a sheet
# By how much two pictures may differ, as the root of the mean square of 255 shades.
TOLERANCE = 5.0
# The font of the course; as wide as the fonts of Windows and Android draw some words in its place;
# the one that stands in where the tests run.
STAND_IN = f"{typeface.FAMILY} Stand-in Wide"
FONTS = (
    "",
    "svg text { letter-spacing: 0.012em }",
    f'html:root {{ --pfp-sans: "{STAND_IN}" !important }}',
)
# For each picture: the type that is too small, the words that are cut, and those that meet.
FAULTS = """svgs => svgs.map(svg => {
  const frame = svg.getBoundingClientRect();
  const scale = frame.width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll("text")].filter(text => text.textContent.trim());
  const boxes = texts.map(text => text.getBoundingClientRect());
  const size = text => parseFloat(getComputedStyle(text).fontSize) * scale;
  const angle = text => {
    const turned = (text.getAttribute("transform") || "").match(/rotate\\((-?[0-9.]+)/);
    const degrees = turned ? Math.abs(parseFloat(turned[1])) : 0;
    return degrees === 0 ? false : degrees === 90 ? true : null;
  };
  const said = [];
  texts.forEach((text, n) => {
    const box = boxes[n], words = text.textContent;
    if (size(text) < 11.99) said.push(`${size(text).toFixed(1)} px: ${words}`);
    if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
        box.top < frame.top - 1 || box.bottom > frame.bottom + 1) said.push(`cut: ${words}`);
    // Of words that stand upright the sides change their parts; slanted boxes say nothing.
    const turn = angle(text);
    for (let other = n + 1; other < texts.length && turn !== null; other++) {
      if (angle(texts[other]) !== turn) continue;
      const one = boxes[other];
      const overlap = [
        Math.min(box.right, one.right) - Math.max(box.left, one.left),
        Math.min(box.bottom, one.bottom) - Math.max(box.top, one.top),
      ];
      const [along, across] = turn ? overlap.reverse() : overlap;
      const line = turn ? Math.min(box.width, one.width) : Math.min(box.height, one.height);
      // A box is higher than its letters.
      if (along > 2 && across > 0.45 * line) {
        said.push(`${words} meets ${texts[other].textContent}`);
      }
    }
  });
  return said;
})"""


@dataclass(frozen=True)
class Picture:
    """A figure as it was drawn: whose it is, its small picture, and what is wrong with it."""

    name: str
    small: Image.Image
    faults: list[str]


def chapters(html: Path) -> list[Path]:
    """Return the pages of the chapters of a built book."""
    return sorted((html / "notebooks").glob("*.html"))


def drawn(page: "Page", chapter: Path) -> list[Picture]:
    """Draw the figures of a chapter, each in both widths."""
    soup = BeautifulSoup(
        chapter.read_text(encoding="utf-8"), "html.parser", parse_only=SoupStrainer("figure")
    )
    figures = soup.select(".pfp-figure")
    layouts = (("wide", WIDE), ("narrow", NARROW))
    held = "".join(
        f'<div id="p{number}" style="width: {width}px">'
        f"{figure.select_one(f'.pfp-figure-{kind} svg')}</div>"
        for number, figure in enumerate(figures)
        for kind, width in layouts
    )
    rules = stylesheet(read_course(ROOT), alone=True)
    page.set_content(
        f'<!doctype html><html data-theme="light"><style>{rules} body {{ display: flow-root }} '
        f"div[id] {{ margin: 0 0 8px; outline: 0 }} svg {{ display: block; width: 100% }}</style>"
        f'<style id="font"></style><body class="pfp-figure">{held}'
    )
    for family in (typeface.FAMILY, STAND_IN):
        page.evaluate(f"document.fonts.load('16px \"{family}\"')")
    page.evaluate("document.fonts.ready.then(() => null)")
    svgs = page.locator("div[id] > svg")
    faults: list[list[str]] = [[] for _ in range(svgs.count())]
    for font in FONTS:
        page.locator("#font").evaluate("(node, rules) => node.textContent = rules", font)
        for own, found in zip(faults, svgs.evaluate_all(FAULTS), strict=True):
            own += found
    page.locator("#font").evaluate("(node) => node.textContent = ''")
    boxes: list[Any] = svgs.evaluate_all(
        """svgs => svgs.map(svg => { const box = svg.getBoundingClientRect();
        return [box.left, box.top + scrollY, box.right, box.bottom + scrollY].map(Math.round); })"""
    )
    whole = Image.open(BytesIO(page.screenshot(full_page=True))).convert("L")
    names = [
        f"{title.get_text()} ({kind})"
        for title in soup.select(".pfp-figure-title")
        for kind, _ in layouts
    ]
    return [
        Picture(name, _small(whole.crop(tuple(box))), found)
        for name, box, found in zip(names, boxes, faults, strict=True)
    ]


def _small(picture: Image.Image) -> Image.Image:
    height = round(picture.height * _SMALL / picture.width)
    return picture.resize((_SMALL, height), Image.Resampling.BOX)


def sheet(pictures: list[Picture]) -> Image.Image:
    """Return the pictures of a chapter on one sheet, in rows, in few shades."""
    rows = [pictures[first : first + _ACROSS] for first in range(0, len(pictures), _ACROSS)]
    heights = [max(one.small.height for one in row) for row in rows]
    whole = Image.new("L", (_ACROSS * _SMALL, sum(heights)), 255)
    for number, row in enumerate(rows):
        for column, one in enumerate(row):
            whole.paste(one.small, (column * _SMALL, sum(heights[:number])))
    return whole.quantize(_SHADES, dither=Image.Dither.NONE)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how far two sheets differ, cell by cell of a picture's width; infinite in size."""
    if one.size != other.size:
        return float("inf")
    first, second = (np.asarray(image.convert("L"), dtype=np.int16) for image in (one, other))
    step = _SMALL // 2
    return max(
        calculate_rms(
            first[y : y + step, x : x + step, None], second[y : y + step, x : x + step, None]
        )
        for y in range(0, first.shape[0], step)
        for x in range(0, first.shape[1], step)
    )


def main() -> None:
    """Draw all figures of the built book, and keep them."""
    from playwright.sync_api import sync_playwright

    from pfp_course.export.printing import installed_browser

    KEPT.mkdir(exist_ok=True)
    for old in KEPT.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed_browser(), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 640, "height": 800})
        for chapter in chapters(ROOT / "_build" / "html"):
            pictures = drawn(page, chapter)
            if pictures:
                sheet(pictures).save(KEPT / f"{chapter.stem[:2]}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
