"""What a checkpoint was trained on: its summary, held against the data that lie there now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sentiment.errors import ExportError
from sentiment.preparation.prepare import MANIFEST_FILE, chosen_data
from sentiment.release.bundle import CorpusRecord
from sentiment.trained import SUMMARY_FILE


def training_summary(checkpoint_dir: Path) -> dict[str, Any]:
    """Read the summary that `sentiment train` wrote beside the weights.

    Raises:
        ExportError: it is missing, or holds no configuration.
    """
    try:
        summary = json.loads((checkpoint_dir / SUMMARY_FILE).read_text(encoding="utf-8"))
        chosen_data(summary["config"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ExportError(
            f"{checkpoint_dir} lacks a readable {SUMMARY_FILE}: {error}",
            hint="Run `sentiment train --config …` again.",
        ) from error
    return dict(summary)


def corpora_trained_on(
    training: Mapping[str, Any], processed_dir: Path
) -> tuple[list[CorpusRecord], list[CorpusRecord]]:
    """Return the corpora as preparation found them, whatever lies in the raw folder now.

    Args:
        training: the summary that `training_summary` read.
        processed_dir: of `sentiment prepare`.

    Returns:
        Those trained on with their labels, and those whose texts alone were taught.

    Raises:
        ExportError: they can't be read, or are of other data than the checkpoint was trained on.
    """
    path = processed_dir / MANIFEST_FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        made_from = dict(document["made_from"])
        corpora = _records(document["corpora"], "rows_trained_on")
        taught = _records(document.get("taught", {}), "rows_taught")
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ExportError(
            f"What the model was trained on can't be read at {path}: {error}",
            hint="Run `sentiment prepare --config …` first.",
        ) from error
    _refuse_other_data(training, made_from, processed_dir)
    # A text that is only taught was learned from where it had a soft label alone.
    soft = {name: one["with_soft_label"] for name, one in training.get("soft_labels", {}).items()}
    return corpora, [
        one.model_copy(update={"rows": soft.get(one.name, one.rows)}) for one in taught
    ]


def refuse_other_base(training: Mapping[str, Any], base: str) -> None:
    """Refuse a checkpoint that was trained from another base model than a configuration names.

    Args:
        training: the summary that `training_summary` read.
        base: of the configuration.

    Raises:
        ExportError: it was.
    """
    trained = training["config"]["model"]["base"]
    if trained != base:
        raise ExportError(
            f"The checkpoint was trained from the base {trained}, the configuration names {base}.",
            hint="Run `sentiment train --config …` again.",
        )


def _records(corpora: dict[str, Any], rows_key: str) -> list[CorpusRecord]:
    return [
        CorpusRecord(name=name, rows=corpus[rows_key], sha256=corpus["sha256"])
        for name, corpus in corpora.items()
    ]


def _refuse_other_data(
    training: Mapping[str, Any], found: Mapping[str, Any], processed_dir: Path
) -> None:
    # Checkpoints of before say what was chosen alone, not of what files it was made.
    trained = training.get("made_from") or chosen_data(training["config"])
    differences = [
        _difference(name, value, found.get(name))
        for name, value in trained.items()
        if found.get(name) != value
    ]
    if differences:
        raise ExportError(
            f"The checkpoint was trained on other data than lie in {processed_dir}: "
            f"{'; '.join(differences)}.",
            hint="Run `sentiment train --config …` again.",
        )


def _difference(name: str, trained: Any, found: Any) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(trained, dict) or not isinstance(found, dict):
        return f"{name} was {trained}, found {found}"
    keys = sorted(trained.keys() | found.keys())
    return (
        f"{name} differs in {', '.join(key for key in keys if trained.get(key) != found.get(key))}"
    )
