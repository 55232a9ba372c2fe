"""The sandbox: bubblewrap around one kernel, with nothing of the machine but what Python needs."""

import errno
import functools
import json
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pfp_course.course import Course, lock_path
from pfp_course.errors import CourseError

__all__ = [
    *("Limits", "Sandbox", "content_of", "fonts", "how_to_allow", "how_to_install", "program"),
    *("sandbox", "visible"),
]


LAUNCHER = Path(__file__).with_name("launcher.py")
# A range that no distribution gives out; each kernel has its own number in it.
_FIRST_UID, _UIDS = 1_879_048_192, 134_217_728
_MADE = ("/", "/dev", "/proc", "/tmp")
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # else each thread reserves address space that is never used
    "NBGRADER_EXECUTION": "autograde",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "USER": "student",
}


@dataclass(frozen=True)
class Limits:
    """Caps for one notebook.

    Attributes
    ----------
    cell, notebook : float
        Seconds for one cell, and for all cells together.
    memory : int
        Megabytes, of all processes of the notebook together.
    output : int
        Megabytes that it may send: text, tables and figures.
    disk : int
        Megabytes that it may write; they are kept in memory and end with it.
    tasks : int
        Threads and processes at one time. The kernel itself needs about fifteen.
    processes : int
        Processes at one time.
    """

    cell: float = 60
    notebook: float = 600
    memory: int = 2048
    output: int = 20
    disk: int = 64
    tasks: int = 96
    processes: int = 12

    def as_dict(self) -> dict[str, Any]:
        """Return the caps as JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True)
class Sandbox:
    """How kernels are started; without ``program`` they run bare, with the grader's rights.

    ``content`` is what `content_of` returns for the course that notebooks load.
    """

    program: str | None
    as_root: bool
    closes_namespaces: bool
    content: Path | None = None

    @property
    def summary(self) -> str:
        """What holds a notebook, in words for the report."""
        if self.program is None:
            return "none: notebooks run with your own rights"
        rights = "an unused user id each" if self.as_root else "a user namespace each"
        calls = "a filter of system calls, " if program() else ""
        return f"bubblewrap, {rights}, {calls}rlimits, and a watch over memory and processes"

    def command(
        self, room: Path, number: int, limits: Limits
    ) -> tuple[list[str], dict[str, str], int]:
        """Return what starts a kernel: the command, its environment, and its user id.

        ``room`` is a private folder: the kernel's sockets are made in ``room/sockets``, and the
        student's files lie in ``room/files``. ``number`` is that of this kernel among all of the
        process: no two at a time share a user id.
        """
        inside = Path("/tmp") if self.program else room
        uid = 0
        if self.as_root and self.program:
            uid = _FIRST_UID + (os.getpid() * 32 + number % 32) % _UIDS
        settings = {
            "uid": uid,
            "limits": limits.as_dict(),
            "alone": self.program is not None and (self.as_root or _counts_alone()),
            "room": str(inside),
            "files": str(room / "files"),
            "course": [str(path) for path in _parts(self.content)] if self.content else [],
            "fonts": fonts(),
            "connection": str(room / "sockets" / "connection.json"),
            "ready": str(room / "sockets" / "ready"),
        }
        python = [sys.executable, "-I", str(LAUNCHER), json.dumps(settings)]
        environment = _ENVIRONMENT | {
            "HOME": f"{inside}/home",
            "IPYTHONDIR": f"{inside}/home",
            "MPLCONFIGDIR": f"{inside}/matplotlib",
            "TMPDIR": str(inside),
        }
        if self.program is None:
            return python, environment, uid
        return [self.program, *self._walls(room, limits), "--", *python], environment, uid

    def _walls(self, room: Path, limits: Limits) -> list[str]:
        walls = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        walls += ["--unshare-cgroup-try", "--hostname", "notebook"]
        walls += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        if self.as_root:
            # The launcher needs these two to become an unused user, and loses them by that.
            walls += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            walls += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
            walls += ["--disable-userns"] if self.closes_namespaces else []
        # First the empty folders: what is shown may lie in one of them.
        size = str(limits.disk * 1024 * 1024)
        walls += ["--proc", "/proc", "--dev", "/dev"]
        walls += ["--perms", "1777", "--size", size, "--tmpfs", "/dev/shm"]
        walls += ["--perms", "1777", "--size", size, "--tmpfs", "/tmp"]
        shown = [*visible(self.content), str(room / "files"), *filter(None, [fonts()])]
        for folder in sorted({parent for path in shown for parent in Path(path).parents}):
            # bubblewrap would close the folders in between to everybody but root.
            walls += ["--perms", "0755", "--dir", str(folder)] if str(folder) not in _MADE else []
        for path in shown:
            walls += ["--ro-bind", path, path]
        for link in ("/bin", "/lib", "/lib32", "/lib64", "/sbin"):
            if Path(link).is_symlink():
                walls += ["--symlink", str(Path(link).readlink()), link]
            elif Path(link).is_dir():
                walls += ["--ro-bind", link, link]
        walls += ["--bind", str(room / "sockets"), str(room / "sockets")]
        return [*walls, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


def content_of(course: Course) -> Path | None:
    """Return the root of a course of one's own; None for the course that the package brings.

    Another machine has that course, too, and perhaps elsewhere.
    """
    return None if course.root == lock_path().parent else course.root


def sandbox(content: Path | None = None, *, bare: bool = False) -> Sandbox:
    """Return how kernels are started on this machine, for the notebooks of a course.

    Raises
    ------
    CourseError
        If bubblewrap is missing; the message says how to install it.
    """
    if bare:
        return Sandbox(None, as_root=False, closes_namespaces=False, content=content)
    program = shutil.which("bwrap")
    if program is None or platform.system() != "Linux":
        raise CourseError(f"bubblewrap is missing, so no notebook was run. {how_to_install()}")
    return Sandbox(program, os.geteuid() == 0, _knows(program), content)


def how_to_install() -> str:
    """Return what to do on this machine to have the sandbox."""
    if platform.system() == "Linux":
        return (
            "Install it: `sudo apt install bubblewrap` on Debian and Ubuntu, "
            "`sudo dnf install bubblewrap` on Fedora, `sudo pacman -S bubblewrap` on Arch."
        )
    if platform.system() == "Windows":
        return (
            "Windows has none. Run `wsl --install` once, open Ubuntu, run "
            "`sudo apt install bubblewrap` there, install the course there, and grade there."
        )
    return (
        "macOS has none. Use a virtual machine with Linux, for example with `multipass launch "
        "--name grading`, run `sudo apt install bubblewrap` in it, install the course there, and "
        "grade there."
    )


def how_to_allow(problem: str) -> str:
    """Return what to do where bubblewrap is installed and the system does not let it work."""
    if not any(word in problem for word in ("namespace", "uid map", "Operation not permitted")):
        return ""
    return (
        "Your system keeps ordinary users from the namespaces that the sandbox is made of. On "
        "Ubuntu 24.04 and later, allow them until the next restart: "
        "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`. On older Debian: "
        "`sudo sysctl -w kernel.unprivileged_userns_clone=1`. In a container, start it with "
        "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
        "--security-opt systempaths=unconfined`."
    )


@functools.cache
def _knows(program: str) -> bool:
    told = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    return "--disable-userns" in told.stdout + told.stderr


def _counts_alone() -> bool:
    # Since Linux 5.14 a user namespace has a count of processes of its own.
    numbers = platform.release().split(".")[:2]
    return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in numbers) >= (5, 14)


def _parts(content: Path | None) -> list[Path]:
    """Return what a notebook needs of a course, which it finds by its ``course.toml``."""
    root = content or lock_path().parent
    if not (root / "course.toml").is_file():
        raise CourseError(
            f"There is no course in {root} on this machine. Put it there, or grade without a "
            "cluster."
        )
    return [root / name for name in ("course.toml", "data", "notebooks")]


@functools.cache
def visible(content: Path | None = None) -> tuple[str, ...]:
    """Return the folders that a notebook can read: system libraries, Python, the course itself.

    Raises
    ------
    CourseError
        If the course is not on this machine.
    """
    told = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; print('\\n'.join(sys.path))"],
        capture_output=True,
        text=True,
        check=True,
    )
    package = Path(__file__).resolve().parents[2]
    wanted = [
        "/usr",
        "/etc/alternatives",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d",
        "/etc/localtime",
        sys.prefix,
        sys.base_prefix,
        str(Path(sys.executable).resolve().parents[1]),
        sysconfig.get_path("stdlib"),
        *(entry for entry in told.stdout.splitlines() if entry and package.parent != Path(entry)),
        str(package),
        *map(str, _parts(content)),
    ]
    found: list[Path] = []
    for path in sorted({Path(entry) for entry in wanted}):
        if path.exists() and not any(path.is_relative_to(other) for other in found):
            found.append(path)
    return tuple(str(path) for path in found)


@functools.cache
def fonts() -> str:
    """Return Matplotlib's list of fonts, or nothing; to make it anew takes seconds."""
    # Read, and not asked for: to import Matplotlib takes longer than to start a kernel.
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        return ""
    text = Path(found.origin).with_name("font_manager.py").read_text(encoding="utf-8")
    version = re.search(r"^    __version__ = ['\"](.+)['\"]$", text, re.MULTILINE)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "matplotlib")
    folder = Path(os.environ.get("MPLCONFIGDIR") or home)
    path = folder / f"fontlist-v{version[1] if version else ''}.json"
    if not path.is_file():
        make = [sys.executable, "-I", "-c", "import matplotlib.font_manager"]
        subprocess.run(make, capture_output=True, check=False)
    return str(path) if path.is_file() else ""


