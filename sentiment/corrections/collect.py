"""The corrections of a store, made into the corpus `feedback`."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sentiment.analysis.intents import Intent, intents_of
from sentiment.comments import KEPT_TEXT_DAYS
from sentiment.corpora.feedback import FEEDBACK, write_feedback
from sentiment.corrections.rules import Decided, Rules, decide
from sentiment.errors import NoCorrectionsError
from sentiment.inference.language import is_english
from sentiment.store import Store


@dataclass(frozen=True, slots=True)
class Collected:
    """What was collected.

    Attributes:
        directory: the corpus.
        n_votes: in the store.
        decided: what the rules came to.
        keep_until: when the corpus has to be deleted, in UTC.
    """

    directory: Path
    n_votes: int
    decided: Decided
    keep_until: datetime


def collect(store: Store, *, raw_dir: Path, rules: Rules) -> Collected:
    """Write the corpus `feedback` from the votes in a store.

    Args:
        store: of the service.
        raw_dir: the folder of the raw corpora.
        rules: how strict to be.

    Raises:
        NoCorrectionsError: none is left to learn from; an older corpus is untouched.
        DataError: the corpus's folder holds something else, which would be lost.
        StoreUnavailableError: the store does not answer.
        OutOfSpaceError: the disk is full; an older corpus is untouched.
    """
    votes, comments = store.feedback(), store.voted_comments()
    # A vote may come, or its comment go, between the two questions.
    votes = [vote for vote in votes if vote.comment_id in comments]
    decided = decide(
        votes,
        comments,
        rules=rules,
        is_spam=lambda text: Intent.SPAM in intents_of(text),
        is_english=is_english,
    )
    if not decided.corrections:
        reasons = ", ".join(f"{n} ({reason})" for reason, n in decided.set_aside.items())
        raise NoCorrectionsError(
            f"Wanted corrections to learn from, found none among {len(votes):,} votes.",
            hint=f"Set aside: {reasons}." if reasons else "Correct labels in the side panel first.",
        )
    oldest = min(comments[one.comment_id].fetched_at for one in decided.corrections)
    keep_until = oldest.astimezone(UTC) + timedelta(days=KEPT_TEXT_DAYS)
    directory = write_feedback(
        raw_dir,
        (
            (one.comment_id, one.text, one.label, one.n_voters, one.agreement)
            for one in decided.corrections
        ),
        keep_until=keep_until,
        manifest={
            "votes": len(votes),
            "comments": len(decided.corrections),
            "rules": asdict(rules),
            "set_aside": {reason.name.lower(): n for reason, n in decided.set_aside.items()},
        },
    )
    return Collected(directory, len(votes), decided, keep_until)


def discard(raw_dir: Path) -> None:
    """Remove the corpus `feedback`, and what an earlier removal that was killed left of it."""
    folder, leaving = FEEDBACK.folder(raw_dir), _leaving(raw_dir)
    discard_leftover(raw_dir)
    # Away from its name at once: half a corpus there would be taken for something else's, which
    # nothing replaces.
    with suppress(FileNotFoundError):
        folder.rename(leaving)
    discard_leftover(raw_dir)


def discard_leftover(raw_dir: Path) -> None:
    """Remove what a call of `discard` that was killed left behind: texts that have to go."""
    shutil.rmtree(_leaving(raw_dir), ignore_errors=True)


def _leaving(raw_dir: Path) -> Path:
    folder = FEEDBACK.folder(raw_dir)
    return folder.with_name(f".{folder.name}.leaving.partial")
