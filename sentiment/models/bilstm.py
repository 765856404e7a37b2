"""A small bidirectional LSTM over words (Graves & Schmidhuber 2005), trained from nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from sentiment.errors import BundleError
from sentiment.labels import N_CLASSES
from sentiment.models.face import LabelledTexts, check_rows, not_fitted
from sentiment.models.options import BiLstmOptions
from sentiment.models.preprocessing import WORD_PATTERN, preprocess
from sentiment.models.saved import Saved, read_saved, write_saved

_WORD = re.compile(WORD_PATTERN)
_PADDING, _UNKNOWN, _N_RESERVED = 0, 1, 2
_EVAL_BATCH_SIZE = 256
_MAX_GRADIENT_NORM = 1.0


class _Network(nn.Module):
    """Embedding, LSTM in both directions, maximum over time, one linear layer."""

    def __init__(self, options: BiLstmOptions, n_words: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(n_words, options.embedding_size, padding_idx=_PADDING)
        self.lstm = nn.LSTM(
            options.embedding_size, options.hidden_size, batch_first=True, bidirectional=True
        )
        self.dropout = nn.Dropout(options.dropout)
        self.head = nn.Linear(2 * options.hidden_size, N_CLASSES)

    def forward(self, batch: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return logits of shape (n, 3) of sequences of word numbers, none of them empty."""
        lengths = torch.tensor([len(sequence) for sequence in batch])
        embedded = self.dropout(self.embedding(pad_sequence(list(batch), batch_first=True)))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, padding_value=-torch.inf
        )
        logits: torch.Tensor = self.head(self.dropout(states.amax(dim=1)))
        return logits


class BiLstm:
    """See `SentimentModel`.

    Args:
        options: its settings.
        seed: of the first weights, of dropout and of the order of the rows.
    """

    def __init__(self, options: BiLstmOptions, *, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._words: list[str] = []
        self._network: _Network | None = None

    @property
    def name(self) -> str:
        """See `SentimentModel.name`."""
        return self._options.name

    @property
    def size_bytes(self) -> int:
        """Bytes of all parameters in float32 and of the vocabulary."""
        parameters = sum(value.nbytes for value in self._fitted().parameters())
        return parameters + sum(len(word.encode()) for word in self._words)

    def fit(
        self,
        texts: Sequence[str],
        labels: NDArray[np.int64],
        *,
        validation: LabelledTexts | None = None,
    ) -> None:
        """See `SentimentModel.fit`; without validation rows the last epoch is kept."""
        check_rows(texts, labels)
        split = [_WORD.findall(text) for text in preprocess(texts, self._options.text)]
        counts = Counter(word for words in split for word in words)
        # By count, then by the word itself: the order of the rows must not matter.
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        self._words = ranked[: self._options.max_words]
        with torch.random.fork_rng(devices=[]), _one_thread():
            torch.manual_seed(self._seed)
            self._network = _Network(self._options, len(self._words) + _N_RESERVED)
            self._train(self._numbers(texts), torch.from_numpy(labels), validation)

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """See `SentimentModel.predict_proba`."""
        network = self._fitted().eval()
        numbers = self._numbers(texts)
        order = sorted(range(len(texts)), key=lambda index: len(numbers[index]))
        probabilities = np.zeros((len(texts), N_CLASSES))
        with torch.inference_mode(), _one_thread():
            for start in range(0, len(order), _EVAL_BATCH_SIZE):
                chosen = order[start : start + _EVAL_BATCH_SIZE]
                logits = network([numbers[index] for index in chosen])
                probabilities[chosen] = logits.double().softmax(dim=-1).numpy()
        return probabilities

    def save(self, folder: Path) -> None:
        """See `SentimentModel.save`."""
        state = self._fitted().state_dict()
        arrays: Mapping[str, NDArray[Any]] = {name: value.numpy() for name, value in state.items()}
        saved = Saved(arrays, {"words": self._words})
        write_saved(folder, self._options, seed=self._seed, saved=saved)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """See `SentimentModel.load`."""
        options, seed, saved = read_saved(folder, BiLstmOptions)
        model = cls(options, seed=seed)
        try:
            model._words = list(saved.vocabularies["words"])
            model._network = _Network(options, len(model._words) + _N_RESERVED)
            state = {name: torch.from_numpy(array) for name, array in saved.arrays.items()}
            model._network.load_state_dict(state)
        except (KeyError, RuntimeError) as error:
            raise BundleError(f"The weights in {folder} are incomplete: {error}.") from error
        return model

    def _fitted(self) -> _Network:
        if self._network is None:
            raise not_fitted(self.name)
        return self._network

    def _numbers(self, texts: Sequence[str]) -> list[torch.Tensor]:
        """Return each text's word numbers, at least one of them."""
        places = {word: place for place, word in enumerate(self._words, _N_RESERVED)}
        longest = self._options.max_length_words
        return [
            torch.tensor(
                [places.get(word, _UNKNOWN) for word in _WORD.findall(text)[:longest]] or [_UNKNOWN]
            )
            for text in preprocess(texts, self._options.text)
        ]

    def _train(
        self, rows: list[torch.Tensor], labels: torch.Tensor, validation: LabelledTexts | None
    ) -> None:
        network = self._fitted()
        optimizer = torch.optim.Adam(network.parameters(), lr=self._options.learning_rate)
        best_score, best_state = -1.0, network.state_dict()
        for _ in range(self._options.epochs):
            network.train()
            for chosen in _batches(rows, self._options.batch_size):
                loss = nn.functional.cross_entropy(
                    network([rows[index] for index in chosen]), labels[chosen]
                )
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(network.parameters(), _MAX_GRADIENT_NORM)
                optimizer.step()
            score = self._score(validation) if validation is not None else best_score + 1
            if score > best_score:
                best_score = score
                best_state = {name: value.clone() for name, value in network.state_dict().items()}
        network.load_state_dict(best_state)

    def _score(self, rows: LabelledTexts) -> float:
        guesses = self.predict_proba(rows.texts).argmax(axis=1)
        return float(f1_score(rows.labels, guesses, average="macro"))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: on so small a network, more of them only wait for each other."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)


def _batches(rows: Sequence[torch.Tensor], size: int) -> Iterator[list[int]]:
    """Yield row numbers in batches of similar length, the batches in a random order."""
    shuffled = torch.randperm(len(rows)).tolist()
    # Sorting is stable: rows of one length stay shuffled.
    ordered = sorted(shuffled, key=lambda index: len(rows[index]))
    batches = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    for number in torch.randperm(len(batches)).tolist():
        yield batches[number]
