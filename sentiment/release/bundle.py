"""The bundle: the one contract between training and serving.

A directory of `model.onnx`, `tokenizer.json`, `MODEL_CARD.md` and `sentiment.json`, the
manifest; since drift is watched, `profile.json` too. The manifest names the sha256 of every other
file, so that the digest of the manifest is the digest of the whole. Imports no training library:
the service loads bundles too.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from sentiment.errors import BundleError
from sentiment.files import sha256_of_file
from sentiment.labels import LABEL_NAMES
from sentiment.textclean import CLEANER_VERSION

FORMAT_VERSION = 1
MANIFEST_FILE = "sentiment.json"
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
CARD_FILE = "MODEL_CARD.md"
PAYLOAD_FILES = (MODEL_FILE, TOKENIZER_FILE, CARD_FILE)
PROFILE_FILE = "profile.json"
"""What `sentiment drift` expects of comments; older bundles lack it."""
OPTIONAL_FILES = (PROFILE_FILE,)

_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Z_95_ONE_SIDED = 1.645
_MAKE_AGAIN = "Export the model again with `sentiment export`, or fetch a fresh copy."


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, protected_namespaces=())


class CorpusRecord(_Part):
    """A corpus that the model was trained on."""

    name: str
    rows: Annotated[int, Field(ge=0)]
    sha256: _Sha256


class Parity(_Part):
    """How far the exported model strays from the checkpoint it was made of."""

    rows: Annotated[int, Field(ge=1)]
    label_agreement: Annotated[float, Field(ge=0, le=1)]
    largest_probability_gap: Annotated[float, Field(ge=0, le=1)]
    macro_f1_loss: float

    @property
    def loss_by_chance(self) -> float:
        """Macro-F1 that so many changed labels lose in one export of twenty, though none matters.

        Each of k changed labels of n is as likely right as wrong then: they move accuracy, and
        macro-F1 about as much, by a standard deviation of sqrt(k) / n. Of 11,000 rows that is a
        thousandth, of 500 half a hundredth: a limit for the former would refuse by lot there.
        """
        n_changed = (1 - self.label_agreement) * self.rows
        return _Z_95_ONE_SIDED * math.sqrt(n_changed) / self.rows


class StatedRisk(_Part):
    """Why the threshold of `unsure` is what it is: a risk that was asked for."""

    max_risk: Annotated[float, Field(gt=0, lt=1)]
    """Share of the answered comments that may be wrong."""
    rows: Annotated[int, Field(ge=1)]
    """Validation rows that decided."""
    coverage: Annotated[float, Field(gt=0, le=1)]
    """Share of them that is answered."""
    risk: Annotated[float, Field(ge=0, le=1)]
    """Share of the answered ones that is wrong."""
    risk_bound: Annotated[float, Field(ge=0, le=1)]
    """What the true risk lies below with 95 % certainty."""


class Manifest(_Part):
    """What `sentiment.json` holds."""

    format_version: int
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]{0,62}$")]
    label_names: list[str]
    cleaner_version: int
    max_length_tokens: Annotated[int, Field(ge=8, le=4096)]
    temperature: Annotated[float, Field(gt=0)]
    unsure_below: Annotated[float, Field(ge=0, le=1)]
    # Left out where it is None: code that does not know it yet reads such bundles as before.
    unsure_risk: Annotated[StatedRisk | None, Field(exclude_if=lambda risk: risk is None)] = None
    """None where `unsure_below` was set by hand."""
    base_model: str
    quantisation: str
    corpora: list[CorpusRecord]
    taught: Annotated[list[CorpusRecord], Field(exclude_if=lambda taught: not taught)] = []
    """Whose texts were learned without their labels; left out where there are none."""
    seed: int
    parity: Parity
    metrics: dict[str, JsonValue]
    versions: dict[str, str]
    files: dict[str, _Sha256]

    @property
    def learnt_corpora(self) -> tuple[str, ...]:
        """The corpora whose texts the model learnt from, with their labels or without."""
        return tuple(corpus.name for corpus in (*self.corpora, *self.taught))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle.

    Attributes:
        directory: where its files are.
        manifest: what `sentiment.json` says.
        digest: hexadecimal sha256 of `sentiment.json`, which covers every other file.
    """

    directory: Path
    manifest: Manifest
    digest: str

    @property
    def model_path(self) -> Path:
        """The ONNX graph."""
        return self.directory / MODEL_FILE

    @property
    def tokenizer_path(self) -> Path:
        """The tokenizer in Hugging Face's `tokenizers` format."""
        return self.directory / TOKENIZER_FILE

    @property
    def profile_path(self) -> Path | None:
        """The reference for `sentiment drift`; None where the bundle has none."""
        return self.directory / PROFILE_FILE if PROFILE_FILE in self.manifest.files else None


