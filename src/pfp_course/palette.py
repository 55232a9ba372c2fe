"""The colours of the course, in one place: for the book, the quizzes and the figures."""

__all__ = ["DARK", "LIGHT", "PRINTED", "contrast", "notebook_rules", "properties"]

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
}

# Paper is white whatever the screen shows.
PRINTED = {**LIGHT, "paper": "#ffffff"}


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (``#rrggbb``) as WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def properties(selector: str, colours: dict[str, str], scheme: str) -> str:
    """Return a rule of CSS that sets the colours as custom properties ``--pfp-<name>``."""
    lines = "".join(f"  --pfp-{name}: {value};\n" for name, value in colours.items())
    return f"{selector} {{\n  color-scheme: {scheme};\n{lines}}}\n"


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
