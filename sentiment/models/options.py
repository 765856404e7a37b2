"""What can be set on each kind of model: strict sections of a comparison's configuration.

Imports no library of models, so that a configuration is checked before seconds of loading.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sentiment.config import ModelConfig, Name, TrainingConfig
from sentiment.sections import Section

_NgramSizes = Annotated[list[Annotated[int, Field(ge=1, le=8)]], Field(min_length=2, max_length=2)]
_Probability = Annotated[float, Field(ge=0, lt=1)]


class TextOptions(Section):
    """What happens to a text before a model takes its features."""

    clean: bool = True
    """Apply the project's cleaner: links, mentions, HTML, elongation."""
    lowercase: bool = False
    emoji: Literal["keep", "names", "drop"] = "keep"
    """`names` puts the words of its Unicode name in an emoji's place."""


class _ModelOptions(Section):
    name: Name
    """As tables, folders and runs call it."""
    enabled: bool = True
    """Whether a comparison runs it."""
    text: TextOptions = TextOptions()


class _LogisticOptions(_ModelOptions):
    inverse_regularisation: Annotated[float, Field(gt=0)] = 1.0
    """scikit-learn's C: larger fits the training rows more closely."""
    class_weights: Literal["none", "balanced"] = "balanced"
    max_iterations: Annotated[int, Field(ge=1)] = 500


class TextBlobOptions(_ModelOptions):
    """A lexicon: nothing is learnt."""

    kind: Literal["textblob"]
    neutral_band: _Probability = 0.0
    """A polarity of at most this size is neutral."""


class VaderOptions(_ModelOptions):
    """A lexicon with rules for social media (Hutto & Gilbert 2014): nothing is learnt."""

    kind: Literal["vader"]
    neutral_band: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """A compound of less than this size is neutral; its authors' threshold."""


class NgramOptions(_ModelOptions):
    """Which n-grams of words and characters are counted."""

    text: TextOptions = TextOptions(lowercase=True)
    word_ngrams: _NgramSizes | None = Field(default=[1, 2])
    """Shortest and longest sequence of words; null takes none."""
    character_ngrams: _NgramSizes | None = Field(default=[2, 5])
    """Shortest and longest sequence of characters within a word; null takes none."""
    min_documents: Annotated[int, Field(ge=1)] = 2
    """Rarer n-grams are left out."""
    max_features: Annotated[int, Field(ge=10)] = 40_000
    """The most frequent ones that are kept, of words and of characters each."""

    @model_validator(mode="after")
    def _has_features(self) -> Self:
        if self.word_ngrams is None and self.character_ngrams is None:
            raise ValueError("word_ngrams and character_ngrams can't both be null")
        for sizes in (self.word_ngrams, self.character_ngrams):
            if sizes is not None and sizes[0] > sizes[1]:
                raise ValueError(f"n-gram sizes must rise, found {sizes}")
        return self


class TfidfOptions(NgramOptions, _LogisticOptions):
    """TF-IDF of word and character n-grams, then logistic regression."""

    kind: Literal["tfidf_logistic"]
    inverse_regularisation: Annotated[float, Field(gt=0)] = 2.0


class LightGbmOptions(NgramOptions):
    """TF-IDF of word and character n-grams, then gradient-boosted trees (Ke et al. 2017)."""

    kind: Literal["tfidf_lightgbm"]
    max_features: Annotated[int, Field(ge=10)] = 10_000
    """As `NgramOptions` has it; trees need fewer, and each costs them time."""
    class_weights: Literal["none", "balanced"] = "balanced"
    max_rounds: Annotated[int, Field(ge=1)] = 200
    """Each adds one tree a label."""
    patience_rounds: Annotated[int, Field(ge=1)] = 20
    """Stop after this many without a lower loss on the validation rows."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    max_leaves: Annotated[int, Field(ge=2, le=4096)] = 31
    """Of each tree."""
    min_rows_in_leaf: Annotated[int, Field(ge=1)] = 20


class BiLstmOptions(_ModelOptions):
    """A small bidirectional LSTM over words, trained from nothing."""

    kind: Literal["bilstm"]
    text: TextOptions = TextOptions(lowercase=True)
    max_words: Annotated[int, Field(ge=10)] = 20_000
    """Size of the vocabulary."""
    max_length_words: Annotated[int, Field(ge=4, le=512)] = 64
    """Longer texts are cut."""
    embedding_size: Annotated[int, Field(ge=2, le=1024)] = 96
    hidden_size: Annotated[int, Field(ge=2, le=1024)] = 96
    """Of each direction."""
    dropout: _Probability = 0.4
    epochs: Annotated[int, Field(ge=1, le=1000)] = 5
    """The epoch with the best macro-F1 on the validation rows is kept."""
    batch_size: Annotated[int, Field(ge=1)] = 64
    learning_rate: Annotated[float, Field(gt=0, lt=1)] = 2e-3


class EmbeddingsOptions(_LogisticOptions):
    """Sentence embeddings of a frozen encoder, then logistic regression."""

    kind: Literal["embeddings_logistic"]
    base: str = "minilm"
    """`minilm`, `tiny`, a local folder, or a name on the Hugging Face hub."""
    revision: str | None = None
    """Commit of a hub model; None takes the newest."""
    max_length_tokens: Annotated[int, Field(ge=8, le=512)] = 128
    inverse_regularisation: Annotated[float, Field(gt=0)] = 10.0


class FineTunedOptions(_ModelOptions):
    """A transformer fine-tuned as `sentiment train` does it."""

    kind: Literal["fine_tuned"]
    model: ModelConfig = ModelConfig(base="minilm")
    training: TrainingConfig = TrainingConfig()

    @model_validator(mode="after")
    def _needs_texts_and_labels_alone(self) -> FineTunedOptions:
        if self.training.emotion_loss_weight:
            raise ValueError("emotion_loss_weight must be 0: a comparison has labels alone")
        if self.training.averaged_checkpoints > 1:
            raise ValueError("averaged_checkpoints must be 1: a comparison keeps the best one")
        return self


class Hypotheses(Section):
    """What a text would have to entail for each label."""

    negative: str = "The feeling of this comment is negative."
    neutral: str = "The feeling of this comment is neutral."
    positive: str = "The feeling of this comment is positive."


class ZeroShotOptions(_ModelOptions):
    """Natural-language inference without any training (Yin et al. 2019)."""

    kind: Literal["zero_shot"]
    base: str = "cross-encoder/nli-MiniLM2-L6-H768"
    """A local folder or a hub name; a classifier of contradiction, neutral and entailment."""
    revision: str | None = None
    max_length_tokens: Annotated[int, Field(ge=16, le=512)] = 160
    hypotheses: Hypotheses = Hypotheses()


ModelOptions = Annotated[
    TextBlobOptions
    | VaderOptions
    | TfidfOptions
    | LightGbmOptions
    | BiLstmOptions
    | EmbeddingsOptions
    | FineTunedOptions
    | ZeroShotOptions,
    Field(discriminator="kind"),
]
