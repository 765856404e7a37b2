"""The task of the daily look for drift: `sentiment drift check` with its files in a bucket.

The reference and what the looks before remember are fetched, the latter and the page are put back;
the check's exit code is the task's. With MAKE_REFERENCE_DAYS=N in its environment it makes the
reference instead, of the store's first N days. Runs in the image that trains, which has no AWS
command line; s3fs comes with DVC.

    python -c "$(cat drift_check.py)" BUCKET/FOLDER
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

_HERE = Path(os.environ.get("DRIFT_FOLDER", "/tmp"))  # noqa: S108 - a container of one program
_REFERENCE, _STATE, _PAGE = _HERE / "reference.json", _HERE / "state.json", _HERE / "report.html"


def store_url(database: str) -> str:
    """Return the store's address.

    Args:
        database: JSON as RDS keeps it in Secrets Manager.
    """
    said = json.loads(database)
    user, password = (quote(str(said[part]), safe="") for part in ("username", "password"))
    place = f"{said['host']}:{said['port']}/{said['dbname']}"
    return f"postgresql://{user}:{password}@{place}?sslmode=require"


def main() -> int:
    """Make the reference, or look for drift; return the command's exit code."""
    import s3fs  # type: ignore[import-not-found]  # noqa: PLC0415 - the training image holds it

    files, folder = s3fs.S3FileSystem(), sys.argv[1]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE"},
        "SENTIMENT_STORE_URL": store_url(os.environ["DATABASE"]),
    }
    drift = [sys.executable, "-m", "sentiment.cli.main", "drift"]
    days = os.environ.get("MAKE_REFERENCE_DAYS")
    if days is not None:
        command = [*drift, "reference", "--days", days, "--output", str(_REFERENCE)]
        makes = [_REFERENCE]
    else:
        files.get(f"{folder}/{_REFERENCE.name}", str(_REFERENCE))
        with contextlib.suppress(FileNotFoundError):  # the first look
            files.get(f"{folder}/{_STATE.name}", str(_STATE))
        command = [*drift, "check", "--reference", str(_REFERENCE)]
        command += ["--state", str(_STATE), "--report", str(_PAGE)]
        makes = [_STATE, _PAGE]
    code = subprocess.run(command, env=environment, check=False).returncode
    for made in makes:
        if made.exists():
            files.put(str(made), f"{folder}/{made.name}")
    return code


if __name__ == "__main__":
    sys.exit(main())
