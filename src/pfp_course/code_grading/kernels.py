"""A kernel in the sandbox, seen from outside: how it is started, watched, capped and ended."""

import asyncio
import itertools
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.session import Session

from pfp_course.code_grading import sandbox
from pfp_course.code_grading.sandbox import Limits, Sandbox

__all__ = ["CLOSED", "BoxedKernel", "KernelLost", "family", "sweep"]

CLOSED = "it closed its connection"
_numbers = itertools.count()
_ROOM = "pfp-run-"
_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
_START = 60.0  # seconds that a kernel may take to start on a busy machine
_EVERY = 0.1  # seconds between two looks at its processes
_LARGEST_MESSAGE, _WAITING_MESSAGES = 8_000_000, 16


class KernelLost(Exception):  # noqa: N818 - it says what happened
    """The kernel ended before its notebook did; the message says why."""


class _CountedSession(Session):
    """A session that counts what arrives before it is read."""

    def count(self, size: int) -> None:
        """Take note of a message; replaced by the kernel that owns the session."""

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        self.count(
            sum(len(part) if isinstance(part, bytes) else len(part.bytes) for part in msg_list)
        )
        return super().deserialize(msg_list, content=content, copy=copy)


class BoxedKernel:
    """One kernel for one notebook. Use it as an asynchronous context manager.

    It is killed at the cap of memory, output, processes or files, and ``lost`` says so. ``files``
    lie beside the notebook, by path inside the student's folder.
    """

    def __init__(self, sandbox: Sandbox, limits: Limits, files: Mapping[str, bytes]) -> None:
        self.sandbox, self.limits, self.files = sandbox, limits, files
        self.lost = ""
        self.output = 0
        self.room = Path()
        self.client: Any = None
        self.language_info: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._watches: list[asyncio.Task[None]] = []
        self._context: Any = None

    async def __aenter__(self) -> "BoxedKernel":
        self.room = Path(tempfile.mkdtemp(prefix=f"{_ROOM}{os.getpid()}-"))
        try:
            if len(os.fsencode(self.room / "sockets" / "k-1")) > zmq.IPC_PATH_MAX_LEN:
                raise KernelLost(
                    f"the path of the folder for temporary files, {self.room.parent}, is too long "
                    "for a socket in it. Set a shorter one: export TMPDIR=/tmp"
                )
            self._launch()
            await self._connect()
        except BaseException:
            await self.close()
            raise
        self._watches = [
            asyncio.create_task(self._keep_watch()),
            *(
                asyncio.create_task(self._until_cut_off(channel.socket))
                for channel in (self.client.shell_channel, self.client.iopub_channel)
            ),
        ]
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.close()

    def _launch(self) -> None:
        for name in ("files", "sockets"):
            (self.room / name).mkdir()
        for name, content in self.files.items():
            path = self.room / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        sockets = self.room / "sockets"
        self._connection: dict[str, Any] = {
            "transport": "ipc",
            "ip": str(sockets / "k"),
            "key": secrets.token_hex(16),
            "signature_scheme": "hmac-sha256",
            "kernel_name": "python3",
            **{f"{name}_port": place for place, name in enumerate(_CHANNELS, start=1)},
        }
        (sockets / "connection.json").write_text(json.dumps(self._connection), encoding="utf-8")
        command, environment, uid = self.sandbox.command(self.room, next(_numbers), self.limits)
        self._uid = uid
        if uid:
            os.chown(sockets, uid, uid)
            self.room.chmod(0o711)
        walls = sandbox.program() if self.sandbox.program else b""
        passed: tuple[int, ...] = ()
        if walls:
            reading, writing = os.pipe()
            os.write(writing, walls)
            os.close(writing)
            passed = (reading,)
            command[1:1] = ["--seccomp", str(reading)]
        try:
            self._complaint = (self.room / "complaint").open("wb+")
            self._process = subprocess.Popen(
                command,
                env=environment,
                cwd=self.room,
                # It ends with this process, and so tells the launcher whether that is still there.
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._complaint,
                pass_fds=passed,
                start_new_session=True,
            )
        finally:
            for descriptor in passed:
                os.close(descriptor)

    async def _connect(self) -> None:
        await self._until_ready()
        # No socket is opened again once student code has run: what lies at its path then may be
        # anything. What waits unread is bounded: the largest message times the number of them.
        self._context = zmq.asyncio.Context()
        for option, value in {
            zmq.RECONNECT_IVL: -1,
            zmq.MAXMSGSIZE: _LARGEST_MESSAGE,
            zmq.RCVHWM: _WAITING_MESSAGES,
            zmq.LINGER: 0,
        }.items():
            self._context.setsockopt(option, value)
        session = _CountedSession(key=self._connection["key"].encode())
        session.count = self._count  # type: ignore[method-assign]
        self.client = AsyncKernelClient(
            context=self._context,
            session=session,
            transport="ipc",
            ip=self._connection["ip"],
            **{f"{name}_port": self._connection[f"{name}_port"] for name in _CHANNELS},
        )
        self.client.allow_stdin = False
        self.client.start_channels(stdin=False, hb=False)
        await asyncio.wait_for(self._greet(), _START)
        if self._uid:
            os.chown(self.room / "sockets", 0, 0)

    async def _until_ready(self) -> None:
        ready, deadline = self.room / "sockets" / "ready", time.monotonic() + _START
        while not ready.exists():
            if not self.alive:
                raise KernelLost(f"the kernel did not start: {self._complained()}")
            if time.monotonic() > deadline:
                raise KernelLost(f"the kernel did not start within {_START:.0f} seconds")
            await asyncio.sleep(0.01)

    def _complained(self) -> str:
        self._complaint.seek(0)
        told = self._complaint.read(2000).decode("utf-8", "replace").strip().splitlines()
        return told[-1] if told else "it said nothing"

    async def _greet(self) -> None:
        # A subscription takes a moment to arrive; the kernel's first word on iopub shows it.
        while True:
            asked = self.client.kernel_info()
            reply = await self.client.get_shell_msg(timeout=_START)
            if reply["parent_header"].get("msg_id") != asked:
                continue
            with suppress(Exception):
                while True:
                    told = await self.client.get_iopub_msg(timeout=0.3)
                    state = told["content"].get("execution_state")
                    if state == "idle" and told["parent_header"].get("msg_id") == asked:
                        self.language_info = reply["content"]["language_info"]
                        return

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    def _count(self, size: int) -> None:
        self.output += size
        if self.output > self.limits.output * 1_000_000:
            self.kill(f"it sent more than {self.limits.output} MB of output")

    def kill(self, reason: str) -> None:
        """End the kernel at once, and keep the first reason given."""
        self.lost = self.lost or reason
        if self._process is not None:
            for pid in [*family(self._process.pid), self._process.pid]:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def interrupt(self) -> None:
        """Interrupt the running cell, as the stop button does."""
        self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))

    async def _keep_watch(self) -> None:
        while self.alive:
            assert self._process is not None
            reason = _trespass(self._process.pid, self.room / "sockets", self.limits)
            if reason:
                self.kill(reason)
            await asyncio.sleep(_EVERY)

    async def _until_cut_off(self, socket: Any) -> None:
        # A message over the largest size is not received: ZeroMQ closes the connection.
        await socket.get_monitor_socket(zmq.EVENT_DISCONNECTED).poll()
        await asyncio.sleep(_EVERY)
        if self.alive:
            size = _LARGEST_MESSAGE // 1_000_000
            self.kill(f"{CLOSED}, or sent over {size} MB of output at once")

    async def close(self) -> None:
        """End the kernel and all that it started, and remove its folder."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        if self.client is not None:
            self.client.stop_channels()
            self.client = None
        if self._context is not None:
            self._context.destroy(linger=0)
        if self._process is not None:
            self.kill("")
            await asyncio.to_thread(self._process.wait)
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._complaint.close()
        shutil.rmtree(self.room, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of kernels whose grader was killed."""
    me = Path("/proc/self").owner()
    for room in Path(tempfile.gettempdir()).glob(f"{_ROOM}*"):
        pid = room.name.removeprefix(_ROOM).partition("-")[0]
        # Another grader on this machine may remove the same folder at the same moment.
        with suppress(OSError):
            if pid.isdigit() and not Path("/proc", pid).exists() and room.owner() == me:
                shutil.rmtree(room, ignore_errors=True)


def family(pid: int) -> Iterator[int]:
    """Yield the descendants of a process, the nearest first."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return
    for child in listed.split():
        yield int(child)
        yield from family(int(child))


def _trespass(pid: int, sockets: Path, limits: Limits) -> str:
    members = list(family(pid))
    if len(members) > limits.processes:
        return f"it started more than {limits.processes} processes"
    memory = sum(map(_memory, members))
    if memory > limits.memory * 1024:
        return f"it took more than {limits.memory} MB of memory"
    with suppress(OSError):
        # The one folder of the machine that it can write to holds its sockets.
        entries = list(os.scandir(sockets))
        if (
            len(entries) > 10
            or sum(entry.stat(follow_symlinks=False).st_size for entry in entries) > 100_000
        ):
            return "it wrote into the folder of its sockets"
    return ""


def _memory(pid: int) -> int:
    """Return the memory of a process in kB that it shares with no file."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return sum(
            int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem"))
        )
    return 0
