"""Made-up sentences on what labelled comments seldom hold: negation, turns, emoji, groups.

For training beside real corpora, in small doses. The label is the template's intention. Every
row is a training row: a figure on made-up sentences would say nothing about comments.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from sentiment.corpora import contrast_emoji, contrast_groups, contrast_negation, contrast_phrases
from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.corpora.split import TRAIN
from sentiment.corpora.synthetic_style import Dice, fill, restyle
from sentiment.files import whole_file
from sentiment.labels import LABELS_BY_NUMBER, Label

N_ROWS = 30_000
PHENOMENA: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    **contrast_phrases.PHENOMENA,
    **contrast_negation.PHENOMENA,
    **contrast_emoji.PHENOMENA,
    **contrast_groups.PHENOMENA,
}
# Where a term will stand; no writer's slip touches it.
_OPEN = "[term]"
_SLOTS = {
    **contrast_phrases.SLOTS,
    **contrast_emoji.SLOTS,
    **contrast_groups.SLOTS,
    "term": (_OPEN,),
}
# Sentences that differ in the group alone, one after the other.
_TERMS_OF_A_SENTENCE = 6
_ARTICLE = re.compile(r"\b(a)(?= [aeiou])", re.IGNORECASE)
_SEED = 13
_FILE = "contrasts.csv"
_COLUMNS = ("id", "phenomenon", "text", "label")


def contrast_at(index: int, *, seed: int | str = _SEED) -> tuple[str, str, Label]:
    """Return the phenomenon, the text and the label of a made-up sentence.

    Args:
        index: position, >= 0; the phenomena take turns.
        seed: names the series.
    """
    turn, place = divmod(index, len(PHENOMENA))
    phenomenon = list(PHENOMENA)[place]
    label, templates = PHENOMENA[phenomenon]
    if phenomenon in contrast_groups.PHENOMENA:
        sentence, variant = divmod(turn, _TERMS_OF_A_SENTENCE)
        dice = Dice(f"contrasts:{seed}:{phenomenon}:{sentence}")
        terms = contrast_groups.GROUPS[dice.pick(contrast_groups.TURNS)]
        term = terms[(dice.below(len(terms)) + variant) % len(terms)]
    else:
        dice, term = Dice(f"contrasts:{seed}:{index}"), ""
    text = restyle(dice, fill(dice, dice.pick(templates), _SLOTS))
    return phenomenon, _about(term, text), label


def _about(term: str, text: str) -> str:
    """Name a group where a text leaves it open, last of all: its slips are not the group's."""
    text = text.replace(_OPEN, term).replace(_OPEN.upper(), term.upper())
    return _ARTICLE.sub(r"\1n", text) if term else text


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
    for row in read_csv(path, columns=["id", "text", "label"]):
        label = label_or_error(LABELS_BY_NUMBER, row["label"], path=path, row=row["id"])
        yield Row(row["id"], row["text"], label, split=TRAIN)


CONTRASTS = Corpus(
    name="contrasts",
    title="Made-up sentences with negation, turns, telling emoji and groups of people",
    labeller="the template's intention",
    human_labelled=False,
    licence="Apache-2.0",
    n_rows=N_ROWS,
    editions=[[SourceFile(_FILE)]],
    parse=_parse,
    fetch=_fetch,
    caution="Made-up text, for training only.",
)
