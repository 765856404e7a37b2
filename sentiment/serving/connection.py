"""One client's connection: how long it may send headers or leave its answer unread.

uvicorn bounds neither, and answers what is no HTTP in plain text. Layers within the application
see whole requests only, so this is where connections that never become one are given up.
"""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle

import h11
from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol

from sentiment.serving import metrics
from sentiment.serving.limits import HEADER_DEADLINE_S, MAX_CONNECTIONS, SEND_DEADLINE_S
from sentiment.serving.problems import Problem, problem_of_status

_MALFORMED = problem_of_status(
    400, message="What came is no HTTP/1.1 request, or its headers are too large."
)


class Connection(H11Protocol):
    """uvicorn's protocol with deadlines, a bound, and errors in the one shape.

    Attributes:
        header_deadline_s: seconds from a connection's, or its next request's, first byte to the
            end of the request's headers, > 0.
        send_deadline_s: seconds that a client may read nothing of its answer, > 0.
        max_connections: of one process; further ones are refused, > 0.
    """

    header_deadline_s = HEADER_DEADLINE_S
    send_deadline_s = SEND_DEADLINE_S
    max_connections = MAX_CONNECTIONS

    _next_request: TimerHandle | None = None
    _unread: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock: a client that connects has something to ask."""
        super().connection_made(transport)
        self.ws_protocol_class = None  # nothing here speaks it: such a wish is plain HTTP
        # Writing counts as paused while anything is unsent, however little.
        transport.set_write_buffer_limits(high=0)
        if len(self.connections) > self.max_connections:
            self._refuse(problem_of_status(503))
        else:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock."""
        self._stop_awaiting()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read; start or stop the clock of the next request.

        The rest of a body whose request is answered already counts as waiting, too: else a
        client could send it for ever.
        """
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._await_request()
        else:
            self._stop_awaiting()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours says more
        """Answer what is no HTTP."""
        self._refuse(_MALFORMED)

    def pause_writing(self) -> None:
        """Start the clock of a client that does not read."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """Stop the clock: the client has read all there is."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _await_request(self) -> None:
        if self._next_request is None and not self.transport.is_closing():
            self._next_request = self.loop.call_later(self.header_deadline_s, self._give_up)

    def _stop_awaiting(self) -> None:
        if self._next_request is not None:
            self._next_request.cancel()
            self._next_request = None

    def _give_up(self) -> None:
        has_begun = bool(self.conn.trailing_data[0])
        if has_begun and not self.transport.is_closing():
            self._refuse(problem_of_status(408))
        else:
            self.transport.close()

    def _await_reader(self) -> None:
        unsent_bytes = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(
            self.send_deadline_s, self._give_reader_up, unsent_bytes
        )

    def _give_reader_up(self, unsent_bytes: int) -> None:
        if self.transport.get_write_buffer_size() < unsent_bytes:
            self._await_reader()  # slow is not gone
        else:
            # To close would wait for the client to read the rest.
            self.transport.abort()

    def _refuse(self, problem: Problem) -> None:
        """Answer without the application, where no answer has begun, and close."""
        if self.cycle is not None:
            self.cycle.disconnected = True
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            metrics.count_error(problem.code)
            response = problem.response()
            headers = [*response.raw_headers, (b"connection", b"close")]
            for event in (
                h11.Response(status_code=problem.status, headers=headers),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def use_for_every_server() -> None:
    """Let each uvicorn server of this process speak through `Connection`.

    Entered in uvicorn's table of protocols, since BentoML starts a server of its own and passes
    no protocol on.
    """
    HTTP_PROTOCOLS["auto"] = f"{__name__}:{Connection.__qualname__}"
