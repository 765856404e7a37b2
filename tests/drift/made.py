"""Made-up bundles, stores and receivers for tests of drift."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from sentiment.comments import Comment, Prediction, Status
from sentiment.drift.features import FEATURES
from sentiment.drift.profile import Profile, profile_of_window
from sentiment.drift.simulate import Scenario, draw_window
from sentiment.drift.windows import Window
from sentiment.labels import LABELS
from sentiment.release.bundle import (
    PROFILE_FILE,
    TOKENIZER_FILE,
    Bundle,
    payload_digests,
    write_manifest,
)
from sentiment.store import Store
from sentiment.textclean import text_digest
from tests.release.handmade import make_handmade_bundle

DAY = date(2026, 6, 1)
USUAL = (0.2, 0.3, 0.5)
SADDER = (0.4, 0.25, 0.35)
_N_WORDS = 500


def word_tokenizer() -> Tokenizer:
    """A tokenizer that knows w0 to w499, and nothing else."""
    words = ["[UNK]", *(f"w{number}" for number in range(_N_WORDS))]
    tokenizer = Tokenizer(
        WordLevel({word: index for index, word in enumerate(words)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return tokenizer


def make_watched_bundle(directory: Path, *, profile: Profile | None = None) -> Bundle:
    """Write a bundle with a tokenizer, and with a profile where one is given."""
    made = make_handmade_bundle(directory)
    word_tokenizer().save(str(directory / TOKENIZER_FILE))
    if profile is not None:
        (directory / PROFILE_FILE).write_text(profile.to_json(), encoding="utf-8")
    manifest = made.manifest.model_copy(update={"files": payload_digests(directory)})
    return write_manifest(directory, manifest)


def window(counts: Mapping[str, NDArray[np.int64]]) -> Window:
    """A window of these counts, and of no comment in every other feature."""
    n_videos = max(map(len, counts.values()))
    none = {feature.name: np.zeros((n_videos, len(feature.bins)), np.int64) for feature in FEATURES}
    return Window({**none, **counts}, n_comments=0)


def simulated_profile(seed: int = 1, *, model_digest: str = "") -> Profile:
    """A profile of seven simulated days."""
    drawn = draw_window(Scenario(), np.random.default_rng(seed), days=7)
    return profile_of_window(drawn, model_digest=model_digest, since="", until="")


def noon(day: date) -> datetime:
    return datetime.combine(day, clock_time(12), tzinfo=UTC)


def fill(
    store: Store,
    model_digest: str,
    *,
    day: date,
    shares: Sequence[float] = USUAL,
    n_videos: int = 60,
    n_comments: int = 1_200,
    seed: int | None = None,
    ending: str = "",
) -> None:
    """Keep comments that were fetched at noon of a day, with predictions.

    Args:
        shares: of the labels.
        seed: None takes another one for each day.
        ending: what every text ends with.
    """
    rng = np.random.default_rng(day.toordinal() if seed is None else seed)
    fetched_at = noon(day)
    comments, predictions = [], {}
    for number in range(n_comments):
        words = [f"w{index}" for index in rng.integers(_N_WORDS, size=rng.integers(3, 20))]
        text = " ".join(words) + ending
        label = int(rng.choice(3, p=shares))
        sure = rng.uniform(0.5, 0.95)
        probabilities = [(1 - sure) / 2] * 3
        probabilities[label] = sure
        negative, neutral, positive = probabilities
        status = Status.UNSURE if sure < 0.55 else Status.OK
        predictions[text_digest(text)] = Prediction(
            LABELS[label], (negative, neutral, positive), status
        )
        comments.append(
            Comment(
                id=f"{day}-{seed}-{number}",
                video_id=f"video{number % n_videos:06}",
                text=text,
                like_count=0,
                published_at=fetched_at - timedelta(days=1),
            )
        )
    store.save_comments(comments, fetched_at=fetched_at)
    store.save_predictions(model_digest, predictions)


Answer = Callable[[BaseHTTPRequestHandler], None]


def answer_with(status: int, **headers: str) -> Answer:
    """Answer at once."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def silence(seconds: float) -> Answer:
    """Answer late."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        answer_with(200)(handler)

    return answer


def drip(seconds: float) -> Answer:
    """Send a header that never ends, byte by byte."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.02)

    return answer


@dataclass
class Receiver:
    """A server on loopback that keeps what it was sent."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    """What they call themselves, for whoever is told twice."""


@contextmanager
def receiving(*answers: Answer) -> Iterator[Receiver]:
    """Run a receiver that gives these answers in turn, the last one for ever."""
    receiver = Receiver(answers=list(answers) or [answer_with(200)])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.paths.append(self.path)
            receiver.keys.append(self.headers["Idempotency-Key"])
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            answer = receiver.answers[min(len(receiver.bodies), len(receiver.answers)) - 1]
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks/S3CRET-TOKEN"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
