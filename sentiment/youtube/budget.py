"""What one fetch may spend: quota units and time. Standard library only."""

from __future__ import annotations

import time


class Budget:
    """Counts the units of one fetch and knows when to stop.

    Args:
        max_units: the most quota units to spend, >= 1.
        deadline_s: seconds from now, > 0.

    Attributes:
        units_spent: units so far; the client raises it before each request.

    Raises:
        ValueError: a limit is out of its range.
    """

    def __init__(self, *, max_units: int, deadline_s: float) -> None:
        if max_units < 1:
            raise ValueError(f"max_units must be 1 or more, found {max_units}")
        if deadline_s <= 0:
            raise ValueError(f"deadline_s must be above 0, found {deadline_s}")
        self.units_spent = 0
        self._max_units = max_units
        self._ends_at_s = time.monotonic() + deadline_s

    def is_spent(self, *, after_s: float = 0.0) -> bool:
        """Say whether no unit is left, or no time will be after a wait of `after_s` seconds."""
        out_of_time = time.monotonic() + after_s >= self._ends_at_s
        return out_of_time or self.units_spent >= self._max_units
