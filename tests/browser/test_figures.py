"""Every figure of the book: its type can be read, its words fit, and it looks as it did."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from figure_pictures import KEPT, TOLERANCE, Picture, chapters, difference, drawn, sheet
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def pictures(chromium: "Browser", book: Path) -> Iterator[dict[str, list[Picture]]]:
    """The figures by the number of their chapter."""
    page = chromium.new_page(viewport={"width": 640, "height": 800})
    yield {chapter.stem[:2]: drawn(page, chapter) for chapter in chapters(book)}
    page.close()


def test_type_is_large_enough_and_no_words_are_cut_or_meet(
    pictures: dict[str, list[Picture]],
) -> None:
    assert sum(map(len, pictures.values())) > 50, "the figures were not found on the pages"
    assert [
        f"{chapter}: {one.name}: {fault}"
        for chapter, held in pictures.items()
        for one in held
        for fault in one.faults
    ] == []


def test_every_figure_looks_as_it_did(pictures: dict[str, list[Picture]]) -> None:
    changed = {}
    for chapter, held in pictures.items():
        path = KEPT / f"{chapter}.png"
        if not held:
            assert not path.exists(), f"chapter {chapter} has no figure any more: make figures"
            continue
        assert path.exists(), f"chapter {chapter} has new figures: make figures"
        found = difference(sheet(held), Image.open(path))
        if found > TOLERANCE:
            changed[chapter] = round(found, 1)
    assert changed == {}, "look at them; if they are meant to look so: make figures"


def test_a_small_change_is_seen_and_smooth_letters_are_not(
    pictures: dict[str, list[Picture]],
) -> None:
    held = pictures["01"]
    before = sheet(held)
    moved = before.convert("L")
    moved.paste(moved.crop((0, 0, moved.width, moved.height - 2)), (0, 2))
    assert difference(before, moved) > TOLERANCE
    longer = before.convert("L")
    ImageDraw.Draw(longer).rectangle((30, 40, 36, 44), fill=90)
    assert difference(before, longer) > TOLERANCE
    paler = before.convert("L").point(lambda shade: min(255, shade + 3))
    assert difference(before, paler) < TOLERANCE
