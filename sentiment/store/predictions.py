"""What models said: predictions of texts, results of videos, and whose labels were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from sentiment.comments import Prediction, Status
from sentiment.labels import Label
from sentiment.store.database import Database
from sentiment.store.part import Part, chunks
from sentiment.store.records import ResultRecord
from sentiment.store.tables import PredictionRow, ResultRow, ShownRow


class Predictions(Part):
    """Keeps predictions by model and text, results by video and model, and who was shown last."""

    def predictions(self, model_digest: str, text_digests: Sequence[str]) -> dict[str, Prediction]:
        """Return what a model is known to say of texts.

        Args:
            model_digest: of the bundle.
            text_digests: from `sentiment.textclean.text_digest`, any number.

        Returns:
            By text digest; texts that the model has not scored are left out.
        """
        found: dict[str, Prediction] = {}
        wanted = select(
            PredictionRow.text_digest,
            PredictionRow.label,
            PredictionRow.p_negative,
            PredictionRow.p_neutral,
            PredictionRow.p_positive,
            PredictionRow.status,
        ).where(PredictionRow.model_digest == model_digest)
        with self._database.reading() as connection:
            for some in chunks(list(dict.fromkeys(text_digests))):
                rows = connection.execute(wanted.where(PredictionRow.text_digest.in_(some)))
                for digest, label, *probabilities, status in rows:
                    negative, neutral, positive = probabilities
                    found[digest] = Prediction(
                        Label(label), (negative, neutral, positive), Status(status)
                    )
        return found

    def save_predictions(self, model_digest: str, predictions: Mapping[str, Prediction]) -> None:
        """Keep what a model says of texts.

        Args:
            model_digest: of the bundle.
            predictions: by text digest.
        """
        if not predictions:
            return
        with self._database.writing() as connection:
            write_predictions(self._database, connection, model_digest, predictions)

    def save_result(
        self, video_id: str, model_digest: str, document: str, computed_at: datetime
    ) -> None:
        """Keep a result, unless a later one with the same model is kept already.

        Args:
            video_id: the 11 characters.
            model_digest: of the bundle.
            document: JSON of aggregates alone: it outlives the comments' texts.
            computed_at: when, with time zone.
        """
        statement = self._database.insert(ResultRow)
        excluded = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=[ResultRow.video_id, ResultRow.model_digest],
            set_={"document": excluded.document, "computed_at": excluded.computed_at},
            where=excluded.computed_at >= ResultRow.computed_at,
        )
        values = {
            "video_id": video_id,
            "model_digest": model_digest,
            "document": document,
            "computed_at": computed_at,
        }
        with self._database.writing() as connection:
            connection.execute(statement, values)

    def latest_result(self, video_id: str) -> ResultRecord | None:
        """Return a video's latest result, of whatever model; None when there is none."""
        wanted = (
            select(ResultRow.document, ResultRow.model_digest, ResultRow.computed_at)
            .where(ResultRow.video_id == video_id)
            .order_by(ResultRow.computed_at.desc(), ResultRow.model_digest)
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else ResultRecord(*row)

    def save_shown(self, video_id: str, model_digest: str) -> None:
        """Keep which model's labels a video's comments are shown with from now on.

        Args:
            video_id: the 11 characters.
            model_digest: of the bundle.
        """
        statement = self._database.insert(ShownRow)
        statement = statement.on_conflict_do_update(
            index_elements=[ShownRow.video_id],
            set_={"model_digest": statement.excluded.model_digest},
        )
        with self._database.writing() as connection:
            connection.execute(statement, {"video_id": video_id, "model_digest": model_digest})

    def shown_model(self, video_id: str) -> str | None:
        """Return the digest of the model that a video was shown with last; None: not known."""
        wanted = select(ShownRow.model_digest).where(ShownRow.video_id == video_id)
        with self._database.reading() as connection:
            return connection.scalar(wanted)


def write_predictions(
    database: Database,
    connection: Connection,
    model_digest: str,
    predictions: Mapping[str, Prediction],
) -> None:
    """Keep what a model says of texts within a transaction; see `Predictions.save_predictions`.

    Args:
        database: of the connection.
        connection: that writes.
        model_digest: of the bundle.
        predictions: by text digest, at least one.
    """
    statement = database.insert(PredictionRow)
    updated = ("label", "p_negative", "p_neutral", "p_positive", "status")
    statement = statement.on_conflict_do_update(
        index_elements=[PredictionRow.model_digest, PredictionRow.text_digest],
        set_={name: statement.excluded[name] for name in updated},
    )
    rows = [
        {
            "model_digest": model_digest,
            "text_digest": digest,
            "label": int(prediction.label),
            **dict(zip(updated[1:4], map(float, prediction.probabilities), strict=True)),
            "status": prediction.status.value,
        }
        # In order, so that two that save the same texts don't lock each other out.
        for digest, prediction in sorted(predictions.items(), key=lambda item: item[0])
    ]
    connection.execute(statement, rows)
