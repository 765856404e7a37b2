"""The preparation of a configuration's corpora, from raw files to three parquet files.

validate -> clean -> drop null and blank -> drop exact and near duplicates -> split. A row of a
test split wins over its copy in validation, and both over training, so that nothing that is
measured on is trained on; whatever a corpus of the evaluation tests a model with counts, and the
test rows of every corpus learnt from. Texts that are only taught (`teaching.corpora`) go into a
file of their own, without their labels.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sentiment.config import PipelineConfig
from sentiment.corpora import corpus_digest, corpus_info, held_out_split, load_rows
from sentiment.corpora.corpus import Row
from sentiment.corpora.split import SPLITS, TEST, TRAIN, VALIDATION
from sentiment.errors import ConfigError, DataError
from sentiment.files import whole_directory, write_json
from sentiment.labels import LABEL_NAMES
from sentiment.preparation.contract import COLUMNS, validate
from sentiment.preparation.duplicates import mark_exact_duplicates, mark_near_duplicates
from sentiment.textclean import CLEANER_VERSION, clean, text_digest

MANIFEST_FILE = "manifest.json"
UNLABELLED_FILE = "unlabelled.parquet"
INTERIM_FILE = "comments.parquet"
# Splits made by other rules than today's are stale.
_RULES_VERSION = 2
_PRIORITY = {TEST: 0, VALIDATION: 1, TRAIN: 2}

_log = logging.getLogger(__name__)
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `prepare` made.

    Attributes:
        directory: holds train, validation and test parquet files and a manifest.
        manifest: corpora with digests, dropped rows by reason, rows by source, split and label.
    """

    directory: Path
    manifest: dict[str, Any]


def prepare(
    config: PipelineConfig,
    *,
    raw_dir: Path,
    interim_dir: Path | None = None,
    processed_dir: Path | None = None,
    on_progress: OnProgress = lambda _step, _done, _total: None,
) -> Prepared:
    """Make the three splits of a configuration.

    Args:
        config: names the corpora.
        raw_dir: the folder that `sentiment download` fills.
        interim_dir: cleaned rows, before any is dropped; None takes the configuration's folder.
        processed_dir: the splits; None takes the configuration's folder.
        on_progress: told of the step, how many rows are done, and of how many.

    Raises:
        CorpusUnavailableError: a corpus was not downloaded.
        ContractError: rows break the data contract.
        DataError: nothing is left in a split.
        ConfigError: a corpus that is for evaluation only is to be trained on.
        OutOfSpaceError: the disk is full; older results are untouched.
    """
    frame = _read(config, raw_dir=raw_dir)
    validate(frame)
    frame["text"] = [clean(text) if isinstance(text, str) else "" for text in frame["text"]]
    with whole_directory(interim_dir or config.interim_dir) as partial:
        frame.to_parquet(partial / INTERIM_FILE, index=False)
    kept, dropped = _drop(frame, config, on_progress)
    if config.preparation.max_training_rows:
        n_before = len(kept)
        kept = _thin(kept, config.preparation.max_training_rows)
        dropped["beyond_max_training_rows"] = n_before - len(kept)
    # Corpora that are only measured on were here to push their copies out of training.
    taught = kept["source"].isin(config.taught_corpora) & (kept["split"] == TRAIN)
    unlabelled = kept[taught]
    kept = kept[kept["source"].isin(config.corpora)]
    manifest = _manifest(kept, unlabelled, dropped, config, raw_dir)
    directory = processed_dir or config.processed_dir
    with whole_directory(directory) as partial:
        for split in SPLITS:
            rows = kept[kept["split"] == split]
            if rows.empty:
                raise DataError(
                    f"The {split} split of {config.name} is empty.", hint="Add a corpus to it."
                )
            rows.reset_index(drop=True).to_parquet(partial / f"{split}.parquet", index=False)
        if config.teaching:
            texts = unlabelled[["id", "source", "text"]].reset_index(drop=True)
            texts.to_parquet(partial / UNLABELLED_FILE, index=False)
        write_json(partial / MANIFEST_FILE, manifest)
    _log.info("prepared %d rows in %s", len(kept), directory)
    return Prepared(directory, manifest)


def is_prepared(config: PipelineConfig, *, raw_dir: Path) -> bool:
    """Tell whether the configuration's splits are there and made from what is there now.

    Raises:
        DataError: a corpus of the configuration is unknown, or its texts have to be deleted, here
            too.
    """
    for name in config.learnt_corpora:
        corpus = corpus_info(name)
        if (folder := corpus.folder(raw_dir)).is_dir():
            corpus.refuse(folder)
    if (made_from := read_made_from(config.processed_dir)) is None:
        return False
    whole = all((config.processed_dir / f"{split}.parquet").is_file() for split in SPLITS)
    return whole and made_from == _made_from(config, raw_dir)


