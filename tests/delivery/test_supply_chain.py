"""What is promised of images, locks and documents about security."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.delivery.dockerfile import Stage, read_dockerfile
from tests.serving.running import REPOSITORY

IMAGES = {
    path.parent.name: read_dockerfile(path) for path in (REPOSITORY / "deploy").glob("*/Dockerfile")
}
LOCKS = sorted((REPOSITORY / "requirements").glob("*.lock"))


@pytest.mark.parametrize("name", IMAGES)
def test_image_runs_as_nobody_in_particular(name: str) -> None:
    final: Stage = IMAGES[name][-1]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", final.last("USER").value)
    # What is copied after it could belong to that user, and then be changed by it.
    order = [step.name for step in final.steps]
    assert order.index("USER") > max(i for i, step in enumerate(order) if step == "COPY")
    assert final.last("STOPSIGNAL").value == "SIGTERM"


@pytest.mark.parametrize("name", IMAGES)
def test_base_images_name_a_version_to_the_patch(name: str) -> None:
    for stage in IMAGES[name]:
        assert re.search(r":\d+\.\d+\.\d+-", stage.image), stage.image


@pytest.mark.parametrize("name", IMAGES)
def test_no_secret_is_built_in(name: str) -> None:
    words = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
    steps = [step for stage in IMAGES[name] for step in stage.steps]
    given = [step.value for step in steps if step.name in {"ARG", "ENV"}]
    assert given
    assert [value for value in given if words.search(value)] == []


@pytest.mark.parametrize("name", IMAGES)
def test_copied_files_exist_and_packages_are_checked_by_hash(name: str) -> None:
    steps = [step for stage in IMAGES[name] for step in stage.steps]
    copied = [source for step in steps if step.name == "COPY" and "from" not in step.flags
              for source in step.words[:-1]]  # fmt: skip
    assert [source for source in copied if not (REPOSITORY / source).exists()] == []
    installs = [step.value for step in steps if step.name == "RUN" and " install " in step.value]
    assert installs
    assert all("--require-hashes" in value and "apt-get" not in value for value in installs)


@pytest.mark.parametrize("name", IMAGES)
def test_nothing_else_reaches_the_builder(name: str) -> None:
    lines = (REPOSITORY / "deploy" / name / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    steps = [step for stage in IMAGES[name] for step in stage.all_of("COPY")]
    copied = {source for step in steps if "from" not in step.flags for source in step.words[:-1]}
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule[0] == "!"} == copied
    assert {"**/__pycache__", "**/*.pyc"} <= set(rules)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_locks_pin_by_hash_and_name_no_index(lock: Path) -> None:
    text = lock.read_text().replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert entries
    assert [line for line in entries if not re.match(r"\S+==\S+.*--hash=sha256:", line)] == []
    assert re.findall(r"://|index-url|find-links|trusted-host| @ ", text) == []


def test_images_lock_and_training_lock_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (REPOSITORY / "requirements" / name).read_text()
        return dict(re.findall(r"^([a-z0-9.\-]+)(?:\[[a-z,]+\])?==([^\s;]+)", text, re.MULTILINE))

    everything = pins("dev.lock")
    for name in ("serve.lock", "aws.lock", "train.lock"):
        assert pins(name).items() <= everything.items(), name


def test_security_policy_names_tests_that_exist() -> None:
    policy = (REPOSITORY / "SECURITY.md").read_text()
    n_named = 0
    for row in policy.splitlines():
        path = None
        for quoted in re.findall(r"`([^`]+)`", row):
            file_name, _, test = quoted.partition("::")
            if re.fullmatch(r"(?:tests|chrome_extension|sentiment|\.github)/\S+\.\w+", file_name):
                path = REPOSITORY / file_name
                assert path.is_file(), quoted
                n_named += 1
            elif quoted.startswith("…"):
                test = quoted[1:]
            if test:
                assert path is not None, row
                # A row may shorten the names of further tests of the same file.
                shortened = re.escape(test.removeprefix("test_"))
                assert re.search(rf"def test_\w*{shortened}\(", path.read_text()), quoted
    assert n_named > 20


@pytest.mark.parametrize("name", ["SECURITY.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md",
                                  "docs/containers.md", "docs/delivery.md"])  # fmt: skip
def test_links_of_documents_lead_somewhere(name: str) -> None:
    path = REPOSITORY / name
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []
