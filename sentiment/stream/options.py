"""What a stream is unless told otherwise. Quick to load: the command line reads it for its help."""

from __future__ import annotations

DEFAULT_THREADS = 2
"""Batches in hand at once. More gain nothing: labelling takes all cores."""
