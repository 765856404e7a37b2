"""Steps of the workflows that need an account or Docker, run beside stand-ins of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment import __version__
from sentiment.release.bundle import load_bundle
from tests.delivery.workflows import RunStep, Workbench, read_workflows, run_steps
from tests.serving.running import REPOSITORY, SERVE, Running, announced

STEPS = {step.key: step for step in run_steps(read_workflows())}

EXPRESSIONS = {
    "github.token": "t0ken",
    "github.repository": "Example/Sentiment",
    "github.event.pull_request.number": "7",
    "secrets.CRX_KEY": "",
    "secrets.SMOKE_API_TOKEN": "a-key",
    "needs.index.outputs.digest": "sha256:0123",
    "inputs.stage": "staging",
    "inputs.digest": "sha256:0123",
    "inputs.model_digest": "",
    "steps.image.outputs.image": "registry.example/serving@sha256:0123",
    "steps.image.outputs.previous": "registry.example/serving@sha256:9999",
    "steps.release.outputs.deployment": "d-2",
}
AWS = {
    "*Foundation*ServingRepository*": "echo registry.example/serving",
    "*Edge*Address*": 'echo "$SERVICE"',
    "*describe-stacks*": "echo a-name",
    "*list-deployments*": "printf 'd-1\\td-0\\n'",
    # Auto Scaling's own, at a launch: newer, and without an image.
    "*d-1*description*": "printf 'autoscaling\\tNone\\n'",
    "*d-0*description*": "printf 'user\\t%s\\n' \"${BEFORE-registry.example/serving@sha256:9999}\"",
    "*create-deployment*": "echo d-2",
    "*describe-images*": 'exit "${HAS_NO_SUCH_IMAGE:-254}"',
    "*d-3*deploymentInfo.status*": "echo Succeeded",
    "*deploymentInfo.status*": 'echo "${STATUS:-Succeeded}"',
    "*rollbackDeploymentId*": 'echo "${BACK:-d-3}"',
    "*list-deployment-targets*": "echo i-1",
    # How many have not passed the event.
    "*batch-get-deployment-targets*": "echo 0",
}
DOCKER = {
    "*Size*": 'echo "${SIZE:-1}"',
    "*imagetools*inspect*": "echo sha256:0123",
    "*ExitCode*": "echo 0",
    "run*": "echo c0ntainer",
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    bench = Workbench(tmp_path_factory.mktemp("bench"))
    for program, answers in {"aws": AWS, "docker": DOCKER, "gh": {}, "npx": {}}.items():
        bench.stand_in(program, answers)
    return bench


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    log_path = tmp_path_factory.mktemp("service") / "log"
    with announced((*SERVE, "--port", "0"), log_path=log_path) as running:
        yield running
        running.process.terminate()


def ran(bench: Workbench, key: str, **variables: str) -> list[str]:
    """Run a step that must end well, and return the calls of others' programs."""
    bench.calls()
    done = bench.run(STEPS[key], EXPRESSIONS, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return [*bench.output.read_text().splitlines(), *bench.calls()]


def test_comment_is_made_or_changed(bench: Workbench) -> None:
    (call,) = ran(bench, "evaluate/comment/Comment, or change the one that is there")
    assert call.startswith("gh pr comment 7 --edit-last --create-if-none --body-file evaluation.md")


@pytest.mark.parametrize("key", [
    "ci/image/Build, size, start, prediction, drain", "release/image/Build, check, push",
])  # fmt: skip
def test_image_is_asked_before_it_is_pushed(bench: Workbench, service: Running, key: str) -> None:
    calls = ran(bench, key, SMOKE_PORT=str(service.address[1]))
    kinds = [call.split()[1] for call in calls if call.startswith("docker")]
    is_pushed = key.startswith("release")
    order = ["build", "image", "run", "stop", "inspect", *(["push"] if is_pushed else [])]
    assert kinds == [*order, "rm"]
    assert any("--read-only" in call for call in calls)


def test_image_over_its_budget_is_refused(bench: Workbench) -> None:
    done = bench.run(STEPS["release/image/Build, check, push"], EXPRESSIONS, SIZE="450000001")
    assert done.returncode != 0
    assert "larger than its budget" in done.stderr
    assert not any("push" in call for call in bench.calls())


def test_compose_is_asked_to_read_its_file(bench: Workbench) -> None:
    (call,) = ran(bench, "ci/image/Compose accepts its file")
    assert call == "docker compose --file deploy/compose.yaml config --quiet"


@pytest.mark.parametrize("key", [
    "release/image/Log in to the registry", "release/index/Log in to the registry",
    "deploy_stage/deploy/Log in to the release's registry",
])  # fmt: skip
def test_token_is_no_argument(bench: Workbench, key: str) -> None:
    (call,) = ran(bench, key)
    assert call == "docker login ghcr.io --username someone --password-stdin"


@pytest.mark.slow
def test_release_holds_bento_extension_sbom_and_notes(bench: Workbench) -> None:
    # What these targets make is tested elsewhere, and takes minutes.
    bench.stand_in("make", {"extension*sbom*": (
        'test -s "$SENTIMENT_CRX_KEY_FILE" && touch dist/a.zip dist/a.crx dist/sbom-a.cdx.json'
    )})  # fmt: skip
    (bench.tree / ".venv-serve").symlink_to(REPOSITORY / ".venv")
    ran(bench, "release/build/Build", CRX_KEY="made up")
    names = {path.name for path in (bench.tree / "dist").iterdir()}
    assert {f"youtube_sentiment-{__version__}.bento", "SHA256SUMS", "notes.md"} <= names
    assert "### Added" in (bench.tree / "dist" / "notes.md").read_text()
    listed = (bench.tree / "dist" / "SHA256SUMS").read_text()
    assert len(listed.splitlines()) == 4

    bench.calls()
    calls = ran(bench, "release/publish/Release")
    assert "dist/SHA256SUMS" in calls[0]
    assert "serve@sha256:0123" in (bench.tree / "dist" / "notes.md").read_text()


def test_release_of_another_version_than_the_code_s_is_refused(bench: Workbench) -> None:
    done = bench.run(STEPS["release/build/Build"], EXPRESSIONS, GITHUB_REF_NAME="v9.9.9")
    assert done.returncode != 0
    assert "The tag says 9.9.9" in done.stderr


@pytest.mark.parametrize(("key", "wanted"), [
    ("deploy/production-diff/Difference", "npx --yes aws-cdk@2.1148.1 diff"),
    ("deploy_stage/deploy/Difference", "npx --yes aws-cdk@2.1148.1 diff"),
    ("deploy_stage/deploy/Stacks", "npx --yes aws-cdk@2.1148.1 deploy"),
])  # fmt: skip
def test_stacks_are_compared_and_deployed(bench: Workbench, key: str, wanted: str) -> None:
    (call,) = ran(bench, key)
    assert call.startswith(wanted)
    stage = "production" if key.startswith("deploy/") else "staging"
    assert f"--context stage={stage}" in call


@pytest.mark.parametrize("key", [
    "deploy/production-diff/Templates", "deploy_stage/deploy/Templates",
])  # fmt: skip
def test_templates_are_made_by_a_target(bench: Workbench, key: str) -> None:
    bench.stand_in("make")
    assert ran(bench, key) == ["make synth"]


@pytest.mark.parametrize(("key", "code"), [("a-key", 0), ("", 1)])
def test_a_key_that_is_missing_fails_before_anything_is_changed(
    bench: Workbench, key: str, code: int
) -> None:
    first = next(step for name, step in STEPS.items() if name.startswith("deploy_stage/"))
    done = bench.run(first, EXPRESSIONS | {"secrets.SMOKE_API_TOKEN": key})
    assert done.returncode == code
    assert ("no secret SMOKE_API_TOKEN" in done.stdout) == bool(code)


def test_image_is_copied_by_digest_and_the_one_before_is_remembered(bench: Workbench) -> None:
    calls = ran(bench, "deploy_stage/deploy/Image into the stage's registry")
    assert "image=registry.example/serving@sha256:0123" in calls
    assert "previous=registry.example/serving@sha256:9999" in calls
    assert (
        "docker buildx imagetools create --prefer-index=false --tag "
        "registry.example/serving:release-0123 ghcr.io/example/sentiment/serve@sha256:0123"
    ) in calls


def test_image_that_is_there_already_is_not_copied_again(bench: Workbench) -> None:
    step = "deploy_stage/deploy/Image into the stage's registry"
    calls = ran(bench, step, HAS_NO_SUCH_IMAGE="0")
    assert "image=registry.example/serving@sha256:0123" in calls
    assert not any("imagetools" in call for call in calls)


def test_images_of_both_architectures_get_one_name(bench: Workbench) -> None:
    calls = ran(bench, "release/index/Index")
    image = "ghcr.io/example/sentiment/serve:0.1.0"
    assert calls[0] == "digest=sha256:0123"
    assert calls[1].endswith(f"--tag {image} {image}-amd64 {image}-arm64")


@pytest.mark.parametrize("before", ["None", "", "registry.example/serving:release-1"])
def test_what_is_no_image_by_digest_is_not_gone_back_to(bench: Workbench, before: str) -> None:
    calls = ran(bench, "deploy_stage/deploy/Image into the stage's registry", BEFORE=before)
    assert "previous=" in calls


def test_a_release_is_verified_while_the_instances_of_before_are_still_there(
    bench: Workbench, service: Running
) -> None:
    calls = ran(bench, "deploy_stage/deploy/Blue-green release", STATUS="InProgress")
    (created,) = [call for call in calls if "create-deployment" in call]
    assert "registry.example/serving@sha256:0123" in created
    assert "deployment=d-2" in calls
    assert verified(bench, service, "")[0] == 0


ROLL_BACK = "deploy_stage/deploy/Roll back"


def test_while_they_are_there_traffic_goes_back_to_them(bench: Workbench) -> None:
    calls = ran(bench, ROLL_BACK, STATUS="InProgress")
    (stopped,) = [call for call in calls if "stop-deployment" in call]
    assert "--deployment-id d-2 --auto-rollback-enabled" in stopped
    assert not [call for call in calls if "create-deployment" in call]


@pytest.mark.parametrize("variables", [
    {"STATUS": "Succeeded"}, {"STATUS": "InProgress", "BACK": "None", "WAIT_S": "0"},
])  # fmt: skip
def test_later_the_image_of_before_is_released_again(
    bench: Workbench, variables: dict[str, str]
) -> None:
    calls = ran(bench, ROLL_BACK, **variables)
    (created,) = [call for call in calls if "create-deployment" in call]
    assert "registry.example/serving@sha256:9999" in created


@pytest.mark.parametrize("previous", ["", "None", "registry.example/serving:release-1"])
def test_without_one_before_there_is_no_way_back(bench: Workbench, previous: str) -> None:
    bench.calls()
    done = bench.run(STEPS[ROLL_BACK], EXPRESSIONS | {"steps.image.outputs.previous": previous})
    assert done.returncode == 1
    assert "no way back" in done.stderr
    assert not [call for call in bench.calls() if "create-deployment" in call]


def verified(bench: Workbench, service: Running, digest: str) -> tuple[int, str]:
    done = bench.run(
        STEPS["deploy_stage/deploy/Verify from outside"],
        EXPRESSIONS | {"inputs.model_digest": digest},
        SERVICE=service.url,
        SMOKE_WAIT_S="0",
    )
    return done.returncode, done.stdout + done.stderr


def test_a_stage_is_verified_from_outside(bench: Workbench, service: Running) -> None:
    digest = load_bundle(REPOSITORY / "models" / "starter").digest
    code, said = verified(bench, service, digest)
    assert (code, digest in said) == (0, True)


def test_a_stage_with_another_model_fails(bench: Workbench, service: Running) -> None:
    code, said = verified(bench, service, "0" * 64)
    assert code == 1
    assert "Wanted model 000" in said


def test_a_stage_that_does_not_answer_fails(bench: Workbench) -> None:
    nobody = Running("http://127.0.0.1:1", None, Path())  # type: ignore[arg-type]
    code, said = verified(bench, nobody, "")
    assert code == 1
    assert "did not become ready" in said


def test_figures_below_their_threshold_fail(bench: Workbench, tmp_path: Path) -> None:
    def held(macro_f1: float) -> int:
        metrics = tmp_path / "metrics.json"
        metrics.write_text(f'{{"rated_tweets": {{"macro_f1": {macro_f1}}}}}')
        run = f"python3 .github/scripts/thresholds.py starter {metrics}"
        return bench.run(RunStep("", run, {}), {}).returncode

    assert [held(0.9), held(0.1)] == [0, 1]
