"""How far the readers of `youtube_read` agree with each other, and with other corpora's labels.

Run `python -m tests.corpora.reading_agreement`; `SENTIMENT_DATA_DIR` names the corpora's folder.
Nine readers read the same comments; one read a sample of other corpora without seeing labels.
What was read of test sets is kept here and nowhere else: nothing learns from it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.metrics import cohen_kappa_score, f1_score

from sentiment.corpora import corpus_info
from sentiment.corpora.corpus import read_csv
from sentiment.corpora.youtube_labels import YOUTUBE_SILVER
from sentiment.corpora.youtube_read import READINGS, YOUTUBE_READ, read_readings
from sentiment.settings import Settings
from sentiment.textclean import short_digest

_PATH = Path(__file__).with_suffix(".csv")
_FOLDERS = {"goemotions": "goemotions", "semeval": "semeval"}
_N_RESAMPLES, _SEED = 1_000, 13


def main() -> None:
    """Print both tables."""
    data_dir = Settings().data_dir
    if data_dir is None:
        raise SystemExit("Set SENTIMENT_DATA_DIR to the folder of the corpora.")
    by_reader, by_corpus = _readings()
    by_corpus[YOUTUBE_SILVER.name] = {
        digest: label.class_index for digest, label in read_readings().items()
    }
    console = Console()
    pairs = list(itertools.combinations(by_reader.values(), 2))
    kappas = [cohen_kappa_score(one, other) for one, other in pairs]
    equal = [float(np.mean(one == other)) for one, other in pairs]
    console.print(
        f"{len(by_reader)} readers of the same {len(next(iter(by_reader.values())))} comments: "
        f"{np.mean(equal):.3f} equal ({min(equal):.3f} to {max(equal):.3f}), Cohen's kappa "
        f"{np.mean(kappas):.2f} ({min(kappas):.2f} to {max(kappas):.2f})"
    )
    table = Table("corpus", "labelled by", "n", "equal", "macro-F1", "kappa")
    for name, readings in by_corpus.items():
        corpus = corpus_info(name)
        rows = corpus.parse(data_dir / _FOLDERS.get(name, "youtube"))
        labels = {short_digest(row.text or ""): row.label.class_index for row in rows}
        shared = [digest for digest in readings if digest in labels]
        theirs = np.array([labels[digest] for digest in shared])
        ours = np.array([readings[digest] for digest in shared])
        table.add_row(name, corpus.labeller, str(len(ours)), *_agreement(theirs, ours))
    console.print(table)


def _readings() -> tuple[dict[str, NDArray[np.int64]], dict[str, dict[str, int]]]:
    """Return labels by reader of the common comments, and by corpus and digest of the others."""
    by_reader: dict[str, list[int]] = defaultdict(list)
    by_corpus: dict[str, dict[str, int]] = defaultdict(dict)
    for row in read_csv(_PATH, columns=["corpus", "digest", "reader", "reading"]):
        label = READINGS[row["reading"]].class_index
        if row["corpus"] == YOUTUBE_READ.name:
            by_reader[row["reader"]].append(label)
        else:
            by_corpus[row["corpus"]][row["digest"]] = label
    return {name: np.array(labels) for name, labels in by_reader.items()}, by_corpus


def _agreement(theirs: NDArray[np.int64], ours: NDArray[np.int64]) -> tuple[str, str, str]:
    """Return the share of equal labels and macro-F1 with intervals, and Cohen's kappa."""
    random = np.random.default_rng(_SEED)
    draws = random.integers(0, len(ours), (_N_RESAMPLES, len(ours)))

    def with_interval(value: float, drawn: list[float]) -> str:
        low, high = np.percentile(drawn, [2.5, 97.5])
        return f"{value:.3f} [{low:.3f}, {high:.3f}]"

    def macro_f1(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
        return float(f1_score(one, other, average="macro"))

    equal = theirs == ours
    return (
        with_interval(float(equal.mean()), [float(equal[draw].mean()) for draw in draws]),
        with_interval(macro_f1(theirs, ours), [macro_f1(theirs[d], ours[d]) for d in draws]),
        f"{cohen_kappa_score(theirs, ours):.2f}",
    )


if __name__ == "__main__":
    main()