# Numbers of the Linux kernel's tables for x86_64 and for aarch64.
_DENIED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "io_uring_setup": (425, 425),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "request_key": (249, 218),
    "setns": (308, 268),
    "shmget": (29, 194),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_NEW_NAMESPACES = 0x7E020000
_FAMILIES = (1, 2, 10, 16)  # UNIX, INET, INET6, NETLINK: none leaves the sandbox's own network

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16


def program(machine: str | None = None) -> bytes:
    """Return the filter as bytes for ``bwrap --seccomp``; empty on a machine it does not know."""
    known = _ARCHITECTURES.get(machine or platform.machine())
    if known is None:
        return b""
    column, architecture = known
    refuse, allow = _step(_RETURN, _REFUSE | errno.EPERM), _step(_RETURN, _ALLOW)
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        # The calls of x32 are the same ones under other numbers.
        *(_step(_AT_LEAST, 0x40000000, 0, 1), refuse),
    ]
    for numbers in _DENIED.values():
        steps += [_step(_EQUAL, numbers[column], 0, 1), refuse]
    # Its flags lie in memory, where a filter cannot read them; libraries fall back to clone.
    steps += [_step(_EQUAL, _CLONE3[column], 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    steps += [
        _step(_EQUAL, _CLONE[column], 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        *(_step(_ANY_BIT, _NEW_NAMESPACES, 0, 1), refuse),
        allow,
    ]
    families = [
        _step(_EQUAL, family, len(_FAMILIES) - place, 0) for place, family in enumerate(_FAMILIES)
    ]
    steps += [
        _step(_EQUAL, _SOCKET[column], 0, len(families) + 2),
        _step(_LOAD, _FIRST_ARGUMENT),
        *families,
        _step(_RETURN, _REFUSE | errno.EAFNOSUPPORT),
        allow,
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
