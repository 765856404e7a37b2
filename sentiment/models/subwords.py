"""Words cut into pieces by chance while a network learns, so that it relies on no single cut.

MaxMatch-Dropout (Hiraoka 2022): WordPiece takes the longest piece that fits; here it passes one
over now and then and takes the next shorter. A typing error or a drawn-out word is cut into
pieces that the network has then met before. Only training does so.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from tokenizers.models import WordPiece
from transformers import DataCollatorWithPadding, PreTrainedTokenizerFast

from sentiment.errors import TrainingError

_CONTINUES = "##"
_KEPT_WORDS = 50_000


class SubwordDropout:
    """Collates rows of one batch after cutting their words anew.

    What chance brings depends on the seed and the batch alone, so a training that was killed goes
    on as it would have gone.

    Args:
        collator: pads what comes out.
        tokenizer: that cut the rows first; of the kind WordPiece.
        rate: probability that a piece is passed over, in (0, 1).
        max_length_tokens: a row that would grow longer keeps its own cut.
        seed: of the training.

    Raises:
        TrainingError: the tokenizer is of another kind.
    """

    def __init__(
        self,
        collator: DataCollatorWithPadding,
        tokenizer: PreTrainedTokenizerFast,
        *,
        rate: float,
        max_length_tokens: int,
        seed: int,
    ) -> None:
        model = tokenizer.backend_tokenizer.model
        if not isinstance(model, WordPiece) or model.continuing_subword_prefix != _CONTINUES:
            raise TrainingError(
                f"subword_dropout needs a WordPiece tokenizer, not {type(model).__name__}.",
                hint="Leave subword_dropout at 0 for this base.",
            )
        added = set(tokenizer.get_added_vocab().values())
        self._ids = {
            piece: number for piece, number in tokenizer.get_vocab().items() if number not in added
        }
        self._pieces = {number: piece for piece, number in self._ids.items()}
        self._collator = collator
        self._rate = rate
        self._max_length_tokens = max_length_tokens
        self._seed = seed
        self._choices_of = lru_cache(_KEPT_WORDS)(self._choices)

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the padded batch; see `DataCollatorWithPadding`."""
        content = np.concatenate([np.asarray(row["input_ids"], dtype=np.int64) for row in rows])
        generator = np.random.default_rng([self._seed, zlib.crc32(content.tobytes())])
        return self._collator([self._recut(row, generator) for row in rows])

    def _recut(self, row: Mapping[str, Any], generator: np.random.Generator) -> dict[str, Any]:
        ids: list[int] = []
        for word in self._words(row["input_ids"]):
            ids.extend(self._cut(tuple(word), generator))
        if len(ids) > self._max_length_tokens:
            return dict(row)
        return {**row, "input_ids": ids, "attention_mask": [1] * len(ids)}

    def _words(self, ids: Sequence[int]) -> list[list[int]]:
        """Return the ids grouped by word; what has no piece of its own stands alone."""
        words: list[list[int]] = []
        for number in ids:
            if words and self._pieces.get(number, "").startswith(_CONTINUES):
                words[-1].append(number)
            else:
                words.append([number])
        return words

    def _cut(self, word: tuple[int, ...], generator: np.random.Generator) -> Sequence[int]:
        choices = self._choices_of(word)
        if choices is None:
            return word
        cut: list[int] = []
        start = 0
        while start < len(choices):
            fitting = choices[start]
            if not fitting:  # the rest has no piece: WordPiece itself would say "unknown"
                return word
            n_passed = int(generator.geometric(1 - self._rate)) - 1
            end, number = fitting[min(n_passed, len(fitting) - 1)]
            cut.append(number)
            start = end
        return cut

    def _choices(self, word: tuple[int, ...]) -> list[list[tuple[int, int]]] | None:
        """Return for each place in a word where its pieces end and which they are, longest first.

        None where there is nothing to choose: a token of no word, such as [SEP] or an emoji.
        """
        pieces = [self._pieces.get(number) for number in word]
        if None in pieces:
            return None
        text = "".join(str(piece).removeprefix(_CONTINUES) for piece in pieces)
        if len(text) < 2:
            return None
        return [
            [
                (end, self._ids[piece])
                for end in range(len(text), start, -1)
                if (piece := ("" if start == 0 else _CONTINUES) + text[start:end]) in self._ids
            ]
            for start in range(len(text))
        ]
