"""The files that are scored: from names on the command line to files with an identity.

Local paths and whatever fsspec has a file system for, such as `s3://`.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO, cast

import fsspec  # type: ignore[import-untyped]

from sentiment.errors import ConfigError, DataError

_BUFFER_BYTES = 1 << 20
_GLOB = frozenset("*?[")
# What a file system calls the thing that changes when the content does; the first is taken.
_VERSION_KEYS = ("ETag", "mtime", "LastModified", "updated", "created")


class Kind(StrEnum):
    """What a file holds, told by its suffix."""

    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"


_BY_SUFFIX = {
    ".csv": Kind.CSV,
    ".tsv": Kind.TSV,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".parquet": Kind.PARQUET,
}
_KNOWN = ".csv, .tsv, .jsonl, .ndjson (each also with .gz) or .parquet"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to score.

    Attributes:
        name: what rows call it: as given; below a folder or a pattern, its path from there.
        address: where any process of this machine opens it.
        kind: what it holds.
        is_gzip: whether it is compressed.
        size_bytes: as stored, so compressed where it is.
        version: changes when the content does: time of change or the store's tag.
    """

    name: str
    address: str
    kind: Kind
    is_gzip: bool
    size_bytes: int
    version: str


def find_inputs(arguments: Iterable[str], *, output: str) -> list[InputFile]:
    """Return the files that the arguments name, in their order; those of a folder sorted.

    Args:
        arguments: files, folders (all files of known suffixes below them, but hidden ones), or
            patterns with `*`, `?`, `[…]` (all that match, but what lies below the output).
        output: where the results go.

    Raises:
        DataError: a file is absent, of another kind, or named twice; a folder or pattern is
            empty.
        ConfigError: the results would lie within an input folder.
    """
    found: dict[str, InputFile] = {}
    for argument in arguments:
        for file in _find(argument, output=output):
            if file.address in found:
                raise DataError(
                    f"{file.name} is named twice; its rows would be counted twice.",
                    hint="Name each input once.",
                )
            found[file.address] = file
    return list(found.values())


def look_again(file: InputFile) -> InputFile:
    """Describe a file anew; the same description comes out unless it was changed.

    Raises:
        DataError: it is gone.
    """
    files, path = _file_system(file.address)
    files.invalidate_cache()  # object stores remember what they listed
    return _input_file(files, path, file.name)


@contextmanager
def open_bytes(file: InputFile) -> Iterator[BinaryIO]:
    """Open a file for reading, decompressed and buffered.

    Raises:
        DataError: it can't be read, while opening or within the block.
    """
    try:
        files, path = _file_system(file.address)
        with files.open(path, "rb") as stored:
            raw = gzip.GzipFile(fileobj=stored) if file.is_gzip else stored
            yield cast("BinaryIO", io.BufferedReader(raw, _BUFFER_BYTES))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(
            f"{file.name} is no whole gzip file: {error}.", hint="Fetch a fresh copy of it."
        ) from error
    except (FileNotFoundError, PermissionError) as error:
        raise DataError(f"{file.name} can't be read: {error.strerror or error}.") from error


def _find(argument: str, *, output: str) -> list[InputFile]:
    files, path = _file_system(argument)
    try:
        if files.isdir(path):
            _refuse_output_within(files, path, argument, output)
            found = [one for one in sorted(files.find(path)) if _is_wanted(one, below=path)]
        elif files.exists(path):
            return [_input_file(files, path, _name(files, path, argument))]
        elif _GLOB.intersection(argument):
            # At a second call the results are there; a run that was killed has to go on.
            found = [
                one
                for one in sorted(files.glob(path))
                if not files.isdir(one) and not _is_within(files, one, folder=output)
            ]
        else:
            raise DataError(
                f"There is no input {argument}.",
                hint="Name a file, a folder or a quoted pattern such as 'comments/*.csv'.",
            )
    except OSError as error:
        raise DataError(f"{argument} can't be looked at: {error.strerror or error}.") from error
    if not found:
        raise DataError(f"{argument} holds no file to score; wanted {_KNOWN}.")
    return [_input_file(files, one, _name(files, one, argument)) for one in found]


def _file_system(address: str) -> tuple[Any, str]:
    try:
        files, path = fsspec.core.url_to_fs(address)
    except (ValueError, ImportError) as error:
        raise DataError(
            f"{address} can't be opened: {error}.", hint="Name a local path or s3://BUCKET/KEY."
        ) from error
    return files, str(path)


def _refuse_output_within(files: Any, path: str, argument: str, output: str) -> None:  # noqa: ANN401 - fsspec has no types
    other, target = _file_system(output)
    if _is_within(other, target, folder=files.unstrip_protocol(path)):
        raise ConfigError(
            f"The output {output} lies within the input folder {argument}.",
            hint="Choose an --output elsewhere, so that results are never taken for input.",
        )


def _is_within(files: Any, path: str, *, folder: str) -> bool:  # noqa: ANN401 - fsspec has no types
    others, above = _file_system(folder)
    if type(others) is not type(files):
        return False
    if "file" in files.protocol:  # one place has many names there: `..`, links
        path, above = os.path.realpath(path), os.path.realpath(above)
    return f"{path}/".startswith(f"{above.rstrip('/')}/")


def _is_wanted(path: str, *, below: str) -> bool:
    parts = path.removeprefix(below).split("/")
    return not any(part.startswith(".") for part in parts) and _kind(path) is not None


def _kind(path: str) -> tuple[Kind, bool] | None:
    stem = path.lower()
    is_gzip = stem.endswith(".gz")
    kind = _BY_SUFFIX.get(os.path.splitext(stem.removesuffix(".gz"))[1])  # noqa: PTH122 - or a URL
    return None if kind is None or (is_gzip and kind is Kind.PARQUET) else (kind, is_gzip)


def _name(files: Any, path: str, argument: str) -> str:  # noqa: ANN401 - fsspec has no types
    if "://" in argument or "file" not in files.protocol:
        return str(files.unstrip_protocol(path))
    return path if os.path.isabs(argument) else os.path.relpath(path)  # noqa: PTH117 - or a URL


def _input_file(files: Any, path: str, name: str) -> InputFile:  # noqa: ANN401 - fsspec has no types
    kind = _kind(path)
    if kind is None:
        raise DataError(f"{name} is of no known kind; wanted {_KNOWN}.")
    try:
        info = files.info(path)
    except OSError as error:
        raise DataError(f"{name} can't be looked at: {error.strerror or error}.") from error
    version = next((str(info[key]) for key in _VERSION_KEYS if info.get(key)), "")
    address = str(files.unstrip_protocol(path))
    return InputFile(name, address, *kind, size_bytes=int(info["size"]), version=version)
