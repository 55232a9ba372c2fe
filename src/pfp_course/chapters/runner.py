"""Run one notebook in this process, and write down on what its outputs depend.

Importing this module loads what nearly every notebook loads, and from then on notes each file that
Python opens. So it is imported only in processes made for it: in the one from which the others are
forked (see `pfp_course.chapters.execution`). Whatever is read while these libraries load counts
as read by every notebook.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

# Files opened and folders listed so far, as absolute paths.
_opened: set[str] = set()
_listed: set[str] = set()


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    kept = _opened if event == "open" else _listed if event in _LISTING else None
    if kept is None or not isinstance(arguments[0], str | bytes | os.PathLike):
        return
    # What the import system looks at is no input of the notebook: its modules are noted whole.
    if not sys._getframe(1).f_code.co_filename.startswith(_IMPORTING):
        # Not resolved: that would ask the disk, for each file that is opened.
        kept.add(os.path.abspath(os.fsdecode(arguments[0])))  # noqa: PTH100


_LISTING = ("os.listdir", "os.scandir")
_IMPORTING = ("<frozen importlib", str(Path(os.__file__).parent / "importlib"))
sys.addaudithook(_note)
# Or the kernel's debugger, which nobody uses here, warns that it would not see all.
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"

import anywidget  # noqa: E402, F401
import matplotlib.backends.backend_svg  # noqa: E402, F401
import nbformat  # noqa: E402
import pandas  # noqa: E402, F401
from ipykernel.inprocess.manager import InProcessKernelManager  # noqa: E402
from nbformat.v4 import output_from_msg  # noqa: E402
from traitlets.config import Config  # noqa: E402

import pfp_course  # noqa: E402
from pfp_course import figures, questions  # noqa: E402, F401

__all__ = ["run"]

_PACKAGE = Path(pfp_course.__file__).parent
# Messages of a kernel that are no output of a cell.
_SILENT = ("status", "execute_input", "comm_open", "comm_msg", "comm_close")


def run(path: Path) -> dict[str, Any]:
    """Run a notebook from top to bottom, in its folder.

    Returns
    -------
    dict
        ``outputs``: for each code cell in order its execution count and its outputs, as in the
        notebook format. ``language``: what the kernel says of its language. ``files``,
        ``folders``: what was read and listed, as absolute paths. ``seconds``: how long the cells
        took. ``error``: None, or the ``cell`` (its id, or its number), the ``line`` in it (from
        1), the ``code`` of that line, and ``name`` and ``text`` of the exception.
    """
    notebook = nbformat.read(path, as_version=4)
    os.chdir(path.parent)
    sys.path.insert(0, str(path.parent))
    # The history of what was typed is no matter of a build.
    manager: Any = InProcessKernelManager(config=Config({"HistoryManager": {"enabled": False}}))
    manager.start_kernel()
    client: Any = manager.client()
    client.allow_stdin = False
    client.start_channels()
    outputs: list[Any] = []
    error, begun = None, time.monotonic()
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        tags = cell.metadata.get("tags", [])
        if error or not cell.source.strip() or "skip-execution" in tags:
            outputs.append((None, []))
            continue
        count, shown, failure = _run_cell(client, cell.source)
        outputs.append((count, shown))
        if failure and "raises-exception" not in tags:
            error = {**failure, "cell": cell.get("id") or f"number {number}"}
    return {
        "outputs": outputs,
        "language": manager.kernel.language_info,
        "files": sorted(_opened | _modules()),
        "folders": sorted(_listed),
        "seconds": time.monotonic() - begun,
        "error": error,
    }


def _run_cell(client: Any, source: str) -> tuple[int | None, list[Any], dict[str, Any] | None]:
    """Run the code of a cell; return its count, its outputs, and what went wrong, if anything."""
    outputs: list[Any] = []
    count = None
    asked = client.execute(source)
    while True:
        message = client.get_iopub_msg()
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            # The kernel was idle before, too, and says so for each request. All else belongs
            # to this cell, though a text printed may name no request.
            if message["parent_header"].get("msg_id") == asked:
                break
            continue
        if kind == "execute_input":
            count = content["execution_count"]
        elif kind == "clear_output":
            outputs.clear()
        elif kind not in _SILENT:
            _add(outputs, output_from_msg(message))
    reply = client.get_shell_msg()["content"]
    if reply["status"] != "error":
        return count, outputs, None
    line = _line()
    lines = source.splitlines()
    code = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    failure = {"name": reply["ename"], "text": reply["evalue"], "line": line, "code": code}
    return count, outputs, failure


def _add(outputs: list[Any], output: Any) -> None:
    """Add an output; text that follows text of the same stream is one output."""
    last = outputs[-1] if outputs else {}
    if output["output_type"] == "stream" and last.get("name") == output["name"]:
        last["text"] += output["text"]
    else:
        outputs.append(output)


def _line() -> int:
    """Return the line of its cell at which the last exception arose, or 1 if it has none."""
    exception = getattr(sys, "last_value", None)
    if isinstance(exception, SyntaxError):
        return exception.lineno or 1
    found, step = 1, getattr(exception, "__traceback__", None)
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_name == "<module>" and step.tb_frame.f_globals.get("__name__") == "__main__":
            found = step.tb_lineno
        step = step.tb_next
    return found


def _modules() -> set[str]:
    """Return the files of this package's modules that were loaded."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {path for path in files if path and Path(path).is_relative_to(_PACKAGE)}
