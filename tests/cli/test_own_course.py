"""The page "Making the course your own" is followed word for word, in a second course."""

import html
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
import yaml
from environment import ROOT

from pfp_course.course import read_course
from pfp_course.export.archives import make_epub
from pfp_course.sphinx_ext.cite_this import in_words, work_of

pytestmark = pytest.mark.slow

PAGE = (ROOT / "book" / "own-course.md").read_text(encoding="utf-8")
# What the reader is told to do with a block, and the block.
STEP = re.compile(
    r"^(?P<what>Set in|Add to|Write the file|Add to the list `resources` in"
    r"|Add to the list at the end of) `(?P<file>[^`]+)`:\n\n"
    r"```\w+\n(?P<text>.*?)^```$|^```text\n(?P<commands>(?:pfp [^\n]*\n)+)```$",
    re.MULTILINE | re.DOTALL,
)


# A property of TOML with its value, which may take several lines.
PROPERTY = r'^{name} = (?:"""(?:.|\n)*?"""|\[[^\]]*\]|[^\n]*)[^\n]*\n'


def set_in(path: Path, text: str) -> None:
    """Put properties and tables of TOML in the place of those with the same names."""
    lines, *tables = re.split(r"^(?=\[)", path.read_text("utf-8"), flags=re.MULTILINE)
    new, *new_tables = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    for name in re.findall(r"^(\w+) =", new, re.MULTILINE):
        lines = re.sub(PROPERTY.format(name=name), "", lines, flags=re.MULTILINE)
    heads = {table.partition("\n")[0] for table in new_tables}
    kept = [table for table in tables if table.partition("\n")[0] not in heads]
    path.write_text("\n".join([lines + new, *kept, *new_tables]), encoding="utf-8")


def follow(step: "re.Match[str]", folder: Path) -> None:
    if step["commands"]:
        for line in step["commands"].splitlines():
            command, _, target = line.partition(" > ")
            words = shlex.split(command)[1:]
            done = subprocess.run(
                [sys.executable, "-c", "from pfp_course.cli import app; app()", *words],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            if target:
                (folder / target).write_text(done.stdout, encoding="utf-8")
        return
    path, text = folder / step["file"], step["text"]
    if step["what"] == "Set in":
        set_in(path, text)
    elif step["what"] == "Write the file":
        assert not path.exists()
        path.write_text(text, encoding="utf-8")
    elif step["what"] == "Add to the list at the end of":
        held = path.read_text("utf-8")
        indent = re.split(r"(?=-)", held.splitlines()[-1])[0]
        path.write_text(held + indent + text, encoding="utf-8")
    elif step["what"] == "Add to":
        path.write_text(path.read_text("utf-8") + text, encoding="utf-8")
    else:
        content = json.loads(path.read_text("utf-8"))
        content["resources"].append(json.loads(text))
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second course, after every step of the page."""
    folder = tmp_path_factory.mktemp("own") / "course"
    shutil.copytree(ROOT / "tests" / "sample_course", folder)
    shutil.copytree(ROOT / "book" / "assets", folder / "book" / "assets")
    steps = [*STEP.finditer(PAGE)]
    assert len(steps) == PAGE.count("\n```") / 2, "every block of the page is a step"
    for step in steps:
        follow(step, folder)
    return folder


def test_the_file_of_this_course_takes_what_the_page_sets(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    shutil.copy(ROOT / "course.toml", path)
    for step in STEP.finditer(PAGE):
        if step["what"] == "Set in":
            set_in(path, step["text"])
    course = read_course(tmp_path)
    assert course.title == "Rivers of Central Asia: a course in notebooks"
    assert course.keywords == ("water", "Central Asia")
    assert course.for_teachers == read_course(ROOT).for_teachers


def test_a_chapter_out_of_the_contents_is_in_no_page_of_the_book(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "tests" / "sample_course", tmp_path / "course")
    contents = (folder / "_toc.yml").read_text("utf-8")
    left = "  - file: notebooks/02-rising-or-falling\n"
    assert left in contents
    added = "".join(f"  - file: book/{name}\n" for name in ("progress", "review"))
    (folder / "_toc.yml").write_text(contents.replace(left, "") + added, encoding="utf-8")
    for name in ("progress", "review"):
        text = f"# My {name}\n\n```{{my-{name}}}\n```\n"
        (folder / "book" / f"{name}.md").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from pfp_course.cli import app; app()", "build"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    built = folder / "_build" / "html"
    for name in ("progress", "review"):
        page = (built / "book" / f"{name}.html").read_text("utf-8")
        assert "01.count" in page
        assert "02.order" not in page, name
    assert not (built / "notebooks" / "02-rising-or-falling.html").exists()


def test_the_name_stands_wherever_the_course_is_named(own: Path) -> None:
    course, built = read_course(own), own / "_build" / "html"
    assert course.title == "Rivers of Central Asia: a course in notebooks"
    index = html.unescape((built / "index.html").read_text("utf-8"))
    assert f"<title>{course.title}</title>" in index
    assert f"<h1>{course.title}" in index
    assert '<meta name="author" content="Chair of Geography, Dana Omarova">' in index
    assert "© 2027 Chair of Geography, Dana Omarova. Version 1.0." in index
    assert in_words(work_of(course)) in index
    chapter = (built / "notebooks" / "01-how-deep.html").read_text("utf-8")
    assert "<title>1. How deep · Rivers of Central Asia</title>" in chapter
    manifest = json.loads((built / "manifest.webmanifest").read_text("utf-8"))
    assert (manifest["name"], manifest["short_name"]) == (course.title, course.short_title)
    assert yaml.safe_load((own / "CITATION.cff").read_text("utf-8"))["title"] == course.title
    data = json.loads((own / "data" / "datapackage.json").read_text("utf-8"))
    for path in built.rglob("*"):
        if path.suffix in {".html", ".json", ".bib", ".ris", ".webmanifest"}:
            # The data set has a title of its own.
            text = path.read_text("utf-8").replace(data["title"], "")
            assert "Two lakes" not in text, path


def test_the_colours_stand_on_the_pages_in_the_manifest_and_in_the_epub(
    own: Path, tmp_path: Path
) -> None:
    course, built = read_course(own), own / "_build" / "html"
    sheet = (built / "_static" / "pfp-book.css").read_text("utf-8")
    for scheme in ("light", "dark"):
        colour = course.colours[scheme]["accent"]
        assert f"--pfp-accent:{colour};" in sheet
    manifest = json.loads((built / "manifest.webmanifest").read_text("utf-8"))
    assert manifest["theme_color"] == course.colours["light"]["accent"]
    cover = own / course.look["cover"]
    made = make_epub(
        built, tmp_path / "a.epub", course, cover=cover, base="", day=date(2027, 1, 31)
    )
    with zipfile.ZipFile(made) as book:
        assert course.colours["light"]["s1"] in book.read("EPUB/cover.svg").decode()
        assert course.title in book.read("EPUB/package.opf").decode()


def test_the_table_has_its_card_and_the_page_its_language(own: Path) -> None:
    built = own / "_build" / "html"
    assert "One row is a river." in (built / "book" / "data.html").read_text("utf-8")
    assert (built / "data" / "rivers.csv").is_file()
    page = (built / "book" / "kirispe.html").read_text("utf-8")
    assert '<html lang="kk"' in page
    assert "Кіріспе" in (built / "index.html").read_text("utf-8"), "it stands in the menu"
