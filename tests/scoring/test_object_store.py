"""`s3://` through the real client, against a stand-in of the service on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sentiment.errors import ConfigError, DataError, ScoringError
from sentiment.scoring.inputs import find_inputs
from tests.scoring.object_store import object_store
from tests.scoring.scored import (
    CutOffError,
    Inline,
    numbered_csv,
    read_rejected,
    read_results,
    score,
)


@pytest.fixture
def objects(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, bytes]]:
    import s3fs  # type: ignore[import-untyped]

    with object_store() as (address, objects):
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
            # The stand-in reads plain bodies only.
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        }.items():
            monkeypatch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        yield objects
        s3fs.S3FileSystem.clear_instance_cache()


def test_inputs_and_results_in_s3_are_those_of_local_files(
    objects: dict[str, bytes], tmp_path: Path, tiny_bundle: Path
) -> None:
    (tmp_path / "in").mkdir()
    table = numbered_csv(tmp_path / "in" / "a.csv", 20)
    table.write_bytes(table.read_bytes() + b"broken\n")
    (tmp_path / "in" / "b.csv.gz").write_bytes(gzip.compress(table.read_bytes()))
    texts = pa.table({"text": [f"good {n}" for n in range(9)]})
    pq.write_table(texts, tmp_path / "in" / "c.parquet")
    for path in sorted((tmp_path / "in").iterdir()):
        objects[f"bucket/in/{path.name}"] = path.read_bytes()
    options: dict[str, Any] = {"bundle": tiny_bundle, "part_rows": 6}
    score(tmp_path / "in", output=tmp_path / "local", **options)

    with pytest.raises(CutOffError):
        score("s3://bucket/in", output="s3://bucket/out", crew=Inline(3), **options)
    summary = score("s3://bucket/in", output="s3://bucket/out", **options)

    assert (summary.rows, summary.rows_of_this_run) == (51, 33)
    for name, content in objects.items():
        if name.startswith("bucket/out/"):
            path = tmp_path / "got" / name.removeprefix("bucket/out/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    wanted = [
        {**row, "file": row["file"].replace(str(tmp_path), "s3://bucket")}
        for row in read_results(tmp_path / "local")
    ]
    assert len(wanted) == 49
    assert read_results(tmp_path / "got") == wanted
    assert read_rejected(tmp_path / "got") == read_rejected(tmp_path / "local")


def test_an_object_that_is_replaced_under_a_run_is_noticed(
    objects: dict[str, bytes], tmp_path: Path, tiny_bundle: Path
) -> None:
    content = numbered_csv(tmp_path / "in.csv", 10).read_bytes()
    objects["bucket/in.csv"] = content

    class Replacing(Inline):
        def run(self, function: Any, tasks: Any, /) -> Iterator[Any]:
            yield from super().run(function, tasks)
            objects["bucket/in.csv"] = content.replace(b"love", b"hate")

    with pytest.raises(ScoringError, match="was changed while it was scored"):
        score("s3://bucket/in.csv", output=tmp_path / "out", bundle=tiny_bundle, crew=Replacing())
    with pytest.raises(ConfigError, match="the inputs differ"):
        score("s3://bucket/in.csv", output=tmp_path / "out", bundle=tiny_bundle)


def test_patterns_and_absent_objects_of_s3(objects: dict[str, bytes]) -> None:
    for name in ("2.csv", "1.csv", "3.txt"):
        objects[f"bucket/in/{name}"] = b"text\n"
    found = find_inputs(["s3://bucket/in/*.csv"], output="s3://bucket/out")
    assert [file.name for file in found] == ["s3://bucket/in/1.csv", "s3://bucket/in/2.csv"]
    with pytest.raises(DataError, match="There is no input s3://bucket/nothing"):
        find_inputs(["s3://bucket/nothing.csv"], output="s3://bucket/out")
    with pytest.raises(ConfigError, match="lies within the input folder"):
        find_inputs(["s3://bucket/in"], output="s3://bucket/in/out")
