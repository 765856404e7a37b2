from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from sentiment.serving.models import Models
from sentiment.serving.wire import ModelBody
from tests.serving.labelling import ConstantModel, two_models


def test_loan_lasts_over_a_switch() -> None:
    old, new = two_models()
    models = Models(old)
    loan = models.lend()
    models.switch(new)
    assert loan.model is old
    assert models.lend().model is new
    assert models.current == ModelBody(name="constant", digest="b" * 64)


def test_older_model_counts_until_its_last_loan_ends() -> None:
    old, new = two_models()
    models = Models(old)
    first, second = models.lend(), models.lend()
    models.switch(new)
    first.end()
    assert models.older == 1
    second.end()
    assert models.older == 0


def test_loan_ends_once() -> None:
    old, new = two_models()
    models = Models(old)
    first, second = models.lend(), models.lend()
    models.switch(new)
    first.end()
    first.end()
    assert models.older == 1
    with pytest.raises(RuntimeError, match="given back"):
        _ = first.model
    second.end()


def test_loan_ends_with_its_block_also_when_that_fails() -> None:
    old, new = two_models()
    models = Models(old)

    def fail() -> None:
        with models.lend():
            models.switch(new)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert models.older == 0


def test_model_that_comes_back_is_another_loan() -> None:
    old, new = two_models()
    models = Models(old)
    loan = models.lend()
    models.switch(new)
    models.switch(old)
    # The first time it answered is not over: its loan goes on, and a second one is of now.
    assert (models.current.digest, models.older) == (old.digest, 1)
    with models.lend():
        pass
    assert models.older == 1
    loan.end()
    assert models.older == 0


def test_nothing_keeps_an_older_model(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    models = Models(ConstantModel("c" * 64, 0.75))
    loan = models.lend()
    old = weakref.ref(loan.model)
    models.switch(two_models()[0])
    gc.collect()
    assert old() is not None
    loan.end()
    gc.collect()
    assert old() is None
    assert f"let go of model constant, digest {'c' * 64}" in caplog.text


def test_loans_of_many_threads_add_up() -> None:
    models = Models(ConstantModel("0" * 64, 0.75))
    start = threading.Barrier(8)

    def borrow(_: int) -> None:
        start.wait(30)
        for _ in range(500):
            with models.lend() as model:
                model.predict(["a"])

    def switch(_: int) -> None:
        start.wait(30)
        for number in range(200):
            models.switch(ConstantModel(f"{number:064}", 0.75))

    with ThreadPoolExecutor(8) as pool:
        for done in [*(pool.submit(borrow, n) for n in range(7)), pool.submit(switch, 7)]:
            done.result(60)
    assert models.older == 0
    assert models.current.digest == f"{199:064}"
