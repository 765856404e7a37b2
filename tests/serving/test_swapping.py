"""Swaps over bundles that only carry names: what is loaded, refused, and in which order."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from sentiment.errors import InferenceError, SwapRefusedError, SwapUnderWayError
from sentiment.release.bundle import MODEL_FILE, Bundle, load_bundle
from sentiment.serving.models import Model, Models
from sentiment.serving.swapping import Swapper
from tests.release.handmade import make_handmade_bundle
from tests.serving.labelling import ConstantModel


class Place:
    """A folder whose bundle is replaced, and the swapper that reads it.

    Attributes:
        opened: digests that were loaded, in order.
        is_opening: set when a loading has begun.
        go_on: cleared to hold up the loading.
        error: raised by the loading.
        while_loading: called in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = make_handmade_bundle(folder)
        self.models = Models(ConstantModel(self.first.digest, 0.75, name="handmade"))
        self.opened: list[str] = []
        self.is_opening = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.error: Exception | None = None
        self.while_loading: Callable[[], object] = lambda: None
        self.swapper = Swapper(self.models, folder=lambda: self.folder, open_model=self._open)

    def put(self, content: str) -> Bundle:
        """Put another bundle in its place."""
        shutil.rmtree(self.folder, ignore_errors=True)
        return make_handmade_bundle(self.folder, content=content)

    def _open(self, bundle: Bundle) -> Model:
        self.is_opening.set()
        if not self.go_on.wait(30):
            raise TimeoutError
        self.while_loading()
        if self.error is not None:
            raise self.error
        self.opened.append(bundle.digest)
        return ConstantModel(bundle.digest, 0.75, name=bundle.manifest.name)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "bundle")


def swaps(result: str) -> float:
    return REGISTRY.get_sample_value("sentiment_model_swaps_total", {"result": result}) or 0.0


def answering(digest: str) -> float | None:
    return REGISTRY.get_sample_value("sentiment_model_info", {"digest": digest})


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.01)


