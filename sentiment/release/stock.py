"""The bundles in a folder of releases: what is brought there, and what is taken away again."""

from __future__ import annotations

import shutil
from collections.abc import Collection

from sentiment.errors import ReleaseError
from sentiment.release.registered import RegisteredModel
from sentiment.release.registry import ModelRegistry
from sentiment.rollout.plan import Plan, Releases

_PARTIAL = ".partial"


def refuse_while_tried(releases: Releases) -> None:
    """Do nothing unless a model is tried beside the champion just now.

    Raises:
        ReleaseError: one is.
    """
    plan = releases.read()
    if plan is not None and plan.candidate is not None:
        raise ReleaseError(
            f"Wanted to make another model the champion, found {plan.candidate.digest[:12]}… "
            "being tried beside the present one.",
            hint="End that first: `sentiment release promote` or `sentiment release abort`.",
        )


def install_champion(
    releases: Releases, registry: ModelRegistry, registered: RegisteredModel
) -> Plan:
    """Have services run a version from now on, without a rollout.

    Args:
        releases: the folder; a first release fills it.
        registry: where the bundle is fetched from.
        registered: the champion.

    Raises:
        ReleaseError: another model is tried there just now.
        BundleError: the registry holds another bundle than it says.
        RegistryError: the registry can't be reached.
    """
    refuse_while_tried(releases)
    registry.fetch(registered, releases.bundles)
    wanted = Plan(champion=registered.digest)
    if releases.read() != wanted:
        releases.write(wanted)
    return wanted


def prune(releases: Releases, *, keep: Collection[str]) -> list[str]:
    """Remove bundles that nobody goes back to.

    Args:
        releases: the folder.
        keep: digests that stay besides those that the plan names.

    Returns:
        The digests that went.
    """
    plan = releases.read()
    if plan is None or not releases.bundles.is_dir():
        return []
    kept = {*keep, plan.champion}
    if plan.candidate is not None:
        kept.add(plan.candidate.digest)
    gone = []
    for folder in sorted(releases.bundles.iterdir()):
        # Another command may be writing one just now.
        if folder.is_dir() and folder.name not in kept and not folder.name.endswith(_PARTIAL):
            shutil.rmtree(folder)
            gone.append(folder.name)
    return gone
