"""The link check tells dead from moved from uncertain, and is polite."""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import pytest
import trustme

from pfp_course.linkcheck import asking
from pfp_course.linkcheck.asking import Answer, Manners, Verdict, ask_all

QUICK = Manners(pause=0.0, timeout=1.0, retries=1, private=True)


class Server(ThreadingHTTPServer):
    """A server of every kind of answer; it remembers what it was asked."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), _Handler)
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.now = self.most = 0
        self.guard = Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def count(self, path: str) -> Counter[str]:
        return Counter(method for method, asked in self.asked if asked == path)


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        with self.server.guard:
            self.server.asked.append((self.command, self.path))
            self.server.agents.add(self.headers["User-Agent"])
            self.server.now += 1
            self.server.most = max(self.server.most, self.server.now)
        try:
            self._act()
        finally:
            with self.server.guard:
                self.server.now -= 1

    def _act(self) -> None:
        name, _, more = self.path.strip("/").partition("/")
        if name == "slow":
            time.sleep(float(more))
        if name == "picky" and self.command == "HEAD":
            self._send(403)
        elif name == "busy":
            first = self.server.count(self.path).total() == 1
            self._send(429, {"Retry-After": more.replace("_", " ")} if first else {}, first)
        elif name == "flaky":
            first = self.server.count(self.path).total() <= 2
            self._send(503 if first else 200)
        elif name in ("301", "302", "303", "307", "308"):
            self._send(int(name), {"Location": f"/{more}"})
        elif name == "loop":
            self._send(302, {"Location": "/pool"})
        elif name == "pool":
            self._send(302, {"Location": "/loop"})
        elif name == "endless":
            self._send(302, {"Location": f"/endless/{int(more) + 1}"})
        elif name == "odd":
            self._send(302, {"Location": "ftp://127.0.0.1/x"})
        else:
            self._send(int(name) if name.isdigit() else 200)

    def _send(self, status: int, headers: dict[str, str] | None = None, busy: bool = True) -> None:
        self.send_response(status if busy else 200)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.shutdown()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the link check waits, on a clock that its waits alone move forward."""
    waited: list[float] = []
    sleep = asyncio.sleep

    async def pretend(seconds: float, result: object = None) -> None:
        if seconds > 0:
            waited.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", pretend)
    monkeypatch.setattr(asking, "monotonic", lambda: sum(waited))
    return waited


def ask(address: str, manners: Manners = QUICK) -> Answer:
    return ask_all([address], manners, lambda answer: None)[address]


@pytest.mark.parametrize(
    ("path", "verdict", "status"),
    [
        ("/page", Verdict.works, 200),
        ("/404", Verdict.dead, 404),
        ("/410", Verdict.dead, 410),
        ("/403", Verdict.uncertain, 403),
        ("/401", Verdict.uncertain, 401),
        ("/500", Verdict.uncertain, 500),
        ("/400", Verdict.uncertain, 400),
        ("/picky", Verdict.works, 200),
        ("/flaky", Verdict.works, 200),
        ("/302/page", Verdict.works, 200),
        ("/307/page", Verdict.works, 200),
        ("/301/404", Verdict.dead, 404),
        ("/loop", Verdict.uncertain, 0),
        ("/endless/1", Verdict.uncertain, 0),
        ("/odd", Verdict.uncertain, 0),
        ("/slow/2", Verdict.uncertain, 0),
    ],
)
def test_each_kind_of_answer_has_its_verdict(
    server: Server, path: str, verdict: Verdict, status: int
) -> None:
    answer = ask(server.base + path)
    assert (answer.verdict, answer.status) == (verdict, status), answer
    assert bool(answer.reason) == (verdict is not Verdict.works)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/301/page", "/page"),
        ("/308/page", "/page"),
        ("/301/308/page", "/page"),
        ("/301/302/page", "/302/page"),
    ],
)
def test_a_page_that_moved_for_good_names_its_new_address(
    server: Server, path: str, target: str
) -> None:
    answer = ask(server.base + path)
    assert answer.verdict is Verdict.moved
    assert answer.target == server.base + target


def test_a_new_address_keeps_the_place_on_the_page(server: Server) -> None:
    assert ask(f"{server.base}/301/page#part").target == f"{server.base}/page#part"


def test_a_page_that_became_the_start_of_its_site_may_be_gone(server: Server) -> None:
    answer = ask(f"{server.base}/301/")
    assert answer.verdict is Verdict.uncertain
    assert "the page itself may be gone" in answer.reason


def test_a_body_is_asked_for_only_where_the_head_does_not_do(server: Server) -> None:
    ask(f"{server.base}/page")
    ask(f"{server.base}/picky")
    assert server.count("/page") == {"HEAD": 1}
    assert server.count("/picky") == {"HEAD": 1, "GET": 1}
    (agent,) = server.agents
    assert agent.startswith("pfp-course/")


