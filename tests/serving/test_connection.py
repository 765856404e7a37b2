"""Clients that send slowly, read slowly, leave, or speak no HTTP: raw sockets, a real server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sentiment.serving.connection import Connection
from sentiment.serving.server import listen

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
# More than the kernel's buffers on both sides hold.
LARGE_BYTES = 16_000_000
DEADLINE_S = 0.5

Connect = Callable[[], socket.socket]


class Hasty(Connection):
    header_deadline_s = DEADLINE_S
    send_deadline_s = DEADLINE_S
    max_connections = 3


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    if request.url.path == "/echo":
        response = Response(await request.body())
    else:
        response = Response(b"x" * (LARGE_BYTES if request.url.path == "/large" else 2))
    await response(scope, receive, send)


@contextmanager
def served(protocol: type[Connection]) -> Iterator[Connect]:
    """A server that speaks through a protocol; gives what connects to it."""
    config = uvicorn.Config(
        _app, http=protocol, lifespan="off", log_config=None, timeout_keep_alive=1
    )
    server = uvicorn.Server(config)
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    with ExitStack() as clients:

        def connect() -> socket.socket:
            address = ("127.0.0.1", listener.getsockname()[1])
            return clients.enter_context(socket.create_connection(address, timeout=20))

        yield connect
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def connect() -> Iterator[Connect]:
    with served(Hasty) as connect:
        yield connect


def _read_to_the_end(client: socket.socket) -> bytes:
    """Everything up to the close, an abort included."""
    received = bytearray()
    try:
        while some := client.recv(65_536):
            received += some
    except ConnectionResetError:
        pass
    return bytes(received)


def _ask(client: socket.socket, request_bytes: bytes = GET) -> None:
    """Send a request and read its whole answer, keeping the connection."""
    client.sendall(request_bytes)
    received = b""
    while not received.endswith(b"\r\n\r\nxx"):
        some = client.recv(65_536)
        assert some, received
        received += some
    assert received.startswith(b"HTTP/1.1 200 OK")


def _error_of(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    assert b"connection: close" in head.lower()
    error = json.loads(body)["error"]
    assert error.keys() == {"code", "message", "advice"}
    return int(head.split()[1]), error["code"]


def _trickle(client: socket.socket, data: bytes, *, pause_s: float) -> None:
    """Send byte by byte until all is sent or the server has closed."""
    try:
        for number in range(len(data)):
            client.sendall(data[number : number + 1])
            time.sleep(pause_s)
    except OSError:
        pass


def test_headers_that_trickle_in_are_cut_off(connect: Connect) -> None:
    with connect() as client:
        trickling = threading.Thread(
            target=_trickle,
            args=(client, b"GET / HTTP/1.1\r\nX: " + b"y" * 1_000),
            kwargs={"pause_s": 0.01},
        )
        trickling.start()
        assert _error_of(_read_to_the_end(client)) == (408, "too_slow")
    trickling.join()


def test_slow_headers_within_the_deadline_are_served(connect: Connect) -> None:
    with connect() as client:
        _trickle(client, GET, pause_s=DEADLINE_S / 3 / len(GET))
        assert client.recv(65_536).startswith(b"HTTP/1.1 200 OK")


def test_a_connection_that_asks_for_nothing_is_closed_without_a_word(connect: Connect) -> None:
    with connect() as client:
        assert _read_to_the_end(client) == b""


def test_headers_of_a_second_request_have_the_same_deadline(connect: Connect) -> None:
    with connect() as client:
        _ask(client)
        client.sendall(GET[:-4])
        assert _error_of(_read_to_the_end(client)) == (408, "too_slow")


def test_an_idle_connection_is_closed_after_its_keep_alive_time(connect: Connect) -> None:
    with connect() as client:
        _ask(client)
        assert _read_to_the_end(client) == b""


def test_the_time_of_headers_is_not_the_time_of_the_body(connect: Connect) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 50\r\n\r\n"
    with connect() as client:
        client.sendall(head)
        _trickle(client, b"z" * 50, pause_s=2 * DEADLINE_S / 50)
        assert _read_to_the_end(client).endswith(b"z" * 50)


def test_the_rest_of_a_body_that_is_answered_can_not_go_on_for_ever(connect: Connect) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    with connect() as client:
        client.sendall(head)
        began_s = time.monotonic()
        _trickle(client, b"z" * 1_000, pause_s=0.01)
        assert time.monotonic() - began_s < 8  # all of it would take 10


def test_a_client_that_reads_nothing_is_given_up(connect: Connect) -> None:
    with connect() as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(4 * DEADLINE_S)
        assert len(_read_to_the_end(client)) < LARGE_BYTES


def test_a_client_that_reads_slowly_gets_all_of_it(connect: Connect) -> None:
    with connect() as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        n_bytes = 0
        while some := client.recv(400_000):
            n_bytes += len(some)
            time.sleep(DEADLINE_S / 8)
        assert n_bytes > LARGE_BYTES


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000,
        b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n",
    ],
)
def test_what_is_no_http_is_told_so_in_the_one_shape(
    connect: Connect, request_bytes: bytes
) -> None:
    with connect() as client:
        client.sendall(request_bytes)
        assert _error_of(_read_to_the_end(client)) == (400, "invalid_request")


def test_nonsense_after_the_answer_closes_without_a_fault(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect() as client:
        _ask(client, head)
        client.sendall(b"no size\r\n")
        assert _read_to_the_end(client) == b""
    assert not [record for record in caplog.records if record.exc_info]


def test_a_wish_for_another_protocol_is_left_unheeded(connect: Connect) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    with connect() as client:
        _ask(client, GET[:-2] + upgrade + b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
        _ask(client)


def test_more_connections_than_may_be_are_told_to_wait(connect: Connect) -> None:
    with ExitStack() as held:
        for _ in range(Hasty.max_connections):
            client = held.enter_context(connect())
            _ask(client)
        refused = _read_to_the_end(held.enter_context(connect()))
        assert _error_of(refused) == (503, "overloaded")
        assert b"retry-after" in refused.lower()
