"""A bundle is taken whole and fitting, or refused with the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sentiment.errors import BundleError
from sentiment.labels import LABEL_NAMES
from sentiment.release.bundle import (
    CARD_FILE,
    FORMAT_VERSION,
    MANIFEST_FILE,
    MODEL_FILE,
    PAYLOAD_FILES,
    PROFILE_FILE,
    TOKENIZER_FILE,
    Bundle,
    load_bundle,
    manifest_digest,
    payload_digests,
    write_manifest,
)
from sentiment.textclean import CLEANER_VERSION
from tests.release.handmade import make_handmade_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return make_handmade_bundle(tmp_path / "bundle")


def rewrite(bundle: Bundle, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest on disk."""
    path = bundle.directory / MANIFEST_FILE
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def refusal(bundle: Bundle) -> BundleError:
    with pytest.raises(BundleError) as caught:
        load_bundle(bundle.directory)
    assert str(bundle.directory) in caught.value.message
    assert caught.value.hint
    return caught.value


def test_load_bundle_reads_back_what_was_written(bundle: Bundle) -> None:
    again = load_bundle(bundle.directory)
    assert again == bundle
    assert again.model_path.name == MODEL_FILE
    assert again.tokenizer_path.name == TOKENIZER_FILE


def test_digest_is_that_of_the_manifest(bundle: Bundle) -> None:
    content = (bundle.directory / MANIFEST_FILE).read_bytes()
    assert bundle.digest == hashlib.sha256(content).hexdigest()


def test_digest_that_a_bundle_claims_is_read_unverified(bundle: Bundle) -> None:
    (bundle.directory / MODEL_FILE).unlink()
    assert manifest_digest(bundle.directory) == bundle.digest
    (bundle.directory / MANIFEST_FILE).unlink()
    assert manifest_digest(bundle.directory) is None


def test_digest_depends_on_content_and_not_on_the_place(tmp_path: Path) -> None:
    one = make_handmade_bundle(tmp_path / "one")
    same = make_handmade_bundle(tmp_path / "same")
    other = make_handmade_bundle(tmp_path / "other", content="two")
    assert one.digest == same.digest != other.digest


def test_load_bundle_refuses_an_absent_folder(tmp_path: Path) -> None:
    with pytest.raises(BundleError) as caught:
        load_bundle(tmp_path / "absent")
    assert "sentiment.json can't be read there (No such file or directory)" in caught.value.message
    assert "sentiment export" in caught.value.hint


@pytest.mark.parametrize("name", PAYLOAD_FILES)
def test_load_bundle_refuses_a_missing_file(bundle: Bundle, name: str) -> None:
    (bundle.directory / name).unlink()
    assert f"is not whole: {name} can't be read" in refusal(bundle).message


