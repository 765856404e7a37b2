"""Tokens for the emoji that a vocabulary lacks.

English vocabularies read most emoji as "unknown", though a comment is often nothing else. Each
missing emoji becomes a token whose first embedding is the mean of the words of its Unicode name
("face with tears of joy"), after Eisner et al. 2016, emoji2vec.
"""

from __future__ import annotations

import re
import unicodedata
from typing import cast

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

# The older blocks hold mostly other symbols: only these of them are typed as emoji.
_OLD_EMOJI = (
    "☀☁☂☃☄★☆☎☑☔☕☘☝☠☢☣☪☮☯☸☹☺☻♀♂♠♣♡♥♦♨♫♻♿⚒⚓⚔⚖⚙⚠⚡⚰⚽⚾⛄⛅⛏⛔⛪⛳⛵✂✅✈✊"
    "✋✌✍✏✔✖✝✡✨❄❌❎❓❔❕❗❣❤➕➖➡"
)
_EMOJI_RANGES = (
    (0x1F300, 0x1F64F),
    (0x1F680, 0x1F6FF),
    (0x1F900, 0x1F9FF),
    (0x1FA70, 0x1FAFF),
)
_NAME_NOISE = re.compile(r"\b(with|sign|symbol|face|emoji|modifier|fitzpatrick|type[-\d]*)\b")


def add_emoji_tokens(tokenizer: PreTrainedTokenizerFast, model: PreTrainedModel) -> list[str]:
    """Extend tokenizer and model in place by the emoji that they can't read.

    Args:
        tokenizer: with an unknown token.
        model: its input embeddings grow until each emoji has a row.

    Returns:
        The emoji added. Which have a name depends on Python's Unicode
        tables: a newer Python may add a few more.
    """
    missing = [emoji for emoji in _named_emoji() if _is_unknown(tokenizer, emoji)]
    if not missing:
        return []
    name_ids = [
        tokenizer(_words_of_name(emoji), add_special_tokens=False)["input_ids"] for emoji in missing
    ]
    tokenizer.add_tokens(missing)
    rows = [cast("int", tokenizer.convert_tokens_to_ids(emoji)) for emoji in missing]
    # Many bases have more rows than tokens, a round number: the first emoji go into the spare ones.
    n_rows = cast("torch.Tensor", model.get_input_embeddings().weight).shape[0]
    model.resize_token_embeddings(max(n_rows, 1 + max(rows)), mean_resizing=False)
    weight = cast("torch.Tensor", model.get_input_embeddings().weight)
    with torch.no_grad():
        for row, ids in zip(rows, name_ids, strict=True):
            weight[row] = weight[ids].mean(dim=0)
    return missing


def _named_emoji() -> list[str]:
    newer = (chr(code) for first, last in _EMOJI_RANGES for code in range(first, last + 1))
    return [*_OLD_EMOJI, *(emoji for emoji in newer if unicodedata.name(emoji, ""))]


def _is_unknown(tokenizer: PreTrainedTokenizerFast, emoji: str) -> bool:
    tokens = tokenizer.tokenize(emoji)
    return not tokens or tokenizer.unk_token in tokens


def _words_of_name(emoji: str) -> str:
    name = unicodedata.name(emoji).lower()
    return _NAME_NOISE.sub(" ", name).strip() or name
