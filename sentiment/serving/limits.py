"""How much the service takes on and how long it waits: every limit that a client can meet.

What bounds the trial of a candidate, which no client waits for, stands with it.
"""

from __future__ import annotations

MAX_TEXTS = 1_000
"""Texts of one request."""

MAX_TEXT_CHARACTERS = 10_000
"""Characters of one text; YouTube's own limit for a comment."""

MAX_ID_CHARACTERS = 128
"""Characters of a comment's id; YouTube's are at most about 50."""

MAX_ADDRESS_CHARACTERS = 2_048
"""Characters of what names a video: its id, or an address that holds it."""

MAX_COMMENTS = 10_000
"""Comments of one analysis."""

DEFAULT_COMMENTS = 500

MAX_BODY_BYTES = 12_000_000
"""Bytes of a request's body; `MAX_TEXTS` long texts in most scripts are less."""

MAX_BODY_KEYS = 10_000
"""Keys of a body's JSON, all objects together. Several times `MAX_TEXTS`: see `body_keys`."""

MAX_SMALL_BODY_BYTES = 32_000
"""Bytes of a body that brings no texts; `MAX_ADDRESS_CHARACTERS`, all of them escaped, are less."""

MAX_CONNECTIONS = 900
"""Connections at once; a process may often open no more than 1,024 files, of whatever kind."""

HEADER_DEADLINE_S = 10.0
"""A connection whose request has not all its headers after this long is given up."""

BODY_DEADLINE_S = 30.0
"""A body that is not here after this long is given up; a slow line sends `MAX_BODY_BYTES`."""

MAX_HELD_BYTES = 256_000_000
"""Bytes of all bodies held at once; a request beyond them is refused."""

MAX_RATED_CLIENTS = 10_000
"""Clients whose requests are counted apart."""

MAX_CACHED_CHARACTERS = 20_000_000
"""Characters of all texts whose predictions are kept."""

SEND_DEADLINE_S = 30.0
"""A client that reads nothing of its answer for this long is given up."""

DRAIN_S = 25
"""A server that is asked to stop answers what it has accepted, at most for this long. Less than
the 30 s after which Kubernetes kills."""

MAX_BATCH_TEXTS = 1_024
"""Texts of one batch. More than `MAX_TEXTS`, so that a lone request is never cut."""

MAX_LATENCY_MS = 10_000
"""A text that would wait longer in the batching queue is refused at once."""

MAX_CONCURRENT_REQUESTS = 64
"""Requests at once; the framework's queue has no bound of its own."""

MAX_CONCURRENT_ANALYSES = 16
"""Analyses at once, far fewer than `MAX_CONCURRENT_REQUESTS`: they are slow."""

MAX_STREAMS = 256
"""Clients that follow analyses at once."""

STREAM_SEND_DEADLINE_S = 20.0
"""A client that takes nothing of an analysis for this long has left without a word."""

MAX_EVENT_ID_CHARACTERS = 100
"""Characters of the event's id to go on from; ours are less than half of it."""

KEPT_RUN_S = 30.0
"""A client that comes back this soon is told the rest of a finished analysis."""

MAX_KEPT_RUNS = 8
"""Finished analyses that are kept for that: each holds all its comments."""

MAX_WAITING = 256
"""Clients that wait at once to be told that comments of a video have come."""

HOLD_S = 8.0
"""Such a client is answered after this long, whatever has come. Less than `DRAIN_S`, and than what
a load balancer's alarm takes for slow (`slow_s` in `infra/config.py`): it can't tell that this is
meant."""

MAX_CONCURRENT_LOOKS = 2
"""Looks into the store at once on behalf of those clients."""

MAX_CONCURRENT_FETCHES = 4
"""Analyses that fetch comments at once; the others wait."""

REQUEST_TIMEOUT_S = 120.0
"""A request without an answer after this long is given up."""

FETCH_DEADLINE_S = 60.0
"""An analysis stops fetching after this long and goes on with what it has."""

MAX_STORE_CALLS = 64
"""Corrections and deletions taken on; further ones are refused."""

MAX_CONCURRENT_STORE_CALLS = 8
"""Those of them at work, while the others wait: a slow store leaves threads to everything else."""

STORE_PATIENCE_S = 2.0
"""A store that is locked for longer counts as away."""

STORE_PAUSE_S = 5.0
"""A store that is away is left alone for this long."""

STORE_LOOK_S = 1.0
"""`/readyz` waits for the store no longer, and then says that it is away. Less than whoever asks
gives it: a load balancer that hears nothing ends every instance."""

MAX_MODELS = 3
"""Models in memory at once: the one that answers, one before it that still ends what it began,
and one that is being loaded. A candidate comes on top."""

DEMO_VIDEO_ID = "size0000487"
"""The made-up video of 487 comments that the demo page shows at first."""

_COMMENTS_A_UNIT = 10
_SPARE_UNITS = 5


def units_for(max_comments: int) -> int:
    """Return how many quota units an analysis may spend.

    A request costs one. A page has held as few as 20 comments, whatever was asked for, and
    replies and retries have requests of their own.

    Args:
        max_comments: comments wanted, > 0.
    """
    return _SPARE_UNITS + -(-max_comments // _COMMENTS_A_UNIT)
