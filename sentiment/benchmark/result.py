"""What a benchmark found: paces, their ratios, latencies, and what they hold for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sentiment.benchmark.analyses import AnalysisTime
from sentiment.benchmark.load import Load
from sentiment.benchmark.machine import Machine
from sentiment.benchmark.rounds import Pace

PIPELINE, PIPELINE_BATCHED = "pipeline", "pipeline_batched"
PREDICTOR_SINGLE, PREDICTOR = "predictor_single", "predictor"
SERVICE, SERVICE_SINGLE = "service", "service_single"
TARGET_RATIO = 10.0
"""What the predictor should reach over the pipeline as it comes."""

RATIOS = (
    (PREDICTOR, PIPELINE),
    (PREDICTOR, PIPELINE_BATCHED),
    (PREDICTOR_SINGLE, PIPELINE),
    (SERVICE, PREDICTOR),
    (SERVICE_SINGLE, PREDICTOR_SINGLE),
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as fast one contestant is as another.

    Attributes:
        numerator: key of the one compared.
        denominator: key of the other one.
        value: of the medians.
        low: smallest ratio within one round.
        high: largest ratio within one round.
    """

    numerator: str
    denominator: str
    value: float
    low: float
    high: float

    @property
    def name(self) -> str:
        """As the JSON report names it."""
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True)
class Latency:
    """Of single texts posted by one client, in milliseconds."""

    p50_ms: float
    p99_ms: float
    requests: int


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """All that one run measured.

    Attributes:
        machine: where.
        model_name: of the bundle.
        model_digest: of the bundle.
        weights: where the pipeline's weights came from.
        pipeline_threads: threads of torch.
        source: corpus of the texts.
        n_texts: how many.
        tokens_per_text: their mean length.
        paces: by key.
        latency: of the service with one client.
        loads: of single texts, by clients at once.
        analyses: of videos, by size, cold and warm.
    """

    machine: Machine
    model_name: str
    model_digest: str
    weights: str
    pipeline_threads: int
    source: str
    n_texts: int
    tokens_per_text: float
    paces: dict[str, Pace]
    latency: Latency
    loads: list[Load]
    analyses: list[AnalysisTime]

    @property
    def ratios(self) -> list[Ratio]:
        """The comparisons that matter, in the order of `RATIOS`."""
        return [_ratio(self.paces[one], self.paces[other]) for one, other in RATIOS]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "machine": self.machine.to_json(),
            "model": {"name": self.model_name, "digest": self.model_digest},
            "pipeline": {"weights": self.weights, "threads": self.pipeline_threads},
            "texts": {
                "source": self.source,
                "count": self.n_texts,
                "tokens_per_text": round(self.tokens_per_text, 2),
            },
            "contestants": {key: pace.to_json() for key, pace in self.paces.items()},
            "latency_ms": {
                "p50": self.latency.p50_ms,
                "p99": self.latency.p99_ms,
                "requests": self.latency.requests,
            },
            "ratios": {
                ratio.name: {"value": ratio.value, "low": ratio.low, "high": ratio.high}
                for ratio in self.ratios
            },
            "single_texts": [load.to_json() for load in self.loads],
            "analyses": [analysis.to_json() for analysis in self.analyses],
            "target": {
                "ratio": f"{PREDICTOR}/{PIPELINE}",
                "at_least": TARGET_RATIO,
                "met": self.ratios[0].value >= TARGET_RATIO,
            },
        }


def _ratio(one: Pace, other: Pace) -> Ratio:
    within_rounds = [a / b for a, b in zip(one.rates, other.rates, strict=True)]
    return Ratio(
        one.key, other.key, one.median / other.median, min(within_rounds), max(within_rounds)
    )
