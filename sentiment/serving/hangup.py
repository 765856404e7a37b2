"""SIGHUP: "read your bundle again", and, where a terminal is closed, the end as ever.

Signals come to the process's main thread; nothing here works in another one, nor on Windows.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType


def hold_hang_ups() -> None:
    """Keep a SIGHUP until somebody listens: it would end a process that is starting."""
    if _can_listen():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})


def listen_for_hang_ups(ask: Callable[[], None]) -> None:
    """Call `ask` on the running event loop at each SIGHUP, one that was kept included.

    A terminal sends the signal too when it is closed: then the process is asked to stop.
    """
    if not _can_listen():
        return
    loop = asyncio.get_running_loop()
    began_in_terminal = _is_in_terminal()

    def hear(_number: int, _frame: FrameType | None) -> None:
        if began_in_terminal and not _is_in_terminal():
            signal.raise_signal(signal.SIGTERM)
        elif not loop.is_closed():
            loop.call_soon_threadsafe(ask)

    signal.signal(signal.SIGHUP, hear)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def ignore_hang_ups() -> None:
    """Let a SIGHUP do nothing from now on: it would end a process that is stopping."""
    if _can_listen():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _can_listen() -> bool:
    return sys.platform != "win32" and threading.current_thread() is threading.main_thread()


def _is_in_terminal() -> bool:
    # A terminal that is gone is none any more.
    return any(map(os.isatty, range(3)))
