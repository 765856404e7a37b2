"""The steps from corrections to a challenger, each done once however often it is cut off."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sentiment.config import PipelineConfig
from sentiment.corpora.feedback import FEEDBACK
from sentiment.corrections.collect import collect, discard, discard_leftover
from sentiment.corrections.rules import Rules
from sentiment.errors import BundleError, NoCorrectionsError, TrainingError
from sentiment.evaluation.decision import Check, GateDecision
from sentiment.files import locked
from sentiment.preparation.prepare import prepare
from sentiment.release.bundle import CorpusRecord, Manifest, load_bundle
from sentiment.release.git_commit import git_commit_of
from sentiment.release.registered import CHAMPION, CHECKPOINT_TAG, RegisteredModel
from sentiment.release.registry import ModelRegistry
from sentiment.retraining.held_back import held_back_corrections
from sentiment.retraining.judging import judge_retrained
from sentiment.retraining.page import write_report
from sentiment.retraining.state import (
    Outcome,
    RetrainFolder,
    RetrainState,
    Step,
    new_state,
    retrainings,
    unfinished,
)
from sentiment.retraining.trigger import newest_vote, occasion
from sentiment.store import Store
from sentiment.trained import SUMMARY_FILE

_LOCK_FILE = ".lock"
_ANCESTRY = ("corpora", "taught")
"""What the state keeps of the champion's manifest, under the same names."""
_log = logging.getLogger(__name__)
OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a retraining works with.

    Attributes:
        registry: of champion and challenger.
        store: of the service, with the votes.
        tracking_uri: of MLflow, for the training's run.
        raw_dir: the raw corpora; `feedback` is written beside it, until the end.
        champion_dir: where the champion's bundle is fetched to.
        root: the folder of all retrainings.
        report: the page; the figures go beside it as `.json`.
        rules: which corrections are believed.
        on_step: told what is being done.
    """

    registry: ModelRegistry
    store: Store
    tracking_uri: str
    raw_dir: Path
    champion_dir: Path
    root: Path
    report: Path
    rules: Rules
    on_step: OnStep = lambda _: None


@dataclass(frozen=True, slots=True)
class Retrained:
    """What came of it.

    Attributes:
        why: what was waited for, and whether it had come.
        state: of the retraining; None where there was nothing to do.
    """

    why: str
    state: RetrainState | None


def retrain(
    config: PipelineConfig, shop: Workshop, *, when: str, drift_state: Path | None
) -> Retrained:
    """Retrain if it is time, or go on with a retraining that was cut off.

    Args:
        config: what to train; `feedback` is added to its corpora.
        shop: what to work with.
        when: see `sentiment.retraining.trigger.occasion`.
        drift_state: likewise.

    Raises:
        TrainingError: another retraining is going on, or training can't.
        SentimentError: a step failed; called again it goes on there.
    """
    now = datetime.now(UTC)
    going_on = TrainingError(
        f"Another retraining is going on in {shop.root}.",
        hint="Wait for it, or end it: the next one goes on where it was.",
    )
    with locked(shop.root / _LOCK_FILE, refusal=going_on):
        discard_leftover(shop.raw_dir)
        state = unfinished(shop.root, config, now=now)
        if state is None:
            earlier = retrainings(shop.root, config=config.name)
            found = occasion(when, store=shop.store, drift_state=drift_state, earlier=earlier)
            if not found.has_come:
                return Retrained(found.why, None)
            state = new_state(config, at=now, why=found.why, alarms=found.alarms)
        else:
            shop.on_step(f"going on with {state.id} after {', '.join(state.done) or 'nothing'}")
        run = _Run(config, shop, RetrainFolder(shop.root, state))
        if not run.has_corrections():
            return Retrained(f"{state.why}; but there is no correction to learn from", None)
        run.finish()
    return Retrained(state.why, state)


def decision_of(state: RetrainState) -> GateDecision:
    """Return the gate's decision on a retraining that was judged."""
    gate = state.judged["gate"]
    checks = tuple(Check(**check) for check in gate["checks"])
    return GateDecision(gate["candidate"], gate["champion"], checks)


