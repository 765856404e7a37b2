"""Emoji that the vocabulary lacks become tokens that start from the words of their names."""

from __future__ import annotations

import pytest
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from sentiment.config import ModelConfig
from sentiment.models.base import load_base
from sentiment.models.emoji_tokens import add_emoji_tokens


@pytest.fixture
def plain() -> tuple[PreTrainedTokenizerFast, PreTrainedModel]:
    return load_base(ModelConfig(base="tiny", max_length_tokens=32, emoji_tokens=False))


def embedding(model: PreTrainedModel) -> torch.Tensor:
    weight = model.get_input_embeddings().weight
    assert isinstance(weight, torch.Tensor)
    return weight


def test_emoji_is_one_token_afterwards(
    plain: tuple[PreTrainedTokenizerFast, PreTrainedModel],
) -> None:
    tokenizer, model = plain
    assert tokenizer.tokenize("😂") == [tokenizer.unk_token]
    added = add_emoji_tokens(tokenizer, model)
    assert len(added) > 1_000
    assert tokenizer.tokenize("so good 😂🔥❤") == ["so", "good", "😂", "🔥", "❤"]
    assert tokenizer.tokenize("haha😂😂") == [*tokenizer.tokenize("haha"), "😂", "😂"]
    assert len(tokenizer) == embedding(model).shape[0]


@pytest.mark.parametrize(
    ("emoji", "words"),
    [("😂", "tears of joy"), ("🔥", "fire"), ("👍", "thumbs up"), ("☕", "hot beverage")],
)
def test_embedding_starts_as_the_mean_of_the_name(
    plain: tuple[PreTrainedTokenizerFast, PreTrainedModel], emoji: str, words: str
) -> None:
    tokenizer, model = plain
    add_emoji_tokens(tokenizer, model)
    weight = embedding(model)
    ids = tokenizer(words, add_special_tokens=False)["input_ids"]
    row = tokenizer.convert_tokens_to_ids(emoji)
    torch.testing.assert_close(weight[row], weight[ids].mean(dim=0))


def test_older_rows_stay_as_they_were(
    plain: tuple[PreTrainedTokenizerFast, PreTrainedModel],
) -> None:
    tokenizer, model = plain
    before = embedding(model).detach().clone()
    add_emoji_tokens(tokenizer, model)
    assert torch.equal(embedding(model)[: len(before)], before)


def test_adding_twice_adds_nothing(
    plain: tuple[PreTrainedTokenizerFast, PreTrainedModel],
) -> None:
    add_emoji_tokens(*plain)
    n_tokens = len(plain[0])
    assert add_emoji_tokens(*plain) == []
    assert len(plain[0]) == n_tokens


def test_added_emoji_survive_saving(
    plain: tuple[PreTrainedTokenizerFast, PreTrainedModel], tmp_path_factory: pytest.TempPathFactory
) -> None:
    tokenizer, model = plain
    add_emoji_tokens(tokenizer, model)
    folder = tmp_path_factory.mktemp("saved")
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    loaded, grown = load_base(ModelConfig(base=str(folder), max_length_tokens=32))
    assert loaded.tokenize("meh 😂") == tokenizer.tokenize("meh 😂")
    assert torch.equal(embedding(grown), embedding(model))


@pytest.mark.parametrize("n_spare", [7, 5_000])
def test_spare_rows_of_a_padded_base_are_the_first_to_be_used(
    plain: tuple[PreTrainedTokenizerFast, PreTrainedModel], n_spare: int
) -> None:
    tokenizer, model = plain
    n_tokens, n_rows = len(tokenizer), len(tokenizer) + n_spare
    model.resize_token_embeddings(n_rows)
    added = add_emoji_tokens(tokenizer, model)
    weight = embedding(model)
    assert weight.shape[0] == max(n_rows, n_tokens + len(added))
    ids = tokenizer("tears of joy", add_special_tokens=False)["input_ids"]
    row = tokenizer.convert_tokens_to_ids("😂")
    torch.testing.assert_close(weight[row], weight[ids].mean(dim=0))


def test_every_token_of_an_emoji_is_in_reach_of_the_embeddings() -> None:
    tokenizer, model = load_base(ModelConfig(base="tiny", max_length_tokens=32))
    vocabulary = tokenizer.get_vocab()
    assert max(vocabulary.values()) < embedding(model).shape[0]
    assert vocabulary["😂"] >= 5
