"""Paths that several layers treat apart."""

from __future__ import annotations

INTERFACE_PREFIX = "/v1/"
"""What begins with it is the interface: guarded, rated, described."""

READY_PATH = "/readyz"

SYSTEM_PATHS = frozenset({"/livez", "/healthz", READY_PATH, "/metrics"})
"""Asked every few seconds by machines, without a token."""
