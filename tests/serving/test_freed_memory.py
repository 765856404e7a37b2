from __future__ import annotations

import ctypes

import pytest

from sentiment.serving.freed_memory import give_back_freed_memory


def test_library_without_such_a_call_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def other_library(name: object) -> object:
        asked.append(name)
        return object()

    monkeypatch.setattr(ctypes, "CDLL", other_library)
    give_back_freed_memory()
    assert asked == [None]


def test_library_is_asked_to_keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Library:
        def __init__(self, name: object) -> None:
            self.malloc_trim = kept.append

    kept: list[int] = []
    monkeypatch.setattr(ctypes, "CDLL", Library)
    give_back_freed_memory()
    assert kept == [0]
