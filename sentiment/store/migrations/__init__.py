"""How a store of an older version becomes one of this version; Alembic reads `versions`.

A new version is a module there that names the one before it. Its `upgrade` takes Alembic's
`Operations` instead of importing the global `op`, so that threads may open stores at once; no
alembic.ini and no env.py is needed, because `sentiment.store.migrate` does what they would.

Code of the version before goes on with the store after a migration: instances that run during a
release, those that a release is taken back to, functions that are released apart. So a migration
only adds: tables, and columns that may be null or have a default of the server's; what older code
does not know, it neither fills nor purges. One that must do otherwise says `breaks_older = True`
at its top; older code then refuses the store, and the release can't be taken back.

All that are missing run in one transaction, which in PostgreSQL keeps its locks on whole tables to
its end. So none rewrites rows: what older code wrote and may not stay, the purge mends.
"""
