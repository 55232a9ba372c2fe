"""Run notebooks in parallel, and again only when something that they depend on has changed.

Each notebook runs in a process of its own, forked from one that has pandas and Matplotlib loaded
(where the system cannot fork, in a new one). What it reads is noted while it runs, so that a later
build knows whether its outputs still stand: its code cells, the tables and banks it read, the
modules of this package that it loaded, and the versions of all libraries.
"""

import json
import multiprocessing
import os
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import Any

from pfp_course.course import for_static_page
from pfp_course.files import installed_versions, json_or, notebook_in, write_whole

__all__ = ["Executor", "Outputs", "available_workers"]

_PACKAGE = Path(__file__).resolve().parents[1]
_KEPT = 4  # results of one notebook: enough to go back and forth between branches


@dataclass(frozen=True)
class Outputs:
    """What running a notebook gave.

    ``cells`` holds for each code cell in order its execution count and its outputs, as in the
    notebook format; ``error`` says where and why it stopped, and is empty if it ran to its end.
    """

    cells: tuple[tuple[int | None, list[dict[str, Any]]], ...]
    language: dict[str, Any]
    seconds: float
    error: str = ""
    cached: bool = False

    def put_into(self, notebook: dict[str, Any]) -> None:
        """Put the outputs into a notebook with the same code cells."""
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for cell, (count, outputs) in zip(code, self.cells, strict=True):
            cell["execution_count"], cell["outputs"] = count, outputs
        notebook["metadata"]["language_info"] = self.language


def available_workers() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Executor:
    """Runs notebooks of a project, and remembers what they gave.

    Parameters
    ----------
    root : pathlib.Path
        The project: what its notebooks read in it is noted.
    memory : pathlib.Path
        Folder for the results. It may be removed at any time.
    workers : int
        How many notebooks run at once.
    timeout : float
        Seconds after which a notebook is stopped.
    static : bool
        Whether output is made for a page without a kernel. A memory is for one or the other.
    """

    def __init__(
        self, root: Path, memory: Path, *, workers: int, timeout: float, static: bool = False
    ) -> None:
        self._root, self._memory, self._timeout = root.resolve(), memory, timeout
        self._static = static
        self._pool = ThreadPoolExecutor(workers)
        self._runs: dict[Path, Future[Outputs]] = {}
        self._digests: dict[str, str] = {}
        forked = "forkserver" in multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if forked else "spawn")
        if forked:
            self._context.set_forkserver_preload(["pfp_course.chapters.runner"])

    def submit(self, paths: Iterable[Path]) -> None:
        """Begin to run the notebooks whose outputs are not known."""
        for path in paths:
            self._runs[path] = self._pool.submit(self._outputs, path)

    def outputs(self, path: Path) -> Outputs:
        """Return the outputs of a notebook; wait until it has run, if it must."""
        if path not in self._runs:
            self.submit([path])
        return self._runs[path].result()

    def close(self) -> None:
        """Forget what has not begun, and wait for the rest."""
        self._pool.shutdown(cancel_futures=True)

    def _outputs(self, path: Path) -> Outputs:
        folder = self._memory / path.stem / _digest(_code(path) + installed_versions())
        for entry in sorted(folder.glob("*.json"), key=_age):
            # One that is damaged is as if it were not there.
            if kept := json_or(entry, self._still, None):
                return kept
        result = self._run(path)
        outputs = Outputs(
            result["outputs"], result["language"], result["seconds"], _told(path, result["error"])
        )
        if not outputs.error:
            self._remember(folder, path, result)
        return outputs

    def _still(self, known: Any) -> Outputs | None:
        """Return outputs that were kept, if what they depend on is the same."""
        same = all(self._now(name) == digest for name, digest in known["inputs"].items())
        return Outputs(**known["outputs"], cached=True) if same else None

    def _remember(self, folder: Path, path: Path, result: dict[str, Any]) -> None:
        inputs = {}
        for kind in ("files", "folders"):
            # The text of the notebook itself may change: only its code has an effect.
            names = (self._name(kind, Path(name)) for name in result[kind] if name != str(path))
            inputs.update({name: self._now(name) for name in names if name})
        kept = {name: result[name] for name in ("language", "seconds")}
        text = json.dumps({"inputs": inputs, "outputs": {"cells": result["outputs"], **kept}})
        write_whole(folder / f"{_digest(json.dumps(inputs))}.json", text.encode())
        for old in sorted(folder.parent.glob("*/*.json"), key=_age)[_KEPT:]:
            old.unlink(missing_ok=True)

    def _name(self, kind: str, path: Path) -> str:
        """Return an input's name, which holds no path of this machine; empty if it is none."""
        if path.is_relative_to(sys.prefix) or path.is_relative_to(self._memory.resolve()):
            return ""
        for place, base in self._places().items():
            if path.is_relative_to(base):
                return f"{kind}:{place}:{path.relative_to(base).as_posix()}"
        return ""

    def _places(self) -> dict[str, Path]:
        return {"package": _PACKAGE, "data": (self._root / "data").resolve(), "root": self._root}

    def _now(self, name: str) -> str:
        """Return the digest of an input as it is now; empty if it is not there."""
        if name not in self._digests:
            kind, place, relative = name.split(":", 2)
            path = self._places()[place] / relative
            self._digests[name] = _listing(path) if kind == "folders" else _content(path)
        return self._digests[name]

    def _run(self, path: Path) -> dict[str, Any]:
        """Run a notebook in a process of its own."""
        here, there = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(path, self._static, there), daemon=True)
        process.start()
        there.close()
        try:
            if not wait([here], self._timeout):
                error = {"ended": f"it did not end within {self._timeout:.0f} seconds"}
            else:
                result: dict[str, Any] = here.recv()
                return result
        except EOFError:
            process.join()
            error = {"ended": f"its process ended by itself (exit code {process.exitcode})"}
        finally:
            process.kill()
            process.join()
            here.close()
        count = sum(1 for cell in notebook_in(path)["cells"] if cell["cell_type"] == "code")
        return {"outputs": [(None, [])] * count, "language": {}, "seconds": 0.0, "error": error}


