"""The colours of the course, in one place: for the book, the quizzes and the figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "DARK",
    "LIGHT",
    "LOOKS",
    "Look",
    "Meanings",
    "contrast",
    "looks",
    "meaning_rules",
    "notebook_rules",
    "printed",
    "properties",
]

LIGHT = {
    "ink": "#1c2128",
    "ink-soft": "#545b66",
    "paper": "#fffefb",
    "paper-raised": "#f7f5ef",
    "line": "#d5d0c4",
    "accent": "#12507b",
    "accent-ink": "#ffffff",
    "good": "#1b6e3c",
    "bad": "#a6282b",
    "warn": "#8a5a00",
    "focus": "#b8500a",
    "s1": "#12507b",
    "s2": "#b8500a",
    "s3": "#1b7f6b",
    "s4": "#8b3a8f",
    "s5": "#8a6d00",
    "s6": "#56708a",
    "s7": "#a6282b",
    "s8": "#7a4b23",
    "s9": "#4c7420",
    "s10": "#b03a74",
}

DARK = {
    "ink": "#e8e6e1",
    "ink-soft": "#b3b1aa",
    "paper": "#16181c",
    "paper-raised": "#202329",
    "line": "#41444b",
    "accent": "#8cc4ee",
    "accent-ink": "#10141a",
    "good": "#7fd19b",
    "bad": "#ff9d97",
    "warn": "#f0c36a",
    "focus": "#ffb169",
    "s1": "#8cc4ee",
    "s2": "#ffb169",
    "s3": "#63d1b8",
    "s4": "#dca0e0",
    "s5": "#e3c556",
    "s6": "#a9bccf",
    "s7": "#ff9d97",
    "s8": "#d3a378",
    "s9": "#aacd70",
    "s10": "#f49dc2",
}


@dataclass(frozen=True)
class Look:
    """How one thing is drawn: a colour, and the forms that tell it without the colour.

    ``slot`` is the name of the colour in `LIGHT` and `DARK`; ``marker`` and ``hatch`` are as
    Matplotlib names them, the hatch empty for a full area; ``dashes`` are lengths of strokes and
    gaps in widths of the line, none for a full line.
    """

    slot: str
    marker: str
    hatch: str
    dashes: tuple[float, ...]

    @property
    def colour(self) -> str:
        """The colour on light paper, which a page replaces by its own."""
        return LIGHT[self.slot]


LOOKS = {
    look.slot: look
    for look in (
        Look("s1", "o", "", ()),
        Look("s2", "s", "////", (6, 2)),
        Look("s3", "D", "", ()),
        Look("s4", "^", "....", (6, 2, 1.5, 2)),
        Look("s5", "v", "xxxx", (2, 1.5)),
        Look("s6", "P", "----", (4, 1, 1, 1, 1, 1)),
        Look("s7", "X", "\\\\\\\\", (10, 3)),
        Look("s8", "p", "||||", (8, 2, 1, 2)),
        Look("s9", "*", "++", (3, 1)),
        Look("s10", "h", "oo", (1, 1)),
    )
}
# For each thing that a course speaks of, the slot of its look and its other names.
Meanings = Mapping[str, tuple[str, tuple[str, ...]]]


def looks(names: Iterable[str], meanings: Meanings) -> dict[str, Look]:
    """Return a look for each name, no two of them alike.

    A name that means something keeps the look of its meaning; the others take what is left, in
    order.

    Raises
    ------
    ValueError
        If there are more names than looks, or two of them have one meaning.
    """
    wanted = list(dict.fromkeys(names))
    known = {name: slot for what, (slot, more) in meanings.items() for name in (what, *more)}
    taken = [known[name] for name in wanted if name in known]
    free = [slot for slot in LOOKS if slot not in taken]
    if len(set(taken)) < len(taken) or len(wanted) > len(LOOKS):
        raise ValueError(f"{', '.join(wanted)} cannot be told apart by colour and form")
    return {name: LOOKS[known[name] if name in known else free.pop(0)] for name in wanted}


def meaning_rules(meanings: Meanings) -> str:
    """Return a rule of CSS that names the colour of each meaning, as ``--pfp-is-<meaning>``."""
    lines = "".join(
        f"  --pfp-is-{what.lower().replace(' ', '-')}: var(--pfp-{slot});\n"
        for what, (slot, _) in meanings.items()
    )
    return f"html {{\n{lines}}}\n" if lines else ""


def printed(colours: dict[str, str]) -> dict[str, str]:
    """Return the colours of a light scheme for print: paper is white whatever the screen shows."""
    return {**colours, "paper": "#ffffff"}


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (``#rrggbb``) as WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def properties(selector: str, colours: dict[str, str], scheme: str) -> str:
    """Return a rule of CSS that sets the colours as custom properties ``--pfp-<name>``."""
    lines = "".join(f"  --pfp-{name}: {value};\n" for name, value in colours.items())
    return f"{selector} {{\n  color-scheme: {scheme};\n{lines}}}\n"


def page_rules(light: dict[str, str] = LIGHT, dark: dict[str, str] = DARK, medium: str = "") -> str:
    """Return the rules that colour a page, light and dark, as the system has it.

    With a medium, such as ``screen``, it is dark there alone.
    """
    when = f"{medium} and (prefers" if medium else "(prefers"
    night = properties("html", dark, "dark")
    return f"{properties('html', light, 'light')}@media {when}-color-scheme: dark) {{{night}}}"


def notebook_rules(selector: str) -> str:
    """Return the rules that colour a part of a notebook, light and dark.

    JupyterLab tells its theme on the body; elsewhere the scheme of the system decides.
    """
    elsewhere = f"body:not([data-jp-theme-light]) {selector}"
    return "".join(
        [
            properties(selector, LIGHT, "light"),
            properties(f'body[data-jp-theme-light="false"] {selector}', DARK, "dark"),
            "@media (prefers-color-scheme: dark) {\n",
            properties(elsewhere, DARK, "dark"),
            "}\n",
        ]
    )


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
