"""The handbook: pages made of the code say what it says, the others name what exists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer
import yaml

from handbook.links import broken_links
from handbook.pages import made_pages
from handbook.schema import kind_of, range_of
from handbook.table import table
from infra.config import STAGES
from sentiment.cli.main import app
from sentiment.config import PipelineConfig
from sentiment.sections import Section
from sentiment.settings import Settings
from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"
FIGURE = REPOSITORY / "reports" / "figures" / "loop.svg"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {name: make() for name, make in made_pages().items()}


def sections(kind: type[Section]) -> Iterator[type[Section]]:
    yield kind
    for field in kind.model_fields.values():
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, Section):
                yield from sections(part)


@pytest.mark.parametrize("section", list(sections(PipelineConfig)), ids=lambda kind: kind.__name__)
def test_configuration_page_has_every_key(pages: dict[str, str], section: type[Section]) -> None:
    (part,) = re.findall(
        rf"^### {section.__name__}\n(.*?)(?=^##|\Z)",
        pages["configuration.md"],
        flags=re.MULTILINE | re.DOTALL,
    )
    for name, field in section.model_fields.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*$", part, flags=re.MULTILINE)
        assert " ".join((field.description or "").split()) in row
        is_plain = isinstance(field.default, (bool, int, float, str))
        assert not is_plain or f"`{json.dumps(field.default)}`" in row


def test_environment_page_has_every_variable_and_shows_no_secret(pages: dict[str, str]) -> None:
    for field in Settings.model_fields.values():
        (row,) = re.findall(rf"^\| `{field.alias}` .*$", pages["environment.md"], re.MULTILINE)
        assert field.description
        assert row.endswith(f"| {' '.join(field.description.split())} |")
    assert "***" not in pages["environment.md"]


def test_metrics_page_has_every_metric(pages: dict[str, str]) -> None:
    source = (REPOSITORY / "sentiment/serving/metrics.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"(sentiment_[a-z_]+)"', source))
    shown = re.findall(r"^\| `(sentiment_[a-z_]+)` ", pages["metrics.md"], flags=re.MULTILINE)
    assert len(named) > 15
    served = {name for name in shown if not name.startswith("sentiment_stream_")}
    assert {name.removesuffix("_total") for name in served} == named
    assert {"sentiment_stream_polls_total", "sentiment_stream_dead_messages"} <= set(shown) - served


def test_commands_page_has_every_command(pages: dict[str, str]) -> None:
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        for child in getattr(command, "commands", {"": None}):
            assert f"\n## sentiment {name} {child}".rstrip() + "\n" in pages["commands.md"]
    assert "| `--min-agreement` | float ≥ 0.51 ≤ 1 |" in pages["commands.md"]


def test_http_page_has_every_path_and_shape(pages: dict[str, str]) -> None:
    document = json.loads((REPOSITORY / "reports/openapi.json").read_text(encoding="utf-8"))
    for path, operations in document["paths"].items():
        assert all(f"\n### {method.upper()} {path}\n" in pages["http.md"] for method in operations)
    for name in document["components"]["schemas"]:
        assert f"\n### {name}\n" in pages["http.md"]


def test_exit_codes_page_says_what_an_operator_meets(pages: dict[str, str]) -> None:
    for line in ("| 8 | A candidate that the release gate refuses", "| 16 | `drift check`:"):
        assert line in pages["exit-codes.md"]


def test_schema_is_said_in_words() -> None:
    schema = {"anyOf": [{"type": "integer", "minimum": 8}, {"type": "null"}]}
    assert (kind_of(schema), range_of(schema)) == ("integer or null", "≥ `8`")
    assert kind_of({"type": "array", "items": {"$ref": "#/$defs/Part"}}) == "list of [Part](#part)"


def test_table_keeps_its_columns_whatever_is_in_a_cell() -> None:
    assert table(("a", "b"), [("x|y", "1\n2")]).splitlines()[-1] == r"| x\|y | 1 2 |"


def test_every_page_is_in_the_navigation() -> None:
    written = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(written)["theme"]["font"] is False
    pages = [*(path.name for path in DOCS.glob("*.md")), *(f"reference/{n}" for n in made_pages())]
    assert [name for name in pages if f": docs/{name}\n" not in written] == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="b.html#here">b</a><a href="https://example.org">out</a>', None),
        ('<a href="c.html">c</a>', "a.html: c.html leads nowhere"),
        ('<a href="b.html#gone">b</a>', "a.html: b.html#gone leads nowhere"),
        ('<a href="#gone">here</a>', "a.html: #gone leads nowhere"),
        ('<img src="https://example.org/x.png">', "fetched from elsewhere"),
        ('<script src="//example.org/x.js"></script>', "fetched from elsewhere"),
    ],
)
def test_links_of_a_site_are_checked(tmp_path: Path, body: str, problem: str | None) -> None:
    (tmp_path / "a.html").write_text(body, encoding="utf-8")
    (tmp_path / "b.html").write_text('<h1 id="here">b</h1>', encoding="utf-8")
    found = broken_links(tmp_path)
    assert len(found) == (problem is not None)
    assert problem is None or problem in found[0]


def test_runbook_has_a_row_for_every_alarm_of_infra() -> None:
    runbook = (DOCS / "runbook.md").read_text(encoding="utf-8")
    alarms = [
        name
        for file in ("service.py", "watch.py")
        for name in re.findall(r'_alarm\(\s*"(\w+)"', source_of(file))
    ]
    assert len(alarms) == 11
    for name in alarms:
        assert f"| `sentiment-STAGE-{name.lower()}` |" in runbook
    for message in re.findall(r'"(The look for drift [a-z ]+)\."', source_of("drift.py")):
        assert message in " ".join(runbook.split())


def source_of(name: str) -> str:
    return (REPOSITORY / "infra" / name).read_text(encoding="utf-8")


def test_runbook_has_a_row_for_every_alert_of_prometheus() -> None:
    runbook = (DOCS / "runbook.md").read_text(encoding="utf-8")
    rules = yaml.safe_load((REPOSITORY / "deploy/prometheus/alerts.yml").read_text("utf-8"))
    names = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    assert len(names) > 4
    assert [name for name in names if f"| `{name}` |" not in runbook] == []


def test_runbook_names_metrics_that_exist(pages: dict[str, str]) -> None:
    runbook = (DOCS / "runbook.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(sentiment_[a-z_]+)", runbook))
    assert len(named) > 10
    assert [name for name in sorted(named) if f"`{name}`" not in pages["metrics.md"]] == []


def test_runbook_has_every_code_of_an_error_of_ours() -> None:
    from sentiment.serving.problems import _BY_CLASS

    runbook = (DOCS / "runbook.md").read_text(encoding="utf-8")
    ours = {row.code for row in _BY_CLASS.values() if row.status >= 500 or row.status in {409, 422}}
    assert [code for code in sorted(ours) if f"`{code}`" not in runbook] == []


def test_costs_add_up() -> None:
    text = (DOCS / "costs.md").read_text(encoding="utf-8")
    total = 0.0
    n_sums = 0
    for arithmetic, usd in re.findall(r"^\|.*\|([^|]*)\| \**([\d.]+)\** \|$", text, re.MULTILINE):
        if arithmetic.strip():
            assert eval(arithmetic.strip()) == pytest.approx(float(usd), abs=0.006)
            total += float(usd)
        else:
            assert total == pytest.approx(float(usd), abs=0.006)
            total, n_sums = 0.0, n_sums + 1
    assert n_sums == 3
    said = re.findall(r"`([\d. */+()-]+) = ([\d.]+)`", text)
    assert len(said) > 6
    for arithmetic, result in said:
        digits = len(result.partition(".")[2])
        assert round(eval(arithmetic), digits) == float(result)


def test_costs_begin_with_what_other_pages_say() -> None:
    deploying = (DOCS / "deploy.md").read_text(encoding="utf-8")
    costs = (DOCS / "costs.md").read_text(encoding="utf-8")
    for total in re.findall(r"^\| \*\*sum\*\* \| \| \*\*([\d.]+)\*\* \|$", deploying, re.MULTILINE):
        assert f"stage | {total} | {total} |" in costs
    for ours, page, theirs in (
        ("| 708 comments/s |", "README.md", "| 708, 0.91 of the predictor"),
        ("| 881 comments/s |", "docs/scoring.md", "at 881/s"),
        ("README: 490 for 10,000", "README.md", "| 490 |"),
        ("| 150 comments/s |", "docs/live.md", "| 150 to 219 |"),
    ):
        assert ours in costs
        assert theirs in (REPOSITORY / page).read_text(encoding="utf-8")


def test_a_store_that_is_priced_fits_the_largest_disk_of_its_stage() -> None:
    text = (DOCS / "costs.md").read_text(encoding="utf-8")
    tables = re.findall(r"the (staging|production) stage \|(.*?)\*\*sum", text, re.DOTALL)
    assert len(tables) == 3
    for stage, priced in tables:
        (row,) = re.findall(r"^\| the store after .*$", priced, re.MULTILINE)
        named = re.search(r"`database_gb=(\d+)`", row)
        first_gb = int(named[1]) if named else STAGES[stage].database_gb
        needed_gb = float(re.findall(r": ([\d.]+) GB", row)[0])
        assert needed_gb <= 4 * first_gb, row
    said = " ".join(text.split())
    for name, config in STAGES.items():
        assert f"{4 * config.database_gb} GB in {name}" in said


def test_figure_of_the_loop_names_what_exists_and_fetches_nothing() -> None:
    figure = ElementTree.parse(FIGURE).getroot()
    paths = [each.text or "" for each in figure.iter() if each.get("class") == "path"]
    assert "retraining" in paths
    assert [path for path in paths if not (REPOSITORY / "sentiment" / path).exists()] == []
    content = FIGURE.read_text(encoding="utf-8")
    assert re.findall(r"https?://[^\"\s]+", content) == ["http://www.w3.org/2000/svg"]
