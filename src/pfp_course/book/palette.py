"""The colours of the book's pages and of the code on them."""

from pygments.formatters import HtmlFormatter

from pfp_course.palette import DARK, LIGHT, PRINTED, properties

__all__ = ["stylesheet"]

_LIGHT_CODE = "a11y-high-contrast-light"
_DARK_CODE = "a11y-high-contrast-dark"


def stylesheet() -> str:
    """Return the custom properties and the colours of code for both schemes.

    Without scripts the scheme of the system decides; the theme's script sets ``data-theme``.
    """
    unset, dark = "html:not([data-theme])", 'html[data-theme="dark"]'
    return "\n".join(
        [
            properties("html", LIGHT, "light"),
            properties(dark, DARK, "dark"),
            "@media (prefers-color-scheme: dark) {",
            properties(unset, DARK, "dark"),
            "}",
            "@media print {",
            properties("html, html[data-theme]", PRINTED, "light"),
            "}",
            _code(".highlight", _LIGHT_CODE),
            "@media screen {",
            _code(f"{dark} .highlight", _DARK_CODE),
            "}",
            "@media screen and (prefers-color-scheme: dark) {",
            _code(f"{unset} .highlight", _DARK_CODE),
            "}",
        ]
    )


def _code(selector: str, style: str) -> str:
    formatter = HtmlFormatter(style=style)
    # Backgrounds are the page's own: the token colours keep their contrast on both papers.
    rules = [
        line for line in formatter.get_token_style_defs(selector) if "background-color" not in line
    ]
    return "\n".join(rules)
