"""Which of the commands that README and docs/ show were run, by what, and which need more.

`tests/test_documented_commands.py` holds every page to this table: a command that is in no row
fails, and so does a row whose test is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from handbook.table import code, table


class How(StrEnum):
    """What is known of a command beyond that it parses."""

    TEST = "run by a test"
    CI = "run by .ci/run"
    HAND = "run by hand"
    GPU = "needs a GPU"
    ACCOUNT = "needs an account, never run"
    DOCKER = "needs Docker, never run"
    SHELL = "the shell's own"


@dataclass(frozen=True, slots=True)
class Row:
    """A command by its first words.

    Attributes:
        command: its first words, without `.venv/bin/`.
        how: what is known of it.
        where: files of the tests that run it; where none does, why.
    """

    command: str
    how: How
    where: str = ""


_IN_PIPELINE = "tests/cli/test_smoke.py"

ROWS = (
    Row("sentiment download", How.TEST, _IN_PIPELINE),
    Row("sentiment prepare", How.TEST, _IN_PIPELINE),
    Row("sentiment train", How.TEST, _IN_PIPELINE),
    Row("sentiment export", How.TEST, _IN_PIPELINE),
    Row("sentiment evaluate", How.TEST, f"{_IN_PIPELINE}, tests/cli/test_evaluate_suite.py"),
    Row("sentiment publish", How.TEST, _IN_PIPELINE),
    Row("sentiment corpora", How.TEST, "tests/cli/test_pipeline.py"),
    Row("sentiment synthetic", How.TEST, "tests/cli/test_pipeline.py"),
    Row("sentiment teach", How.TEST, "tests/test_teach.py"),
    Row("sentiment feedback", How.TEST, "tests/corrections/test_collect.py"),
    Row("sentiment retrain", How.TEST, "tests/cli/test_retrain.py"),
    Row("sentiment compare", How.TEST, "tests/cli/test_compare.py"),
    Row("sentiment predict", How.TEST, "tests/cli/test_predict.py"),
    Row("sentiment score", How.TEST, "tests/cli/test_score.py"),
    Row("sentiment bundle show", How.TEST, "tests/cli/test_bundle.py"),
    Row("sentiment bundle verify", How.TEST, "tests/cli/test_bundle.py"),
    Row("sentiment serve", How.TEST, "tests/serving/test_bundle_swap.py"),
    Row("sentiment replay", How.TEST, "tests/youtube/test_replay.py"),
    Row("sentiment purge", How.TEST, "tests/cli/test_purge.py"),
    Row("sentiment openapi", How.TEST, "tests/cli/test_openapi.py"),
    Row("sentiment drift check", How.TEST, "tests/cli/test_drift.py"),
    Row("sentiment drift reference", How.TEST, "tests/cli/test_drift.py"),
    Row("sentiment drift simulate", How.TEST, "tests/cli/test_drift.py"),
    *(
        Row(f"sentiment release {step}", How.TEST, "tests/cli/test_release.py")
        for step in (*("init", "shadow", "canary", "promote", "rollback", "abort", "history"),)
    ),
    Row("sentiment release check", How.TEST, "tests/cli/test_release_check.py"),
    Row("sentiment release status", How.TEST, "tests/cli/test_release_status.py"),
    Row("sentiment demo", How.TEST, "tests/test_make_targets.py"),
    Row("sentiment bench", How.HAND, "figures in the README; its parts by tests/benchmark"),
    Row("sentiment soak", How.HAND, "figures in docs/serving.md; its parts by tests/benchmark"),
    Row("sentiment rehearse", How.CI, "with `--small`"),
    *(
        Row(f"sentiment stream {step}", How.TEST, "tests/stream/test_commands.py")
        for step in ("watch", "unwatch", "status")
    ),
    # Started there by the tests of the stream and of a panel that watches live.
    *(
        Row(f"sentiment stream {step}", How.TEST, "tests/stream/running.py")
        for step in ("poll", "worker")
    ),
    Row("sentiment stream bench", How.HAND, "figures in docs/live.md"),
    Row("sentiment", How.TEST, "tests/cli/test_main.py"),
    Row("make setup", How.CI),
    Row("make lint", How.CI),
    Row("make test", How.CI),
    Row("make test-slow", How.CI),
    Row("make infra", How.CI),
    Row("make workflows", How.CI),
    Row("make sbom", How.CI),
    Row("make audit", How.TEST, "tests/delivery/test_audit.py"),
    Row("make extension", How.CI),
    Row("make help", How.TEST, "tests/test_pipeline_files.py"),
    Row("make docs", How.CI),
    Row("make demo", How.TEST, "tests/test_make_targets.py"),
    Row("make bench", How.HAND, "figures in the README"),
    Row("make synth", How.TEST, "tests/test_make_targets.py"),
    Row("make loop-demo", How.HAND, "it calls `sentiment rehearse`"),
    Row("make serve", How.TEST, "tests/test_make_targets.py"),
    Row("make pipeline", How.CI, "of `smoke`, in .github/scripts/evaluate.sh"),
    Row("make lock", How.HAND, "wrote the files in requirements/"),
    Row("dvc repro", How.CI, "within `make pipeline`; of `quickstart` by hand"),
    Row("dvc exp run", How.HAND, "of `smoke`, on a fresh clone"),
    Row("dvc remote add", How.ACCOUNT, "a bucket"),
    Row("dvc push", How.ACCOUNT, "a bucket"),
    Row("dvc pull", How.ACCOUNT, "a bucket"),
    Row(
        "accelerate launch",
        How.GPU,
        "by hand on an H200; with a tiny model by tests/test_train.py",
    ),
    Row("mlflow ui", How.HAND, "of MLflow, not ours"),
    Row("pytest", How.CI, "within `make test`"),
    Row("pre-commit install", How.TEST, "tests/test_commit_hooks.py"),
    Row("bash .ci/run", How.HAND, "on a fresh clone, see the README"),
    Row("python -m http.server", How.HAND, "of Python, not ours"),
    Row("pip install", How.HAND, "weights of a teacher"),
    Row("aws", How.ACCOUNT, "AWS"),
    Row("npx aws-cdk@2", How.ACCOUNT, "AWS"),
    *(
        Row(f"docker {step}", How.DOCKER, "its parts by tests/delivery")
        for step in ("build", "run", "compose")
    ),
    Row("docker", How.ACCOUNT, "an image registry of AWS"),
    Row("infra/release.sh", How.ACCOUNT, "AWS; with a stand-in by infra/tests/test_release.py"),
    Row(
        "infra/github_roles.sh",
        How.ACCOUNT,
        "AWS; with a stand-in by infra/tests/test_github_roles.py",
    ),
    Row("deploy", How.ACCOUNT, "AWS; a function of docs/deploy.md"),
    Row("output", How.ACCOUNT, "AWS; a function of docs/deploy.md"),
    *(
        Row(name, How.ACCOUNT, "AWS; with a stand-in by tests/delivery/test_training_machine.py")
        for name in ("in-image", "keep-runs")
    ),
    Row("pg_dump", How.TEST, "tests/store/test_recovery.py"),
    Row("pg_restore", How.TEST, "tests/store/test_recovery.py"),
    Row("python -c", How.TEST, "tests/store/test_recovery.py"),
    *(
        Row(name, How.SHELL)
        for name in (
            *(
                "cd",
                "export",
                "ln",
                "mv",
                "cp",
                "rm",
                "kill",
                "curl",
                "git",
                "poweroff",
                "-i",
                "chown",
            ),
            *("cut", "journalctl"),
        )
    ),
)


def row_of(words: tuple[str, ...]) -> Row | None:
    """Return the row whose command is the longest beginning of these words; None without one."""
    given = " ".join((words[0].removeprefix(".venv/bin/"), *words[1:])) + " "
    fitting = [row for row in ROWS if given.startswith(row.command + " ")]
    return max(fitting, key=lambda row: len(row.command), default=None)


def run_page() -> str:
    """Return the page that says which commands were run."""
    parts = [
        "# Which commands are run",
        (
            "Made from `handbook/run_commands.py` by `make docs`. "
            "`tests/test_documented_commands.py` finds every command that the README and these "
            "pages show in a fence: each `sentiment` line is parsed by the real command line "
            "(commands, options, ranges), each `make` target exists, each file that is named "
            "exists, and each command is in this table. *Run by a test* means the command with "
            "smaller arguments, not that very line."
        ),
        table(
            ("command", "how", "where or why"),
            [(code(row.command), row.how, row.where) for row in ROWS if row.how != How.SHELL],
        ),
    ]
    return "\n\n".join(parts) + "\n"
