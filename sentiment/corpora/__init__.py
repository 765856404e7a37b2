"""Labelled comments: one module a corpus, all read into the same three-way label."""

from sentiment.corpora.catalogue import (
    all_corpora,
    corpus_digest,
    corpus_info,
    corpus_names,
    held_out_split,
    load_corpus,
    load_rows,
)

__all__ = [
    "all_corpora",
    "corpus_digest",
    "corpus_info",
    "corpus_names",
    "held_out_split",
    "load_corpus",
    "load_rows",
]
