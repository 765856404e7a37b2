"""iSarcasmEval (Abu Farha et al. 2022): tweets that their own authors called sarcastic or not.

It has no label of sentiment, so it is in no catalogue of labelled corpora. Its authors also wrote
what they meant in plain words: a sarcastic tweet and its rephrasing mean the same, which is what
an evaluation can use.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sentiment.corpora.corpus import read_csv
from sentiment.errors import CorpusUnavailableError, DataError

FILE = "train.En.csv"
LABELLER = "the authors of the tweets"
_SOURCE = "github.com/iabufarha/iSarcasmEval, folder train"
_COLUMNS = ("tweet", "sarcastic", "rephrase")


@dataclass(frozen=True, slots=True)
class SarcasmSet:
    """Tweets by whether they were meant as they stand.

    Attributes:
        sarcastic: tweets that say another thing than they mean.
        rephrased: what each of them means, by its author, same order and length.
        literal: tweets that mean what they say.
    """

    sarcastic: tuple[str, ...]
    rephrased: tuple[str, ...]
    literal: tuple[str, ...]


def load_sarcasm(folder: Path) -> SarcasmSet:
    """Read the English training file; sarcastic tweets without a rephrasing are left out.

    Args:
        folder: holds `train.En.csv`.

    Raises:
        CorpusUnavailableError: the file is not there; the message says what is expected.
        DataError: the file has another shape, or no pair or no literal tweet.
    """
    path = folder / FILE
    if not path.is_file():
        raise CorpusUnavailableError(
            f"The sarcasm set is not in {folder}: there is no {FILE}.",
            hint=f"It is public ({_SOURCE}); put {FILE} into a folder sarcasm.",
        )
    pairs: list[tuple[str, str]] = []
    literal: list[str] = []
    for row in read_csv(path, columns=_COLUMNS):
        tweet, rephrased = row["tweet"].strip(), row["rephrase"].strip()
        if tweet and row["sarcastic"] == "0":
            literal.append(tweet)
        elif tweet and rephrased:
            pairs.append((tweet, rephrased))
    if not pairs or not literal:
        raise DataError(
            f"{path} holds {len(pairs):,} sarcastic tweets with a rephrasing and {len(literal):,} "
            "literal ones; wanted some of each."
        )
    return SarcasmSet(
        sarcastic=tuple(tweet for tweet, _ in pairs),
        rephrased=tuple(rephrased for _, rephrased in pairs),
        literal=tuple(literal),
    )
