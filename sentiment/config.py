"""configs/*.yaml as frozen, strict models.

Owns every parameter of the pipeline: its name, type, range and default. What depends on the
machine or is secret is in `sentiment.settings` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sentiment.sections import Section, advice, read_config

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]{0,62}$")]
"""A word that may stand in the name of a folder."""
Seed = Annotated[int, Field(ge=0)]
FEEDBACK_CORPUS = "feedback"
"""The corpus that `retrain` adds to those of a configuration."""


class PreparationConfig(Section):
    """How raw corpora become three splits (whose shares are in `sentiment.corpora.split`)."""

    near_duplicate_jaccard: Annotated[float, Field(gt=0.5, le=1)] = 0.85
    """Two comments whose sets of character 5-grams overlap this far are one comment."""
    max_training_rows: dict[str, Annotated[int, Field(ge=1)]] = Field(default={})
    """At most so many training rows of a corpus, picked by digest; others count whole."""


class ModelConfig(Section):
    """Which network is fine-tuned."""

    base: str
    """`minilm`, `mpnet`, `tiny`, a local folder, or a name on the Hugging Face hub."""
    revision: str | None = None
    """Commit of a hub model; None takes the newest."""
    max_length_tokens: Annotated[int, Field(ge=8, le=512)] = 128
    emoji_tokens: bool = True
    """Add a token for each emoji the vocabulary lacks, starting from the words of its name."""
    dropout: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Dropout of hidden layers and attention; None keeps the base model's."""


class TrainingConfig(Section):
    """How it is fine-tuned."""

    epochs: Annotated[float, Field(gt=0, le=100)] = 3
    max_steps: Annotated[int, Field(ge=1)] | None = None
    """Stop after this many updates, whatever `epochs` says."""
    batch_size: Annotated[int, Field(ge=1)] = 64
    """Comments of one update and device, before accumulation."""
    gradient_accumulation_steps: Annotated[int, Field(ge=1)] = 1
    learning_rate: Annotated[float, Field(gt=0, lt=1)] = 8e-5
    layer_rate_decay: Annotated[float, Field(gt=0, le=1, exclude_if=lambda decay: decay == 1)] = 1.0
    """Factor of the rate from a layer to the one below it; 1 is one rate for all."""
    subword_dropout: Annotated[float, Field(ge=0, lt=1, exclude_if=lambda rate: rate == 0)] = 0.0
    """Probability that a piece of a word is passed over for a shorter one (WordPiece alone)."""
    warmup_share: Annotated[float, Field(ge=0, lt=1)] = 0.06
    """Share of all updates in which the learning rate rises."""
    scheduler: Literal["linear", "cosine", "constant_with_warmup"] = "linear"
    weight_decay: Annotated[float, Field(ge=0, lt=1)] = 0.01
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    emotion_loss_weight: Annotated[float, Field(ge=0)] = 0.0
    """Weight of a second task beside the label: the emotions that GoEmotions' people named."""
    repeats: Annotated[
        dict[str, Annotated[int, Field(ge=1, le=100)]], Field(exclude_if=lambda named: not named)
    ] = Field(default={})
    """Corpus -> how often its training rows are seen an epoch, such as `feedback: 3`; others: 1."""
    class_weights: Literal["none", "balanced"] = "none"
    """`balanced` weighs each class by the inverse of its frequency."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """`auto` takes bf16 where the processor or the GPU computes in it."""
    group_by_length: bool = True
    checkpoints_per_epoch: Annotated[int, Field(ge=1, le=100)] = 1
    """How often to validate and save; what a killed run loses at most."""
    averaged_checkpoints: Annotated[int, Field(ge=1, le=50)] = 1
    """The weights of up to this many are averaged, as validation allows; 1 keeps the best."""
    early_stopping_patience: Annotated[int, Field(ge=1)] = 3
    """Stop after this many validations without a better macro-F1."""


class TeachingConfig(Section):
    """What larger models say of the texts, for a smaller one to learn (`sentiment teach`)."""

    soft_labels: str
    """The file of their probabilities, by digest of the text."""
    weight: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Weight of their probabilities against a row's own label."""
    corpora: list[str] = Field(default=[])
    """Whose texts are learned without their labels, by the soft ones alone."""
    label_only: Annotated[list[str], Field(exclude_if=lambda names: not names)] = Field(default=[])
    """Corpora whose own labels are trusted more than the larger models, and learned alone."""


