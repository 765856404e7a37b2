"""The workflows: what they may do, and that every command in them was run by a test or by CI."""

from __future__ import annotations

import re
import shutil

import pytest
import yaml

from tests.delivery.workflows import FOLDER, read_workflows, run_steps
from tests.serving.running import REPOSITORY

WORKFLOWS = read_workflows()
STEPS = {step.key: step for step in run_steps(WORKFLOWS)}

IN_CI = {
    "ci/lint/Lint": "make lint",
    "ci/lint/Workflows, Dockerfiles, scripts": "make workflows",
    "ci/test/Chromium and PostgreSQL": ".github/scripts/install_test_tools.sh",
    "ci/test/Tests": "make test",
    "ci/test/Tests that take long": "make test-slow",
    "ci/extension/Chromium and PostgreSQL": ".github/scripts/install_test_tools.sh",
    "ci/extension/Types, tests, size, packing": "make extension",
    "ci/infra/Templates, rules, assertions, snapshot": "make infra",
    # `make test` and `make test-slow` run them with all the others.
    "ci/extension/The built extension in Chromium": "make test",
    "evaluate/evaluate/Environment": "make setup",
    # Without the two corpora, which have to be fetched.
    "evaluate/evaluate/Before and after, and the starter's figures": ".github/scripts/evaluate.sh",
    "nightly/audit/SBOM": "make sbom",
    "nightly/drift/Environment": "make setup",
    "nightly/everything/Everything": "",
}
"""Steps that `.ci/run` runs, and how it says so."""

WITH_STAND_INS = {
    "ci/image/Build, size, start, prediction, drain",
    "ci/image/Compose accepts its file",
    "evaluate/comment/Comment, or change the one that is there",
    "release/build/Build",
    "release/image/Log in to the registry",
    "release/image/Build, check, push",
    "release/index/Log in to the registry",
    "release/index/Index",
    "release/publish/Release",
    "deploy/production-diff/Templates",
    "deploy/production-diff/Difference",
    "deploy_stage/deploy/The key to verify with is here",
    "deploy_stage/deploy/Templates",
    "deploy_stage/deploy/Difference",
    "deploy_stage/deploy/Stacks",
    "deploy_stage/deploy/Log in to the release's registry",
    "deploy_stage/deploy/Image into the stage's registry",
    "deploy_stage/deploy/Blue-green release",
    "deploy_stage/deploy/Verify from outside",
    "deploy_stage/deploy/Roll back",
}
"""Steps that need an account, Docker or a fresh environment; `test_workflow_steps.py` runs them."""

BY_HAND = {
    "nightly/audit/Audit": "asks registries of vulnerabilities, which are not everywhere",
    "nightly/drift/Drill": "half a minute; `sentiment drift simulate` has tests of its own",
}


def test_every_step_is_run_somewhere() -> None:
    assert set(STEPS) == {*IN_CI, *WITH_STAND_INS, *BY_HAND}


@pytest.mark.parametrize("key", IN_CI)
def test_ci_runs_the_step(key: str) -> None:
    script = (REPOSITORY / ".ci" / "run").read_text()
    if not IN_CI[key]:
        assert STEPS[key].run == ".ci/run"
        return
    targets = {f"make {target}" for line in re.findall(r"^ *make (.*)$", script, re.MULTILINE)
               for target in line.split()}  # fmt: skip
    command = IN_CI[key]
    assert command in targets or re.search(rf"^{re.escape(command)}", script, re.MULTILINE)
    if key != "ci/extension/The built extension in Chromium":
        assert STEPS[key].run.startswith(command)


def test_commands_hold_no_expressions() -> None:
    # What a stranger writes into a title would become a part of the command.
    assert [step.key for step in STEPS.values() if "${{" in step.run] == []


def test_actions_are_pinned_to_a_commit_and_name_its_version() -> None:
    text = "\n".join(path.read_text() for path in FOLDER.glob("*.yml"))
    used = re.findall(r"uses: (?!\./)(\S+)(.*)", text)
    assert used
    pinned = r"[\w.-]+/[\w.-]+@[0-9a-f]{40}"
    assert [
        a for a, rest in used if not re.fullmatch(pinned, a) or not re.match(r" # v\d", rest)
    ] == []
    commits: dict[str, set[str]] = {}
    for action, _ in used:
        commits.setdefault(action.split("@")[0], set()).add(action)
    assert [action for action, found in commits.items() if len(found) > 1] == []


def test_rights_are_given_by_job_and_none_to_all() -> None:
    for name, workflow in WORKFLOWS.items():
        assert workflow["permissions"] == {}, name
        for job_name, job in workflow["jobs"].items():
            assert "permissions" in job, (name, job_name)
            if "uses" not in job:
                assert "timeout-minutes" in job, (name, job_name)


def test_a_called_workflow_gets_the_secrets_that_it_uses() -> None:
    """It sees none, its environment's included, that it does not declare and is not passed."""
    calls = 0
    for name, workflow in WORKFLOWS.items():
        for job_name, job in workflow["jobs"].items():
            if not job.get("uses", "").startswith("./"):
                continue
            calls += 1
            called = REPOSITORY / job["uses"]
            used = set(re.findall(r"secrets\.(\w+)", called.read_text()))
            declared = WORKFLOWS[called.stem]["on"]["workflow_call"].get("secrets", {})
            assert used == set(declared), called.name
            wanted = {secret: f"${{{{ secrets.{secret} }}}}" for secret in used}
            assert job.get("secrets", {}) == wanted, (name, job_name)
    assert calls == 2


def test_nobody_s_request_runs_with_rights_to_write() -> None:
    for name, workflow in WORKFLOWS.items():
        events = workflow["on"]
        assert "pull_request_target" not in events
        if "pull_request" not in events:
            continue
        for job_name, job in workflow["jobs"].items():
            writes = "write" in job["permissions"].values()
            checks_out = any("checkout" in step.get("uses", "") for step in job["steps"])
            assert not (writes and checks_out), (name, job_name)


def test_versions_of_python_are_those_that_are_promised() -> None:
    versions = WORKFLOWS["ci"]["jobs"]["test"]["strategy"]["matrix"]["python"]
    promised = re.search(r'requires-python = ">=(.*)"', (REPOSITORY / "pyproject.toml").read_text())
    assert promised is not None
    assert versions == [promised[1], "3.12", "3.13"]


def test_dependabot_looks_into_folders_that_exist() -> None:
    updates = yaml.safe_load((REPOSITORY / ".github" / "dependabot.yml").read_text())["updates"]
    folders = [folder for update in updates
               for folder in update.get("directories", [update.get("directory")])]  # fmt: skip
    assert [folder for folder in folders if not (REPOSITORY / folder.lstrip("/")).is_dir()] == []


def test_scripts_are_all_called_by_something() -> None:
    callers = [*FOLDER.glob("*.yml"), REPOSITORY / "Makefile", REPOSITORY / ".ci" / "run"]
    scripts = list((REPOSITORY / ".github" / "scripts").glob("*.*"))
    text = "".join(path.read_text() for path in [*callers, *scripts])
    assert [path.name for path in scripts if f"{path.name}" not in text] == []
    assert shutil.which("bash")
