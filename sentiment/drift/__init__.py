"""Drift: whether the comments of today are still those that a model was made for.

A profile counts a reference, windows of the store are compared with it, and what moved is told.
Evidently's presets were wanted for the page; its newest release does not import beside the locked
pandas 3.1, and its tests take comments for independent, which those of one video are not. So the
table and the page are our own.

The distance between embeddings is left out: the served graph gives logits alone, and a second
graph that gave embeddings would have to be served for the sake of this package.
"""