def chosen_data(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a configuration, as plain values, chooses of the data that are learnt from."""
    return {
        "preparation": config["preparation"],
        "corpora": config["corpora"],
        "taught": (config.get("teaching") or {}).get("corpora", []),
    }


def read_made_from(processed_dir: Path) -> dict[str, Any] | None:
    """Return all that splits were made from; None where nothing readable says so."""
    try:
        manifest = json.loads((processed_dir / MANIFEST_FILE).read_text(encoding="utf-8"))
        return dict(manifest["made_from"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _made_from(config: PipelineConfig, raw_dir: Path) -> dict[str, Any]:
    """Return all that the splits depend on."""
    names = _names(config)
    return {
        "rules_version": _RULES_VERSION,
        "cleaner_version": CLEANER_VERSION,
        **chosen_data(config.model_dump(mode="json")),
        "sha256": {name: corpus_digest(name, raw_dir=raw_dir) for name in names},
    }


def _names(config: PipelineConfig) -> list[str]:
    """Return every corpus that is read; a text counts for the first that holds it."""
    return list(
        dict.fromkeys([*config.corpora, *config.evaluation.corpora, *config.taught_corpora])
    )


def _read(config: PipelineConfig, *, raw_dir: Path) -> pd.DataFrame:
    for name in config.learnt_corpora:
        if corpus_info(name).evaluation_only:
            raise ConfigError(
                f"The corpus {name} is for evaluation only and can't be trained on.",
                hint="List it under evaluation.corpora instead.",
            )
    records = [
        (row.id, name, row.text, row.label.class_index, split, row.emotions)
        for name in _names(config)
        for row, split in _rows_of(name, config, raw_dir)
    ]
    frame = pd.DataFrame.from_records(records, columns=list(COLUMNS))
    return frame.astype({"label": "int64"})


def _rows_of(name: str, config: PipelineConfig, raw_dir: Path) -> Iterator[tuple[Row, str | None]]:
    """Yield what a configuration trains on or is measured on of a corpus, and as which split."""
    rows = load_rows(name, raw_dir=raw_dir)
    if name in config.corpora:
        wanted = {*SPLITS}
    elif name in config.taught_corpora:
        wanted = {TRAIN, TEST}
    elif (measured := held_out_split(name, trained_on=config.learnt_corpora)) is None:
        yield from ((row, TEST) for row in rows)
        return
    else:
        wanted = {measured}
    yield from ((row, row.split) for row in rows if row.split in wanted)


def _drop(
    frame: pd.DataFrame, config: PipelineConfig, on_progress: OnProgress
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows kept, in their old order, and how many were dropped for which reason."""
    blank = frame["text"] == ""
    rest = frame[~blank]
    ranked = rest.iloc[rest["split"].map(_PRIORITY).argsort(kind="stable")]
    unique = ranked[[not mark for mark in mark_exact_duplicates(list(ranked["text"]))]]
    done = 0

    def count(n_texts: int) -> None:
        nonlocal done
        done += n_texts
        on_progress("near duplicates", done, len(unique))

    near = mark_near_duplicates(
        list(unique["text"]),
        min_jaccard=config.preparation.near_duplicate_jaccard,
        n_measured=int((unique["split"] != TRAIN).sum()),
        on_progress=count,
    )
    kept = unique[[not mark for mark in near]].sort_index()
    dropped = {
        "null_or_blank": int(blank.sum()),
        "duplicate": len(ranked) - len(unique),
        "near_duplicate": sum(near),
    }
    return kept, dropped


def _thin(frame: pd.DataFrame, limits: Mapping[str, int]) -> pd.DataFrame:
    """Return the rows, at most so many training ones of each limited corpus, in their order."""
    too_many = pd.Series(data=False, index=frame.index)
    for source, limit in limits.items():
        texts = frame["text"][(frame["source"] == source) & (frame["split"] == TRAIN)]
        # By digest: the same rows whatever their order, and whatever else a corpus gets.
        too_many[texts.map(text_digest).sort_values().index[limit:]] = True
    return frame[~too_many]


def _manifest(
    kept: pd.DataFrame,
    unlabelled: pd.DataFrame,
    dropped: dict[str, int],
    config: PipelineConfig,
    raw_dir: Path,
) -> dict[str, Any]:
    counts = Counter(zip(kept["source"], kept["split"], kept["label"], strict=True))
    rows: dict[str, dict[str, dict[str, int]]] = {}
    for (source, split, label), n_rows in sorted(counts.items()):
        rows.setdefault(source, {}).setdefault(split, {})[LABEL_NAMES[label]] = n_rows
    return {
        "config": config.name,
        "made_from": _made_from(config, raw_dir),
        "corpora": {
            name: {
                "sha256": corpus_digest(name, raw_dir=raw_dir),
                "rows_trained_on": sum(rows.get(name, {}).get(TRAIN, {}).values()),
            }
            for name in config.corpora
        },
        "taught": {
            name: {
                "sha256": corpus_digest(name, raw_dir=raw_dir),
                "rows_taught": int((unlabelled["source"] == name).sum()),
            }
            for name in config.taught_corpora
        },
        "dropped": dropped,
        "rows": rows,
    }
