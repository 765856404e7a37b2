"""Where a base model comes from: an installed package, a folder, the hub, or made on the spot.

The named ones are in `sentiment.models.packaged`. Loads safetensors only, never remote code.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError
from tokenizers import normalizers, pre_tokenizers
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertTokenizer,
    DataCollatorWithPadding,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from sentiment.config import ModelConfig
from sentiment.errors import ModelUnavailableError
from sentiment.labels import LABEL_NAMES, N_CLASSES
from sentiment.models.emoji_tokens import add_emoji_tokens
from sentiment.models.packaged import PACKAGED

TINY = "tiny"
UNREADABLE = (OSError, ValueError, SafetensorError)
"""What `load_classifier` raises."""
# Else a base that was saved in half precision would be trained, averaged and compared in it.
_DTYPE = torch.float32

PAD_TO_MULTIPLE_OF = 8
"""Of each training batch's length in tokens: few distinct sizes keep oneDNN's and cuDNN's caches of
compiled kernels small and warm. So the longest row may be longer than the cut."""
_DROPOUT_KEYS = (
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "dropout",
    "attention_dropout",
)
_TINY_WORDS = (
    "love hate good bad great terrible best worst nice awful amazing boring not don't never the "
    "this video is it was i you so very really and a what first song part why how where"
)


def load_base(
    config: ModelConfig, *, n_extra_outputs: int = 0
) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    """Load a base model with a fresh head, and its tokenizer.

    The head's weights come from torch's global generator: seed it first.

    Args:
        config: which model.
        n_extra_outputs: columns of the head behind the three labels, for a second task.

    Raises:
        ModelUnavailableError: the base model is nowhere to be had, has no fast tokenizer, no
            padding, or can't read rows of `max_length_tokens`.
    """
    head = _head(n_extra_outputs)
    load = _load_tiny if config.base == TINY else _load_pretrained
    tokenizer, model = load(config, head)
    if config.emoji_tokens:
        add_emoji_tokens(tokenizer, model)
    return tokenizer, model


def load_classifier(folder: Path) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    """Load a trained model, to be asked, and its tokenizer from a folder of ours, in float32.

    Raises:
        OSError, ValueError, SafetensorError: nothing whole is there; see `UNREADABLE`.
    """
    # What is no such folder must not be looked up on the hub.
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=_DTYPE
    )
    return cast("PreTrainedTokenizerFast", tokenizer), cast("PreTrainedModel", model)


def label_fault(model: PreTrainedModel) -> str:
    """Return what is wrong with the labels of a trained model; empty where nothing is.

    Outputs behind the labels may mean anything.
    """
    names = cast("dict[int, str]", model.config.id2label or {})
    found = [names.get(index) for index in range(N_CLASSES)]
    wanted = list(LABEL_NAMES)
    return "" if found == wanted else f"has the label order {found}, wanted {wanted}"


def locate_base(name: str) -> str:
    """Return a folder or hub name that transformers can load.

    A named base is taken from its package where that is installed, else from the hub.
    """
    named = PACKAGED.get(name)
    return str(named.locate() or named.hub_name) if named else name


def _head(n_extra_outputs: int) -> dict[str, Any]:
    names = [*LABEL_NAMES, *(f"extra_{number}" for number in range(n_extra_outputs))]
    return {
        "num_labels": len(names),
        "id2label": dict(enumerate(names)),
        "label2id": {name: index for index, name in enumerate(names)},
    }


def _load_pretrained(
    config: ModelConfig, head: dict[str, Any]
) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    location, revision = locate_base(config.base), config.revision or "main"
    try:
        tokenizer = AutoTokenizer.from_pretrained(location, revision=revision)
        settings = AutoConfig.from_pretrained(location, revision=revision, **head)
        _set_dropout(settings, config.dropout)
        model = AutoModelForSequenceClassification.from_pretrained(
            location,
            revision=revision,
            config=settings,
            use_safetensors=True,
            dtype=_DTYPE,
            ignore_mismatched_sizes=True,
        )
    except (OSError, ValueError) as error:
        known = ", ".join([*PACKAGED, TINY])
        raise ModelUnavailableError(
            f"The base model {config.base!r} can't be loaded: {str(error).splitlines()[0]}",
            hint=f"Name one of {known}, a local folder with safetensors weights, or a model of "
            "the Hugging Face hub on a machine that reaches it.",
        ) from error
    if not tokenizer.is_fast:
        raise ModelUnavailableError(
            f"The base model {config.base!r} has no fast tokenizer, and a bundle needs one.",
            hint="Choose a base model that ships a tokenizer.json.",
        )
    if tokenizer.pad_token_id is None:
        raise ModelUnavailableError(
            f"The base model {config.base!r} has no padding token, and batches need one.",
            hint="Save it with one in a folder (`tokenizer.pad_token = tokenizer.eos_token`) and "
            "name that, or choose another base.",
        )
    if getattr(model.config, "pad_token_id", None) is None:
        # What the Trainer does too, later than others look for it.
        model.config.pad_token_id = tokenizer.pad_token_id
    loaded = cast("PreTrainedTokenizerFast", tokenizer), cast("PreTrainedModel", model)
    _refuse_too_short_a_reach(*loaded, config)
    return loaded


def _refuse_too_short_a_reach(
    tokenizer: PreTrainedTokenizerFast, model: PreTrainedModel, config: ModelConfig
) -> None:
    """Read the longest row that training may come to: configurations name their limits variously.

    Args:
        tokenizer: with a padding token.
        model: as loaded: in evaluation mode, on the processor.
        config: says where rows are cut.

    Raises:
        ModelUnavailableError: the network can't.
    """
    cut = config.max_length_tokens
    encoded = tokenizer("good bad " * cut, truncation=True, max_length=cut)
    collator = DataCollatorWithPadding(tokenizer, pad_to_multiple_of=PAD_TO_MULTIPLE_OF)
    batch = collator([{"input_ids": encoded["input_ids"]}])
    width = batch["input_ids"].shape[1]
    try:
        # No inference mode: what a network keeps of a first call has to bear training. And
        # whatever chance it asks, training with a seed goes as before.
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            model(**batch)
    except (IndexError, RuntimeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelUnavailableError(
            f"The base model {config.base!r} can't read {width} tokens: {reason}",
            hint=f"Lower model.max_length_tokens ({cut}); training pads to a multiple of "
            f"{PAD_TO_MULTIPLE_OF}.",
        ) from error


def _set_dropout(settings: PreTrainedConfig, dropout: float | None) -> None:
    """Set dropout under whichever names this architecture has for it."""
    if dropout is None:
        return
    for name in _DROPOUT_KEYS:
        if hasattr(settings, name):
            setattr(settings, name, dropout)


def _load_tiny(
    config: ModelConfig, head: dict[str, Any]
) -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    """Make a two-layer network with random weights: it tests a pipeline in seconds."""
    characters = [chr(code) for code in range(33, 127)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_TINY_WORDS.split(), *characters]
    vocabulary += [f"##{character}" for character in characters]
    tokenizer = BertTokenizer(
        vocab={word: index for index, word in enumerate(dict.fromkeys(vocabulary))}
    )
    tokenizer.backend_tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    longest = math.ceil(config.max_length_tokens / PAD_TO_MULTIPLE_OF) * PAD_TO_MULTIPLE_OF
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=max(64, longest),
            **head,
        )
    )
    return tokenizer, model