def _work(path: Path, static: bool, answer: Connection) -> None:
    """Run a notebook and send what it gave: the body of a worker process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A build that is killed leaves no notebook running.
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    from pfp_course.chapters.runner import run

    if static:
        for_static_page()
    answer.send(run(path))


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _told(path: Path, error: dict[str, Any] | None) -> str:
    """Return an error in a sentence: notebook, cell, line, cause, mend."""
    if error is None:
        return ""
    name = f"{path.parent.name}/{path.name}"
    if "ended" in error:
        return f"{name}: {error['ended']}. Run it in JupyterLab to see which cell is at fault."
    text = " ".join(str(error["text"]).split()) or "it says no more"
    cause = text if text.endswith((".", "!", "?")) else f"{text}."
    return (
        f"{name}: cell {error['cell']!r}, line {error['line']}: {error['name']}: {cause} "
        f"The line is `{error['code']}`. Correct the cell, or give it the tag raises-exception if "
        "the error is meant."
    )


def _code(path: Path) -> str:
    """Return what runs of a notebook: its code cells with their tags."""
    return json.dumps(
        [
            ("".join(cell["source"]), cell["metadata"].get("tags", []))
            for cell in notebook_in(path)["cells"]
            if cell["cell_type"] == "code"
        ]
    )


def _age(path: Path) -> float:
    return -path.stat().st_mtime


def _content(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _listing(path: Path) -> str:
    try:
        names = sorted(child.name for child in path.iterdir())
    except OSError:
        return ""
    # What is built or compiled is no input.
    return _digest("\n".join(name for name in names if not name.startswith((".", "_"))))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
