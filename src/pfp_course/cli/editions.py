"""What ``pfp build`` makes of the book besides: to print, for e-readers, to carry away."""

import os
from pathlib import Path

import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from pfp_course.cli.building import project_root

__all__ = ["NAME", "make"]

NAME = "partnership-for-peace"  # of the files


def make(console: Console, folder: Path, *, pdf: bool, epub: bool, offline: bool) -> list[Path]:
    """Make the editions that are wanted of a book that is built already.

    Raises
    ------
    CourseError
        If a file cannot be written, or there is no browser that can print.
    """
    # Here, because they need Sphinx, which a student does not have.
    from pfp_course.publishing.edition import edition_day
    from pfp_course.publishing.epub import make_epub
    from pfp_course.publishing.offline import make_offline

    root = project_root(folder)
    html, settings = root / "_build" / "html", _settings(root)
    made: list[Path] = []
    if offline:
        made.append(make_offline(html, root / "_build" / "offline" / f"{NAME}.zip"))
    if epub:
        cover = root / "book" / "assets" / "cover.svg"
        target = root / "_build" / "epub" / f"{NAME}.epub"
        made.append(make_epub(html, target, cover=cover, day=edition_day(), **settings))
    if pdf:
        made += _pdfs(console, html, root / "_build" / "pdf", settings)
    for path in made:
        size = f"{path.stat().st_size / 1_000_000:.1f} MB"
        console.print(f"Made [bold]{path}[/] ({size})", highlight=False, soft_wrap=True)
    return made


def _settings(root: Path) -> dict[str, str]:
    from pfp_course.book.addresses import VARIABLE

    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    # `pfp publish` may know a better address than the settings.
    base = os.environ.get(VARIABLE) or config.get("html", {}).get("baseurl") or ""
    return {"title": config["title"], "base": base}


def _pdfs(console: Console, html: Path, folder: Path, settings: dict[str, str]) -> list[Path]:
    from pfp_course.publishing.edition import edition_day
    from pfp_course.publishing.pdf import make_pdfs

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("printing", total=None)

        def tell(done: int, steps: int, what: str) -> None:
            bar.update(task, completed=done, total=steps, description=f"printing {what}")

        return make_pdfs(html, folder, day=edition_day(), tell=tell, **settings)
