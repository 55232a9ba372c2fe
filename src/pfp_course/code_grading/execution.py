"""Run one notebook in the sandbox, as nbgrader's ``Execute`` runs it bare."""

import ast
import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import nbformat
from nbclient.exceptions import DeadKernelError
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade, is_grade, is_solution
from traitlets import Bool, Float, Integer

from pfp_course.code_grading.inert import make_inert
from pfp_course.code_grading.kernels import CLOSED, BoxedKernel, KernelLost
from pfp_course.code_grading.sandbox import Limits, content_of, sandbox
from pfp_course.code_grading.submissions import read_folder
from pfp_course.course import default_course
from pfp_course.questions.comparison import Compare, differs, received

__all__ = ["BoxedExecute", "Job", "Outcome", "claims", "run"]

_LONGEST_TEXT, _LARGEST_OUTPUT, _LONGEST_VALUE = 100_000, 3_000_000, 2_000_000
# What ends Python and not the cell alone.
_ENDS = re.compile(r"\b(exit\s*\(|quit\s*\(|os\s*\.\s*(?:_exit|abort|kill|killpg)\s*\()")
# Errors that a student's own computer may not have shown: it has files, programs, a network, a
# keyboard and other packages.
_HINDRANCES_WORDS = (
    "StdinNotImplementedError ModuleNotFoundError ImportError UsageError FileNotFoundError "
    "PermissionError ConnectionError ConnectionRefusedError URLError gaierror TimeoutError "
    "ConnectTimeout ReadTimeout NewConnectionError MaxRetryError ConnectError HTTPError "
    "MemoryError CalledProcessError NotADirectoryError IsADirectoryError OSError"
)
_HINDRANCES = frozenset(_HINDRANCES_WORDS.split())
_PATIENCE = 3.0  # seconds that an interrupted cell has to come to an end


@dataclass(frozen=True)
class Job:
    """A notebook to run, with all that is needed to run it on another machine."""

    notebook: str  # as JSON
    files: Mapping[str, bytes]  # what lies beside it, by path
    limits: Limits
    bare: bool = False  # whether it runs without the sandbox
    own: frozenset[int] = frozenset()  # places of cells whose text is the assignment's
    content: Path | None = None  # of `sandbox.content_of`, for the course that it loads


@dataclass
class Outcome:
    """What came of a run."""

    notebook: str = ""  # with its outputs, as JSON
    stopped: str = ""  # why it did not run to its end; empty if it did
    # Tests that never ran; and by test, why its result is not to be believed, and what was written
    # to standard error while it ran.
    unrun: list[str] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    inert: list[str] = field(default_factory=list)  # what was made inert in the notebook
    fault: str = ""  # what was wrong with the grader and not with the notebook; else all is empty
    seconds: float = 0.0


@dataclass(frozen=True)
class Claim:
    """A test says that the value of ``expression`` equals ``key``."""

    expression: str
    key: Any
    compare: Compare
    tolerance: float

    @property
    def request(self) -> str:
        """The expression that sends the value over from a kernel."""
        module = "__import__('pfp_course.questions.comparison', fromlist=['portable'])"
        return f"{module}.portable({self.expression}, {self.compare!r})"

    def holds(self, reply: Any) -> bool:
        """Tell whether a kernel's reply to the request is the right value."""
        try:
            shown = reply["data"]["text/plain"]
            if not isinstance(shown, str) or len(shown) > _LONGEST_VALUE:
                return False
            value = received(ast.literal_eval(shown))
            return differs(value, self.key, self.compare, self.tolerance) is None
        except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
            return False


