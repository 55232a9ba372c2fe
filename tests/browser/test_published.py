"""A published course in a real browser: two versions, the switch, the page for lost readers."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser.conftest import Watch, violations
from playwright.sync_api import expect

from pfp_course.deploy.site import assemble, replace_folder
from pfp_course.sphinx_ext.settings import BOOK_FILE

FOLDER = "course"


class _Pages(SimpleHTTPRequestHandler):
    """Serve files as GitHub Pages does: what is missing gets the page 404.html of the site."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        lost = Path(self.directory, FOLDER, "404.html")
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        body = lost.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        pass


@pytest.fixture(scope="module")
def published(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as versions 1.0 and 1.1, in a folder of a server."""
    server = tmp_path_factory.mktemp("server")
    file = tmp_path_factory.mktemp("made") / "partnership-for-peace.zip"
    file.write_bytes(b"x" * 2_000_000)
    base = f"https://example.org/{FOLDER}/"
    own = shutil.copytree(book, server.parent / "book")
    for version in ("1.0", "1.1"):
        # A build for each version would say this on its pages too; the switch does not read them.
        said = json.loads((own / BOOK_FILE).read_text("utf-8"))
        (own / BOOK_FILE).write_text(
            json.dumps({**said, "version": f"{version}.0", "address": base}), encoding="utf-8"
        )

        def make(new: Path, old: Path | None, version: str = version) -> None:
            day = date(2027, 1, 31)
            assemble(new, old, own, version=version, base=base, day=day, downloads=[file])

        replace_folder(server / FOLDER, make, project=server.parent / "project")
    return server / FOLDER


@pytest.fixture(scope="module")
def online(published: Path) -> Iterator[str]:
    """The address of the published course."""
    handler = partial(_Pages, directory=str(published.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{FOLDER}/"
    server.shutdown()
    server.server_close()


def test_a_reader_switches_versions_by_keyboard_and_stays_on_the_page(
    watch: Watch, online: str
) -> None:
    watched = watch()
    page = watched.page
    page.goto(f"{online}book/data.html")
    page.locator(".pfp-versions > summary").focus()
    page.keyboard.press("Enter")
    link = page.locator(".pfp-versions").get_by_role("link", name="Version 1.0")
    link.wait_for()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{online}v1.0/book/data.html")
    note = page.get_by_role("note").filter(has_text="This is version 1.0")
    note.get_by_role("link", name="this page in it").click()
    page.wait_for_url(f"{online}book/data.html")
    expect(page.locator(".pfp-old")).to_have_count(0)
    assert watched.errors == []
    assert watched.outside == []


def test_the_list_of_versions_is_asked_for_only_by_a_reader_who_opens_it(
    watch: Watch, online: str
) -> None:
    watched = watch()
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.page.goto(f"{online}index.html")
    watched.page.wait_for_load_state("networkidle")
    assert not [url for url in asked if url.endswith("versions.json")]
    watched.page.locator(".pfp-versions > summary").click()
    watched.page.locator(".pfp-versions [aria-current]").wait_for()
    assert [url for url in asked if url.endswith("versions.json")] == [f"{online}versions.json"]


def test_without_scripts_the_switch_leads_to_the_list(watch: Watch, online: str) -> None:
    watched = watch(java_script_enabled=False)
    page = watched.page
    page.goto(f"{online}v1.0/book/data.html")
    page.locator(".pfp-versions > summary").click()
    page.get_by_role("link", name="All versions, with their dates").click()
    page.wait_for_url(f"{online}versions.html")
    page.get_by_role("link", name="Version 1.0").click()
    page.wait_for_url(f"{online}v1.0/index.html")


def test_the_published_folder_opens_from_the_disk(watch: Watch, published: Path) -> None:
    watched = watch()
    page = watched.page
    for name in ("index.html", "v1.0/book/data.html", "versions.html"):
        page.goto((published / name).as_uri())
        page.wait_for_load_state("load")
        page.locator(".pfp-versions > summary").click()
        expect(page.locator(".pfp-versions ul")).to_have_count(0)
        expect(page.get_by_role("link", name="All versions, with their dates")).to_be_visible()
    assert watched.errors == []


@pytest.mark.parametrize("path", ["no.html", "v1.0/no/such/deep/page", "notebooks/no.html?x=1"])
def test_a_lost_reader_finds_back_from_any_depth(watch: Watch, online: str, path: str) -> None:
    watched = watch()
    page = watched.page
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if not answer.ok else None)
    page.goto(online + path)
    expect(page.get_by_role("heading", name="This page does not exist")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert failed == [online + path], "the page itself, and nothing that it needs"
    assert page.evaluate("getComputedStyle(document.querySelector('.pfp-side')).display") == "flex"
    page.get_by_role("link", name="To the start of the course").click()
    page.wait_for_url(f"{online}index.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_publishing_adds_has_no_accessibility_fault(
    watch: Watch, online: str, scheme: str
) -> None:
    watched = watch(color_scheme=scheme, viewport={"width": 320, "height": 700})
    for name in ("index.html", "v1.0/index.html", "versions.html", "404.html"):
        watched.page.goto(online + name)
        switch = watched.page.locator(".pfp-versions > summary")
        switch.click()
        watched.page.locator(".pfp-versions ul").wait_for()
        assert violations(watched.page) == [], (name, scheme)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_downloads_stand_on_the_landing_page_once_they_are_made(
    watch: Watch, online: str, site: str
) -> None:
    watched = watch()
    watched.page.goto(f"{online}index.html")
    link = watched.page.locator(".pfp-downloads").get_by_role("link")
    assert link.get_attribute("href") == "v1.1/downloads/partnership-for-peace.zip"
    watched.page.goto(site)
    assert watched.page.locator(".pfp-downloads").count() == 0
