"""Made-up sentences on what labelled comments seldom hold: negation, turns, emoji that say all.

For training beside real corpora, in small doses. The label is the template's intention. Every
row is a training row: a figure on made-up sentences would say nothing about comments.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.contrast_phrases import PHENOMENA, SLOTS
from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.corpora.split import TRAIN
from sentiment.corpora.synthetic_style import Dice, fill, restyle
from sentiment.files import whole_file
from sentiment.labels import LABELS, Label

N_ROWS = 6_000
_SEED = 13
_FILE = "contrasts.csv"
_COLUMNS = ("id", "phenomenon", "text", "label")


def contrast_at(index: int, *, seed: int | str = _SEED) -> tuple[str, str, Label]:
    """Return the phenomenon, the text and the label of a made-up sentence.

    Args:
        index: position, >= 0; the phenomena take turns.
        seed: names the series.
    """
    phenomenon = list(PHENOMENA)[index % len(PHENOMENA)]
    label, templates = PHENOMENA[phenomenon]
    dice = Dice(f"contrasts:{seed}:{index}")
    return phenomenon, restyle(dice, fill(dice, dice.pick(templates), SLOTS)), label


def _fetch(folder: Path) -> None:
    path = folder / _FILE
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for index in range(N_ROWS):
            phenomenon, text, label = contrast_at(index)
            writer.writerow((f"contrast-{index}", phenomenon, text, int(label)))


def _parse(folder: Path) -> Iterator[Row]:
    path = folder / _FILE
    labels = {str(label.value): label for label in LABELS}
    for row in read_csv(path, columns=["id", "text", "label"]):
        label = label_or_error(labels, row["label"], path=path, row=row["id"])
        yield Row(row["id"], row["text"], label, split=TRAIN)


CONTRASTS = Corpus(
    name="contrasts",
    title="Made-up sentences with negation, turns and telling emoji",
    labeller="the template's intention",
    human_labelled=False,
    licence="Apache-2.0",
    n_rows=N_ROWS,
    editions=[[SourceFile(_FILE)]],
    parse=_parse,
    fetch=_fetch,
    caution="Made-up text, for training only.",
)
