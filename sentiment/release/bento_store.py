"""Released bundles in BentoML's model store, from where `bentoml build` takes them.

Of this package only this module imports bentoml. The store is at BENTOML_HOME.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bentoml
from bentoml.exceptions import BentoMLException, NotFound

from sentiment.errors import RegistryError
from sentiment.release.bundle import MANIFEST_FILE, Bundle

STORE_NAME = "youtube_sentiment"
MODEL_TAG_VARIABLE = "SENTIMENT_MODEL_TAG"

_DIGEST_KEY = "digest"
# Docker-like tags are short; the whole digest is in the metadata and is compared.
_TAG_CHARACTERS = 16


def save_to_bento_store(bundle: Bundle) -> str:
    """Keep a bundle in the store; one that is there already is not written again.

    Args:
        bundle: verified.

    Returns:
        Its tag, `youtube_sentiment:<start of the digest>`.

    Raises:
        RegistryError: the store can't be written, or holds another bundle under the tag.
    """
    tag = f"{STORE_NAME}:{bundle.digest[:_TAG_CHARACTERS]}"
    try:
        found = bentoml.models.get(tag)
    except NotFound:
        _create(tag, bundle)
        return tag
    digest = found.info.metadata.get(_DIGEST_KEY)
    if digest != bundle.digest:
        raise RegistryError(
            f"The Bento store holds another bundle as {tag}: wanted {bundle.digest}, "
            f"found {digest!r}.",
            hint=f"Remove it with `bentoml models delete {tag}`.",
        )
    return tag


def build_bento(project_dir: Path, *, model_tag: str) -> None:
    """Run `bentoml build` for a model of the store.

    Args:
        project_dir: folder of bentofile.yaml.
        model_tag: from `save_to_bento_store`.

    Raises:
        RegistryError: the build failed; its output went to stderr.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bentoml", "build", str(project_dir)],
        env={**os.environ, MODEL_TAG_VARIABLE: model_tag},
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode:
        raise RegistryError(
            f"`bentoml build` ended with status {done.returncode}.",
            hint="Its output above says why.",
        )


def _create(tag: str, bundle: Bundle) -> None:
    metadata = {_DIGEST_KEY: bundle.digest, "name": bundle.manifest.name}
    try:
        with bentoml.models.create(tag, metadata=metadata) as model:
            for name in (*bundle.manifest.files, MANIFEST_FILE):
                target = Path(model.path) / name
                target.write_bytes((bundle.directory / name).read_bytes())
    except (BentoMLException, OSError) as error:
        raise RegistryError(
            f"The bundle can't be kept in the Bento store: {error}",
            hint="Check the space and the rights of BENTOML_HOME.",
        ) from error
