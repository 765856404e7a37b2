"""The service as BentoML builds and serves it: routes and limits; the work is in `sentiment`.

Imports no training library.
"""

# BentoML's decorators and its base class reach us untyped.
# mypy: disallow-untyped-decorators=False, disallow-subclassing-any=False

from __future__ import annotations

import asyncio
import functools
import logging
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from sentiment.settings import load_settings, switch_off_telemetry

switch_off_telemetry()  # before bentoml is imported, which would else phone home
# BentoML's server would believe any local client; SENTIMENT_TRUSTED_PROXIES is what decides.
os.environ["FORWARDED_ALLOW_IPS"] = ""

import bentoml  # noqa: E402
from bentoml.validators import ContentType  # noqa: E402
from starlette.responses import Response  # noqa: E402
from starlette.types import ASGIApp  # noqa: E402

from sentiment.errors import SentimentError  # noqa: E402
from sentiment.inference.cache import PredictionCache  # noqa: E402
from sentiment.inference.predictor import Predictor  # noqa: E402
from sentiment.release.bundle import Bundle, load_bundle  # noqa: E402
from sentiment.serving import limits, metrics  # noqa: E402
from sentiment.serving.account import QuotaAccount  # noqa: E402
from sentiment.serving.activity import Activity  # noqa: E402
from sentiment.serving.analyser import Analyser  # noqa: E402
from sentiment.serving.batches import BatchLabeller  # noqa: E402
from sentiment.serving.connection import use_for_every_server  # noqa: E402
from sentiment.serving.fetch_plan import CommentSource  # noqa: E402
from sentiment.serving.folders import (  # noqa: E402
    PANEL_FOLDER,
    Champion,
    model_folder,
    recorded_model_tag,
    releases_of,
)
from sentiment.serving.gateway import behind_gateway  # noqa: E402
from sentiment.serving.hangup import ignore_hang_ups, listen_for_hang_ups  # noqa: E402
from sentiment.serving.interface import Interface  # noqa: E402
from sentiment.serving.leaving import unless_left  # noqa: E402
from sentiment.serving.logs import (  # noqa: E402
    configure_logging,
    logged_refusal,
    quieten_refusals,
)
from sentiment.serving.memory import Breaker, Memory  # noqa: E402
from sentiment.serving.models import Models  # noqa: E402
from sentiment.serving.pages import build_pages  # noqa: E402
from sentiment.serving.paths import PREDICT_PATH  # noqa: E402
from sentiment.serving.problems import problem_of_status  # noqa: E402
from sentiment.serving.purging import start_purging  # noqa: E402
from sentiment.serving.swapping import Swapper, start_swapping  # noqa: E402
from sentiment.serving.trial.arms import Arms  # noqa: E402
from sentiment.serving.trial.plan_follower import PlanFollower  # noqa: E402
from sentiment.serving.waiting import TimedPredictRequest, waits_s  # noqa: E402
from sentiment.serving.wire import ModelBody, PredictionBody, prediction_body  # noqa: E402
from sentiment.serving.wire_analysis import (  # noqa: E402
    DEFAULT_ORDER,
    AnalyzeBody,
    AnalyzeRequest,
    Order,
    notice_of,
)
from sentiment.serving.workshop import Workshop  # noqa: E402
from sentiment.store import QuotaLedger, Store, open_store  # noqa: E402

logger = logging.getLogger("bentoml.sentiment")

ROOT = Path(__file__).resolve().parent
SETTINGS = load_settings()
MODEL_TAG = SETTINGS.model_tag or recorded_model_tag(ROOT)
STORED_MODEL = bentoml.models.BentoModel(MODEL_TAG) if MODEL_TAG else None
# Once: while a bundle is being replaced, a relative folder would be looked for elsewhere.
MODEL_FOLDER = model_folder(SETTINGS, root=ROOT).absolute()
RELEASES = releases_of(SETTINGS)
CHAMPION = Champion(RELEASES)


