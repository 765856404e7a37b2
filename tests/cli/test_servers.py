"""`serve`, `demo` and `replay`: what they do when they can't start."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.calling import assert_clear, in_a_process


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    "command",
    [["serve", "--port"], ["serve"], ["demo", "--port"], ["demo"], ["replay", "--port"]],
    ids=" ".join,
)
def test_port_in_use_ends_with_11(
    folder: Path, tiny_bundle: Path, taken_port: int, command: list[str]
) -> None:
    by_option = [str(taken_port)] if "--port" in command else []
    outcome = in_a_process(
        *command,
        *by_option,
        folder=folder,
        PORT="0" if by_option else str(taken_port),
        SENTIMENT_MODEL_DIR=str(tiny_bundle),
    )
    assert_clear(outcome, 11, str(taken_port), "in use", "port")


@pytest.mark.parametrize(
    "command", [["serve", "--port", "0"], ["demo", "--port", "0"]], ids=" ".join
)
def test_server_without_its_bundle_ends_with_7(folder: Path, command: list[str]) -> None:
    outcome = in_a_process(*command, folder=folder, SENTIMENT_MODEL_DIR="nowhere")
    assert_clear(outcome, 7, "Wanted a bundle at", "nowhere")


def test_serve_on_an_address_of_another_machine_ends_with_11(
    folder: Path, tiny_bundle: Path
) -> None:
    outcome = in_a_process(
        *("serve", "--host", "192.0.2.1", "--port", "0", "--model", tiny_bundle), folder=folder
    )
    assert_clear(outcome, 11, "Can't listen on 192.0.2.1", "with --host")
    assert "--port" not in outcome.stderr
