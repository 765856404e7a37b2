"""Both stages, synthesised once for all tests; cdk-nag looks at them meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from infra.app import FLAGS, build_app

Resource = dict[str, Any]


@dataclass(frozen=True)
class Built:
    """The stacks' templates by name, such as `Sentiment-Staging-Data`."""

    folder: Path
    stacks: dict[str, cdk.Stack]

    def resources(self, stack: str, kind: str | None = None) -> dict[str, Resource]:
        """Return the resources of a stack, or those of one type."""
        path = self.folder / f"{stack}.template.json"
        found: dict[str, Resource] = json.loads(path.read_text(encoding="utf-8"))["Resources"]
        return {
            name: resource for name, resource in found.items() if kind in (None, resource["Type"])
        }

    def every(self, kind: str | None = None) -> list[tuple[str, Resource]]:
        """Return the resources of all stacks, each with its place, or those of one type."""
        return [
            (f"{stack}/{name}", resource)
            for stack in self.stacks
            for name, resource in self.resources(stack, kind).items()
        ]

    def template(self, stack: str) -> Template:
        """Return a stack's template for the CDK's assertions."""
        return Template.from_stack(self.stacks[stack])


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Synthesise; it raises when cdk-nag finds what nobody gave a reason for."""
    folder = tmp_path_factory.mktemp("cdk.out")
    app = cdk.App(outdir=str(folder), context=FLAGS)
    stages = build_app(app)
    app.synth()
    return Built(folder, {stack.stack_name: stack for found in stages.values() for stack in found})