def _bundle_folder() -> Path:
    folder = CHAMPION.folder()
    if folder is None:
        folder = MODEL_FOLDER if STORED_MODEL is None else Path(STORED_MODEL.resolve().path)
    # Links followed once: all files come from one folder, wherever the link leads next.
    return folder.resolve()


@functools.cache
def _comment_source() -> CommentSource:
    # Imported when first needed: it would lengthen the start, and predictions need none of it.
    from sentiment.youtube.client import YouTubeClient  # noqa: PLC0415

    return YouTubeClient(SETTINGS.youtube_api_key, endpoint=SETTINGS.youtube_endpoint)


def _open_predictor(bundle: Bundle) -> Predictor:
    cache = PredictionCache(
        max_texts=SETTINGS.cache_texts, max_characters=limits.MAX_CACHED_CHARACTERS
    )
    predictor = Predictor.from_bundle(
        bundle, cache=cache if SETTINGS.cache_texts else None, watcher=metrics
    )
    # The first call's costs are paid before the model answers.
    predictor.warm_up()
    return predictor


def _instance() -> _YouTubeSentiment:
    instance: _YouTubeSentiment = bentoml.get_current_service()
    return instance


def _model() -> ModelBody:
    return _instance().models.current


def _analyser() -> Analyser:
    return _instance().analyser


def _swapper() -> Swapper:
    return _instance().swapper


def _store() -> Store:
    return _instance().store


def _breaker() -> Breaker:
    return _instance().breaker


def _readiness() -> Mapping[str, object]:
    # A store that is away costs no answer, so that it does not make the service unready; nor
    # does one that hangs.
    service = _instance()
    quota = service.breaker.look(service.account.left, otherwise=None)
    rollout = service.follower.body
    return {
        "rollout": rollout and rollout.model_dump(mode="json"),
        "store": "away" if service.breaker.is_open else "ok",
        "quota": None if quota is None else quota.model_dump(mode="json"),
    }


class _Service(bentoml.Service["_YouTubeSentiment"]):
    def to_asgi(self, is_main: bool = True) -> ASGIApp:
        configure_logging(SETTINGS.log_format)  # in each worker of `bentoml serve`, too
        use_for_every_server()
        return behind_gateway(
            super().to_asgi(is_main=is_main),
            pages=build_pages(
                ROOT / PANEL_FOLDER,
                model=_model,
                video_id=limits.DEMO_VIDEO_ID if SETTINGS.youtube_endpoint else None,
                replayed=SETTINGS.youtube_endpoint is not None,
                more=Interface(
                    analyser=_analyser,
                    store=_store,
                    breaker=_breaker,
                    swapper=_swapper if SETTINGS.admin_token else None,
                ).routes(),
            ),
            routes=[api.route for api in self.apis.values()],
            settings=SETTINGS,
            model=_model,
            readiness=_readiness,
        )


