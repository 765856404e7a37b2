"""Which comments say what an earlier one said already.

Exact: the same `duplicate_key`. Near: two longer texts whose sets of character 5-grams overlap
(Jaccard) beyond a limit, found by MinHash and locality-sensitive hashing (Broder 1997; the
library is datasketch) and then verified on the sets themselves.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from datasketch import MinHash, MinHashLSH

from sentiment.textclean import duplicate_key

_SHINGLE_CHARACTERS = 5
# In a shorter text a single word decides the meaning: "not bad" is no copy of "so bad".
_MIN_CHARACTERS = 40
_PERMUTATIONS = 64
_SEED = 1
# At the limit itself an index finds half of the copies; this far below it finds 98 of 100. Who is
# found too often costs time alone: every candidate is verified.
_INDEX_MARGIN = 0.25
# Above it the index has too few bands to find copies.
_MAX_INDEX_THRESHOLD = 0.9


def mark_exact_duplicates(texts: Sequence[str]) -> list[bool]:
    """Tell for each cleaned text whether an earlier one has the same key."""
    seen: set[str] = set()
    marks = []
    for text in texts:
        # Texts of punctuation alone have an empty key: they are their own key.
        key = duplicate_key(text) or text
        marks.append(key in seen)
        seen.add(key)
    return marks


def mark_near_duplicates(
    texts: Sequence[str],
    *,
    min_jaccard: float,
    n_measured: int = 0,
    on_progress: Callable[[int], None] = lambda _: None,
) -> list[bool]:
    """Tell for each cleaned text whether an earlier one is nearly the same.

    A text that is only trained on is compared with what was kept: of a chain of near ones each
    second stays. What is measured on counts even where it was marked itself, because whoever
    reads a raw test set measures on its near copies too.

    Args:
        texts: without exact duplicates; those that are measured on come first.
        min_jaccard: overlap from which two texts are one, in (0.5, 1].
        n_measured: how many of them are measured on.
        on_progress: told how many texts were looked at since the last call.
    """
    index = _NearIndex(min_jaccard)
    marks = []
    for place, text in enumerate(texts):
        shingles = _shingles(duplicate_key(text))
        near = bool(shingles) and index.add(shingles, even_if_near=place < n_measured)
        marks.append(near)
        on_progress(1)
    return marks


class _NearIndex:
    """The texts to be compared with, to be asked for near ones."""

    def __init__(self, min_jaccard: float) -> None:
        self._min_jaccard = min_jaccard
        self._index = MinHashLSH(
            threshold=min(min_jaccard, _MAX_INDEX_THRESHOLD) - _INDEX_MARGIN,
            num_perm=_PERMUTATIONS,
        )
        self._permutations = MinHash(num_perm=_PERMUTATIONS, seed=_SEED).permutations
        self._kept: list[frozenset[str]] = []

    def add(self, shingles: frozenset[str], *, even_if_near: bool) -> bool:
        """Tell whether a text is near one that is kept here; keep it too unless it is."""
        sketch = MinHash(
            num_perm=_PERMUTATIONS, seed=_SEED, permutations=self._permutations, hashfunc=_hash
        )
        sketch.update_batch(sorted(shingles))
        candidates = self._index.query(sketch)
        near = any(
            _jaccard(shingles, self._kept[found]) >= self._min_jaccard for found in candidates
        )
        if even_if_near or not near:
            self._index.insert(len(self._kept), sketch, check_duplication=False)
            self._kept.append(shingles)
        return near


def _hash(shingle: str) -> int:
    """Return 32 bits of a hash that is the same in every process, unlike `hash`."""
    return zlib.crc32(shingle.encode("utf-8", "surrogatepass"))


def _shingles(key: str) -> frozenset[str]:
    if len(key) < _MIN_CHARACTERS:
        return frozenset()
    last = len(key) - _SHINGLE_CHARACTERS + 1
    return frozenset(key[start : start + _SHINGLE_CHARACTERS] for start in range(last))


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)
