"""The font of the course: Course Sans, made from Source Sans 3 by ``tools/font.py``.

Its files lie in the folder ``fonts`` with their licence. The same letters stand on the page, in
the figures, in the PDF and the ePub, so that what is laid out for them fits everywhere.
"""

import json
from base64 import b64encode
from functools import cache
from pathlib import Path

__all__ = ["FAMILY", "FIRST_FILES", "STAND_INS", "face_rules", "files", "inline_rules", "register"]

FAMILY = "Course Sans"
_FOLDER = Path(__file__).with_name("fonts")
# What nearly all pages show is in these; a browser fetches the others where their letters stand.
FIRST_FILES = ("course-sans.woff2", "course-sans-italic.woff2")
_FIGURE_FILES = ("course-sans-regular.ttf", "course-sans-bold.ttf")
# Rules of what stands there until the font has come: as wide as it, so that a picture that was laid
# out for it fits, and as high above and below the line, so that nothing moves. In parts of its
# size, as its files say.
_ASCENT, _DESCENT = 1.024, 0.4
STAND_INS = "\n".join(
    f'@font-face {{ font-family: "{FAMILY} Stand-in{number}"; src: {names}; '
    f"size-adjust: {size}%; ascent-override: {100 * _ASCENT / (size / 100):.1f}%; "
    f"descent-override: {100 * _DESCENT / (size / 100):.1f}%; line-gap-override: 0%; }}"
    for number, size, names in (
        ("", 93, 'local("Arial"), local("Roboto"), local("Liberation Sans"), local("Arimo")'),
        (" Wide", 82, 'local("DejaVu Sans"), local("Verdana")'),
        (" Open", 88, 'local("Noto Sans"), local("Noto Sans Regular"), local("Open Sans")'),
    )
)


def files() -> list[Path]:
    """Return the files that a page or an ePub needs: the fonts of the web, and the licence."""
    return [_FOLDER / name for name in (*(face[0] for face in _faces()), "OFL.txt")]


def face_rules(folder: str = "", display: str = "optional") -> str:
    """Return the rules of CSS that name the files.

    Where the font comes late, the page keeps what stands in its place, which is about as wide:
    no line that is being read moves. The next page finds the font in the browser's store.
    ``folder`` is where the files lie, seen from the style sheet, with a slash at its end;
    ``display`` says what a browser does until a file has come.
    """
    return "\n".join(_face(f"{folder}{face[0]}", face, display) for face in _faces())


def inline_rules() -> str:
    """Return the rules with the files in them, for a document that stands alone."""
    return "\n".join(_face(_data(face[0]), face, "block") for face in _faces())


@cache
def register() -> None:
    """Make the font known to Matplotlib for this process; the user's settings stay as they are."""
    from matplotlib import font_manager

    for name in _FIGURE_FILES:
        font_manager.fontManager.addfont(_FOLDER / name)


@cache
def _faces() -> list[tuple[str, str, str, str]]:
    """Return the files of the web: name, style, weights, and the letters that each holds."""
    read = json.loads((_FOLDER / "faces.json").read_text(encoding="utf-8"))
    return [(name, style, weights, letters) for name, style, weights, letters in read]


def _face(address: str, face: tuple[str, str, str, str], display: str) -> str:
    _, style, weights, letters = face
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-style: {style}; font-weight: {weights}; '
        f'font-display: {display}; src: url("{address}") format("woff2"); '
        f"unicode-range: {letters}; }}"
    )


def _data(name: str) -> str:
    text = b64encode((_FOLDER / name).read_bytes()).decode()
    return f"data:font/woff2;base64,{text}"
