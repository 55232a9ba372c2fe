"""Citations in Markdown: ``[@key; @key2]`` becomes links to the references."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinxcontrib.bibtex.citation_target import CitationTarget
from sphinxcontrib.bibtex.roles import CitationRef

from pfp_course.data import sources

__all__ = ["connect"]

_LOGGER = logging.getLogger(__name__)
_CITATION = re.compile(r"\[(@[\w.:-]+(?:\s*;\s*@[\w.:-]+)*)\]")
_VERBATIM = (nodes.literal, nodes.literal_block, nodes.raw, nodes.reference, nodes.comment)


def connect(app: Sphinx) -> None:
    """Register the transform."""
    app.add_transform(_CiteSources)


class _CiteSources(SphinxTransform):
    default_priority = 330

    def apply(self, **kwargs: object) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if _CITATION.search(text.astext()) and not _is_verbatim(text):
                text.parent.replace(text, list(self._replaced(text)))

    def _replaced(self, text: nodes.Text) -> Iterator[nodes.Node]:
        words = text.astext()
        done = 0
        for match in _CITATION.finditer(words):
            keys = [key.strip().removeprefix("@") for key in match[1].split(";")]
            known = [key for key in keys if self._is_known(key, text)]
            if not known:
                continue
            yield nodes.Text(words[done : match.start()])
            yield self._citation(known, text)
            done = match.end()
        yield nodes.Text(words[done:])

    def _is_known(self, key: str, text: nodes.Text) -> bool:
        if key in sources():
            return True
        close = get_close_matches(key, sources(), n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        _LOGGER.warning(
            "there is no source with the key %r.%s "
            "The keys are the first column of data/sources.csv.",
            key,
            hint,
            location=text.parent,
            type="pfp",
            subtype="citation",
        )
        return False

    def _citation(self, keys: list[str], text: nodes.Text) -> addnodes.pending_xref:
        target = ",".join(keys)
        node = addnodes.pending_xref(
            "",
            nodes.inline("", target),
            refdomain="cite",
            reftype="p",
            reftarget=target,
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
        node.source, node.line = text.parent.source, text.parent.line
        self.document.note_explicit_target(node, node)
        self.env.get_domain("cite").citation_refs.append(  # type: ignore[attr-defined]
            CitationRef(
                citation_ref_id=node["ids"][0],
                docname=self.env.docname,
                line=text.parent.line or 0,
                targets=[CitationTarget(key=key, pre="", post="") for key in keys],
            )
        )
        return node


def _is_verbatim(text: nodes.Text) -> bool:
    node: nodes.Node | None = text.parent
    while node is not None:
        if isinstance(node, _VERBATIM):
            return True
        node = node.parent
    return False
