"""A saved model: options as JSON, numbers as safetensors, trees as text; each with its digest.

No pickle is ever read or written: a folder that holds anything unlisted is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from sentiment.errors import BundleError
from sentiment.files import sha256_of_file, whole_directory, write_json
from sentiment.labels import LABEL_NAMES
from sentiment.sections import Section

MANIFEST_FILE = "model.json"
_ARRAYS_FILE = "arrays.safetensors"
_VOCABULARY_FILE = "vocabulary.json"
_FORMAT = "youtube-sentiment-model-1"
_HINT = "Name a folder that a model's `save` wrote."

_Options = TypeVar("_Options", bound=Section)
Vocabularies = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a folder holds beside the options.

    Attributes:
        arrays: numbers by name.
        vocabularies: words by name, each in the order of its numbers.
        facts: other JSON values.
    """

    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    vocabularies: Vocabularies = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def write_saved(
    folder: Path,
    options: Section,
    *,
    seed: int,
    saved: Saved,
    write_more: Callable[[Path], None] | None = None,
) -> None:
    """Write a model, whole or not at all.

    Args:
        folder: replaced where it exists.
        options: with the key `kind`.
        seed: of the model.
        saved: its contents.
        write_more: writes files of its own into the folder it is given.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    with whole_directory(folder) as partial:
        if saved.arrays:
            arrays = {name: np.ascontiguousarray(array) for name, array in saved.arrays.items()}
            save_file(arrays, partial / _ARRAYS_FILE)
        if saved.vocabularies:
            write_json(partial / _VOCABULARY_FILE, dict(saved.vocabularies))
        if write_more is not None:
            write_more(partial)
        manifest = {
            "format": _FORMAT,
            "labels": list(LABEL_NAMES),
            "options": options.model_dump(mode="json"),
            "seed": seed,
            "facts": dict(saved.facts),
            "files": {path.name: sha256_of_file(path) for path in sorted(partial.iterdir())},
        }
        write_json(partial / MANIFEST_FILE, manifest)


def read_saved(folder: Path, kind: type[_Options]) -> tuple[_Options, int, Saved]:
    """Read a model's options, seed and contents.

    Args:
        folder: that `write_saved` filled.
        kind: the options it should have.

    Raises:
        BundleError: the folder is no saved model, a changed one, or one of another kind.
    """
    manifest = read_manifest(folder)
    try:
        options = kind.model_validate(manifest["options"])
        seed, facts = int(manifest["seed"]), dict(manifest["facts"])
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"{folder} holds another kind of model than {kind.__name__.removesuffix('Options')}, "
            "or one of other code.",
            hint=_HINT,
        ) from error
    arrays: Mapping[str, NDArray[Any]] = {}
    vocabularies: Vocabularies = {}
    try:
        if (folder / _ARRAYS_FILE).is_file():
            arrays = load_file(folder / _ARRAYS_FILE)
        if (folder / _VOCABULARY_FILE).is_file():
            vocabularies = json.loads((folder / _VOCABULARY_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, SafetensorError) as error:
        raise BundleError(f"{folder} can't be read: {error}.", hint=_HINT) from error
    return options, seed, Saved(arrays, vocabularies, facts)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest of a saved model.

    Raises:
        BundleError: the folder is no saved model, or a file of it is missing, changed or unlisted.
    """
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BundleError(
            f"Wanted a saved model in {folder}, found no readable {MANIFEST_FILE}.", hint=_HINT
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise BundleError(f"{folder} is no saved model of the form {_FORMAT}.", hint=_HINT)
    if manifest.get("labels") != list(LABEL_NAMES):
        raise BundleError(
            f"The model in {folder} has the labels {manifest.get('labels')}, wanted "
            f"{list(LABEL_NAMES)}.",
            hint=_HINT,
        )
    listed = manifest.get("files")
    if not isinstance(listed, dict):
        raise BundleError(f"{folder}/{MANIFEST_FILE} lists no files.", hint=_HINT)
    present = {path.name for path in folder.iterdir()} - {MANIFEST_FILE}
    if present != set(listed):
        odd = ", ".join(sorted(present ^ set(listed)))
        raise BundleError(f"The model in {folder} misses or does not list: {odd}.", hint=_HINT)
    for name, digest in listed.items():
        if sha256_of_file(folder / name) != digest:
            raise BundleError(f"{folder / name} was changed after it was saved.", hint=_HINT)
    return manifest
