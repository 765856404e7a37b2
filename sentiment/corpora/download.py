"""Brings a corpus to `data/raw/<name>/`: from the local folder, else from its public address.

Every file is checked against its sha256 and written under a temporary name first; a manifest
says what came from where.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from sentiment.corpora.catalogue import corpus_info
from sentiment.corpora.corpus import Corpus, SourceFile
from sentiment.errors import ChecksumError, CorpusUnavailableError
from sentiment.files import sha256_of_file, whole_file, write_json

MANIFEST_FILE = "manifest.json"
_TIMEOUT_S = 30.0
_ATTEMPTS = 3
_CHUNK_BYTES = 1 << 16

_log = logging.getLogger(__name__)
OnBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What `download` did.

    Attributes:
        name: of the corpus.
        origin: `present`, `local`, `public` or `made`.
        n_bytes: of all its files.
    """

    name: str
    origin: str
    n_bytes: int


def download(
    name: str,
    *,
    raw_dir: Path,
    data_dir: Path | None,
    on_bytes: OnBytes = lambda _: None,
) -> Downloaded:
    """Bring one corpus; a corpus that is there and whole is left alone, a made one made anew.

    Of several editions the first that is there, or in `data_dir`, is taken, and the files of the
    others go: what is read later is what was checked.

    Args:
        name: of the corpus.
        raw_dir: the folder to fill.
        data_dir: a folder that may hold the files already; None when there is none.
        on_bytes: told of each chunk that arrives over the network.

    Raises:
        DataError: there is no corpus of that name.
        ChecksumError: a file is not the recorded one; nothing is kept of it.
        CorpusUnavailableError: it can't be had either way; the message says both ways.
        OutOfSpaceError: the disk is full.
    """
    corpus = corpus_info(name)
    folder = corpus.folder(raw_dir)
    folder.mkdir(parents=True, exist_ok=True)
    # Edition by edition: a lesser one that is there must not keep out a fuller one at hand.
    for files in corpus.editions:
        # What makes a made one may have changed since.
        if not corpus.is_made and _is_whole(folder, files):
            return _record(corpus, folder, files, "present")
        if data_dir is not None and all(_local_path(data_dir, file) for file in files):
            _copy_local(files, folder=folder, data_dir=data_dir)
            return _record(corpus, folder, files, "local")
    if corpus.fetch is not None:
        corpus.fetch(folder)
        _verify(folder, corpus.editions[0])
        return _record(corpus, folder, corpus.editions[0], "made" if corpus.is_made else "public")
    return _download_public(corpus, folder=folder, data_dir=data_dir, on_bytes=on_bytes)


def _is_whole(folder: Path, files: Sequence[SourceFile]) -> bool:
    return all(
        (folder / file.name).is_file() and file.sha256 in (None, sha256_of_file(folder / file.name))
        for file in files
    )


def _local_path(data_dir: Path, file: SourceFile) -> Path | None:
    path = data_dir / file.local if file.local else None
    return path if path is not None and path.is_file() else None


def _copy_local(files: Sequence[SourceFile], *, folder: Path, data_dir: Path) -> None:
    sources = [(file, path) for file in files if (path := _local_path(data_dir, file))]
    for file, path in sources:
        found = sha256_of_file(path)
        if file.sha256 not in (None, found):
            raise _mismatch(str(path), found, file)
    for file, path in sources:
        with whole_file(folder / file.name) as partial:
            shutil.copyfile(path, partial)


def _download_public(
    corpus: Corpus, *, folder: Path, data_dir: Path | None, on_bytes: OnBytes
) -> Downloaded:
    files = next((files for files in corpus.editions if all(file.url for file in files)), None)
    tried = f"not in {data_dir}" if data_dir else "SENTIMENT_DATA_DIR is not set"
    if files is None:
        raise CorpusUnavailableError(f"The corpus {corpus.name} has no public address; {tried}.")
    try:
        for file in files:
            _fetch(file, folder / file.name, on_bytes)
    except httpx.HTTPError as error:
        wanted = [file.local or file.name for file in corpus.editions[0]]
        raise CorpusUnavailableError(
            f"The corpus {corpus.name} can't be had: {tried}, and its public address "
            f"{files[0].url} failed ({type(error).__name__}: {error}).",
            hint=f"Set SENTIMENT_DATA_DIR to a folder that holds {', '.join(wanted)}, "
            "or run this again with access to that address.",
        ) from error
    return _record(corpus, folder, files, "public")


def _fetch(file: SourceFile, path: Path, on_bytes: OnBytes) -> None:
    retrying = Retrying(
        stop=stop_after_attempt(_ATTEMPTS),
        wait=wait_exponential_jitter(multiplier=0.5, max=8),
        retry=retry_if_exception(_may_pass),
        reraise=True,
    )
    for attempt in retrying:
        with attempt:
            _fetch_once(file, path, on_bytes)


def _fetch_once(file: SourceFile, path: Path, on_bytes: OnBytes) -> None:
    url = file.url or ""
    with (
        whole_file(path) as partial,
        httpx.stream("GET", url, timeout=_TIMEOUT_S, follow_redirects=True) as response,
    ):
        response.raise_for_status()
        with partial.open("wb") as target:
            for chunk in response.iter_bytes(_CHUNK_BYTES):
                target.write(chunk)
                on_bytes(len(chunk))
        found = sha256_of_file(partial)
        if file.sha256 not in (None, found):
            raise _mismatch(url, found, file)


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code >= 500
    return isinstance(error, httpx.TransportError)


def _verify(folder: Path, files: Sequence[SourceFile]) -> None:
    for file in files:
        found = sha256_of_file(folder / file.name)
        if file.sha256 not in (None, found):
            (folder / file.name).unlink()
            raise _mismatch(file.name, found, file)


def _mismatch(where: str, found: str, file: SourceFile) -> ChecksumError:
    return ChecksumError(
        f"{where} has sha256 {found[:12]}…, wanted {(file.sha256 or '')[:12]}….",
        hint="It is another edition or was damaged; fetch it again or correct the local copy.",
    )


def _record(corpus: Corpus, folder: Path, files: Sequence[SourceFile], origin: str) -> Downloaded:
    chosen = {file.name for file in files}
    for other in {file.name for edition in corpus.editions for file in edition} - chosen:
        # A parser takes what it finds, and nothing says that these are whole.
        (folder / other).unlink(missing_ok=True)
    sizes = {file.name: (folder / file.name).stat().st_size for file in files}
    # No time stamp and no origin: the same corpus gives the same manifest, and DVC sees no change.
    manifest = {
        "corpus": corpus.name,
        "labeller": corpus.labeller,
        "licence": corpus.licence,
        "files": {
            name: {"bytes": size, "sha256": sha256_of_file(folder / name)}
            for name, size in sizes.items()
        },
    }
    write_json(folder / MANIFEST_FILE, manifest)
    _log.info("corpus %s: %s, %d bytes", corpus.name, origin, sum(sizes.values()))
    return Downloaded(corpus.name, origin, sum(sizes.values()))
