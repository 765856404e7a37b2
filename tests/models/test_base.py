"""Where base models come from."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch
from transformers import (
    AutoConfig,
    BertConfig,
    BertForSequenceClassification,
    BertTokenizer,
    GPT2Config,
    GPT2ForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from sentiment.config import ModelConfig
from sentiment.errors import ModelUnavailableError
from sentiment.labels import LABEL_NAMES
from sentiment.models.base import load_base, load_classifier, locate_base


def tiny(**options: object) -> ModelConfig:
    return ModelConfig.model_validate({"base": "tiny", "max_length_tokens": 32, **options})


def output_names(model: PreTrainedModel) -> list[str]:
    """Return the names of the head's columns in their order."""
    return [name for _, name in sorted((model.config.id2label or {}).items())]


def test_load_base_makes_a_tiny_network_with_the_one_label_order() -> None:
    tokenizer, model = load_base(tiny())
    assert isinstance(tokenizer, PreTrainedTokenizerFast)
    assert output_names(model)[:3] == list(LABEL_NAMES)
    assert model.config.num_labels == 3
    assert sum(weights.numel() for weights in model.parameters()) < 200_000


def test_load_base_puts_extra_outputs_behind_the_labels() -> None:
    _, model = load_base(tiny(), n_extra_outputs=28)
    assert model.config.num_labels == 31
    assert output_names(model)[:3] == list(LABEL_NAMES)
    assert output_names(model)[3] == "extra_0"


def test_load_base_is_the_same_for_a_seed() -> None:
    weights = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        _, model = load_base(tiny())
        weights.append(torch.cat([part.flatten() for part in model.parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_tiny_tokenizer_reads_ordinary_words_whole() -> None:
    tokenizer, _ = load_base(tiny())
    assert tokenizer.tokenize("This video is NOT bad!") == [
        "this",
        "video",
        "is",
        "not",
        "bad",
        "!",
    ]
    assert tokenizer.unk_token not in tokenizer.tokenize("supercalifragilistic")


def test_load_base_reads_a_local_folder(tmp_path: Path) -> None:
    tokenizer, model = load_base(tiny())
    tokenizer.save_pretrained(tmp_path)
    model.save_pretrained(tmp_path)

    loaded_tokenizer, loaded = load_base(
        ModelConfig(base=str(tmp_path), dropout=0.25, max_length_tokens=64), n_extra_outputs=2
    )

    assert loaded_tokenizer.get_vocab() == tokenizer.get_vocab()
    assert loaded.config.num_labels == 5
    assert loaded.config.hidden_dropout_prob == 0.25
    assert loaded.config.attention_probs_dropout_prob == 0.25


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_load_base_computes_in_float32_whatever_the_base_was_saved_in(
    tmp_path: Path, dtype: torch.dtype
) -> None:
    save_in(tmp_path, dtype)
    config = ModelConfig(base=str(tmp_path), max_length_tokens=64)
    for _, loaded in (load_base(config), load_classifier(tmp_path)):
        assert {weights.dtype for weights in loaded.parameters()} == {torch.float32}


def save_in(folder: Path, dtype: torch.dtype) -> None:
    tokenizer, model = load_base(tiny())
    tokenizer.save_pretrained(folder)
    half: torch.nn.Module = model  # transformers' own `to` is annotated wrongly
    half.to(dtype)
    model.save_pretrained(folder)
    assert AutoConfig.from_pretrained(folder).dtype == dtype


def save_gpt2(folder: Path, *, pad_token: str | None) -> None:
    """Write a base whose configuration names no padding; its tokenizer may."""
    tokenizer, _ = load_base(tiny())
    tokenizer.pad_token = pad_token
    tokenizer.save_pretrained(folder)
    GPT2ForSequenceClassification(
        GPT2Config(vocab_size=len(tokenizer), n_positions=64, n_embd=8, n_layer=1, n_head=1)
    ).save_pretrained(folder)


def test_load_base_refuses_a_base_without_padding(tmp_path: Path) -> None:
    save_gpt2(tmp_path, pad_token=None)
    with pytest.raises(ModelUnavailableError, match="no padding token"):
        load_base(ModelConfig(base=str(tmp_path), max_length_tokens=32))


def test_load_base_tells_a_network_the_padding_of_its_tokenizer(tmp_path: Path) -> None:
    save_gpt2(tmp_path, pad_token="[SEP]")
    tokenizer, model = load_base(ModelConfig(base=str(tmp_path), max_length_tokens=32))
    assert model.config.pad_token_id == tokenizer.pad_token_id == 3


@pytest.mark.parametrize(("positions", "fitting", "refused"), [(64, 64, 65), (60, 56, 57)])
def test_load_base_refuses_rows_that_the_network_cannot_read_when_padded(
    tmp_path: Path, positions: int, fitting: int, refused: int
) -> None:
    tokenizer, model = load_base(tiny())
    settings = BertConfig.from_dict(model.config.to_dict())
    settings.max_position_embeddings = positions
    tokenizer.save_pretrained(tmp_path)
    BertForSequenceClassification(settings).save_pretrained(tmp_path)
    load_base(ModelConfig(base=str(tmp_path), max_length_tokens=fitting))
    with pytest.raises(ModelUnavailableError, match="can't read") as caught:
        load_base(ModelConfig(base=str(tmp_path), max_length_tokens=refused))
    assert f"Lower model.max_length_tokens ({refused})" in caught.value.hint


def test_load_base_leaves_chance_as_the_weights_left_it(tmp_path: Path) -> None:
    save_in(tmp_path, torch.float16)
    drawn = []
    for length in (8, 64):
        torch.manual_seed(5)
        _, model = load_base(ModelConfig(base=str(tmp_path), max_length_tokens=length))
        assert not model.training
        drawn.append(torch.rand(4))
    assert torch.equal(*drawn)


def test_the_tiny_network_reads_its_longest_row_when_padded(tmp_path: Path) -> None:
    for part in load_base(tiny(max_length_tokens=100)):
        part.save_pretrained(tmp_path)
    load_base(ModelConfig(base=str(tmp_path), max_length_tokens=100))


def test_load_base_refuses_an_unknown_base_and_names_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="can't be loaded") as caught:
        load_base(ModelConfig(base=str(tmp_path / "absent")))
    assert "minilm, mpnet, tiny" in caught.value.hint


def test_load_base_refuses_pickled_weights(tmp_path: Path) -> None:
    tokenizer, model = load_base(tiny())
    tokenizer.save_pretrained(tmp_path)
    model.config.save_pretrained(tmp_path)
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelUnavailableError, match="can't be loaded"):
        load_base(ModelConfig(base=str(tmp_path)))


def test_locate_base_leaves_other_names_alone() -> None:
    assert locate_base("distilbert-base-uncased") == "distilbert-base-uncased"


def test_locate_base_falls_back_to_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert locate_base("minilm") == "sentence-transformers/all-MiniLM-L6-v2"


def test_minilm_comes_from_its_package() -> None:
    folder = Path(locate_base("minilm"))
    assert (folder / "model.safetensors").is_file()
    tokenizer = BertTokenizer.from_pretrained(folder)
    assert tokenizer.tokenize("not good") == ["not", "good"]
