"""Files are whole or absent, whatever ends the writing."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import socket
from pathlib import Path

import pytest

from sentiment.errors import OutOfSpaceError, TrainingError
from sentiment.files import (
    digests_of_files,
    locked,
    sha256_of_file,
    whole_directory,
    whole_file,
    write_json,
    write_text,
)


def test_sha256_of_file_equals_that_of_its_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    (tmp_path / "file").write_bytes(content)
    assert sha256_of_file(tmp_path / "file") == hashlib.sha256(content).hexdigest()


def test_digests_of_files_are_those_right_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "c").write_bytes(b"c")
    for name in ("b", "a"):
        (tmp_path / name).write_bytes(b"x")
    digest = sha256_of_file(tmp_path / "a")
    assert digests_of_files(tmp_path) == {"a": digest, "b": digest}
    assert digests_of_files(tmp_path / "nowhere") == digests_of_files(tmp_path / "a") == {}


def test_whole_file_appears_only_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "file.txt"
    with whole_file(target) as partial:
        partial.write_text("done")
        assert not target.exists()
    assert target.read_text() == "done"
    assert list(target.parent.iterdir()) == [target]


def test_whole_file_keeps_the_older_file_when_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        _write_half(target, KeyboardInterrupt())
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("target", ["absolute", "relative", "not there yet"])
def test_whole_file_writes_through_a_link_and_leaves_it(tmp_path: Path, target: str) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "file.txt").write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to("store/file.txt" if target == "relative" else tmp_path / "store" / "file.txt")
    if target == "not there yet":
        (tmp_path / "store" / "file.txt").unlink()
    with whole_file(link) as partial:
        partial.write_text("new")
    assert link.is_symlink()
    assert (tmp_path / "store" / "file.txt").read_text() == "new"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file.txt", "link.txt", "store"]


@pytest.mark.parametrize("kind", ["fifo", "link to a fifo", "socket", "link to itself"])
def test_whole_file_refuses_what_is_no_regular_file(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "target"
    if kind == "link to itself":
        target.symlink_to(target)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(target))
    else:
        os.mkfifo(tmp_path / "fifo")
        if kind == "fifo":
            target = tmp_path / "fifo"
        else:
            target.symlink_to(tmp_path / "fifo")
    before = target.lstat()
    with pytest.raises(FileExistsError, match="Not a regular file") as caught, whole_file(target):
        pass
    assert caught.value.filename == str(target)
    assert target.lstat().st_ino == before.st_ino


def test_whole_directory_replaces_the_older_one_at_once(tmp_path: Path) -> None:
    target = tmp_path / "results"
    target.mkdir()
    (target / "stale").touch()
    with whole_directory(target) as partial:
        (partial / "fresh").touch()
        assert (target / "stale").exists()
    assert [path.name for path in target.iterdir()] == ["fresh"]
    assert list(tmp_path.iterdir()) == [target]


def test_whole_directory_keeps_the_older_one_when_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "results"
    target.mkdir()
    (target / "old").touch()
    with pytest.raises(ZeroDivisionError):
        _write_half_directory(target)
    assert [path.name for path in target.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [target]


def test_whole_directory_clears_what_a_killed_process_left(tmp_path: Path) -> None:
    with whole_directory(tmp_path / "results") as partial:
        left_over = partial
    left_over.mkdir()  # as if this process number had been killed before
    (left_over / "half").touch()
    with whole_directory(tmp_path / "results") as partial:
        (partial / "fresh").touch()
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["fresh"]


def test_full_disk_is_an_error_of_ours_that_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    with pytest.raises(OutOfSpaceError, match=r"No space is left while writing .*file\.txt"):
        _write_half(target, OSError(errno.ENOSPC, "made for a test"))
    assert list(tmp_path.iterdir()) == []


def test_other_system_errors_pass_through(tmp_path: Path) -> None:
    with pytest.raises(PermissionError):
        _write_half(tmp_path / "file.txt", OSError(errno.EACCES, "made for a test"))
    assert list(tmp_path.iterdir()) == []


def _write_half(target: Path, error: BaseException) -> None:
    with whole_file(target) as partial:
        partial.write_text("half")
        raise error


def _write_half_directory(target: Path) -> None:
    with whole_directory(target) as partial:
        (partial / "half").touch()
        raise ZeroDivisionError


def test_write_json_is_sorted_readable_and_utf8(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"b": 1, "a": "😂"})
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"a": "😂", "b": 1}
    assert text.index('"a"') < text.index('"b"')
    assert "😂" in text


def test_write_text_refuses_lone_surrogates_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "a.txt", "\ud83d")
    assert list(tmp_path.iterdir()) == []


def test_one_at_a_time_is_in_a_locked_block(tmp_path: Path) -> None:
    lock = tmp_path / "folder" / "lock"
    second = locked(lock, refusal=TrainingError("second"))
    with locked(lock, refusal=TrainingError("first")), pytest.raises(TrainingError, match="second"):
        second.__enter__()
    with locked(lock, refusal=TrainingError("third")):
        assert lock.is_file()
