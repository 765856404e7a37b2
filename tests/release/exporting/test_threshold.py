"""The threshold below which a label is unsure: by hand, or of a stated risk."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tokenizers import Tokenizer

from sentiment.comments import Status
from sentiment.config import ExportConfig
from sentiment.errors import ExportError
from sentiment.inference.engine import OnnxEngine
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle, load_bundle
from tests.release.exporting.place import LENIENT, Place
from tests.training_data import write_splits

pytestmark = pytest.mark.slow


def write_doubtful_splits(folder: Path, bundle: Bundle) -> pd.DataFrame:
    """Write splits where the model is wrong only on what it is less sure of; return validation."""
    path = write_splits(folder) / "validation.parquet"
    frame = pd.read_parquet(path)
    # The bundle's own temperature makes it equally sure of all that it has right.
    model = Predictor(
        OnnxEngine(bundle.model_path),
        Tokenizer.from_file(str(bundle.tokenizer_path)),
        name="exported",
        digest="",
        max_length_tokens=16,
        temperature=2.0,
    )
    confidence = [one.confidence for one in model.predict(list(frame["text"]))]
    surest_first = np.argsort(-np.array(confidence), kind="stable")
    doubtful = surest_first[len(frame) // 3 :: 2]
    frame.loc[doubtful, "label"] = (frame.loc[doubtful, "label"] + 1) % 3
    frame.to_parquet(path, index=False)
    return frame


def with_risk(risk: float) -> ExportConfig:
    """Return the lenient configuration with a risk in place of its threshold."""
    values = LENIENT.model_dump(exclude={"unsure_below"}) | {"unsure_risk": risk}
    return ExportConfig.model_validate(values)


def test_export_chooses_the_threshold_of_a_stated_risk(
    place: Place, bundle: Bundle, tmp_path: Path
) -> None:
    frame = write_doubtful_splits(tmp_path / "processed", bundle)
    exported = place.export(
        tmp_path / "bundle",
        config=place.config(export=with_risk(0.3)),
        processed_dir=tmp_path / "processed",
    )
    stated = exported.manifest.unsure_risk
    assert stated is not None
    assert (stated.max_risk, stated.rows) == (0.3, len(frame))
    assert stated.risk <= stated.risk_bound <= 0.3
    assert 0.2 < stated.coverage < 0.8
    # What the manifest promises is what is served, `unsure` included.
    served = Predictor.from_bundle(exported, threads=1).predict(list(frame["text"]))
    sure = [one.confidence >= exported.manifest.unsure_below for one in served]
    told = [one.status for one in served]
    assert Status.UNSURE in told
    for status, is_sure in zip(told, sure, strict=True):
        assert status is Status.NOT_ENGLISH or (status is Status.OK) == is_sure
    right = np.array([one.label.class_index for one in served]) == frame["label"].to_numpy()
    assert np.mean(sure) == pytest.approx(stated.coverage)
    assert 1 - right[sure].mean() == pytest.approx(stated.risk)
    card = (exported.directory / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"A confidence below {exported.manifest.unsure_below:.4f} is reported" in card
    assert f"{stated.coverage:.1%} are answered, and {stated.risk:.1%} of these are wrong" in card


def test_export_of_a_threshold_by_hand_states_no_risk(bundle: Bundle) -> None:
    assert bundle.manifest.unsure_risk is None
    # Code that does not know the key refuses it: it must not be there in vain.
    assert "unsure_risk" not in (bundle.directory / "sentiment.json").read_text(encoding="utf-8")


def test_export_refuses_a_risk_that_no_threshold_keeps(
    place: Place, bundle: Bundle, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(bundle.directory, tmp_path / "bundle"))
    with pytest.raises(ExportError) as caught:
        place.export(older, config=place.config(export=with_risk(0.01)))
    assert "a risk of 0.01 (unsure_risk)" in caught.value.message
    assert "found none on 60 validation rows" in caught.value.message
    assert "set unsure_below instead" in caught.value.hint
    assert load_bundle(older).digest == bundle.digest
