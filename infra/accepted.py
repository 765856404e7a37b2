"""Exceptions from cdk-nag's rules: each names one finding and says why it stays."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Acknowledgment, CfnElement, Stack, Validations
from constructs import IConstruct

WILDCARD = "AwsSolutions-IAM5"
"""The rule against `*` in what a policy names."""

ANY_RESOURCE = f"{WILDCARD}[Resource::*]"


def accept(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings of a construct and of what is inside it.

    Args:
        construct: as low in the tree as the finding allows.
        reasons: why, by the finding's id, such as `AwsSolutions-IAM5[Resource::*]`.
    """
    for finding, reason in reasons.items():
        Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=reason))


def reference_of(construct: IConstruct) -> str:
    """Return how a finding names a thing of its own stack, such as `<Bucket83908E77`.

    Raises:
        TypeError: the construct is no single resource.
    """
    element = construct.node.default_child
    if not isinstance(element, CfnElement):
        raise TypeError(f"{construct.node.path} is no single resource of a template.")
    return f"<{Stack.of(construct).resolve(element.logical_id)}"


def objects_of(bucket: IConstruct) -> str:
    """Return the finding of a policy that names every object of a bucket."""
    return f"{WILDCARD}[Resource::{reference_of(bucket)}.Arn>/*]"


def managed(name: str) -> str:
    """Return the finding of a policy that Amazon keeps."""
    return f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"