def claims(source: str) -> list[Claim]:
    """Return what the asserts of a test cell claim, where they have the form we write.

    Other tests are left to what nbgrader makes of them.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    found = []
    for node in tree.body:
        match node:
            case ast.Assert(ast.Compare(ast.Call(ast.Name("differs"), [value, *more]))):
                try:
                    key, compare, tolerance = map(ast.literal_eval, more)
                except ValueError:  # there are more or fewer, or one of them is no literal
                    continue
                if compare in get_args(Compare):
                    found.append(Claim(ast.unparse(value), key, compare, float(tolerance)))
    return found


class BoxedExecute(Execute):  # type: ignore[misc]
    """nbgrader's ``Execute`` with its kernel in the sandbox.

    It may stand in ``c.Autograde.autograde_preprocessors`` of an ``nbgrader_config.py``, too.
    """

    sandboxed = Bool(True, help="Run the kernel in bubblewrap.").tag(config=True)
    notebook_seconds = Float(Limits.notebook, help="Seconds for all cells.").tag(config=True)
    memory = Integer(Limits.memory, help="Megabytes of memory.").tag(config=True)
    output_size = Integer(Limits.output, help="Megabytes of output.").tag(config=True)
    disk = Integer(Limits.disk, help="Megabytes of files.").tag(config=True)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.outcome = Outcome()
        self.files: Mapping[str, bytes] = {}
        self.content = content_of(default_course())  # nbgrader tells it of none
        self.limits = Limits(
            cell=self.timeout or Limits.cell,
            notebook=self.notebook_seconds,
            memory=self.memory,
            output=self.output_size,
            disk=self.disk,
        )

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
        """Run the notebook and return it; ``outcome`` says how it went."""
        self.nb, self.resources = nb, resources or {}
        self.reset_execution_trackers()
        self.comm_open_handlers: dict[str, Any] = {}
        self.store_widget_state = False
        self.iopub_timeout = _PATIENCE
        self.outcome = Outcome()
        beside = self.resources.get("metadata", {}).get("path")
        if beside and not self.files:  # called by nbgrader, and not by us
            self.files = read_folder(Path(beside)).files
        asyncio.run(self._in_kernel())
        return nb, self.resources

    async def _in_kernel(self) -> None:
        walls = sandbox(self.content, bare=not self.sandboxed)
        async with BoxedKernel(walls, self.limits, self.files) as self.kernel:
            self.kc = self.kernel.client
            self.nb.metadata["language_info"] = self.kernel.language_info
            started = time.monotonic()
            self._deadline = started + self.limits.notebook
            try:
                await self._run_cells()
            finally:
                self.outcome.seconds = time.monotonic() - started
                self.kc = None

    async def _run_cells(self) -> None:
        self._slow, self._hindered = False, ""
        for place, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            if not self.outcome.stopped:
                await self._run_cell(cell, place)
            if self.outcome.stopped and is_grade(cell):
                self.outcome.unrun.append(cell.metadata.nbgrader["grade_id"])

    async def _run_cell(self, cell: Any, place: int) -> None:
        self._too_slow = self._failed = False
        is_test = is_grade(cell) and not is_solution(cell)
        try:
            # Asked for before the test is sent: what could tell the key is not there yet.
            values = await self._values(cell) if is_test else []
            await self.async_execute_cell(cell, place, store_history=True)
            if is_test:
                self._settle(cell)
                self._confirm(cell, values)
        except Exception as error:  # whatever it is, it came from this notebook's kernel
            sources = [one.source for one in self.nb.cells[: place + 1] if one.cell_type == "code"]
            self.outcome.stopped = _reason(error, self.kernel.lost, self._too_slow, sources)
            self.kernel.kill(self.outcome.stopped)
        _trim(cell)
        self._slow = self._too_slow or (self._slow and not is_solution(cell))
        if not is_test:
            self._hindered = _hindrance(cell) or ("" if is_solution(cell) else self._hindered)

    def on_cell_executed(self, **told: Any) -> None:
        """Take note of what the kernel replied."""
        self._failed = told["execute_reply"]["content"]["status"] != "ok"
        super().on_cell_executed(**told)

    def _settle(self, cell: Any) -> None:
        """Leave to a test the outputs by which nbgrader may judge it.

        For nbgrader whatever writes to standard error has failed, be it a warning or a bar of
        progress; and it takes the first output that is a result or an error. Here a test has
        failed if the kernel says so, and then its error comes first.
        """
        name = cell.metadata.nbgrader["grade_id"]
        errors = [one for one in cell.outputs if one.output_type == "error"]
        results = [one for one in cell.outputs if one.output_type == "execute_result"]
        for one in cell.outputs:
            if one.output_type == "stream" and one.name == "stderr":
                self.outcome.printed[name] = self.outcome.printed.get(name, "") + one.text
                one.name = "stdout"
        if self._failed:
            cell.outputs = errors + [one for one in cell.outputs if one not in errors + results]
        elif errors:
            shown = "\n".join(line for one in errors for line in one.traceback)
            stream = nbformat.v4.new_output("stream", name="stdout", text=shown)
            cell.outputs = [one for one in cell.outputs if one not in errors] + [stream]
            if not claims(cell.source):
                self.outcome.doubts[name] = "it ended well and showed an error all the same"
        if not self._failed and len(results) > 1:
            self.outcome.doubts[name] = "it showed more than one result"

    async def _values(self, cell: Any) -> list[tuple[Claim, Any]]:
        return [(claim, await self._evaluated(claim.request)) for claim in claims(cell.source)]

    def _confirm(self, cell: Any, values: list[tuple[Claim, Any]]) -> None:
        name = cell.metadata.nbgrader["grade_id"]
        score, most = determine_grade(cell)
        if score == 0 and most and (self._slow or self._too_slow):
            self.outcome.doubts[name] = "a cell before it, or itself, ran out of time"
        elif score is not None and score < most and (why := self._hindered or _hindrance(cell)):
            self.outcome.doubts[name] = f"the answer before it could not run here: {why}"
        if score and not all(claim.holds(value) for claim, value in values):
            self.outcome.doubts[name] = (
                "it passed, but the value is not right when the grader looks at it: the notebook "
                "may have changed the test"
            )

    async def _evaluated(self, expression: str) -> Any:
        asked = self.kc.execute(
            "", silent=True, store_history=False, user_expressions={"value": expression}
        )
        deadline = time.monotonic() + _PATIENCE * 3
        while True:
            reply = await self.kc.get_shell_msg(timeout=max(0, deadline - time.monotonic()))
            if reply["parent_header"].get("msg_id") == asked:
                return reply["content"]["user_expressions"]["value"]

    def _get_timeout(self, cell: Any) -> Any:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise KernelLost(f"all cells together took over {self.limits.notebook:g} seconds")
        return min(self.limits.cell, left)

    async def _async_handle_timeout(self, timeout: float, cell: Any = None) -> Any:
        self._too_slow = True
        self.kernel.interrupt()
        return {"content": {**self.error_on_timeout, "status": "error"}}

    async def _async_check_alive(self) -> None:
        if not self.kernel.alive:
            raise DeadKernelError("Kernel died")

    async def _async_poll_kernel_alive(self) -> None:
        while self.kernel.alive:
            await asyncio.sleep(0.1)
        self.task_poll_for_reply.cancel()

    def _update_display_id(self, display_id: str, msg: Any) -> None:
        # Outputs of cells that have ended stay as they are.
        return


def _reason(error: Exception, lost: str, too_slow: bool, sources: list[str]) -> str:
    """Return why a kernel is gone, or cannot be talked to."""
    if not lost or lost.startswith(CLOSED):
        calls = [call for source in sources for call in _ENDS.findall(source)]
        if calls and (lost or isinstance(error, DeadKernelError)):
            return f"its code calls {''.join(calls[-1].split())}), which ends Python"
    if lost or isinstance(error, KernelLost):
        return lost or str(error)
    if too_slow:
        return "a cell ran out of time and could not be interrupted"
    if isinstance(error, DeadKernelError):
        return "its Python stopped in the middle, as os._exit or a crash does"
    return f"its kernel answered in a way that cannot be read ({type(error).__name__})"


def _hindrance(cell: Any) -> str:
    """Return the error of a cell that may be owed to the sandbox and not to the answer."""
    commands = re.search(r"^\s*[%!]", cell.source, re.MULTILINE)
    for output in cell.outputs:
        if output.output_type == "error" and (commands or output.ename in _HINDRANCES):
            return f"{output.ename}: {output.evalue}"[:120]
    return ""


def _trim(cell: Any) -> None:
    for output in cell.outputs:
        if output.get("output_type") == "stream" and len(output.get("text", "")) > _LONGEST_TEXT:
            output["text"] = output["text"][:_LONGEST_TEXT] + "\n[cut off here by the grader]\n"
    cell.outputs = [one for one in cell.outputs if len(str(one)) <= _LARGEST_OUTPUT]


def run(job: Job) -> Outcome:
    """Run a notebook and return what came of it. It never raises."""
    try:
        return _run(job)
    except Exception as error:  # the batch goes on, and the report names it
        return Outcome(fault=f"{type(error).__name__}: {error}")


def _run(job: Job) -> Outcome:
    notebook = nbformat.reads(job.notebook, as_version=4)
    execute = BoxedExecute()
    execute.sandboxed, execute.limits, execute.files = not job.bare, job.limits, job.files
    execute.content = job.content
    execute.preprocess(notebook, {})
    outcome: Outcome = execute.outcome
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError:
        outcome.stopped = outcome.stopped or "it sent outputs that no notebook can hold"
        graded = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for cell in graded:
            cell.outputs = []
        outcome.unrun = [cell.metadata.nbgrader["grade_id"] for cell in graded if is_grade(cell)]
    outcome.inert = make_inert(notebook, job.own)
    outcome.notebook = nbformat.writes(notebook)
    return outcome
