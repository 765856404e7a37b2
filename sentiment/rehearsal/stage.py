"""What the rehearsal is played on: a folder, an MLflow server, a stand-in of YouTube, a service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sentiment.benchmark.service import RunningService, running_service
from sentiment.rehearsal.commands import Commands
from sentiment.rehearsal.tracking_server import tracking_server
from sentiment.youtube.replay import ReplayServer

ADMIN_TOKEN = "rehearsal"  # noqa: S105 - of a service on loopback that lives for minutes


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything is.

    Attributes:
        folder: data, models and reports of the rehearsal.
        variables: that commands and service share.
        commands: runs ours there.
    """

    folder: Path
    variables: Mapping[str, str]
    commands: Commands

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / "store.db"

    @contextmanager
    def service(self, bundle: Path) -> Iterator[RunningService]:
        """Run the service while the block lasts.

        Args:
            bundle: what it serves while nothing was released.

        Raises:
            ServerStartError: it did not get ready.
        """
        with running_service(bundle, variables=self.variables) as service:
            yield service


@contextmanager
def build_stage(folder: Path) -> Iterator[Stage]:
    """Give a stage whose servers run while the block lasts.

    Args:
        folder: an empty one.

    Raises:
        ServerStartError: a server did not start.
    """
    with ExitStack() as servers:
        replay = servers.enter_context(ReplayServer())
        registry = servers.enter_context(tracking_server(folder))
        variables = {
            "BENTOML_HOME": str(folder / "bentoml"),
            "MLFLOW_TRACKING_URI": registry,
            "SENTIMENT_ADMIN_TOKEN": ADMIN_TOKEN,
            "SENTIMENT_MODEL_DIR": str(folder / "outputs" / "rehearsal" / "bundle"),
            "SENTIMENT_CACHE_TEXTS": "0",
            "SENTIMENT_FRESH_S": "3600",
            "SENTIMENT_QUOTA_UNITS": "1000000",
            "SENTIMENT_RATE_LIMIT": "",
            "SENTIMENT_RELEASES_DIR": str(folder / "releases"),
            "SENTIMENT_STORE_URL": f"sqlite:///{folder / 'store.db'}",
            "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
        }
        yield Stage(folder, variables, Commands(folder, variables))
