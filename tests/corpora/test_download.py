"""Downloading over real HTTP on the loopback: whole files or none, and clear refusals."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sentiment.corpora import catalogue, corpus_digest, load_rows
from sentiment.corpora import download as download_module
from sentiment.corpora.corpus import Corpus, SourceFile
from sentiment.corpora.download import MANIFEST_FILE, download
from sentiment.corpora.reddit import REDDIT
from sentiment.errors import ChecksumError, CorpusUnavailableError, DataError

CONTENT = b"clean_comment,category\ngood one,1\nbad one,-1\n" + b"so so,0\n" * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Site:
    """A site on the loopback: what it serves, how it fails, what it was asked for."""

    address: str = ""
    status: int = 200
    sent_bytes: int | None = None
    failures_first: int = 0
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    state = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            fails = len(state.asked) <= state.failures_first
            self.send_response(503 if fails else state.status)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT[: state.sent_bytes])

        def log_message(self, *_: object) -> None:
            """Keep the output of tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def corpus(site: Site, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """A corpus like reddit that is at the site, or in `local/data.csv` of the data folder."""
    file = SourceFile("Reddit_Data.csv", SHA256, f"{site.address}/data.csv", "local/data.csv")
    made = Corpus(
        name="reddit",
        title="made for a test",
        labeller="nobody",
        human_labelled=False,
        licence="none",
        n_rows=20_002,
        editions=[[file]],
        parse=REDDIT.parse,
    )
    monkeypatch.setitem(catalogue._CORPORA, "reddit", made)
    return made


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "local").mkdir(parents=True)
    (folder / "local" / "data.csv").write_bytes(CONTENT)
    return folder


def files_below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_download_takes_the_local_folder_first(
    tmp_path: Path, corpus: Corpus, site: Site, data_dir: Path
) -> None:
    done = download("reddit", raw_dir=tmp_path / "raw", data_dir=data_dir)
    assert (done.origin, done.n_bytes) == ("local", len(CONTENT))
    assert site.asked == []
    assert len(load_rows("reddit", raw_dir=tmp_path / "raw")) == corpus.n_rows


def test_download_fetches_the_public_address_and_tells_its_progress(
    tmp_path: Path, corpus: Corpus, site: Site
) -> None:
    arrived: list[int] = []
    done = download("reddit", raw_dir=tmp_path, data_dir=None, on_bytes=arrived.append)
    assert done.origin == "public"
    assert site.asked == ["/data.csv"]
    assert sum(arrived) == len(CONTENT)
    assert (tmp_path / "reddit" / "Reddit_Data.csv").read_bytes() == CONTENT
    assert files_below(tmp_path) == ["Reddit_Data.csv", MANIFEST_FILE]


def test_download_fetches_when_the_local_folder_lacks_the_file(
    tmp_path: Path, corpus: Corpus, site: Site
) -> None:
    assert download("reddit", raw_dir=tmp_path, data_dir=tmp_path / "absent").origin == "public"


def test_download_writes_the_same_manifest_wherever_files_came_from(
    tmp_path: Path, corpus: Corpus, data_dir: Path
) -> None:
    download("reddit", raw_dir=tmp_path / "one", data_dir=data_dir)
    download("reddit", raw_dir=tmp_path / "two", data_dir=None)
    one, two = (tmp_path / name / "reddit" / MANIFEST_FILE for name in ("one", "two"))
    assert one.read_text() == two.read_text()
    recorded = json.loads(one.read_text())["files"]["Reddit_Data.csv"]
    assert recorded == {"bytes": len(CONTENT), "sha256": SHA256}


def test_download_leaves_a_whole_corpus_alone(
    tmp_path: Path, corpus: Corpus, site: Site, data_dir: Path
) -> None:
    download("reddit", raw_dir=tmp_path, data_dir=data_dir)
    digest = corpus_digest("reddit", raw_dir=tmp_path)
    assert download("reddit", raw_dir=tmp_path, data_dir=None).origin == "present"
    assert site.asked == []
    assert corpus_digest("reddit", raw_dir=tmp_path) == digest


def test_download_replaces_a_damaged_file(tmp_path: Path, corpus: Corpus, site: Site) -> None:
    (tmp_path / "reddit").mkdir()
    (tmp_path / "reddit" / "Reddit_Data.csv").write_bytes(CONTENT[:-1])
    assert download("reddit", raw_dir=tmp_path, data_dir=None).origin == "public"
    assert (tmp_path / "reddit" / "Reddit_Data.csv").read_bytes() == CONTENT


@pytest.fixture
def two_editions(corpus: Corpus, site: Site, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """A corpus whose full edition is in the data folder alone, and a lesser one at the site too."""
    full = [SourceFile("full.csv", FULL_SHA256, local="local/full.csv")]
    made = replace(corpus, editions=[full, *corpus.editions])
    monkeypatch.setitem(catalogue._CORPORA, "reddit", made)
    return made


FULL = b"clean_comment,category\ngood,1\n"
FULL_SHA256 = hashlib.sha256(FULL).hexdigest()


@pytest.mark.parametrize("full", ["absent", "damaged"])
def test_download_takes_the_fuller_edition_once_it_is_at_hand(
    tmp_path: Path, two_editions: Corpus, site: Site, data_dir: Path, full: str
) -> None:
    folder = tmp_path / "raw" / "reddit"
    assert download("reddit", raw_dir=tmp_path / "raw", data_dir=None).origin == "public"
    if full == "damaged":
        (folder / "full.csv").write_bytes(b"cut")
    (data_dir / "local" / "full.csv").write_bytes(FULL)
    assert download("reddit", raw_dir=tmp_path / "raw", data_dir=data_dir).origin == "local"
    assert (folder / "full.csv").read_bytes() == FULL
    # The lesser one is gone: a parser takes what it finds.
    assert files_below(folder) == ["full.csv", MANIFEST_FILE]
    assert download("reddit", raw_dir=tmp_path / "raw", data_dir=None).origin == "present"


@pytest.mark.parametrize("origin", ["present", "local", "public"])
def test_download_leaves_no_damaged_file_of_an_edition_that_it_did_not_take(
    tmp_path: Path, two_editions: Corpus, site: Site, data_dir: Path, origin: str
) -> None:
    folder = tmp_path / "raw" / "reddit"
    if origin == "present":
        download("reddit", raw_dir=tmp_path / "raw", data_dir=None)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "full.csv").write_bytes(b"cut")
    (folder / "notes.txt").write_bytes(b"somebody's own")
    wanted = data_dir if origin == "local" else None
    assert download("reddit", raw_dir=tmp_path / "raw", data_dir=wanted).origin == origin
    assert files_below(folder) == ["Reddit_Data.csv", MANIFEST_FILE, "notes.txt"]


