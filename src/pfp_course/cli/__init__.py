"""The command ``pfp``: a thin floor above the rooms that do the work.

Here stands what works before any library is loaded: output that each console can show, and an
end at Ctrl-C.
"""

import codecs
import multiprocessing
import os
import signal
import sys
import threading
import unicodedata
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import resource_tracker, util
from types import FrameType
from typing import Any

__all__ = ["app", "keep_interrupts", "plain_letters", "stoppable", "use_plain_letters"]

_HANDLER = "pfp-plain"
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u2032\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2022\u25cf\u25cb\u00b7", "*"),
    **dict.fromkeys("\u2713\u2714", "v"),
    **dict.fromkeys("\u2717\u2718\u00d7", "x"),
    "\u2026": "...",
    "\u00a0": " ",
    "\u2192": "->",
    "\u2190": "<-",
    "\u21bb": "->",
    "\u2588": "#",
}


def plain_letters(text: str) -> str:
    """Return a text in ASCII: typography in its plain form, other letters without accents or ``?``.

    Examples
    --------
    >>> plain_letters("a\u2026 \u2500\u2510 \u00e9 \u049b")
    'a... -+ e ?'
    """
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _PLAIN:
        return _PLAIN[letter]
    name = unicodedata.name(letter, "")
    if name.startswith("BOX DRAWINGS"):
        across, down = "HORIZONTAL" in name, "VERTICAL" in name
        return "+" if across == down else "-" if across else "|"
    if name.startswith("BRAILLE"):  # a wheel that turns while something is done
        return "*"
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part.isascii()) or "?"


def _replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain_letters(error.object[error.start : error.end]), error.end


def use_plain_letters() -> None:
    """Let the output of this process never fail for a letter, whatever the console's encoding."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        # Something that is no text stream of Python's own has no encoding to fail.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_HANDLER)


def _interrupt() -> None:
    """Send the main thread a Ctrl-C, which also wakes it where it waits for something."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        interrupt_main()


def keep_interrupts() -> None:
    """Let no Ctrl-C be lost.

    Where it falls into a callback that Python runs by itself, as of a weak reference, Python
    writes down the `KeyboardInterrupt` and goes on. Then it is raised again a moment later.
    """
    before = sys.unraisablehook

    def hook(unraisable: Any) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            # Not from here: what is raised in this function would be ignored in its turn.
            threading.Timer(0.05, _interrupt).start()
        else:
            before(unraisable)

    sys.unraisablehook = hook


_STOPPED = 130  # what a shell expects of a command that was stopped


@contextmanager
def stoppable(message: str | Callable[[], str], *last: Callable[[], None]) -> Iterator[None]:
    """End the program with a message when somebody presses Ctrl-C.

    A `KeyboardInterrupt` may be raised in the middle of an import or of a library that turns it
    into an error of its own. So the program ends where it is. ``message`` is what is said, or what
    gives it at that moment; ``last`` puts things in order: each is tried, and must be quick.
    """
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    if not main or before in (signal.SIG_IGN, None):
        yield  # somebody else has decided what Ctrl-C means
        return

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        said = message if isinstance(message, str) else message()
        for child in multiprocessing.active_children():
            child.kill()
            child.join(1)
        for step in last:
            with suppress(Exception):
                step()
        with suppress(Exception):
            _give_back()
        with suppress(Exception):
            sys.stdout.flush()
            os.write(2, f"{said}\n".encode(sys.stderr.encoding or "utf-8", "replace"))
        os._exit(_STOPPED)

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _give_back() -> None:
    """Give back what processes shared, so that Python's own helper has nothing to warn of."""
    shared: Any = import_module("_multiprocessing")
    helper: Any = resource_tracker
    finalizers: Any = util
    for finalizer in list(finalizers._finalizer_registry.values()):
        if getattr(finalizer._callback, "__qualname__", "") == "SemLock._cleanup":
            shared.sem_unlink(finalizer._args[0])
    if (number := helper._resource_tracker._pid) is not None:
        os.kill(number, signal.SIGKILL)


with stoppable("Stopped."):
    try:
        from pfp_course.cli.app import app
    except Exception as error:  # a library that is missing or broken can fail in any way
        from pfp_course.cli.installation import without_libraries

        app = without_libraries(error)  # type: ignore[assignment]
