"""Which candidates ended the process that loaded them.

A model can take its process down, in a native library or for want of memory, and a service that
is started anew would load it again, for ever. So each load is noted in the folder of releases
before it begins. A note is locked while its process lives, and goes when the load has ended,
well or not: one that is there and that nobody holds is of a process that died.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sentiment.errors import OutOfSpaceError, ReleaseError
from sentiment.files import whole_file
from sentiment.rollout.plan import Candidate, Releases

MAX_DEATHS = 2
"""So many processes that died while they loaded a candidate speak against it; a single one may
have been ended by somebody."""

_NOTES = "loading"
_SUFFIX = ".json"


class Attempts:
    """Notes of the loads that processes begin. Processes share them.

    Args:
        releases: the folder that the notes lie in.
    """

    def __init__(self, releases: Releases) -> None:
        self._folder = releases.root / _NOTES

    def n_deaths(self, rollout_id: str) -> int:
        """Return how many processes died while they loaded the candidate of a rollout."""
        return sum(_is_left_behind(note) for note in self._notes(rollout_id))

    @contextmanager
    def noted(self, candidate: Candidate) -> Iterator[None]:
        """Note that a candidate is being loaded, before the block begins and until it has ended.

        Where it ends well, earlier deaths are forgotten. Notes of other rollouts that nobody
        holds are removed.

        Raises:
            ReleaseError: the note can't be written.
        """
        note = self._folder / f"{candidate.rollout_id}.{secrets.token_hex(4)}{_SUFFIX}"
        with _held(note, candidate):
            self._remove_left_behind(
                path for path in self._notes() if _rollout_of(path) != candidate.rollout_id
            )
            yield
        self._remove_left_behind(self._notes(candidate.rollout_id))

    def _notes(self, rollout_id: str = "*") -> Iterator[Path]:
        return self._folder.glob(f"{rollout_id}.*{_SUFFIX}")

    @staticmethod
    def _remove_left_behind(notes: Iterator[Path]) -> None:
        for note in notes:
            if _is_left_behind(note):
                note.unlink(missing_ok=True)


@contextmanager
def _held(note: Path, candidate: Candidate) -> Iterator[None]:
    try:
        file = _write_locked(note, candidate)
    except (OSError, OutOfSpaceError) as error:
        # Without the path: `/readyz` repeats it to anybody.
        why = (isinstance(error, OSError) and error.strerror) or "no space is left"
        raise ReleaseError(
            "Wanted to note in the folder of releases that a candidate is being loaded, found that "
            f"it can't be: {why}.",
            hint=f"Let the service write to `{_NOTES}` there: without a note nobody could tell "
            "after a crash which model caused it.",
        ) from error
    with file:
        try:
            yield
        finally:
            # Before the lock goes with the file.
            note.unlink(missing_ok=True)


def _write_locked(note: Path, candidate: Candidate) -> IO[str]:
    with whole_file(note) as partial:
        file = partial.open("w", encoding="utf-8")
        try:
            # Before it has its name: nobody finds it unlocked.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # For people; the name says what is asked for.
            json.dump({"digest": candidate.digest, "pid": os.getpid()}, file)
            file.flush()
        except BaseException:
            file.close()
            raise
    return file


def _is_left_behind(note: Path) -> bool:
    try:
        with note.open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            # None is left where its load ended since it was opened.
            return os.fstat(file.fileno()).st_nlink > 0
    except OSError:  # somebody holds it, or it is gone
        return False


def _rollout_of(note: Path) -> str:
    return note.name.partition(".")[0]
