from __future__ import annotations

import io
import json
import logging

import pytest

from sentiment.errors import InvalidVideoIdError
from sentiment.serving.logs import configure_logging, logged_refusal, request_context

pytestmark = pytest.mark.usefixtures("loggers_as_they_were")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_for_machines_are_json_with_the_requests_id() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    with request_context("id-1"):
        logging.getLogger("bentoml.x").info("%d\ncomments", 3, extra={"status": 200})
    logging.getLogger("sentiment.y").warning("later")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("timestamp") < second.pop("timestamp")
    assert first == {
        "level": "INFO",
        "logger": "bentoml.x",
        "message": "3\ncomments",
        "request_id": "id-1",
        "status": 200,
    }
    assert (second["level"], second["request_id"]) == ("WARNING", None)


def test_lines_on_a_terminal_are_text() -> None:
    stream = Terminal()
    configure_logging(stream=stream)
    with request_context("id-1"):
        logging.getLogger("sentiment.x").info("hello")
    assert stream.getvalue().endswith(" INFO sentiment.x: hello [id-1]\n")


@pytest.mark.parametrize(("log_format", "is_json"), [("json", True), ("text", False)])
def test_form_can_be_chosen(log_format: str, is_json: bool) -> None:
    stream = Terminal()
    configure_logging("json" if log_format == "json" else "text", stream=stream)
    logging.getLogger("x").info("hello")
    assert stream.getvalue().startswith("{") == is_json


def test_a_handler_of_the_frameworks_is_taken_away() -> None:
    theirs, ours = io.StringIO(), io.StringIO()
    logger = logging.getLogger("bentoml")
    logger.addHandler(logging.StreamHandler(theirs))
    logger.propagate = False
    configure_logging(stream=ours)
    logger.info("once")
    assert theirs.getvalue() == ""
    assert ours.getvalue().count("once") == 1


@pytest.mark.parametrize("inbound", ["a", "0123-AB_c.d", "x" * 64])
def test_sane_id_is_kept(inbound: str) -> None:
    with request_context(inbound) as request_id:
        assert request_id == inbound


@pytest.mark.parametrize("inbound", [None, "", "x" * 65, "a b", "a\n{}", "é", "<script>"])
def test_other_ids_are_replaced(inbound: str | None) -> None:
    with request_context(inbound) as one:
        pass
    with request_context(inbound) as other:
        pass
    assert one != other
    assert inbound not in {one, other}
    assert len(one) == 32


def test_a_clients_own_mistake_is_logged_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        logged_refusal(logging.getLogger("x"), InvalidVideoIdError("her words"))
    assert caplog.messages == ["refused: invalid_video_id (InvalidVideoIdError)"]
