"""How a store of an older version becomes one of this version; Alembic reads `versions`.

A new version is a module there that names the one before it. Its `upgrade` takes Alembic's
`Operations` instead of importing the global `op`, so that threads may open stores at once; no
alembic.ini and no env.py is needed, because `sentiment.store.migrate` does what they would.
"""
