from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpora.handmade import write_goemotions
from tests.preparation.preparing import ANGER, JOY, LONG, NEUTRAL


@pytest.fixture
def raw_dir(tmp_path: Path) -> Path:
    """A small GoEmotions with copies over its splits, blanks and near copies."""
    folder = tmp_path / "raw"
    write_goemotions(
        folder,
        train=[
            ("Such joy", JOY),
            ("In all three!!", ANGER),
            ("in validation too", JOY),
            ("", NEUTRAL),
            ("\u200b <br> ", NEUTRAL),
            ("such  JOY...", JOY),
            (LONG, JOY),
            (f"{LONG} ok", JOY),
            ("see http://a.b/c @someone at 1:23", NEUTRAL),
        ],
        dev=[("in all three", ANGER), ("In validation too.", JOY), ("dev alone", NEUTRAL)],
        test=[("In ALL three", ANGER), ("test alone", JOY)],
    )
    return folder
