"""Released models in the MLflow registry: versions, what is known of each, and who holds an alias.

Besides `sentiment.release.registry_artifacts`, which moves the files, and the training's tracking
module nobody imports mlflow. Works with any tracking server.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from sentiment.errors import RegistryError
from sentiment.release.bundle import Bundle
from sentiment.release.registered import (
    CHALLENGER,
    CHAMPION,
    CHECKPOINT_TAG,
    DIGEST_TAG,
    PREVIOUS,
    SHADOW,
    RegisteredModel,
    tags_of,
)
from sentiment.release.registry_artifacts import (
    checkpoint_digest,
    clear_errors,
    experiment_id,
    fetch_bundle,
    fetch_checkpoint,
    keep_as_artifacts,
    keep_checkpoint_files,
    refuse_no_checkpoint,
    says_absent,
)

MODEL_NAME = "youtube-sentiment"
EXPERIMENT_NAME = "release"

_MAX_TAG_CHARACTERS = 4_000
_ENVIRONMENT = {
    # A server that is down should be an error within seconds, not after minutes of retries.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    # Standard output belongs to the command's own answer.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


class ModelRegistry:
    """The registered model of this project on one tracking server.

    Every method raises `RegistryError` where the server can't be reached or refuses.

    Args:
        tracking_uri: such as `sqlite:///mlflow.db` or the address of a server.
        model_name: the registered model.
        experiment_name: where the runs that hold bundles are listed.
    """

    def __init__(
        self,
        tracking_uri: str,
        *,
        model_name: str = MODEL_NAME,
        experiment_name: str = EXPERIMENT_NAME,
    ) -> None:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        self._tracking_uri = tracking_uri
        self._model_name = model_name
        self._experiment_name = experiment_name
        with clear_errors("opened"):
            self._client = MlflowClient(tracking_uri=tracking_uri)

    def register(
        self,
        bundle: Bundle,
        *,
        metrics: Mapping[str, float],
        git_commit: str,
        checkpoint_dir: Path | None = None,
    ) -> RegisteredModel:
        """Keep a bundle as a version and make it the challenger.

        A bundle that has a version already gets no second one; the version is given the checkpoint
        if it has none.

        Args:
            bundle: verified.
            metrics: figures to show beside it, such as `goemotions_macro_f1`.
            git_commit: commit of the code that made it.
            checkpoint_dir: what it was exported from, to be trained on one day; its weights in
                safetensors, its tokenizer and its configuration are kept.

        Raises:
            ExportError: there is no checkpoint in that folder; nothing was written.
        """
        if checkpoint_dir is not None:
            refuse_no_checkpoint(checkpoint_dir)
        with clear_errors("written"):
            made: str | None = None
            if self._with_digest(bundle.digest) is None:
                tags = tags_of(bundle, metrics=metrics, git_commit=git_commit)
                made = self._create(bundle, tags, metrics)
            registered = self._only_version(bundle.digest, run_id_of_this_call=made)
        if checkpoint_dir is not None:
            registered = self.keep_checkpoint(registered, checkpoint_dir)
        self.set_alias(CHALLENGER, registered)
        return registered

    def keep_checkpoint(self, registered: RegisteredModel, checkpoint_dir: Path) -> RegisteredModel:
        """Keep a checkpoint beside a version, unless it has one; return the version.

        Raises:
            ExportError: there is no checkpoint in that folder.
        """
        refuse_no_checkpoint(checkpoint_dir)
        if CHECKPOINT_TAG in registered.tags:
            return registered
        with clear_errors("written"):
            # The tag comes last: cut off before, it is done again by the next call.
            keep_checkpoint_files(self._client, registered.run_id, checkpoint_dir)
            digest = checkpoint_digest(checkpoint_dir)
        self.tag(registered, CHECKPOINT_TAG, digest)
        return replace(registered, tags={**registered.tags, CHECKPOINT_TAG: digest})

    def promote(self, registered: RegisteredModel) -> None:
        """Make a version the champion; the champion of before is called `previous`.

        Cut off anywhere, it can be called again: the same two come out.
        """
        old = self.holder(CHAMPION)
        if old is not None and old.version != registered.version:
            self.set_alias(PREVIOUS, old)
        self.set_alias(CHAMPION, registered)
        for alias in (CHALLENGER, SHADOW):
            self.clear_alias(alias, of=registered)

    def holder(self, alias: str) -> RegisteredModel | None:
        """Return the version that holds an alias, None if none does."""
        with clear_errors("read"):
            try:
                found = self._client.get_model_version_by_alias(self._model_name, alias)
            except MlflowException as error:
                if says_absent(error):
                    return None
                raise
            return _registered(found)

    def find(self, which: str) -> RegisteredModel:
        """Return a version by its number or by an alias.

        Raises:
            RegistryError: there is no such version, or the registry can't be reached.
        """
        known = self.history()
        for one in known:
            if which == one.version or which in one.aliases:
                return one
        raise RegistryError(
            f"The registry holds no version {which!r} of {self._model_name}; found "
            f"{', '.join(one.version for one in known) or 'none'}.",
            hint="Register one with `sentiment publish --challenger` or `sentiment retrain`.",
        )

    def with_digest(self, digest: str) -> RegisteredModel | None:
        """Return the version of a bundle, None if it has none."""
        with clear_errors("read"):
            return self._with_digest(digest)

    def history(self) -> list[RegisteredModel]:
        """Return every version with its tags and aliases, the newest first."""
        with clear_errors("read"):
            named = self._client.search_registered_models(f"name='{self._model_name}'")
            if not named:
                return []
            by_version: dict[str, list[str]] = {}
            for alias, version in named[0].aliases.items():
                by_version.setdefault(str(version), []).append(alias)
            found = map(_registered, self._versions())
            known = [replace(one, aliases=by_version.get(one.version, ())) for one in found]
        return sorted(known, key=lambda one: int(one.version), reverse=True)

    def set_alias(self, alias: str, registered: RegisteredModel) -> None:
        """Give an alias to a version; whoever held it holds it no more."""
        with clear_errors("written"):
            self._client.set_registered_model_alias(self._model_name, alias, registered.version)

    def clear_alias(self, alias: str, *, of: RegisteredModel | None = None) -> None:
        """Take an alias away; only from one version where one is named."""
        held = self.holder(alias)
        if held is None or (of is not None and held.version != of.version):
            return
        with clear_errors("written"):
            self._client.delete_registered_model_alias(self._model_name, alias)

    def tag(self, registered: RegisteredModel, key: str, value: str) -> None:
        """Write something down beside a version; an empty value takes it away."""
        with clear_errors("written"):
            if value:
                self._client.set_model_version_tag(
                    self._model_name, registered.version, key, value[:_MAX_TAG_CHARACTERS]
                )
            elif key in registered.tags:
                self._client.delete_model_version_tag(self._model_name, registered.version, key)

    def fetch(self, registered: RegisteredModel, directory: Path) -> Path:
        """Bring a version's bundle to a folder of bundles; see `fetch_bundle` for what it raises.

        Args:
            registered: whose.
            directory: bundles lie under it, one folder a digest.
        """
        folder = directory / registered.digest
        return fetch_bundle(self._client, registered.run_id, folder, digest=registered.digest)

    def fetch_checkpoint(self, registered: RegisteredModel, folder: Path) -> Path | None:
        """Bring the checkpoint of a version to a folder.

        Returns:
            The folder; None where the version was registered without one.

        Raises:
            BundleError: what was fetched is not what was registered.
        """
        digest = registered.tags.get(CHECKPOINT_TAG)
        if digest is None:
            return None
        return fetch_checkpoint(self._client, registered.run_id, folder, digest=digest)

    def champion_bundle(self, directory: Path) -> Path | None:
        """Fetch the champion's bundle as `fetch` does; None when there is no champion."""
        champion = self.holder(CHAMPION)
        return None if champion is None else self.fetch(champion, directory)

    def _create(
        self,
        bundle: Bundle,
        tags: Mapping[str, str],
        metrics: Mapping[str, float],
    ) -> str:
        """Make a version; the run's id."""
        kept = keep_as_artifacts(
            self._client,
            bundle,
            experiment_id=experiment_id(
                self._client, self._experiment_name, tracking_uri=self._tracking_uri
            ),
            tags=tags,
            metrics=metrics,
        )
        if not self._client.search_registered_models(f"name='{self._model_name}'"):
            self._client.create_registered_model(
                self._model_name, description="Sentiment of YouTube comments, as bundles."
            )
        self._client.create_model_version(
            self._model_name,
            source=kept.bundle_uri,
            run_id=kept.run_id,
            tags=dict(tags),
        )
        return kept.run_id

    def _only_version(self, digest: str, *, run_id_of_this_call: str | None) -> RegisteredModel:
        """Return the version of a bundle that was just found or made, and remove its doubles.

        MLflow's client sends a request again whose answer was lost: one run then has two versions.
        Two calls at once make a version each: the later one is of no use to anybody, since both
        return the earliest.
        """
        first, *others = self._versions_of(digest)
        for other in others:
            if other.run_id in (first.run_id, run_id_of_this_call):
                self._client.delete_model_version(self._model_name, other.version)
        if run_id_of_this_call not in (None, first.run_id):
            self._client.delete_run(run_id_of_this_call)
        return _registered(first)

    def _with_digest(self, digest: str) -> RegisteredModel | None:
        same = self._versions_of(digest)
        return _registered(same[0]) if same else None

    def _versions_of(self, digest: str) -> list[ModelVersion]:
        """Return the versions with a bundle, the earliest first: that is the one that is used."""
        same = [one for one in self._versions() if one.tags.get(DIGEST_TAG) == digest]
        return sorted(same, key=lambda one: int(one.version))

    def _versions(self) -> list[ModelVersion]:
        return list(self._client.search_model_versions(f"name='{self._model_name}'"))


def _registered(version: ModelVersion) -> RegisteredModel:
    return RegisteredModel(
        name=version.name,
        version=str(version.version),
        digest=version.tags.get(DIGEST_TAG, ""),
        run_id=version.run_id or "",
        tags=dict(version.tags),
        aliases=tuple(version.aliases or ()),
    )
