"""The Bento store, in a folder of the test. BentoML reads BENTOML_HOME once: a process each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.drift.made import make_watched_bundle, simulated_profile

_SCRIPT = """
import sys
from pathlib import Path
import bentoml
from sentiment.release.bento_store import save_to_bento_store
from sentiment.release.bundle import load_bundle

bundle = load_bundle(Path(sys.argv[1]))
tag = save_to_bento_store(bundle)
assert save_to_bento_store(bundle) == tag
(stored,) = bentoml.models.list()
assert str(stored.tag) == tag, stored.tag
assert load_bundle(Path(stored.path)).digest == bundle.digest
print(tag)
"""


def test_save_keeps_one_verified_copy(tmp_path: Path) -> None:
    bundle = make_watched_bundle(tmp_path / "one", profile=simulated_profile())
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(bundle.directory)],
        env={**os.environ, "BENTOML_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"youtube_sentiment:{bundle.digest[:16]}"
    kept = tmp_path / "home" / "models" / "youtube_sentiment"
    assert list(kept.glob("*/model.onnx"))
    assert list(kept.glob("*/profile.json"))
