"""Markdown, links and formulas of students, kept from acting in a page."""

import html
import ipaddress
import re
from collections.abc import Collection, Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

__all__ = [
    *("JOINER", "LINK_SCHEMES", "active_parts", "is_harmless_image", "is_harmless_link"),
    *("is_simple", "safe_markdown", "tame_math"),
]

# It has no width. Between two characters that would begin a tag or a link they are text, for every
# reader of HTML or Markdown, and look as they were written: in code and in formulas too.
JOINER = "\N{WORD JOINER}"
_LONGEST = 30_000  # characters
LINK_SCHEMES = ("http", "https", "mailto")
_TAG = re.compile(r"<(?!br ?/?>)(?=[A-Za-z/!?])")
# Commands with which MathJax makes links, loads code, or takes names and classes of the page.
_COMMAND = re.compile(
    r"\\(?=(?:action|begin\s*\{html\}|catcode|class|csname|cssId|data|eref|href|html\w*|"
    r"includegraphics|mmlToken|require|style|texttip|toggle|unicode|url)(?![A-Za-z]))",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/\s]+={0,2}\s*")
_ACTIVE_TAGS = frozenset(
    ("applet", "base", "embed", "form", "frame", "iframe", "link", "meta", "object", "script")
)
_BARE = "blockquote br dd del dl dt em hr p strong table tbody thead tr ul"
_SHOWN: dict[str, set[str]] = {
    "a": {"href", "title", "class", "id"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "input": {"class", "type", "disabled", "checked"},
    "li": {"class"},
    "ol": {"start"},
    "pre": {"class"},
    "code": {"class"},
    "span": {"class"},
    "td": {"style"},
    "th": {"style"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    **{tag: set() for tag in _BARE.split()},
}
_CLASS = re.compile(
    r"anchor-link|highlight|language-[\w+#.-]+|task-list-item(-checkbox)?|[a-z]{1,3}\d?|"
)
_ALIGN = re.compile(r"text-align: ?(left|right|center)")
_PAGE_NAMES = ("notebook", "notebook-container", "statusmessage", "toc", "top")
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr")
_DEEPEST = 200
_MOST_TAGS, _HEAD = 20_000, 2_000  # tags of a text, and characters of a tag, that are looked at
_SCRIPT = re.compile(r"(?:javascript:|vbscript:|data:text|data:application)")
_LOST = "[This text could not be made safe to show. Read it in the file as it was handed in.]"


def tame_math(text: str) -> str:
    r"""Return a text whose formulas cannot make links or load code, such as ``\href``."""
    return _COMMAND.sub(lambda found: found[0] + JOINER, text)


def is_harmless_link(address: str) -> bool:
    """Tell whether an address leads to a page of the network, and not into this computer."""
    address = html.unescape(address)
    if re.search(r"[\s\x00-\x1f\\]", address):
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "//" not in address
    if parts.scheme not in LINK_SCHEMES or "@" in parts.netloc:
        return False
    name = host.rstrip(".").rpartition(".")
    # The last part of a name that is no number has a letter, in every spelling of an address.
    public = bool(name[0]) and not re.match(r"[\d]|0x", name[2])
    local = name[2] in ("localhost", "local", "internal", "lan", "home", "test")
    return public and not local and not _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_harmless_image(address: str) -> bool:
    """Tell whether a picture stands in its address, so that nothing is asked for to show it.

    A drawing (SVG) is one of them: as a picture it runs no script and loads nothing.
    """
    return _IMAGE.fullmatch(html.unescape(address)) is not None


def safe_markdown(
    text: str,
    attachments: Mapping[str, Mapping[str, str]],
    names: Collection[str] = (),
    *,
    brief: bool = True,
) -> str:
    """Return a Markdown text that looks the same and holds nothing that acts.

    Tags become visible text. Links lead to http, https and mailto alone, and pictures are those
    that the text carries with it. The result is rendered as nbgrader does, and if anything else is
    in it, all links of the text become visible text, too.

    Parameters
    ----------
    text : str
        Markdown of a student.
    attachments
        Pictures by name and kind.
    names
        Names of graded cells, which no heading may take: the formgrader finds its fields by them.
    brief : bool
        Whether there is time to render it. A long text, or one of many, becomes plain text, as
        some texts take a renderer minutes.
    """
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text)
    text = _TAG.sub(f"<{JOINER}", tame_math(text))
    text = re.sub(r"([`~]{3,}[ \t]*)mermaid", r"\1text", text, flags=re.IGNORECASE)
    if not brief or len(text) > _LONGEST:
        return _all_text(text)
    for step in (str, _broken_links, _broken_blocks, _all_text):
        shown = step(text)
        if _is_clean(shown, attachments, names):
            return shown
    return _LOST


def _broken_links(text: str) -> str:
    text = re.sub(r"\](?=[(\[:])", f"]{JOINER}", text)
    # A plain address becomes a link by itself.
    return re.sub(r"(?i)(?<=[A-Za-z]):(?=//)", f":{JOINER}", text)


def _broken_blocks(text: str) -> str:
    # No heading, rule, list, table or block of code begins here.
    text = _broken_links(text).replace("]", f"]{JOINER}")
    return re.sub(r"^[ \t]*(?=\S)", JOINER, text, flags=re.M)


def _all_text(text: str) -> str:
    return "".join(
        f"&#{ord(letter)};" if letter in "!\"#$&'()*+-./:<=>@[\\]^_`{|}~" else letter
        for letter in _broken_blocks(text)
    )


def _is_clean(
    text: str, attachments: Mapping[str, Mapping[str, str]], names: Collection[str]
) -> bool:
    try:
        renderer = IPythonRenderer(
            escape=False, attachments={name: dict(held) for name, held in attachments.items()}
        )
        reader = _Tags()
        reader.feed(MarkdownWithMath(renderer=renderer).render(text))
        reader.close()
    except Exception:  # no error of the renderer may stop the page of the formgrader
        return False
    taken = {
        name + ending
        for name in (*names, *_PAGE_NAMES)
        for ending in ("", "_extra_credit", "-comment")
    }
    return all(
        tag in _SHOWN and all(_is_kept(tag, name, value, taken) for name, value in attributes)
        for tag, attributes in reader.tags
    )


def _is_kept(tag: str, name: str, value: str, taken: Collection[str]) -> bool:
    if name not in _SHOWN[tag]:
        return False
    if name == "href":
        return value.startswith("#") or is_harmless_link(value)
    if name == "src":
        return is_harmless_image(value)
    if name == "id":
        return value not in taken
    if name == "class":
        return all(_CLASS.fullmatch(word) for word in value.split())
    if name == "style":
        return _ALIGN.fullmatch(value.strip().rstrip(";")) is not None
    return (tag, name) != ("input", "type") or value == "checkbox"


class _Tags(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [(name, value or "") for name, value in attrs]))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", []))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("!", []))

    def unknown_decl(self, data: str) -> None:
        self.tags.append(("!", []))

    def handle_pi(self, data: str) -> None:
        self.tags.append(("?", []))


