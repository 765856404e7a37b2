"""Which sets the suite measures on, and why each is there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sentiment.corpora.split import VALIDATION
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.evaluation.labelled_sets import (
    SETS_BY_PATH,
    LabelledSet,
    held_out_set,
    set_from_corpus,
    set_from_folder,
)

PRIMARY = "goemotions"
REDDIT = "reddit"
# In the order of the report: people first, machines last.
_CORPORA = (PRIMARY, "rated_tweets", "youtube_product", "human_100", "youtube_gpt4o", REDDIT)


@dataclass(frozen=True, slots=True)
class AbsentSet:
    """A set that was not measured on: its name, and how to have it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where sets are looked for.

    Attributes:
        raw_dir: the folder that `sentiment download` fills.
        data_dir: a folder that may hold further sets; None when there is none.
    """

    raw_dir: Path
    data_dir: Path | None = None

    def folder_of(self, name: str) -> Path:
        """Return the folder of a set that is in no catalogue, whether or not it exists."""
        below_raw = self.raw_dir / name
        if below_raw.is_dir() or self.data_dir is None:
            return below_raw
        return self.data_dir / name


def load_sets(
    places: Places, *, trained_on: Iterable[str], also: Iterable[str] = ()
) -> tuple[list[LabelledSet], list[AbsentSet]]:
    """Read every set of the suite that is there.

    Args:
        places: where to look.
        trained_on: corpora that some model to be measured was trained on.
        also: further corpora that `sentiment corpora` lists, after the suite's own.

    Returns:
        The sets in the order of the report, and those that are not there.

    Raises:
        DataError: a set is damaged, or none is there.
    """
    seen = set(trained_on)
    readers: dict[str, Callable[[], LabelledSet]] = {
        name: _corpus_reader(name, places.raw_dir, trained_on=seen)
        for name in dict.fromkeys((*_CORPORA, *also))
    }
    readers |= {name: _folder_reader(name, places.folder_of(name)) for name in SETS_BY_PATH}
    sets: list[LabelledSet] = []
    absent: list[AbsentSet] = []
    for name, read in readers.items():
        try:
            sets.append(read())
        except CorpusUnavailableError as error:
            # The hint alone: a page that is shared should name no folder of this machine.
            absent.append(AbsentSet(name, error.hint))
    if not sets:
        raise DataError(
            f"None of the suite's sets is in {places.raw_dir}.",
            hint="Run `sentiment download --all`.",
        )
    return sorted(sets, key=lambda labelled: not labelled.human_labelled), absent


def load_validation(places: Places) -> LabelledSet | None:
    """Read the human-labelled rows on which a threshold may be chosen; None if not there.

    Raises:
        DataError: they are damaged.
    """
    try:
        return set_from_corpus(PRIMARY, raw_dir=places.raw_dir, split=VALIDATION)
    except CorpusUnavailableError:
        return None


def _corpus_reader(
    name: str, raw_dir: Path, *, trained_on: Collection[str]
) -> Callable[[], LabelledSet]:
    return lambda: held_out_set(name, raw_dir=raw_dir, trained_on=trained_on)


def _folder_reader(name: str, folder: Path) -> Callable[[], LabelledSet]:
    return lambda: set_from_folder(name, folder)
