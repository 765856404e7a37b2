"""The files around the code: what they name exists, and what exists is named."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from sentiment.config import load_config
from sentiment.settings import Settings
from tests.conftest import REPOSITORY

# `compare` is no run of the pipeline: it races models, by `sentiment compare`.
CONFIGS = [
    path for path in sorted((REPOSITORY / "configs").glob("*.yaml")) if path.stem != "compare"
]
PIPELINE: dict[str, Any] = yaml.safe_load((REPOSITORY / "dvc.yaml").read_text(encoding="utf-8"))
STAGES: dict[str, dict[str, Any]] = PIPELINE["stages"]
TARGETS = (
    *("setup", "demo", "test", "lint", "pipeline", "serve", "bench", "synth", "infra", "docs"),
    "clean",
)
LOCKS = ("serve.lock", "dev.lock", "infra.lock", "docs.lock")
NOT_SERVED = {
    *("torch", "transformers", "mlflow", "dvc", "pandas", "datasets", "scikit-learn"),
    *("lightgbm", "vadersentiment", "textblob"),
}


def plain(item: str | dict[str, Any]) -> str:
    """Return the path of a dependency or output that may have options."""
    return item if isinstance(item, str) else next(iter(item))


def keys_read(stage: str) -> list[str]:
    """Return the parameters that a stage reads of its configuration."""
    (parameters,) = STAGES[stage]["params"]
    assert list(parameters) == ["configs/${config}.yaml"]
    return list(parameters["configs/${config}.yaml"])


def holds(document: dict[str, Any], key: str) -> bool:
    value: Any = document
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return True


def made_by(stage: str) -> set[str]:
    kinds = ("outs", "metrics", "plots")
    return {plain(item) for kind in kinds for item in STAGES[stage].get(kind, [])}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_stage_finds_its_parameters_in_every_configuration(path: Path, stage: str) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [key for key in keys_read(stage) if not holds(document, key)] == []


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_training_runs_again_when_the_soft_labels_of_a_configuration_change(path: Path) -> None:
    teaching = load_config(path).teaching
    if teaching is not None:
        assert teaching.soft_labels in map(plain, STAGES["train"]["deps"])


@pytest.mark.parametrize("stage", STAGES)
def test_stage_depends_on_what_is_there_or_is_made_before(stage: str) -> None:
    earlier = list(STAGES)[: list(STAGES).index(stage)]
    made = {path for other in earlier for path in made_by(other)}
    missing = [
        path
        for path in map(plain, STAGES[stage]["deps"])
        if path not in made and not (REPOSITORY / path).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("stage", STAGES)
def test_stage_runs_a_command_with_options_that_exist(stage: str) -> None:
    from sentiment.cli.main import app

    program, name, *arguments = STAGES[stage]["cmd"].replace("${config}", "smoke").split()
    assert program == ".venv/bin/sentiment"
    group = typer.main.get_command(app)
    command = group.commands[name]  # type: ignore[attr-defined]
    # Parsing fails on an unknown option, and calls nothing.
    command.make_context(name, arguments)


def test_stages_that_read_a_configuration_run_again_when_a_default_changes() -> None:
    reading = [stage for stage in STAGES.values() if "--config" in stage["cmd"]]
    assert len(reading) >= 6
    for stage in reading:
        assert "sentiment/config.py" in stage["deps"], stage["cmd"]


def test_stages_make_what_the_configuration_says() -> None:
    config = load_config(REPOSITORY / "configs" / "smoke.yaml")
    folders = {
        "prepare": {config.interim_dir, config.processed_dir},
        "train": {config.checkpoint_dir},
        "export": {config.bundle_dir},
    }
    for stage, wanted in folders.items():
        made = {Path(path.replace("${config}", config.name)) for path in made_by(stage)}
        assert made == wanted


def test_every_stage_but_the_first_builds_on_an_earlier_one() -> None:
    for number, stage in enumerate(STAGES):
        made = {path for other in list(STAGES)[:number] for path in made_by(other)}
        assert bool(made & set(map(plain, STAGES[stage]["deps"]))) == (number > 0)


def test_params_file_names_a_configuration() -> None:
    parameters = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    assert list(parameters) == ["config"]
    assert parameters["config"] in {path.stem for path in CONFIGS}


def example_variables() -> dict[str, str]:
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_env_example_lists_exactly_the_settings() -> None:
    aliases = [field.alias for field in Settings.model_fields.values()]
    assert sorted(example_variables()) == sorted(str(alias) for alias in aliases)


def test_env_example_says_of_what_is_no_setting_that_the_file_does_not_count() -> None:
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    settings = {str(field.alias) for field in Settings.model_fields.values()}
    named = {
        name: part for part in text.split("\n\n") for name in re.findall(r"(?m)^#? ?(\w+)=", part)
    }
    assert named.keys() > settings
    for name in named.keys() - settings:
        assert "from the environment alone, never from .env" in named[name], name


def test_env_example_as_it_is_changes_no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in example_variables():
        monkeypatch.delenv(name, raising=False)
    copied = Settings(_env_file=REPOSITORY / ".env.example")  # type: ignore[call-arg]
    assert copied == Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize("config", ["quikstart", "configs/starter.yaml", "compare", "%", ""])
def test_make_pipeline_of_what_is_no_configuration_names_them_and_changes_nothing(
    tmp_path: Path, config: str
) -> None:
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    shutil.copytree(REPOSITORY / "configs", tmp_path / "configs")
    parameters = Path(shutil.copy(REPOSITORY / "params.yaml", tmp_path))
    before = parameters.read_bytes()
    # As if the environment were there.
    command = ["make", "--old-file=setup", "pipeline", f"CONFIG={config}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"CONFIG={config}: there are " in done.stderr
    named = done.stderr.partition("there are ")[2].partition(".")[0].split()
    assert {"quickstart", "reddit", "starter", "distilbert", "smoke"} <= set(named)
    assert "compare" not in named
    assert parameters.read_bytes() == before
    assert not (tmp_path / "params.yaml.old").exists()


def test_make_help_lists_the_targets() -> None:
    if shutil.which("make") is None:
        pytest.fail("make is what everything is started with, and it is not installed")
    done = subprocess.run(
        ["make", "--no-print-directory"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    described = dict(re.findall(r"^  ([a-z]+) +(\S.*)$", done.stdout, flags=re.MULTILINE))
    assert set(TARGETS) <= set(described)


def test_makefile_calls_no_target_by_a_file_s_name() -> None:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)
    described = re.findall(r"^([a-z-]+):.*## ", text, flags=re.MULTILINE)
    assert set(described) == set(phony.split())


def requirements(lock: str) -> dict[str, tuple[str, list[str]]]:
    """Return version and hashes by name of package."""
    text = (REPOSITORY / "requirements" / lock).read_text(encoding="utf-8")
    # A requirement goes on over lines that end with a backslash.
    lines = text.replace("\\\n", " ").splitlines()
    entries = [line for line in lines if line and not line.lstrip().startswith("#")]
    found = {}
    for entry in entries:
        match = re.match(r"^([a-z0-9][a-z0-9.\-]*)(?:\[[a-z0-9,\-]+\])?==(\S+)", entry)
        assert match, entry
        found[match[1]] = (match[2], re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_package_by_hash(lock: str) -> None:
    found = requirements(lock)
    assert len(found) > 40
    assert [name for name, (_, hashes) in found.items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_index(lock: str) -> None:
    text = (REPOSITORY / "requirements" / lock).read_text(encoding="utf-8")
    address = r"://|index-url|find-links|trusted-host| @ |^\s*-[a-z]"
    assert re.findall(address, text, flags=re.MULTILINE) == []


def test_serve_lock_holds_no_training_library() -> None:
    assert NOT_SERVED & set(requirements("serve.lock")) == set()


def test_serve_lock_is_a_part_of_dev_lock() -> None:
    served, all_of_them = requirements("serve.lock"), requirements("dev.lock")
    assert {name: all_of_them.get(name) for name in served} == served
    assert set(all_of_them) > NOT_SERVED
