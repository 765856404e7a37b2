"""The model that a comparison chose, learnt from all of its rows and kept."""

from __future__ import annotations

from pathlib import Path

from sentiment.comparison.config import CompareConfig
from sentiment.comparison.rows import read_rows
from sentiment.errors import ConfigError
from sentiment.files import may_be_replaced
from sentiment.models.catalogue import make_model
from sentiment.models.saved import MANIFEST_FILE


def check_folder(folder: Path) -> None:
    """Refuse a folder whose contents a kept model would replace; an older kept model may go.

    Raises:
        ConfigError: it is a file, or holds something else.
    """
    if not may_be_replaced(folder, marked_by=MANIFEST_FILE):
        raise ConfigError(
            f"{folder} holds something other than a saved model, and would be replaced.",
            hint="Name a new folder, such as models/chosen.",
        )


def keep_model(
    config: CompareConfig, name: str, folder: Path, *, raw_dir: Path, sample: int | None = None
) -> None:
    """Let one model of a comparison learn from every row, and save it.

    The comparison measured models that had not seen a fold: the kept one learnt from those rows
    too, so that no row of the comparison can test it.

    Args:
        config: of the comparison.
        name: of one of its enabled models.
        folder: see `SentimentModel.save`; `sentiment.models.catalogue.load_model` reads it.
        raw_dir: the folder that `sentiment download` fills.
        sample: the comparison's.

    Raises:
        ConfigError: the comparison has no such model, or the folder holds something else.
        DataError: a corpus is missing, unreadable or too small.
        ModelUnavailableError: the model's base is nowhere to be had.
        TrainingError: it can't learn from the rows.
        OutOfSpaceError: the disk is full.
    """
    check_folder(folder)
    chosen = [options for options in config.enabled if options.name == name]
    if not chosen:
        raise ConfigError(f"The comparison {config.name!r} ran no model {name!r}.")
    rows = read_rows(config.corpora, raw_dir=raw_dir, n_folds=config.folds, sample=sample)
    train, validation = rows.for_learning()
    model = make_model(chosen[0], seed=config.seed)
    model.fit(train.texts, train.labels, validation=validation)
    model.save(folder)
