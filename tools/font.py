# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "brotli==1.2.1",
#   "fontpkg-source-sans-3==3.52",
#   "fonttools==4.68.0",
# ]
# ///
"""Make the font of the course from Source Sans 3, with ``make font``.

The letters of the course's languages are kept: Latin with the letters of Central Europe, Turkish
and Azerbaijani, and Cyrillic with those of Kazakh, Kyrgyz, Tajik, Uzbek and Ukrainian. The fonts of
the web are cut into slices, of which a browser fetches those whose letters a page shows; nearly all
pages need the first alone. The name is changed, because the licence reserves the name "Source" for
the unchanged font. The same versions of the packages above give the same files, byte for byte.
"""

import json
from importlib.resources import files
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FAMILY = "Course Sans"
TARGET = Path(__file__).resolve().parents[1] / "src/pfp_course/fonts"
_SOURCE = files("fontpkg_source_sans_3")
_RANGES = (
    *((0x20, 0x7E), (0xA0, 0x17F)),  # Latin: basic, Latin-1, Extended-A
    *((0x218, 0x21B), (0x18F, 0x18F), (0x259, 0x259), (0x2BC, 0x2BC)),
    *((0x400, 0x45F), (0x490, 0x493), (0x49A, 0x49D), (0x4A2, 0x4A3)),
    *((0x4AE, 0x4B3), (0x4B6, 0x4B7), (0x4BA, 0x4BB), (0x4D8, 0x4D9)),
    *((0x4E2, 0x4E3), (0x4E8, 0x4E9), (0x4EE, 0x4EF)),
    # Signs: punctuation, raised and lowered figures, currencies, arrows, mathematics, shapes.
    *((0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x202F, 0x2030)),
    *((0x2032, 0x2033), (0x2039, 0x203A), (0x2070, 0x208E), (0x20AC, 0x20AC), (0x20B8, 0x20B8)),
    *((0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2195), (0x2212, 0x2212), (0x221E, 0x221E)),
    *((0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265), (0x25A0, 0x25CF), (0x2713, 0x2717)),
)
# What English text holds, the names of people and places in it, and the signs of the pages.
_FIRST = {
    *range(0x20, 0x7F),
    *map(ord, "\u00a0©«°±¶·»×–—‘’“”„•…€−←↑→↓■▲▶▸▾◀◐✓✗"),
    *map(ord, "ÁÅÉÖßàáãäåçèéêíïñóôöøúüąćĆčČęłŁńőřśşŞšŠșżŻžŽ"),
}
_CYRILLIC = range(0x400, 0x500)
_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum")


def letters() -> list[int]:
    """Return the code points that are kept."""
    return [code for first, last in _RANGES for code in range(first, last + 1)]


def slices() -> dict[str, list[int]]:
    """Return the code points of each slice, by the end of its file's name."""
    others = [code for code in letters() if code not in _FIRST]
    return {
        "": [code for code in letters() if code in _FIRST],
        "-latin": [code for code in others if code not in _CYRILLIC],
        "-cyrillic": [code for code in others if code in _CYRILLIC],
    }


def unicode_range(codes: list[int]) -> str:
    """Return code points, in order, as the value of ``unicode-range`` in CSS."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][-1] + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ",".join(
        f"U+{run[0]:X}" if len(run) == 1 else f"U+{run[0]:X}-{run[-1]:X}" for run in runs
    )


def make(
    source: str,
    target: str,
    weights: float | tuple[float, float],
    style: str,
    codes: list[int],
) -> None:
    """Write one file of the font.

    Parameters
    ----------
    source, target : str
        The file of Source Sans 3, and that to write; its suffix says the format.
    weights : float or tuple of float
        One weight, or the least and the greatest of a variable font.
    style : str
        The name of the style.
    codes : list of int
        The code points that it holds.
    """
    font = TTFont(str(_SOURCE.joinpath("files", source)), recalcTimestamp=False)
    options = Options(
        layout_features=list(_FEATURES), hinting=False, desubroutinize=True, name_IDs=[0, 13, 14]
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": weights})
    names = font["name"]
    names.names = [entry for entry in names.names if entry.nameID in (0, 13, 14)]
    full = f"{FAMILY} {style}"
    for number, text in {1: FAMILY, 2: style, 3: full, 4: full, 6: full.replace(" ", "")}.items():
        names.setName(text, number, 3, 1, 0x409)
    if isinstance(weights, float):
        font["OS/2"].usWeightClass = int(weights)
        # Only the style says which of two weights is meant to the readers of old names.
        font["OS/2"].fsSelection = 0x20 if weights >= 600 else 0x40
        font["head"].macStyle = 1 if weights >= 600 else 0
    font.flavor = "woff2" if target.endswith("woff2") else None
    font.save(TARGET / target)


def main() -> None:
    """Write all files, and the licence beside them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    upright, italic = "SourceSans3[wght].ttf", "SourceSans3-Italic[wght].ttf"
    faces = []
    for end, codes in slices().items():
        for source, name, weights, style in (
            (upright, "", (400.0, 600.0), "Regular"),
            (italic, "-italic", 400.0, "Italic"),
        ):
            file = f"course-sans{name}{end}.woff2"
            make(source, file, weights, style, codes)
            shown = "400 600" if isinstance(weights, tuple) else "400"
            kind = "italic" if name else "normal"
            faces.append([file, kind, shown, unicode_range(codes)])
    make(upright, "course-sans-regular.ttf", 400.0, "Regular", letters())
    make(upright, "course-sans-bold.ttf", 600.0, "Bold", letters())
    (TARGET / "faces.json").write_text(json.dumps(faces, indent=1) + "\n", encoding="utf-8")
    licence = _SOURCE.joinpath("LICENSE").read_text(encoding="utf-8")
    (TARGET / "OFL.txt").write_text(licence.replace("\r\n", "\n"), encoding="utf-8")


if __name__ == "__main__":
    main()
