"""Brings the tables of a store to this version, through Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sentiment.errors import StoreError

# Not Alembic's own name: another program's tables may stand in the same database.
VERSION_TABLE = "sentiment_store_version"
# Beside this file, so that it is found in a wheel, in a Bento and in a work tree alike.
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, *, name: str) -> None:
    """Run the migrations that are missing.

    Args:
        connection: within a transaction beside which no other process migrates.
        name: of the store, for messages.

    Raises:
        StoreError: the store was written by a newer version of this program.
    """
    scripts = ScriptDirectory(_SCRIPTS, version_locations=[_SCRIPTS / "versions"])
    context = MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE, "transactional_ddl": True}
    )
    found = context.get_current_heads()
    unknown = set(found) - {script.revision for script in scripts.walk_revisions()}
    if unknown:
        raise StoreError(
            f"{name} was written by a newer version of this program: it is at version "
            f"{', '.join(sorted(unknown))}, and this program knows "
            f"{scripts.get_current_head()} at most.",
            hint="Update this program, or name another store in SENTIMENT_STORE_URL.",
        )
    missing = list(scripts.iterate_revisions("head", found or "base"))
    for script in reversed(missing):
        script.module.upgrade(Operations(context))
        context.stamp(scripts, script.revision)
