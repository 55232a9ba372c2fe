"""The link check: servers are asked politely whether an address still works.

Few are asked at a time, and one question a host.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from time import monotonic
from urllib.request import getproxies

import httpx

from pfp_course._version import __version__

__all__ = ["Answer", "Manners", "Verdict", "ask_all"]

_MOST_HOPS = 10
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_LATER = {408, 425, 429, 500, 502, 503, 504}


class Verdict(StrEnum):
    """What is known of an address after it was asked."""

    works = "works"
    moved = "moved"
    dead = "dead"
    uncertain = "uncertain"


@dataclass(frozen=True)
class Answer:
    """What came of an address.

    ``status`` is the last status of HTTP, 0 without one; ``target`` is where a page that has
    moved is now; ``reason`` says in words what a person should know.
    """

    address: str
    verdict: Verdict
    status: int = 0
    target: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Manners:
    """How servers are asked.

    ``workers`` is how many are asked at once; ``pause`` the seconds between two questions to one
    host; ``timeout`` the seconds that an answer may take; ``retries`` how often is asked again;
    ``patience`` the longest wait, in seconds, that a server may ask for; ``private`` allows
    addresses of a private network.
    """

    workers: int = 16
    pause: float = 1.0
    timeout: float = 20.0
    retries: int = 2
    patience: float = 60.0
    private: bool = False
    agent: str = f"pfp-course/{__version__} (link check of an open course)"


@dataclass
class _Host:
    """One question at a time, and a pause after it; a host that does not exist gets one."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    missing: bool = False


class _PrivateError(Exception):
    """The address leads into a private network."""


class _LoopError(Exception):
    """The redirects do not end."""


@dataclass(frozen=True)
class _Arrival:
    """The end of a chain of redirects."""

    response: httpx.Response
    moved_to: str  # where permanent redirects led, before the first that is not
    hops: int


def ask_all(
    addresses: Iterable[str],
    manners: Manners,
    tell: Callable[[Answer], None],
    trust: ssl.SSLContext | bool = True,
) -> dict[str, Answer]:
    """Ask for every address of HTTP once, and return the answers in the order of the addresses.

    ``tell`` is called with each answer as it comes; ``trust`` says which certificates are believed.
    """
    given = list(dict.fromkeys(addresses))
    answers: dict[str, Answer] = {}
    # A page that is too clever about its size or its cookies must not slow the others.
    limits = httpx.Limits(max_connections=manners.workers * 2, max_keepalive_connections=0)
    headers = {"User-Agent": manners.agent, "Accept": "*/*"}

    async def ask_each() -> None:
        async with httpx.AsyncClient(
            headers=headers, timeout=manners.timeout, limits=limits, verify=trust
        ) as client:
            asker = _Asker(client, manners)

            async def one(address: str) -> None:
                answers[address] = await asker.ask(address)
                tell(answers[address])

            await asyncio.gather(*map(one, given))

    asyncio.run(ask_each())
    return {address: answers[address] for address in given}


