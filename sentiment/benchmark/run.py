"""The benchmark: pipeline, predictor and service on the same texts, in one run."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tokenizers import Tokenizer

from sentiment.benchmark.analyses import PAGE_LATENCY_MS, fresh_store, time_analyses
from sentiment.benchmark.baseline import Baseline, load_baseline
from sentiment.benchmark.load import measure_load
from sentiment.benchmark.machine import describe_machine
from sentiment.benchmark.percentiles import percentile
from sentiment.benchmark.result import (
    PIPELINE,
    PIPELINE_BATCHED,
    PREDICTOR,
    PREDICTOR_SINGLE,
    SERVICE,
    SERVICE_SINGLE,
    BenchmarkResult,
    Latency,
)
from sentiment.benchmark.rounds import Contestant, run_rounds
from sentiment.benchmark.service import (
    RunningService,
    post_in_parallel,
    post_one_by_one,
    running_service,
)
from sentiment.benchmark.texts import BenchmarkTexts, sample_by_length
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle, load_bundle
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions

PIPELINE_BATCH_SIZE = 32
TEXTS_PER_REQUEST = 100
CLIENTS = 8

# Of all texts, so that a round of each takes seconds.
_SHARES = {
    PIPELINE: 0.1,
    PIPELINE_BATCHED: 0.16,
    PREDICTOR_SINGLE: 0.2,
    PREDICTOR: 1.0,
    SERVICE: 1.0,
    SERVICE_SINGLE: 0.2,
}
_WARM_UP_TEXTS = 64
# A short run analyses small videos only.
_ANALYSED_PER_TEXT = 5


def run_benchmark(
    bundle_dir: Path,
    texts: BenchmarkTexts,
    *,
    checkpoint: Path,
    rounds: int,
    seed: int,
    on_turn: Callable[[str], None] = lambda _: None,
) -> BenchmarkResult:
    """Measure everything once.

    Args:
        bundle_dir: the model.
        texts: what is read.
        checkpoint: the bundle's origin, for the pipeline; may be absent.
        rounds: turns of each contestant, > 0.
        seed: draws the samples that the slower contestants read.
        on_turn: told what happens next.

    Raises:
        BundleError: the bundle can't be used.
        ModelUnavailableError: the pipeline has no weights.
        ServerStartError: the service did not start.
        InferenceError: the service or the engine broke its contract.
    """
    machine = describe_machine()  # first: its load is that of others
    on_turn("loading the models")
    bundle = load_bundle(bundle_dir)
    predictor = Predictor.from_bundle(bundle)
    predictor.warm_up()
    baseline = load_baseline(bundle.manifest, checkpoint=checkpoint)
    lengths = _lengths(bundle, texts.texts)
    on_turn("starting the service")
    with service_beside_replay(bundle_dir) as service:
        latencies_ms: list[float] = []
        contestants = [
            _contestant(key, title, label, texts=texts.texts, lengths=lengths, seed=seed)
            for key, title, label in _line_up(baseline, predictor, service.url, latencies_ms)
        ]
        paces = run_rounds(
            contestants, rounds=rounds, warm_up_texts=_WARM_UP_TEXTS, on_turn=on_turn
        )
    # A service of its own: one that has read the texts already would remember them.
    with service_beside_replay(bundle_dir) as service:
        loads = measure_load(
            service.url,
            texts.texts,
            engine_per_s=paces[PREDICTOR_SINGLE].median,
            on_turn=on_turn,
        )
        analyses = time_analyses(
            service, largest=_ANALYSED_PER_TEXT * len(texts.texts), on_turn=on_turn
        )
    measured_ms = latencies_ms[-rounds * paces[SERVICE_SINGLE].texts_per_round :]
    return BenchmarkResult(
        machine=machine,
        model_name=bundle.manifest.name,
        model_digest=bundle.digest,
        weights=baseline.weights,
        pipeline_threads=baseline.threads,
        source=texts.source,
        n_texts=len(texts.texts),
        tokens_per_text=statistics.fmean(lengths),
        paces=paces,
        latency=Latency(
            p50_ms=percentile(measured_ms, 50),
            p99_ms=percentile(measured_ms, 99),
            requests=len(measured_ms),
        ),
        loads=loads,
        analyses=analyses,
    )


@contextmanager
def service_beside_replay(bundle_dir: Path) -> Iterator[RunningService]:
    """Run the service with an empty store beside a stand-in of YouTube."""
    options = ReplayOptions(latency_ms=PAGE_LATENCY_MS)
    with tempfile.TemporaryDirectory() as folder, ReplayServer(options) as replay:
        variables = {
            "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
            "SENTIMENT_STORE_URL": fresh_store(Path(folder)),
        }
        with running_service(bundle_dir, variables=variables) as service:
            yield service


def _line_up(
    baseline: Baseline, predictor: Predictor, url: str, latencies_ms: list[float]
) -> list[tuple[str, str, Callable[[Sequence[str]], int]]]:
    def predict_single(texts: Sequence[str]) -> int:
        return sum(len(predictor.predict([text])) for text in texts)

    def post_single(texts: Sequence[str]) -> int:
        latencies_ms.extend(post_one_by_one(url, texts))
        return len(texts)

    post_many = partial(post_in_parallel, url, texts_per_request=TEXTS_PER_REQUEST, clients=CLIENTS)
    return [
        (PIPELINE, "pipeline, one by one", partial(baseline.label, batch_size=1)),
        (
            PIPELINE_BATCHED,
            f"pipeline, batch_size={PIPELINE_BATCH_SIZE}",
            partial(baseline.label, batch_size=PIPELINE_BATCH_SIZE),
        ),
        (PREDICTOR_SINGLE, "predictor, one by one", predict_single),
        (PREDICTOR, "predictor, one list", lambda texts: len(predictor.predict(texts))),
        (SERVICE, f"service, {CLIENTS} clients", post_many),
        (SERVICE_SINGLE, "service, one by one", post_single),
    ]


def _contestant(
    key: str,
    title: str,
    label: Callable[[Sequence[str]], int],
    *,
    texts: Sequence[str],
    lengths: Sequence[int],
    seed: int,
) -> Contestant:
    size = max(1, round(_SHARES[key] * len(texts)))
    chosen = (
        list(range(len(texts)))
        if size == len(texts)
        else sample_by_length(lengths, size=size, seed=seed)
    )
    return Contestant(
        key=key,
        title=title,
        texts=[texts[index] for index in chosen],
        tokens_per_text=statistics.fmean(lengths[index] for index in chosen),
        label=label,
    )


def _lengths(bundle: Bundle, texts: Sequence[str]) -> list[int]:
    tokenizer = Tokenizer.from_file(str(bundle.tokenizer_path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(bundle.manifest.max_length_tokens)
    return [len(encoding.ids) for encoding in tokenizer.encode_batch_fast(list(texts))]
