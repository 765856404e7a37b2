"""The folder of results: what a run clears in it, and what it leaves as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.errors import ConfigError, ScoringError
from sentiment.scoring.folder import ResultFolder
from tests.scoring.scored import numbered_csv, score, tree


def test_what_a_killed_run_left_half_written_is_cleared_away(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    path = numbered_csv(tmp_path / "in.csv", 10)
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    before = tree(tmp_path / "out")
    for name in ("predictions/.part-0000000.parquet.7.partial", ".work/.plan.jsonl.7.partial"):
        (tmp_path / "out" / name).write_bytes(b"half")
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    assert tree(tmp_path / "out") == before


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, tiny_bundle: Path) -> None:
    path = numbered_csv(tmp_path / "in.csv", 1)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigError, match=r"is no folder of results: it holds thesis.txt"):
        score(path, output=tmp_path / "out", bundle=tiny_bundle)
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("manifest", [None, b"{}", b"no JSON"], ids=str)
def test_a_refused_folder_keeps_the_unfinished_files_of_other_programs(
    tmp_path: Path, tiny_bundle: Path, manifest: bytes | None
) -> None:
    path, output = numbered_csv(tmp_path / "in.csv", 1), tmp_path / "out"
    for name in ("a/b/.big.iso.partial", ".z.partial", "a/.manifest.json.7.partial"):
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(b"half of it")
    if manifest is not None:
        (output / "manifest.json").write_bytes(manifest)
    before = tree(output)
    with pytest.raises(ConfigError):
        score(path, output=output, bundle=tiny_bundle)
    assert tree(output) == before
    assert not (output / ".work").exists()


def test_a_run_killed_while_it_wrote_its_manifest_starts_again(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    path = numbered_csv(tmp_path / "in.csv", 10)
    score(path, output=tmp_path / "whole", bundle=tiny_bundle)
    (tmp_path / "out" / ".work").mkdir(parents=True)
    (tmp_path / "out" / ".work" / "plan.jsonl").write_bytes(b"an older one")
    (tmp_path / "out" / ".manifest.json.7.partial").write_bytes(b"half")
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_what_is_not_of_a_run_stays_in_its_folder_of_results(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    path = numbered_csv(tmp_path / "in.csv", 10)
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    kept = [tmp_path / "out" / name for name in (".notes.partial", "more/.download.partial")]
    for file in kept:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"half of it")
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    assert all(file.read_bytes() == b"half of it" for file in kept)


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path, tiny_bundle: Path) -> None:
    path = numbered_csv(tmp_path / "in.csv", 1)
    folder = ResultFolder(str(tmp_path / "out"))
    with folder.locked(), pytest.raises(ScoringError, match="Another run is writing"):
        score(path, output=tmp_path / "out", bundle=tiny_bundle)
    assert score(path, output=tmp_path / "out", bundle=tiny_bundle).rows == 1