class _Asker:
    def __init__(self, client: httpx.AsyncClient, manners: Manners) -> None:
        self.client, self.manners = client, manners
        self.hosts: dict[str, _Host] = {}
        self.room = asyncio.Semaphore(manners.workers)
        self.proxied = bool({"http", "https", "all"} & getproxies().keys())

    async def ask(self, address: str) -> Answer:
        """Ask for an address, again where the fault may pass."""
        for left in range(self.manners.retries, -1, -1):
            try:
                arrival = await self._follow("HEAD", address)
                status = arrival.response.status_code
                if status >= 400 and status != 429:
                    # Some servers do not like HEAD.
                    arrival = await self._follow("GET", address)
            except (httpx.InvalidURL, UnicodeError):
                return Answer(address, Verdict.dead, reason="this is no address")
            except (httpx.HTTPError, _PrivateError, _LoopError, socket.gaierror) as error:
                answer, again = _failure(address, error)
                wait = self.manners.pause
            else:
                again = arrival.response.status_code in _LATER
                answer = _judge(address, arrival)
                wait = _asked_to_wait(arrival.response) or self.manners.pause
            if not again or not left or wait > self.manners.patience:
                return answer
            await asyncio.sleep(wait)
        raise AssertionError("the last question returns its answer")

    async def _follow(self, method: str, address: str) -> _Arrival:
        here, moved_to, permanent = httpx.URL(address), "", True
        seen: set[str] = set()
        for hops in range(_MOST_HOPS + 1):
            if str(here) in seen:
                raise _LoopError
            seen.add(str(here))
            response = await self._question(method, here)
            following = response.headers.get("Location", "")
            if response.status_code not in _REDIRECTS or not following:
                return _Arrival(response, moved_to, hops)
            before, here = here, here.join(following)
            if here.scheme not in ("http", "https"):
                raise httpx.UnsupportedProtocol(f"leads to {here.scheme}")
            if not here.fragment and before.fragment:
                here = here.copy_with(fragment=before.fragment)
            permanent = permanent and response.status_code in _PERMANENT
            if permanent:
                moved_to = str(here)
        raise _LoopError

    async def _question(self, method: str, url: httpx.URL) -> httpx.Response:
        """Send one question; the answer's head is enough."""
        host = self.hosts.setdefault(url.host, _Host())
        async with host.lock:
            if host.missing:
                raise socket.gaierror(socket.EAI_NONAME, "there is no such host")
            await asyncio.sleep(max(0.0, host.free_at - monotonic()))
            rest = self.manners.pause
            async with self.room:
                try:
                    await self._allow(url)
                    async with self.client.stream(method, url) as response:
                        # Who is asked to wait waits with all its other questions, too.
                        rest = max(rest, min(_asked_to_wait(response), self.manners.patience))
                        return response
                except (httpx.ConnectError, socket.gaierror) as error:
                    host.missing = _is_missing(error)
                    raise
                finally:
                    host.free_at = monotonic() + rest

    async def _allow(self, url: httpx.URL) -> None:
        """Refuse what leads into a private network: the sources are written by many."""
        if self.manners.private:
            return
        try:
            found = [ipaddress.ip_address(url.host)]
        except ValueError:
            if self.proxied:
                return  # only the proxy knows the way
            loop = asyncio.get_running_loop()
            port = url.port or (443 if url.scheme == "https" else 80)
            infos = await loop.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
            found = [ipaddress.ip_address(str(info[4][0]).split("%")[0]) for info in infos]
        if not all(address.is_global for address in found):
            raise _PrivateError


def _judge(address: str, arrival: _Arrival) -> Answer:
    status = arrival.response.status_code
    if status in _GONE:
        return Answer(address, Verdict.dead, status, reason="the server says that it is gone")
    if status >= 400 or status < 200 or status in _REDIRECTS:
        return Answer(address, Verdict.uncertain, status, reason=_said(status))
    end = arrival.response.url
    if arrival.hops and _is_start(end) and not _is_start(httpx.URL(address)):
        reason = "it leads to the start of the site now; the page itself may be gone"
        return Answer(address, Verdict.uncertain, status, str(end), reason)
    if arrival.moved_to and arrival.moved_to != address:
        return Answer(address, Verdict.moved, status, arrival.moved_to, "moved for good")
    return Answer(address, Verdict.works, status)


def _is_start(url: httpx.URL) -> bool:
    return url.path in ("", "/") and not url.query


def _said(status: int) -> str:
    if status == 429:
        return "the server is asked too often, and says so"
    if status in (401, 402, 403, 405, 406, 451, 999):
        return "the server does not answer programs; open it in a browser"
    if status >= 500:
        return "the server has a fault"
    return "the server does not like the question"


def _failure(address: str, error: Exception) -> tuple[Answer, bool]:
    """Return what a failure means, and whether it may pass."""
    if _is_missing(error):
        return Answer(address, Verdict.dead, reason="there is no such host"), False
    again = False
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        reason = "its certificate is not believed"
    elif isinstance(error, _PrivateError):
        reason = "it leads into a private network and was not asked"
    elif isinstance(error, _LoopError):
        reason = "its redirects do not end"
    elif isinstance(error, httpx.UnsupportedProtocol):
        reason = "it leads to something that is no page"
    elif isinstance(error, httpx.TimeoutException):
        reason, again = "no answer in time", True
    else:
        reason, again = "the connection failed", True
    return Answer(address, Verdict.uncertain, reason=reason), again


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_missing(error: BaseException) -> bool:
    return any(
        isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME
        for cause in _causes(error)
    )


def _asked_to_wait(response: httpx.Response) -> float:
    """Return the seconds that a server asks to wait; 0 if it does not."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