class _Run:
    def __init__(self, config: PipelineConfig, shop: Workshop, folder: RetrainFolder) -> None:
        corpora = list(dict.fromkeys([*config.corpora, FEEDBACK.name]))
        self._config = config.model_copy(update={"corpora": corpora})
        self._shop = shop
        self._folder = folder
        self._state = folder.state

    def has_corrections(self) -> bool:
        """Collect corrections, unless that is done; tell whether there are any."""
        try:
            self._do(Step.COLLECT, self._collect)
        except NoCorrectionsError as error:
            _log.info("%s", error)
            shutil.rmtree(self._folder.path, ignore_errors=True)
            return False
        return True

    def finish(self) -> None:
        """Do what is left to do."""
        for step, work in (
            (Step.PREPARE, self._prepare),
            (Step.PARENT, self._fetch_parent),
            (Step.TRAIN, self._train),
            (Step.EXPORT, self._export),
            (Step.JUDGE, self._judge),
        ):
            self._do(step, work)
        decision = self._state.judged["gate"]
        outcome = Outcome.REFUSED
        if decision["nothing_to_publish"]:
            outcome = Outcome.UNCHANGED
        elif decision["passed"]:
            self._do(Step.REGISTER, self._register)
            outcome = Outcome.CHALLENGER
        write_report(self._shop.report, self._state, outcome)
        # Collected for this retraining alone: the next one asks the store again.
        discard(self._shop.raw_dir)
        self._folder.finish(outcome)

    def _do(self, step: Step, work: Callable[[], None]) -> None:
        if self._folder.is_done(step):
            return
        self._shop.on_step(step.value)
        work()
        self._state.done = [*self._state.done, step]
        self._folder.save()

    def _collect(self) -> None:
        self._champion_to_go_on_from()  # refused before any text is written
        # Asked first: a vote that comes meanwhile is new to the next retraining.
        self._state.votes_until = newest_vote(self._shop.store)
        collected = collect(self._shop.store, raw_dir=self._shop.raw_dir, rules=self._shop.rules)
        self._state.keep_until = collected.keep_until
        self._state.data = {
            "votes": collected.n_votes,
            "corrections": len(collected.decided.corrections),
            "set_aside": {
                reason.name.lower(): n for reason, n in collected.decided.set_aside.items()
            },
        }

    def _prepare(self) -> None:
        # Another retraining, which ended meanwhile, has taken its corrections away, and so these.
        if not FEEDBACK.folder(self._shop.raw_dir).is_dir():
            self._collect()
        prepared = prepare(
            self._config,
            raw_dir=self._shop.raw_dir,
            interim_dir=self._folder.interim,
            processed_dir=self._folder.processed,
        )
        rows = {
            name: {split: sum(labels.values()) for split, labels in splits.items()}
            for name, splits in prepared.manifest["rows"].items()
        }
        taught = sorted(prepared.manifest.get("taught", {}))
        self._state.data = {**self._state.data, "rows": rows, "taught": taught}

    def _fetch_parent(self) -> None:
        champion, manifest = self._champion_to_go_on_from()
        if champion is not None and manifest is not None:
            self._shop.registry.fetch_checkpoint(champion, self._folder.parent)
        known = manifest.model_dump(mode="json") if manifest else {}
        self._state.parent = {
            "champion": champion.digest if champion else None,
            "version": champion.version if champion else None,
            "from_checkpoint": manifest is not None,
            "base": self._config.model.base,
            **{part: known.get(part, []) for part in _ANCESTRY},
        }

    def _champion_to_go_on_from(self) -> tuple[RegisteredModel | None, Manifest | None]:
        """Return the champion, and its manifest where it has a checkpoint to begin with.

        Raises:
            TrainingError: it was made of another base than the configuration says.
        """
        champion = self._shop.registry.holder(CHAMPION)
        if champion is None or CHECKPOINT_TAG not in champion.tags:
            return champion, None
        fetched = self._shop.registry.fetch(champion, self._shop.champion_dir)
        manifest = load_bundle(fetched).manifest
        wanted = self._config.model.base
        if manifest.base_model != wanted:
            raise TrainingError(
                f"The champion (version {champion.version}) was made of {manifest.base_model}, "
                f"the configuration {self._config.name} wants {wanted}.",
                hint="Retrain with the configuration that the champion was made with, or train "
                "this one anew: `sentiment train`, `export`, `publish`.",
            )
        return champion, manifest

    def _train(self) -> None:
        from sentiment.train import train  # noqa: PLC0415 - torch takes seconds

        # Written whole, and the last thing that training does.
        if (self._folder.checkpoint / SUMMARY_FILE).is_file():
            return
        config = self._config
        if self._state.parent["from_checkpoint"]:
            base = {"base": str(self._folder.parent), "revision": None}
            config = config.model_copy(update={"model": config.model.model_copy(update=base)})
        train(
            config,
            tracking_uri=self._shop.tracking_uri,
            processed_dir=self._folder.processed,
            checkpoint_dir=self._folder.checkpoint,
        )

    def _export(self) -> None:
        from sentiment.release.export import Ancestry, export_bundle  # noqa: PLC0415 - torch again

        try:
            load_bundle(self._folder.bundle)
        except BundleError:
            export_bundle(
                self._config,
                raw_dir=self._shop.raw_dir,
                checkpoint_dir=self._folder.checkpoint,
                processed_dir=self._folder.processed,
                bundle_dir=self._folder.bundle,
                ancestry=Ancestry(
                    **{
                        part: [CorpusRecord.model_validate(one) for one in known]
                        for part in _ANCESTRY
                        if (known := self._state.parent.get(part))
                    }
                ),
                on_step=self._shop.on_step,
            )

    def _judge(self) -> None:
        champion = self._shop.registry.champion_bundle(self._shop.champion_dir)
        self._state.judged = judge_retrained(
            load_bundle(self._folder.bundle),
            load_bundle(champion) if champion else None,
            config=self._config,
            raw_dir=self._shop.raw_dir,
            held_back=held_back_corrections(self._folder.processed),
        )

    def _register(self) -> None:
        registered = self._shop.registry.register(
            load_bundle(self._folder.bundle),
            metrics=self._state.judged["metrics"],
            git_commit=git_commit_of(Path.cwd()),
            checkpoint_dir=self._folder.checkpoint,
        )
        self._shop.registry.tag(registered, "retrain.id", self._state.id)
        self._shop.registry.tag(registered, "retrain.why", self._state.why)
        if self._state.parent["from_checkpoint"]:
            self._shop.registry.tag(registered, "started_from", self._state.parent["champion"])
        self._state.version = registered.version
