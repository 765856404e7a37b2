"""Which of three splits a text belongs to: a function of the text alone.

So a text is in the same split in every configuration and for ever: new rows never move old
ones, and copies of a comment can't lie on both sides. The share of each label comes out equal
over the splits by the law of large numbers; `prepare` prints what it came to.
"""

from __future__ import annotations

import hashlib

from sentiment.textclean import clean, duplicate_key

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)
TEST_SHARE = 0.1
VALIDATION_SHARE = 0.1
# Part of what is hashed: another salt would be another split, and old test rows would leak.
_SALT = "sentiment-split-1:"


def split_of(text: str) -> str:
    """Return the split of a raw text: `train`, `validation` or `test`."""
    key = _SALT + duplicate_key(clean(text))
    place = (
        int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8]) / 2**64
    )
    if place < TEST_SHARE:
        return TEST
    return VALIDATION if place < TEST_SHARE + VALIDATION_SHARE else TRAIN
