"""Another bundle takes over from the one that answers, without a request lost.

Verify, load, warm up, switch; the older model goes when its last loan is over (`models`). What
fails before the switch changes nothing. Each process does this for itself: of several workers of
`bentoml serve` a request reaches only one, and a signal only the one that it is sent to.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path
from typing import Protocol, TypeVar

from anyio import to_thread

from sentiment.errors import (
    BundleError,
    SentimentError,
    SwapRefusedError,
    SwapUnderWayError,
)
from sentiment.release.bundle import (
    MANIFEST_FILE,
    PAYLOAD_FILES,
    Bundle,
    load_bundle,
    manifest_digest,
)
from sentiment.serving import limits, metrics
from sentiment.serving.folders import Looks, looks_of
from sentiment.serving.freed_memory import give_back_freed_memory
from sentiment.serving.models import Model, Models, name_of
from sentiment.serving.wire import ModelBody, SwapBody
from sentiment.settings import Settings

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.2

_Value = TypeVar("_Value")


Watch = Callable[["Swapper", float], Coroutine[None, None, None]]


class InLoader(Protocol):
    """Runs something in the thread that loads models."""

    def __call__(self, work: Callable[[], _Value]) -> Awaitable[_Value]:
        """Return what it gives."""


class Swapper:
    """Replaces the model that answers by the bundle that lies in the folder now.

    Lives on the event loop; what is slow works in a thread.

    Args:
        models: lends the model that answers.
        folder: tells where the bundle is, links followed, so that all its files come from one
            folder; called anew for each swap; may be slow.
        open_model: loads a verified bundle and warms its model up; slow.
        beside: sees to what runs beside the model, after each swap, whatever that came to; never
            raises.
    """

    def __init__(
        self,
        models: Models,
        *,
        folder: Callable[[], Path],
        open_model: Callable[[Bundle], Model],
        beside: Callable[[InLoader], Awaitable[None]] | None = None,
    ) -> None:
        self._models = models
        self._folder = folder
        self._open_model = open_model
        self._beside = beside
        self._turn = asyncio.Lock()
        self._asked = asyncio.Event()
        # Always the same thread: glibc gives each its own heap, and each would keep what it held.
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="loader")
        self._tidying: asyncio.Task[None] | None = None

    async def swap(self) -> SwapBody:
        """Replace the model; return which one answered before and which one does now.

        Raises:
            SwapUnderWayError: another swap is not over.
            SwapRefusedError: the bundle can't be used; the model of before answers.
        """
        if self._turn.locked():
            raise SwapUnderWayError(
                "Another bundle is being loaded.",
                hint="Wait a moment and ask again: it may have been read before your change.",
            )
        if not self._has_room():
            raise SwapUnderWayError(
                f"{self._models.older + 1} models are in use: older ones still end analyses that "
                "they began.",
                hint="Wait until the log says that they were let go, and ask again.",
            )
        async with self._turn:
            return await self._swap()

    def ask(self) -> None:
        """Have the model replaced as soon as can be; how it went is in the log."""
        self._asked.set()

    async def follow(self) -> None:
        """Do what was asked for, until cancelled."""
        while True:
            await self._asked.wait()
            if self._turn.locked() or not self._has_room():
                await asyncio.sleep(_LOOK_EVERY_S)
                continue
            async with self._turn:
                # Whoever asks from here on may have changed what is being read already.
                self._asked.clear()
                with suppress(SentimentError):
                    await self._swap()

    async def watch(self, interval_s: float) -> None:
        """Ask whenever the files of the bundle have changed, until cancelled.

        A folder that is being written is refused, and asked for again once it has changed again.

        Args:
            interval_s: seconds between two looks, > 0.
        """
        # Not as it looks now: it may have changed since the start read it.
        seen: tuple[Looks, ...] | None = None
        while True:
            await asyncio.sleep(interval_s)
            looks = await to_thread.run_sync(self._looks)
            if looks != seen:
                seen = looks
                self.ask()

    async def look_beside(self) -> None:
        """See to what runs beside the model, when no swap is under way."""
        if self._beside is not None:
            async with self._turn:
                await self._beside(self.in_loader)

    async def in_loader(self, work: Callable[[], _Value]) -> _Value:
        """Return what `work` does in the thread that loads models."""
        # In its context, so that the log names the request that asked.
        run = functools.partial(copy_context().run, work)
        return await asyncio.get_running_loop().run_in_executor(self._loader, run)

    def _has_room(self) -> bool:
        return self._models.older + 1 < limits.MAX_MODELS

    async def _swap(self) -> SwapBody:
        try:
            return await self._replace()
        finally:
            if self._beside is not None:
                await self._beside(self.in_loader)

    async def _replace(self) -> SwapBody:
        before = self._models.current
        try:
            model = await self.in_loader(functools.partial(self._load, before))
        except SwapRefusedError as refusal:
            is_foreseen = isinstance(refusal.__cause__, SentimentError)
            _log.error("%s", refusal.message, exc_info=None if is_foreseen else refusal)
            metrics.count_swap("refused")
            raise
        if model is None:
            _log.info("model %s, digest %s, is the one that answers", before.name, before.digest)
            metrics.count_swap("unchanged")
            return SwapBody(before=before, after=before)
        self._models.switch(model)
        after = name_of(model)
        metrics.set_model(after.digest, before=before.digest)
        _log.info(
            "serving model %s, digest %s, in place of model %s, digest %s",
            *(after.name, after.digest, before.name, before.digest),
        )
        metrics.count_swap("switched")
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy())
        return SwapBody(before=before, after=after)

    async def _tidy(self) -> None:
        while self._models.older or self._turn.locked():
            await asyncio.sleep(_LOOK_EVERY_S)
        # Whoever ended the last loan has let go of its model by then.
        await asyncio.sleep(_LOOK_EVERY_S)
        await self.in_loader(give_back_freed_memory)

    def _load(self, before: ModelBody) -> Model | None:
        """Return the next model; None where the bundle is that of the model that answers."""
        found: str | None = None
        try:
            folder = self._folder()
            found = manifest_digest(folder)
            _log.info(
                "reading the bundle at %s, digest %s; model %s, digest %s, answers",
                *(folder, found, before.name, before.digest),
            )
            bundle = load_bundle(folder)
            if bundle.digest == before.digest:
                return None
            model = self._open_model(bundle)
            refuse_replaced(bundle)
        except Exception as error:
            # Also what nobody foresaw, such as too little memory for two models.
            why = str(error) if isinstance(error, SentimentError) else repr(error)
            raise SwapRefusedError(
                f"Model {before.name}, digest {before.digest}, goes on answering: the bundle with "
                f"digest {found or 'unknown'} is refused. {why}",
                hint="Put a whole bundle in its place and ask again.",
            ) from error
        return model

    def _looks(self) -> tuple[Looks, ...]:
        """Return what changes when a file of the bundle does."""
        folder = self._folder()
        return tuple(looks_of(folder / name) for name in (MANIFEST_FILE, *PAYLOAD_FILES))


def start_swapping(
    swapper: Swapper, settings: Settings, *, watch_plan: Watch | None = None
) -> list[asyncio.Task[None]]:
    """Start what swaps at a signal and, where that is configured, at a change of the files.

    Args:
        swapper: swaps.
        settings: say how often is looked.
        watch_plan: looks at the plan of releases; None where there are none.

    Returns:
        Tasks, to be cancelled at the end.
    """
    tasks = [asyncio.create_task(swapper.follow())]
    if watch_plan is not None:
        tasks.append(asyncio.create_task(watch_plan(swapper, settings.reload_interval_s)))
    elif settings.reload_interval_s:
        tasks.append(asyncio.create_task(swapper.watch(settings.reload_interval_s)))
    for task in tasks:
        task.add_done_callback(_say_why)
    return tasks


def refuse_replaced(bundle: Bundle) -> None:
    """Refuse a bundle whose files are no longer those that were verified, and then loaded.

    Raises:
        BundleError: they are others.
    """
    if load_bundle(bundle.directory).digest != bundle.digest:
        raise BundleError(f"The bundle at {bundle.directory} was replaced while it was loaded.")


def _say_why(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("no further bundle is taken until the next start", exc_info=error)
