"""The book to carry away: a zip that opens from ``file://``."""

from pathlib import Path

from pfp_course.errors import CourseError
from pfp_course.files import pack, whole

__all__ = ["make_offline"]

_README = """\
Partnership for Peace: a course in notebooks

Unpack the whole zip first. Then open index.html in any browser. No connection is needed.
Your answers are kept in the browser; the page "My progress" saves them to a file.
"""


def make_offline(html: Path, target: Path) -> Path:
    """Write the built book as a zip with one folder in it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CourseError
        If there is no built book, or the file cannot be written.
    """
    if not (html / "index.html").is_file():
        raise CourseError(f"There is no book in {html}. Build it first: pfp build")
    folder = target.stem
    files = sorted(path for path in html.rglob("*") if path.is_file())
    members: list[tuple[str, bytes | Path]] = [(f"{folder}/README.txt", _README.encode())]
    members += [(f"{folder}/{path.relative_to(html).as_posix()}", path) for path in files]
    with whole(target) as part:
        pack(part, members)
    return target