def test_swap_names_both_models(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    before = swaps("switched")
    second = place.put("two")
    swapped = asyncio.run(place.swapper.swap())
    assert (swapped.before.digest, swapped.after.digest) == (place.first.digest, second.digest)
    assert place.models.current == swapped.after
    assert swaps("switched") - before == 1
    assert (answering(second.digest), answering(place.first.digest)) == (1, 0)
    (line,) = [line for line in caplog.messages if "in place of" in line]
    assert line.index(second.digest) < line.index(place.first.digest)


def test_bundle_of_the_same_digest_is_not_loaded(place: Place) -> None:
    before = swaps("unchanged")
    swapped = asyncio.run(place.swapper.swap())
    assert swapped.before == swapped.after
    assert place.opened == []
    assert swaps("unchanged") - before == 1


def refused(place: Place, caplog: pytest.LogCaptureFixture) -> str:
    """Have a swap refused; return why."""
    before = swaps("refused")
    with pytest.raises(SwapRefusedError) as caught:
        asyncio.run(place.swapper.swap())
    assert place.models.current.digest == place.first.digest
    assert place.models.older == 0
    assert swaps("refused") - before == 1
    assert place.first.digest in caught.value.message
    assert caught.value.message in caplog.messages
    return caught.value.message


def test_corrupt_bundle_changes_nothing(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    second = place.put("two")
    (place.folder / MODEL_FILE).write_text("harmed")
    why = refused(place, caplog)
    assert second.digest in why
    assert "is corrupt" in why
    assert place.opened == []
    assert "Traceback" not in caplog.text


def test_corrupt_files_below_the_same_manifest_are_told(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    (place.folder / MODEL_FILE).write_text("harmed")
    assert "is corrupt" in refused(place, caplog)


def test_absent_bundle_changes_nothing(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(place.folder)
    assert "digest unknown is refused" in refused(place, caplog)


@pytest.mark.parametrize("error", [InferenceError("the warm-up failed"), MemoryError("no room")])
def test_model_that_can_not_be_loaded_changes_nothing(
    place: Place, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    place.put("two")
    place.error = error
    assert str(error) in refused(place, caplog)
    # Foreseen errors say enough; others are faults to be found.
    assert ("Traceback" in caplog.text) == isinstance(error, MemoryError)


def test_bundle_that_is_replaced_while_it_loads_is_refused(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.put("two")
    place.while_loading = lambda: place.put("three")
    assert "was replaced while it was loaded" in refused(place, caplog)


def test_refused_bundle_may_come_again(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.put("two")
    (place.folder / MODEL_FILE).unlink()
    refused(place, caplog)
    second = place.put("two")
    assert asyncio.run(place.swapper.swap()).after.digest == second.digest


def test_second_swap_at_once_is_refused(place: Place) -> None:
    async def run() -> None:
        place.go_on.clear()
        second = place.put("two")
        first = asyncio.create_task(place.swapper.swap())
        await until(place.is_opening.is_set)
        with pytest.raises(SwapUnderWayError, match="being loaded"):
            await place.swapper.swap()
        place.go_on.set()
        assert (await first).after.digest == second.digest

    asyncio.run(run())


def test_models_in_memory_are_bounded_and_the_way_back_is_open(place: Place) -> None:
    async def run() -> None:
        first = place.models.lend()
        place.put("two")
        await place.swapper.swap()
        # One that ends its work does not keep a bad model in service.
        place.put("one")
        assert (await place.swapper.swap()).after.digest == place.first.digest
        place.put("three")
        with place.models.lend():
            pass
        assert place.models.older == 1
        loan = place.models.lend()
        await place.swapper.swap()
        assert place.models.older == 2
        fourth = place.put("four")
        with pytest.raises(SwapUnderWayError, match="3 models are in use"):
            await place.swapper.swap()
        loan.end()
        first.end()
        assert (await place.swapper.swap()).after.digest == fourth.digest

    asyncio.run(run())


async def until_still(count: Callable[[], float]) -> None:
    """Return once a count has stayed the same for a while."""
    async with asyncio.timeout(30):
        seen = -1.0
        while seen != (seen := count()):
            await asyncio.sleep(0.3)


def follow(swapper: Swapper, work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Do work while a swapper does what it is asked for."""

    async def run() -> None:
        following = asyncio.create_task(swapper.follow())
        try:
            await work()
        finally:
            following.cancel()
            await asyncio.wait([following])

    asyncio.run(run())


def test_asking_swaps_and_a_refusal_does_not_end_it(place: Place) -> None:
    async def work() -> None:
        place.put("two")
        (place.folder / MODEL_FILE).unlink()
        before = swaps("refused")
        place.swapper.ask()
        await until(lambda: swaps("refused") > before)
        second = place.put("two")
        place.swapper.ask()
        await until(lambda: place.models.current.digest == second.digest)

    follow(place.swapper, work)


def test_asking_during_a_swap_reads_the_bundle_once_more(place: Place) -> None:
    async def work() -> None:
        before = swaps("refused"), swaps("unchanged")
        place.go_on.clear()
        second = place.put("two")
        place.swapper.ask()
        await until(place.is_opening.is_set)
        third = place.put("three")
        for _ in range(5):
            place.swapper.ask()
        place.go_on.set()
        await until(lambda: place.models.current.digest == third.digest)
        await asyncio.sleep(0.1)
        # The first reading was overtaken, the second one is for all who asked meanwhile.
        assert place.opened == [second.digest, third.digest]
        assert (swaps("refused"), swaps("unchanged")) == (before[0] + 1, before[1])

    follow(place.swapper, work)


def test_asking_waits_for_room(place: Place) -> None:
    async def work() -> None:
        loans = [place.models.lend()]
        for content in ("two", "three"):
            place.put(content)
            await place.swapper.swap()
            loans.append(place.models.lend())
        fourth = place.put("four")
        place.swapper.ask()
        await asyncio.sleep(0.5)
        assert len(place.opened) == 2
        loans[0].end()
        await until(lambda: place.models.current.digest == fourth.digest)

    follow(place.swapper, work)


def test_watching_takes_what_has_changed(place: Place) -> None:
    async def work() -> None:
        watching = asyncio.create_task(place.swapper.watch(0.02))
        unchanged = swaps("unchanged")
        await until(lambda: swaps("unchanged") > unchanged)  # the first look
        second = place.put("two")
        await until(lambda: place.models.current.digest == second.digest)
        # What stays as it is, is not read again and again.
        await until_still(lambda: swaps("unchanged") + swaps("refused"))
        shutil.rmtree(place.folder)
        third = place.put("three")
        await until(lambda: place.models.current.digest == third.digest)
        watching.cancel()
        await asyncio.wait([watching])

    follow(place.swapper, work)
    assert load_bundle(place.folder).digest == place.models.current.digest
