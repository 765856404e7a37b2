"""The service's log: JSON lines for machines, text on a terminal, a request id in each.

Configured once, at the edge. Nobody logs the text of a comment, and no secret reaches a log.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

from pydantic import ValidationError
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from sentiment.errors import SentimentError
from sentiment.serving.problems import Problem, problem_of_error
from sentiment.settings import LogFormat

_FRAMEWORK_LOGGER = "bentoml._internal.server.http_app"
# By name: only `service.py` may import the framework.
_FRAMEWORK_OVERLOAD = "ServiceUnavailable"
_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}")
_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s%(request_suffix)s"
_JSON_FIELDS = ["levelname", "name", "message", "request_id"]
_RENAMED = {"levelname": "level", "name": "logger"}

# Inherited by the tasks and threads that work for a request.
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def configure_logging(log_format: LogFormat = "auto", *, stream: TextIO | None = None) -> None:
    """Send the log of this process to one place, in one form.

    BentoML gives its loggers handlers of their own; these are taken away.

    Args:
        log_format: `auto` is text on a terminal and JSON elsewhere.
        stream: where to; None is standard error.
    """
    out = sys.stderr if stream is None else stream
    is_json = log_format == "json" or (log_format == "auto" and not out.isatty())
    handler = logging.StreamHandler(out)
    handler.addFilter(_add_request_id)
    handler.setFormatter(
        JsonFormatter(
            _JSON_FIELDS,
            rename_fields=_RENAMED,
            timestamp=True,
            # uvicorn brings the message a second time, in colour.
            reserved_attrs=[*RESERVED_ATTRS, "request_suffix", "color_message"],
        )
        if is_json
        else logging.Formatter(_TEXT)
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("bentoml", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.INFO)
    # One line a request: the gateway writes a better one, and other services' addresses hold keys.
    for name in ("uvicorn.access", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def request_context(inbound: str | None) -> Iterator[str]:
    """Give everything that is logged within the block the id of a request.

    Args:
        inbound: the id that the client gave; one that could be anything else than an id, or that
            is missing, is replaced by a new one.

    Yields:
        The request's id.
    """
    is_sane = inbound is not None and _SANE_REQUEST_ID.fullmatch(inbound)
    request_id = inbound if inbound is not None and is_sane else uuid.uuid4().hex
    token = _request_id.set(request_id)
    try:
        yield request_id
    finally:
        _request_id.reset(token)


def logged_refusal(logger: logging.Logger, error: SentimentError) -> Problem:
    """Log that a request was refused, and return what its client is told.

    Args:
        logger: of the part that refused it.
        error: why. From status 500 on the service itself is at fault, and the client is told to
            look here: the error is spelt out. Below, it may repeat the client's words.
    """
    problem = problem_of_error(error)
    if problem.status >= 500:
        logger.error("refused: %s: %s", problem.code, error)
    else:
        logger.info("refused: %s (%s)", problem.code, type(error).__name__)
    return problem


def quieten_refusals() -> None:
    """Keep tracebacks of requests that were refused, as invalid or as too many, out of the log.

    The framework writes one for each, so that any client could fill the log. The access log
    still has a line with the status.
    """
    logging.getLogger(_FRAMEWORK_LOGGER).addFilter(_is_no_refusal)


def _add_request_id(record: logging.LogRecord) -> bool:
    request_id = _request_id.get()
    record.request_id = request_id
    record.request_suffix = f" [{request_id}]" if request_id else ""
    return True


def _is_no_refusal(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    is_overload = type(error).__name__ == _FRAMEWORK_OVERLOAD
    return not (is_overload or isinstance(error, ValidationError))
