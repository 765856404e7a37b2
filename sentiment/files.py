"""Files that are whole or absent: digests, writing through a temporary name, locks.

Standard library only.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sentiment.errors import OutOfSpaceError, SentimentError

_CHUNK_BYTES = 1 << 20


def sha256_of_file(path: Path) -> str:
    """Return the hexadecimal sha256 of a file, read in chunks.

    Raises:
        OSError: the file can't be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def digests_of_files(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file right in a folder, by name; empty where there is no folder.

    Raises:
        OSError: a file can't be read.
    """
    if not folder.is_dir():
        return {}
    return {path.name: sha256_of_file(path) for path in sorted(folder.iterdir()) if path.is_file()}


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it when the block ends well, else remove it.

    Where `path` is a link, all this happens to the file that it leads to, and the link stays.

    Raises:
        FileExistsError: `path` is a pipe, a device or the like, which a renaming would replace.
        IsADirectoryError: `path` is a directory.
        OutOfSpaceError: the disk is full; nothing is left behind.
    """
    if path.is_dir():  # else the work is done before the renaming fails
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    # What is still a link leads to itself.
    if target.is_symlink() or (path.exists() and not path.is_file()):
        raise FileExistsError(errno.EEXIST, "Not a regular file", str(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with _clear_when_full(path):
            yield partial
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def whole_directory(path: Path) -> Iterator[Path]:
    """Give a temporary directory beside `path`; swap it in when the block ends well.

    An older directory at `path` is replaced only then.

    Raises:
        OutOfSpaceError: the disk is full; the older directory is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        with _clear_when_full(path):
            yield partial
            retired = path.with_name(f".{path.name}.{os.getpid()}.retired.partial")
            if path.exists():
                path.replace(retired)
            partial.replace(path)
            shutil.rmtree(retired, ignore_errors=True)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def may_be_replaced(folder: Path, *, marked_by: str) -> bool:
    """Return whether writing `folder` anew loses nothing: it is free, empty, or an older one.

    Args:
        folder: to be swapped in by `whole_directory`.
        marked_by: name of the file that every such folder holds.
    """
    if folder.is_dir():
        return (folder / marked_by).is_file() or not any(folder.iterdir())
    return not folder.exists()


@contextmanager
def locked(lock: Path, *, refusal: SentimentError) -> Iterator[None]:
    """Keep other processes out of the block; the lock of a killed one ends with it.

    Args:
        lock: a file to hold; it stays, empty.
        refusal: raised where another process is in the block.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file whole or not at all.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Write indented JSON with sorted keys, whole or not at all.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


@contextmanager
def _clear_when_full(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise OutOfSpaceError(
            f"No space is left while writing {path}.",
            hint="Free some disk space and run the command again; nothing was half-written.",
        ) from error
