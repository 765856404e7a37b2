"""What all commands share: help, version, exit statuses, and errors that say what to do."""

from __future__ import annotations

import errno
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from sentiment import __version__, errors
from sentiment.cli.exit_codes import exit_code_of
from tests.cli.calling import CommandLine, assert_clear, in_a_process
from tests.conftest import REPOSITORY

COMMANDS = (
    *("corpora", "download", "synthetic", "prepare", "train", "export", "evaluate", "publish"),
    *("predict", "score", "bench", "serve", "demo", "replay", "bundle"),
    *("bundle show", "bundle verify"),
)
HEAVY = (
    "torch transformers datasets pandas sklearn scipy mlflow dvc onnxruntime bentoml pyarrow "
    "dask distributed"
)


def test_help_lists_every_command(sentiment: CommandLine) -> None:
    outcome = sentiment("--help")
    assert outcome.code == 0
    listed = {line.strip("│ ").split(" ")[0] for line in outcome.stdout.splitlines()}
    assert {command.split()[0] for command in COMMANDS} <= listed


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_says_what_it_does(sentiment: CommandLine, command: str) -> None:
    outcome = sentiment(*command.split(), "--help")
    assert outcome.code == 0
    assert f"Usage: sentiment {command}" in outcome.stdout
    assert outcome.stderr == ""


def test_help_of_every_command_loads_no_heavy_library() -> None:
    program = f"""
import sys
from sentiment.cli.main import app
for command in {COMMANDS!r}:
    app([*command.split(), "--help"], standalone_mode=False)
print("loaded:", *(set({HEAVY.split()!r}) & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_version_is_the_package_s(sentiment: CommandLine) -> None:
    assert sentiment("--version").stdout.split() == ["youtube-sentiment", __version__]


def test_no_command_shows_the_help(sentiment: CommandLine) -> None:
    outcome = sentiment()
    assert outcome.code == 2
    assert "Usage:" in outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["predikt"],
        ["predict"],
        ["predict", "--input", "a.csv", "--output", "b", "--colour"],
        ["synthetic", "--rows", "many"],
        ["synthetic", "--rows", "-1"],
        ["replay", "--port", "70000"],
        ["bundle", "burn"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(sentiment: CommandLine, arguments: list[str]) -> None:
    outcome = sentiment(*arguments)
    assert outcome.code == 2
    assert "Usage:" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def error_classes() -> list[type[errors.SentimentError]]:
    """Return every class of the tree, the root first."""
    found: list[type[errors.SentimentError]] = [errors.SentimentError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__ == errors.__name__]


def test_exit_codes_by_class_are_distinct_and_never_zero() -> None:
    kinds = errors.SentimentError.__subclasses__()
    codes = {kind: exit_code_of(kind("x")) for kind in kinds if kind is not errors.BusyError}
    assert len(set(codes.values())) == len(codes)
    assert min(codes.values()) >= 1


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.__name__)
def test_exit_code_of_a_class_is_its_parents(kind: type[errors.SentimentError]) -> None:
    code = exit_code_of(kind("wanted this, found that"))
    assert 1 <= code < 128
    parent = kind.__mro__[1]
    if issubclass(parent, errors.SentimentError) and parent is not errors.SentimentError:
        assert code == exit_code_of(parent("x"))


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (errors.TrainingError("No luck.", hint="Try again."), 5, "error: No luck. Try again."),
        (errors.ModelUnavailableError("No base.", hint="Get it."), 4, "error: No base. Get it."),
        (errors.RegistryError("[red]No[/red] store."), 9, "error: [red]No[/red] store."),
        (OSError(errno.ENOSPC, "No space left on device"), 12, "No space is left on the disk."),
        (ModuleNotFoundError("No module named 'mlflow'", name="mlflow"), 1, "needs the library"),
        (PermissionError(errno.EACCES, "Permission denied", "/root/x"), 1, "Permission denied"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_errors_of_a_command_are_said_in_words(
    sentiment: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    code: int,
    said: str,
) -> None:
    def fail() -> None:
        raise raised

    monkeypatch.setattr(importlib.import_module("sentiment.corpora"), "all_corpora", fail)
    assert_clear(sentiment("corpora"), code, said)


def test_contract_failures_are_listed_and_the_hint_comes_last(
    sentiment: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise errors.ContractError("2 rows are bad.", failures=["row 3", "row 9"], hint="Mend it.")

    monkeypatch.setattr(importlib.import_module("sentiment.corpora"), "all_corpora", fail)
    outcome = sentiment("corpora")
    assert outcome.code == 3
    lines = [line.strip() for line in outcome.stderr.splitlines()]
    assert lines == ["error: 2 rows are bad.", "- row 3", "- row 9", "Mend it."]


def test_environment_that_can_t_be_used_ends_with_2_and_shows_no_secret(folder: Path) -> None:
    outcome = in_a_process(
        "predict",
        "--input",
        "a.csv",
        "--output",
        "o",
        folder=folder,
        PORT="x",
        YOUTUBE_API_KEY="k3y",
    )
    assert_clear(outcome, 2, "PORT", ".env.example")
    assert "k3y" not in outcome.stderr


def test_command_line_runs_as_a_module_from_any_folder(folder: Path) -> None:
    outcome = in_a_process("--version", folder=folder)
    assert (outcome.code, outcome.stdout.split()[0]) == (0, "youtube-sentiment")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "command", ["bench", "drift simulate", "evaluate", "replay", "soak", "synthetic"]
)
def test_a_negative_seed_is_refused(sentiment: CommandLine, command: str) -> None:
    outcome = sentiment(*command.split(), "--seed", "-1")
    assert outcome.code == 2
    assert "'--seed'" in outcome.stderr
