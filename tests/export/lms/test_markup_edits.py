"""Edits of HTML: what is not edited stays to the byte, whatever the page holds."""

from pathlib import Path

from pfp_course.export.lms.markup_edits import Element, Markup

PAGE = """<!DOCTYPE html>
<body><!-- <a href="no"> --><p>One &amp; <b>two
<a class="x y" HREF="a.html?b=1&amp;c=2" download>three</a></b>
<p>Four<br><img src='p.png'/> &lt;
<svg viewBox="0 0 1 1"><clipPath id="c"><path d="M0"/></clipPath></svg>
<script>const text = "<a href='none'>";</script><ul><li>five</ul></i></body>
"""


def named(markup: Markup, name: str) -> list[Element]:
    return [one for one in markup.elements if one.name == name]


def test_elements_have_their_places_and_attributes() -> None:
    markup = Markup(PAGE)
    [link] = named(markup, "a")
    assert PAGE[link.start : link.end].startswith('<a class="x y" HREF=')
    assert PAGE[link.inside : link.close] == "three"
    assert link.attributes == {"class": "x y", "href": "a.html?b=1&c=2", "download": ""}
    assert link.classes == ["x", "y"]
    first, second = named(markup, "p")
    assert PAGE[second.start : second.end].endswith("</ul></i>"), "its end is that of its parent"
    assert first.end == second.end
    [picture], [body] = named(markup, "img"), named(markup, "body")
    assert PAGE[picture.start : picture.end] == "<img src='p.png'/>"
    assert PAGE[body.start : body.end] == PAGE[PAGE.index("<body>") :].strip()
    assert [one.name for one in markup.within(link)] == []


def test_edits_are_made_and_all_else_stays() -> None:
    markup = Markup(PAGE)
    [body], [link], [listed] = (named(markup, name) for name in ("body", "a", "ul"))
    assert markup.part(body) == PAGE[body.start : body.end]
    markup.replace(link.start, link.inside, link.tag(href='"x" & y'))
    markup.drop(listed)
    markup.unwrap(named(markup, "li")[0])  # within what is dropped
    markup.unwrap(named(markup, "b")[0])
    markup.replace(link.start, link.start, "[before]")
    [path] = named(markup, "path")
    markup.replace(path.start, path.end, "")
    wanted = PAGE[body.start : body.end]
    new = '[before]<a class="x y" href="&quot;x&quot; &amp; y" download="">'
    for old, instead in (
        ('<a class="x y" HREF="a.html?b=1&amp;c=2" download>', new),
        ("<ul><li>five</ul>", ""),
        ("<b>", ""),
        ("</b>", ""),
        ('<path d="M0"/>', ""),
    ):
        assert wanted.count(old) == 1
        wanted = wanted.replace(old, instead)
    assert markup.part(body) == wanted


def test_a_built_page_is_read_whole(book: Path) -> None:
    [path] = book.glob("notebooks/05-*.html")
    text = path.read_text(encoding="utf-8")
    markup = Markup(text)
    for one in markup.elements:
        assert text[one.start : one.start + 1 + len(one.name)].lower() == f"<{one.name}"
        assert one.start < one.inside <= one.close <= one.end <= len(text)
    [article] = named(markup, "article")
    assert markup.part(article) == text[text.index("<article>") : text.rindex("</article>") + 10]