def load_bundle(directory: Path) -> Bundle:
    """Read and verify a bundle.

    Args:
        directory: a folder made by `sentiment export`.

    Raises:
        BundleError: it is absent, corrupt, foreign, or made for another label order, format or
            cleaner; the message says which.
    """
    manifest_path = directory / MANIFEST_FILE
    try:
        content = manifest_path.read_bytes()
    except OSError as error:
        raise BundleError(
            f"Wanted a bundle at {directory}; {MANIFEST_FILE} can't be read there "
            f"({error.strerror or error}).",
            hint="Name a folder that `sentiment export` made, such as models/starter.",
        ) from error
    manifest = _parse(content, manifest_path)
    _refuse_what_does_not_fit(manifest, directory)
    _verify_files(manifest, directory)
    return Bundle(directory, manifest, hashlib.sha256(content).hexdigest())


def manifest_digest(directory: Path) -> str | None:
    """Return the digest that a bundle claims, unverified; None where there is no manifest."""
    try:
        return sha256_of_file(directory / MANIFEST_FILE)
    except OSError:
        return None


def write_manifest(directory: Path, manifest: Manifest) -> Bundle:
    """Write `sentiment.json` into a directory that holds the payload, and verify the result.

    Raises:
        BundleError: the payload does not match `manifest.files`.
    """
    document = json.dumps(manifest.model_dump(mode="json"), indent=2, sort_keys=True)
    (directory / MANIFEST_FILE).write_text(document + "\n", encoding="utf-8")
    return load_bundle(directory)


def payload_digests(directory: Path) -> dict[str, str]:
    """Return the sha256 of each payload file in `directory`, optional ones where they are there.

    Raises:
        OSError: a file is missing.
    """
    optional = tuple(name for name in OPTIONAL_FILES if (directory / name).exists())
    return {name: sha256_of_file(directory / name) for name in (*PAYLOAD_FILES, *optional)}


def _parse(content: bytes, path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc']) or 'document'}: {problem['msg']}"
            for problem in error.errors()[:5]
        )
        raise BundleError(f"{path} is no manifest of ours: {problems}.", hint=_MAKE_AGAIN) from None


def _refuse_what_does_not_fit(manifest: Manifest, directory: Path) -> None:
    wanted_and_found = (
        ("format version", FORMAT_VERSION, manifest.format_version),
        ("label order", list(LABEL_NAMES), manifest.label_names),
        ("cleaner version", CLEANER_VERSION, manifest.cleaner_version),
        ("files", sorted(PAYLOAD_FILES), sorted(set(manifest.files) - set(OPTIONAL_FILES))),
    )
    for what, wanted, found in wanted_and_found:
        if wanted != found:
            raise BundleError(
                f"The bundle at {directory} does not fit this code: wanted {what} {wanted}, "
                f"found {found}.",
                hint="Use the release of the code that made the bundle, or export it again.",
            )


def _verify_files(manifest: Manifest, directory: Path) -> None:
    for name, wanted in manifest.files.items():
        try:
            found = sha256_of_file(directory / name)
        except OSError as error:
            raise BundleError(
                f"The bundle at {directory} is not whole: {name} can't be read "
                f"({error.strerror or error}).",
                hint=_MAKE_AGAIN,
            ) from error
        if found != wanted:
            raise BundleError(
                f"The bundle at {directory} is corrupt: {name} has sha256 {found[:12]}…, "
                f"its manifest says {wanted[:12]}….",
                hint=_MAKE_AGAIN,
            )
