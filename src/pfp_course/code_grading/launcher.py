"""Start a kernel inside the sandbox: the only part of the grader that stands beside student code.

Run as ``python -I launcher.py SETTINGS``, with settings as JSON. It gives up what rights it has,
sets the limits, lays out the student's folder and starts an IPython kernel. It imports nothing of
the course, and knows nothing of tests or marks.
"""

import json
import os
import resource
import select
import shutil
import sys
from pathlib import Path
from typing import Any

# A kernel imports these only to debug and to complete names; the two cost a tenth of a second.
_NOT_NEEDED = ("debugpy", "jedi")


def _require_grader() -> None:
    """End where the grader was killed before the sandbox was tied to its life."""
    if select.select([0], [], [], 0)[0]:  # nothing is ever written: this is the end of it
        sys.exit(1)
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)


def _give_up_rights(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _set_limits(limits: dict[str, Any], *, alone: bool) -> None:
    megabyte = 1024 * 1024
    caps = {
        resource.RLIMIT_AS: limits["memory"] * megabyte,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: int(limits["notebook"] * 4) + 1,
        resource.RLIMIT_FSIZE: limits["disk"] * megabyte,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    if alone:
        # Elsewhere it would count the processes of everybody under this name.
        caps[resource.RLIMIT_NPROC] = limits["tasks"]
    for kind, most in caps.items():
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _lay_out(settings: dict[str, Any]) -> None:
    for folder in ("home", "work", "matplotlib"):
        Path(settings["room"], folder).mkdir(exist_ok=True)
    work = Path(settings["room"], "work")
    shutil.copytree(
        settings["files"], work, dirs_exist_ok=True, copy_function=shutil.copyfile, symlinks=True
    )
    for part in map(Path, settings["course"]):
        Path(settings["room"], part.name).symlink_to(part)
    if settings["fonts"]:
        shutil.copy(settings["fonts"], Path(settings["room"], "matplotlib"))
    os.chdir(work)


def _serve(settings: dict[str, Any]) -> None:
    for name in _NOT_NEEDED:
        sys.modules[name] = None  # type: ignore[assignment]
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(
        [
            f"--IPKernelApp.connection_file={settings['connection']}",
            "--HistoryManager.enabled=False",
            "--IPCompleter.use_jedi=False",
            "--IPKernelApp.log_level=50",
        ]
    )
    for name in _NOT_NEEDED:
        del sys.modules[name]
    # Until here its standard error told the grader why a start failed.
    with Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 2)
    Path(settings["ready"]).touch()
    app.start()


def _main() -> None:
    _require_grader()
    settings = json.loads(sys.argv[1])
    if settings["uid"]:
        _give_up_rights(settings["uid"])
    _set_limits(settings["limits"], alone=settings["alone"])
    _lay_out(settings)
    sys.argv[1:] = []
    _serve(settings)


if __name__ == "__main__":
    _main()
