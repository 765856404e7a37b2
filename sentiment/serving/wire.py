"""The words on the wire: what requests and answers look like, strictly.

The command line writes the same shapes. Imports no framework, so that every edge can use it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from sentiment.comments import Prediction, Status
from sentiment.rollout.plan import Stage
from sentiment.serving.limits import MAX_ID_CHARACTERS, MAX_TEXT_CHARACTERS, MAX_TEXTS

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARACTERS)]
Texts = Annotated[list[Text], Field(min_length=1, max_length=MAX_TEXTS)]
Proportion = Annotated[float, Field(ge=0, le=1)]
Score = Annotated[float, Field(ge=-1, le=1)]
Count = Annotated[int, Field(ge=0)]

_MAX_UNKNOWN_FIELDS = 5
_SHOWN_CHARACTERS = 40


class RequestModel(BaseModel):
    """What every request has in common."""

    # Inputs stay out of errors: the framework logs them, and they are people's words.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_many_unknown_fields(cls, fields: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Make one error of many: hundreds of thousands, written out, hold the service up."""
        if isinstance(fields, dict) and len(fields) > len(cls.model_fields) + _MAX_UNKNOWN_FIELDS:
            unknown = [name for name in fields if name not in cls.model_fields]
            shown = [str(name)[:_SHOWN_CHARACTERS] for name in unknown[:_MAX_UNKNOWN_FIELDS]]
            raise PydanticCustomError(
                "extra_forbidden",
                "Extra inputs are not permitted: {shown} and {n_more} more",
                {"shown": ", ".join(shown), "n_more": len(unknown) - len(shown)},
            )
        return fields


class AnswerModel(BaseModel):
    """What every answer has in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PredictRequest(RequestModel):
    """Body of `POST /v1/predict`."""

    texts: Texts


class ProbabilitiesBody(AnswerModel):
    """Calibrated probabilities that sum to 1."""

    negative: Proportion
    neutral: Proportion
    positive: Proportion


class PredictionBody(AnswerModel):
    """What the model says of one text."""

    label: Annotated[int, Field(ge=-1, le=1)]
    score: Score
    probabilities: ProbabilitiesBody
    confidence: Proportion
    status: Status


class ModelBody(AnswerModel):
    """The model that answers."""

    name: str
    digest: str


class ReloadRequest(RequestModel):
    """Body of `POST /v1/admin/reload`: an empty object."""


class SwapBody(AnswerModel):
    """Which model answered before and which one does now; the same where nothing has changed."""

    before: ModelBody
    after: ModelBody


RolloutState = Literal["waiting", "running", "withdrawn", "refused"]


class RolloutBody(AnswerModel):
    """A candidate that shall run beside the model that answers, and whether it does."""

    rollout_id: str
    stage: Stage
    digest: str
    shadow_share: float
    canary_share: float
    state: RolloutState = Field(
        description="`waiting`: not loaded yet; `refused`: its bundle can't be used; `withdrawn`: "
        "it labels nothing any more. `reason` says why it is not `running`."
    )
    reason: str | None


class FeedbackRequest(RequestModel):
    """Body of `POST /v1/feedback`."""

    comment_id: Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_CHARACTERS)]
    label: Annotated[int, Field(ge=-1, le=1)] = Field(description="What is right: -1, 0 or 1.")
    voter: Annotated[str, StringConstraints(min_length=8, max_length=64)] | None = Field(
        default=None,
        description="A random word that a client keeps, so that its second vote on a comment "
        "replaces its first. Only a hash of it is stored.",
    )


class FeedbackBody(AnswerModel):
    """A correction as it was stored; who knows its id may undo it."""

    id: str
    comment_id: str
    label: Annotated[int, Field(ge=-1, le=1)]


class ChangesBody(AnswerModel):
    """Whether comments of a watched video have come."""

    token: str | None = Field(
        description="Another one than before: comments have come. Null: the video is not watched."
    )


class ErrorDetail(AnswerModel):
    """What went wrong, and what to do."""

    code: str
    message: str
    advice: str


class ErrorBody(AnswerModel):
    """The one shape of every answer that is an error."""

    error: ErrorDetail


def prediction_body(prediction: Prediction) -> PredictionBody:
    """Return the wire shape of a prediction."""
    return PredictionBody.model_validate(prediction.as_record(), strict=False)


def encodable(text: str) -> str:
    """Replace lone surrogates, which can't be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
