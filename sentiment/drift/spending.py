"""How much chance of a false alarm each look may have, so that a year of looks stays within one.

Alpha spending (Lan and DeMets 1983) with the spending function that is linear in time: of the
year's budget, a look may spend the part of the year that has gone by since the last one. Windows
are whole days and the sum of all levels is the budget whatever the looks have in common, so that
no joint distribution of theirs has to be known. Looking more often spends no more.
"""

from __future__ import annotations

from datetime import date, timedelta

DEFAULT_BUDGET = 0.05
"""Expected false alarms a year, over all features and looks."""

_DAYS_A_YEAR = 365.0
_MAX_DAYS_AT_ONCE = 31.0
"""Budget that nobody looked with is lost after as long: a year's pause buys no blank cheque."""


def level_of_look(
    *, since: date, until: date, looked_until: date | None, budget: float = DEFAULT_BUDGET
) -> float:
    """Return the level at which a look may test.

    Args:
        since: first day of the window.
        until: the day after its last.
        looked_until: the same of the last look; None where this is the first.
        budget: expected false alarms a year, in (0, 1).

    Returns:
        0 where no day is new: such a look may show what it sees, but raise no alarm.
    """
    first_new = since if looked_until is None else looked_until
    days = (until - first_new) / timedelta(days=1)
    return budget * min(max(days, 0.0), _MAX_DAYS_AT_ONCE) / _DAYS_A_YEAR