class _YouTubeSentiment:
    """Sentiment of comments and of videos."""

    stored_model = STORED_MODEL

    def __init__(self) -> None:
        self.models = Models(_open_predictor(load_bundle(_bundle_folder())))
        activity = Activity()
        self._batches = BatchLabeller(
            self.models, full_texts=limits.MAX_BATCH_TEXTS, activity=activity
        )
        self._is_ready = False
        self._background: list[asyncio.Task[None]] = []
        self.store = open_store(
            SETTINGS.store_url.get_secret_value(), patience_s=limits.STORE_PATIENCE_S
        )
        self.breaker = Breaker()
        self.arms = Arms(self.models, is_store_away=lambda: self.breaker.is_open)
        self.follower = PlanFollower(
            RELEASES,
            models=self.models,
            arms=self.arms,
            open_model=_open_predictor,
            store=self.store,
            breaker=self.breaker,
            activity=activity,
        )
        self.swapper = Swapper(
            self.models,
            folder=_bundle_folder,
            open_model=_open_predictor,
            beside=self.follower.reconcile,
        )
        ledger = QuotaLedger(
            self.store, limit=SETTINGS.quota_units_a_day, clock=lambda: datetime.now(UTC)
        )
        self.account = QuotaAccount(ledger, breaker=self.breaker)
        self.analyser = Analyser(
            Workshop(
                arms=self.arms,
                source=_comment_source,
                memory=Memory(self.store, breaker=self.breaker),
                ledger=self.account,
                fetchers=ThreadPoolExecutor(limits.MAX_CONCURRENT_FETCHES, "fetch"),
                predicting=threading.Semaphore(),
                activity=activity,
                fresh=timedelta(seconds=SETTINGS.fresh_s),
                notice=notice_of(SETTINGS.youtube_endpoint),
            )
        )

    @bentoml.on_deployment
    @staticmethod
    def verify_bundle() -> None:
        """Refuse a bad bundle before any worker starts, instead of in an endless restart."""
        load_bundle(_bundle_folder())

    @bentoml.on_startup
    async def begin(self) -> None:
        """Start what works in the background; the service is ready then."""
        quieten_refusals()
        # Before it is ready: who was shown the candidate's labels is shown them again.
        await self.swapper.look_beside()
        self._background = [
            start_purging(self.store),
            *start_swapping(
                self.swapper, SETTINGS, watch_plan=self.follower.watch if RELEASES else None
            ),
        ]
        listen_for_hang_ups(self.swapper.ask)
        model = self.models.current
        metrics.set_model(model.digest)
        self._is_ready = True
        logger.info("serving model %s, digest %s", model.name, model.digest)

    @bentoml.on_shutdown
    async def close(self) -> None:
        """Stop what works in the background."""
        ignore_hang_ups()
        for task in self._background:
            task.cancel()
        self.analyser.close()
        self.follower.close()
        self.store.close()

    def __is_ready__(self) -> bool:
        return self._is_ready

    @bentoml.api(
        route=PREDICT_PATH,
        input_spec=TimedPredictRequest,
        batchable=True,
        max_batch_size=limits.MAX_BATCH_TEXTS,
        max_latency_ms=limits.MAX_LATENCY_MS,
    )
    # Unless it is told, BentoML derives the media type from the schema again for each answer.
    def predict(
        self, texts: list[str]
    ) -> Annotated[list[PredictionBody], ContentType("application/json")]:
        """Label texts: one outcome a text, in order.

        Raises:
            InferenceError: the model gave another number of outcomes than there are texts.
        """
        for wait_s in waits_s(texts, now_s=time.monotonic()):
            metrics.observe_queue_wait(wait_s)
        return [prediction_body(prediction) for prediction in self._batches.label(texts)]

    @bentoml.api(route="/v1/analyze", input_spec=AnalyzeRequest, output_spec=AnalyzeBody)
    async def analyze(
        self, ctx: bentoml.Context, video_id: str, max_comments: int, order: Order = DEFAULT_ORDER
    ) -> Response:
        """Fetch a video's comments and tell how people feel about it."""
        request = AnalyzeRequest(video_id=video_id, max_comments=max_comments, order=order)
        try:
            answer = await unless_left(ctx.request, self.analyser.analyse(request))
        except SentimentError as error:
            response = logged_refusal(logger, error).response()
        else:
            response = (
                Response(answer.model_dump_json(), media_type="application/json")
                if answer is not None
                else problem_of_status(499).response()
            )
        # The framework's own, 200, would replace it.
        ctx.response.status_code = response.status_code
        return response


YouTubeSentiment = bentoml.service(
    name="youtube_sentiment",
    service_class=_Service,
    workers=1,  # the model takes all cores, and each worker would have a batching queue of its own
    logging={"access": {"enabled": False}},  # the gateway writes one, with the request's id
    traffic={
        "timeout": limits.REQUEST_TIMEOUT_S,
        "max_concurrency": limits.MAX_CONCURRENT_REQUESTS,
    },
)(_YouTubeSentiment)
