"""The folder of results: files in it are whole or absent, and one run at a time writes.

A local folder, or one of any file system that fsspec knows, such as `s3://`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

import fsspec  # type: ignore[import-untyped]

from sentiment.errors import DataError, ScoringError
from sentiment.files import locked, whole_file

WORK = ".work"
"""Where a run keeps what it needs to go on; in a folder of its own within the results."""
MANIFEST = "manifest.json"
PREDICTIONS = "predictions"
REJECTED = "rejected.jsonl"

# What this module leaves where it is killed, as (folder, pattern): `whole_file` names them so.
# Nothing else is cleared: another program's unfinished files look the same.
_HALF_WRITTEN = (
    (".", f".{MANIFEST}.*.partial"),
    (".", f".{REJECTED}.*.partial"),
    (WORK, ".*.partial"),
    (PREDICTIONS, ".*.partial"),
)


class ResultFolder:
    """A folder that results are written to.

    Args:
        address: a local path or an fsspec address.

    Raises:
        DataError: no file system is known for the address.
    """

    def __init__(self, address: str) -> None:
        try:
            self._files, path = fsspec.core.url_to_fs(address)
        except (ValueError, ImportError) as error:
            raise DataError(
                f"{address} can't be written to: {error}.",
                hint="Name a local path or s3://BUCKET/PREFIX.",
            ) from error
        self._path = str(path).rstrip("/")
        self._local = Path(self._path) if "file" in self._files.protocol else None
        self.address = str(self._files.unstrip_protocol(self._path))

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a file, whole or not at all.

        Raises:
            OutOfSpaceError: the disk is full.
        """
        if self._local is not None:
            with whole_file(self._local / name) as partial, partial.open("wb") as file:
                file.writelines(chunks)
            return
        # An object store shows an object once it is whole, so no temporary name is needed.
        with self._files.open(f"{self._path}/{name}", "wb") as file:
            for chunk in chunks:
                file.write(chunk)

    def read(self, name: str) -> bytes | None:
        """Return a file's content; None where there is none."""
        try:
            if self._local is not None:
                return (self._local / name).read_bytes()
            return bytes(self._files.cat_file(f"{self._path}/{name}"))
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """Return the names of all files below the folder, sorted; those of `WORK` included."""
        self._files.invalidate_cache()
        found = self._files.find(self._path)
        return sorted(str(path).removeprefix(f"{self._path}/") for path in found)

    def foreign_names(self) -> list[str]:
        """Return the names of files that no run leaves before it has written its manifest."""
        return [
            name
            for name in self.names()
            if not name.startswith(f"{WORK}/") and not fnmatchcase(name, f".{MANIFEST}.*.partial")
        ]

    def remove(self, name: str) -> None:
        """Remove a file that is there."""
        self._files.rm_file(f"{self._path}/{name}")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out, and clear away what a killed one has left half-written.

        Only for a folder that is known to be one of results, or new: the lock is written there.

        The lock of a killed process ends with it. An object store has no locks: there it is up
        to the user to start one run at a time.

        Raises:
            ScoringError: another run writes here.
        """
        if self._local is None:
            yield
            return
        writing = ScoringError(
            f"Another run is writing to {self._local}.",
            hint="Wait until it ends, or choose another --output.",
        )
        with locked(self._local / WORK / "lock", refusal=writing):
            for below, pattern in _HALF_WRITTEN:
                for partial in (self._local / below).glob(pattern):
                    if partial.is_file():
                        partial.unlink(missing_ok=True)
            yield
