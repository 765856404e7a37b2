"""The acts up to a new challenger: ordinary days, a shift, an alarm, corrections, retraining."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from sentiment.cli.exit_codes import DRIFT
from sentiment.rehearsal.company import PLAIN, SLANG, Company
from sentiment.rehearsal.days import let_days_pass
from sentiment.rehearsal.page import BEFORE
from sentiment.rehearsal.sizes import Size
from sentiment.rehearsal.stage import Stage
from sentiment.rehearsal.story import Story
from sentiment.rehearsal.viewers import Visit

CONFIG = "configs/rehearsal.yaml"
HUMAN_CORPUS = "rated_tweets"
"""Labelled by people; the gate decides on its test rows."""
BUNDLE = Path("outputs/rehearsal/bundle")
_REFERENCE = "data/drift/reference.json"
_STATE = "data/drift/state.json"
# Between the reference's days and the last full one lies the ordinary day that is looked at.
_GAP_DAYS = 2
_CORRECTED = 0.7


def first_model(stage: Stage, *, size: Size, story: Story) -> Path:
    """Train, export and publish the first champion; return its bundle.

    Raises:
        RehearsalError: a command fails.
    """
    _write_config(stage.folder / CONFIG, size)
    run = stage.commands.run
    run("download", "--config", CONFIG)
    run("train", "--config", CONFIG)
    run("export", "--config", CONFIG)
    story.tell(f"all-MiniLM-L6-v2 on tweets that people rated, epochs: {size.epochs}.")
    published = run(
        *("publish", "--bundle", str(BUNDLE), "--corpus", HUMAN_CORPUS, "--json"),
        *("--checkpoint", str(BUNDLE.parent / "checkpoint")),
    ).json()
    story.demand(
        f"It passes the gate and is version {published['version']}, the champion.",
        that=published["gate"]["passed"],
    )
    return stage.folder / BUNDLE


def ordinary_days(company: Company) -> None:
    """Let viewers look at videos for some days, make a reference, and find no drift."""
    size, story, run = company.size, company.story, company.stage.commands.run
    found = company.measure(BEFORE)
    story.tell(
        f"On held-back videos the champion labels {found[PLAIN]:.1%} right; of comments in a "
        f"register that nobody uses yet, {found[SLANG]:.1%}."
    )
    n_comments = 0
    for _ in range(size.reference_days):
        visits = _a_day(company, PLAIN)
        n_comments += sum(len(visit.comments) for visit in visits)
        let_days_pass(company.stage.store, 1)
    let_days_pass(company.stage.store, _GAP_DAYS)
    first = _day(-size.reference_days - _GAP_DAYS)
    run(*("drift", "reference", "--days", str(size.reference_days), "--since", first))
    story.tell(
        f"{size.reference_days} days, {n_comments:,} comments of "
        f"{size.reference_days * size.videos_a_day} videos: the reference."
    )
    _a_day(company, PLAIN)
    let_days_pass(company.stage.store, 2)
    looked = run(
        *("drift", "check", "--reference", _REFERENCE, "--state", _STATE),
        *("--since", _day(-2), "--json"),
        expected=(0, DRIFT),
    )
    story.demand("A further day like them raises no alarm.", that=looked.status == 0)


def shift(company: Company) -> None:
    """Let the comments change, and see it told."""
    run = company.stage.commands.run
    company.visits = _a_day(company, SLANG)
    wrong = sum(visit.n_read - visit.n_right for visit in company.visits)
    read = sum(visit.n_read for visit in company.visits)
    company.story.tell(f"A day in the new register: {wrong / read:.1%} of the labels are wrong.")
    let_days_pass(company.stage.store, 1)
    looked = run(
        *("drift", "check", "--reference", _REFERENCE, "--state", _STATE),
        *("--since", _day(-1), "--report", "reports/drift.html", "--json"),
        expected=(0, DRIFT),
    )
    drifting = [part["feature"] for part in looked.json()["features"] if part["drifts"]]
    company.story.demand(
        f"The alarm is raised on the first day: {', '.join(drifting) or 'nothing'} drift.",
        that=looked.status == DRIFT,
    )


def correct_and_retrain(company: Company) -> None:
    """Let viewers correct labels, and train a challenger on what they said."""
    story = company.story
    n_votes = company.viewers.correct(company.visits, share=_CORRECTED)
    story.tell(f"Viewers correct {n_votes:,} labels in the panel, three in a hundred carelessly.")
    story.figures["votes"] = n_votes
    retrained = company.stage.commands.run(
        *("retrain", "--config", CONFIG, "--when", "alarm", "--drift-state", _STATE, "--json")
    ).json()
    story.demand(
        f"`sentiment retrain` starts ({retrained['why']}), from the champion's weights.",
        that=bool(retrained["parent"]["from_checkpoint"]),
    )
    for check in retrained["gate"]["checks"]:
        story.tell(f"Gate, {check['name']}: {check['detail']}")
    story.demand("The gate lets it pass: it is the challenger.", that=retrained["gate"]["passed"])


def _a_day(company: Company, register: str) -> list[Visit]:
    return company.viewers.visit(company.new_videos(register, company.size.videos_a_day))


def _day(offset: int) -> str:
    """Return a day, `offset` days from today (UTC)."""
    return (datetime.now(UTC) + timedelta(days=offset)).date().isoformat()


def _write_config(path: Path, size: Size) -> None:
    document = {
        "name": "rehearsal",
        "seed": 13,
        "corpora": [HUMAN_CORPUS],
        "preparation": {"near_duplicate_jaccard": 0.85},
        "model": {"base": "minilm", "max_length_tokens": 64},
        "training": {"epochs": size.epochs, "batch_size": 32, "learning_rate": 1.0e-4},
        "teaching": None,
        "export": {"quantisation": "int8", "float_layers": 6, "unsure_below": 0.5},
        "evaluation": {
            "corpora": [HUMAN_CORPUS],
            "primary": HUMAN_CORPUS,
            "resamples": 500,
            # Few rows, wide intervals: what is surely lost is far less.
            "max_primary_loss": 0.05,
            "behaviour_cases": 50,
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
