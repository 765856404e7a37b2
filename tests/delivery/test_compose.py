"""deploy/compose.yaml and what it mounts: names that exist, nothing open, metrics that are real."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
import yaml

from sentiment.serving.problems import codes_of_status
from sentiment.settings import Settings
from tests.serving.running import REPOSITORY, SERVE, announced

DEPLOY = REPOSITORY / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("serve", "worker", "poller")
ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboards" / "sentiment.json").read_text())


def expressions() -> list[str]:
    """Every query of the dashboard and of the alerts."""
    shown = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return [*shown, *(rule["expr"] for group in ALERTS["groups"] for rule in group["rules"])]


def variables_of(text: str) -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", text))


def example() -> dict[str, str]:
    lines = (DEPLOY / "compose.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_write_nothing_and_are_given_time_to_drain(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["stop_grace_period"] == "30s"


def test_ports_are_open_to_this_machine_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_images_are_pinned_to_a_version() -> None:
    images = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    assert [image for image in images if not re.search(r":v?\d+\.\d+(\.\d+)?[\w.-]*$", image)] == []


def test_every_variable_of_compose_is_in_its_example_or_has_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    optional = set(re.findall(r"\$\{([A-Z_]+):-[^}]+\}", text))
    assert variables_of(text) - optional == set(example())
    assert set(example().values()) == {""}  # no password that someone forgets to change


def test_our_variables_are_settings_or_boto3_s() -> None:
    known = {str(field.alias) for field in Settings.model_fields.values()}
    given = {name for service in OURS for name in SERVICES[service]["environment"]}
    ours = {name for name in given if not name.startswith("AWS_")}
    assert ours <= known


@pytest.mark.parametrize("name", OURS)
def test_commands_exist(name: str) -> None:
    from sentiment.cli.main import app

    command: Any = typer.main.get_command(app)
    words = list(SERVICES[name]["command"])
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context(name, words)


def test_mounted_files_and_volumes_are_there() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    sources = {mount.split(":")[0] for mount in mounts}
    files = {source for source in sources if source.startswith("./")}
    assert [source for source in files if not (DEPLOY / source).exists()] == []
    assert sources - files == set(COMPOSE["volumes"])


def test_queues_are_those_that_are_asked() -> None:
    text = (DEPLOY / "queue" / "elasticmq.conf").read_text()
    address = SERVICES["worker"]["environment"]["SENTIMENT_QUEUE_URL"]
    assert f"\n  {address.rsplit('/', 1)[1]} {{" in text
    assert 'name = "dead"' in text
    assert "\n  dead {" in text


def test_dashboard_and_alerts_ask_for_what_the_service_exports(tmp_path: Path) -> None:
    with announced((*SERVE, "--port", "0"), log_path=tmp_path / "log") as server:
        httpx.post(f"{server.url}/v1/predict", json={"texts": ["a"]}, timeout=60)
        httpx.post(f"{server.url}/v1/predict", json={"texts": 1}, timeout=60)
        page = httpx.get(f"{server.url}/metrics", timeout=60).text
        server.process.terminate()
    exported: dict[str, set[str]] = {"up": {"job"}}
    # The quota has no value before the first analysis.
    for name in re.findall(r"^# TYPE ([a-z_]+) gauge$", page, flags=re.MULTILINE):
        exported.setdefault(name, set())
    for name, labels in re.findall(r"^([a-z_]+)(?:\{(.*)\})? ", page, flags=re.MULTILINE):
        exported.setdefault(name, set()).update(re.findall(r'([a-z_]+)="', labels))

    asked = expressions()
    used = {name for text in asked for name in re.findall(r"\b(?:sentiment|bentoml)_[a-z_]+", text)}
    assert used
    assert used - set(exported) == set()
    for text in asked:
        for name, selector in re.findall(r"\b((?:sentiment|bentoml)_[a-z_]+|up)\{(.*?)\}", text):
            assert set(re.findall(r"([a-z_]+)[=!]", selector)) <= exported[name], text
        (*_, ours) = re.findall(r"\b((?:sentiment|bentoml)_[a-z_]+|up)\b", text)
        for grouped in re.findall(r"by \((.*?)\)", text):
            assert set(grouped.split(", ")) <= exported[ours], text


def test_alerts_name_codes_that_exist() -> None:
    known = {code for status in range(400, 600) for code in codes_of_status(status)}
    named = {
        code
        for text in expressions()
        for codes in re.findall(r'code=~"(.*?)"', text)
        for code in codes.split("|")
    }
    assert named
    assert named <= known


def test_dashboard_reads_the_source_that_is_provisioned() -> None:
    path = DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yaml"
    (source,) = yaml.safe_load(path.read_text())["datasources"]
    asked = {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]}
    assert asked == {source["uid"]}
    assert source["url"].removeprefix("http://").split(":")[0] in SERVICES


def test_compose_itself_accepts_the_file() -> None:
    docker = shutil.which("docker")
    has_compose = (
        docker is not None
        and not subprocess.run(
            [docker, "compose", "version"], capture_output=True, check=False
        ).returncode
    )
    if not has_compose:
        pytest.skip("no `docker compose` here; the published schema is checked by `make workflows`")
    values = {**example(), "POSTGRES_PASSWORD": "a", "GRAFANA_PASSWORD": "b"}
    subprocess.run(
        ["docker", "compose", "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", **values},
        check=True,
        timeout=60,
    )