def test_a_server_that_asks_to_wait_is_waited_for(server: Server, waits: list[float]) -> None:
    assert ask(f"{server.base}/busy/30").verdict is Verdict.works
    assert waits == [30]


def test_a_wait_given_as_a_moment_is_understood(
    server: Server, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2027, 2, 15, 12, 0, tzinfo=UTC)

    class Fixed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Fixed":
            return cls.fromtimestamp(now.timestamp(), tz)

    monkeypatch.setattr(asking, "datetime", Fixed)
    later = format_datetime(now + timedelta(seconds=20), usegmt=True)
    assert ask(f"{server.base}/busy/{later.replace(' ', '_')}").verdict is Verdict.works
    assert waits == [20]


def test_a_server_that_asks_for_too_long_a_wait_is_left_alone(server: Server) -> None:
    answer = ask(f"{server.base}/busy/3600", Manners(pause=0, patience=2, private=True))
    assert answer.verdict is Verdict.uncertain
    assert "asked too often" in answer.reason
    assert server.count("/busy/3600").total() == 1


def test_one_host_is_asked_one_thing_at_a_time_with_a_pause(
    server: Server, waits: list[float]
) -> None:
    addresses = [f"{server.base}/page/{number}" for number in range(4)]
    answers = ask_all(addresses, Manners(pause=0.3, private=True), lambda answer: None)
    assert waits == pytest.approx([0.3, 0.3, 0.3])
    assert server.most == 1
    assert list(answers) == addresses


def test_many_hosts_are_asked_at_once_but_not_too_many() -> None:
    with Server("0.0.0.0") as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        # To the check, each address of the loopback is a host of its own.
        addresses = [f"http://127.0.0.{number}:{port}/slow/0.4" for number in range(1, 9)]
        told: list[Answer] = []
        manners = Manners(pause=0, workers=3, timeout=5, private=True)
        answers = ask_all(addresses, manners, told.append)
        server.shutdown()
    assert {answer.verdict for answer in answers.values()} == {Verdict.works}
    assert len(told) == len(addresses)
    assert 2 <= server.most <= 3


def test_a_certificate_that_nobody_vouches_for_is_uncertain(server: Server) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    address = f"https://127.0.0.1:{server.server_port}/page"
    answer = ask(address)
    assert answer.verdict is Verdict.uncertain
    assert "certificate" in answer.reason
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    believed = ask_all([address], QUICK, lambda answer: None, trusting)[address]
    assert believed.verdict is Verdict.works


def test_a_closed_door_is_uncertain(server: Server) -> None:
    address = server.base
    server.shutdown()
    server.server_close()
    answer = ask(f"{address}/page")
    assert answer.verdict is Verdict.uncertain
    assert answer.reason == "the connection failed"


def test_a_host_that_does_not_exist_is_dead_and_is_looked_for_once(
    waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for: list[str] = []

    def unknown(host: str, *_: object, **__: object) -> None:
        looked_for.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(asking, "getproxies", dict)
    addresses = [f"http://no-such-host.invalid/{number}" for number in range(50)]
    answers = ask_all(addresses, Manners(pause=1.0), lambda answer: None)
    assert {answer.verdict for answer in answers.values()} == {Verdict.dead}
    assert looked_for == ["no-such-host.invalid"]
    assert waits == []


@pytest.mark.parametrize("address", ["http://[::1", "http://", "http://a b/"])
def test_what_is_no_address_is_dead(address: str) -> None:
    answer = ask(address)
    assert answer.verdict in (Verdict.dead, Verdict.uncertain)
    assert answer.reason


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "localhost"]
)
def test_a_private_network_is_not_asked_unless_told(server: Server, host: str) -> None:
    answer = ask(f"http://{host}:{server.server_port}/page", Manners(pause=0, timeout=1))
    assert answer.verdict is Verdict.uncertain
    assert "private network" in answer.reason
    assert server.asked == []


def test_a_redirect_into_a_private_network_is_not_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ipaddress.ip_address

    class Public:
        is_global = True

    def as_seen(text: str) -> object:
        # To the check, the server's own address is a public one; no other address is.
        return Public() if text == "127.0.0.1" else real(text)

    monkeypatch.setattr(ipaddress, "ip_address", as_seen)
    real_act = _Handler._act

    def act(handler: _Handler) -> None:
        if handler.path == "/trap":
            place = f"http://127.0.0.2:{server.server_port}/secret"
            handler._send(302, {"Location": place})
        else:
            real_act(handler)

    monkeypatch.setattr(_Handler, "_act", act)
    answer = ask(f"{server.base}/trap", Manners(pause=0, timeout=1))
    assert "private network" in answer.reason
    assert ("HEAD", "/secret") not in server.asked
