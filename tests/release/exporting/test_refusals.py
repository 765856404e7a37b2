"""What can't be exported is refused with its reason, and nothing is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from sentiment.config import ExportConfig
from sentiment.errors import CorpusUnavailableError, ExportError
from sentiment.release.bundle import Bundle, load_bundle
from tests.release.exporting.place import Place, names_below
from tests.training_data import write_splits


def test_export_that_strays_names_both_figures_and_keeps_the_older_bundle(
    place: Place, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Path(shutil.copytree(bundle.directory, tmp_path / "bundle"))
    impossible = ExportConfig(min_label_agreement=1.0, max_macro_f1_loss=0.0)
    # Even int8 may agree on all of 60 rows: what is coarser by far can't.
    monkeypatch.setattr("sentiment.release.export.quantise_to_int8", quantise_to_one_bit)
    with pytest.raises(ExportError) as caught:
        place.export(older, config=place.config(export=impossible))
    assert "label agreement 0." in caught.value.message
    assert "(wanted at least 1.0)" in caught.value.message
    assert "macro-F1 loss " in caught.value.message
    assert "(wanted at most 0.0 beyond" in caught.value.message
    assert load_bundle(older) == Bundle(older, bundle.manifest, bundle.digest)
    assert names_below(tmp_path) == {"bundle"}


def quantise_to_one_bit(float_path: Path, output: Path) -> None:
    """Keep of each weight its sign alone, and the wrong one."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(float_path))
    for tensor in graph.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.ndim == 2:
            coarse = (-np.sign(values) * np.abs(values).mean()).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(coarse, tensor.name))
    onnx.save(graph, str(output))


def contents_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("output", [".", "a", "a/checkpoint", "notes", "notes/new.txt"])
def test_export_to_a_place_of_something_else_touches_nothing(
    place: Place, checkpoint: Path, tmp_path: Path, output: str
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "new.txt").write_text("of another project")
    before = contents_of(tmp_path)
    with pytest.raises(ExportError, match="holds something else than a bundle") as caught:
        place.export(tmp_path / output, checkpoint_dir=checkpoint)
    assert caught.value.hint == "Name a new folder, or that of an older bundle."
    assert contents_of(tmp_path) == before


@pytest.mark.parametrize("read", ["a/checkpoint", "b/processed"])
def test_export_to_a_bundle_that_holds_what_it_reads_touches_nothing(
    place: Place, bundle: Bundle, checkpoint: Path, tmp_path: Path, read: str
) -> None:
    processed = write_splits(tmp_path / "b" / "processed")
    folder = (tmp_path / read).parent
    shutil.copytree(bundle.directory, folder, dirs_exist_ok=True)
    before = contents_of(tmp_path)
    with pytest.raises(ExportError, match=f"{read}, which the export reads"):
        place.export(folder, checkpoint_dir=checkpoint, processed_dir=processed)
    assert contents_of(tmp_path) == before


def test_export_replaces_an_older_bundle_and_fills_an_empty_folder(
    place: Place, bundle: Bundle, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(bundle.directory, tmp_path / "older"))
    (older / "MODEL_CARD.md").write_text("changed since")
    (tmp_path / "empty").mkdir()
    for folder in (older, tmp_path / "empty"):
        assert place.export(folder).digest == bundle.digest
    assert names_below(tmp_path) == {"older", "empty"}
    assert "changed since" not in (older / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_export_without_a_checkpoint_says_to_train(place: Place, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no whole checkpoint in .*nowhere") as caught:
        place.export(tmp_path / "bundle", checkpoint_dir=tmp_path / "nowhere")
    assert "sentiment train" in caught.value.hint
    assert names_below(tmp_path) == set()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "training.json"])
def test_export_of_half_a_checkpoint_says_to_train(
    place: Place, checkpoint: Path, tmp_path: Path, name: str
) -> None:
    (checkpoint / name).unlink()
    with pytest.raises(ExportError) as caught:
        place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)
    assert str(checkpoint) in caught.value.message
    assert "sentiment train" in caught.value.hint


def test_export_of_cut_off_weights_says_to_train(
    place: Place, checkpoint: Path, tmp_path: Path
) -> None:
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000])
    with pytest.raises(ExportError, match="no whole checkpoint"):
        place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)


