"""The kernel that starts with the server of `pfp start`, before a page has been opened."""

import asyncio
import json
import logging
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from browser.lab import running_lab
from jupyter_client.blocking.client import BlockingKernelClient

from pfp_course.early_kernel import begin

PFP = shutil.which("pfp", path=str(Path(sys.executable).parent)) or "pfp"
NOTEBOOK = "02-thirty-four-signatures.ipynb"


def told(address: str, what: str) -> Any:
    with urlopen(f"{address}api/{what}", timeout=60) as reply:
        return json.load(reply)


def session(address: str) -> dict[str, Any]:
    """Wait for the only session; no page has asked for it."""
    for _ in range(600):
        if sessions := told(address, "sessions"):
            (only,) = sessions
            return dict(only)
        time.sleep(0.2)
    pytest.fail("no session was begun")


def answers(home: Path, kernel: str, code: str) -> tuple[Any, int]:
    """Return what the kernel says to an expression, and the number of that cell."""
    client = BlockingKernelClient(connection_file=str(home / "runtime" / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=240)
        reply = client.execute_interactive(
            "pass", user_expressions={"said": code}, timeout=240, output_hook=lambda _: None
        )["content"]
    finally:
        client.stop_channels()
    text = reply["user_expressions"]["said"]["data"]["text/plain"]
    return json.loads(text.strip("'")), reply["execution_count"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def lab(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("mine")
    # Were the folder on the path while the course is imported, this would be run.
    (folder / "pandas.py").write_text("open('was-run', 'w').close()", encoding="utf-8")
    with running_lab([PFP, "start", str(folder), "--chapter", "2"], home, folder) as address:
        yield address


def test_the_notebook_has_its_only_kernel_before_a_page_is_opened(lab: str) -> None:
    begun = session(lab)
    assert (begun["path"], begun["type"]) == (NOTEBOOK, "notebook")
    assert [kernel["id"] for kernel in told(lab, "kernels")] == [begun["kernel"]["id"]]


def test_the_course_is_imported_without_a_trace(lab: str, home: Path) -> None:
    code = (
        "__import__('json').dumps(["
        "hasattr(__import__('sys').modules.get('pandas'), 'DataFrame'),"
        "'pfp_course.figures' in __import__('sys').modules,"
        "'' in __import__('sys').path,"
        "[name for name in globals() if name in ('_import', 'sys', 'pandas', 'pfp_course')],"
        "In[:-1], __import__('os').path.exists('was-run')])"
    )
    said, number = answers(home, session(lab)["kernel"]["id"], code)
    assert said == [True, True, True, [], [""], False]
    assert number == 1


@pytest.mark.parametrize(
    ("content", "begun"),
    [
        ({"metadata": {}}, [NOTEBOOK]),
        ({"metadata": {"kernelspec": {"name": "python3"}}}, [NOTEBOOK]),
        ({"metadata": {"kernelspec": {"name": "ir"}}}, []),
        (None, []),
    ],
)
def test_only_a_readable_notebook_in_python_begins_early(
    content: dict[str, Any] | None, begun: list[str]
) -> None:
    asked: list[str] = []

    def get(_: str, **__: object) -> dict[str, Any]:
        if content is None:
            raise OSError("no such file")
        return {"content": content}

    def create_session(path: str, **_: object) -> None:
        asked.append(path)
        raise RuntimeError("kernels cannot be started here")

    server = SimpleNamespace(
        contents_manager=SimpleNamespace(get=get),
        session_manager=SimpleNamespace(
            session_exists=lambda _: False, create_session=create_session
        ),
        log=logging.getLogger("early"),
    )
    # What goes wrong is no fault of the server's: the page begins the session in its own time.
    asyncio.run(begin(server, NOTEBOOK))
    assert asked == begun
