"""`/v1/predict` as a function of AWS Lambda, behind a REST API: no server, no store, no host.

For use too small for instances. Requests and answers have the shapes of the service.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import logging
from collections.abc import Mapping
from typing import Any, TypedDict

from pydantic import ValidationError

from sentiment.errors import SentimentError
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.serving.logs import configure_logging
from sentiment.serving.problems import (
    Problem,
    problem_of_error,
    problem_of_status,
    problem_of_validation,
)
from sentiment.serving.surrogates import repair_surrogates
from sentiment.serving.wire import PredictRequest, prediction_body
from sentiment.settings import load_settings

_log = logging.getLogger(__name__)
_HEADERS = {"Content-Type": "application/json"}


class Answer(TypedDict):
    """What API Gateway takes from a function."""

    statusCode: int
    headers: dict[str, str]
    body: str


def predict(event: Mapping[str, Any], context: object) -> Answer:  # noqa: ARG001 - Lambda's own
    """Label the texts of a request.

    Args:
        event: API Gateway's, of a proxy integration.
        context: of the call.

    Returns:
        One prediction a text, in order; or an error in the service's one shape.
    """
    try:
        request = PredictRequest.model_validate_json(repair_surrogates(_body(event)))
        predictions = _predictor().predict(request.texts)
    except ValidationError as error:
        return _problem(problem_of_validation(error))
    except (ValueError, binascii.Error):
        return _problem(problem_of_status(400))
    except SentimentError as error:
        _log.error("%s", error.message)
        return _problem(problem_of_error(error))
    bodies = [prediction_body(one).model_dump(mode="json") for one in predictions]
    return Answer(statusCode=200, headers=_HEADERS, body=json.dumps(bodies))


@functools.cache
def _predictor() -> Predictor:
    """Open the model once, and keep it for the calls that come to the same process."""
    settings = load_settings()
    configure_logging(settings.log_format)
    predictor = Predictor.from_bundle(load_bundle(settings.model_dir))
    predictor.warm_up()
    return predictor


def _body(event: Mapping[str, Any]) -> bytes:
    body = str(event.get("body") or "")
    return base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()


def _problem(problem: Problem) -> Answer:
    headers = dict(_HEADERS)
    if problem.retry_after_s is not None:
        headers["Retry-After"] = str(problem.retry_after_s)
    return Answer(statusCode=problem.status, headers=headers, body=problem.body().model_dump_json())