def test_export_refuses_another_label_order(place: Place, checkpoint: Path, tmp_path: Path) -> None:
    path = checkpoint / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["id2label"] = {"0": "positive", "1": "neutral", "2": "negative"}
    config["label2id"] = {"positive": 0, "neutral": 1, "negative": 2}
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ExportError) as caught:
        place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)
    assert "['positive', 'neutral', 'negative']" in caught.value.message
    assert "wanted ['negative', 'neutral', 'positive']" in caught.value.message
    assert not (tmp_path / "bundle").exists()


@pytest.mark.parametrize("name", ["validation.parquet", "manifest.json"])
@pytest.mark.parametrize("content", [None, b"not what it should be"])
def test_export_without_the_validation_split_says_to_prepare(
    place: Place, tmp_path: Path, name: str, content: bytes | None
) -> None:
    processed = write_splits(tmp_path / "processed")
    (processed / name).unlink()
    if content is not None:
        (processed / name).write_bytes(content)
    with pytest.raises(ExportError) as caught:
        place.export(tmp_path / "bundle", processed_dir=processed)
    assert name in caught.value.message
    assert "sentiment prepare" in caught.value.hint
    assert names_below(tmp_path) == {"processed"}


@pytest.mark.parametrize("of_before", [False, True])
@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("corpora", ["synthetic", "goemotions"], "corpora was ['synthetic'], found ['synthetic', "),
        ("taught", ["reddit"], "taught was [], found ['reddit']"),
        (
            "preparation",
            {"near_duplicate_jaccard": 0.85, "max_training_rows": {"synthetic": 9}},
            "preparation differs in max_training_rows",
        ),
    ],
)
def test_export_refuses_data_that_the_checkpoint_was_not_trained_on(
    *,
    place: Place,
    checkpoint: Path,
    tmp_path: Path,
    what: str,
    value: object,
    said: str,
    of_before: bool,
) -> None:
    """As after an edit and a `sentiment train` that was killed when it had prepared anew."""
    if of_before:
        forget_made_from(checkpoint)
    with pytest.raises(ExportError) as caught:
        place.export(
            tmp_path / "bundle",
            checkpoint_dir=checkpoint,
            processed_dir=prepared_otherwise(tmp_path, what, value),
        )
    assert said in caught.value.message
    assert str(tmp_path / "processed") in caught.value.message
    assert "sentiment train" in caught.value.hint
    assert not (tmp_path / "bundle").exists()


def test_export_refuses_other_files_of_the_same_corpora(place: Place, tmp_path: Path) -> None:
    processed = prepared_otherwise(tmp_path, "sha256", {"synthetic": "cd" * 32})
    with pytest.raises(ExportError, match="sha256 differs in synthetic"):
        place.export(tmp_path / "bundle", processed_dir=processed)


def test_export_refuses_a_base_that_the_checkpoint_was_not_trained_from(
    place: Place, tmp_path: Path
) -> None:
    config = place.config()
    other = config.model_copy(update={"model": config.model.model_copy(update={"base": "mpnet"})})
    with pytest.raises(ExportError) as caught:
        place.export(tmp_path / "bundle", config=other)
    assert "trained from the base tiny, the configuration names mpnet" in caught.value.message
    assert "sentiment train" in caught.value.hint
    assert not (tmp_path / "bundle").exists()


def test_export_of_a_checkpoint_of_before_that_agrees(
    place: Place, bundle: Bundle, checkpoint: Path, tmp_path: Path
) -> None:
    forget_made_from(checkpoint)
    exported = place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)
    assert exported.digest == bundle.digest


def prepared_otherwise(folder: Path, what: str, value: object) -> Path:
    """Write splits whose manifest says that they were made from something else."""
    processed = write_splits(folder / "processed")
    manifest = json.loads((processed / "manifest.json").read_text(encoding="utf-8"))
    manifest["made_from"][what] = value
    (processed / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return processed


def forget_made_from(checkpoint: Path) -> None:
    """Make a checkpoint one of before `training.json` said what its data were made from."""
    summary = json.loads((checkpoint / "training.json").read_text(encoding="utf-8"))
    del summary["made_from"]
    (checkpoint / "training.json").write_text(json.dumps(summary), encoding="utf-8")


def test_export_with_a_test_set_that_was_not_downloaded(place: Place, tmp_path: Path) -> None:
    config = place.config(corpora=("synthetic", "goemotions"))
    with pytest.raises(CorpusUnavailableError, match="goemotions") as caught:
        place.export(tmp_path / "bundle", config=config)
    assert "sentiment download goemotions" in caught.value.hint
    assert names_below(tmp_path) == set()
