"""A call that may never come back, waited for so long and no longer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from sentiment.comments import Prediction


class LateError(Exception):
    """The call had not ended in time. It may go on, for nobody."""


def within(deadline_s: float, label: Callable[[], Sequence[Prediction]]) -> list[Prediction]:
    """Return what a call gives.

    Args:
        deadline_s: seconds it may take, > 0.
        label: works in a thread of its own.

    Raises:
        LateError: it took longer.
        Exception: whatever the call raised.
    """
    given: list[Prediction] = []
    raised: list[Exception] = []

    def work() -> None:
        try:
            given.extend(label())
        except Exception as error:  # noqa: BLE001 - raised again below
            raised.append(error)

    thread = threading.Thread(target=work, name="candidate", daemon=True)
    thread.start()
    thread.join(deadline_s)
    if thread.is_alive():
        raise LateError(f"no answer within {deadline_s:.1f} s")
    if raised:
        raise raised[0]
    return given
