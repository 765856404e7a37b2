"""Who gets which model: sticky, without a memory, and the same in every process.

A video keeps its model for as long as a rollout lasts, so that its viewers are shown one opinion
and corrections can be counted by model.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

_BITS = 64


class Arm(StrEnum):
    """Which model labelled, and whether anybody was shown what it said."""

    CHAMPION = "champion"
    CANARY = "canary"
    SHADOW = "shadow"


def is_in_share(name: str, *, salt: str, share: float) -> bool:
    """Tell whether something belongs to a share of all, always the same way.

    A larger share holds all of a smaller one with the same salt.

    Args:
        name: such as the id of a video.
        salt: such as the id of a rollout: another one chooses others.
        share: in [0, 1].
    """
    digest = hashlib.sha256(f"{salt}\n{name}".encode()).digest()
    return int.from_bytes(digest[: _BITS // 8]) < share * float(2**_BITS)
