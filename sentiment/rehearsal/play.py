"""The rehearsal from the first act to the last."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sentiment.files import write_json, write_text
from sentiment.rehearsal.company import Company
from sentiment.rehearsal.learning import correct_and_retrain, first_model, ordinary_days, shift
from sentiment.rehearsal.page import render_page
from sentiment.rehearsal.releasing import promote_the_good, stop_the_slow, stop_the_wrong
from sentiment.rehearsal.sizes import Size
from sentiment.rehearsal.stage import build_stage
from sentiment.rehearsal.story import Story
from sentiment.rehearsal.viewers import Viewers

SEED = 13

_ACTS: tuple[tuple[str, Callable[[Company], None]], ...] = (
    ("Ordinary days", ordinary_days),
    ("The register shifts", shift),
    ("Corrections, and a model that learns from them", correct_and_retrain),
    ("Shadow, canary, promotion", promote_the_good),
    ("A wrong model is stopped at the gate", stop_the_wrong),
    ("A slow model is stopped in the canary", stop_the_slow),
)


def play(folder: Path, *, size: Size, story: Story, report: Path) -> None:
    """Play all acts, and write the report however far they came.

    Args:
        folder: an empty one, for data, models and servers.
        size: how much is played.
        story: is told what happens.
        report: file of the page; its figures go beside it as JSON.

    Raises:
        RehearsalError: something did not go as it should.
        ServerStartError: a server did not start.
    """
    try:
        with ExitStack() as cleanup:
            stage = cleanup.enter_context(build_stage(folder))
            with story.act("A first model"):
                bundle = first_model(stage, size=size, story=story)
            service = cleanup.enter_context(stage.service(bundle))
            viewers = cleanup.enter_context(Viewers(service.url, seed=SEED))
            company = Company(stage, size, story, viewers, bundle, service.url)
            for name, act in _ACTS:
                with story.act(name):
                    act(company)
            with story.act("The end"):
                story.demand(
                    f"None of {viewers.requests:,} requests failed.", that=viewers.failures == 0
                )
    finally:
        write_text(report, render_page(story, size=size.name))
        write_json(report.with_suffix(".json"), {"size": size.name, **story.to_json()})
