"""Brings the tables of a store to this version, through Alembic.

Beside the version stands since which one the store can be used: code that is older than the store
goes on with it unless a migration since then broke that. So a release that migrates can be taken
back, and what is released apart from the service (poller, look for drift) goes on meanwhile.
"""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from sentiment.errors import StoreError

_log = logging.getLogger(__name__)

# Not Alembic's own name: another program's tables may stand in the same database.
VERSION_TABLE = "sentiment_store_version"
READABLE_TABLE = "sentiment_store_readable"
# Beside this file, so that it is found in a wheel, in a Bento and in a work tree alike.
_SCRIPTS = Path(__file__).parent / "migrations"
_READABLE = sa.Table(READABLE_TABLE, sa.MetaData(), sa.Column("since", sa.Text, primary_key=True))


def upgrade(connection: Connection, *, name: str) -> None:
    """Run the migrations that are missing; leave a newer store that this code can use as it is.

    Args:
        connection: within a transaction beside which no other process migrates.
        name: of the store, for messages.

    Raises:
        StoreError: the store was written by a newer version, and this one can't use it.
    """
    scripts = ScriptDirectory(_SCRIPTS, version_locations=[_SCRIPTS / "versions"])
    context = MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE, "transactional_ddl": True}
    )
    newest_first = list(scripts.walk_revisions())
    known = {script.revision for script in newest_first}
    found = context.get_current_heads()
    since = _readable_since(connection)
    if unknown := set(found) - known:
        if since not in known:
            raise StoreError(
                f"{name} was written by a newer version of this program: it is at version "
                f"{', '.join(sorted(unknown))}, and this program knows "
                f"{scripts.get_current_head()} at most.",
                hint="Update this program, or name another store in SENTIMENT_STORE_URL.",
            )
        _log.info("%s is newer than this program, and is used as it is", name)
        return
    missing = list(scripts.iterate_revisions("head", found or "base"))
    for script in reversed(missing):
        script.module.upgrade(Operations(context))
        context.stamp(scripts, script.revision)
    if missing or since is None:
        _READABLE.create(connection, checkfirst=True)
        connection.execute(_READABLE.delete())
        oldest = next(script.revision for script in newest_first if _breaks_older(script))
        connection.execute(_READABLE.insert().values(since=oldest))


def _breaks_older(script: Script) -> bool:
    """Tell whether code of the version before can't use the store after a migration."""
    is_first = script.down_revision is None
    return is_first or bool(getattr(script.module, "breaks_older", False))


def _readable_since(connection: Connection) -> str | None:
    """Return since which version the store can be used; None where nobody wrote that down."""
    if not sa.inspect(connection).has_table(READABLE_TABLE):
        return None
    since: str | None = connection.scalar(sa.select(_READABLE.c.since))
    return since
