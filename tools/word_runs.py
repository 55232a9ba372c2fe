"""Fingerprint a text, so that copying from it can be found where the text itself is not kept.

``tools/word_runs.py article.txt --parts "its abstract"`` writes the digests of all runs of six
words of a text file to ``tests/content/article_2014.txt``. Digests say whether a run of words
stands in the text, and cannot be turned back into it.
"""

import argparse
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = ROOT / "tests" / "content" / "article_2014.txt"
LENGTH = 6
_DIGITS = 12
_CITATION = re.compile(r"\[@[^\]]*\]")
_WORD = re.compile(r"[^\W\d_]+")


def runs(text: str) -> Iterator[str]:
    """Return each six neighbouring words of a text: letters only, in lower case.

    Citations such as ``[@key]`` are left out, and an apostrophe does not part a word.
    """
    plain = re.sub("['\N{RIGHT SINGLE QUOTATION MARK}]", "", _CITATION.sub(" ", text))
    words = _WORD.findall(plain.lower())
    for start in range(len(words) - LENGTH + 1):
        yield " ".join(words[start : start + LENGTH])


def digest(run: str) -> str:
    """Return the first twelve hexadecimal digits of the SHA-256 of a run of words."""
    return hashlib.sha256(run.encode()).hexdigest()[:_DIGITS]


def digests(text: str) -> set[str]:
    """Return the digests of all runs of a text."""
    return {digest(run) for run in runs(text)}


def written(text: str, parts: str) -> str:
    """Return the file of digests of a text; ``parts`` says which parts of the article it is.

    The digests are sorted, so that their order does not tell how the runs follow each other.
    """
    head = (
        f"# Digests of all runs of {LENGTH} words of the article of 2014 (article_2014 in\n"
        "# data/sources.csv), made by tools/word_runs.py. The article itself is not kept here.\n"
        f"# Parts that were at hand: {parts}\n"
    )
    return head + "".join(f"{one}\n" for one in sorted(digests(text)))


def read(path: Path) -> set[str]:
    """Return the digests of a file that ``written`` made."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if not line.startswith("#")}


def main() -> None:
    """Write the digests of the text that the command names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("text", type=Path, help="a text file, which stays outside the repository")
    parser.add_argument("--parts", required=True, help="which parts of the article it holds")
    given = parser.parse_args()
    text = written(given.text.read_text(encoding="utf-8"), given.parts)
    ARTICLE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(read(ARTICLE))} digests in {ARTICLE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