@pytest.mark.parametrize("name", PAYLOAD_FILES)
def test_load_bundle_refuses_a_corrupt_file(bundle: Bundle, name: str) -> None:
    content = (bundle.directory / name).read_bytes()
    (bundle.directory / name).write_bytes(content[:-2] + b"X\n")
    said = refusal(bundle).message
    assert f"is corrupt: {name} has sha256" in said
    assert f"its manifest says {bundle.manifest.files[name][:12]}" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "document: Invalid JSON"),
        ("{", "document: Invalid JSON"),
        ("[]", "document: "),
        ('{"model": "foreign"}', "format_version: Field required"),
        ("\ufeff\ufeff", "document: Invalid JSON"),
    ],
)
def test_load_bundle_refuses_a_foreign_manifest(bundle: Bundle, content: str, said: str) -> None:
    (bundle.directory / MANIFEST_FILE).write_text(content, encoding="utf-8")
    message = refusal(bundle).message
    assert "is no manifest of ours" in message
    assert said in message


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("temperature", 0.0, "temperature: Input should be greater than 0"),
        ("temperature", "hot", "temperature: Input should be a valid number"),
        ("unsure_below", 1.5, "unsure_below: Input should be less than or equal to 1"),
        ("max_length_tokens", 0, "max_length_tokens: Input should be greater than or equal to 8"),
        ("name", "../x", "name: String should match pattern"),
        ("files", {"model.onnx": "abc"}, "files.model.onnx: String should match pattern"),
        ("surprise", 1, "surprise: Extra inputs are not permitted"),
    ],
)
def test_load_bundle_refuses_a_manifest_with_wrong_values(
    bundle: Bundle, key: str, value: object, said: str
) -> None:
    rewrite(bundle, lambda document: document.update({key: value}))
    assert said in refusal(bundle).message


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("format_version", 99, f"wanted format version {FORMAT_VERSION}, found 99"),
        (
            "label_names",
            list(LABEL_NAMES[::-1]),
            f"wanted label order {list(LABEL_NAMES)}, found {list(LABEL_NAMES[::-1])}",
        ),
        ("label_names", ["negative", "positive"], "found ['negative', 'positive']"),
        ("cleaner_version", 99, f"wanted cleaner version {CLEANER_VERSION}, found 99"),
    ],
)
def test_load_bundle_refuses_what_other_code_made(
    bundle: Bundle, key: str, value: object, said: str
) -> None:
    rewrite(bundle, lambda document: document.update({key: value}))
    message = refusal(bundle).message
    assert "does not fit this code" in message
    assert said in message


def test_load_bundle_refuses_an_extra_file_in_the_manifest(bundle: Bundle) -> None:
    (bundle.directory / "extra.bin").write_bytes(b"")
    digest = hashlib.sha256(b"").hexdigest()
    rewrite(bundle, lambda document: document["files"].update({"extra.bin": digest}))
    assert "'extra.bin'" in refusal(bundle).message


def test_load_bundle_never_reads_outside_its_folder(bundle: Bundle) -> None:
    rewrite(bundle, lambda document: document["files"].update({"../../secret": "0" * 64}))
    assert "does not fit this code" in refusal(bundle).message


def test_load_bundle_refuses_a_file_the_manifest_leaves_out(bundle: Bundle) -> None:
    rewrite(bundle, lambda document: document["files"].pop(CARD_FILE))
    assert "wanted files" in refusal(bundle).message


def test_write_manifest_refuses_digests_of_other_files(bundle: Bundle) -> None:
    (bundle.directory / MODEL_FILE).write_bytes(b"changed after it was described")
    with pytest.raises(BundleError, match=r"is corrupt: model\.onnx"):
        write_manifest(bundle.directory, bundle.manifest)


def test_payload_digests_cover_every_file_but_the_manifest(bundle: Bundle) -> None:
    names = {path.name for path in bundle.directory.iterdir()}
    assert set(payload_digests(bundle.directory)) == names - {MANIFEST_FILE}


def with_profile(bundle: Bundle, content: str = "{}\n") -> Bundle:
    (bundle.directory / PROFILE_FILE).write_text(content, encoding="utf-8")
    files = payload_digests(bundle.directory)
    return write_manifest(bundle.directory, bundle.manifest.model_copy(update={"files": files}))


def test_a_bundle_may_carry_a_profile(bundle: Bundle) -> None:
    assert bundle.profile_path is None
    watched = with_profile(bundle)
    assert watched.profile_path == bundle.directory / PROFILE_FILE
    assert load_bundle(bundle.directory) == watched
    assert watched.digest != bundle.digest
    assert with_profile(bundle, "{ }\n").digest != watched.digest


def test_a_profile_that_was_changed_or_lost_is_refused(bundle: Bundle) -> None:
    path = with_profile(bundle).directory / PROFILE_FILE
    path.write_text("[]", encoding="utf-8")
    assert f"{PROFILE_FILE} has sha256" in refusal(bundle).message
    path.unlink()
    assert f"{PROFILE_FILE} can't be read" in refusal(bundle).message
