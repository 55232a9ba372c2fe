"""Wide tables scroll in a region of their own; pandas' tables shed their inline style."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

__all__ = ["connect", "tidy_frame"]

_FRAME = re.compile(r'<table[^>]*class="[^"]*\bdataframe\b[^"]*"[^>]*>.*?</table>', re.DOTALL)
_SCOPED = re.compile(r"<style scoped>.*?</style>\s*", re.DOTALL)
_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
# A sentence in a cell is set in lines; a name or a date stays on one.
_SENTENCE = re.compile(r"<td>(?=[^<]{41})")


def connect(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(_WrapTables)


def tidy_frame(html: str) -> str:
    """Return pandas' HTML with a scrolling region, and heads that tell what they head."""
    if not _FRAME.search(html):
        return html
    return _FRAME.sub(lambda match: _framed(match[0]), _SCOPED.sub("", html))


def _framed(table: str) -> str:
    table = re.sub(r"<table[^>]*>", '<table class="dataframe">', table, count=1)
    table = re.sub(r' style="text-align: [a-z]+;"', "", table)
    table = table.replace("<th></th>", "<td></td>")
    table = _SENTENCE.sub('<td class="pfp-sentence">', table)
    head = _HEAD.search(table)
    end = head.end() if head else 0
    columns = table[:end].replace("<th>", '<th scope="col">')
    return f'<div class="pfp-scroll">{columns}{_row_heads(table[end:])}</div>'


def _row_heads(body: str) -> str:
    return body.replace("<th>", '<th scope="row">')


class _WrapTables(SphinxPostTransform):
    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            html = raw.astext()
            tidy = tidy_frame(html)
            if tidy != html:
                raw.parent.replace(raw, nodes.raw("", tidy, format="html"))
        for table in list(self.document.findall(nodes.table)):
            if "pfp-scroll" not in table.parent.get("classes", []):
                region = nodes.container("", classes=["pfp-scroll"])
                table.parent.replace(table, region)
                region += table
