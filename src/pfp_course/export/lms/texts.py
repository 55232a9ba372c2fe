"""Texts of a bank as the HTML of a learning management system, their pictures as files."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from pfp_course.export.lms.model import Item
from pfp_course.questions.texts import FormulaError, Token, as_mathml, as_plain, tokens

__all__ = ["Texts", "plain_line"]

_DATA = re.compile(r"data:image/(?P<kind>png|jpeg|gif|webp);base64,(?P<data>[A-Za-z0-9+/=]+)")


def plain_line(text: str) -> str:
    """Return a text without its marks, in one line."""
    return " ".join(as_plain(text).split())


@dataclass
class Texts:
    """Writes texts as HTML that is well-formed XML, without style or script.

    Parameters
    ----------
    address : callable
        Gives the address of a picture for the name of its file; without one a picture stays in
        the text as data.
    latex : bool
        Whether formulas stay LaTeX between brackets with a stroke; otherwise they are MathML.

    Attributes
    ----------
    pictures : dict of str to bytes
        The pictures of all texts that were written, by the names of their files, which are made
        from what they hold.
    """

    address: Callable[[str], str] | None = None
    latex: bool = False
    pictures: dict[str, bytes] = field(default_factory=dict)

    def html(self, text: str) -> str:
        """Return a text as HTML for the inside of a paragraph; everything but marks is escaped."""
        return "".join(map(self._part, tokens(text)))

    def block(self, text: str) -> str:
        """Return a text as a paragraph, or as nothing where it is empty."""
        return f"<div>{self.html(text)}</div>" if text else ""

    def reason(self, item: Item) -> str:
        """Return why an answer is right, and the sources, as blocks."""
        sources = "; ".join(
            f'<a href="{escape(one.url)}">{escape(one.label)}</a>'
            if one.url.startswith(("https://", "http://"))
            else escape(one.label)
            for one in item.form.sources
        )
        line = f'<div class="pfp-sources">Sources: {sources}</div>' if sources else ""
        return self.block(item.form.because) + line

    def rubric(self, item: Item) -> str:
        """Return the rubric of an essay, and what a good answer holds, for the marker."""
        asks = item.asks
        rows = "".join(
            f"<li>{self.html(one.text)}<ol>{self._list(one.levels)}</ol></li>"
            for one in getattr(asks, "rubric", ())
        )
        rows += self._list(getattr(asks, "known", ()))
        return (f"<ul>{rows}</ul>" if rows else "") + self.reason(item)

    def _list(self, texts: Iterable[str]) -> str:
        return "".join(f"<li>{self.html(text)}</li>" for text in texts)

    def _part(self, part: Token) -> str:
        match part.kind:
            case "code":
                return f"<code>{escape(part.content)}</code>"
            case "block":
                return f"<pre>{escape(part.content)}</pre>"
            case "emphasis":
                return f"<em>{self.html(part.content)}</em>"
            case "formula" | "display":
                return self._formula(part.content, display=part.kind == "display")
            case "image":
                return self._picture(part)
            case "br":
                return "<br/>"
        return escape(part.content, quote=False)

    def _formula(self, latex: str, *, display: bool) -> str:
        if self.latex:
            return escape(f"\\[{latex}\\]" if display else f"\\({latex}\\)")
        try:
            return as_mathml(latex, display=display)
        except FormulaError:
            return f"<code>{escape(latex)}</code>"

    def _picture(self, part: Token) -> str:
        found = _DATA.fullmatch(part.content)
        if found is None:
            return escape(f"[{part.alt}]")
        source = part.content
        if self.address is not None:
            source = self.address(self.store(base64.b64decode(found["data"]), found["kind"]))
        return f'<img src="{escape(source)}" alt="{escape(part.alt)}"/>'

    def store(self, content: bytes, kind: str = "png") -> str:
        """Keep a picture as a file, and return its name."""
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{'jpg' if kind == 'jpeg' else kind}"
        self.pictures[name] = content
        return name
