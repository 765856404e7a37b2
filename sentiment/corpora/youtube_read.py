"""YouTube comments that a large language model read and labelled, each by itself.

The texts are those of three public collections whose own labels are of unknown origin or of
another kind (spam, toxicity); they are not kept here. The labels are: `youtube_read.csv` names a
comment by digest. docs/reading.md has the rules that were read by, and how far readers agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile, read_csv
from sentiment.corpora.youtube_labels import YOUTUBE_SILVER
from sentiment.errors import DataError
from sentiment.labels import Label
from sentiment.textclean import short_digest

READINGS_PATH = Path(__file__).with_suffix(".csv")
# As the file has them: the sign of the feeling; 2 where it is clear, 1 where a comment leans.
READINGS = {str(reading): Label((reading > 0) - (reading < 0)) for reading in range(-2, 3)}

_SILVER = YOUTUBE_SILVER.editions[0][0]
_SPAM = SourceFile(
    "spam_1956.csv",
    "5bd0d2b60fb055872c1134287e3ffc9e4be86ae0528b325987e27019ee3c829d",
    local="youtube/spam_1956.csv",
)
_TOXICITY = SourceFile(
    "toxicity_1000.csv",
    "2626d4aac96e72e5d37269c981f93ac7b7da190fc7e66c49e1860e50ca2c923a",
    local="youtube/toxicity_1000.csv",
)
_TEXT_COLUMNS = {_SILVER.name: "Comment", _SPAM.name: "CONTENT", _TOXICITY.name: "Text"}


def read_readings(path: Path = READINGS_PATH) -> dict[str, Label]:
    """Return the label of each comment that was read, by digest.

    Raises:
        DataError: the file can't be read, or holds no readings.
    """
    readings = {}
    for row in read_csv(path, columns=["digest", "reading"]):
        if row["reading"] not in READINGS:
            raise DataError(
                f"{path}, {row['digest']}: {row['reading']!r} is no reading; wanted one of "
                f"{', '.join(READINGS)}."
            )
        readings[row["digest"]] = READINGS[row["reading"]]
    return readings


def _parse(folder: Path) -> Iterator[Row]:
    readings = read_readings()
    for name, column in _TEXT_COLUMNS.items():
        path = folder / name
        # The smaller edition has one file.
        if not path.exists():
            continue
        for number, row in enumerate(read_csv(path, columns=[column])):
            label = readings.get(short_digest(row[column]))
            if label is not None:
                yield Row(f"{path.stem}/{number}", row[column], label)


YOUTUBE_READ = Corpus(
    name="youtube_read",
    title="YouTube comments, most of them lower-cased: those of youtube_silver and 2,799 more",
    labeller="a large language model (Claude) that read each, by written rules",
    human_labelled=False,
    licence="none stated; the labels Apache-2.0",
    n_rows=21_356,
    # The first two have no public address as they are here. The last comes last: alone it is an
    # edition too, and a copying that was cut short must not pass for it.
    editions=[[_SPAM, _TOXICITY, _SILVER], [_SILVER]],
    parse=_parse,
    labels_path=READINGS_PATH,
    caution="Labelled by a language model, not by people.",
)
