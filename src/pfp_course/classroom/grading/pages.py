"""The frame of every page that a run writes: whole in one file, and nothing is fetched."""

from html import escape

from pfp_course import palette

__all__ = ["page", "table"]

# No script runs and nothing is loaded, whatever stands in an answer.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
_RULES = """
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--pfp-paper); color: var(--pfp-ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
main.pfp-wide { max-width: 72rem; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: .2rem 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; font-weight: 650; overflow-wrap: anywhere; }
p, ul, ol { margin: 0 0 .6rem; }
a { color: var(--pfp-accent); }
a:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--pfp-focus); outline-offset: 2px; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
.pfp-over { color: var(--pfp-ink-soft); font-size: .87rem; letter-spacing: .03em; margin: 0; }
.pfp-soft { color: var(--pfp-ink-soft); }
.pfp-score { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; align-items: baseline;
  border-block: 1px solid var(--pfp-line); padding: .7rem 0; margin: 1rem 0; }
.pfp-score strong { font-size: 1.7rem; }
.pfp-note { border-inline-start: 4px solid var(--pfp-warn); background: var(--pfp-paper-raised);
  padding: .6rem .9rem; margin: 0 0 .8rem; }
.pfp-scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: start; color: var(--pfp-ink-soft); padding-bottom: .3rem; }
th, td { text-align: start; vertical-align: top; padding: .4rem .7rem .4rem 0;
  border-bottom: 1px solid var(--pfp-line); overflow-wrap: break-word; }
thead th { border-bottom: 2px solid var(--pfp-ink-soft); font-weight: 650; vertical-align: bottom; }
tbody th { font-weight: 400; }
td.pfp-n, th.pfp-n { text-align: end; font-variant-numeric: tabular-nums; }
.pfp-questions { list-style: none; padding: 0; margin: 0; }
.pfp-questions > li { border-top: 1px solid var(--pfp-line); padding: 1rem 0 .5rem; }
.pfp-head { display: flex; flex-wrap: wrap; gap: .1rem 1rem; justify-content: space-between;
  font-size: .9rem; margin: 0 0 .3rem; }
.pfp-verdict { font-weight: 700; }
.pfp-right .pfp-verdict { color: var(--pfp-good); }
.pfp-wrong .pfp-verdict { color: var(--pfp-bad); }
.pfp-part .pfp-verdict, .pfp-wait .pfp-verdict { color: var(--pfp-warn); }
.pfp-blank .pfp-verdict { color: var(--pfp-ink-soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: 0 0 .6rem; }
dt { color: var(--pfp-ink-soft); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; white-space: pre-line; }
dd p:last-child { margin: 0; }
td.pfp-long { min-width: 18rem; }
.pfp-figure { margin: 1rem 0; }
.pfp-figure svg { display: block; width: 100%; max-width: 46rem; min-width: 26rem; height: auto; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; } }
@media print {
  body { font-size: 10.5pt; }
  main, main.pfp-wide { max-width: none; padding: 0; }
  .pfp-questions > li, tr, .pfp-score { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .pfp-scroll { overflow: visible; }
  a { color: inherit; text-decoration: none; }
}
"""


def _head() -> str:
    light = palette.properties("html", palette.LIGHT, "light")
    dark = palette.properties("html", palette.DARK, "dark")
    # On paper the ink is dark, whatever the screen was.
    return f"{light}@media screen and (prefers-color-scheme: dark) {{{dark}}}{_RULES}"


_STYLE = _head()


def page(title: str, body: str, *, wide: bool = False) -> str:
    """Return a page.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML; its author has escaped what others wrote.
    wide : bool
        Whether tables need the width of the screen.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main{' class=pfp-wide' if wide else ''}>{body}</main></body></html>\n"
    )


def table(
    caption: str, head: list[str], rows: list[list[str]], numbers: int = 0, long: int = -1
) -> str:
    """Return a table that can be scrolled by keyboard.

    Parameters
    ----------
    caption : str
        What the table holds, as plain text; empty where a heading has just said so.
    head, rows
        Plain texts of columns; HTML of cells.
    numbers : int
        How many of the last columns hold numbers.
    long : int
        The place of a column whose texts need room.
    """
    first = len(head) - numbers
    cells = "".join(
        f'<th scope="col"{" class=pfp-n" if number >= first else ""}>{escape(name)}</th>'
        for number, name in enumerate(head)
    )
    looks = dict.fromkeys(range(first, len(head)), " class=pfp-n")
    looks[long] = " class=pfp-long"
    lines = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{text}</th>'
            if number == 0
            else f"<td{looks.get(number, '')}>{text}</td>"
            for number, text in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    label = escape(caption or head[0])
    return (
        f'<div class="pfp-scroll" tabindex="0" role="group" aria-label="{label}">'
        f"<table>{title}<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
