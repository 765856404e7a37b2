"""`sentiment bundle`: a whole bundle is shown, any other is refused with the reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sentiment.release.bundle import load_bundle
from tests.cli.calling import CommandLine, assert_clear


@pytest.fixture
def bundle(tiny_bundle: Path, folder: Path) -> Path:
    """A copy of a bundle, to be spoilt."""
    return Path(shutil.copytree(tiny_bundle, folder / "bundle"))


def test_show_as_json_is_the_manifest_and_the_digest(sentiment: CommandLine, bundle: Path) -> None:
    shown = json.loads(sentiment("bundle", "show", bundle, "--json").stdout)
    manifest = json.loads((bundle / "sentiment.json").read_text(encoding="utf-8"))
    assert shown == {"digest": load_bundle(bundle).digest, **manifest}


def test_show_as_a_table_says_what_it_is(sentiment: CommandLine, bundle: Path) -> None:
    outcome = sentiment("bundle", "show", bundle)
    assert outcome.code == 0
    for part in ("tiny", load_bundle(bundle).digest[:12], "temperature", "model.onnx", "parity"):
        assert part in outcome.stdout


def test_verify_of_a_whole_bundle(sentiment: CommandLine, bundle: Path) -> None:
    digest = load_bundle(bundle).digest
    outcome = sentiment("bundle", "verify", bundle)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert digest in outcome.stdout
    assert json.loads(sentiment("bundle", "verify", bundle, "--json").stdout) == {
        "name": "tiny",
        "digest": digest,
    }


def rewrite(bundle: Path, **changes: object) -> None:
    """Change the manifest of a bundle."""
    path = bundle / "sentiment.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")


STATED = {"max_risk": 0.2, "rows": 900, "coverage": 0.8712, "risk": 0.17, "risk_bound": 0.199}


def test_show_says_what_a_stated_risk_came_to(sentiment: CommandLine, bundle: Path) -> None:
    assert "unsure: " not in sentiment("bundle", "show", bundle).stdout
    rewrite(bundle, unsure_risk=STATED)
    shown = sentiment("bundle", "show", bundle).stdout
    assert "unsure: coverage" in shown
    assert "0.8712" in shown


SPOILERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed byte": (
        lambda bundle: (bundle / "model.onnx").open("ab").write(b"\0"),
        "corrupt: model.onnx has sha256",
    ),
    "a missing file": (
        lambda bundle: (bundle / "tokenizer.json").unlink(),
        "not whole: tokenizer.json can't be read",
    ),
    "no manifest": (
        lambda bundle: (bundle / "sentiment.json").unlink(),
        "sentiment.json can't be read",
    ),
    "half a manifest": (
        lambda bundle: (bundle / "sentiment.json").write_text('{"name": "ti'),
        "is no manifest of ours",
    ),
    "a foreign label order": (
        lambda bundle: rewrite(bundle, label_names=["positive", "neutral", "negative"]),
        "wanted label order ['negative', 'neutral', 'positive'], found ['positive', ",
    ),
    "another format": (lambda bundle: rewrite(bundle, format_version=99), "format version 1, "),
    "another cleaner": (lambda bundle: rewrite(bundle, cleaner_version=99), "cleaner version"),
    "a risk that is no share": (
        lambda bundle: rewrite(bundle, unsure_risk={**STATED, "risk": 1.5}),
        "unsure_risk.risk: Input should be less than or equal to 1",
    ),
    "a foreign key": (lambda bundle: rewrite(bundle, colour="red"), "colour"),
    "files elsewhere": (
        lambda bundle: rewrite(bundle, files={"../../etc/passwd": "0" * 64}),
        "wanted files",
    ),
}


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_commands_refuse_a_bundle_with_7(
    sentiment: CommandLine, folder: Path, bundle: Path, spoiler: str
) -> None:
    spoil, said = SPOILERS[spoiler]
    spoil(bundle)
    (folder / "in.csv").write_text("text\ngood\n")
    for command in (
        ["bundle", "show", "bundle"],
        ["bundle", "verify", "bundle"],
        ["predict", "--bundle", "bundle", "--input", "in.csv", "--output", "out.jsonl"],
    ):
        assert_clear(sentiment(*command), 7, said, "xport")
    assert not (folder / "out.jsonl").exists()


def test_verify_refuses_a_foreign_graph_with_7(sentiment: CommandLine, bundle: Path) -> None:
    from sentiment.release.bundle import payload_digests

    (bundle / "model.onnx").write_bytes(b"no graph at all")
    rewrite(bundle, files=payload_digests(bundle))
    assert sentiment("bundle", "show", bundle).code == 0
    assert_clear(sentiment("bundle", "verify", bundle), 7, "can't load", "model.onnx")


def test_verify_of_a_folder_that_is_not_there_ends_with_7(sentiment: CommandLine) -> None:
    outcome = sentiment("bundle", "verify", "nowhere")
    assert_clear(outcome, 7, "Wanted a bundle at nowhere", "models/starter")
