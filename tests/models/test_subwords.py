"""`subword_dropout`: how words are cut anew, and that only training does so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import BPE
from transformers import DataCollatorWithPadding, PreTrainedTokenizerFast

from sentiment.config import EvaluationConfig, ModelConfig, PipelineConfig, TrainingConfig
from sentiment.errors import TrainingError
from sentiment.models.base import load_base
from sentiment.models.subwords import SubwordDropout
from sentiment.models.transformer import make_trainer, tokenise, training_arguments

TEXTS = [
    "this video is unbelievably wonderful",
    "so goooood 😂😂 i loved the ending!!",
    "wörst ever: [SEP] is no word, nor is ￼",
    "",
]
RATE = 0.3


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return load_base(ModelConfig(base="minilm"))[0]


def encoded(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> list[dict[str, Any]]:
    return [
        {"input_ids": ids, "attention_mask": [1] * len(ids), "labels": 1}
        for ids in tokenizer(texts)["input_ids"]
    ]


def dropout(
    tokenizer: PreTrainedTokenizerFast,
    *,
    rate: float = RATE,
    seed: int = 13,
    max_length_tokens: int = 128,
) -> SubwordDropout:
    return SubwordDropout(
        DataCollatorWithPadding(tokenizer),
        tokenizer,
        rate=rate,
        max_length_tokens=max_length_tokens,
        seed=seed,
    )


def rows_of(batch: Any) -> list[list[int]]:
    return [
        ids[mask.bool()].tolist()
        for ids, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True)
    ]


def spelt(tokenizer: PreTrainedTokenizerFast, ids: list[int]) -> str:
    pieces = tokenizer.convert_ids_to_tokens(ids)
    return " ".join(pieces).replace(" ##", "")


def test_words_are_cut_otherwise_and_spell_the_same(tokenizer: PreTrainedTokenizerFast) -> None:
    rows = encoded(tokenizer, TEXTS)
    batch = dropout(tokenizer)(rows)

    found = rows_of(batch)
    assert found[:2] != [row["input_ids"] for row in rows[:2]]
    for row, ids in zip(rows, found, strict=True):
        assert spelt(tokenizer, ids) == spelt(tokenizer, row["input_ids"])
    assert batch["labels"].tolist() == [1] * len(TEXTS)


def test_what_is_no_word_keeps_its_token(tokenizer: PreTrainedTokenizerFast) -> None:
    kept = {*tokenizer.all_special_ids, tokenizer.convert_tokens_to_ids("😂")}
    rows = encoded(tokenizer, TEXTS)
    for row, ids in zip(rows, rows_of(dropout(tokenizer, rate=0.9)(rows)), strict=True):
        assert [i for i in ids if i in kept] == [i for i in row["input_ids"] if i in kept]


def test_a_piece_is_passed_over_as_often_as_the_rate_says(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    # "cats" begins with a piece of the whole word, and so is cut only when that is passed over.
    n = 4_000
    (ids,) = tokenizer(["cats"], add_special_tokens=False)["input_ids"]
    assert len(ids) == 1
    rows = [{"input_ids": ids, "attention_mask": [1]} for _ in range(n)]
    n_cut = sum(len(row) > 1 for row in rows_of(dropout(tokenizer)(rows)))
    assert n_cut / n == pytest.approx(RATE, abs=4 * np.sqrt(RATE * (1 - RATE) / n))


def test_chance_is_of_the_seed_and_the_batch_alone(tokenizer: PreTrainedTokenizerFast) -> None:
    rows = encoded(tokenizer, TEXTS)
    one, another = dropout(tokenizer), dropout(tokenizer)
    one(rows[:1])
    torch.manual_seed(5)
    assert rows_of(one(rows)) == rows_of(another(rows))
    assert rows_of(dropout(tokenizer, seed=14)(rows)) != rows_of(one(rows))
    assert rows_of(one(rows[::-1]))[::-1] != rows_of(one(rows)), "another epoch, another cut"


def test_a_row_that_would_grow_too_long_keeps_its_cut(tokenizer: PreTrainedTokenizerFast) -> None:
    rows = encoded(tokenizer, TEXTS[:1])
    length = len(rows[0]["input_ids"])
    collate = dropout(tokenizer, rate=0.9, max_length_tokens=length)
    assert rows_of(collate(rows)) == [rows[0]["input_ids"]]


def test_a_tokenizer_of_another_kind_is_refused() -> None:
    bytes_alone = Tokenizer(BPE(vocab={"a": 0, "[PAD]": 1}, merges=[]))
    other = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=bytes_alone, pad_token="[PAD]"
    )
    with pytest.raises(TrainingError, match="WordPiece tokenizer, not BPE"):
        dropout(other)


def test_only_training_rows_are_cut_anew(tmp_path: Path) -> None:
    config = PipelineConfig(
        name="unit",
        corpora=["synthetic"],
        model=ModelConfig(base="tiny"),
        training=TrainingConfig(subword_dropout=0.9, batch_size=4, max_steps=2),
        evaluation=EvaluationConfig(corpora=["synthetic"], primary="synthetic"),
    )
    tokenizer, model = load_base(config.model)
    texts = ["video video video wonderful", "good video", "bad video", "so good"]
    split = tokenise(
        datasets.Dataset.from_dict({"text": texts, "label": [2, 2, 0, 2]}),
        tokenizer,
        max_length_tokens=64,
    )
    arguments = training_arguments(
        config, output_dir=tmp_path, n_rows=len(split), n_processes=1, report_to=[]
    )
    trainer = make_trainer(
        model, tokenizer, arguments, train=split, validation=split, training=config.training
    )

    (learnt,) = trainer.get_train_dataloader()
    (validated,) = trainer.get_eval_dataloader()
    as_given = sorted(split["input_ids"])
    assert sorted(rows_of(validated)) == as_given
    assert sorted(rows_of(learnt)) != as_given
    trainer.train()
    (validated,) = trainer.get_eval_dataloader()
    assert sorted(rows_of(validated)) == as_given
