"""Clients of every kind that ask without a pause while the model is replaced."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.serving.events import comments_of, stream_of
from tests.serving.swapping import TEXTS, Candidate, until


@dataclass
class Load:
    """Clients that ask without a pause, and check each answer.

    Attributes:
        seen: what they were answered, by kind and digest; a fault is its own kind.
        n_predicting: clients that ask for predictions, each for more texts than the last.
    """

    url: str
    candidates: dict[str, Candidate]
    seen: Counter[str] = field(default_factory=Counter)
    n_predicting: int = 4
    _stop: threading.Event = field(default_factory=threading.Event)
    _clients: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        works = [*(self._predict for _ in range(self.n_predicting)), self._stream, self._analyse]
        for number, work in enumerate(works):
            self._clients.append(threading.Thread(target=self._go_on, args=(work, number)))
            self._clients[-1].start()

    def go_on_for(self, answers: int) -> None:
        """Return after so many further answers."""
        goal = self.seen.total() + answers
        until(lambda: self.seen.total() >= goal, "answers")

    def end(self) -> None:
        self._stop.set()
        for client in self._clients:
            client.join(120)

    @property
    def faults(self) -> dict[str, int]:
        return {what: n for what, n in self.seen.items() if what.startswith("fault")}

    def _go_on(self, work: Callable[[httpx.Client, int], str], number: int) -> None:
        with httpx.Client(base_url=self.url, timeout=120) as client:
            while not self._stop.is_set():
                try:
                    self.seen[work(client, number)] += 1
                except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
                    self.seen[f"fault: {error!r}"] += 1

    def _predict(self, client: httpx.Client, number: int) -> str:
        # Several sizes, so that batches are full now and then and requests are cut.
        texts = TEXTS * (1 + 15 * number)
        answer = client.post("/v1/predict", json={"texts": texts})
        if answer.status_code != 200:
            return f"fault: {answer.status_code} {answer.text[:200]}"
        for digest, candidate in self.candidates.items():
            if candidate.says(texts, answer.json()):
                return f"predict {digest}"
        return "fault: a prediction is neither model's, or mixed"

    def _stream(self, client: httpx.Client, number: int) -> str:
        events = stream_of(client, "size0000700", max_comments=700)
        if events[-1].kind != "done":
            return f"fault: {events[-1].data}"
        digests = {event.data["model"]["digest"] for event in events if "model" in event.data}
        return self._analysed("stream", digests, list(comments_of(events).values()))

    def _analyse(self, client: httpx.Client, number: int) -> str:
        answer = client.post("/v1/analyze", json={"video_id": "size0000300"})
        if answer.status_code != 200:
            return f"fault: {answer.status_code} {answer.text[:200]}"
        body = answer.json()
        return self._analysed("analyze", {body["model"]["digest"]}, body["comments"])

    def _analysed(self, kind: str, digests: set[str], comments: list[dict[str, Any]]) -> str:
        if len(digests) != 1:
            return f"fault: a {kind} names {len(digests)} models"
        (digest,) = digests
        outcomes = [comment["prediction"] for comment in comments]
        texts = [comment["text"] for comment in comments]
        is_its = bool(texts) and self.candidates[digest].says(texts, outcomes)
        return f"{kind} {digest}" if is_its else f"fault: a {kind} is not its model's"
