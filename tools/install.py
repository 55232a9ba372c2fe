"""Make .venv and install the locked libraries into it: `make book`, `make test`, or by hand.

    python tools/install.py book    # what builds the book
    python tools/install.py dev     # that, and what the tests need

Needs Python 3.11 with its module venv, and nothing else. The libraries come from the index that
pip or uv is set up for, and each file must have a hash of the lock file.
"""

from __future__ import annotations  # an older Python reads this file, to start a newer one

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCKS = {"book": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
OLDEST = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11")
QUIET = ("--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore")
_UV = re.compile(r"^uv==\S+.*(?:\n +.*)*\n", re.MULTILINE)
_SETTING = re.compile(r"^(global|install|:env:)\.([a-z-]+)=(.+)$", re.MULTILINE)


class InstallError(Exception):
    """Something that a user has to mend."""


def say(text: str) -> None:
    """Print a line at once, also into a file."""
    print(text, flush=True)


def run(command: list[str], settings: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed.

    Raises
    ------
    InstallError
        If it failed, with the end of what it said.
    """
    environ = {**os.environ, **(settings or {})}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise InstallError(f"{command[0]}: {error.strerror}") from None
    if done.returncode:
        lines = [
            line
            for line in (done.stdout + done.stderr).splitlines()
            if line.strip() and not line.startswith("WARNING")
        ]
        raise InstallError("\n".join(lines[-8:]) or f"it ended with {done.returncode}")
    return done.stdout


def in_venv(name: str) -> Path:
    """Return the path of a program of the environment."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def newer_python() -> str | None:
    """Return a Python on the path that is new enough."""
    code = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    for name in NEWER:
        path = shutil.which(name)
        if path and not subprocess.run([path, "-c", code], capture_output=True).returncode:
            return path
    return None


def make_venv() -> None:
    """Make the environment, unless there is one that works."""
    code = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        run([str(in_venv("python")), "-c", code])
        return
    except InstallError:
        pass
    say(f"Making .venv with Python {sys.version.split()[0]} ({sys.executable}).")
    try:
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    except InstallError as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise InstallError(
            f"Python could not make an environment: {error}\nOn Debian and Ubuntu install its "
            "module first: sudo apt-get install python3-venv"
        ) from None


def is_there(place: str) -> bool:
    """Return False for a folder that is not on this computer: pip passes over it, uv stops."""
    if "://" in place and not place.startswith("file://"):
        return True
    return "/" not in place or Path(url2pathname(urlsplit(place).path)).exists()


def uv_settings(pip_config: str, environ: dict[str, str]) -> dict[str, str]:
    """Return the variables that let uv use the index that pip is set up for.

    Parameters
    ----------
    pip_config
        What ``pip config list`` prints; uv does not read it.
    environ
        The variables of this process. Whoever has set up uv has said what it shall use.
    """
    indexes = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL")
    if any(environ.get(name) for name in (*indexes, "UV_FIND_LINKS", "UV_CONFIG_FILE")):
        return {}
    # Sections that come later count more.
    order = {"global": 0, "install": 1, ":env:": 2}
    found = sorted(_SETTING.findall(pip_config), key=lambda one: order[one[0]])
    pip = {
        key: [word for word in str(ast.literal_eval(value)).split() if is_there(word)]
        for _, key, value in found
    }
    settings = {
        "UV_DEFAULT_INDEX": " ".join(pip.get("index-url", [])),
        "UV_INDEX": " ".join(pip.get("extra-index-url", [])),
        # As pip does: all indexes count alike. The hashes say which file is meant.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if pip.get("extra-index-url") else "",
        "UV_FIND_LINKS": ",".join(pip.get("find-links", [])),
        "UV_NO_INDEX": "1" if pip.get("no-index") in (["1"], ["true"], ["True"]) else "",
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", [])),
        "SSL_CERT_FILE": " ".join(pip.get("cert", [])),
        "ALL_PROXY": " ".join(pip.get("proxy", [])),
    }
    return {name: value for name, value in settings.items() if value and not environ.get(name)}


def fetch_uv(folder: Path) -> str:
    """Return uv: the one of this computer, or the locked wheel, fetched into a folder.

    It is used once, so it stays out of the environment of those who only read.

    Raises
    ------
    InstallError
        If it cannot be had.
    """
    installed = shutil.which("uv") or shutil.which("uv", path=str(in_venv("python").parent))
    if installed:
        return installed
    locked = _UV.search(LOCKS["dev"].read_text(encoding="utf-8"))
    if locked is None:
        raise InstallError("the lock file does not name it")
    pin = folder / "uv.txt"
    pin.write_text(locked[0], encoding="utf-8")
    pip = [str(in_venv("python")), "-m", "pip", "install", *QUIET, "--retries", "1"]
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    run([*pip, *options, "--target", str(folder / "uv"), "--requirement", str(pin)])
    name = "uv.exe" if os.name == "nt" else "uv"
    found = next((path for path in (folder / "uv").rglob(name) if path.is_file()), None)
    if found is None:
        raise InstallError("its wheel holds no program")
    return str(found)


def install(group: str) -> None:
    """Install the locked libraries of a group, and the course itself from this folder."""
    lock = LOCKS[group]
    python, environ = str(in_venv("python")), dict(os.environ)
    locked = ["--require-hashes", "--requirement", str(lock)]
    course = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            uv = [fetch_uv(Path(folder)), "pip", "install", "--quiet", "--python", python]
            settings = uv_settings(run([python, "-m", "pip", "config", "list"]), environ)
            say(f"Installing the libraries of {lock.name} with uv: each file must have its hash.")
            # Python keeps what it compiles as it imports, in a third of the time that all files
            # take; where it may not, every process would compile anew.
            compiled = ["--compile-bytecode"] if sys.dont_write_bytecode else []
            run([*uv, *locked, *compiled], settings)
            run([*uv, *course], settings)
            return
    except InstallError as error:
        reason = "; ".join(line.strip() for line in str(error).splitlines()[-3:])
    say(f"uv cannot be used here ({reason}), so pip installs, which takes some minutes.")
    pip = [python, "-m", "pip", "install", *QUIET]
    try:
        # The lock is whole. An older pip would still look for what an extra of a pinned library
        # needs, take the newest version of that library, and stop at it.
        run([*pip, "--no-deps", *locked])
        run([*pip, *course])
    except InstallError as error:
        raise InstallError(
            f"The libraries could not be installed:\n{error}\nIs this computer connected? "
            "pip takes them from the index that it is set up for (pip config list)."
        ) from None


def size(folder: Path) -> int:
    """Return the bytes in a folder."""
    return sum(
        (Path(path) / name).lstat().st_size for path, _, names in os.walk(folder) for name in names
    )


def main(words: list[str]) -> int:
    """Set up the environment for a group; return the exit code."""
    if len(words) != 1 or words[0] not in LOCKS:
        say((__doc__ or "").strip())
        return 2
    if sys.version_info < OLDEST:
        newer = newer_python()
        if newer is None:
            say(
                f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]} "
                f"({sys.executable}). Install one, or name it: make PYTHON=/path/to/python book"
            )
            return 1
        return subprocess.run([newer, __file__, *words], check=False).returncode
    begun = time.monotonic()
    try:
        make_venv()
        install(words[0])
    except InstallError as error:
        say(str(error))
        return 1
    megabytes = size(VENV) // 1_000_000
    say(f".venv is ready: {megabytes} MB, after {time.monotonic() - begun:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