def test_download_leaves_a_lesser_edition_that_is_there_without_asking_the_site(
    tmp_path: Path, two_editions: Corpus, site: Site, data_dir: Path
) -> None:
    download("reddit", raw_dir=tmp_path / "raw", data_dir=data_dir)
    done = download("reddit", raw_dir=tmp_path / "raw", data_dir=data_dir)
    assert (done.origin, site.asked) == ("present", [])


def test_download_copies_nothing_of_an_edition_of_which_a_file_is_another(
    tmp_path: Path, corpus: Corpus, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_dir / "local" / "full.csv").write_bytes(b"cut")
    both = [*corpus.editions[0], SourceFile("full.csv", FULL_SHA256, local="local/full.csv")]
    monkeypatch.setitem(catalogue._CORPORA, "reddit", replace(corpus, editions=[both]))
    with pytest.raises(ChecksumError):
        download("reddit", raw_dir=tmp_path / "raw", data_dir=data_dir)
    assert files_below(tmp_path / "raw") == []


def test_download_refuses_a_local_file_of_another_edition(
    tmp_path: Path, corpus: Corpus, data_dir: Path
) -> None:
    (data_dir / "local" / "data.csv").write_bytes(b"clean_comment,category\nother,1\n")
    with pytest.raises(ChecksumError) as caught:
        download("reddit", raw_dir=tmp_path / "raw", data_dir=data_dir)
    assert "data.csv has sha256" in caught.value.message
    assert f"wanted {SHA256[:12]}" in caught.value.message
    assert files_below(tmp_path / "raw") == []


def test_download_refuses_a_public_file_of_another_edition(
    tmp_path: Path, corpus: Corpus, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.CONTENT", CONTENT.replace(b"good", b"evil"))
    with pytest.raises(ChecksumError, match=r"data\.csv has sha256"):
        download("reddit", raw_dir=tmp_path, data_dir=None)
    assert len(site.asked) == 1  # asking again would give the same file
    assert files_below(tmp_path) == []


def test_download_tries_again_after_a_passing_failure(
    tmp_path: Path, corpus: Corpus, site: Site
) -> None:
    site.failures_first = 1
    assert download("reddit", raw_dir=tmp_path, data_dir=None).origin == "public"
    assert len(site.asked) == 2


@pytest.mark.parametrize("failure", ["interrupted", "not found", "refused"])
def test_download_that_fails_leaves_nothing_and_names_both_ways(
    tmp_path: Path,
    corpus: Corpus,
    site: Site,
    failure: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(download_module, "_ATTEMPTS", 1)
    if failure == "interrupted":
        site.sent_bytes = 70_000
    elif failure == "not found":
        site.status = 404
    else:
        file = SourceFile(
            "Reddit_Data.csv", SHA256, "http://127.0.0.1:1/data.csv", "local/data.csv"
        )
        monkeypatch.setattr(download_module, "corpus_info", lambda _: _moved(corpus, file))

    with pytest.raises(CorpusUnavailableError) as caught:
        download("reddit", raw_dir=tmp_path, data_dir=None)

    assert "SENTIMENT_DATA_DIR is not set" in caught.value.message
    assert "/data.csv failed" in caught.value.message
    assert "Set SENTIMENT_DATA_DIR to a folder that holds local/data.csv" in caught.value.hint
    assert files_below(tmp_path) == []
    with pytest.raises(CorpusUnavailableError, match="sentiment download reddit"):
        load_rows("reddit", raw_dir=tmp_path)


def _moved(corpus: Corpus, file: SourceFile) -> Corpus:
    return replace(corpus, editions=[[file]])


def test_download_of_an_unknown_corpus_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no corpus 'nothing'"):
        download("nothing", raw_dir=tmp_path, data_dir=None)
    assert list(tmp_path.iterdir()) == []


def test_download_makes_the_synthetic_corpus_the_same_each_time(tmp_path: Path) -> None:
    assert download("synthetic", raw_dir=tmp_path / "a", data_dir=None).origin == "made"
    download("synthetic", raw_dir=tmp_path / "b", data_dir=None)
    digests = {corpus_digest("synthetic", raw_dir=tmp_path / name) for name in ("a", "b")}
    assert len(digests) == 1


def test_download_copies_the_real_goemotions(tmp_path: Path, shared_dir: Path) -> None:
    assert download("goemotions", raw_dir=tmp_path, data_dir=shared_dir / "data").origin == "local"
    assert files_below(tmp_path) == ["dev.tsv", MANIFEST_FILE, "test.tsv", "train.tsv"]