class ExportConfig(Section):
    """How a checkpoint becomes a bundle."""

    quantisation: Literal["int8", "none"] = "int8"
    outlier_headroom: Annotated[float, Field(ge=1)] | None = 3.0
    """Where channels of a layer's input stick out they are scaled down to this many times the
    median one, and their weights up; null leaves them."""
    float_layers: Annotated[int, Field(ge=0)] = 0
    """First encoder layers that compute in float32 although their weights are int8."""
    unsure_below: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Calibrated confidence under which a prediction is called `unsure`."""
    unsure_risk: Annotated[float, Field(gt=0, lt=1)] | None = None
    """In place of `unsure_below`: share of the answers that may be wrong. The threshold that
    keeps it is chosen on the validation rows."""
    min_label_agreement: Annotated[float, Field(ge=0, le=1)] = 0.985
    max_macro_f1_loss: Annotated[float, Field(ge=0, le=1)] = 0.005

    @model_validator(mode="after")
    def _has_one_threshold(self) -> Self:
        if self.unsure_risk is not None and "unsure_below" in self.model_fields_set:
            raise ValueError("unsure_below and unsure_risk can't both be set: keep one of them")
        return self


class EvaluationConfig(Section):
    """What a trained model is measured on."""

    corpora: Annotated[list[str], Field(min_length=1)]
    """Their test splits; a corpus that is only for evaluation counts whole."""
    primary: str
    """The human-labelled one of them by which the gate decides on a retrained model; `publish`
    names its own."""
    max_primary_loss: Annotated[float, Field(ge=0, lt=1)] = 0.01
    """Macro-F1 that a retrained model may lose there, by the lower end of the interval: wide where
    rows are few."""
    resamples: Annotated[int, Field(ge=200)] = 2000
    """Bootstrap resamples of an interval."""
    behaviour_cases: Annotated[int, Field(ge=1)] = 500
    """Sentences of each behaviour test, in the model card and in the suite."""

    @model_validator(mode="after")
    def _measures_the_primary(self) -> Self:
        if self.primary not in self.corpora:
            raise ValueError(f"primary {self.primary!r} is not among corpora")
        return self


class PipelineConfig(Section):
    """One configs/*.yaml."""

    name: Name
    seed: Seed = 13
    corpora: Annotated[list[str], Field(min_length=1)]
    """Trained on: their training splits."""
    preparation: PreparationConfig = PreparationConfig()
    model: ModelConfig
    training: TrainingConfig = TrainingConfig()
    teaching: TeachingConfig | None = None
    export: ExportConfig = ExportConfig()
    evaluation: EvaluationConfig

    @model_validator(mode="after")
    def _one_use_a_corpus(self) -> Self:
        twice = set(self.taught_corpora) & set(self.corpora)
        if twice:
            raise ValueError(
                f"teaching.corpora names {', '.join(sorted(twice))}, whose labels are trained on"
            )
        if self.teaching and (unknown := set(self.teaching.label_only) - set(self.corpora)):
            raise ValueError(
                f"teaching.label_only names {', '.join(sorted(unknown))}, not among the corpora"
            )
        if self.teaching and self.training.emotion_loss_weight:
            raise ValueError("teaching and training.emotion_loss_weight exclude each other")
        return self

    @model_validator(mode="after")
    def _weighs_what_is_learnt(self) -> Self:
        limits, repeats = self.preparation.max_training_rows, self.training.repeats
        _refuse_unknown("preparation.max_training_rows", limits, self.learnt_corpora)
        # Texts that are only taught stand once, whatever is said of them.
        _refuse_unknown("training.repeats", repeats, self.corpora)
        return self

    @property
    def taught_corpora(self) -> list[str]:
        """The corpora whose texts alone are used."""
        return self.teaching.corpora if self.teaching else []

    @property
    def learnt_corpora(self) -> list[str]:
        """The corpora whose texts are learnt from, with their labels or without."""
        return [*self.corpora, *self.taught_corpora]

    @property
    def processed_dir(self) -> Path:
        """Where `prepare` puts the three splits."""
        return Path("data/processed") / self.name

    @property
    def interim_dir(self) -> Path:
        """Where `prepare` puts the cleaned rows before it drops and splits."""
        return Path("data/interim") / self.name

    @property
    def checkpoint_dir(self) -> Path:
        """Where `train` puts the model."""
        return Path("outputs") / self.name / "checkpoint"

    @property
    def bundle_dir(self) -> Path:
        """Where `export` puts the bundle."""
        return Path("outputs") / self.name / "bundle"

    @property
    def report_dir(self) -> Path:
        """Where figures and pages about this model go."""
        return Path("reports") / self.name


RAW_DIR = Path("data/raw")
"""Where `download` puts corpora."""


def load_config(path: Path) -> PipelineConfig:
    """Read and validate the configuration of a pipeline; see `read_config`."""
    return read_config(path, PipelineConfig)


def _refuse_unknown(where: str, named: Iterable[str], learnt: list[str]) -> None:
    known = list(dict.fromkeys([*learnt, FEEDBACK_CORPUS]))
    for name in named:
        if name not in known:
            raise ValueError(
                f"{where} names {name!r}, not among the corpora: {advice(name, known)}"
            )
