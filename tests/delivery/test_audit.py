"""`make audit` beside stand-ins of the registries: what it lets pass and what it does not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.delivery.registries import Known, registries
from tests.serving.running import REPOSITORY, clean_environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    """The environments that the audit looks at and works with."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    subprocess.run(
        ["make", ".venv-tools/.installed", ".venv-serve/.installed"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )


def audit(known: Known, folder: Path) -> subprocess.CompletedProcess[str]:
    with registries(known, folder) as variables:
        return subprocess.run(
            [".github/scripts/audit.sh"],
            cwd=REPOSITORY,
            env=clean_environment(variables),
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )


def test_audit_passes_where_nothing_is_known(tmp_path: Path) -> None:
    done = audit(Known(pypi={}, npm={}), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No known vulnerabilities found" in done.stdout + done.stderr
    assert "found 0 vulnerabilities" in done.stdout


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Known(pypi={"starlette": "PYSEC-0000-1"}, npm={}), "PYSEC-0000-1"),
        (Known(pypi={"boto3": "PYSEC-0000-2"}, npm={}), "PYSEC-0000-2"),
        (Known(pypi={}, npm={"preact": "Text becomes markup"}), "Text becomes markup"),
    ],
    ids=["serving", "boto3", "panel"],
)
def test_audit_fails_where_something_shipped_is_vulnerable(
    tmp_path: Path, known: Known, said: str
) -> None:
    done = audit(known, tmp_path)
    assert done.returncode == 1
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    "known", [Known(pypi=None, npm={}), Known(pypi={}, npm=None)], ids=["pypi", "npm"]
)
def test_audit_fails_where_a_registry_can_not_tell(tmp_path: Path, known: Known) -> None:
    assert audit(known, tmp_path).returncode == 1


def test_audit_does_not_mind_what_only_builds_and_tests_the_panel(tmp_path: Path) -> None:
    assert audit(Known(pypi={}, npm={"vitest": "Only in tests"}), tmp_path).returncode == 0
