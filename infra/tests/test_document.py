"""What `docs/deploy.md` says: its arithmetic is right, and what it names is there."""

from __future__ import annotations

import ast
import json
import operator
import re
from pathlib import Path

import pytest

from infra.authorizer import index as authorizer
from infra.config import STAGES, Choices
from infra.tests.conftest import Built

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "deploy.md"
_OPERATORS = {
    ast.Add: operator.add,
    ast.Div: operator.truediv,
    ast.Mult: operator.mul,
}


def rows_of(stage: str) -> tuple[list[tuple[str, float]], float]:
    """Return the rows of a stage's table, arithmetic and result, and its sum."""
    table = _text().split(f"| {stage} | arithmetic | USD |\n")[1].split("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    rows = [(how, float(result)) for _, how, result in cells[1:-1]]
    return rows, float(cells[-1][2].strip("*"))


@pytest.mark.parametrize("stage", STAGES)
def test_the_table_adds_up_and_fits_the_budget(stage: str) -> None:
    rows, total = rows_of(stage)
    assert len(rows) > 10
    for how, result in rows:
        assert _value(ast.parse(how, mode="eval").body) == pytest.approx(result, abs=0.0051), how
    assert sum(result for _, result in rows) == pytest.approx(total, abs=0.0051)
    assert total < STAGES[stage].budget_usd  # type: ignore[index]


def test_every_output_that_it_asks_for_is_there(built: Built) -> None:
    asked = set(re.findall(r"output ([A-Z][a-z]+) ([A-Z][A-Za-z]+)", _text()))
    assert len(asked) > 12
    # Only with a host name of the operator's own.
    asked.remove(("Edge", "NameLeadsTo"))
    for stage in ("Staging", "Production"):
        for part, name in asked:
            path = built.folder / f"Sentiment-{stage}-{part}.template.json"
            assert name in json.loads(path.read_text(encoding="utf-8"))["Outputs"], (part, name)


def test_changing_a_secret_is_told_for_every_secret(built: Built) -> None:
    how = _text().split("**Changing a secret**")[1].split("**The model alone**")[0]
    names = {
        secret["Properties"]["Name"].split("/")[2]
        for _, secret in built.every("AWS::SecretsManager::Secret")
    }
    assert len(names) == 4
    assert {name for name in names if f"| `{name}` |" not in how} == set()
    # The gateway keeps the service's token for these two times, one after the other.
    kept_s = authorizer._FRESH_S
    for place, rest in built.every("AWS::ApiGateway::Authorizer"):
        assert kept_s + rest["Properties"]["AuthorizerResultTtlInSeconds"] == 600, place
    assert "within ten minutes" in how


def test_it_describes_every_choice_and_every_part(built: Built) -> None:
    text = _text()
    assert {name for name in Choices.model_fields if f"`{name}`" not in text} == set()
    parts = {stack.rsplit("-", 1)[1] for stack in built.stacks}
    assert {part for part in parts if f"| {part} | `" not in text} == set()


def test_every_alarm_and_every_metric_of_one_is_counted(built: Built) -> None:
    """An alarm on several metrics costs as much as one on each."""
    alarms = [
        alarm["Properties"]
        for place, alarm in built.every("AWS::CloudWatch::Alarm")
        if "Staging" in place
    ]
    watched = sum(
        sum("MetricStat" in part for part in alarm.get("Metrics", [])) or 1 for alarm in alarms
    )
    rows = re.findall(rf"^\| {len(alarms)} alarms on (\d+) .* \| (\d+) \* 0\.10 ", _text(), re.M)
    assert rows == [(str(watched), str(watched))] * len(STAGES)


def _text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return float(_OPERATORS[type(node.op)](_value(node.left), _value(node.right)))
    assert isinstance(node, ast.Constant)
    return float(node.value)  # type: ignore[arg-type]
