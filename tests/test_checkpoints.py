"""What must be equal for a killed training to go on."""

from __future__ import annotations

from pathlib import Path

from sentiment.checkpoints import fingerprint_of
from sentiment.config import ModelConfig
from tests.training_data import small_config, write_splits


def test_a_local_base_counts_by_what_is_in_it(tmp_path: Path) -> None:
    splits = write_splits(tmp_path / "processed")
    base = tmp_path / "base"
    base.mkdir()
    config = small_config().model_copy(update={"model": ModelConfig(base=str(base))})
    found = []
    for content in (b"weights", b"others!", b"weights"):
        (base / "model.safetensors").write_bytes(content)
        found.append(fingerprint_of(config, splits, n_processes=1))
    assert found[0] == found[2] != found[1]