def is_simple(text: str) -> bool:
    """Tell whether HTML is nested and furnished as people write it, so that it is read fast."""
    depth = deepest = unclosed = 0
    for part in text.split("<")[1:]:
        head, closed, _ = part.partition(">")
        if not closed:
            unclosed += 1
        elif head.startswith("/"):
            depth -= 1
        elif head[:1].isalpha() and not head.endswith("/"):
            depth += head.split()[0].lower() not in _VOID
        deepest = max(deepest, depth)
        if len(head.split()) > _DEEPEST or head.count("=") > _DEEPEST:
            return False
    return deepest <= _DEEPEST and unclosed <= _DEEPEST


def active_parts(text: str) -> list[str]:
    """Return in words what of a text would act in a page: scripts, frames, forms and the like.

    It is for telling alone, and does not read HTML as a browser does: that takes minutes for
    some texts.
    """
    found: dict[str, None] = {}
    for part in text.split("<")[1:_MOST_TAGS]:
        name = re.match(r"[A-Za-z][\w:-]{0,30}", part)
        if name is None:
            continue
        head, tag = part[:_HEAD].partition(">")[0], name[0].lower()
        acts = re.search(r"[\s/\"'](on[a-z]{3,30})\s*=", head, re.IGNORECASE)
        if tag in _ACTIVE_TAGS or acts:
            found[f"<{tag}{' ' + acts[1].lower() if acts else ''}>"] = None
        elif _SCRIPT.search(_flat(head)):
            found[f"<{tag}> with a script as its address"] = None
    if re.search(rf"\]\s{{0,9}}[(:]\s{{0,9}}<?\s{{0,9}}{_SCRIPT.pattern}", _flat(text)):
        found["a link to a script"] = None
    if re.search(r"\\(href|url|require|mmlToken)(?![A-Za-z])", text, re.IGNORECASE):
        found["a formula with a link"] = None
    return list(found)


def _flat(text: str) -> str:
    return re.sub(r"[\t\r\n\x00-\x08]", "", html.unescape(text)).lower()
