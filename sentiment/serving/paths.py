"""Paths that several layers treat apart."""

from __future__ import annotations

INTERFACE_PREFIX = "/v1/"
"""What begins with it is the interface: guarded, rated, described."""

ADMIN_PREFIX = "/v1/admin/"
"""What begins with it asks for the administrator's token in place of the interface's."""

RELOAD_PATH = f"{ADMIN_PREFIX}reload"

PREDICT_PATH = f"{INTERFACE_PREFIX}predict"
"""Alone takes texts, and so large bodies."""

READY_PATH = "/readyz"

SYSTEM_PATHS = frozenset({"/livez", "/healthz", READY_PATH, "/metrics"})
"""Asked every few seconds by machines, without a token."""
