"""The colours of the course, and the style sheet that names them."""

from pygments.formatters import HtmlFormatter

__all__ = ["DARK", "LIGHT", "contrast", "stylesheet"]

LIGHT = {
    "ink": "#1b2430",
    "ink-soft": "#4a5565",
    "paper": "#ffffff",
    "paper-raised": "#f6f7f9",
    "line": "#c9d0d9",
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
    "ink": "#e6eaf0",
    "ink-soft": "#aab4c2",
    "paper": "#14181f",
    "paper-raised": "#1d232d",
    "line": "#3a4453",
    "accent": "#8cc4ee",
    "accent-ink": "#0d141c",
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

_LIGHT_CODE = "a11y-high-contrast-light"
_DARK_CODE = "a11y-high-contrast-dark"


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (``#rrggbb``) as WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def stylesheet() -> str:
    """Return the custom properties and the colours of code for both schemes.

    Without scripts the scheme of the system decides; the theme's script sets ``data-theme``.
    """
    unset = "html:not([data-theme])"
    dark_in_system = f"@media (prefers-color-scheme: dark) {{\n{_scheme(unset, DARK, 'dark')}"
    return "\n".join(
        [
            _scheme("html", LIGHT, "light"),
            _scheme('html[data-theme="dark"]', DARK, "dark"),
            f"{dark_in_system}\n}}",
            # Paper is white whatever the screen shows.
            f"@media print {{\n{_scheme('html, html[data-theme]', LIGHT, 'light')}\n}}",
            _code(".highlight", _LIGHT_CODE),
            f"@media screen {{\n{_code('html[data-theme="dark"] .highlight', _DARK_CODE)}\n}}",
            "@media screen and (prefers-color-scheme: dark) {\n"
            f"{_code(f'{unset} .highlight', _DARK_CODE)}\n}}",
        ]
    )


def _scheme(selector: str, colours: dict[str, str], scheme: str) -> str:
    lines = "".join(f"  --pfp-{name}: {value};\n" for name, value in colours.items())
    return f"{selector} {{\n  color-scheme: {scheme};\n{lines}}}"


def _code(selector: str, style: str) -> str:
    formatter = HtmlFormatter(style=style)
    # Backgrounds are the page's own: the token colours keep their contrast on both papers.
    rules = [
        line for line in formatter.get_token_style_defs(selector) if "background-color" not in line
    ]
    return "\n".join(rules)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
