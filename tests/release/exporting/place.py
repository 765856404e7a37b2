"""Where the tests export from: raw and processed data and tiny trained networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sentiment.config import EvaluationConfig, ExportConfig, PipelineConfig
from sentiment.release.bundle import Bundle
from sentiment.release.export import Ancestry, export_bundle
from tests.training_data import small_config

# A network this small is quantised coarsely.
LENIENT = ExportConfig(unsure_below=0.42, min_label_agreement=0.5, max_macro_f1_loss=0.5)


@dataclass(frozen=True)
class Place:
    """A folder with raw and processed data and trained checkpoints."""

    folder: Path

    def config(
        self, *, export: ExportConfig = LENIENT, corpora: tuple[str, ...] = ("synthetic",)
    ) -> PipelineConfig:
        evaluation = EvaluationConfig(
            corpora=list(corpora), primary=corpora[0], resamples=200, behaviour_cases=4
        )
        changes = {"export": export, "evaluation": evaluation}
        return small_config().model_copy(update=changes)

    def export(
        self,
        bundle_dir: Path,
        *,
        config: PipelineConfig | None = None,
        checkpoint_dir: Path | None = None,
        processed_dir: Path | None = None,
        ancestry: Ancestry | None = None,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> Bundle:
        return export_bundle(
            config or self.config(),
            raw_dir=self.folder / "raw",
            checkpoint_dir=checkpoint_dir or self.folder / "one-task" / "checkpoint",
            processed_dir=processed_dir or self.folder / "processed",
            bundle_dir=bundle_dir,
            ancestry=ancestry,
            on_step=on_step,
        )


def names_below(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
